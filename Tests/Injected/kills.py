#!/usr/bin/env python3
"""Ends the programs at random moments over three days, runs them again, and compares with undisturbed runs.

    Tests/Injected/kills.py                                   # 60 signals: SIGKILL, SIGTERM, one to three in a row
    Tests/Injected/kills.py --runs 700 --seed 7
    Tests/Injected/kills.py --one reprocess-none:KILL@0.71,TERM@0.5   # one again: moments as parts of a usual run

The raw files have run files, as `extract` writes them; a rebuild commits each day. Counted is how many signals came
after something had been committed: rows of the database or of the one that a rebuild fills, or whole files. Linux or macOS, loopback only.
"""
import shutil, signal, sqlite3, sys, tempfile, time

from bench import WHOLE, Bench, Span, dice, fail, keep_left, last_line, options, shares, totals, workers
from compare import DATABASE, ENDS, differences, state, warehouse

HOURS, EXCHANGES = 72, "binance,okx"
BORN = ("grdb_migrations", "exchange", "setting", "known_class")  # with rows that a new database has


def counts(path, copy):
    """Committed rows of each table of a database, read from a copy; nothing where there are none."""
    shutil.rmtree(copy, ignore_errors=True)
    copy.mkdir()
    for end in ENDS:
        if (part := path.with_name(path.name + end)).exists():
            shutil.copy2(part, copy / part.name)
    database = sqlite3.connect(copy / path.name)
    try:
        names = [name for name, in database.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        found = {name: database.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}
        return {name: rows for name, rows in found.items() if rows and name not in BORN}
    except sqlite3.Error:
        return {}  # half made
    finally:
        database.close()
        shutil.rmtree(copy)


def listing(folder):
    """Whole files beside the database."""
    return {str(path.relative_to(folder)) for stage in ("raw", "staged", "copy") for path in (folder / stage).rglob("*")
            if path.is_file() and not path.name.startswith(".")}


def committed(folder, template):
    """Whether rows of the live database, rows of a scratch database or whole files have come or gone."""
    live, scratch, copy = folder / DATABASE, folder / f"{DATABASE}.rebuild", folder.with_name("counted")
    return (listing(folder) != listing(template) or counts(live, copy) != counts(template / DATABASE, copy)
            or counts(scratch, copy).get("hour", 0) > 0)


def strike(bench, command, folder, usual, blows):
    """Runs and signals, one after the other: those that met a running program, and what was wrong."""
    met, problems = [], []
    for name, part in blows:
        process = bench.start(command, folder)
        time.sleep(part * usual)
        number = getattr(signal, f"SIG{name}")
        process.send_signal(number)
        try:
            errors = process.communicate(timeout=60)[1].decode(errors="replace")
        except Exception:
            process.kill()
            process.communicate()
            problems.append(f"SIG{name} does not end it in a minute")
            continue
        ending = process.returncode
        if ending == -number or ending == 128 + number:
            met.append(name)
        elif ending != 0:
            problems.append(f"SIG{name}: ends with {ending}{last_line(errors)}")
        if ending == 128 + number and not errors.strip():
            problems.append(f"SIG{name}: ends with {ending} and says nothing")
    return met, problems


def trial(work):
    """Signals, the next run, and what was wrong: (signals that met it, after a commit, problems)."""
    bench, name, blows, usual, before, after, keep, one = work
    template, command = bench.span.programs[name]
    folder = bench.fresh(template)
    try:
        met, problems = [], []
        late = 0
        for blow in blows:
            found, wrong = strike(bench, command, folder, usual, [blow])
            met, problems = met + found, problems + wrong
            late += bool(found) and committed(folder, bench.template(template))
        if one:
            keep_left(folder, keep, name)
        if name in WHOLE and (left := warehouse(state(folder))) not in (before, warehouse(after)):
            problems += [f"half done: {found}" for found in differences(left, before)]
        status, errors = bench.run(command, folder)
        if status != 0:
            problems.append(f"the next run ends with {status}{last_line(errors)}")
        problems += [f"after the next run {found}" for found in differences(state(folder), after)]
        if problems and not one:
            keep_left(folder, keep, f"{name}-{'-'.join(met)}")
        return met, late, problems
    finally:
        shutil.rmtree(folder.parent)


def undisturbed(bench, name):
    """What a program makes, and the seconds that it takes; two runs must agree."""
    template, command = bench.span.programs[name]
    ends, times = [], []
    for _ in range(2):
        folder = bench.fresh(template)
        begun = time.monotonic()
        bench.expect(command, folder)
        times.append(time.monotonic() - begun)
        ends.append(state(folder))
        shutil.rmtree(folder.parent)
    if ends[0] != ends[1]:
        sys.exit(f"two runs of {command} differ: {differences(*ends)[:3]}")
    return ends[0], min(times)


def blows_of(count, random):
    """One to three signals in a row, until there are as many as wanted."""
    while count > 0:
        row = min(count, random.choice([1, 1, 2, 3]))
        yield [(random.choice(["KILL", "KILL", "TERM"]), round(random.uniform(0.05, 1), 3)) for _ in range(row)]
        count -= row


def written(blows):
    return ",".join(f"{name}@{part}" for name, part in blows)


def read(text):
    return [(name, float(part)) for name, part in (blow.split("@") for blow in text.split(","))]


def main():
    names = [name for name in Span(HOURS).programs if name not in ("load-new", "stats")]
    chosen = options("Signals at random moments.", 60, "signals in all", names)
    with tempfile.TemporaryDirectory(prefix="kills-") as top, workers(chosen.jobs) as pool:
        bench = Bench(chosen.bin, top, HOURS, EXCHANGES)
        bench.build()
        kills = terms = lates = good = bad = 0
        for name, count in shares(chosen.runs, chosen.names):
            after, usual = undisturbed(bench, name)
            before = warehouse(state(bench.template(bench.span.programs[name][0])))
            rows = [read(chosen.one.split(":")[1])] if chosen.one else list(blows_of(count, dice(chosen.seed, name)))
            work = [(bench, name, blows, usual, before, after, chosen.keep, chosen.one) for blows in rows]
            met, late, wrong = [], 0, 0
            for blows, (found, passed, problems) in zip(rows, pool.map(trial, work)):
                met, late, wrong = met + found, late + passed, wrong + bool(problems)
                if problems:
                    fail(f"Tests/Injected/kills.py --one {name}:{written(blows)}", problems)
            print(f"{name:15} {met.count('KILL'):4} killed, {met.count('TERM'):3} terminated, {late:3} after a commit; "
                  f"{len(rows):3} times run again, {wrong} bad", flush=True)
            kills, terms, lates = kills + met.count("KILL"), terms + met.count("TERM"), lates + late
            good, bad = good + len(rows) - wrong, bad + wrong
        print(f"seed {chosen.seed}: {kills} kills and {terms} terminations at random moments, {lates} after a commit")
    return totals(good, bad)


if __name__ == "__main__":
    sys.exit(main())
