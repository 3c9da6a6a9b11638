"""An earlier commit of this project as the peer of `make bench PEER=`: both programs on one archive, in turns, in one run.

The commit is built once in a worktree below .build/peers, with the flags of `make build`. Rules change from commit to
commit, so what the two make is not compared; each has a database that its own programs made.
"""
import glob
import json
import os
import shutil
import subprocess
import sys

import frame
from frame import USAGE, Failure, Run, compared, say

PROGRAMS = ("reprocess", "transform", "load")
# Hours that are loaded behind the archive: enough for a median in one round.
NEXT_HOURS = 8


def git(*arguments):
    done = subprocess.run(["git", *arguments], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    return done.stdout.strip() if done.returncode == 0 else None


def commit_of(name):
    """The short name of a commit of this clone."""
    found = git("rev-parse", "--short=7", "--verify", "--quiet", f"{name}^{{commit}}")
    if found:
        return found
    if git("rev-parse", "--is-shallow-repository") == "true":
        raise Failure(f"PEER={name} is not in this shallow clone: git fetch --unshallow", USAGE)
    raise Failure(f"PEER={name} is no commit of this clone: git fetch --all", USAGE)


def is_whole(folder, commit):
    """Whether a checkout is of this commit with all its files; one that was stopped midway is not."""
    def ask(*arguments):
        done = subprocess.run(["git", "-C", folder, *arguments], capture_output=True, text=True)
        return done.stdout.strip() if done.returncode == 0 else ""
    return (ask("rev-parse", "--show-toplevel") == os.path.realpath(folder) and ask("rev-parse", "HEAD").startswith(commit)
            and not ask("status", "--porcelain", "--untracked-files=no"))


def check_out(commit, folder):
    if os.path.isdir(folder) and not is_whole(folder, commit):
        shutil.rmtree(folder)
    if not os.path.isdir(folder):
        os.makedirs(os.path.dirname(folder), exist_ok=True)
        git("worktree", "prune")
        subprocess.run(["git", "worktree", "add", "--quiet", "--force", "--detach", folder, commit], check=True)


def built(name, flags):
    """The checkout of a commit with its programs, built once."""
    commit = commit_of(name)
    folder = os.path.abspath(f".build/peers/{commit}")
    check_out(commit, folder)
    for program in PROGRAMS:
        if not os.path.exists(f"{folder}/.build/release/{program}"):
            if not shutil.which("swift"):
                raise Failure(f"there is no swift, with which {commit} is built: README.md says where it comes from")
            say(f"building {program} of {commit} …")
            # What the compiler says is not a result.
            done = subprocess.run(["swift", "build", *flags, "--product", program], cwd=folder, stdout=sys.stderr)
            if done.returncode:
                raise Failure(f"{program} of {commit} cannot be built: swift build ended with {done.returncode}")
    return commit, folder


def common_archive(raw, shared, everything):
    """The archive, or links to its files of the exchanges that both programs know: neither has more to do."""
    if shared == everything:
        return os.path.abspath(raw)
    folder = os.path.abspath(f"{raw}-of-{len(shared)}")
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    if os.path.exists(f"{raw}/.simulated"):
        os.link(f"{raw}/.simulated", f"{folder}/.simulated")
    for path in sorted(glob.glob(f"{raw}/*/*/*.ndjson.gz")):
        if os.path.basename(path).removesuffix(".ndjson.gz") in shared:
            name = f"{folder}/{os.path.relpath(path, raw)}"
            os.makedirs(os.path.dirname(name), exist_ok=True)
            os.link(path, name)
    return folder


class Side:
    """One of the two: where its programs are, and what they have made."""

    def __init__(self, checkout, folder):
        self.checkout, self.folder = checkout, folder
        os.makedirs(folder)

    def run(self, program, *arguments):
        return Run([f"{self.checkout}/.build/release/{program}", *arguments], cwd=self.checkout)

    def reprocess(self, raw):
        return self.run("reprocess", "--raw", raw, "--staged", f"{self.folder}/staged", "--warehouse",
                        f"{self.folder}/m.db", "--jobs", "2")

    def transform(self, raw, first, last, into):
        return self.run("transform", "--from", first, "--to", last, "--raw", raw, "--staged", f"{self.folder}/{into}",
                        "--jobs", "2")

    def load(self, hour, raw):
        return self.run("load", "--hour", hour, "--raw", raw, "--staged", f"{self.folder}/next", "--warehouse",
                        f"{self.folder}/m.db")


def simulate_next(archive, shared, raw, hours):
    """Hours behind the archive, of the exchanges that both programs know."""
    archive.simulate(raw, hours[0], hours[-1])
    for path in glob.glob(f"{raw}/*/*/*.ndjson.gz"):
        if os.path.basename(path).removesuffix(".ndjson.gz") not in shared:
            os.remove(path)


def one_round(sides, ours_first, archive, raw, next_raw, hours, pairs):
    """Adds to the pairs `(ours, peer)` of each figure; who goes first changes from turn to turn."""
    def both(timed, is_first=ours_first):
        runs = {id(side): timed(side) for side in sides[::1 if is_first else -1]}
        return tuple(runs[id(side)] for side in sides)

    span = f"{archive.first}T00", f"{archive.last}T23"
    pairs["raw to warehouse"].append(both(lambda side: side.reprocess(raw)))
    pairs["raw to staged"].append(both(lambda side: side.transform(raw, *span, "staged-alone")))
    for side in sides:
        side.transform(next_raw, hours[0], hours[-1], "next")
    for place, hour in enumerate(hours):
        pair = both(lambda side: side.load(hour, next_raw), ours_first == (place % 2 == 0))
        # The first one meets a database that has just been filled at once.
        if place > 0:
            pairs["one hour behind it"].append(pair)


def measure(name, flags, archive, rounds):
    """Ratios of each figure, and the medians of both sides."""
    commit, checkout = built(name, flags)
    ours = os.path.abspath(".")
    shared = [exchange for exchange in archive.exchanges if exchange in frame.exchanges_of(checkout)]
    raw = common_archive(archive.raw, shared, archive.exchanges)
    pairs = {"raw to warehouse": [], "raw to staged": [], "one hour behind it": []}
    top = frame.folder("peer")
    next_raw, hours = f"{top}/next", archive.next_hours(NEXT_HOURS)
    simulate_next(archive, shared, next_raw, hours)
    for number in range(rounds):
        say(f"round {number + 1} of {rounds}: {commit}")
        sides = [Side(ours, f"{top}/{number}-ours"), Side(checkout, f"{top}/{number}-peer")]
        one_round(sides, number % 2 == 0, archive, raw, next_raw, hours, pairs)
        if number > 0:
            for side in sides:
                shutil.rmtree(side.folder)
    shutil.rmtree(top)
    return {"commit": commit, "days": archive.days, "rounds": rounds, "exchanges": shared,
            "ratios": [ratio_of(what, runs) for what, runs in pairs.items()]}


def ratio_of(what, runs):
    ours, peer = zip(*runs)
    return compared(what, "", peer, ours) | {"ours_s": frame.middle(ours, "seconds"), "peer_s": frame.middle(peer, "seconds")}


def report(result):
    print(f"{result['commit']} against ours: {frame.counted(result['days'], 'day')} of {len(result['exchanges'])} exchanges, "
          f"two jobs, medians of {result['rounds']}; above 1 ours is faster\n")
    frame.print_ratios(result["ratios"])
    print(f"\n  {'seconds':22} {'ours':>8} {'peer':>8}")
    for row in result["ratios"]:
        print(f"  {row['name']:22} {row['ours_s']:8.3f} {row['peer_s']:8.3f}")


def main():
    flags = (os.environ.get("PEER_FLAGS") or "-c release").split()
    result = measure(os.environ["PEER"], flags, frame.archive(), frame.asked("ROUNDS", 3))
    with open(f"{frame.WORK}/peer.json", "w") as file:
        json.dump(result, file, indent=2)
    report(result)
    ratios = {f"{result['commit']} / ours, {name}": value for name, value in frame.figures_of(result["ratios"]).items()}
    return ratios | {f"{result['commit']}, exchanges of both": len(result["exchanges"])}
