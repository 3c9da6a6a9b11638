"""The programs, the hours that they work on, and the folders that runs begin with."""
import argparse, concurrent.futures, datetime, os, random, shutil, signal, sqlite3, subprocess, sys, tempfile, time
from pathlib import Path

from compare import DATABASE

HERE = Path(__file__).resolve().parent
ALL = (
    "binance,okx,bybit,gate,bitget,hyperliquid,aster,dydx,binance-coinm,deribit,kraken-futures,mexc,kucoin,bingx,lighter,htx,"
    "edgex,pacifica,backpack,extended,grvt,paradex,coinbase"
)
# Whose tables are what they were or what they become, and nothing between, whenever they are looked at.
WHOLE = {"reprocess-live", "prove", "restore", "backup", "alert", "check", "stats"}


class Span:
    """So many hours from 22 October 2025 on, and the programs with what each begins with.

    A rebuild over a live database finds rows that differ."""

    def __init__(self, hours):
        self.begin = datetime.datetime(2025, 10, 22)
        self.count = hours
        first, new, last = self.hour(0), self.hour(hours - 2), self.hour(hours - 1)
        now = (self.begin + datetime.timedelta(hours=hours, minutes=2)).strftime("%Y-%m-%dT%H:%M:%SZ")
        clock = 1761091200000 + (hours * 60 + 2) * 60000
        self.first, self.new, self.last, self.now = first, new, last, now
        self.programs = {
            "transform": ("raw", f"transform --from {first} --to {self.hour(hours // 24 * 24 - 21)} --jobs 2"),
            "load-new": ("loaded", f"load --hour {last}"),
            "load-all": ("staged", f"load --from {first} --to {last}"),
            "reprocess-span": ("all", f"reprocess --from {self.hour(20)} --to {self.hour(hours - 7)} --force --now {clock}"),
            "reprocess-live": ("differs", f"reprocess --now {clock}"),
            "reprocess-none": ("raw", f"reprocess --now {clock}"),
            "prove": ("all", f"reprocess --prove --now {clock}"),
            "restore": ("copied", f"maintain restore copy/copy.db --now {now}"),
            "backup": ("bare", f"maintain backup --output copy/copy.db --now {now}"),
            "retain": ("all", f"retain --raw-days 1 --staged-days 1 --warehouse-days 1 --now {self.hour(hours + 21)}"),
            "alert": ("bare", f"alert --hour {last} --now {now}"),
            "check": ("bare", f"maintain check --all --now {now}"),
            "stats": ("bare", "report stats"),
        }

    def hour(self, number):
        return (self.begin + datetime.timedelta(hours=number)).strftime("%Y-%m-%dT%H")


def take(old, new):
    """Files of raw and staged are linked: no program may write into one that is there."""
    (os.link if str(old).endswith((".gz", ".json")) else shutil.copy2)(old, new)


class Bench:
    """The programs and the folders that runs begin with, below one folder."""

    def __init__(self, bin, top, hours=30, exchanges=ALL):
        self.bin, self.top, self.span, self.exchanges = Path(bin).resolve(), Path(top).resolve(), Span(hours), exchanges
        dropped = ("_proxy", "_PROXY")
        taken = ("EXCHANGES", "PACE", "OPTIONAL_ENDPOINTS", "DISCORD_WEBHOOK_URL", "SENTIMENT_MODEL", "ALERT_TIERS",
                 "RAW_DAYS", "STAGED_DAYS", "WAREHOUSE_DAYS", "PERPS_BASE_URL")
        self.environment = {name: value for name, value in os.environ.items()
                            if not name.endswith(dropped) and name not in taken}
        self.environment |= {"FOCUS_ASSETS": "BTC", "NO_COLOR": "1", "EXCHANGES": exchanges}

    def start(self, command, folder, settings={}, output=subprocess.DEVNULL):
        program, *arguments = command.split()
        (folder / "tmp").mkdir(parents=True, exist_ok=True)
        environment = self.environment | {"TMPDIR": str(folder / "tmp")} | settings
        return subprocess.Popen([self.bin / program, *arguments], cwd=folder, env=environment, stdin=subprocess.DEVNULL,
                                stdout=output, stderr=subprocess.PIPE)

    def ask(self, command, folder, settings={}, output=subprocess.PIPE):
        """Status (-9: killed; None: it hangs), standard error and output."""
        process = self.start(command, folder, settings, output)
        try:
            said, errors = process.communicate(timeout=60)
        except subprocess.TimeoutExpired:
            process.kill()
            return None, process.communicate()[1].decode(errors="replace"), b""
        return process.returncode, errors.decode(errors="replace"), said

    def run(self, command, folder, settings={}):
        """Status and standard error."""
        return self.ask(command, folder, settings, subprocess.DEVNULL)[:2]

    def expect(self, command, folder, settings={}):
        status, errors = self.run(command, folder, settings)
        if status != 0:
            sys.exit(f"{command} ends undisturbed with {status}: {errors}")

    def template(self, name):
        return self.top / name

    def fresh(self, name, path=None):
        """A folder as a template."""
        path = path or Path(tempfile.mkdtemp(dir=self.top, prefix="run-")) / "work"
        shutil.copytree(self.template(name), path, copy_function=take)
        return path

    def compile(self, source):
        """A library to be loaded before the programs' own."""
        compiler = os.environ.get("CC") or shutil.which("clang") or shutil.which("cc")
        if sys.platform != "linux" or not compiler:
            sys.exit("takes Linux and a C compiler")
        library = self.top / f"{source}.so"
        subprocess.run([compiler, "-O1", "-Wall", "-shared", "-fPIC", "-o", library, HERE / f"{source}.c"], check=True)
        return library

    def build(self):
        raw, span = self.template("raw"), self.span
        for stage in ("raw", "staged", "warehouse", "copy"):
            (raw / stage).mkdir(parents=True)
        self.extract(raw)

        grow = self.grow
        grow("staged", "raw", f"transform --from {span.first} --to {span.last} --jobs 2")
        grow("loaded", "staged", f"load --from {span.first} --to {span.new}")
        grow("all", "loaded", f"load --hour {span.last}")
        for name in ("bare", "copied"):  # without raw and staged, for who does not look at them
            folder = grow(name, "all")
            shutil.rmtree(folder / "raw")
            shutil.rmtree(folder / "staged")
        # Restored is what has an hour less, so that before and after differ.
        self.expect(f"maintain backup --warehouse {self.template('loaded') / DATABASE} --output copy/copy.db", folder)
        differs = grow("differs", "all", f"alert --hour {span.last} --now {span.now}")
        with sqlite3.connect(differs / DATABASE) as database:
            database.execute("UPDATE ticker SET mark_price = 2 * mark_price WHERE hour % 7200 = 0")
            database.execute("DELETE FROM spot_ticker")
        database.close()

    def grow(self, name, old, *commands):
        """A template made from another one."""
        folder = self.fresh(old, self.template(name))
        for command in commands:
            self.expect(command, folder)
        return folder

    def extract(self, folder):
        """Raw files with their run files, as the simulated exchanges answer."""
        ready = self.top / "ready"
        server = subprocess.Popen([self.bin / "exchange-simulator", "--port", "0", "--ready-file", ready],
                                  env=self.environment, stdout=subprocess.DEVNULL)
        try:
            while not (ready.exists() and ready.read_text().strip()) and server.poll() is None:
                time.sleep(0.05)
            base = ready.read_text().strip() + "/{hour}/{exchange}"
            for hour in range(self.span.count):
                self.expect(f"extract --hour {self.span.hour(hour)}", folder, {"PERPS_BASE_URL": base})
        finally:
            server.terminate()
            server.wait()


def options(description, runs, what, names):
    """What all kinds of trials take on the command line."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--bin", default=".build/release")
    parser.add_argument("--runs", type=int, default=runs, help=what)
    parser.add_argument("--seed", type=int, default=1, help="what decides all of them")
    parser.add_argument("--only", default=",".join(names), help="programs, separated by commas")
    parser.add_argument("--one", help="one again, as a line of a failure says")
    parser.add_argument("--keep", help="a folder for what failures left; with --one, for what the trial left")
    parser.add_argument("--jobs", type=int, default=2)
    chosen = parser.parse_args()
    chosen.names = [chosen.one.split(":")[0]] if chosen.one else chosen.only.split(",")
    if unknown := [name for name in chosen.names if name not in names]:
        parser.error(f"no program {unknown[0]}: {', '.join(names)}")
    if not (Path(chosen.bin) / "exchange-simulator").exists():
        parser.error(f"--bin: there are no programs in {chosen.bin}: make build")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # the folder and the workers go
    return chosen


def workers(count):
    """Processes that try; where one is ended, so is the run."""
    return concurrent.futures.ProcessPoolExecutor(count)


def shares(runs, names):
    """How many of the runs each program gets."""
    return [(name, runs * (place + 1) // len(names) - runs * place // len(names)) for place, name in enumerate(names)]


def dice(seed, name):
    return random.Random(f"{seed} {name}")


def last_line(errors):
    lines = errors.strip().splitlines()
    return f": {lines[-1][:200]}" if lines else ""


def keep_left(folder, keep, name):
    if keep:
        shutil.copytree(folder, Path(keep) / name, symlinks=True, dirs_exist_ok=True)


def fail(line, problems):
    plain = ["".join(c if c.isprintable() else "?" for c in problem[:400]) for problem in problems[:4]]
    print(f"FAIL  {line}\n" + "".join(f"      {problem}\n" for problem in plain), end="", flush=True)


def totals(good, bad):
    print(f"{good} passed, {bad} failed", flush=True)
    return 1 if bad else 0
