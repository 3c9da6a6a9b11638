#!/usr/bin/env python3
"""Kills the recorder at random moments while streams misbehave, and compares what is staged with what was sent.

    Tests/Injected/streams.py                       # 20 kills in two simulated hours with faults, and an hour without
    Tests/Injected/streams.py --runs 100 --hours 24 --seed 7

The simulator notes each liquidation when it sends it, and both programs share a clock that runs faster than the machine's.
Whatever was sent while the files say that the exchange was heard is staged, once; nothing else is. The files of a sealed span
load, and make the same tables again from raw. Loopback only.
"""
import argparse, calendar, collections, gzip, json, os, pathlib, random, re, signal, subprocess, sys, tempfile, time

START = "2026-11-18T10"
BEGAN = calendar.timegm(time.strptime(START, "%Y-%m-%dT%H")) * 1000
SPEED = 120
# How near to a gap's edge an event may be lost, in simulated milliseconds: the second that is not yet written, and the fifth
# of a second that a message may be on its way on a busy machine, at this speed.
SLACK = 24_000
FAULTS = "cut,silent,fragmented,twice,half-open,replay,garbage,late,burst,unanswered,refused"
# After how many simulated hours the exchange closes each connection.
LIFE = "0.4"


def lighter_names(folder):
    """The symbols of Lighter's markets, which its stream knows by number, from the recorded lists."""
    names = {}
    for path in folder.glob("raw/*/*/lighter.stream.ndjson.gz"):
        for line in gzip.open(path, "rt"):
            body = json.loads(line).get("body") or {}
            names |= {market["market_id"]: market["symbol"] for market in body.get("order_book_details", [])}
    return names


def event(exchange, text, names):
    """Symbol, time and side of the liquidation in a message, in the exchange's shape; `names` are Lighter's markets."""
    message = json.loads(text)
    if exchange in ("binance", "aster", "binance-coinm"):
        order = message["data"]["o"]
        return order["s"], order["T"], "long" if order["S"] == "SELL" else "short"
    if exchange == "bybit":
        row = message["data"][0]
        return row["s"], row["T"], "long" if row["S"] == "Buy" else "short"
    if exchange == "okx":
        row = message["data"][0]
        return row["instId"], int(row["details"][0]["ts"]), row["details"][0]["posSide"]
    if exchange == "gate":
        row = message["result"][0]
        return row["contract"], row["time"], "short" if row["size"].startswith("-") else "long"
    if exchange == "bitget":
        row = message["data"][0]
        return row["symbol"], int(row["ts"]), "long" if row["side"] == "buy" else "short"
    if exchange == "deribit":
        row = message["params"]["data"][0]
        return row["instrument_name"], row["timestamp"], "long" if row["direction"] == "sell" else "short"
    if exchange == "kraken-futures":
        return message["product_id"], message["time"], "long" if message["side"] == "sell" else "short"
    if exchange == "lighter":
        row = message["liquidation_trades"][0]
        return names[row["market_id"]], row["timestamp"], "short" if row["is_maker_ask"] else "long"
    if exchange == "htx":
        row = message["data"][0]
        return row["contract_code"], row["created_at"], "long" if row["direction"] == "sell" else "short"
    row = message["contents"]["trades"][0]
    seconds = calendar.timegm(time.strptime(row["createdAt"][:19], "%Y-%m-%dT%H:%M:%S"))
    part = re.search(r"\.(\d+)", row["createdAt"])
    return message["id"], seconds * 1000 + (int((part[1] + "00")[:3]) if part else 0), \
        "long" if row["side"] == "SELL" else "short"


class Scene:
    """A simulator and a recorder in a folder, on one clock."""

    def __init__(self, programs, folder, faults):
        self.bin, self.folder = programs, folder
        self.origin = int(time.time() * 1000) + 1500
        self.clock = f"{START},{SPEED},{self.origin}"
        self.simulator = self.start(
            "exchange-simulator", "--port", "0", "--ready-file", "url", "--stream-log", "sent",
            *(["--stream-faults", faults, "--stream-life", LIFE] if faults else []))
        while not (folder / "url").exists():
            if self.simulator.poll() is not None:
                raise SystemExit("the simulator does not start")
            time.sleep(0.02)
        self.environment = dict(
            os.environ, PERPS_BASE_URL=(folder / "url").read_text().strip() + "/{hour}/{exchange}", EXCHANGES="")
        time.sleep(max(0, self.origin / 1000 - time.time()))

    def start(self, program, *arguments, environment=None):
        log = open(self.folder / f"{program}.log", "a")
        return subprocess.Popen(
            [f"{self.bin}/{program}", *arguments, "--shared-clock", self.clock], cwd=self.folder, env=environment,
            stdout=log, stderr=log)

    def record(self):
        return self.start("record", environment=self.environment)

    def run(self, program, *arguments):
        return subprocess.run([f"{self.bin}/{program}", *arguments], cwd=self.folder, capture_output=True, text=True)


def played(scene, hours, kills, dice):
    """Records for so many hours, killed and started again at random moments; what was wrong."""
    length = hours * 3600 / SPEED
    began, recorder, problems = time.time(), scene.record(), []
    for moment in sorted(dice.uniform(0.3, length - 1) for _ in range(kills)):
        time.sleep(max(0, began + moment - time.time()))
        recorder.kill()
        if recorder.wait() != -signal.SIGKILL:
            problems.append(f"record ended by itself with {recorder.returncode}")
        recorder = scene.record()
    time.sleep(max(0, began + length - time.time()))
    recorder.terminate()
    if status := recorder.wait():
        problems.append(f"record ends with {status} on SIGTERM")
    time.sleep(0.5)
    scene.simulator.terminate()
    scene.simulator.wait()
    return problems


def staged(folder):
    """The events of the staged files with their hours, the gaps, and the hours of each exchange."""
    events, gaps, hours = collections.Counter(), collections.defaultdict(list), collections.defaultdict(set)
    for path in sorted((folder / "staged").rglob("*.stream.ndjson.gz")):
        for line in gzip.open(path, "rt"):
            record = json.loads(line)
            exchange = record["exchange"]
            if record["record"] == "liquidation":
                key = exchange, record["symbol"], record["occurred_at_ms"], record["side"]
                events[key, record["hour"]] += 1
            elif record["record"] == "stream":
                gaps[exchange] += [(first, last) for first, last, _ in record["gaps"]]
                hours[exchange].add(record["hour"])
    return events, gaps, hours


def compared(folder):
    """What was sent against what is staged: problems, how many were sent, and how many of them while being heard."""
    events, gaps, hours = staged(folder)
    sent, names = collections.defaultdict(list), lighter_names(folder)
    for line in open(folder / "sent"):
        moment, exchange, text = line.rstrip("\n").split(" ", 2)
        sent[(exchange, *event(exchange, text, names))].append(int(moment))

    def was_heard(exchange, moment):
        return moment // 3_600_000 * 3600 in hours[exchange] and not any(
            first - SLACK <= moment <= last + SLACK for first, last in gaps[exchange])

    heard = [key for key, moments in sent.items() if any(was_heard(key[0], moment) for moment in moments)]
    known = {key for key, _ in events}
    return ([f"not staged: {key}" for key in heard if key not in known]
            + [f"never sent: {key}" for key in known if key not in sent]
            + [f"staged {count} times: {key}" for (key, _), count in events.items() if count > 1], len(sent), len(heard))


def loaded(scene, hours):
    """Loads the hours with REST's responses beside the streams, and makes them again from raw; what was wrong."""
    last = time.strftime("%Y-%m-%dT%H", time.gmtime(BEGAN / 1000 + hours * 3600))
    (scene.folder / "warehouse").mkdir()
    steps = [("exchange-simulator", "--archive", START, last, "--output", "raw"),
             ("transform", "--from", START, "--to", last), ("load", "--from", START, "--to", last), ("reprocess", "--prove")]
    for program, *arguments in steps:
        done = scene.run(program, *arguments)
        if done.returncode:
            return [f"{program} {' '.join(arguments)} ends with {done.returncode}: {done.stderr[-300:]}"]
    return []


def trial(programs, name, hours, kills, faults, dice):
    with tempfile.TemporaryDirectory(prefix="streams-") as top:
        folder = pathlib.Path(top)
        scene = Scene(programs, folder, faults)
        problems = played(scene, hours, kills, dice)
        left = [str(path.relative_to(folder)) for path in (folder / "raw").rglob("*.part")]
        problems += [f"left behind: {path}" for path in left]
        files = [str(path.relative_to(folder)) for path in sorted((folder / "raw").rglob("*.stream.ndjson.gz"))]
        done = scene.run("transform", *files)
        if done.returncode:
            problems.append(f"transform ends with {done.returncode}: {done.stderr[-300:]}")
        found, sent, heard = compared(folder)
        problems += found + loaded(scene, hours)
        print(f"{name:16} {hours} h, {kills} kills: {sent} liquidations sent, {heard} while heard, "
              f"{len(problems)} problems", flush=True)
        for problem in problems[:10]:
            print(f"FAIL  {problem}", flush=True)
        return not problems


def main():
    parser = argparse.ArgumentParser(description="Kills of the recorder, while streams misbehave.")
    parser.add_argument("--bin", default=".build/release", help="the folder of the executables")
    parser.add_argument("--runs", type=int, default=20, help="kills")
    parser.add_argument("--hours", type=int, default=2, help="simulated hours")
    parser.add_argument("--seed", type=int, default=1, help="decides all random choices")
    chosen = parser.parse_args()
    programs, dice = pathlib.Path(chosen.bin).resolve(), random.Random(chosen.seed)
    results = [trial(programs, "undisturbed", 1, 0, "", dice),
               trial(programs, "kills and faults", chosen.hours, chosen.runs, FAULTS, dice)]
    print(f"seed {chosen.seed}: {chosen.runs} kills and 2 terminations at random moments, of the recorder")
    print(f"{results.count(True)} passed, {results.count(False)} failed")
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
