#!/usr/bin/env python3
"""Days of use, one after another, for so many minutes; fails when memory, file handles or the store grow.

    tests/soak.py PROGRAM MINUTES [samples]

A day: one dossier leaves (removed and forgotten), one comes, some documents change, all is scanned again; the review screen, which stays
open all the time, shows lists, searches, documents and dossiers and takes decisions; the tables are exported. What is kept of a day is its
run, its decisions and its line in the audit: the size of the store is compared without them. Needs nothing but Python, on Linux.
"""
import html
import http.cookiejar
import json
import pathlib
import random
import re
import resource
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request

program, minutes = pathlib.Path(sys.argv[1]).resolve(), float(sys.argv[2])
samples = pathlib.Path(sys.argv[3] if len(sys.argv) > 3 else pathlib.Path(__file__).parent.parent / "samples").resolve()
DOSSIERS = sorted(p for p in (samples / "dossiers").iterdir() if p.name.startswith("d"))
KEPT = 40  # dossiers at any time
rng = random.Random(1)
root = pathlib.Path(tempfile.mkdtemp(prefix="signaalbril-soak-"))
inputs, out = root / "in", root / "uit"
inputs.mkdir()
number = 0


def come():
    """A dossier comes; its text is told apart by its number, so that it is no copy of the one before."""
    global number
    number += 1
    folder = inputs / f"D-{number:05}"
    shutil.copytree(DOSSIERS[number % len(DOSSIERS)], folder)
    for note in folder.glob("*.txt"):
        note.write_bytes(note.read_bytes() + f"\nBijlage {number}.\n".encode())


def run(*arguments, codes=(0, 1)):
    """Runs a command; gives its output, its most memory in MB and its seconds."""
    start = time.monotonic()
    process = subprocess.Popen([program, *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    peak = 0
    while process.poll() is None:
        peak = max(peak, field(process.pid, "VmHWM"))
        time.sleep(0.01)
    told, error = process.communicate()
    assert process.returncode in codes, (arguments, process.returncode, error.decode())
    return told.decode(), peak, time.monotonic() - start


def field(pid, name):
    try:
        found = re.search(rf"{name}:\s*(\d+)", pathlib.Path(f"/proc/{pid}/status").read_text())
    except OSError:
        return 0
    return int(found[1]) // 1024 if found else 0


class Screen:
    """The review screen, as a browser asks it."""

    def __init__(self):
        self.process = subprocess.Popen([program, "review", out, "--reviewer", "lezer", "--no-browser"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        for line in self.process.stdout:
            if found := re.search(r"http://\S+", line):
                break
        address = urllib.parse.urlsplit(found[0])
        self.base = f"{address.scheme}://{address.netloc}"
        self.browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
        self.browser.open(found[0]).read()
        self.requests = 0

    def get(self, path):
        self.requests += 1
        with self.browser.open(self.base + path, timeout=60) as reply:
            return reply.read().decode()

    def post(self, path, fields):
        self.requests += 1
        request = urllib.request.Request(self.base + path, urllib.parse.urlencode(fields).encode(), {"Origin": self.base})
        with self.browser.open(request, timeout=60) as reply:
            return reply.read()

    def measured(self):
        pid = self.process.pid
        return field(pid, "VmRSS"), len(list(pathlib.Path(f"/proc/{pid}/fd").iterdir()))


def hidden(page):
    """The hidden fields of the form of a decision."""
    form = page[page.index('action="/besluit"'):]
    form = form[:form.index("</form>")]
    return {html.unescape(n): html.unescape(v) for n, v in re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', form)}


def read_for_a_while(screen):
    for path in ["/", "/?lijst=documenten", "/?label=hoog", "/?zoek=vriend", "/?fase=losweken", "/uitleg"]:
        try:
            screen.get(path)
        except urllib.error.HTTPError as error:
            assert error.code == 404, (path, error.code)
    page = screen.get("/?lijst=documenten")
    links = [html.unescape(l) for l in re.findall(r'href="(/document\?[^"]*)"', page)]
    for link in rng.sample(links, min(12, len(links))):
        shown = screen.get(link)
        if rng.random() < 0.3:
            fields = hidden(shown) | {"besluit": rng.choice(["opvolgen", "geen_actie", "twijfel"]), "notitie": "gelezen"}
            screen.post("/besluit", fields)
    for folder in rng.sample(sorted(inputs.iterdir()), 4):
        name = urllib.parse.quote(folder.name)
        for page in ["dossier", "signalenoverzicht"]:
            screen.get(f"/{page}?naam={name}")
    screen.get("/opvolgen.csv")


def size_without_history():
    """Bytes of the store that are not of runs, decisions and the audit, after what is free is taken off."""
    store = sqlite3.connect(f"file:{out / 'signaalbril.sqlite'}?mode=ro", uri=True)
    one = lambda query: store.execute(query).fetchone()[0] or 0
    history = one("SELECT sum(length(record) + 200) FROM decisions") + one("SELECT sum(length(settings) + length(counts) + 300) FROM runs") + one("SELECT count(*) * 100 FROM audit")
    free = one("PRAGMA freelist_count") * one("PRAGMA page_size")
    size = one("PRAGMA page_count") * one("PRAGMA page_size")
    store.close()
    return size - history, free


for _ in range(KEPT):
    come()
run("scan", inputs, "--out", out, "--quiet")
screen = Screen()
days, end = [], time.monotonic() + minutes * 60
print("day;scan_s;scan_mb;export_mb;server_mb;server_handles;store_kb;free_kb;files_in_out;requests", flush=True)
while time.monotonic() < end:
    oldest = min(inputs.iterdir())
    shutil.rmtree(oldest)
    run("forget", out, "--dossier", oldest.name)
    come()
    notes = sorted(inputs.glob("*/*.txt"))
    for note in rng.sample(notes, 8):
        # Changed, not longer and longer.
        text = note.read_bytes().split(b"\nNagekomen")[0]
        note.write_bytes(text + f"\nNagekomen {rng.randrange(10_000)}: zij liep weg.\n".encode())
    _, scan_mb, scan_s = run("scan", inputs, "--out", out, "--quiet")
    read_for_a_while(screen)
    _, export_mb, _ = run("export", out, "--pseudonymise")
    told, _, _ = run("status", out)
    assert oldest.name not in told
    server_mb, handles = screen.measured()
    store, free = size_without_history()
    files = sum(1 for p in out.rglob("*") if p.is_file())
    days.append(dict(scan_s=scan_s, scan_mb=scan_mb, export_mb=export_mb, server_mb=server_mb, handles=handles, store=store // 1024, files=files))
    print(f"{len(days)};{scan_s:.2f};{scan_mb};{export_mb};{server_mb};{handles};{store // 1024};{free // 1024};{files};{screen.requests}", flush=True)
screen.process.terminate()
shutil.rmtree(root)

third = max(len(days) // 3, 1)
failed = False
for name, most in [("scan_mb", 1.1), ("export_mb", 1.1), ("server_mb", 1.15), ("handles", 1.0), ("store", 1.1), ("files", 1.0)]:
    begin = statistics.median(d[name] for d in days[third : 2 * third] or days)
    last = statistics.median(d[name] for d in days[-third:])
    grows = last > begin * most + (1 if name == "handles" else 0)
    failed |= grows
    print(f"{name}: {begin:g} in the second third, {last:g} in the last{', GROWS' if grows else ''}")
print(f"{len(days)} days, {screen.requests} requests")
sys.exit(failed)
