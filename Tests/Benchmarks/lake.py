#!/usr/bin/env python3
"""`make bench ONLY=lake`: writing the lake, and six questions of a span on the SQLite view, the lake and DuckDB's own table.

DAYS (30) simulated days of the full market are made once, with a warehouse, in .build/bench; ROUNDS (3) rounds alternate
between the three, and medians are printed. The answers are compared before any time is.
lake.py --warehouse FILE asks an existing warehouse instead.
"""
import argparse
import json
import os
import resource
import shutil
import sqlite3
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = ROOT / "pipeline/lake"
PYTHON = ROOT / ".build/lake/bin/python"
WORK = ROOT / ".build/bench"
BIN = ROOT / ".build/release"
FIRST = "2025-06-01"

QUESTIONS = {
    "mean funding by coin": """
        SELECT asset, avg(funding_rate_8h) AS mean FROM tickers WHERE contract = 'perpetual' GROUP BY asset""",
    "weighted funding by hour": """
        SELECT hour, sum(funding_rate_8h * open_interest_usd) / sum(open_interest_usd) AS mean FROM tickers
        WHERE funding_rate_8h IS NOT NULL AND open_interest_usd IS NOT NULL GROUP BY hour""",
    "shares by day": """
        SELECT day, exchange_id, volume / sum(volume) OVER (PARTITION BY day) AS share FROM (
            SELECT hour - hour % 86400 AS day, exchange_id, sum(volume_usd_24h) AS volume FROM tickers
            WHERE contract = 'perpetual' AND core = 1 GROUP BY 1, 2) AS days""",
    "growth of open interest by coin": """
        SELECT asset, sum(CASE WHEN hour > {last} - 86400 THEN open_interest_usd END)
            / sum(CASE WHEN hour < {first} + 86400 THEN open_interest_usd END) AS growth
        FROM tickers WHERE hour < {first} + 86400 OR hour > {last} - 86400 GROUP BY asset""",
    "basis by coin": """
        SELECT asset, avg(10000.0 * (mark_price - index_price) / index_price) AS bps FROM tickers
        WHERE contract = 'perpetual' AND index_price > 0 GROUP BY asset""",
}
FORWARD = """
    SELECT f.asset, corr(f.funding_rate_8h, l.mark_price / f.mark_price - 1) AS correlation, count(*) AS pairs
    FROM tickers AS f JOIN tickers AS l
        ON l.exchange_id = f.exchange_id AND l.symbol = f.symbol AND l.hour = f.hour + 86400
    WHERE f.asset IN ('BTC', 'ETH', 'SOL', 'XRP', 'DOGE') AND f.contract = 'perpetual' GROUP BY f.asset"""


def say(text):
    print(text, file=sys.stderr)


def made_warehouse(days):
    """A warehouse of so many days of the full market, made once. Loaded: a rebuild would find intervals without their index."""
    folder = WORK / f"lake-{days}"
    if not folder.exists():
        part = WORK / f"lake-{days}.part"
        shutil.rmtree(part, ignore_errors=True)
        (part / "warehouse").mkdir(parents=True)
        say(f"{days} days of the full market ...")
        subprocess.run([BIN / "exchange-simulator", "--archive", FIRST, "--days", str(days), "--size", "full",
                        "--output", part / "raw"], check=True, stdout=subprocess.DEVNULL)
        span = ["--from", f"{FIRST}T00", "--to", time.strftime("%Y-%m-%dT23", time.gmtime(
            time.mktime(time.strptime(FIRST, "%Y-%m-%d")) + (days - 1) * 86400))]
        subprocess.run([BIN / "transform", *span, "--raw", part / "raw", "--staged", part / "staged"],
                       check=True, stdout=subprocess.DEVNULL)
        subprocess.run([BIN / "load", *span, "--raw", part / "raw", "--staged", part / "staged", "--warehouse",
                        part / "warehouse/market_history.db"], check=True, stdout=subprocess.DEVNULL)
        part.rename(folder)
    return folder / "warehouse/market_history.db"


def timed(command):
    """Seconds by the wall and of the processors of a process, and the most memory of one in megabytes."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    seconds, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"seconds": seconds, "cpu_seconds": cpu, "peak_mb": after.ru_maxrss / 1024}


def same(left, right):
    """Whether two answers are equal, numbers to a relative 1e-9: sums are added in another order."""
    def close(one, other):
        if isinstance(one, float) and isinstance(other, float):
            return abs(one - other) <= 1e-9 * max(abs(one), abs(other), 1e-6)
        return one == other
    pairs = zip(sorted(left, key=str_key), sorted(right, key=str_key))
    return len(left) == len(right) and all(all(map(close, one, other)) for one, other in pairs)


def str_key(row):
    return [str(value) for value in row if not isinstance(value, float)]


def ask(warehouse, rounds):
    """Milliseconds of each question; runs in the environment of the lake."""
    sys.path.insert(0, str(PROGRAMS))
    import engine
    import manifest as book
    import rows
    from opened import open_lake

    lake = Path(warehouse).parent / "lake"
    source = sqlite3.connect(f"file:{warehouse}?mode=ro", uri=True)
    of_lake = open_lake(lake, str(warehouse))
    own = Path(warehouse).parent / "own.duckdb"
    own.unlink(missing_ok=True)
    native = engine.connect(str(own))
    paths = [str(book.file_of(lake, "tickers", month)) for month in book.read(lake)["months"]]
    native.execute(f"CREATE TABLE tickers AS {rows.stored('tickers', paths)}")
    native.execute("CHECKPOINT")
    first, last = source.execute("SELECT min(hour), max(hour) FROM hour WHERE sealed = 1").fetchone()
    asked = {"SQLite": source, "lake": of_lake, "DuckDB": native}
    figures = []
    for name, sql in [*QUESTIONS.items(), ("forward correlation", FORWARD)]:
        sql = sql.format(first=first, last=last)
        taken, answers = {who: [] for who in asked}, {}
        for number in range(rounds + 1):
            for who, connection in asked.items():
                if who == "SQLite" and "corr(" in sql:
                    continue
                start = time.perf_counter()
                answers[who] = connection.execute(sql).fetchall()
                if number:  # the first warms up
                    taken[who].append(1000 * (time.perf_counter() - start))
        for who in ("lake", "SQLite"):
            if who in answers and not same(answers[who], answers["DuckDB"]):
                sys.exit(f"lake: {name}: {who} answers otherwise")
        figures.append({"question": name, **{who: statistics.median(times) for who, times in taken.items() if times}})
    own.unlink()
    return figures


def unchanged(warehouse):
    """Milliseconds that a month costs of which nothing has changed."""
    sys.path.insert(0, str(PROGRAMS))
    import write

    lake = Path(warehouse).parent / "lake"
    months = len(json.loads((lake / "manifest.json").read_text())["months"])
    times = []
    for _ in range(9):
        start = time.perf_counter()
        if write.update(str(warehouse), lake):
            sys.exit("lake: the second run changed something")
        times.append(1000 * (time.perf_counter() - start))
    return statistics.median(times) / months


def measure(warehouse, rounds):
    lake = warehouse.parent / "lake"
    shutil.rmtree(lake, ignore_errors=True)
    say("writing the lake ...")
    figures = {"write": timed([PYTHON, PROGRAMS / "write.py", warehouse])}
    with sqlite3.connect(f"file:{warehouse}?mode=ro", uri=True) as source:
        figures["tickers"] = source.execute("SELECT count(*) FROM ticker AS t JOIN hour AS h ON h.hour = t.hour AND h.sealed = 1").fetchone()[0]
        figures["hours"] = source.execute("SELECT count(*) FROM hour WHERE sealed = 1").fetchone()[0]
    entries = [view for month in json.loads((lake / "manifest.json").read_text())["months"].values() for view in month["views"].items()]
    figures["lake_bytes"] = sum(entry["bytes"] for _, entry in entries)
    figures["ticker_bytes"] = sum(entry["bytes"] for name, entry in entries if name == "tickers")
    figures["unchanged_ms"] = unchanged(warehouse)
    say("asking ...")
    command = [PYTHON, __file__, "--warehouse", warehouse, "--ask", "--rounds", str(rounds)]
    figures["questions"] = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return figures


def report(figures):
    wrote, questions = figures["write"], figures["questions"]
    print(f"{figures['hours']} hours of the full market, {figures['tickers']} tickers")
    print(f"  written in          {wrote['seconds']:.1f} s ({wrote['cpu_seconds']:.1f} processor seconds), {wrote['peak_mb']:.0f} MB at most")
    print(f"  size                {figures['lake_bytes'] / 1e6:.0f} MB; {figures['ticker_bytes'] / figures['tickers']:.1f} bytes a ticker")
    print(f"  an unchanged month  {figures['unchanged_ms']:.0f} ms\n")
    print(f"  {'medians, ms, warm':34} {'SQLite':>9} {'lake':>8} {'DuckDB':>8} {'SQLite/lake':>12} {'lake/DuckDB':>12}")
    ratios = []
    for row in questions:
        faster = row["SQLite"] / row["lake"] if "SQLite" in row else None
        ratios += [faster] if faster else []
        print(f"  {row['question']:34} {row['SQLite'] if faster else float('nan'):9.0f} {row['lake']:8.1f} {row['DuckDB']:8.1f} "
              f"{faster or float('nan'):12.1f} {row['lake'] / row['DuckDB']:12.2f}")
    print(f"  geometric mean of SQLite / lake: {statistics.geometric_mean(ratios):.1f}")


def flat(figures):
    """The figures by name, as the history keeps them."""
    asked = {f"{row['question']}, {who} / lake": round(row[who] / row["lake"], 2)
             for row in figures["questions"] for who in ("SQLite", "DuckDB") if who in row}
    return asked | {
        "written, s": round(figures["write"]["seconds"], 1), "written, CPU s": round(figures["write"]["cpu_seconds"], 1),
        "written, peak MB": round(figures["write"]["peak_mb"]), "unchanged month, ms": round(figures["unchanged_ms"], 1),
        "bytes a ticker": round(figures["ticker_bytes"] / figures["tickers"], 1)}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--warehouse", type=Path)
    parser.add_argument("--ask", action="store_true")
    parser.add_argument("--rounds", type=int, default=int(os.environ.get("ROUNDS") or 3))
    options, _ = parser.parse_known_args()
    if options.ask:
        print(json.dumps(ask(options.warehouse, options.rounds)))
        return None
    subprocess.run([PROGRAMS / "setup.sh", PYTHON.parents[1]], check=True, stdout=subprocess.DEVNULL)
    figures = measure((options.warehouse or made_warehouse(int(os.environ.get("DAYS") or 30))).resolve(), options.rounds)
    WORK.mkdir(parents=True, exist_ok=True)
    report(figures)
    return flat(figures)


if __name__ == "__main__":
    main()
