"""Screens notes and files on Apache Spark: one `signaalbril stream` process per task.

Printed by `signaalbril cluster-driver`; needs PySpark 3.5 or newer with pyarrow, and the program for the processors of the workers.
Every line that goes in comes out as exactly one row; the job fails when one does not. Nothing of a text is logged.

OUTPUT gets four folders, and `run` with a word on them, which is written only when all checks have passed:
rows (as the program wrote them; `signaalbril import OUTPUT DIR` takes them into a store), documents, findings, dossiers.
"""

import argparse
import base64
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading

import pyarrow as pa
from pyspark import SparkFiles
from pyspark.sql import SparkSession, functions as F

ROWS = 64  # rows that are handed to Spark at a time


def arguments():
    p = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    p.add_argument("input", nargs="+", help="files or folders that Spark can read")
    p.add_argument("output", help="folder to write to; must not exist")
    p.add_argument("--program", default="./signaalbril", help="the program (default: %(default)s)")
    p.add_argument("--format", default="lines", choices=["lines", "json", "parquet", "files"],
                   help="lines as `stream` takes them; tables with columns of notes; or files, each a document")
    p.add_argument("--id-col", default="id", help="tables: column with ids, no two alike (default: %(default)s)")
    p.add_argument("--text-col", default="text", help="tables: column with the text (default: %(default)s)")
    p.add_argument("--dossier-col", help="tables: column with the client or dossier (default: each note is one)")
    p.add_argument("--date-col", help="tables: column with the date")
    p.add_argument("--birth-col", help="tables: column with the year of birth")
    p.add_argument("--glob", default="*", help="files: only those with such names, like *.pdf (default: %(default)s)")
    p.add_argument("--max-file-mb", type=int, default=100, help="files: larger ones are rows with an error (default: %(default)s)")
    p.add_argument("--lexicon", help="folder that replaces the built-in lexicon")
    p.add_argument("--overlay", action="append", default=[], help="folder with terms of your own; may be given more than once")
    p.add_argument("--option", action="append", default=[], metavar="WORD", help="a word for `stream`, as --option=--snippets --option=none")
    p.add_argument("--tables", default="parquet", choices=["parquet", "json"], help="how documents, findings and dossiers are written")
    p.add_argument("--compress", default="none", choices=["none", "gzip"], help="how rows are written")
    p.add_argument("--partitions", type=int, help="number of tasks (default: as Spark cuts the input)")
    return p.parse_args()


def lexicon_options(session, args):
    """Sends the folders of the lexicon to the workers; the options for `stream` here and there."""
    here, there = [], []
    for number, (option, folder) in enumerate([("--lexicon", args.lexicon)] * bool(args.lexicon) + [("--overlay", f) for f in args.overlay]):
        name = f"lexicon{number}"
        packed = shutil.make_archive(os.path.join(tempfile.mkdtemp(), name), "zip", folder)
        session.sparkContext.addArchive(f"{packed}#{name}")
        here += [option, folder]
        there += [option, name]
    return here, there


def scanner(program, options):
    """What a task does: its lines through one process of the program."""

    def scan(batches):
        # Names without a folder are those of archives that were sent along.
        words = [SparkFiles.get(o) if o.startswith("lexicon") else o for o in options]
        with tempfile.TemporaryFile() as said:
            child = subprocess.Popen([SparkFiles.get(program), "stream", *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=said)
            sent, failed = [0], []

            def feed():
                try:
                    for batch in batches:
                        for line in batch.column(0).to_pylist():
                            child.stdin.write((line or b"") + b"\n")
                            sent[0] += 1
                    child.stdin.close()
                except BrokenPipeError:
                    pass  # its exit status tells
                except BaseException as error:
                    failed.append(type(error).__name__)
                    child.kill()

            feeder = threading.Thread(target=feed, daemon=True)
            feeder.start()
            try:
                received, rows = 0, []
                for row in child.stdout:
                    received += 1
                    rows.append(row[:-1].decode())
                    if len(rows) == ROWS:
                        yield pa.RecordBatch.from_pydict({"value": rows})
                        rows = []
                yield pa.RecordBatch.from_pydict({"value": pa.array(rows, pa.string())})
                feeder.join()
                status = child.wait()
                if status != 0 or failed or received != sent[0]:
                    said.seek(0)
                    words = said.read()[-2000:].decode(errors="replace")
                    raise RuntimeError(f"stream ended with {status} after {received} of {sent[0]} rows {failed}: {words}")
            finally:
                child.kill()
                child.wait()

    return scan


def whole_numbers(table, column):
    """A column as text; what another program made a number with a point of is a whole one again."""
    value = F.col(column)
    if dict(table.dtypes)[column] not in ("double", "float"):
        return value.cast("string")
    return F.when(value == F.floor(value), F.floor(value).cast("string")).otherwise(value.cast("string"))


def listed(session, args):
    """All files of the input with their sizes, but for hidden ones, and whether Spark's own reader passes them over (it says so nowhere)."""
    fs = session._jvm.org.apache.hadoop.fs
    wanted = fs.GlobFilter(args.glob)
    for root in args.input:
        root = fs.Path(root)
        system = root.getFileSystem(session._jsc.hadoopConfiguration())
        above = system.makeQualified(root).toString().rstrip("/") + "/"
        files = system.listFiles(root, True)
        while files.hasNext():
            file = files.next()
            path = file.getPath()
            parts = path.toString().removeprefix(above).split("/")
            if not wanted.accept(path) or any(p.startswith(".") for p in parts):
                continue
            over = any(p.startswith("_") and "=" not in p or p.endswith("._COPYING_") for p in parts)
            yield system, path, "/".join(parts), file.getLen(), over or file.getLen() == 0


def files(session, args):
    """Files as lines, and how many there are."""
    session.conf.set("spark.sql.execution.arrow.maxRecordsPerBatch", "16")
    session.conf.set("spark.sql.execution.arrow.maxBytesPerBatch", str(64 << 20))
    found = session.read.format("binaryFile").option("recursiveFileLookup", "true").option("pathGlobFilter", args.glob).load(args.input)
    roots = "|".join(re.escape(re.sub("^[a-z0-9+]+://[^/]*", "", os.path.abspath(r) if "://" not in r else r).rstrip("/")) for r in args.input)
    path = F.regexp_replace("path", f"^([a-z0-9+]+:)?(//[^/]*)?({roots})/", "").alias("id")
    most = args.max_file_mb << 20
    small = found.where(F.col("length") <= most).select(F.to_json(F.struct(path, F.base64("content").alias("file_b64"))).alias("value"))
    large = found.where(F.col("length") > most).select(F.to_json(F.struct(path, F.col("length").alias("file_bytes"))).alias("value"))
    count, others = 0, []
    for system, path, name, size, is_passed_over in listed(session, args):
        count += 1
        if is_passed_over and size <= most:
            stream = system.open(path)
            content = bytes(session._jvm.org.apache.hadoop.io.IOUtils.readFullyToByteArray(stream))
            stream.close()
            others.append((json.dumps({"id": name, "file_b64": base64.b64encode(content).decode()}),))
        elif is_passed_over:
            others.append((json.dumps({"id": name, "file_bytes": size}),))
    table = small.union(large)
    return (table.union(session.createDataFrame(others, "value string")) if others else table), count


def lines(session, args):
    """The input as lines for `stream`, in one column, and how many there are."""
    read = session.read
    if args.format == "files":
        return files(session, args)
    if args.format == "lines":
        table = read.text(args.input, lineSep="\n")
    else:
        table = read.json(args.input) if args.format == "json" else read.parquet(*args.input)
        columns = {"id": args.id_col, "text": args.text_col, "date": args.date_col, "birth_year": args.birth_col}
        fields = {name: whole_numbers(table, column) for name, column in columns.items() if column}
        # A note without a client is a dossier of its own, not that of the client whose number is like its id.
        own = F.concat(F.lit("note "), fields["id"])
        fields["dossier"] = F.coalesce(whole_numbers(table, args.dossier_col), own) if args.dossier_col else own
        table = table.select(F.to_json(F.struct(*[c.alias(n) for n, c in fields.items()])).alias("value"))
    return table, table.count()


def main():
    args = arguments()
    session = SparkSession.builder.appName("signaalbril").getOrCreate()
    session.sparkContext.setLogLevel("WARN")
    session.sparkContext.addFile(args.program)
    program = os.path.basename(args.program)
    here, there = lexicon_options(session, args)
    # A path, so that it is not sought in PATH.
    asked = [os.path.abspath(args.program), "stream", "--describe", *here, *args.option]
    described = subprocess.run(asked, stdout=subprocess.PIPE)
    if described.returncode != 0:
        session.stop()
        return 2
    about = json.loads(described.stdout)
    # A file of N bytes is a line of a third more.
    longest = str(args.max_file_mb * 3 // 2 if args.format == "files" else 64)
    scan = scanner(program, ["--pin", about["lexicon"], "--max-line-mb", longest, *there, *args.option])

    table, went_in = lines(session, args)
    if args.partitions:
        table = table.repartition(args.partitions)
    out = args.output.rstrip("/")
    # As bytes: what is no UTF-8 is a row with an error, too.
    table = table.select(F.col("value").cast("binary"))
    table.mapInArrow(scan, "value string").write.option("compression", args.compress).text(f"{out}/rows")

    # From here on only what was written counts.
    rows = session.read.text(f"{out}/rows", lineSep="\n")
    kind = about["schema"]

    def parsed(frame, fields):
        """Some fields of rows: reading fewer is quicker. What is none fails the job."""
        return frame.select("value", F.from_json("value", fields, {"mode": "FAILFAST"}).alias("row")).select("value", "row.*")

    by_error = parsed(rows, "id string, error string, program string, lexicon string, engine string").groupBy("error").agg(
        F.count("*").alias("rows"), F.count("id").alias("named"), F.collect_set(F.struct("program", "lexicon", "engine")).alias("engines"))
    groups = by_error.collect()
    errors = {g["error"]: g["rows"] for g in groups if g["error"]}
    came_out, named = sum(g["rows"] for g in groups), sum(g["named"] for g in groups)
    ids = parsed(rows, "id string").select(F.countDistinct("id")).first()[0]
    engines = {tuple(e) for g in groups for e in g["engines"]}
    made_with = tuple(about[k] for k in ("program", "lexicon", "engine"))
    problems = []
    if came_out != went_in:
        problems.append(f"{went_in} lines went in, {came_out} rows came out")
    if ids != named:
        problems.append(f"{named} rows with an id have {ids} ids: ids of the input are not unique, or a line was answered twice")
    if engines - {made_with}:
        problems.append(f"rows were made with {sorted(engines)}, not only with {made_with}")

    def write(frame, name):
        frame.write.format(args.tables).save(f"{out}/{name}")

    write(parsed(rows, f"document {kind['document']}").where("document IS NOT NULL").select("document.*"), "documents")
    found = parsed(rows, f"document struct<path:string>, findings {kind['findings']}")
    write(found.select(F.col("document.path").alias("path"), F.explode("findings").alias("f")).select("f.*", "path"), "findings")
    # The documents of a dossier are one line; the program puts them in order, whatever the order here.
    documents = parsed(rows, "document struct<dossier:string>").where("document IS NOT NULL")
    of = documents.groupBy(F.col("document.dossier").alias("id")).agg(F.concat_ws(",", F.collect_list("value")).alias("list"))
    name = F.expr("left(to_json(struct(id)), length(to_json(struct(id))) - 1)")
    gathered = of.select(F.concat(name, F.lit(',"documents":['), "list", F.lit("]}")).alias("value"))
    gathered = gathered.select(F.col("value").cast("binary"))
    scored = gathered.mapInArrow(scanner(program, ["--pin", about["lexicon"], "--max-line-mb", "1900", *there, *args.option]), "value string")
    write(parsed(scored, f"error string, dossier {kind['dossier']}").select("error", "dossier.*"), "dossiers")
    dossiers = session.read.format(args.tables).load(f"{out}/dossiers")
    held = dossiers.agg(F.count("*").alias("dossiers"), F.coalesce(F.sum("documents"), F.lit(0)).alias("documents")).first()
    if held["documents"] != came_out:
        problems.append(f"dossiers hold {held['documents']} documents of {came_out}")

    run = {"rows": came_out, "errors": errors, "dossiers": held["dossiers"], **dict(zip(("program", "lexicon", "engine"), made_with))}
    if not problems:
        session.createDataFrame([(json.dumps(run),)], "value string").coalesce(1).write.text(f"{out}/run")
    print(json.dumps({**run, "problems": problems}))
    session.stop()
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
