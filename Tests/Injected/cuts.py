#!/usr/bin/env python3
"""Cuts the power at any moment of a program's run, runs it again, and compares with an undisturbed run.

    Tests/Injected/cuts.py                            # 36 cuts
    Tests/Injected/cuts.py --runs 200 --seed 7
    Tests/Injected/cuts.py --one reprocess-live:1207:0.7:5 --keep /tmp/left    # one again, and what the cut left

record.c writes down what a program changes; the folder is then built as it may be after a cut (disk.py). Two exchanges,
three days. Linux, a C compiler, loopback only.
"""
import functools, pickle, random, shutil, sys, tempfile
from pathlib import Path

from bench import WHOLE, Bench, Span, dice, fail, keep_left, last_line, options, shares, totals, workers
from compare import differences, state, warehouse
from disk import Disk, calls

HOURS, EXCHANGES = 72, "binance,okx"
KEPT = [0, 0.3, 0.7, 0.9, 0.97, 0.998, 1]  # of the changes that were not synced


@functools.lru_cache(maxsize=1)
def traced(trace):
    return calls(trace)


def chance(kept, seed):
    """All changes survive, or any number of the first of them."""
    numbers = random.Random(seed)
    return lambda changes: changes if numbers.random() < kept else numbers.randint(0, changes - 1)


def record(bench, name):
    """A recorded run: the folder that it began with, its trace, what it left, and when it changed more than data."""
    template, command = bench.span.programs[name]
    folder, begin, trace = bench.fresh(template), bench.fresh(template), bench.top / f"{name}.trace"
    for path in (folder, begin):
        (path / "tmp").mkdir(exist_ok=True)
    disk = Disk(folder, begin)
    bench.expect(command, folder, {"LD_PRELOAD": str(bench.template("record.so")), "RECORD_BELOW": str(folder),
                                   "RECORD_INTO": str(trace)})
    after, found = state(folder), calls(trace)
    check(command, pickle.loads(pickle.dumps(disk)), found, folder, begin.with_name("again"))
    turns = [place for place, call in enumerate(found, 1) if call[0] != "write"]
    shutil.rmtree(folder.parent)
    return disk, trace, after, len(found), turns


def check(command, disk, found, folder, again):
    """The trace must give what the run left, byte for byte, or the recorder has missed something."""
    for call in found:
        disk.make(call)
    disk.build(again, lambda changes: changes)
    def look(top):
        return {str(path.relative_to(top)): path.is_file() and path.read_bytes() for path in top.rglob("*")
                if not path.name.endswith("-shm")}
    mine, theirs = look(again), look(folder)
    if wrong := sorted(disk.unknown) or [name for name in mine | theirs if mine.get(name) != theirs.get(name)]:
        sys.exit(f"cuts: the trace of {command} does not give what it left: {wrong[:3]}")
    shutil.rmtree(again)


def trial(work):
    """One cut, the next run, and what was wrong."""
    bench, name, (at, kept, seed), disk, trace, before, after, keep, one = work
    folder = Path(tempfile.mkdtemp(dir=bench.top, prefix="run-")) / "work"
    problems = []
    try:
        for call in traced(trace)[:at]:
            disk.make(call)
        disk.build(folder, chance(kept, seed))
        if one:
            keep_left(folder, keep, "cut")
        if name in WHOLE and (left := warehouse(state(folder))) not in (before, warehouse(after)):
            problems += [f"half done: {found}" for found in differences(left, before)]
        status, errors = bench.run(bench.span.programs[name][1], folder)
        if one:
            print(f"the next run ends with {status}\n{errors}", end="")
        if status != 0:
            problems.append(f"the next run ends with {status}{last_line(errors)}")
        problems += [f"after the next run {found}" for found in differences(state(folder), after)]
        if problems and not one:
            keep_left(folder, keep, f"{name}-{at}-{kept}-{seed}")
        return problems
    finally:
        shutil.rmtree(folder.parent)


def moments(count, length, turns, random):
    """Any moment, or one beside a sync or a change of names; and how much survives of what was not synced."""
    for _ in range(count):
        beside = max(1, random.choice(turns) - random.randint(0, 1))
        yield random.choice([random.randint(1, length), beside]), random.choice(KEPT), random.randint(0, 10 ** 6)


def read(text):
    at, kept, seed = text.split(":")
    return int(at), float(kept), int(seed)


def main():
    names = [name for name in Span(HOURS).programs if name != "stats"]
    chosen = options("Power cuts.", 36, "cuts in all", names)
    with tempfile.TemporaryDirectory(prefix="cuts-") as top, workers(chosen.jobs) as pool:
        bench = Bench(chosen.bin, top, HOURS, EXCHANGES)
        bench.compile("record")
        bench.build()
        good = bad = 0
        for name, count in shares(chosen.runs, chosen.names):
            disk, trace, after, length, turns = record(bench, name)
            before = warehouse(state(bench.template(bench.span.programs[name][0])))
            cuts = [read(chosen.one.split(":", 1)[1])] if chosen.one else list(
                moments(count, length, turns, dice(chosen.seed, name)))
            work = [(bench, name, cut, disk, trace, before, after, chosen.keep, chosen.one) for cut in cuts]
            wrong = 0
            for cut, problems in zip(cuts, pool.map(trial, work)):
                wrong += bool(problems)
                if problems:
                    fail(f"Tests/Injected/cuts.py --one {name}:{':'.join(map(str, cut))}", problems)
            print(f"{name:15} {len(cuts):3} cuts of {length} recorded calls, {wrong} bad", flush=True)
            good, bad = good + len(cuts) - wrong, bad + wrong
            trace.unlink()
        print(f"seed {chosen.seed}: {good + bad} power cuts")
    return totals(good, bad)


if __name__ == "__main__":
    sys.exit(main())
