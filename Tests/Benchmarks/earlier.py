"""An earlier commit of this project as the peer of `make bench`: both programs on one archive, in turns, in one run.

The commit is built once in a worktree below .build/peers, with the flags of `make build`. Rules change from commit to
commit, so what the two make is not compared; each has a database that its own programs made.
"""
import datetime
import json
import os
import shutil
import statistics
import subprocess
import sys

PROGRAMS = ("reprocess", "transform", "load")
# Hours that are loaded behind the archive: enough for a median in one round.
NEXT_HOURS = 8


def fail(text):
    print(f"bench: {text}", file=sys.stderr)
    sys.exit(64)


def git(*arguments):
    done = subprocess.run(["git", *arguments], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    return done.stdout.strip() if done.returncode == 0 else None


def commit_of(name):
    """The short name of a commit of this clone."""
    found = git("rev-parse", "--short=7", "--verify", "--quiet", f"{name}^{{commit}}")
    if found:
        return found
    if git("rev-parse", "--is-shallow-repository") == "true":
        fail(f"PEER={name} is not in this shallow clone: git fetch --unshallow")
    fail(f"PEER={name} is no commit of this clone: git fetch --all")


def built(name, flags, say):
    """The checkout of a commit with its programs, built once."""
    commit = commit_of(name)
    folder = os.path.abspath(f".build/peers/{commit}")
    if not os.path.isdir(folder):
        os.makedirs(os.path.dirname(folder), exist_ok=True)
        git("worktree", "prune")
        subprocess.run(["git", "worktree", "add", "--quiet", "--detach", folder, commit], check=True)
    for program in PROGRAMS:
        if not os.path.exists(f"{folder}/.build/release/{program}"):
            say(f"building {program} of {commit} …")
            # What the compiler says is not a result.
            subprocess.run(["swift", "build", *flags, "--product", program], cwd=folder, check=True, stdout=sys.stderr)
    return commit, folder


def exchanges(folder):
    """The exchanges of a checkout, from its settings."""
    with open(f"{folder}/pipeline/config.env") as file:
        lines = [line.strip() for line in file if line.startswith("EXCHANGES=")]
    return lines[0].removeprefix("EXCHANGES=").split(",")


def common_archive(raw, shared, everything):
    """The archive, or links to its files of the exchanges that both programs know: neither has more to do."""
    if shared == everything:
        return os.path.abspath(raw)
    folder = os.path.abspath(f"{raw}-of-{len(shared)}")
    shutil.rmtree(folder, ignore_errors=True)
    for day in sorted(os.listdir(raw)):
        for hour in sorted(os.listdir(f"{raw}/{day}")):
            os.makedirs(f"{folder}/{day}/{hour}")
            for exchange in shared:
                name = f"{day}/{hour}/{exchange}.ndjson.gz"
                if os.path.exists(f"{raw}/{name}"):
                    os.link(f"{raw}/{name}", f"{folder}/{name}")
    return folder


class Side:
    """One of the two: where its programs are, and what they have made."""

    def __init__(self, checkout, folder):
        self.checkout, self.folder = checkout, folder

    def command(self, program, *arguments):
        return [f"{self.checkout}/.build/release/{program}", *arguments]


def measure(name, flags, archive, days, rounds, work, bench):
    """Runs of both, by what was timed: `(ours, peer)` a round."""
    commit, checkout = built(name, flags, bench.say)
    ours = os.path.abspath(".")
    everything = bench.ARCHIVED
    shared = [exchange for exchange in everything if exchange in exchanges(checkout)]
    raw = common_archive(archive, shared, everything)
    first, last = bench.FIRST, bench.LAST
    pairs = {"raw to warehouse": [], "raw to staged": [], "one hour behind it": []}
    folder = os.path.abspath(f"{work}/peer-{os.getpid()}")
    next_raw, hours = f"{folder}/next", [
        f"{last + datetime.timedelta(days=1)}T{hour:02}" for hour in range(NEXT_HOURS)]
    os.makedirs(folder)
    bench.simulate(next_raw, hours[0], hours[-1])
    for day in os.listdir(next_raw):
        for path in (f"{next_raw}/{day}/{hour}" for hour in os.listdir(f"{next_raw}/{day}")):
            for file in os.listdir(path):
                if file.removesuffix(".ndjson.gz") not in shared:
                    os.remove(f"{path}/{file}")

    def run(side, program, *arguments):
        return bench.Run(side.command(program, *arguments), cwd=side.checkout)

    for number in range(rounds):
        sides = [Side(ours, f"{folder}/{number}-ours"), Side(checkout, f"{folder}/{number}-peer")]
        turns = sides if number % 2 == 0 else sides[::-1]
        for side in sides:
            os.makedirs(side.folder)

        def both(what, timed):
            bench.say(f"round {number + 1} of {rounds}: {what}")
            runs = {id(side): timed(side) for side in turns}
            pairs[what].append(tuple(runs[id(side)] for side in sides))

        both("raw to warehouse", lambda side: run(
            side, "reprocess", "--raw", raw, "--staged", f"{side.folder}/staged", "--warehouse",
            f"{side.folder}/m.db", "--jobs", "2"))
        both("raw to staged", lambda side: run(
            side, "transform", "--from", f"{first}T00", "--to", f"{last}T23", "--raw", raw, "--staged",
            f"{side.folder}/staged-alone", "--jobs", "2"))
        for side in sides:
            run(side, "transform", "--from", hours[0], "--to", hours[-1], "--raw", next_raw, "--staged",
                f"{side.folder}/next")
        for place, hour in enumerate(hours):
            # The first one meets a database that has just been filled at once.
            runs = {id(side): run(
                side, "load", "--hour", hour, "--raw", next_raw, "--staged", f"{side.folder}/next", "--warehouse",
                f"{side.folder}/m.db") for side in (turns if place % 2 == 0 else turns[::-1])}
            if place > 0:
                pairs["one hour behind it"].append(tuple(runs[id(side)] for side in sides))
        if number > 0:
            for side in sides:
                shutil.rmtree(side.folder)
    shutil.rmtree(folder)
    return {"commit": commit, "days": days, "rounds": rounds, "exchanges": shared, "figures": {
        what: {"wall": summary([(a.seconds, b.seconds) for a, b in runs]),
               "processor": summary([(a.cpu, b.cpu) for a, b in runs])} for what, runs in pairs.items()}}


def summary(pairs):
    """Medians of both, their ratio, and the lowest and highest ratio of a turn."""
    ours, peer = (statistics.median(side) for side in zip(*pairs))
    ratios = [b / a for a, b in pairs if a > 0]
    return {"ours_s": ours, "peer_s": peer, "ratio": peer / ours, "lowest": min(ratios), "highest": max(ratios)}


def report(result):
    days = "1 day" if result["days"] == 1 else f"{result['days']} days"
    print(f"{result['commit']} against ours: {days} of {len(result['exchanges'])} exchanges, two jobs, medians of "
          f"{result['rounds']}; above 1 ours is faster")
    print(f"\n  {'peer / ours':20} {'wall':>6}  {'(turns)':14} {'CPU':>6}  {'(turns)':14} {'ours s':>8} {'peer s':>8}")
    for what, row in result["figures"].items():
        cells = []
        for clock in ("wall", "processor"):
            figures = row[clock]
            spread = f"({figures['lowest']:.2f} to {figures['highest']:.2f})"
            cells.append(f"{figures['ratio']:6.2f}  {spread:14}")
        print(f"  {what:20} {cells[0]} {cells[1]} {row['wall']['ours_s']:8.3f} {row['wall']['peer_s']:8.3f}")


def write(result, path):
    with open(path, "w") as file:
        json.dump(result, file, indent=2)
