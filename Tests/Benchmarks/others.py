"""Raw to warehouse against Python, DuckDB and the limit, on what all of them can read (peers/exchanges.py).

ROUNDS (3) rounds alternate between all candidates. What the peers make is compared with ours before any time is printed: the
times of one that made something else are not. A candidate that fails is left out of what follows; the others go on.
"""
import json
import os
import shutil
import subprocess
import sys

import compare
import frame
from frame import OTHER_ROWS, PEERS, WORK, Failure, Run, compared, complain, say

PYTHON = f"{WORK}/venv/bin/python"
REQUIREMENTS = f"{PEERS}/requirements.txt"
OURS = "warehouse, 2 jobs"
# DuckDB gives large blocks back to the system again and again, unless malloc is told to keep them.
KEEPING = {
    "MALLOC_MMAP_THRESHOLD_": "4294967296", "MALLOC_TRIM_THRESHOLD_": "4294967296", "MALLOC_TOP_PAD_": "67108864"}
# What each part of `make bench` runs beside ours.
CANDIDATES = {
    "jobs": ("warehouse, 1 job", "staged, 2 jobs", "staged, 1 job"), "python": ("warehouse, Python", "staged, 2 jobs", "staged, Python"),
    "duckdb": ("warehouse, DuckDB",), "limit": ("limit",), "stages": (), "questions": ()}


# MARK: - What the candidates need

def has_peers():
    """Whether the environment is there with just these versions; one that is half made is not."""
    if not os.path.exists(PYTHON):
        return False
    asked = "from importlib.metadata import version; import sys, duckdb, orjson; print(*map(version, sys.argv[1:]))"
    done = subprocess.run([PYTHON, "-c", asked, *frame.pinned(REQUIREMENTS)], capture_output=True, text=True)
    return done.stdout.split() == list(frame.pinned(REQUIREMENTS).values())


def last_line(text):
    return (text.strip().split("\n") or [""])[-1].strip() or "without a word"


def make_environment():
    if has_peers():
        return
    say(f"{' and '.join(f'{name} {version}' for name, version in frame.pinned(REQUIREMENTS).items())} from PyPI …")
    done = subprocess.run([sys.executable, "-m", "venv", "--clear", f"{WORK}/venv"], capture_output=True, text=True)
    if done.returncode:
        raise Failure(f"python3 -m venv fails (apt-get install python3-venv, where that is apart): {last_line(done.stdout + done.stderr)}")
    done = subprocess.run([PYTHON, "-m", "pip", "--disable-pip-version-check", "install", "-q", "-r", REQUIREMENTS],
                          capture_output=True, text=True)
    if done.returncode:
        raise Failure(f"pip cannot install {REQUIREMENTS}; it needs PyPI, or what PIP_INDEX_URL names: {last_line(done.stderr)}")


def make_limit():
    command = ["cc", "-O2", "-o", f"{WORK}/limit", f"{PEERS}/limit.c", "-lsqlite3", "-ldeflate", "-lisal", "-lpthread"]
    try:
        done = subprocess.run(command, capture_output=True, text=True)
    except OSError:
        raise Failure("there is no C compiler cc: apt-get install gcc, and make setup for the libraries") from None
    if done.returncode:
        wrong = [line for line in done.stderr.split("\n") if "error" in line]
        raise Failure(f"cc cannot make the limit; make setup brings the libraries: {(wrong or ['without a word'])[0].strip()}")


def able(parts):
    """The chosen parts that have what they need; of the others it is said what is missing."""
    left = set(parts)
    for make, needing in ((make_environment, {"python", "duckdb", "questions"}), (make_limit, {"limit"})):
        if left & needing:
            try:
                make()
            except Failure as failure:
                complain(f"without {', '.join(sorted(left & needing))}: {failure}", failure.status)
                left -= needing
    return left


# MARK: - Rounds

def commands(archive, folder):
    """What is timed, by name: a command, and what its environment has in addition."""
    def transform(jobs):
        return [f"{frame.BIN}/transform", "--from", f"{archive.first}T00", "--to", f"{archive.last}T23", "--raw", archive.raw,
                "--staged", f"{folder}/staged-{jobs}", "--jobs", jobs]

    def python(name, *more):
        return [PYTHON, f"{PEERS}/python_peer.py", "--raw", archive.raw, "--staged", f"{folder}/{name}/staged", "--jobs", "2",
                *more]

    return {
        OURS: (frame.reprocess(archive.raw, f"{folder}/ours"), None),
        "warehouse, 1 job": (frame.reprocess(archive.raw, f"{folder}/one", "1"), None),
        "warehouse, Python": (python(
            "python", "--warehouse", f"{folder}/python/m.db", "--migrations", "pipeline/sql/migrations"), None),
        "warehouse, DuckDB": ([PYTHON, f"{PEERS}/duckdb_peer.py", "--raw", archive.raw, "--database", f"{folder}/duck.db",
                               "--threads", "2"], KEEPING),
        "staged, 2 jobs": (transform("2"), None),
        "staged, 1 job": (transform("1"), None),
        "staged, Python": (python("python-staged"), None),
        "limit": ([f"{WORK}/limit", "--raw", archive.raw, "--staged", f"{folder}/ours/staged", "--warehouse",
                   f"{folder}/ours/m.db", "--output", f"{folder}/limit"], None)}


class LimitRun:
    """The limit's own clocks, which leave out its preparation: what the whole process takes says nothing."""

    def __init__(self, run):
        self.told = json.loads(run.output)
        self.seconds, self.cpu = self.told["seconds"], self.told["cpu_s"]


def one_round(archive, folder, names, runs):
    """Adds a run of each candidate; one that fails is taken out of `names` and `runs`. Without ours there is nothing to compare."""
    for name in ("ours", "one", "python", "python-staged"):
        os.makedirs(f"{folder}/{name}")
    for name, (command, environment) in commands(archive, folder).items():
        if name not in names:
            continue
        say(f"{os.path.basename(folder)}: {name}")
        try:
            run = Run(command, environment)
            runs.setdefault(name, []).append(LimitRun(run) if name == "limit" else run)
        except Failure as failure:
            if name == OURS:
                raise
            leave_out(name, failure, names, runs)


def leave_out(name, failure, names, runs):
    complain(f"{name} is left out: {failure}", failure.status)
    names.discard(name)
    runs.pop(name, None)


def rounds(archive, parts, number_of_rounds):
    """The runs of every candidate, and the folder with what the first round made."""
    names = {OURS}.union(*(CANDIDATES[part] for part in parts))
    runs = {}
    folders = [frame.folder(f"round {number + 1} of {number_of_rounds}") for number in range(number_of_rounds)]
    for folder in folders:
        one_round(archive, folder, names, runs)
        if folder == folders[0]:
            say("comparing")
            for name, why in compare.differences(folder, names, runs["limit"][0].told if "limit" in runs else None, PYTHON):
                leave_out(name, Failure(why, OTHER_ROWS), names, runs)
    # Removed at the end only: the file system's search for free places would slow the next run down.
    for folder in folders[1:]:
        shutil.rmtree(folder)
    return runs, folders[0]


# MARK: - Results

COMPARISONS = (
    ("Python / ours", "warehouse, Python", OURS, "raw to warehouse", "two cores each"),
    ("DuckDB / ours", "warehouse, DuckDB", OURS, "raw to warehouse", "it makes tickers only, and no staged files"),
    ("ours / limit", OURS, "limit", "raw to warehouse", "it reads no JSON, and seals nothing"),
    ("one job / two", "warehouse, 1 job", OURS, "raw to warehouse", ""),
    ("Python / ours", "staged, Python", "staged, 2 jobs", "raw to staged", ""),
    ("one job / two", "staged, 1 job", "staged, 2 jobs", "raw to staged", ""),
)


def ratios(runs):
    """Of those candidates that ran."""
    return [
        compared(name, f"{kind}: {note}" if note else kind, runs[over], runs[under]) | {"kind": kind}
        for name, over, under, kind, note in COMPARISONS if over in runs and under in runs]


def stages(archive, folder):
    os.makedirs(f"{folder}/stages")
    return json.loads(Run([f"{frame.BIN}/stages", "--raw", archive.raw, "--output", f"{folder}/stages"]).output)


def questions(folder):
    Run([PYTHON, f"{PEERS}/queries.py", "--warehouse", f"{folder}/ours/m.db", "--parquet", f"{folder}/parquet",
         "--result", f"{folder}/questions.json"])
    with open(f"{folder}/questions.json") as file:
        return json.load(file)


def attempt(name, measure, *arguments):
    """What a part measured; nothing where it failed, which is said."""
    try:
        return measure(*arguments)
    except Failure as failure:
        complain(f"{name}: {failure}", failure.status)
        return []


def sizes(archive, folder):
    tickers = compare.ask(f"{folder}/ours/m.db", "SELECT count(*) FROM ticker")[0][0]
    return {"tickers": tickers, "raw_bytes": frame.size(archive.raw + "/**/*.gz"),
            "staged_bytes": frame.size(f"{folder}/ours/staged/**/*.gz"), "warehouse_bytes": frame.size(f"{folder}/ours/m.db")}


# MARK: - The tables

def print_runs(runs, result):
    megabytes = result["limit"]["raw_bytes"] / 1e6 if result["limit"] else None
    print(f"\n  {'':18} {'seconds':>8} {'CPU s':>7} {'MB/s':>7} {'tickers/s':>10} {'peak MB':>8}")
    for name, all_runs in runs.items():
        seconds, cpu = (frame.middle(all_runs, field) for field in ("seconds", "cpu"))
        rate = f"{megabytes / seconds:7.0f}" if megabytes else f"{'-':>7}"
        peak = "" if name == "limit" else f" {max(run.megabytes for run in all_runs):8.0f}"
        print(f"  {name:18} {seconds:8.2f} {cpu:7.2f} {rate} {result['tickers'] / seconds:10.0f}{peak}")


def print_stages(rows, limit):
    alone = {"inflate": "inflate", "print and deflate": "deflate", "load": "insert"}
    print(f"\n  {'one core, alone':18} {'seconds':>8} {'CPU s':>7} {'MB/s':>7} {'limit s':>10} {'ratio':>7} {'CPU':>7}")
    for row in rows:
        beside = ""
        if limit and row["name"] in alone:
            seconds, cpu = limit[alone[row["name"]]]
            beside = f" {seconds:10.2f} {row['seconds'] / seconds:7.2f} {row['cpu'] / cpu:7.2f}"
        print(f"  {row['name']:18} {row['seconds']:8.2f} {row['cpu']:7.2f} {row['bytes'] / 1e6 / row['seconds']:7.0f}{beside}")


def question_ratios(rows):
    return [compared(row["question"], "", *([frame.Turn(times) for times in row[of]] for of in ("duckdb_ms", "sqlite_ms")))
            | {"kind": "DuckDB / SQLite"} for row in rows]


def print_questions(rows):
    print("\n  questions, warm: DuckDB / SQLite")
    frame.print_ratios(question_ratios(rows), 40)
    print(f"\n  {'milliseconds':40} {'SQLite':>8} {'CPU':>8} {'DuckDB':>8} {'CPU':>8} {'rows':>6}")
    for row in rows:
        cells = [frame.middle([frame.Turn(times) for times in row[of]], field)
                 for of in ("sqlite_ms", "duckdb_ms") for field in ("seconds", "cpu")]
        print(f"  {row['question']:40} " + " ".join(f"{cell:8.2f}" for cell in cells) + f" {row['rows']:6}")


def main():
    chosen = [part for part in frame.chosen_parts if part in CANDIDATES]
    parts = able(chosen)
    if not parts:
        return None
    archive, number_of_rounds = frame.archive(), frame.asked("ROUNDS", 3)
    runs, folder = rounds(archive, parts, number_of_rounds)
    limit = runs["limit"][0].told if "limit" in runs else None
    result = sizes(archive, folder) | {
        "title": archive.title(), "rounds": number_of_rounds, "limit": limit, "ratios": ratios(runs),
        "runs": {name: [{"seconds": run.seconds, "cpu": run.cpu} for run in all_runs] for name, all_runs in runs.items()},
        "stages": attempt("stages", stages, archive, folder) if "stages" in parts else [],
        "questions": attempt("questions", questions, folder) if "questions" in parts else []}
    shutil.rmtree(folder)
    with open(f"{WORK}/result.json", "w") as file:
        json.dump(result, file, indent=2)
    print(f"{result['title']}: {result['tickers']} tickers; medians of {number_of_rounds}" + "\n" * bool(result["ratios"]))
    if result["ratios"]:
        frame.print_ratios(result["ratios"])
    print_runs(runs, result)
    if result["stages"]:
        print_stages(result["stages"], limit)
    if result["questions"]:
        print_questions(result["questions"])
    a_ticker = {name: result[name + "_bytes"] / result["tickers"] for name in ("raw", "staged", "warehouse")}
    print("\n  bytes a ticker     " + ", ".join(f"{name} {size:.0f}" for name, size in a_ticker.items()))
    stage_figures = {f"{row['name']} alone, CPU s": round(row["cpu"], 3) for row in result["stages"]}
    return frame.figures_of(result["ratios"]) | frame.figures_of(question_ratios(result["questions"])) | stage_figures | {
        "ours, raw to warehouse, CPU s": round(frame.middle(runs[OURS], "cpu"), 3),
        "ours, raw to warehouse, peak MB": round(max(run.megabytes for run in runs[OURS])),
        "bytes a ticker, warehouse": round(a_ticker["warehouse"], 1)}
