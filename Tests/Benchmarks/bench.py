#!/usr/bin/env python3
"""`make bench`: raw to warehouse against its peers and its limit, on one simulated archive of eight full markets.

DAYS (4) days are made once and kept in .build/bench; ROUNDS (3) rounds alternate between all candidates, and medians
are printed. What the peers make is compared with ours before any time is: a difference ends with status 65.
PEER=7a4a420 takes that commit of this project as a peer as well; ONLY=peer leaves the others out, and then the archive
has all exchanges. The others can read eight of them (peers/exchanges.py).
"""
import datetime
import glob
import gzip
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import time

import earlier
from compare import ask, compare
from peers.exchanges import EXCHANGES, LATER

BIN = ".build/release"
PEERS = "Tests/Benchmarks/peers"
WORK = ".build/bench"
DAYS = int(os.environ.get("DAYS") or 4)
ROUNDS = int(os.environ.get("ROUNDS") or 3)
PEER = os.environ.get("PEER")
ONLY = os.environ.get("ONLY")
ARCHIVED = earlier.exchanges(".") if ONLY else list(EXCHANGES)
RAW = f"{WORK}/raw-{DAYS}-of-{len(ARCHIVED)}"
PYTHON = f"{WORK}/venv/bin/python"
FIRST = datetime.date(2025, 6, 1)
LAST = FIRST + datetime.timedelta(days=DAYS - 1)
# DuckDB gives large blocks back to the system again and again, unless malloc is told to keep them.
KEEPING = {
    "MALLOC_MMAP_THRESHOLD_": "4294967296", "MALLOC_TRIM_THRESHOLD_": "4294967296", "MALLOC_TOP_PAD_": "67108864"}


def say(text):
    if sys.stderr.isatty():
        print(text, file=sys.stderr)


def simulate(output, *archive):
    subprocess.run([f"{BIN}/exchange-simulator", "--archive", *archive, "--size", "full", "--output", output,
                    "--exchanges", ",".join(ARCHIVED)], check=True, stdout=subprocess.DEVNULL)


def has_peers():
    if not os.path.exists(PYTHON):
        return False
    return not subprocess.run([PYTHON, "-c", "import duckdb, orjson"], stderr=subprocess.DEVNULL).returncode


def leave_out_later(folder):
    """Removes the responses of endpoints that the peers cannot read."""
    for exchange, endpoints in LATER.items():
        for path in glob.glob(f"{folder}/*/*/{exchange}.ndjson.gz"):
            with gzip.open(path) as file:
                lines = [line for line in file if json.loads(line)["endpoint"] not in endpoints]
            with gzip.open(path, "wb", compresslevel=6) as file:
                file.writelines(lines)


def make_archive():
    os.makedirs(WORK, exist_ok=True)
    if not os.path.isdir(RAW):
        say(f"{DAYS} days of the full markets …")
        shutil.rmtree(RAW + ".part", ignore_errors=True)
        simulate(RAW + ".part", str(FIRST), "--days", str(DAYS))
        if not ONLY:
            leave_out_later(RAW + ".part")
        os.rename(RAW + ".part", RAW)


def prepare():
    if not has_peers():
        say("orjson and duckdb from PyPI …")
        subprocess.run([sys.executable, "-m", "venv", f"{WORK}/venv"], check=True)
        subprocess.run([PYTHON, "-m", "pip", "install", "-q", "orjson", "duckdb"], check=True)
    subprocess.run(
        ["cc", "-O2", "-o", f"{WORK}/limit", f"{PEERS}/limit.c", "-lsqlite3", "-ldeflate", "-lisal", "-lpthread"],
        check=True)


class Run:
    """A finished process: seconds by the wall and of the processors, and the most memory of one process."""

    def __init__(self, command, environment=None, cwd=None):
        os.sync()
        start = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.PIPE, cwd=cwd,
                                   env={**os.environ, **(environment or {})})
        self.output = process.stdout.read().decode()
        _, status, usage = os.wait4(process.pid, 0)
        self.seconds = time.perf_counter() - start
        self.cpu = usage.ru_utime + usage.ru_stime
        self.megabytes = usage.ru_maxrss / (1024 if sys.platform == "linux" else 1 << 20)
        if status:
            code = os.waitstatus_to_exitcode(status)
            print(f"bench: {' '.join(command)} ended with {code}", file=sys.stderr)
            sys.exit(code if code == 65 else 1)


# MARK: - Raw to warehouse

def reprocess(raw, folder, jobs):
    return [f"{BIN}/reprocess", "--raw", raw, "--staged", f"{folder}/staged", "--warehouse", f"{folder}/m.db",
            "--jobs", jobs]


def candidates(folder):
    """What is timed: a name, a command, and what its environment has in addition."""
    def transform(jobs):
        return [f"{BIN}/transform", "--from", f"{FIRST}T00", "--to", f"{LAST}T23", "--raw", RAW, "--staged",
                f"{folder}/staged-{jobs}", "--jobs", jobs]

    def python(name, *more):
        return [PYTHON, f"{PEERS}/python_peer.py", "--raw", RAW, "--staged", f"{folder}/{name}/staged", "--jobs", "2",
                *more]

    yield "warehouse, 2 jobs", reprocess(RAW, f"{folder}/ours", "2"), None
    yield "warehouse, 1 job", reprocess(RAW, f"{folder}/one", "1"), None
    yield "warehouse, Python", python(
        "python", "--warehouse", f"{folder}/python/m.db", "--migrations", "pipeline/sql/migrations"), None
    yield "warehouse, DuckDB", [
        PYTHON, f"{PEERS}/duckdb_peer.py", "--raw", RAW, "--database", f"{folder}/duck.db", "--threads", "2"], KEEPING
    yield "staged, 2 jobs", transform("2"), None
    yield "staged, 1 job", transform("1"), None
    yield "staged, Python", python("python-staged"), None
    yield "limit", [f"{WORK}/limit", "--raw", RAW, "--staged", f"{folder}/ours/staged", "--warehouse",
                    f"{folder}/ours/m.db", "--output", f"{folder}/limit"], None


def rounds():
    """The runs of every candidate, and the folder with what the first round made."""
    runs = {}
    folders = [f"{WORK}/round-{os.getpid()}-{number}" for number in range(ROUNDS)]
    for number, folder in enumerate(folders):
        for name in ("ours", "one", "python", "python-staged"):
            os.makedirs(f"{folder}/{name}")
        for name, command, environment in candidates(folder):
            say(f"round {number + 1} of {ROUNDS}: {name}")
            runs.setdefault(name, []).append(Run(command, environment))
        if number == 0:
            say("comparing")
            compare(folder, json.loads(runs["limit"][0].output), PYTHON)
    # Removed at the end only: the file system's search for free places would slow the next run down.
    for folder in folders[1:]:
        shutil.rmtree(folder)
    return runs, folders[0]


def median_of(runs, limits):
    """The limit's own clock leaves out its preparation; what the whole process takes says nothing."""
    figures = {name: {
        "seconds": statistics.median(run.seconds for run in all_runs),
        "cpu_seconds": statistics.median(run.cpu for run in all_runs),
        "peak_mb": max(run.megabytes for run in all_runs)} for name, all_runs in runs.items() if name != "limit"}
    figures["limit"] = {"seconds": statistics.median(one["seconds"] for one in limits)}
    return figures


# MARK: - Everything else

def memory_of_a_day(folder):
    """Megabytes that the first day alone takes, two jobs."""
    os.makedirs(f"{folder}/day/raw")
    os.symlink(os.path.abspath(f"{RAW}/{FIRST}"), f"{folder}/day/raw/{FIRST}")
    return Run(reprocess(f"{folder}/day/raw", f"{folder}/day", "2")).megabytes


def start_up(program):
    times = []
    for _ in range(20):
        start = time.perf_counter()
        subprocess.run([f"{BIN}/{program}", "--help"], stdout=subprocess.DEVNULL, check=True)
        times.append(1000 * (time.perf_counter() - start))
    return statistics.median(times)


def next_hours(folder):
    """Milliseconds that loading one more hour takes: behind one hour, and behind all of the archive."""
    raw, staged = f"{folder}/next/raw", f"{folder}/next/staged"
    hours = [f"{LAST + datetime.timedelta(days=1)}T{hour:02}" for hour in range(8)]
    simulate(raw, hours[0], hours[-1])
    subprocess.run([f"{BIN}/transform", "--from", hours[0], "--to", hours[-1], "--raw", raw, "--staged", staged],
                   check=True, stdout=subprocess.DEVNULL)

    def load(hour, database):
        os.makedirs(os.path.dirname(database), exist_ok=True)
        return 1000 * Run(
            [f"{BIN}/load", "--hour", hour, "--raw", raw, "--staged", staged, "--warehouse", database]).seconds

    new, old = [], []
    load(hours[0], f"{folder}/ours/m.db")
    for before, hour in zip(hours, hours[1:]):
        load(before, f"{folder}/next/{hour}/m.db")  # makes the tables, which is not what is asked
        new.append(load(hour, f"{folder}/next/{hour}/m.db"))
        old.append(load(hour, f"{folder}/ours/m.db"))
    return {"new": statistics.median(new), "old": statistics.median(old)}


def size(pattern):
    return sum(os.path.getsize(path) for path in glob.glob(pattern, recursive=True))


def machine(limit):
    processor = platform.processor() or platform.machine()
    if os.path.exists("/proc/cpuinfo"):
        with open("/proc/cpuinfo") as file:
            names = [line.split(":")[1].strip() for line in file if line.startswith("model name")]
        processor = names[0] if names else processor
    versions = subprocess.check_output([PYTHON, "-c", "import duckdb, orjson, platform, sqlite3; print("
        "platform.python_version(), sqlite3.sqlite_version, orjson.__version__, duckdb.__version__)"]).decode().split()
    return {
        "processor": processor, "cores": os.cpu_count(), "system": f"{platform.system()} {platform.release()}",
        "sqlite": limit["sqlite"], "libdeflate": limit["libdeflate"], "isal": limit["isal"],
        **dict(zip(("python", "python_sqlite", "orjson", "duckdb"), versions))}


def measure():
    runs, folder = rounds()
    limits = [json.loads(run.output) for run in runs["limit"]]
    result = {
        "days": DAYS, "rounds": ROUNDS, "machine": machine(limits[0]),
        "json_bytes": limits[0]["raw_bytes"], "raw_bytes": size(RAW + "/**/*.gz"), "rows": limits[0]["rows"],
        "tickers": ask(f"{folder}/ours/m.db", "SELECT count(*) FROM ticker")[0][0],
        "staged_bytes": size(f"{folder}/ours/staged/**/*.gz"), "warehouse_bytes": size(f"{folder}/ours/m.db"),
        "runs": median_of(runs, limits),
        "limit_alone": {key: statistics.median(one[key] for one in limits)
                        for key in ("inflate_s", "deflate_s", "insert_s")},
    }
    say("the stages alone, questions, memory, start-up, the next hour")
    os.makedirs(f"{folder}/stages")
    result["stages"] = json.loads(Run([f"{BIN}/stages", "--raw", RAW, "--output", f"{folder}/stages"]).output)
    result["queries"] = json.loads(Run(
        [PYTHON, f"{PEERS}/queries.py", "--warehouse", f"{folder}/ours/m.db", "--parquet", f"{folder}/parquet"]).output)
    result["peak_mb_of_a_day"] = memory_of_a_day(folder)
    result["start_up_ms"] = {program: start_up(program) for program in ("transform", "load")}
    result["next_hour_ms"] = next_hours(folder)
    shutil.rmtree(folder)
    return result


# MARK: - The table

def ratios(result):
    seconds = {name: run["seconds"] for name, run in result["runs"].items()}
    ours = seconds["warehouse, 2 jobs"]
    yield "Python / ours", seconds["warehouse, Python"] / ours, "raw to warehouse, two cores each"
    yield "DuckDB / ours", seconds["warehouse, DuckDB"] / ours, "it makes tickers only, and no staged files"
    yield "ours / limit", ours / seconds["limit"], "it reads no JSON, and seals nothing"
    yield "Python / ours", seconds["staged, Python"] / seconds["staged, 2 jobs"], "raw to staged"


def report(result):
    megabytes, tickers = result["json_bytes"] / 1e6, result["tickers"]
    days = "1 day" if result["days"] == 1 else f"{result['days']} days"
    print(f"{days} of {len(ARCHIVED)} exchanges, full markets: {megabytes:.0f} MB of JSON, {result['rows']} rows, {tickers} of them tickers;")
    print(f"medians of {result['rounds']} on {result['machine']['cores']} cores of {result['machine']['processor']}\n")
    for name, ratio, note in ratios(result):
        print(f"  {name:18} {ratio:8.2f}   {note}")

    print(f"\n  {'':18} {'seconds':>8} {'MB/s':>7} {'tickers/s':>10} {'CPU s':>7} {'peak MB':>8}")
    for name, run in result["runs"].items():
        seconds = run["seconds"]
        whole = f" {run['cpu_seconds']:7.2f} {run['peak_mb']:8.0f}" if "peak_mb" in run else ""
        print(f"  {name:18} {seconds:8.2f} {megabytes / seconds:7.0f} {tickers / seconds:10.0f}{whole}")

    limits = {"inflate": "inflate_s", "print and deflate": "deflate_s", "load": "insert_s"}
    print(f"\n  {'one core, alone':18} {'seconds':>8} {'MB/s':>7} {'limit s':>10} {'ratio':>7}")
    for stage in result["stages"]:
        limit = result["limit_alone"].get(limits.get(stage["name"]))
        beside = f" {limit:10.2f} {stage['seconds'] / limit:7.2f}" if limit else ""
        print(f"  {stage['name']:18} {stage['seconds']:8.2f} {stage['bytes'] / 1e6 / stage['seconds']:7.0f}{beside}")

    print(f"\n  {'questions, warm':40} {'SQLite ms':>10} {'DuckDB ms':>10} {'rows':>6}")
    for row in result["queries"]:
        print(f"  {row['question']:40} {row['sqlite_ms']:10.2f} {row['duckdb_ms']:10.2f} {row['rows']:6}")

    peak, day = result["runs"]["warehouse, 2 jobs"]["peak_mb"], result["peak_mb_of_a_day"]
    new, old = result["next_hour_ms"]["new"], result["next_hour_ms"]["old"]
    print("\n  bytes a ticker     " + ", ".join(
        f"{name} {result[name + '_bytes'] / tickers:.0f}" for name in ("raw", "staged", "warehouse")))
    print(f"  peak memory        {day:.0f} MB of 1 day, {peak:.0f} MB of {days}")
    print("  start-up           " + ", ".join(f"{name} {ms:.1f} ms" for name, ms in result["start_up_ms"].items()))
    print(f"  loading an hour    {new:.0f} ms behind one hour, {old:.0f} ms behind {days} ({old / new:.2f} x)")


def against_earlier():
    flags = (os.environ.get("PEER_FLAGS") or "-c release").split()
    figures = earlier.measure(PEER, flags, RAW, DAYS, ROUNDS, WORK, sys.modules[__name__])
    earlier.write(figures, f"{WORK}/peer.json")
    earlier.report(figures)


def against_others():
    prepare()
    figures = measure()
    with open(f"{WORK}/result.json", "w") as file:
        json.dump(figures, file, indent=2)
    report(figures)


if __name__ == "__main__":
    if ONLY not in (None, "", "peer"):
        earlier.fail(f"ONLY={ONLY}: there is peer alone")
    if ONLY and not PEER:
        earlier.fail("ONLY=peer goes with PEER=<commit>")
    if PEER:
        earlier.commit_of(PEER)
    make_archive()
    if PEER:
        against_earlier()
    if not ONLY:
        against_others()
