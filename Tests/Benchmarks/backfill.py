"""Times a year (DAYS) of hourly history of 400 contracts (CONTRACTS) of one exchange, from raw files to the warehouse: stage,
load, and how much memory each takes. The limit beside it inserts the same rows into a bare table."""
import gzip
import json
import os
import shutil
import sqlite3
import time

import frame
from frame import Run, compared, say

HOUR = 3_600_000
END = 1_795_000_000_000 // HOUR * HOUR
PER_FILE, BYTES_PER_FILE, PER_PAGE = 25, 4_000_000, 1000


def instruments(count):
    return [
        {
            "symbol": f"C{number:03}USDT", "contractType": "LinearPerpetual", "status": "Trading", "baseCoin": f"C{number:03}",
            "quoteCoin": "USDT", "settleCoin": "USDT", "launchTime": "1585526400000", "fundingInterval": 480, "symbolType": "",
        }
        for number in range(count)
    ]


def answer(result):
    return {"retCode": 0, "retMsg": "OK", "result": result, "retExtInfo": {}, "time": END}


def line(endpoint, url, body, symbol=None):
    text = json.dumps(body, separators=(",", ":"))
    row = {"exchange": "bybit", "endpoint": endpoint, "method": "GET", "url": url}
    if symbol:
        row["symbol"] = symbol
    row |= {
        "sent_at_ms": END, "received_at_ms": END + 100, "attempt": 1, "status": 200, "headers": {}, "wire_bytes": len(text),
        "body_bytes": len(text),
    }
    return json.dumps(row, separators=(",", ":"))[:-1] + f',"body":{text},"simulated":true}}\n'


def candle(start, number):
    """A row as the exchange sends it: some digits that differ from row to row."""
    price = 100 + number + (start // HOUR * 7919 % 1000) / 500
    volume = 1000 + start // HOUR * 104_729 % 100_000 / 10
    return [str(start)] + [f"{value:.4f}" for value in (price, price * 1.01, price * 0.99, price * 1.002, volume, volume * price)]


def write_raw(folder, hours, count):
    """Files as `backfill` writes them: closed after 25 contracts or 4 MB of lines."""
    listed = instruments(count)
    listing = line("instruments", "https://api.bybit.com/v5/market/instruments-info", answer({"list": listed, "nextPageCursor": ""}))
    os.makedirs(folder)
    first = END - hours * HOUR
    text, contracts, files = "", 0, 0
    for number in range(count):
        text = text or listing
        symbol = listed[number]["symbol"]
        for end in range(END, first, -PER_PAGE * HOUR):
            rows = [candle(start, number) for start in range(end - HOUR, max(first, end - PER_PAGE * HOUR) - 1, -HOUR)]
            url = f"https://api.bybit.com/v5/market/kline?category=linear&symbol={symbol}&interval=60&limit=1000"
            text += line("history_candles", url, answer({"symbol": symbol, "category": "linear", "list": rows}), symbol)
        span = {"exchange": "bybit", "dataset": "candles", "event": "answered", "symbol": symbol, "from_ms": first, "to_ms": END}
        text += json.dumps(span, separators=(",", ":")) + "\n"
        contracts += 1
        if contracts == PER_FILE or len(text) >= BYTES_PER_FILE or number == count - 1:
            stamp = time.strftime("%Y-%m-%dT%H%M%SZ", time.gmtime(END // 1000 + files))
            with gzip.open(f"{folder}/{stamp}.ndjson.gz", "wt", compresslevel=6) as file:
                file.write(text)
            text, contracts, files = "", 0, files + 1


class Together:
    """Several runs, one after the other."""

    def __init__(self, *runs):
        self.seconds, self.cpu = (sum(getattr(run, field) for run in runs) for field in ("seconds", "cpu"))


class Limit:
    """The same number of rows into a bare table with the same key, in one transaction."""

    def __init__(self, path, contracts, hours):
        database = sqlite3.connect(path)
        # In this order: with a write-ahead log the size of pages is fixed.
        database.execute("PRAGMA page_size = 8192")
        database.execute("PRAGMA journal_mode = WAL")
        database.execute(
            "CREATE TABLE candle (contract INTEGER, kind TEXT, hour INTEGER, version INTEGER, open REAL, high REAL, low REAL, close"
            " REAL, base REAL, usd REAL, file INTEGER, PRIMARY KEY (contract, kind, hour, version)) STRICT, WITHOUT ROWID")
        start, spent = time.perf_counter(), time.process_time()
        for contract in range(contracts):
            database.executemany(
                "INSERT INTO candle VALUES (?, 'last', ?, 0, 1.5, 2.5, 0.5, 1.75, 1234.5, 98765.25, 1)",
                ((contract, hour) for hour in range(hours)))
        database.commit()
        self.seconds, self.cpu = time.perf_counter() - start, time.process_time() - spent
        database.close()


def one_round(top, count, hours):
    """Staging, loading and the limit, each in a folder that is new."""
    programs = os.path.abspath(frame.BIN)
    for name in ("staged", "warehouse"):
        shutil.rmtree(f"{top}/{name}", ignore_errors=True)
    stage = Run([f"{programs}/transform", "--history", "--jobs", "2"], cwd=top)
    load = Run([f"{programs}/load", "--history"], cwd=top)
    limit = Limit(f"{top}/limit.db", count, hours)
    os.remove(f"{top}/limit.db")
    return stage, load, limit


def main():
    days, count, rounds = frame.asked("DAYS", 365), frame.asked("CONTRACTS", 400), frame.asked("ROUNDS", 1)
    top, hours = frame.folder("backfill"), days * 24
    say(f"{frame.counted(days, 'day')} of {frame.counted(count, 'contract')} …")
    write_raw(f"{top}/raw/history/bybit/candles", hours, count)
    open(f"{top}/raw/.simulated", "w").close()
    stage, load, limit = zip(*(one_round(top, count, hours) for _ in range(rounds)))
    rows = [compared("ours / limit", "the same rows into a bare table by Python", [*map(Together, stage, load)], limit)]
    size = frame.size(f"{top}/raw/**/*.gz")
    print(f"{count} contracts, {hours} hours: {count * hours:,} candles, {size / 1e6:.0f} MB of raw; medians of {rounds}\n")
    frame.print_ratios(rows)
    print(f"\n  {'':12} {'seconds':>8} {'CPU s':>7} {'peak MB':>8}")
    for name, runs in (("transform", stage), ("load", load), ("limit", limit)):
        peak = "" if runs is limit else f" {max(run.megabytes for run in runs):8.0f}"
        print(f"  {name:12} {frame.middle(runs, 'seconds'):8.1f} {frame.middle(runs, 'cpu'):7.1f}{peak}")
    print("  aim of a year: 30 s together, 200 MB")
    shutil.rmtree(top)
    return frame.figures_of(rows) | {
        f"{name}, peak MB": round(max(run.megabytes for run in runs)) for name, runs in (("transform", stage), ("load", load))}
