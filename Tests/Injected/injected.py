#!/usr/bin/env python3
"""Fails, shortens or kills the programs at the N-th call of a kind, runs them again, and compares with undisturbed runs.

    make test-injected                                  # some faults of each program, two minutes
    make test-injected RUNS=2500 SEED=7                 # more of them
    make test-injected ARGS='--only load,restore'
    make test-injected ARGS='--one load-new:pwrite:EIO:at:17 --keep /tmp/left'   # one again, and what it left

Knows nothing of the programs but their options and statuses: inject.c stands between them and the system, and what they
made is compared as bytes of files and rows of tables. Linux, a C compiler, loopback only.
"""
import shutil, struct, sys, tempfile
from pathlib import Path

from bench import WHOLE, Bench, Span, dice, fail, last_line, options, shares, totals, workers
from compare import differences, state, temporary, warehouse

WRITING = ["EIO", "ENOSPC", "short", "kill-before", "kill-after"]
NAMING = ["EIO", "EACCES", "ENOSPC", "kill-before", "kill-after"]
FAULTS = {
    "read": ["EIO", "short"], "pread": ["EIO", "short"], "write": WRITING, "pwrite": WRITING,
    "sync": ["EIO", "ENOSPC", "kill-before", "kill-after"], "open": ["EACCES", "EMFILE", "ENOSPC", "EIO", "kill-after"],
    "rename": NAMING, "link": NAMING, "unlink": ["EIO", "EACCES", "kill-before", "kill-after"], "mkdir": NAMING,
    "truncate": ["EIO", "ENOSPC", "kill-before", "kill-after"], "flock": ["EIO", "ENOLCK"], "setlk": ["EIO"],
    "mmap": ["ENOMEM", "EACCES"],
}
KINDS = ["read", "pread", "write", "pwrite", "sync", "open", "rename", "link", "unlink", "mkdir", "truncate", "flock",
         "setlk", "mmap"]  # in the order of inject.c


def inject(bench, command, folder, call="", fault="", how="at", number=0):
    """Status and standard error; how many calls were struck; how many of each kind there were."""
    count = folder.with_name(folder.name + ".count")
    ending = bench.run(command, folder, {
        "LD_PRELOAD": str(bench.template("inject.so")), "INJECT_BELOW": str(folder), "INJECT_COUNT": str(count),
        "INJECT_CALL": call, "INJECT_AS": fault, f"INJECT_{how.upper()}": str(number)})
    struck, *calls = struct.unpack(f"={1 + len(KINDS)}Q", count.read_bytes())
    count.unlink()
    return ending, struck, dict(zip(KINDS, calls))


def trial(work):
    """One fault, the next run, and what was wrong: (whether it was struck, whether it was a kill, problems)."""
    bench, name, (call, fault, how, number), before, after, keep, one = work
    template, command = bench.span.programs[name]
    folder = bench.fresh(template)
    problems = []
    try:
        (status, errors), struck, _ = inject(bench, command, folder, call, fault, how, number)
        if one and keep:
            shutil.copytree(folder, keep, symlinks=True)
            print(f"ends with {status}, {struck} struck; it left {keep}\n{errors}", end="")
        if not struck:
            return False, False, []
        killed = fault.startswith("kill")
        if status is None:
            problems.append("hangs" + last_line(errors))
        elif killed and status != -9 or not killed and status not in (0, 74):
            problems.append(f"ends with {status}{last_line(errors)}")
        elif status > 0 and not errors.strip():
            problems.append(f"ends with {status} and says nothing")
        if status == 0:
            problems += [f"status 0, but {found}" for found in differences(state(folder), after) if not temporary(found)]
        elif name in WHOLE and (left := warehouse(state(folder))) not in (warehouse(before), warehouse(after)):
            problems += [f"half done: {found}" for found in differences(left, warehouse(before))]
        problems += [f"moved aside: {path.name}" for path in folder.glob("warehouse/*.damaged*")]
        status, errors = bench.run(command, folder)
        if status != 0:
            problems.append(f"the next run ends with {status}{last_line(errors)}")
        problems += [f"after the next run {found}" for found in differences(state(folder), after)]
        if problems and keep and not one:
            shutil.copytree(folder, Path(keep) / f"{name}-{call}-{fault}-{how}-{number}", dirs_exist_ok=True)
        return True, killed, problems
    finally:
        shutil.rmtree(folder.parent)


def prepare(bench, name):
    """What a program begins with and what it makes, and its calls; two undisturbed runs must agree."""
    template, command = bench.span.programs[name]
    before = state(bench.template(template))
    ends = []
    for number in range(2):
        folder = bench.fresh(template)
        (status, errors), _, calls = inject(bench, command, folder)
        if status != 0:
            sys.exit(f"{command} ends undisturbed with {status}: {errors}")
        ends.append(state(folder))
        shutil.rmtree(folder.parent)
    if ends[0] != ends[1]:
        sys.exit(f"two runs of {command} differ: {differences(*ends)[:3]}")
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


def faults_of(bench, name, count, calls, chosen):
    if not chosen.one:
        return list(choose(calls, count, dice(chosen.seed, name)))
    _, call, fault, how, number = chosen.one.split(":")
    return [(call, fault, how, int(number))]


def main():
    chosen = options("Faults at the N-th call of each program.", 195, "faults in all", list(Span(30).programs))
    with tempfile.TemporaryDirectory(prefix="injected-") as top, workers(chosen.jobs) as pool:
        bench = Bench(chosen.bin, top)
        bench.compile("inject")
        bench.build()
        whole = {name: state(bench.template(name)) for name in ("raw", "staged")}
        runs = kills = bad = 0
        for name, count in shares(chosen.runs, chosen.names):
            before, after, calls = prepare(bench, name)
            faults = faults_of(bench, name, count, calls, chosen)
            work = [(bench, name, fault, before, after, chosen.keep, chosen.one) for fault in faults]
            done = struck = wrong = 0
            for fault, (hit, killed, problems) in zip(faults, pool.map(trial, work)):
                done, struck, wrong = done + hit, struck + killed, wrong + bool(problems)
                if problems:
                    fail(f"make test-injected ARGS='--one {name}:{':'.join(map(str, fault))}'", problems)
            counts = " ".join(f"{call} {count}" for call, count in calls.items() if count)
            print(f"{name:15} {done:4} faults, {struck:3} of them kills, {wrong} bad; calls: {counts}", flush=True)
            runs, kills, bad = runs + done, kills + struck, bad + wrong
        for name, old in whole.items():
            for found in differences(state(bench.template(name)), old):
                bad += 1
                print(f"FAIL  a program wrote into a file that was there: {found}")
        print(f"seed {chosen.seed}: {runs} injected faults, {kills} of them kills")
    return totals(runs - bad, bad)


if __name__ == "__main__":
    sys.exit(main())
