"""Times a year of hourly history of 400 contracts of one exchange, from raw files to the warehouse: stage, load, and how much
memory each takes. The limit beside it inserts the same rows into a bare table. history.py PROGRAMS [DAYS [CONTRACTS]]"""
import gzip
import json
import os
import shutil
import sqlite3
import sys
import tempfile
import time

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


def timed(name, arguments, folder):
    start = time.monotonic()
    process = os.posix_spawn(arguments[0], arguments, os.environ)
    _, status, usage = os.wait4(process, 0)
    seconds = time.monotonic() - start
    if status:
        sys.exit(f"{name} failed")
    print(f"{name:10} {seconds:6.1f} s   {usage.ru_maxrss / 1024:6.0f} MB   {usage.ru_utime + usage.ru_stime:6.1f} s of processor")
    return seconds


def limit(rows):
    """The same number of rows into a bare table with the same key, in one transaction."""
    with tempfile.TemporaryDirectory() as folder:
        database = sqlite3.connect(f"{folder}/limit.db")
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA page_size = 8192")
        database.execute(
            "CREATE TABLE candle (contract INTEGER, kind TEXT, hour INTEGER, version INTEGER, open REAL, high REAL, low REAL, close"
            " REAL, base REAL, usd REAL, file INTEGER, PRIMARY KEY (contract, kind, hour, version)) STRICT, WITHOUT ROWID")
        contracts, hours = rows
        start = time.monotonic()
        for contract in range(contracts):
            database.executemany(
                "INSERT INTO candle VALUES (?, 'last', ?, 0, 1.5, 2.5, 0.5, 1.75, 1234.5, 98765.25, 1)",
                ((contract, hour) for hour in range(hours)))
        database.commit()
        return time.monotonic() - start


def main():
    programs = os.path.abspath(sys.argv[1])
    days = int(sys.argv[2]) if len(sys.argv) > 2 else 365
    count = int(sys.argv[3]) if len(sys.argv) > 3 else 400
    hours = days * 24
    folder = tempfile.mkdtemp()
    try:
        os.chdir(folder)
        open_mark = f"{folder}/raw"
        write_raw(f"{open_mark}/history/bybit/candles", hours, count)
        open(f"{open_mark}/.simulated", "w").close()
        size = sum(os.path.getsize(os.path.join(root, name)) for root, _, names in os.walk(open_mark) for name in names)
        print(f"{count} contracts, {hours} hours: {count * hours:,} candles, {size / 1e6:.0f} MB of raw")
        seconds = timed("transform", [f"{programs}/transform", "--history", "--jobs", "2"], folder)
        seconds += timed("load", [f"{programs}/load", "--history"], folder)
        bare = limit((count, hours))
        print(f"{'together':10} {seconds:6.1f} s   (aim: 30 s, 200 MB)")
        print(f"{'limit':10} {bare:6.1f} s   the same rows into a bare table by Python; ours / limit {seconds / bare:.2f}")
    finally:
        shutil.rmtree(folder)


main()
