"""What the parts of `make bench` share: what was asked for, the folders, runs of programs, medians and ratios."""
import atexit
import datetime
import fcntl
import functools
import glob
import gzip
import json
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time

from peers.exchanges import EXCHANGES, LATER

BIN = ".build/release"
PEERS = "Tests/Benchmarks/peers"
WORK = ".build/bench"
FIRST = datetime.date(2025, 6, 1)
CLOCKS = {"wall": "seconds", "CPU": "cpu"}
# What goes wrong with one candidate or part is said at once; the others go on, and this is how all of it ends.
WRONG, OTHER_ROWS, USAGE = 1, 65, 64
complaints = []
PEER_PARTS = {"jobs", "python", "duckdb", "limit", "stages", "questions"}
# The parts of this run, by name.
chosen_parts = []


class Failure(Exception):
    """What failed or is missing, in a line that says what to do where that is known, and the exit status."""

    def __init__(self, text, status=WRONG):
        super().__init__(text)
        self.status = status


def asked(name, usual):
    """A number of the command line: DAYS, ROUNDS."""
    text = os.environ.get(name) or str(usual)
    if not text.isdecimal() or int(text) < 1:
        raise Failure(f"{name}={text} is no number from 1 on", USAGE)
    return int(text)


def say(text):
    if sys.stderr.isatty():
        print(text, file=sys.stderr)


def complain(text, status=WRONG):
    print(f"bench: {text}", file=sys.stderr)
    complaints.append(status)


def exit_status():
    return OTHER_ROWS if OTHER_ROWS in complaints else complaints[0] if complaints else 0


def counted(number, word):
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


# MARK: - Folders

def begin():
    """Takes the place for this run alone: two at once would time each other. What a killed run left is removed."""
    os.makedirs(WORK, exist_ok=True)
    lock = open(f"{WORK}/lock", "a")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise Failure("another make bench runs in this checkout", 75) from None
    for pattern in ("run-*", "round-*", "peer-[0-9]*", "*.part"):
        for left in glob.glob(f"{WORK}/{pattern}"):
            shutil.rmtree(left, ignore_errors=True)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda number, _: sys.exit(128 + number))
    return lock


@functools.lru_cache(maxsize=None)
def run_folder():
    """The folder of this run, which is removed at its end."""
    path = os.path.abspath(f"{WORK}/run-{os.getpid()}")
    os.makedirs(path)
    atexit.register(shutil.rmtree, path, ignore_errors=True)
    return path


def folder(name):
    """A new folder of this run."""
    path = f"{run_folder()}/{name}"
    os.makedirs(path)
    return path


def size(pattern):
    return sum(os.path.getsize(path) for path in glob.glob(pattern, recursive=True) if os.path.isfile(path))


# MARK: - Runs

class Run:
    """A finished process: seconds by the wall and of the processors, and the most memory of one process.

    The processors' seconds are the user's and the system's, of the process and of the children for which it waited. The
    memory is at least what this process has taken: Linux counts what a child was before it became the program."""

    def __init__(self, command, environment=None, cwd=None):
        os.sync()
        with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
            start = time.perf_counter()
            try:
                process = subprocess.Popen(
                    command, stdout=output, stderr=errors, cwd=cwd, env={**os.environ, **(environment or {})},
                    start_new_session=True)
            except OSError as error:
                raise Failure(f"{command[0]} cannot be run: {error.strerror}: make build") from None
            try:
                _, status, usage = os.wait4(process.pid, 0)
            except BaseException:
                os.killpg(process.pid, signal.SIGKILL)
                raise
            self.seconds = time.perf_counter() - start
            process.returncode = code = os.waitstatus_to_exitcode(status)
            self.cpu = usage.ru_utime + usage.ru_stime
            self.megabytes = usage.ru_maxrss / (1024 if sys.platform == "linux" else 1 << 20)
            output.seek(0)
            self.output = output.read().decode()
            if code:
                errors.seek(0)
                lines = errors.read().decode(errors="replace").split("\n")
                why = next((line.strip() for line in reversed(lines) if line.strip()), "without a word")
                raise Failure(f"{' '.join(command[:3])} … ended with {code}: {why}", OTHER_ROWS if code == 65 else WRONG)


class Turn:
    """One turn of a question, by both clocks, in whatever unit it was measured."""

    def __init__(self, times):
        self.seconds, self.cpu = times


# MARK: - Ratios

def spread(over, under):
    """The ratio of two medians, and the lowest and highest ratio of a turn; None where nothing took any time."""
    turns = [a / b for a, b in zip(over, under) if b > 0]
    below = statistics.median(under)
    if not turns or below <= 0:
        return None
    return {"ratio": statistics.median(over) / below, "lowest": min(turns), "highest": max(turns)}


def compared(name, note, over, under):
    """Two lists of runs, a turn at the same place, by both clocks: the wall's and the processors'."""
    return {"name": name, "note": note} | {
        clock: spread([getattr(run, field) for run in over], [getattr(run, field) for run in under])
        for clock, field in CLOCKS.items()}


def ratio_cells(row):
    for clock in CLOCKS:
        one = row[clock]
        yield f"{one['ratio']:7.2f}  ({one['lowest']:.2f} to {one['highest']:.2f})" if one else "      -"


def print_ratios(rows, width=22):
    print(f"  {'':{width}} {'wall':>7}  {'(turns)':16} {'CPU':>7}  {'(turns)':16}")
    for row in rows:
        wall, processors = ratio_cells(row)
        print(f"  {row['name']:{width}} {wall:25} {processors:25} {row['note']}".rstrip())


def figures_of(rows):
    """The ratios by name, as the history keeps them."""
    return {f"{row['name']}{of_note(row)}, {clock}": round(row[clock]["ratio"], 4)
            for row in rows for clock in CLOCKS if row[clock]}


def of_note(row):
    return f", {row['kind']}" if "kind" in row else ""


def middle(runs, field):
    """The median of one field of all runs."""
    return statistics.median(getattr(run, field) for run in runs)


# MARK: - The archive

class Archive:
    """Days of the full markets of some exchanges, made once and kept below WORK."""

    def __init__(self, exchanges, days, without_later):
        self.exchanges, self.days, self.without_later = list(exchanges), days, without_later
        self.first, self.last = FIRST, FIRST + datetime.timedelta(days=days - 1)
        self.raw = f"{WORK}/raw-{days}-of-{len(self.exchanges)}"

    def simulate(self, output, *span):
        Run([f"{BIN}/exchange-simulator", "--archive", *span, "--size", "full", "--output", output,
             "--exchanges", ",".join(self.exchanges)])

    def make(self):
        if not os.path.isdir(self.raw):
            say(f"{counted(self.days, 'day')} of the full markets …")
            self.simulate(self.raw + ".part", str(self.first), "--days", str(self.days))
            if self.without_later:
                leave_out_later(self.raw + ".part")
            os.rename(self.raw + ".part", self.raw)
        return self

    def hours(self):
        """All hours, as the programs write them."""
        return hours_from(self.first, 24 * self.days)

    def next_hours(self, count):
        """Hours behind the last day."""
        return hours_from(self.last + datetime.timedelta(days=1), count)

    def title(self):
        return f"{counted(self.days, 'day')} of {counted(len(self.exchanges), 'exchange')}, full markets"


def hours_from(day, count):
    start = datetime.datetime.combine(day, datetime.time())
    return [(start + datetime.timedelta(hours=hour)).strftime("%Y-%m-%dT%H") for hour in range(count)]


def leave_out_later(raw):
    """Removes the responses of endpoints that the peers cannot read."""
    for exchange, endpoints in LATER.items():
        for path in glob.glob(f"{raw}/*/*/{exchange}.ndjson.gz"):
            with gzip.open(path) as file:
                lines = [line for line in file if json.loads(line)["endpoint"] not in endpoints]
            with gzip.open(path, "wb", compresslevel=6) as file:
                file.writelines(lines)


def exchanges_of(checkout):
    """The exchanges of a checkout, from its settings."""
    with open(f"{checkout}/pipeline/config.env") as file:
        lines = [line.strip() for line in file if line.startswith("EXCHANGES=")]
    return lines[0].removeprefix("EXCHANGES=").split(",")


def pinned(requirements):
    """The packages that a file of requirements pins, with their versions; words behind them are not a part."""
    with open(requirements) as file:
        lines = [line.split("#")[0].split(";")[0].strip() for line in file]
    return dict(line.split("==") for line in lines if "==" in line)


def is_for_peers():
    """Whether this run has a part whose archive is what the peers can read: the other parts then take the same one."""
    return bool(PEER_PARTS.intersection(chosen_parts))


def exchanges():
    """The exchanges of this run's archive: those that the peers can read, or all."""
    return EXCHANGES if is_for_peers() else exchanges_of(".")


@functools.lru_cache(maxsize=None)
def archive():
    """The archive of DAYS (4) of this run's exchanges, made where it is not there yet."""
    return Archive(exchanges(), asked("DAYS", 4), is_for_peers()).make()


def reprocess(raw, target, jobs="2"):
    return [f"{BIN}/reprocess", "--raw", raw, "--staged", f"{target}/staged", "--warehouse", f"{target}/m.db", "--jobs", jobs]


@functools.lru_cache(maxsize=None)
def warehouse():
    """The whole archive in a warehouse, made once a run by our programs: to be copied, not changed."""
    target = folder("warehouse")
    say("the archive into a warehouse")
    Run(reprocess(archive().raw, target))
    return f"{target}/m.db"
