#!/usr/bin/env python3
"""Fails, shortens or kills the programs at the N-th call of a kind, runs them again, and compares with undisturbed runs.

    make test-injected                                  # some faults of each program, two minutes
    make test-injected RUNS=2500 SEED=7                 # more of them
    make test-injected ARGS='--only load,restore'
    make test-injected ARGS='--one load-new:pwrite:EIO:at:17 --keep /tmp/left'   # one again, and what it left

Knows nothing of the programs but their options and statuses: inject.c stands between them and the system, and what they
made is compared as bytes of files and rows of tables. Linux, a C compiler, loopback only.
"""
import argparse, hashlib, marshal, multiprocessing, os, random, shutil, signal, sqlite3, struct, subprocess, sys, tempfile, time
from pathlib import Path

HERE = Path(__file__).resolve().parent
DATABASE = "warehouse/market_history.db"
FIRST, NEW, LAST = "2025-10-22T00", "2025-10-23T04", "2025-10-23T05"  # thirty hours: a rebuild commits after a day
NOW = "2025-10-23T06:02:00Z"

# Name: what it begins with, and the command. A rebuild over a live database finds rows that differ.
PROGRAMS = {
    "transform": ("raw", "transform --from 2025-10-22T00 --to 2025-10-22T03 --jobs 2"),
    "load-new": ("loaded", f"load --hour {LAST}"),
    "load-all": ("staged", f"load --from {FIRST} --to {LAST}"),
    "reprocess-span": ("all", "reprocess --from 2025-10-22T20 --to 2025-10-22T23 --force --now 1761199320000"),
    "reprocess-live": ("differs", "reprocess --now 1761199320000"),
    "reprocess-none": ("raw", "reprocess --now 1761199320000"),
    "prove": ("all", "reprocess --prove --now 1761199320000"),
    "restore": ("copied", f"report restore copy/copy.db --now {NOW}"),
    "backup": ("bare", f"report backup --output copy/copy.db --now {NOW}"),
    "retain": ("all", "retain --raw-days 1 --staged-days 1 --warehouse-days 1 --now 2025-10-24T03"),
    "alert": ("bare", f"alert --hour {LAST} --now {NOW}"),
    "check": ("bare", f"report check --all --now {NOW}"),
    "stats": ("bare", "report stats"),
}
# Whose tables are what they were or what they become, and nothing between, whenever they are looked at.
WHOLE = {"reprocess-live", "prove", "restore", "backup", "alert", "check", "stats"}

WRITING = ["EIO", "ENOSPC", "short", "kill-before", "kill-after"]
NAMING = ["EIO", "EACCES", "ENOSPC", "kill-before", "kill-after"]
FAULTS = {
    "read": ["EIO", "short"], "pread": ["EIO", "short"], "write": WRITING, "pwrite": WRITING,
    "sync": ["EIO", "ENOSPC", "kill-before", "kill-after"], "open": ["EACCES", "EMFILE", "ENOSPC", "EIO", "kill-after"],
    "rename": NAMING, "link": NAMING, "unlink": ["EIO", "EACCES", "kill-before", "kill-after"], "mkdir": NAMING,
    "truncate": ["EIO", "ENOSPC", "kill-before", "kill-after"], "flock": ["EIO", "ENOLCK"], "setlk": ["EIO"],
    "mmap": ["ENOMEM", "EACCES"],
}
ENDS = ("", "-wal", "-journal")  # of a database's files, as far as they hold rows
KINDS = ["read", "pread", "write", "pwrite", "sync", "open", "rename", "link", "unlink", "mkdir", "truncate", "flock",
         "setlk", "mmap"]  # in the order of inject.c


class Bench:
    """The programs, the library, and the folders that runs begin with, below one folder."""

    def __init__(self, bin, top):
        self.bin, self.top, self.library = Path(bin).resolve(), Path(top).resolve(), Path(top).resolve() / "inject.so"
        dropped = ("_proxy", "_PROXY")
        taken = ("EXCHANGES", "PACE", "OPTIONAL_ENDPOINTS", "DISCORD_WEBHOOK_URL", "SENTIMENT_MODEL", "ALERT_TIERS",
                 "RAW_DAYS", "STAGED_DAYS", "WAREHOUSE_DAYS", "PERPS_BASE_URL")
        self.environment = {name: value for name, value in os.environ.items()
                            if not name.endswith(dropped) and name not in taken}
        self.environment |= {"FOCUS_ASSETS": "BTC", "NO_COLOR": "1",
                             "EXCHANGES": "binance,okx,bybit,gate,bitget,hyperliquid,aster,dydx"}

    def run(self, command, folder, settings={}):
        """Status (-9: killed; None: it hangs) and standard error."""
        program, *arguments = command.split()
        (folder / "tmp").mkdir(parents=True, exist_ok=True)
        environment = self.environment | {"TMPDIR": str(folder / "tmp")} | settings
        try:
            ending = subprocess.run([self.bin / program, *arguments], cwd=folder, env=environment, timeout=60,
                                    stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        except subprocess.TimeoutExpired as hang:
            return None, (hang.stderr or b"").decode(errors="replace")
        return ending.returncode, ending.stderr.decode(errors="replace")

    def inject(self, command, folder, call="", fault="", how="at", number=0):
        """The same with a fault; and how many calls were struck, and how many of each kind there were."""
        count = folder.with_name(folder.name + ".count")
        ending = self.run(command, folder, {
            "LD_PRELOAD": str(self.library), "INJECT_BELOW": str(folder), "INJECT_COUNT": str(count),
            "INJECT_CALL": call, "INJECT_AS": fault, f"INJECT_{how.upper()}": str(number)})
        struck, *calls = struct.unpack(f"={1 + len(KINDS)}Q", count.read_bytes())
        count.unlink()
        return ending, struck, dict(zip(KINDS, calls))

    def expect(self, command, folder, settings={}):
        status, errors = self.run(command, folder, settings)
        if status != 0:
            sys.exit(f"test-injected: {command} ends with {status}: {errors}")

    def template(self, name):
        return self.top / name

    def fresh(self, name, path):
        """A folder as a template. Files of raw and staged are linked: no program may write into one that is there."""
        def copy(old, new):
            (os.link if old.endswith((".gz", ".json")) else shutil.copy2)(old, new)
        shutil.copytree(self.template(name), path, copy_function=copy)
        return path

    def build(self):
        compiler = os.environ.get("CC") or shutil.which("clang") or shutil.which("cc")
        if sys.platform != "linux" or not compiler:
            sys.exit("test-injected: takes Linux and a C compiler")
        subprocess.run([compiler, "-O1", "-Wall", "-shared", "-fPIC", "-o", self.library, HERE / "inject.c"], check=True)
        raw = self.template("raw")
        for stage in ("raw", "staged", "warehouse", "copy"):
            (raw / stage).mkdir(parents=True)
        ready = self.top / "ready"
        server = subprocess.Popen([self.bin / "exchange-simulator", "--port", "0", "--ready-file", ready],
                                  env=self.environment, stdout=subprocess.DEVNULL)
        try:
            while not (ready.exists() and ready.read_text().strip()) and server.poll() is None:
                time.sleep(0.05)
            base = ready.read_text().strip() + "/{hour}/{exchange}"
            for hour in range(30):
                day, hour = divmod(hour, 24)
                self.expect(f"extract --hour 2025-10-{22 + day}T{hour:02}", raw, {"PERPS_BASE_URL": base})
        finally:
            server.terminate()
            server.wait()

        def grow(name, old, *commands):
            folder = self.fresh(old, self.template(name))
            for command in commands:
                self.expect(command, folder)
            return folder

        grow("staged", "raw", f"transform --from {FIRST} --to {LAST} --jobs 2")
        grow("loaded", "staged", f"load --from {FIRST} --to {NEW}")
        grow("all", "loaded", f"load --hour {LAST}")
        for name in ("bare", "copied"):  # without raw and staged, for who does not look at them
            folder = grow(name, "all")
            shutil.rmtree(folder / "raw")
            shutil.rmtree(folder / "staged")
        # Restored is what has an hour less, so that before and after differ.
        self.expect(f"report backup --warehouse {self.template('loaded') / DATABASE} --output copy/copy.db", folder)
        differs = grow("differs", "all", f"alert --hour {LAST} --now {NOW}")
        with sqlite3.connect(differs / DATABASE) as database:
            database.execute("UPDATE ticker SET mark_price = 2 * mark_price WHERE hour % 7200 = 0")
            database.execute("DELETE FROM spot_ticker")
        database.close()


def digest(path, known={}):
    """Of a file's bytes; a linked one, which is the same in all folders, is read once."""
    stat = path.stat()
    key = (stat.st_ino, stat.st_size, stat.st_mtime_ns)
    if stat.st_nlink == 1 or key not in known:
        known[key] = (f"{stat.st_size} bytes", hashlib.sha256(path.read_bytes()).hexdigest()[:16])
    return known[key]


def tables(path, scratch, known={}):
    """Rows of each table by natural key, counted and hashed, read from a copy: the file is left as it was."""
    bytes = tuple(Path(f"{path}{end}").read_bytes() if os.path.exists(f"{path}{end}") else b"" for end in ENDS)
    key = hashlib.sha256(b"\n".join(bytes)).digest()
    if key not in known:
        for end, content in zip(ENDS, bytes):
            if content:
                Path(f"{scratch}{end}").write_bytes(content)
        known[key] = rows(scratch)
        for end in (*ENDS, "-shm"):
            Path(f"{scratch}{end}").unlink(missing_ok=True)
    return known[key]


def rows(scratch):
    database = sqlite3.connect(scratch)
    try:
        names = [name for name, in database.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        found = {}
        for name in names:
            if name in ("listing", "sqlite_stat1"):
                continue
            columns = [row[1] for row in database.execute(f"PRAGMA table_info({name})")]
            columns = [column for column in columns if column not in ("load_id", "loaded_at_ms")]
            source = f"{name} JOIN listing USING (listing_id)" if name == "ticker" else name
            if name == "ticker":
                keys = "exchange_id symbol asset asset_class class_stated quote kind contract unit_multiplier".split()
                columns = keys + [column for column in columns if column != "listing_id"]
            # A file that is loaded once more, as by --force, is logged once more.
            distinct = "DISTINCT" if name == "load_log" else ""
            order = ", ".join(str(place + 1) for place in range(len(columns)))
            all = database.execute(f"SELECT {distinct} {', '.join(columns)} FROM {source} ORDER BY {order}").fetchall()
            found[name] = (f"{len(all)} rows", hashlib.sha256(marshal.dumps(all, 2)).hexdigest()[:16])
        sound = database.execute("PRAGMA integrity_check").fetchall()
        if sound != [("ok",)] or database.execute("PRAGMA foreign_key_check").fetchall():
            found["integrity"] = ("unsound", repr(sound)[:200])
        return found
    except sqlite3.Error as error:
        return {"unreadable": ("unreadable", str(error))}
    finally:
        database.close()


def state(folder):
    """What stands in a folder, by name: bytes of files, rows of databases. Locks and logs of SQLite are left out."""
    found = {}
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder))
        if path.is_dir() or path.name in (".lock", ".backup.lock") or name.endswith((".db-wal", ".db-shm")):
            continue
        if name in (DATABASE, "copy/copy.db"):
            look = tables(path, folder.with_name(folder.name + ".look"))
            found |= {f"{name} {table}": value for table, value in look.items()}
        else:
            found[name] = digest(path)
    return found


def differences(mine, other):
    return [f"{name} " + ("is missing" if name not in mine else "is left over" if name not in other else
                          f"differs: {' '.join(mine[name])} for {' '.join(other[name])}")
            for name in sorted(mine.keys() | other.keys()) if mine.get(name) != other.get(name)]


def temporary(name):
    return any(part in name for part in (".tmp", ".rebuild", ".new", ".removed"))


def warehouse(found):
    return {name: value for name, value in found.items() if name.startswith(DATABASE + " ")}


def trial(work):
    """One fault, the next run, and what was wrong: (whether it was struck, whether it was a kill, problems)."""
    bench, name, (call, fault, how, number), before, after, keep, one = work
    template, command = PROGRAMS[name]
    folder = bench.fresh(template, Path(tempfile.mkdtemp(dir=bench.top, prefix="run-")) / "work")
    problems = []
    try:
        (status, errors), struck, _ = bench.inject(command, folder, call, fault, how, number)
        if one and keep:
            shutil.copytree(folder, keep, symlinks=True)
            print(f"ends with {status}, {struck} struck; it left {keep}\n{errors}", end="")
        if not struck:
            return False, False, []
        killed = fault.startswith("kill")
        said = errors.strip().splitlines()
        line = f": {said[-1][:200]}" if said else ""
        if status is None:
            problems.append("hangs" + line)
        elif killed and status != -9 or not killed and status not in (0, 74):
            problems.append(f"ends with {status}{line}")
        elif status > 0 and not said:
            problems.append(f"ends with {status} and says nothing")
        if status == 0:
            problems += [f"status 0, but {found}" for found in differences(state(folder), after) if not temporary(found)]
        elif name in WHOLE and (left := warehouse(state(folder))) not in (warehouse(before), warehouse(after)):
            problems += [f"half done: {found}" for found in differences(left, warehouse(before))]
        problems += [f"moved aside: {path.name}" for path in folder.glob("warehouse/*.damaged*")]
        status, errors = bench.run(command, folder)
        if status != 0:
            said = errors.strip().splitlines()
            problems.append(f"the next run ends with {status}" + (f": {said[-1][:200]}" if said else ""))
        problems += [f"after the next run {found}" for found in differences(state(folder), after)]
        if problems and keep and not one:
            shutil.copytree(folder, Path(keep) / f"{name}-{call}-{fault}-{how}-{number}", dirs_exist_ok=True)
        return True, killed, problems
    finally:
        shutil.rmtree(folder.parent)


def prepare(bench, name):
    """What a program begins with and what it makes, and its calls; two undisturbed runs must agree."""
    template, command = PROGRAMS[name]
    before = state(bench.template(template))
    ends = []
    for number in range(2):
        folder = bench.fresh(template, bench.top / f"{name}-{number}")
        (status, errors), _, calls = bench.inject(command, folder)
        if status != 0:
            sys.exit(f"test-injected: {command} ends undisturbed with {status}: {errors}")
        ends.append(state(folder))
        shutil.rmtree(folder)
    if ends[0] != ends[1]:
        sys.exit(f"test-injected: two runs of {command} differ: {differences(*ends)[:3]}")
    return before, ends[0], calls


def choose(calls, count, dice):
    """Faults of all kinds in turn, at the first call, the last, or any; a fault that lasts is an error or short."""
    pairs = [(call, fault) for call, faults in FAULTS.items() if calls[call] for fault in faults]
    dice.shuffle(pairs)
    for place in range(count):
        call, fault = pairs[place % len(pairs)]
        any = dice.randint(1, calls[call])
        how = "at" if fault.startswith("kill") else dice.choice(["at", "from"])
        yield call, fault, how, dice.choice([1, calls[call], any, any])


def main():
    parser = argparse.ArgumentParser(description="Faults at the N-th call of each program.")
    parser.add_argument("--bin", default=".build/release")
    parser.add_argument("--runs", type=int, default=195, help="faults in all")
    parser.add_argument("--seed", type=int, default=1, help="what decides all faults")
    parser.add_argument("--only", default=",".join(PROGRAMS), help="programs, separated by commas")
    parser.add_argument("--one", help="PROGRAM:CALL:FAULT:at|from:N, as a line of a failure says")
    parser.add_argument("--keep", help="a folder for what failures left; with --one, for what the fault left")
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    names = [options.one.split(":")[0]] if options.one else options.only.split(",")
    if unknown := [name for name in names if name not in PROGRAMS]:
        parser.error(f"no program {unknown[0]}: {', '.join(PROGRAMS)}")

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # the folder and the workers go
    with tempfile.TemporaryDirectory(prefix="injected-") as top, multiprocessing.Pool(options.jobs) as pool:
        bench = Bench(options.bin, top)
        bench.build()
        whole = {name: state(bench.template(name)) for name in ("raw", "staged")}
        runs = kills = bad = 0
        for place, name in enumerate(names):
            before, after, calls = prepare(bench, name)
            if options.one:
                _, call, fault, how, number = options.one.split(":")
                faults = [(call, fault, how, int(number))]
            else:
                count = options.runs * (place + 1) // len(names) - options.runs * place // len(names)
                faults = list(choose(calls, count, random.Random(f"{options.seed} {name}")))
            work = [(bench, name, fault, before, after, options.keep, options.one) for fault in faults]
            done = struck = wrong = 0
            for fault, (hit, killed, problems) in zip(faults, pool.imap(trial, work)):
                done += hit
                struck += killed
                if problems:
                    wrong += 1
                    print(f"FAIL  make test-injected ARGS='--one {name}:{':'.join(map(str, fault))}'")
                    print("".join(f"      {problem}\n" for problem in problems[:4]), end="", flush=True)
            counts = " ".join(f"{call} {count}" for call, count in calls.items() if count)
            print(f"{name:15} {done:4} faults, {struck:3} of them kills, {wrong} bad; calls: {counts}", flush=True)
            runs, kills, bad = runs + done, kills + struck, bad + wrong
        for name, old in whole.items():
            for found in differences(state(bench.template(name)), old):
                bad += 1
                print(f"FAIL  a program wrote into a file that was there: {found}")
        print(f"seed {options.seed}: {runs} faults, {kills} of them kills: {runs - bad} passed, {bad} failed")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
