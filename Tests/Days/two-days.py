#!/usr/bin/env python3
"""Two simulated days of `make hourly`, as a schedule runs it, with what goes wrong on the way in the life of a machine.

    make test-days                            # some minutes
    make test-days ARGS='--keep /tmp/left'    # and what the days left

Two folders of data live through the same hours at the same time, on the same simulated exchanges. One is left in peace.
In the other, whose .env was written on Windows, extract and load are stopped while they write and go on an hour later,
the disk is full, and a reader holds a transaction open for hours. In the end both hold the same: no hour is lost, the
tables are equal, each alert was sent once, every run ended as documented, and no secret stands in any output or file.
Linux, loopback only. Time is simulated; what hangs is ended after five minutes and is a failure.
"""
import argparse, concurrent.futures, contextlib, http.server, json, os, resource, shutil, signal, sqlite3, subprocess
import sys, tempfile, threading, time
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
HOURS = [f"2025-10-{22 + place // 24}T{place % 24:02}" for place in range(48)]
# What happens in which hour of the disturbed folder. The first day is too short a history for alerts, the second is not.
STOPPED = {3: "extract", 6: "load", 25: "extract", 32: "load"}  # until the next hour
FULL_AT_FIRST = {10, 30}  # there is room again later in the hour, when somebody makes it and runs make again
FULL_LATER = {13, 36}  # from extract on until the next hour
READING = {15: 20, 22: 29}  # a transaction from one hour to another
OWN = {*FULL_AT_FIRST, *FULL_LATER, *READING, *READING.values()}
SLOW = [f"okx * hour={HOURS[place]} -> delay 0.2" for place, program in STOPPED.items() if program == "extract"]
PATIENCE = 300  # seconds after which a run hangs
WEBHOOK, HEALTH = "whsecret-5b1f0c", "hcsecret-9d42e7"  # parts of addresses that no output may show
# Columns that hold when our machine heard of it, or what hangs on that: the bytes of files.
CLOCKS = {"observed_at_ms", "observed_from_ms", "observed_to_ms", "raw_sha256", "staged_sha256"}
COMPARED = """exchange hour instrument ticker long_short liquidation liquidation_total spot_ticker funding_settlement
    rejection exchange_hour exchange_summary exchange_class_summary market_summary model_score liquidation_summary
    market_liquidation""".split()


class Receiver(http.server.ThreadingHTTPServer):
    """Takes the messages of a webhook and the calls of a healthcheck, and keeps them."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.messages, self.pings = [], []
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def address(self):
        return f"http://127.0.0.1:{self.server_port}"


class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.messages += [embed for embed in json.loads(body)["embeds"]]
        self.answer(200, json.dumps({"id": str(len(self.server.messages))}).encode())

    def do_GET(self):
        self.server.pings.append(self.path.rsplit("/", 1)[-1])
        self.answer(200, b"OK")

    def answer(self, status, body):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Run:
    """A `make` in the background, and what it says."""

    def __init__(self, folder, arguments, limit=None):
        self.process = subprocess.Popen(
            ["make", "-C", TOP, f"BIN={folder.bin}", f"DATA={folder.path}", *arguments], env=folder.environment,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
            preexec_fn=limit)
        folder.runs.append(self)

    def end(self):
        """Status and output; None for what hangs, which is ended."""
        try:
            return self.ended(PATIENCE)
        except subprocess.TimeoutExpired:
            self.kill()
            return None, self.ended(PATIENCE)[1]

    def kill(self):
        """Ends make and all that it started, also what is stopped."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)

    def ended(self, patience):
        text = self.process.communicate(timeout=patience)[0].decode(errors="replace")
        return self.process.returncode, text


class Folder:
    """A folder of data, the messages that it sent, and what was wrong in it."""

    def __init__(self, name, path, bin, simulator, line_end="\n"):
        self.name, self.path, self.bin = name, path, bin
        self.receiver, self.problems, self.outputs, self.statuses, self.runs = Receiver(), [], [], {}, []
        self.stops = 0
        settings = {
            "PERPS_BASE_URL": simulator + "/{hour}/{exchange}", "FOCUS_ASSETS": "BTC", "ALERT_TIERS": "1,2,3",
            "DISCORD_WEBHOOK_URL": f"{self.receiver.address}/api/webhooks/1/{WEBHOOK}",
            "HEALTHCHECK_URL": f"{self.receiver.address}/{HEALTH}"}
        lines = "".join(f"{name}={value}{line_end}" for name, value in settings.items())
        path.joinpath(".env").write_bytes(lines.encode())
        kept = ("PATH", "HOME", "TMPDIR", "LANG")
        self.environment = {name: os.environ[name] for name in kept if name in os.environ} | {"NO_COLOR": "1"}

    @property
    def database(self):
        return self.path / "warehouse/market_history.db"

    def expect(self, true, text):
        if not true:
            self.problems.append(text)

    def start(self, place, goal="hourly", minute=2, limit=None):
        clock = [f"NOW={HOURS[place]}:{minute:02}:00Z"] if goal == "hourly" else []
        return Run(self, [goal, f"HOUR={HOURS[place]}", *clock], limit)

    def finish(self, run, place, says=None):
        """The run ends well, or where it should fail, with what it says."""
        status, text = run.end()
        self.outputs.append(text)
        self.statuses[status] = self.statuses.get(status, 0) + 1
        good = status == 0 if says is None else status == 2 and says in text and "Error 74" in text
        self.expect(status is not None, f"{HOURS[place]} hangs")
        self.expect(good, f"{HOURS[place]} ends with {status} for {says or 0}: {text.strip()[-600:]}")

    def hour(self, place, **how):
        self.finish(self.start(place, **how), place)


def processes(folder, program, hour):
    """Of a program that works in a folder on an hour."""
    found = []
    for entry in Path("/proc").iterdir():
        with contextlib.suppress(OSError):  # it may have ended meanwhile
            if entry.name.isdigit() and Path(os.readlink(entry / "cwd")) == folder.path:
                words = (entry / "cmdline").read_bytes().decode(errors="replace").split("\0")
                if Path(words[0]).name == program and hour in words:
                    found.append(int(entry.name))
    return found


def writes(folder, program, place):
    """Whether a program has begun to write: a raw file of the hour, or a transaction."""
    if program == "extract":
        return any((folder.path / "raw" / HOURS[place].replace("T", "/")).glob("*.ndjson.gz"))
    log = Path(f"{folder.database}-wal")
    return log.exists() and log.stat().st_size > 0


def stop(folder, program, place, run):
    """Stops a program, and those that it started, while it writes; none when it was too quick."""
    while run.process.poll() is None:
        if processes(folder, program, HOURS[place]) and writes(folder, program, place):
            found = processes(folder, program, HOURS[place])
            for process in found:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(process, signal.SIGSTOP)
            # One of them may just have been ending.
            while any(state(process) not in "TZ" for process in found):
                time.sleep(0.01)
            return [process for process in found if state(process) == "T"]
    return []


def stopped(folder, program, place):
    """An hour in which a program stands still, and the next one, at whose end it goes on. False: it was too quick."""
    first = folder.start(place)
    held = stop(folder, program, place, first)
    if held:
        second = folder.start(place + 1)
        # load of the next hour waits for the one that is stopped; behind an extract, the next hour goes through.
        while second.process.poll() is None and not (program == "load" and processes(folder, "load", HOURS[place + 1])):
            time.sleep(0.02)
        folder.expect(all(state(process) == "T" for process in held), f"{HOURS[place]}: {program} did not stay stopped")
        for process in held:
            os.kill(process, signal.SIGCONT)
    folder.finish(first, place)
    if held:
        folder.finish(second, place + 1)
        folder.stops += 1
    return bool(held)


def state(process):
    """`T` of a process that is stopped, `Z` of one that is none any more."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0]
    return "Z"


@contextlib.contextmanager
def full_disk(folder, has_disk):
    """No byte can be written: the folder's own small disk is filled, or files may not grow."""
    if not has_disk:
        def limit():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
        yield limit
        return
    ballast = folder.path / "ballast"
    with open(ballast, "wb", buffering=0) as file, contextlib.suppress(OSError):
        for size in (1 << 20, 1):
            with contextlib.suppress(OSError):
                while True:
                    file.write(bytes(size))
    yield None
    ballast.unlink()


def full(folder, place, has_disk):
    """A disk without room: nothing of the hour is kept, or nothing is made of it. Later all is as if it had not been."""
    says = "cannot write" if place in FULL_AT_FIRST else "transform: staged/"
    if place in FULL_LATER:
        folder.hour(place, goal="extract")
    with full_disk(folder, has_disk) as limit:
        folder.finish(folder.start(place, limit=limit), place, says)
    left = [path.name for path in folder.path.rglob("*.tmp")]
    folder.expect(not left, f"{HOURS[place]}: a full disk left {left}")
    if place in FULL_AT_FIRST:
        folder.hour(place, minute=40)


class Reader:
    """Whoever looks at the warehouse and forgets to end."""

    def __init__(self, folder):
        self.folder = folder
        self.database = sqlite3.connect(f"file:{folder.database}?mode=ro", uri=True, isolation_level=None)
        self.database.execute("BEGIN")
        self.seen = self.look()

    def look(self):
        return self.database.execute("SELECT count(*), sum(mark_price) FROM tickers").fetchall()

    def end(self):
        self.folder.expect(self.look() == self.seen, "a reader's transaction saw another state")
        self.database.close()


def disturb(folder, has_disk):
    """The two days with all that happens."""
    reader, place, due = None, 0, []
    while place < len(HOURS):
        if place in READING:
            reader = Reader(folder)
        if reader and place in READING.values():
            reader = reader.end()
        due += [STOPPED[place]] if place in STOPPED else []
        if place in FULL_AT_FIRST | FULL_LATER:
            full(folder, place, has_disk)
        elif due and not {place, place + 1} & OWN:
            if stopped(folder, due[0], place):
                place += 1
                due.pop(0)
        else:
            folder.hour(place)
        place += 1
    folder.expect(not due, f"{due} could not be stopped while they wrote")


def rows(path):
    """Of each table that is made from raw: all rows, without what hangs on our clock."""
    found = {}
    with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
        for name in COMPARED:
            columns = [row[1] for row in database.execute(f"PRAGMA table_info({name})") if row[1] not in CLOCKS]
            source = f"{name} JOIN listing USING (listing_id)" if "listing_id" in columns else name
            if source != name:
                columns = ["exchange_id", "symbol"] + [
                    column for column in columns if column not in ("listing_id", "exchange_id", "symbol")]
            found[name] = sorted(database.execute(f"SELECT {', '.join(columns)} FROM {source}").fetchall(), key=repr)
        found["sound"] = database.execute("PRAGMA integrity_check").fetchall()
    return found


def compare(peace, trouble):
    mine, other = rows(trouble.database), rows(peace.database)
    for name in mine:
        differing = [row for row in mine[name] if row not in set(other[name])] if mine[name] != other[name] else []
        trouble.expect(mine[name] == other[name],
                       f"{name}: {len(mine[name])} rows, {len(other[name])} in peace; {str(differing[:2])[:600]}")
    return sum(len(table) for table in mine.values()) - 1


def look_at_hours(folder):
    """No hour is lost, and what is there is what raw says."""
    gaps = subprocess.run([folder.bin / "report", "gaps", "--json"], cwd=folder.path, capture_output=True, text=True)
    folder.expect(gaps.returncode == 0 and not json.loads(gaps.stdout)["gaps"], f"gaps: {gaps.stdout[:400]}")
    with contextlib.closing(sqlite3.connect(f"file:{folder.database}?mode=ro", uri=True)) as database:
        sealed = database.execute("SELECT count(*) FROM market_snapshots").fetchone()[0]
        loaded = database.execute("SELECT count(*) FROM exchange_snapshots").fetchone()[0]
    folder.expect(sealed == len(HOURS), f"{sealed} hours are sealed")
    folder.expect(loaded == 8 * len(HOURS), f"{loaded} hours of exchanges are there")
    status, text = Run(folder, ["prove"]).end()
    folder.outputs.append(text)
    folder.expect(status == 0, f"prove ends with {status}: {text[-300:]}")


def look_at_alerts(folder):
    """Each alert was sent once, and none waits. Returns what was sent."""
    with contextlib.closing(sqlite3.connect(f"file:{folder.database}?mode=ro", uri=True)) as database:
        stored = database.execute("SELECT key, hour, reason, state, alert_id FROM alert_outbox").fetchall()
    for key, hour, reason, state, _ in stored:
        folder.expect(state == "delivered", f"alert {key} of {hour}, {reason}, is {state}")
    footers = [message["footer"]["text"] for message in folder.receiver.messages]
    ids = [next((row[4] for row in stored if row[4][:8] in footer), footer) for footer in footers]
    folder.expect(sorted(ids) == sorted(row[4] for row in stored), f"sent: {sorted(footers)}; stored: {stored}")
    return sorted(row[:3] for row in stored)


def look_for_secrets(folder):
    for text in folder.outputs:
        folder.expect(not any(secret in text for secret in (WEBHOOK, HEALTH)), f"a secret is shown: {text[:200]}")
    for path in folder.path.rglob("*"):
        if path.is_file() and path.name != ".env":
            content = path.read_bytes()
            folder.expect(not any(secret.encode() in content for secret in (WEBHOOK, HEALTH)), f"a secret is in {path}")


def mount(path):
    """Whether the folder has a small disk of its own, which takes root."""
    tried = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", path], capture_output=True)
    return tried.returncode == 0


@contextlib.contextmanager
def simulator(bin, top):
    ready = top / "ready"
    slow = [word for rule in SLOW for word in ("--fault", rule)]
    process = subprocess.Popen([bin / "exchange-simulator", "--port", "0", "--ready-file", ready, *slow],
                               stdout=subprocess.DEVNULL)
    try:
        while not (ready.exists() and ready.read_text().strip()) and process.poll() is None:
            time.sleep(0.05)
        yield ready.read_text().strip()
    finally:
        process.terminate()
        process.wait()


def live(top, bin, keep, may_mount):
    """Lives through the days, and says how they were."""
    paths, folders = [top / "peace", top / "trouble"], []
    for path in paths:
        path.mkdir()
    has_disk = may_mount and mount(paths[1])
    print("the disk: " + ("a small one that is filled" if has_disk else
                          "a limit on the size of files in place of a full one, which takes root"))
    try:
        with simulator(bin, top) as address, concurrent.futures.ThreadPoolExecutor() as pool:
            peace = Folder("peace", paths[0], bin, address)
            trouble = Folder("trouble", paths[1], bin, address, line_end="\r\n")
            folders = [peace, trouble]
            for done in [pool.submit(disturb, trouble, has_disk), pool.submit(
                    lambda: [peace.hour(place) for place in range(len(HOURS))])]:
                done.result()
            return judge(peace, trouble)
    finally:
        for run in [run for folder in folders for run in folder.runs]:
            run.kill()
        if keep:
            for folder in folders:
                top.joinpath(f"{folder.name}.log").write_text("".join(folder.outputs))
            shutil.copytree(top, keep, symlinks=True, dirs_exist_ok=True)
        if has_disk:
            subprocess.run(["umount", paths[1]], check=True)


def judge(peace, trouble):
    sent = []
    for folder in (peace, trouble):
        look_at_hours(folder)
        sent.append(look_at_alerts(folder))
        look_for_secrets(folder)
        statuses = ", ".join(f"{count} with {status}" for status, count in folder.statuses.items())
        pings = {ping: folder.receiver.pings.count(ping) for ping in ("start", HEALTH, "fail")}
        print(f"{folder.name}: runs: {statuses}; healthcheck: {' '.join(map(str, pings.values()))}; "
              f"{len(folder.receiver.messages)} alerts sent; {folder.stops} stops")
    more, less = ([row for row in sent[a] if row not in sent[1 - a]] for a in (1, 0))
    trouble.expect(sent[0] == sent[1], f"alerts differ: only in trouble {more}, only in peace {less}")
    print(f"{compare(peace, trouble)} rows of {len(COMPARED)} tables compared")
    problems = [f"{folder.name}: {problem}" for folder in (peace, trouble) for problem in folder.problems]
    for problem in problems:
        print(f"FAIL  {problem}")
    return problems


def main():
    parser = argparse.ArgumentParser(description="Two simulated days with faults on the way.")
    parser.add_argument("--bin", default=".build/release")
    parser.add_argument("--keep", help="a folder for what the days left")
    parser.add_argument("--limit", action="store_true", help="a limit on the size of files even for root")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # the disk and the simulator go
    bin = Path(options.bin).resolve()
    with tempfile.TemporaryDirectory(prefix="days-") as top:
        problems = live(Path(top), bin, options.keep, not options.limit)
    print("the days differ" if problems else "both days are equal: nothing is lost")
    sys.exit(65 if problems else 0)


main()
