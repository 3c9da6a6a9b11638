"""The DuckDB peer of `make bench`: the same raw files into the same ticker rows, by SQL.

    duckdb_peer.py --raw RAW --database FILE [--threads 2]

A query a venue and week, so that memory stays bounded however long the archive is. What it leaves out of what
`reprocess` does: staged files, every record but the ticker, hashes, rejections, the ledger and the summaries.
"""
import argparse
import glob
import os

import classes
import quiet
from exchanges import EXCHANGES

SHAPES = {"aster": "binance"}
DAYS_A_QUERY = 7


def sql(name):
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "duckdb", name + ".sql")) as file:
        return file.read()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--raw", required=True)
    parser.add_argument("--database", required=True)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    database = quiet.connect(options.database, options.threads)
    database.execute(sql("tables"))
    database.execute(sql("classes"))
    database.executemany("INSERT INTO named (name, asset_class) VALUES (?, ?)", [*classes.named().items()])
    ticker = sql("ticker")
    queries = {exchange: sql(SHAPES.get(exchange, exchange)) for exchange in EXCHANGES}
    days = sorted(glob.glob(options.raw + "/*-*-*"))
    for place in range(0, len(days), DAYS_A_QUERY):
        database.execute("BEGIN")
        for exchange in EXCHANGES:
            files = [
                file for day in days[place:place + DAYS_A_QUERY]
                for file in sorted(glob.glob(f"{day}/*/{exchange}.ndjson.gz"))]
            if not files:
                continue
            database.execute("SET VARIABLE files = ?", [files])
            database.execute("SET VARIABLE exchange = ?", [exchange])
            database.execute(f"INSERT INTO ticker BY NAME WITH venue AS ({queries[exchange]}), {ticker}")
        database.execute("COMMIT")
    database.close()


if __name__ == "__main__":
    main()
