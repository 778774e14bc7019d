"""What Apache Spark costs beside the work: processor time a note of the driver and of one `stream` process over the same lines.

    target/spark/venv/bin/python benches/cluster/overhead.py NOTES.jsonl [--program target/release/signaalbril] [--rounds 3]

NOTES are lines as `stream` takes them. Needs root on Linux: time is read from a control group, which misses no process. What
a job takes with ten notes (starting the JVM, the session, Python) is taken off. Prints medians.
"""

import argparse
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

import pyspark

GROUPS = pathlib.Path("/sys/fs/cgroup")


class Group:
    """A control group whose processes' time is read."""

    def __init__(self):
        old = GROUPS / "cpuacct"
        self.path = (old if old.is_dir() else GROUPS) / f"signaalbril-{os.getpid()}"
        self.path.mkdir()
        self.is_old = old.is_dir()

    def seconds(self):
        if self.is_old:
            return int((self.path / "cpuacct.usage").read_text()) / 1e9
        stat = dict(line.split() for line in (self.path / "cpu.stat").read_text().splitlines())
        return int(stat["usage_usec"]) / 1e6

    def run(self, command, **kinds):
        """Runs a command in it; processor seconds of all its processes."""
        before = self.seconds()
        enter = lambda: (self.path / "cgroup.procs").write_text(str(os.getpid()))
        subprocess.run(command, check=True, preexec_fn=enter, **kinds)
        time.sleep(1)  # for what ends after its parent
        return self.seconds() - before


def main():
    p = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    p.add_argument("notes")
    p.add_argument("--program", default="target/release/signaalbril")
    p.add_argument("--rounds", type=int, default=3)
    args = p.parse_args()
    with open(args.notes) as file:
        lines = file.readlines()
    work = pathlib.Path(tempfile.mkdtemp())
    for name, some in [("all", lines), ("ten", lines[:10])]:
        (work / name).mkdir()
        (work / name / "lines.jsonl").write_text("".join(some))
    whole = subprocess.run([args.program, "cluster-driver"], check=True, capture_output=True, text=True).stdout
    mark = "    # From here on only what was written counts.\n"
    assert mark in whole
    (work / "whole.py").write_text(whole)
    (work / "rows.py").write_text(whole.replace(mark, "    return 0\n"))
    spark = pathlib.Path(pyspark.__path__[0])
    environment = {**os.environ, "SPARK_HOME": str(spark), "SPARK_LOCAL_IP": "127.0.0.1", "PYSPARK_PYTHON": sys.executable}
    group = Group()

    def direct():
        with open(work / "all/lines.jsonl") as lines, open(os.devnull, "w") as out:
            return group.run([args.program, "stream", "--quiet"], stdin=lines, stdout=out)

    def job(driver, lines):
        shutil.rmtree(work / "out", ignore_errors=True)
        command = [spark / "bin/spark-submit", "--master", "local[2]", work / driver, work / lines, work / "out"]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "env": environment}
        return group.run([*command, "--program", args.program, "--partitions", "8"], **quiet)

    seconds = {"direct": [], "rows": [], "whole": []}
    for _ in range(args.rounds):
        seconds["direct"].append(direct())
        for name in ("rows", "whole"):
            seconds[name].append(job(f"{name}.py", "all") - job(f"{name}.py", "ten"))
    shutil.rmtree(work)
    (group.path).rmdir()
    base = statistics.median(seconds["direct"]) / len(lines) * 1e6
    print(f"{len(lines)} notes, {sum(map(len, lines)) / len(lines):.0f} letters a note")
    for name, about in [("direct", "one `stream` process"), ("rows", "Spark, rows written"), ("whole", "Spark, with checks, typed tables and dossiers")]:
        each = statistics.median(seconds[name]) / len(lines) * 1e6
        print(f"{about:46} {each:6.0f} us a note, {each - base:+6.0f} over direct")


if __name__ == "__main__":
    main()
