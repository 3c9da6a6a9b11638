#!/usr/bin/env python3
"""`make bench ONLY=lake`: writing the lake, and six questions of a span on the SQLite view, the lake and DuckDB's own table.

DAYS (30) simulated days of the full market are made once, with a warehouse, in .build/bench; ROUNDS (3) rounds alternate
between the three. The answers are compared before any time is printed; the status is 65 where one answers otherwise.
lake.py --warehouse FILE asks an existing warehouse instead. The lake that is measured is made anew in a folder of this run: the
one beside a warehouse may hold months that the warehouse has no longer.
"""
import argparse
import datetime
import json
import os
import shutil
import sqlite3
import statistics
import sys
import tempfile
import time
from pathlib import Path

import frame
from frame import OTHER_ROWS, Failure, Run, compared, say

ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = ROOT / "pipeline/lake"
PYTHON = ROOT / ".build/lake/bin/python"
WORK = ROOT / ".build/bench"
BIN = ROOT / ".build/release"
REQUIREMENTS = PROGRAMS / "requirements.txt"

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


def run(program, *arguments):
    """A finished run of a program; what it says is told only where it fails."""
    return Run([str(word) for word in (program, *arguments)])


def span_of(days):
    """The first hour and the last one of so many days, as the programs write them."""
    last = frame.FIRST + datetime.timedelta(days=days - 1)
    return f"{frame.FIRST}T00", f"{last}T23"


def made_warehouse(days):
    """A warehouse of so many days of the full market, made once. Loaded: a rebuild would find intervals without their index."""
    folder = WORK / f"lake-{days}"
    if not folder.exists():
        part = WORK / f"lake-{days}.part"
        shutil.rmtree(part, ignore_errors=True)
        (part / "warehouse").mkdir(parents=True)
        say(f"{frame.counted(days, 'day')} of the full market …")
        run(BIN / "exchange-simulator", "--archive", frame.FIRST, "--days", days, "--size", "full", "--output", part / "raw")
        first, last = span_of(days)
        staged = ["--from", first, "--to", last, "--raw", part / "raw", "--staged", part / "staged"]
        run(BIN / "transform", *staged)
        run(BIN / "load", *staged, "--warehouse", part / "warehouse/market_history.db")
        part.rename(folder)
    return folder / "warehouse/market_history.db"


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


def asked(connection, sql):
    """Milliseconds by the wall and of the processors, and the rows."""
    start, spent = time.perf_counter(), time.process_time()
    rows = connection.execute(sql).fetchall()
    return (1000 * (time.perf_counter() - start), 1000 * (time.process_time() - spent)), rows


def turns(connections, sql, rounds):
    """The times of each in turns, after one of each that is not counted, and what each answered."""
    taken, answers = {who: [] for who in connections}, {}
    for number in range(rounds + 1):
        for who, connection in connections.items():
            times, answers[who] = asked(connection, sql)
            if number:
                taken[who].append(times)
    return taken, answers


def ask(warehouse, lake, rounds):
    """The times of each question; runs in the environment of the lake."""
    sys.path.insert(0, str(PROGRAMS))
    import engine
    import manifest as book
    import rows
    from opened import open_lake

    source = sqlite3.connect(f"file:{warehouse}?mode=ro", uri=True)
    of_lake = open_lake(lake, str(warehouse))
    native = engine.connect(str(lake.parent / "own.duckdb"))
    paths = [str(book.file_of(lake, "tickers", month)) for month in book.read(lake)["months"]]
    native.execute(f"CREATE TABLE tickers AS {rows.stored('tickers', paths)}")
    native.execute("CHECKPOINT")
    first, last = source.execute("SELECT min(hour), max(hour) FROM hour WHERE sealed = 1").fetchone()
    connections = {"SQLite": source, "lake": of_lake, "DuckDB": native}
    figures = []
    for name, sql in [*QUESTIONS.items(), ("forward correlation", FORWARD)]:
        able = {who: connection for who, connection in connections.items() if who != "SQLite" or "corr(" not in sql}
        taken, answers = turns(able, sql.format(first=first, last=last), rounds)
        for who in able:
            if not same(answers[who], answers["DuckDB"]):
                print(f"lake: {name}: {who} answers otherwise", file=sys.stderr)
                sys.exit(OTHER_ROWS)
        figures.append({"question": name, "turns": taken})
    return figures


def unchanged(warehouse, lake):
    """Milliseconds that a month costs of which nothing has changed; runs in the environment of the lake."""
    sys.path.insert(0, str(PROGRAMS))
    import write

    months = len(json.loads((lake / "manifest.json").read_text())["months"])
    times = []
    for _ in range(9):
        start = time.perf_counter()
        if write.update(str(warehouse), lake):
            sys.exit("lake: the second run changed something")
        times.append(1000 * (time.perf_counter() - start))
    return statistics.median(times) / months


def measure(warehouse, rounds, top):
    """All figures, from a lake that is made in the folder `top`."""
    lake = top / "lake"
    say("writing the lake …")
    wrote = run(PYTHON, PROGRAMS / "write.py", warehouse, "--lake", lake)
    figures = {"write": {"seconds": wrote.seconds, "cpu": wrote.cpu, "megabytes": wrote.megabytes}}
    with sqlite3.connect(f"file:{warehouse}?mode=ro", uri=True) as source:
        figures["tickers"] = source.execute(
            "SELECT count(*) FROM ticker AS t JOIN hour AS h ON h.hour = t.hour AND h.sealed = 1").fetchone()[0]
        figures["hours"] = source.execute("SELECT count(*) FROM hour WHERE sealed = 1").fetchone()[0]
    months = json.loads((lake / "manifest.json").read_text())["months"]
    if not months or not figures["tickers"]:
        raise Failure(f"{warehouse} has no sealed hour with tickers")
    entries = [view for month in months.values() for view in month["views"].items()]
    figures["lake_bytes"] = sum(entry["bytes"] for _, entry in entries)
    figures["ticker_bytes"] = sum(entry["bytes"] for name, entry in entries if name == "tickers")
    say("asking …")
    asking = run(PYTHON, __file__, "--warehouse", warehouse, "--ask", lake, "--rounds", rounds)
    return figures | json.loads(asking.output)


# MARK: - Results

COMPARISONS = (("SQLite", "lake"), ("lake", "DuckDB"))


def ratios(questions):
    """For each question that both can answer, SQLite's view against the lake, then the lake against DuckDB's own table."""
    return [
        compared(row["question"], "", *(list(map(frame.Turn, row["turns"][who])) for who in pair)) | {"kind": " / ".join(pair)}
        for pair in COMPARISONS for row in questions if set(pair) <= row["turns"].keys()]


def mean_of(rows, clock):
    """The geometric mean of the ratios by one clock; None where there are none."""
    found = [row[clock]["ratio"] for row in rows if row[clock]]
    return statistics.geometric_mean(found) if found else None


def report(figures):
    wrote, all_rows = figures["write"], ratios(figures["questions"])
    print(f"{figures['hours']} hours of the full market, {figures['tickers']} tickers")
    print(f"  written in          {wrote['seconds']:.1f} s ({wrote['cpu']:.1f} processor seconds), {wrote['megabytes']:.0f} MB at most")
    print(f"  size                {figures['lake_bytes'] / 1e6:.0f} MB; {figures['ticker_bytes'] / figures['tickers']:.1f} bytes a ticker")
    print(f"  an unchanged month  {figures['unchanged_ms']:.0f} ms")
    for pair in COMPARISONS:
        kind = " / ".join(pair)
        rows = [row for row in all_rows if row["kind"] == kind]
        print(f"\n  {kind}, warm")
        frame.print_ratios(rows, 34)
        means = [mean_of(rows, clock) for clock in frame.CLOCKS]
        cells = [f"{mean:7.2f}" if mean else "      -" for mean in means]
        print(f"  {'geometric mean':34} {cells[0]:25} {cells[1]}")
    print(f"\n  {'medians, ms':34} " + " ".join(f"{who:>8} {'CPU':>8}" for who in ("SQLite", "lake", "DuckDB")))
    for row in figures["questions"]:
        cells = [cell for who in ("SQLite", "lake", "DuckDB") for cell in milliseconds(row["turns"].get(who))]
        print(f"  {row['question']:34} " + " ".join(f"{cell:>8}" for cell in cells))


def milliseconds(times):
    """The medians by the wall and of the processors, as text."""
    runs = list(map(frame.Turn, times or ()))
    return [f"{frame.middle(runs, field):.1f}" if runs else "-" for field in frame.CLOCKS.values()]


def flat(figures):
    """The figures by name, as the history keeps them."""
    return frame.figures_of(ratios(figures["questions"])) | {
        "written, s": round(figures["write"]["seconds"], 1), "written, CPU s": round(figures["write"]["cpu"], 1),
        "written, peak MB": round(figures["write"]["megabytes"]), "unchanged month, ms": round(figures["unchanged_ms"], 1),
        "bytes a ticker": round(figures["ticker_bytes"] / figures["tickers"], 1)}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--warehouse", type=Path)
    parser.add_argument("--ask", type=Path, metavar="LAKE", help="only the questions, on a lake that is there: JSON")
    parser.add_argument("--rounds", type=int, default=frame.asked("ROUNDS", 3))
    options = parser.parse_args()
    if options.ask:
        print(json.dumps({"unchanged_ms": unchanged(options.warehouse, options.ask),
                          "questions": ask(options.warehouse, options.ask, options.rounds)}))
        return None
    run(PROGRAMS / "setup.sh", PYTHON.parents[1])
    WORK.mkdir(parents=True, exist_ok=True)
    warehouse = options.warehouse or made_warehouse(frame.asked("DAYS", 30))
    with tempfile.TemporaryDirectory(prefix="run-lake-", dir=WORK) as top:
        figures = measure(warehouse.resolve(), options.rounds, Path(top))
    report(figures)
    return flat(figures)


if __name__ == "__main__":
    try:
        main()
    except Failure as failure:
        print(f"lake: {failure}", file=sys.stderr)
        sys.exit(failure.status)
