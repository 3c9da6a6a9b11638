"""The Python peer of `make bench`: gzip, orjson and sqlite3, two processes that parse and one connection.

    python_peer.py --raw RAW [--staged STAGED] [--warehouse FILE --migrations DIR] [--jobs 2]

What it leaves out of what `reprocess` does: hashes, rejections, the ledger, and the summaries of sealed hours.
"""
import argparse
import glob
import gzip
import multiprocessing
import os
import sqlite3
from collections import Counter

import orjson

import venues
from exchanges import EXCHANGES

RECORDS = (
    ("instrument", "instruments", venues.INSTRUMENT), ("ticker", "tickers", venues.TICKER),
    ("long_short", "long_short", venues.LONG_SHORT), ("liquidation", "liquidations", venues.LIQUIDATION),
    ("spot_ticker", "spot", venues.SPOT), ("funding_settlement", "settlements", venues.SETTLEMENT),
)
HOURS_A_TRANSACTION = 24


def insert(table, *columns, verb="INSERT"):
    """By name, so that a column that a table gains is left to its default."""
    return f"{verb} INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"


LISTING = insert(
    "listing", "exchange_id", *venues.TICKER[:5], "asset_class", "class_stated", "unit_multiplier")
# Without the rate of eight hours, which the table computes.
TICKER = insert("ticker", "hour", "listing_id", *venues.TICKER[5:17], *venues.TICKER[18:])
INSTRUMENT = insert("instrument", "exchange_id", "valid_from", *venues.INSTRUMENT)
LONG_SHORT = insert("long_short", "hour", "exchange_id", *venues.LONG_SHORT)
SPOT = insert("spot_ticker", "hour", "exchange_id", *venues.SPOT)
SETTLEMENT = insert("funding_settlement", "hour", "exchange_id", *venues.SETTLEMENT, verb="INSERT OR IGNORE")
EVENT = ("occurred_at_ms", "exchange_id", "symbol", "side", "price", "quantity", "id", "hour")
LIQUIDATION = insert("liquidation", *EVENT, "in_contracts", "asset", "quantity_base", "value_usd")
LIQUIDATION_END = f"UPDATE liquidation SET until = ? WHERE {' AND '.join(f'{name} = ?' for name in EVENT)}"


def hour_of(path):
    from datetime import datetime, timezone
    day, hour, _ = path.split("/")[-3:]
    return int(datetime.fromisoformat(f"{day}T{hour}:00:00").replace(tzinfo=timezone.utc).timestamp())


def work(task):
    """Reads one raw file, writes its staged file, and gives the records for the warehouse."""
    path, staged, gives_back = task
    exchange = os.path.basename(path).split(".")[0]
    with open(path, "rb") as file:
        text = gzip.decompress(file.read())
    lines = [line for line in map(orjson.loads, text.splitlines()) if line["status"] == 200 and "body" in line]
    hour = hour_of(path)
    records = venues.read(exchange, lines)
    if staged:
        write_staged(staged, exchange, hour, records)
    if not gives_back:
        return None
    return (
        exchange, hour, records.instruments, records.tickers, records.long_short, records.liquidations, records.spot,
        records.settlements)


def write_staged(path, exchange, hour, records):
    parts = []
    for record, field, names in RECORDS:
        for row in getattr(records, field):
            line = {"record": record, "exchange": exchange, "hour": hour}
            line.update((name, value) for name, value in zip(names, row) if value is not None)
            parts.append(orjson.dumps(line))
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(gzip.compress(b"\n".join(parts) + b"\n", compresslevel=1, mtime=0))


class Warehouse:
    def __init__(self, path, migrations):
        self.database = sqlite3.connect(path, isolation_level=None)
        for statement in ("page_size = 8192", "journal_mode = TRUNCATE", "synchronous = OFF", "cache_size = -65536"):
            self.database.execute("PRAGMA " + statement)
        for name in sorted(os.listdir(migrations)):
            with open(os.path.join(migrations, name)) as file:
                self.database.executescript(file.read())
        for place, exchange in enumerate(EXCHANGES):
            self.database.execute(
                insert("exchange", "exchange_id", "name", "type", "position"), (exchange, exchange, "CEX", place))
        self.listings = {}
        self.instruments = {}
        self.events = {}

    def load(self, exchange, hour, instruments, tickers, ratios, liquidations, spots, settlements):
        run = self.database.executemany
        named = {row[0]: (row[2], row[10]) for row in instruments}
        rows = [(hour, self.listing(exchange, row, *named[row[0]])) + row[5:17] + row[18:] for row in tickers]
        # In the order of the primary key, so that rows go to the end of the table.
        rows.sort()
        run(TICKER, rows)
        self.load_instruments(exchange, hour, instruments)
        run(LONG_SHORT, [(hour, exchange) + row for row in ratios])
        run(SPOT, [(hour, exchange) + row for row in spots])
        run(SETTLEMENT, [(hour, exchange) + row for row in settlements])
        self.load_liquidations(exchange, hour, liquidations)

    def listing(self, exchange, row, asset_class, unit):
        key = (exchange,) + row[:5] + (asset_class,)
        number = self.listings.get(key)
        if number is None:
            number = self.listings[key] = self.database.execute(LISTING, key + (1, unit)).lastrowid
        return number

    def load_instruments(self, exchange, hour, instruments):
        """A version a run of equal values."""
        known = self.instruments.setdefault(exchange, {})
        present = {row[0]: row for row in instruments}
        ended = [symbol for symbol, row in known.items() if present.get(symbol) != row]
        begun = [row for symbol, row in present.items() if known.get(symbol) != row]
        self.database.executemany(
            "UPDATE instrument SET valid_to = ? WHERE exchange_id = ? AND symbol = ? AND valid_to IS NULL",
            [(hour, exchange, symbol) for symbol in ended])
        self.database.executemany(INSTRUMENT, [(exchange, hour) + row for row in begun])
        self.instruments[exchange] = present

    def load_liquidations(self, exchange, hour, liquidations):
        """A row a run of files that state the event alike. An event is what was sent: contracts, or else coins."""
        before, after, seen = self.events.get(exchange, {}), {}, Counter()
        begun = []
        for symbol, asset, side, price, contracts, base, value, at in liquidations:
            event = (at, exchange, symbol, side, price, base if contracts is None else contracts)
            seen[event] += 1
            key = event + ("" if seen[event] == 1 else f"#{seen[event]}",)
            values = (contracts is not None, asset, base, value)
            first, known = before.get(key, (hour, None))
            if known == values:
                after[key] = (first, values)
            else:
                after[key] = (hour, values)
                begun.append(key + (hour,) + values)
        self.database.executemany(LIQUIDATION_END, [
            (hour,) + key + (first,) for key, (first, values) in before.items()
            if after.get(key) != (first, values)])
        self.database.executemany(LIQUIDATION, begun)
        self.events[exchange] = after


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--raw", required=True)
    parser.add_argument("--staged")
    parser.add_argument("--warehouse")
    parser.add_argument("--migrations")
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    files = sorted(
        glob.glob(options.raw + "/*/*/*.ndjson.gz"),
        key=lambda path: (path.split("/")[-3:-1], EXCHANGES.index(os.path.basename(path).split(".")[0])))
    tasks = [
        (path, options.staged and options.staged + path[len(options.raw):], bool(options.warehouse))
        for path in files]
    warehouse = Warehouse(options.warehouse, options.migrations) if options.warehouse else None
    with multiprocessing.Pool(options.jobs) as pool:
        span = None
        for result in pool.imap(work, tasks, chunksize=1):
            if warehouse is None:
                continue
            if result[1] // 3600 // HOURS_A_TRANSACTION != span:
                if span is not None:
                    warehouse.database.execute("COMMIT")
                warehouse.database.execute("BEGIN")
                span = result[1] // 3600 // HOURS_A_TRANSACTION
            warehouse.load(*result)
        if span is not None:
            warehouse.database.execute("COMMIT")


if __name__ == "__main__":
    main()
