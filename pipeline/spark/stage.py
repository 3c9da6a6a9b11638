#!/usr/bin/env python3
"""Turns a list of raw files into staged files on a Spark cluster, with the same `transform` as on one machine.

Each partition of the list has one child process. What became of each file is a row; the rows are the manifest. Ends with 0
when every file has a staged file, 65 when the data of some is bad, 74 when something else failed; 64 is wrong usage.
"""
import argparse
import functools
import json
import os
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
os.environ.setdefault("PYSPARK_PYTHON", sys.executable)

from children import DATA, FILES, staged  # noqa: E402
from stores import is_local, staged as staged_in_store  # noqa: E402

SCHEMA = (
    "path string, raw_sha256 string, staged string, staged_sha256 string, rows long, rejections long, error string,"
    " status int, deaths array<string>")
MANIFEST = ("path", "raw_sha256", "staged", "staged_sha256", "rows", "rejections", "error", "status")
SHOWN_FAILURES = 1000
# Answers that go to Spark at once.
ANSWERS = 256
# Paths that go to Spark at once: a core's share of them is one message, which may have 128 MB (spark.rpc.message.maxSize).
PATHS = 500_000


def arguments(words):
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("paths", help="a file with a raw path on each line; - for standard input")
    parser.add_argument("--staged", default="staged", help="the folder, or the URI, of staged files")
    parser.add_argument("--manifest", required=True, help="the file that says what became of each path")
    parser.add_argument("--transform", default=".build/release/transform", help="the program, where executors have it")
    parser.add_argument("--files", type=int, default=500, help="files of a task: what is done again when an executor is lost")
    parser.add_argument("--patience", type=int, default=600, help="seconds after which a silent child is given up")
    parser.add_argument("--folder", default=os.getcwd(), help="where executors find paths that are relative")
    parser.add_argument("--answers", help="the folder, or the URI, of the manifest as Parquet, which all executors see: MANIFEST.parquet")
    parser.add_argument("--lake", help="the folder of Parquet of the staged tickers, which all executors see")
    parser.add_argument("--master", help="where Spark runs: local-cluster[2,1,1024]; as spark-submit says when left out")
    return parser.parse_args(words)


def read_paths(name):
    with sys.stdin if name == "-" else open(name) as file:
        return [line.rstrip("\n") for line in file if line.strip()]


def in_order(paths):
    """By exchange, then time: a child reads the hours of an exchange one after the other, which is faster."""
    return sorted(set(paths), key=lambda path: (path.rsplit("/", 1)[-1], path))


def answers(paths, command, root, folder, patience):
    """What became of each path; local files first, through one child, then those of stores."""
    local = [path for path in paths if is_local(path)]
    yield from staged(local, [*command, "--staged", folder], root, patience)
    for path in paths:
        if not is_local(path):
            yield staged_in_store(path, folder, command, root, patience)


def staging(command, root, folder, patience):
    """The function that `mapInArrow` calls with the paths of a partition, and which yields the rows of the manifest."""
    from pyspark.sql.pandas.types import to_arrow_schema
    from pyspark.sql.types import StructType

    schema = to_arrow_schema(StructType.fromDDL(SCHEMA))

    def stage(batches):
        import pyarrow

        paths = (path for batch in batches for path in batch.column(0).to_pylist())
        rows = []
        for answer in answers(in_order(paths), command, root, folder, patience):
            rows.append(answer)
            if len(rows) == ANSWERS:
                yield pyarrow.RecordBatch.from_pylist(rows, schema=schema)
                rows = []
        if rows:
            yield pyarrow.RecordBatch.from_pylist(rows, schema=schema)

    return stage


def session(master):
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.appName("perps-stage").config("spark.ui.showConsoleProgress", "false")
    # Deaths of executors and tasks are retried by Spark itself; a file that fails is a row and fails no task.
    builder = builder.config("spark.sql.session.timeZone", "UTC")
    return (builder.master(master) if master else builder).getOrCreate()


def spread(spark, paths, tasks):
    """A table of paths in a given number of partitions, each a run of the list. No Python worker is needed to make it."""
    rows = [(number * tasks // len(paths), path) for number, path in enumerate(paths)]
    parts = [spark.createDataFrame(rows[first:first + PATHS], "task int, path string") for first in range(0, len(rows), PATHS)]
    return functools.reduce(lambda table, part: table.union(part), parts).repartitionById(tasks, "task").select("path")


def distribute(spark, paths, options):
    """The answers for all paths, each exactly once, as a table that is not computed yet."""
    tasks = max(-(-len(paths) // options.files), min(len(paths), spark.sparkContext.defaultParallelism))
    for name in ("children.py", "stores.py"):
        spark.sparkContext.addPyFile(os.path.join(HERE, name))
    stage = staging([options.transform], options.folder, options.staged, options.patience)
    return spread(spark, paths, tasks).mapInArrow(stage, SCHEMA)


def write_manifest(answers, path):
    """The manifest as lines of JSON in the order of paths, whole or not at all; what is not known is left out."""
    temporary = os.path.join(os.path.dirname(path) or ".", f".{os.path.basename(path)}.tmp")
    count = 0
    with open(temporary, "w") as file:
        for row in answers.select(*MANIFEST).orderBy("path").toLocalIterator():
            known = {key: value for key, value in row.asDict().items() if value is not None}
            file.write(json.dumps(known, ensure_ascii=False, separators=(",", ":")) + "\n")
            count += 1
        file.flush()
        os.fsync(file.fileno())
    os.replace(temporary, path)
    return count


def table(title, rows, limit=SHOWN_FAILURES):
    """Prints a table of paths and words."""
    if not rows:
        return
    print(f"\n{title}\n")
    width = max(len(path) for path, _ in rows[:limit])
    for path, words in rows[:limit]:
        print(f"  {path:{width}}  {words}")
    if len(rows) > limit:
        print("  ... and more: the manifest has all")


def run(spark, paths, options):
    """Stages, writes the manifest, and returns the exit status."""
    started = time.monotonic()
    # The answers are written by the executors: a list of millions does not go through the driver's memory.
    distribute(spark, paths, options).write.mode("overwrite").parquet(options.answers)
    answers = spark.read.parquet(options.answers)
    count = write_manifest(answers, options.manifest)
    failures = answers.where("error is not null").orderBy("path").select("path", "error", "status").limit(SHOWN_FAILURES + 1).collect()
    died = answers.where("deaths is not null and error is null").orderBy("path").select("path", "deaths").limit(SHOWN_FAILURES + 1).collect()
    table("staged by a second child, after the first one died:", [(row.path, "; ".join(row.deaths)) for row in died])
    table("not staged:", [(row.path, f"{row.error} ({row.status})") for row in failures])
    number = answers.where("error is not null").count()
    took = time.monotonic() - started
    print(f"\n{len(paths)} files: {count - number} staged, {number} not; {took:.1f} s; {options.manifest}")
    if count != len(paths):
        print(f"stage: {len(paths)} paths and {count} answers: the manifest cannot be trusted", file=sys.stderr)
        return FILES
    if options.lake:
        spark.sparkContext.addPyFile(os.path.join(HERE, "lake.py"))
        import lake

        files = lake.write(spark, answers, os.path.abspath(options.lake), options.folder, spread)
        print(f"{options.lake}: {files} files written")
    if number == 0:
        return 0
    return DATA if answers.where(f"error is not null and status <> {DATA}").isEmpty() else FILES


def main(words):
    options = arguments(words)
    paths = in_order(read_paths(options.paths))
    if not paths:
        print("stage: there is no path", file=sys.stderr)
        return 64
    options.manifest = os.path.abspath(options.manifest)
    options.answers = options.answers or f"file://{options.manifest}.parquet"
    options.folder = os.path.abspath(options.folder)
    options.transform = os.path.abspath(options.transform)
    spark = session(options.master)
    try:
        spark.sparkContext.setLogLevel("ERROR")
        return run(spark, paths, options)
    finally:
        spark.stop()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
