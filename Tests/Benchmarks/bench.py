#!/usr/bin/env python3
"""`make bench`: raw to warehouse against its peers and its limit, on one simulated archive of the full market.

DAYS (4) days are made once and kept in .build/bench; ROUNDS (3) rounds alternate between all candidates, and medians
are printed. What the peers make is compared with ours before any time is: a difference ends with status 65.
"""
import glob
import json
import os
import platform
import shutil
import sqlite3
import statistics
import subprocess
import sys
import time

BIN = ".build/release"
PEERS = "Tests/Benchmarks/peers"
WORK = ".build/bench"
DAYS = int(os.environ.get("DAYS") or 4)
ROUNDS = int(os.environ.get("ROUNDS") or 3)
RAW = f"{WORK}/raw-{DAYS}"
PYTHON = f"{WORK}/venv/bin/python"
FIRST, LAST = "2025-06-01T00", None
# DuckDB gives large blocks back to the system again and again, unless malloc is told to keep them.
KEEPING = {"MALLOC_MMAP_THRESHOLD_": "4294967296", "MALLOC_TRIM_THRESHOLD_": "4294967296", "MALLOC_TOP_PAD_": "67108864"}


def say(text):
    if sys.stderr.isatty():
        print(text, file=sys.stderr)


def fail(text):
    print(f"bench: {text}", file=sys.stderr)
    sys.exit(65)


def prepare():
    os.makedirs(WORK, exist_ok=True)
    if not os.path.isdir(RAW):
        say(f"{DAYS} days of the full market …")
        subprocess.run(
            [f"{BIN}/exchange-simulator", "--archive", "2025-06-01", "--days", str(DAYS), "--size", "full",
             "--output", RAW + ".part"], check=True, stdout=subprocess.DEVNULL)
        os.rename(RAW + ".part", RAW)
    if not os.path.exists(PYTHON):
        say("orjson and duckdb from PyPI …")
        subprocess.run([sys.executable, "-m", "venv", f"{WORK}/venv"], check=True)
        subprocess.run([PYTHON, "-m", "pip", "install", "-q", "orjson", "duckdb"], check=True)
    subprocess.run(
        ["cc", "-O2", "-o", f"{WORK}/limit", f"{PEERS}/limit.c", "-lsqlite3", "-ldeflate", "-lpthread"], check=True)


class Run:
    """A finished process: seconds by the wall and of the processors, and the most memory of one process."""

    def __init__(self, command, environment=None):
        os.sync()
        start = time.perf_counter()
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={**os.environ, **(environment or {})})
        self.output = process.stdout.read().decode()
        _, status, usage = os.wait4(process.pid, 0)
        self.seconds = time.perf_counter() - start
        self.cpu = usage.ru_utime + usage.ru_stime
        self.megabytes = usage.ru_maxrss / (1024 if sys.platform == "linux" else 1 << 20)
        if status:
            fail(f"{' '.join(command)} ended with {os.waitstatus_to_exitcode(status)}")


def candidates(folder):
    """What is timed, each into a folder of its own."""
    def reprocess(name, jobs):
        return [f"{BIN}/reprocess", "--raw", RAW, "--staged", f"{folder}/{name}/staged", "--warehouse",
                f"{folder}/{name}/m.db", "--jobs", jobs], None

    def transform(name, jobs):
        return [f"{BIN}/transform", "--from", FIRST, "--to", LAST, "--raw", RAW, "--staged", f"{folder}/{name}",
                "--jobs", jobs], None

    def python(name, *more):
        return [PYTHON, f"{PEERS}/python_peer.py", "--raw", RAW, "--staged", f"{folder}/{name}/staged", "--jobs", "2",
                *more], None

    return {
        "warehouse, 2 jobs": reprocess("ours", "2"), "warehouse, 1 job": reprocess("one", "1"),
        "warehouse, Python": python(
            "python", "--warehouse", f"{folder}/python/m.db", "--migrations", "pipeline/sql/migrations"),
        "warehouse, DuckDB": ([PYTHON, f"{PEERS}/duckdb_peer.py", "--raw", RAW, "--database", f"{folder}/duck.db",
                               "--threads", "2"], KEEPING),
        "staged, 2 jobs": transform("staged-2", "2"), "staged, 1 job": transform("staged-1", "1"),
        "staged, Python": python("python-staged"),
        "limit": ([f"{WORK}/limit", RAW, f"{folder}/ours/staged", f"{folder}/ours/m.db", f"{folder}/limit"], None),
    }


def rounds():
    """The runs of every candidate, and what is left of the first round."""
    runs, kept = {}, None
    for number in range(ROUNDS):
        folder = f"{WORK}/round-{os.getpid()}-{number}"
        for name in ("ours", "one", "python", "python-staged"):
            os.makedirs(f"{folder}/{name}")
        for name, (command, environment) in candidates(folder).items():
            say(f"round {number + 1} of {ROUNDS}: {name}")
            runs.setdefault(name, []).append(Run(command, environment))
        if number == 0:
            compare(folder, runs)
            kept = folder
    # Removed at the end only: the file system's search for free places would slow the next run down.
    for number in range(1, ROUNDS):
        shutil.rmtree(f"{WORK}/round-{os.getpid()}-{number}")
    return runs, kept


TABLES = {
    "ticker": "count(*), sum(volume_usd_24h), sum(open_interest_usd), sum(funding_rate), count(funding_rate)",
    "instrument": "count(*), sum(valid_from)", "long_short": "count(*), sum(long_fraction)",
    "liquidation": "count(*), sum(value_usd), count(until)", "spot_ticker": "count(*), sum(last_price)",
    "funding_settlement": "count(*), sum(funding_rate)",
}


def close(left, right):
    return all(abs((a or 0) - (b or 0)) <= 1e-9 * max(abs(a or 0), abs(b or 0)) for a, b in zip(left, right))


def compare(folder, runs):
    """Ends where a peer did not do our work."""
    def ask(database, sql):
        connection = sqlite3.connect(f"{folder}/{database}")
        try:
            return connection.execute(sql).fetchall()
        finally:
            connection.close()

    for table, figures in TABLES.items():
        ours, python = (ask(f"{name}/m.db", f"SELECT {figures} FROM {table}")[0] for name in ("ours", "python"))
        if not close(ours, python):
            fail(f"{table}: Python made {python}, we made {ours}")
    figures = "count(*), sum(volume_usd_24h), sum(open_interest_usd), sum(mark_price), sum(observed_at_ms)"
    ours = ask("ours/m.db", f"SELECT exchange_id, {figures} FROM ticker JOIN listing USING (listing_id) GROUP BY 1")
    script = (f"import duckdb, json; print(json.dumps(duckdb.connect('{folder}/duck.db').execute("
              f"\"SELECT exchange, {figures} FROM ticker GROUP BY 1\").fetchall(), default=float))")
    duckdb = dict((row[0], row[1:]) for row in json.loads(subprocess.check_output([PYTHON, "-c", script])))
    for row in ours:
        if not close(row[1:], duckdb.get(row[0], [0] * 5)):
            fail(f"{row[0]}: DuckDB made {duckdb.get(row[0])}, we made {row[1:]}")
    tables = ask("ours/m.db", "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    rows = sum(ask("ours/m.db", f"SELECT count(*) FROM {name}")[0][0] for name, in tables)
    inserted = json.loads(runs["limit"][0].output)["rows"]
    if rows != inserted:
        fail(f"the limit inserted {inserted} rows, we made {rows}")


def start_up(program):
    times = []
    for _ in range(20):
        start = time.perf_counter()
        subprocess.run([f"{BIN}/{program}", "--help"], stdout=subprocess.DEVNULL, check=True)
        times.append(1000 * (time.perf_counter() - start))
    return statistics.median(times)


def next_hours(folder):
    """Milliseconds that loading one more hour takes, into an empty database and behind all others."""
    first = f"2025-06-{DAYS + 1:02}T00" if DAYS < 30 else None
    if first is None:
        return None
    raw, staged = f"{folder}/next/raw", f"{folder}/next/staged"
    hours = [first[:-2] + f"{hour:02}" for hour in range(8)]
    subprocess.run([f"{BIN}/exchange-simulator", "--archive", hours[0], hours[-1], "--size", "full", "--output", raw],
                   check=True, stdout=subprocess.DEVNULL)
    subprocess.run([f"{BIN}/transform", "--from", hours[0], "--to", hours[-1], "--raw", raw, "--staged", staged],
                   check=True, stdout=subprocess.DEVNULL)
    taken = {"empty": [], "old": []}
    for hour in hours:
        for name, path in (("empty", f"{folder}/next/{hour}/m.db"), ("old", f"{folder}/ours/m.db")):
            os.makedirs(os.path.dirname(path), exist_ok=True)
            command = [f"{BIN}/load", "--hour", hour, "--raw", raw, "--staged", staged, "--warehouse", path]
            taken[name].append(1000 * Run(command).seconds)
    return {name: statistics.median(times) for name, times in taken.items()}


def size(pattern):
    return sum(os.path.getsize(path) for path in glob.glob(pattern, recursive=True))


def measure():
    global LAST
    LAST = f"{sorted(os.path.basename(path) for path in glob.glob(RAW + '/2*'))[-1]}T23"
    runs, folder = rounds()
    limit = [json.loads(run.output) for run in runs["limit"]]
    result = {
        "days": DAYS, "rounds": ROUNDS, "machine": machine(),
        "json_bytes": limit[0]["raw_bytes"], "raw_bytes": size(RAW + "/**/*.gz"),
        "tickers": sqlite3.connect(f"{folder}/ours/m.db").execute("SELECT count(*) FROM ticker").fetchone()[0],
        "runs": {name: {
            "seconds": statistics.median(run.seconds for run in all_runs),
            "cpu_seconds": statistics.median(run.cpu for run in all_runs),
            "peak_mb": max(run.megabytes for run in all_runs)} for name, all_runs in runs.items()},
        "staged_bytes": size(f"{folder}/ours/staged/**/*.gz"), "warehouse_bytes": size(f"{folder}/ours/m.db"),
    }
    result["runs"]["limit"]["seconds"] = statistics.median(one["seconds"] for one in limit)
    os.makedirs(f"{folder}/stages")
    say("the stages alone, queries, start-up")
    result["stages"] = json.loads(Run([f"{BIN}/stages", "--raw", RAW, "--output", f"{folder}/stages"]).output)
    result["queries"] = json.loads(Run(
        [PYTHON, f"{PEERS}/queries.py", "--warehouse", f"{folder}/ours/m.db", "--parquet", f"{folder}/parquet"]).output)
    result["start_up_ms"] = {program: start_up(program) for program in ("transform", "load")}
    result["next_hour_ms"] = next_hours(folder)
    shutil.rmtree(folder)
    return result


def machine():
    processor = platform.processor() or platform.machine()
    if os.path.exists("/proc/cpuinfo"):
        names = [line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")]
        processor = names[0] if names else processor
    return {"processor": processor, "cores": os.cpu_count(), "system": platform.system(), "sqlite": sqlite3.sqlite_version}


def report(result):
    seconds = {name: run["seconds"] for name, run in result["runs"].items()}
    ours, megabytes, tickers = seconds["warehouse, 2 jobs"], result["json_bytes"] / 1e6, result["tickers"]
    print(f"{result['days']} days of the full market: {megabytes:.0f} MB of JSON, {tickers} tickers; medians of "
          f"{result['rounds']} on {result['machine']['cores']} cores of {result['machine']['processor']}\n")
    print(f"  Python / ours      {seconds['warehouse, Python'] / ours:6.2f}   raw to warehouse, two cores each")
    print(f"  DuckDB / ours      {seconds['warehouse, DuckDB'] / ours:6.2f}   tickers only, and no staged files")
    print(f"  ours / limit       {ours / seconds['limit']:6.2f}")
    print(f"  Python / ours      {seconds['staged, Python'] / seconds['staged, 2 jobs']:6.2f}   raw to staged\n")
    print(f"  {'':20} {'seconds':>8} {'MB/s':>7} {'tickers/s':>10} {'CPU s':>7} {'peak MB':>8}")
    for name, run in result["runs"].items():
        print(f"  {name:20} {run['seconds']:8.2f} {megabytes / run['seconds']:7.0f} {tickers / run['seconds']:10.0f}"
              f" {run['cpu_seconds']:7.2f} {run['peak_mb']:8.0f}")
    print(f"\n  {'one core, alone':20} {'seconds':>8} {'MB/s':>7}")
    for stage in result["stages"]:
        print(f"  {stage['name']:20} {stage['seconds']:8.2f} {stage['bytes'] / 1e6 / stage['seconds']:7.0f}")
    print(f"\n  {'questions, warm':40} {'SQLite ms':>10} {'DuckDB ms':>10} {'rows':>6}")
    for row in result["queries"]:
        print(f"  {row['question']:40} {row['sqlite_ms']:10.2f} {row['duckdb_ms']:10.2f} {row['rows']:6}")
    print(f"\n  bytes a ticker       staged {result['staged_bytes'] / tickers:.0f}, "
          f"warehouse {result['warehouse_bytes'] / tickers:.0f}, raw {result['raw_bytes'] / tickers:.0f}")
    print("  start-up             " + ", ".join(f"{name} {ms:.1f} ms" for name, ms in result["start_up_ms"].items()))
    if result["next_hour_ms"]:
        empty, old = result["next_hour_ms"]["empty"], result["next_hour_ms"]["old"]
        print(f"  loading an hour      {empty:.0f} ms into an empty database, {old:.0f} ms behind {result['days']} days"
              f" ({old / empty:.2f} x)")


if __name__ == "__main__":
    prepare()
    figures = measure()
    with open(f"{WORK}/result.json", "w") as file:
        json.dump(figures, file, indent=2)
    report(figures)
