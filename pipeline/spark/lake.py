"""The staged tickers as Parquet: `staged_tickers/month=2025-10/okx.parquet`, sorted by symbol and hour.

What staged files say, before the warehouse's guards: the lake of `make lake` has the warehouse's views under their names. A
file of a month and exchange is written when one of its hours changed, from the staged files of this run and from itself for
hours that this run has not; `manifest.json` has the hash of the staged file of each hour.
"""
import json
import os
import shutil

from stores import is_local, read

TABLE = "staged_tickers"
TEXTS = ("symbol", "asset", "kind", "contract", "quote")
NUMBERS = (
    "last_price", "mark_price", "index_price", "bid_price", "ask_price", "volume_base_24h", "volume_usd_24h",
    "open_interest_contracts", "open_interest_base", "open_interest_usd", "funding_rate", "funding_interval_hours",
    "funding_rate_8h", "price_change_24h")
INTEGERS = ("next_funding_at_ms", "trades_24h", "observed_at_ms")
COLUMNS = (
    ("exchange", "string"), ("hour", "long"), *((name, "string") for name in TEXTS),
    *((name, "double") for name in NUMBERS), *((name, "long") for name in INTEGERS))
SCHEMA = ", ".join(f"{name} {kind}" for name, kind in COLUMNS)


def tickers_of(content):
    """The tickers of a staged file's bytes, as an Arrow table."""
    import gzip

    import pyarrow
    from pyarrow import json as lines

    kinds = {"string": pyarrow.string(), "long": pyarrow.int64(), "double": pyarrow.float64()}
    schema = pyarrow.schema([(name, kinds[kind]) for name, kind in COLUMNS])
    text = b"".join(line for line in gzip.decompress(content).splitlines(True) if line.startswith(b'{"record":"ticker"'))
    if not text:
        return schema.empty_table()
    parse = lines.ParseOptions(explicit_schema=schema, unexpected_field_behavior="ignore")
    return lines.read_json(pyarrow.BufferReader(text), parse_options=parse, read_options=lines.ReadOptions(block_size=1 << 24)).select(schema.names)


def reading(root):
    """The function that `mapInArrow` calls with the paths of staged files, and which yields their tickers."""

    def tickers(batches):
        for batch in batches:
            for path in batch.column(0).to_pylist():
                yield from tickers_of(bytes_of(path, root)).to_batches()

    return tickers


def bytes_of(path, root):
    if not is_local(path):
        return read(path)
    with open(os.path.join(root, path), "rb") as file:
        return file.read()


def read_manifest(lake):
    """Month and exchange to hour to the hash of its staged file; empty where there is no lake."""
    try:
        with open(os.path.join(lake, TABLE, "manifest.json")) as file:
            return json.load(file)
    except FileNotFoundError:
        return {}


def put(lake, manifest):
    path = os.path.join(lake, TABLE, "manifest.json")
    temporary = os.path.join(lake, TABLE, ".manifest.json.tmp")
    with open(temporary, "w") as file:
        json.dump(manifest, file, indent=1, sort_keys=True)
        file.flush()
        os.fsync(file.fileno())
    os.replace(temporary, path)


def parts_of(rows):
    """Month/exchange to hour to (hash, path), of rows of the manifest with a live staged file."""
    import datetime
    import re

    parts = {}
    for row in rows:
        found = re.search(r"(\d{4}-\d\d)-(\d\d)/(\d\d)/([a-z0-9-]+)\.ndjson\.gz$", row.staged)
        if not found:
            continue  # of a stream, or of the past: there are no tickers in them
        time = datetime.datetime.fromisoformat(f"{found[1]}-{found[2]}T{found[3]}:00:00+00:00")
        parts.setdefault(f"month={found[1]}/{found[4]}", {})[str(int(time.timestamp()))] = (row.staged_sha256, row.staged)
    return parts


def write(spark, answers, lake, root, spread):
    """Brings the tickers of staged files into the lake; returns how many files of it were written."""
    known = read_manifest(lake)
    rows = answers.where("error is null").select("staged", "staged_sha256").toLocalIterator()
    changed = {
        part: hours for part, hours in parts_of(rows).items()
        if any(known.get(part, {}).get(hour) != content for hour, (content, _) in hours.items())}
    if not changed:
        return 0
    os.makedirs(os.path.join(lake, TABLE), exist_ok=True)
    scratch = os.path.join(lake, TABLE, ".new")
    shutil.rmtree(scratch, ignore_errors=True)
    table(spark, changed, lake, root, spread).write.partitionBy("month", "part").option("compression", "zstd").parquet(f"file://{scratch}")
    for part in sorted(changed):
        place(scratch, lake, part)
        known.setdefault(part, {}).update({hour: content for hour, (content, _) in changed[part].items()})
        put(lake, known)
    shutil.rmtree(scratch)
    return len(changed)


def table(spark, changed, lake, root, spread):
    """The rows of the changed files, sorted: those of this run, and those that their files hold of other hours."""
    from pyspark.sql import functions as f

    paths = [path for part in sorted(changed) for _, path in changed[part].values()]
    tasks = max(spark.sparkContext.defaultParallelism, len(paths) // 200)
    rows = spread(spark, paths, tasks).mapInArrow(reading(root), SCHEMA)
    for part, hours in changed.items():
        old = os.path.join(lake, TABLE, f"{part}.parquet")
        if os.path.exists(old):
            kept = spark.read.parquet(f"file://{old}").where(~f.col("hour").isin([int(hour) for hour in hours]))
            rows = rows.unionByName(kept)
    rows = rows.withColumn("month", f.date_format(f.timestamp_seconds("hour"), "yyyy-MM")).withColumn("part", f.col("exchange"))
    order = ["month", "part", "symbol", "hour"]
    return rows.repartition(max(2, len(changed)), "month", "part").sortWithinPartitions(*order)


def place(scratch, lake, part):
    """Gives a written file its name. A part without a ticker has none."""
    month, exchange = part.split("/")
    folder = os.path.join(scratch, month, f"part={exchange}")
    files = [name for name in sorted(os.listdir(folder)) if name.endswith(".parquet")] if os.path.isdir(folder) else []
    if not files:
        return
    if len(files) > 1:
        raise ValueError(f"{folder}: {len(files)} files where one was written")
    os.makedirs(os.path.join(lake, TABLE, month), exist_ok=True)
    path = os.path.join(folder, files[0])
    number = os.open(path, os.O_RDONLY)
    os.fsync(number)
    os.close(number)
    os.replace(path, os.path.join(lake, TABLE, f"{part}.parquet"))
