#!/usr/bin/env python3
"""Runs other programs on the same texts, words and PDFs as this one, and prints ratios.

    python3 benches/peers/compare.py

The words are those by which the patterns of the built-in lexicon are found (rarest word or compound part of each); the others look for these
words only: no gaps, no context, no score. What is not installed is left out, and it says so:
    apt-get install ripgrep poppler-utils && pip install pyahocorasick flashtext spacy
Times are CPU seconds of one thread, start-up taken off where a whole process is timed; ratios are of one run, on one machine.
"""
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def process_seconds(command):
    """User and system time of a process."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def ripgrep(words, text, folder):
    if not shutil.which("rg"):
        return None
    # Its start-up with many words takes seconds; a part of the text is enough.
    part = folder / "part.txt"
    part.write_text(text[:400_000])
    empty = folder / "empty.txt"
    empty.write_text("\n")
    (folder / "list.txt").write_text("\n".join(words) + "\n")
    run = lambda file: process_seconds(["rg", "-j1", "-c", "-F", "-w", "-f", folder / "list.txt", file])
    return max(run(part) - run(empty), 1e-3) * len(text) / 400_000


def pyahocorasick(words, text, _folder):
    try:
        import ahocorasick
    except ImportError:
        return None
    automaton = ahocorasick.Automaton()
    for number, word in enumerate(words):
        automaton.add_word(word, number)
    automaton.make_automaton()
    start = time.process_time()
    sum(1 for _ in automaton.iter(text))
    return time.process_time() - start


def flashtext(words, text, _folder):
    try:
        from flashtext import KeywordProcessor
    except ImportError:
        return None
    processor = KeywordProcessor(case_sensitive=True)
    for word in words:
        processor.add_keyword(word)
    start = time.process_time()
    processor.extract_keywords(text)
    return time.process_time() - start


def spacy_matcher(words, text, _folder):
    try:
        import spacy
        from spacy.matcher import PhraseMatcher
    except ImportError:
        return None
    nlp = spacy.blank("nl")
    nlp.max_length = 10**9
    matcher = PhraseMatcher(nlp.vocab)
    matcher.add("words", list(nlp.pipe(words)))
    part = text[:400_000]
    start = time.process_time()
    matcher(nlp(part))
    return (time.process_time() - start) * len(text) / len(part)


PEERS = [("ripgrep -F -w", ripgrep), ("pyahocorasick", pyahocorasick), ("flashtext", flashtext), ("spaCy PhraseMatcher", spacy_matcher)]


def main():
    pdfs = sorted(str(p) for p in (ROOT / "samples" / "pdf").rglob("*.pdf"))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        command = ["cargo", "run", "--release", "--quiet", "--example", "peers", "--", name, *pdfs]
        out = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True).stdout
        own = [line.split("\t") for line in out.splitlines()]
        words = (folder / "words.txt").read_text().split("\n")[:-1]
        print(f"{len(words)} words\n")
        print(f"{'corpus':10} {'what':22} {'MB/s':>10} {'analyze is':>12}")
        for corpus in ("general", "running"):
            text = (folder / f"{corpus}.txt").read_text()
            size = len(text.encode())
            rows = [(what, int(bytes), float(seconds)) for c, what, bytes, seconds, _ in own if c == corpus]
            speed = next(size / s for what, size, s in rows if what == "analyze")
            for peer, run in PEERS:
                seconds = run(words, text, folder)
                if seconds is None:
                    print(f"{corpus:10} {peer:22} not installed")
                else:
                    rows.append((peer, size, seconds))
            for what, size, seconds in rows:
                print(f"{corpus:10} {what:22} {size / seconds / 1e6:10.2f} {speed / (size / seconds):10.2f} x")
        pages, seconds = next((int(n), float(s)) for c, _, n, s, _ in own if c == "pdf")
        print(f"\n{'pdf':10} {'signaalbril':22} {pages / seconds:10.0f} pages/s")
        if not shutil.which("pdftotext"):
            return print(f"{'pdf':10} pdftotext              not installed")
        for layout in ([], ["-layout"]):
            taken = sum(process_seconds(["pdftotext", *layout, p, "/dev/null"]) for p in pdfs)
            start = len(pdfs) * min(process_seconds(["pdftotext", "-v"]) for _ in range(5))
            taken = max(taken - start, 1e-3)
            what = " ".join(["pdftotext", *layout])
            print(f"{'pdf':10} {what:22} {pages / taken:10.0f} pages/s, signaalbril is {taken / seconds:.2f} x")


if __name__ == "__main__":
    sys.exit(main())
