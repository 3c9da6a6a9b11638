#!/usr/bin/env python3
"""Overwrites a page of the database, runs every program on it, and judges what each says and leaves.

    Tests/Injected/pages.py                                  # 5 pages, one of each kind of damage
    Tests/Injected/pages.py --runs 90 --seed 7
    Tests/Injected/pages.py --one zero:17:5 --keep /tmp/left # one again, and the damaged database

An answer is right, or ends with a status that is documented and words about damage; nothing is ended by a signal, hangs or
loses the file. A restore and a full rebuild give a sound database with the rows of before. SQLite keeps no sum of a page:
a number that is another one is answered as it stands, which is counted and no fault. Loopback only.
"""
import random, re, shutil, sys, tempfile

from bench import Bench, dice, fail, keep_left, last_line, options, totals, workers
from compare import DATABASE, tables

HOURS, EXCHANGES = 30, "binance,okx"
KINDS = ["zero", "random", "bit", "half", "swap"]
# What no raw file holds; of a damaged database each is taken over whole or not at all.
KEPT = {"alert", "alert_outbox", "alert_state", "backtest_event", "backtest_hour", "backtest_metric", "backtest_run",
        "backtest_trade", "backtest_trial", "check_result", "exchange_day", "forecast_issued", "known_class", "load_log",
        "market_day", "schema_drift", "setting", "weight_proposal"}
WORDS = re.compile(r"damaged|is no database")
NOTED = {"listing", "grdb_migrations"}


def programs(span):
    """Name: the command, and the statuses that it may end with beside 0 and 74."""
    return {
        "stats": ("report stats", []),
        "hour": (f"report hour --hour {span.new}", [69]),  # the marks of sealed hours are lost
        "gaps": ("report gaps", []),
        "doctor": (f"doctor --now {span.now}", [69]),
        "check": (f"maintain check --all --now {span.now}", [65]),
        "alert": (f"alert --hour {span.new} --now {span.now}", []),
        "backup": ("maintain backup --output copy/new.db", []),
        "prove": ("reprocess --prove", [65]),
        "load": (f"load --hour {span.last}", []),
        "retain": (f"retain --raw-days 1 --staged-days 1 --warehouse-days 1 --now {span.hour(51)}", []),
        "restore": ("maintain restore copy/copy.db", []),
        "reprocess": ("reprocess", []),
    }


def size_of(content):
    return int.from_bytes(content[16:18], "big")


def damage(content, kind, page, seed):
    """The same database with one page overwritten, or two swapped."""
    numbers, size, content = random.Random(seed), size_of(content), bytearray(content)
    at = (page - 1) * size
    if kind == "zero":
        content[at:at + size] = bytes(size)
    elif kind == "random":
        content[at:at + size] = numbers.randbytes(size)
    elif kind == "bit":
        content[at + numbers.randrange(size)] ^= 1 << numbers.randrange(8)
    elif kind == "half":
        content[at + size // 2:at + size] = bytes(size - size // 2)
    elif kind == "swap":
        other = numbers.randrange(len(content) // size) * size
        content[at:at + size], content[other:other + size] = content[other:other + size], content[at:at + size]
    return bytes(content)


def problem(name, ending, usual, statuses):
    """What is wrong with how a program ended, and whether its answer is the usual one."""
    status, errors, output = ending
    said = f"{name} ends with {status}{last_line(errors)}"
    if status is None:
        return f"{name} hangs{last_line(errors)}", False
    if status < 0:
        return f"{name} is ended by signal {-status}{last_line(errors)}", False
    if status not in (0, 74, *statuses):
        return said, False
    if status == 74 and not WORDS.search(errors):
        return f"{said} (nothing of damage)", False
    return None, (status, output) == (usual[0], usual[2])


def rows(path, folder):
    return tables(path, folder.with_name("looked"))


def derived(found):
    return {name: value for name, value in found.items() if name not in KEPT | NOTED}


def unlike(found, wanted):
    return [f"{name}: {found.get(name)} for {wanted.get(name)}" for name in sorted(found.keys() | wanted.keys())
            if found.get(name) != wanted.get(name)]


def left_by(name, folder, ending, live_rows, made_rows):
    """What is wrong with the databases that a program left."""
    live, status = folder / DATABASE, ending[0]
    if not live.exists() or not live.stat().st_size:
        return [f"{name} leaves no database"]
    if name == "restore" and status == 0:
        return [f"restored {found}" for found in unlike(rows(live, folder), rows(folder / "copy/copy.db", folder))]
    if name == "reprocess":
        found = rows(live, folder)
        problems = [f"made again {line}" for line in unlike(derived(found), derived(made_rows))]
        return problems + [f"made again {table} is lost, and not named" for table in sorted(KEPT)
                           if found.get(table) != made_rows.get(table) and found.get(table, ("0 rows",))[0] == "0 rows"
                           and table not in ending[1]]
    if name == "backup" and status == 0:
        found = rows(folder / "copy/new.db", folder)
        return [f"the copy is {found[bad]}" for bad in ("integrity", "unreadable") if bad in found]
    if name == "prove" and status == 0:
        found = rows(live, folder)
        found.pop("integrity", None)  # of indices: rows are what is proved
        return [f"proved, but {line}" for line in unlike(derived(found), derived(live_rows))]
    return []


def attempt(bench, name, command, folder, usual, usual_rows):
    """A program on a damaged database: (its status, whether it is right, problems)."""
    text, statuses = command
    ending = bench.ask(text, folder)
    wrong, is_right = problem(name, ending, usual[name], statuses)
    problems = [wrong] if wrong else [] if name == "reprocess" else left_by(name, folder, ending, *usual_rows)
    if name == "load" and ending[0] == 0:
        name = "reprocess"
        text = programs(bench.span)[name][0]
        ending = bench.ask(text, folder)
    if name == "reprocess" and not wrong:
        if ending[0] != 0:
            problems.append(f"{name} ends with {ending[0]}{last_line(ending[1])}")
        else:
            problems += left_by(name, folder, ending, *usual_rows)
            problems += sound(bench, folder)
    return ending[0], is_right, problems


def sound(bench, folder):
    """What a backup of a database that has been made again finds, and what is left over."""
    status, errors = bench.run("maintain backup --output copy/after.db", folder)
    problems = [f"then backup ends with {status}{last_line(errors)}"] if status else []
    left = [path.name for path in (folder / "warehouse").iterdir()
            if path.suffix in (".rebuild", ".new") or ".new." in path.name or ".rebuild-" in path.name]
    return problems + [f"is left over: {name}" for name in left]


def trial(work):
    """One damage and all programs: what each came to, and problems."""
    bench, (kind, page, seed), usual, usual_rows, keep, one = work
    content = damage((bench.template("kept") / DATABASE).read_bytes(), kind, page, seed)
    found, problems = {}, []
    for name, command in programs(bench.span).items():
        folder = bench.fresh("kept")
        (folder / DATABASE).write_bytes(content)
        status, is_right, wrong = attempt(bench, name, command, folder, usual, usual_rows)
        found[name] = "bad" if wrong else "as usual" if is_right else "other" if status == 0 else status
        problems += wrong
        if one:
            print(f"{name:10} {found[name]}")
        if wrong:
            keep_left(folder, keep, f"{kind}-{page}-{seed}-{name}")
        shutil.rmtree(folder.parent)
    return found, problems


def begin(bench):
    """The database that is damaged, what the programs answer undisturbed, and its rows before and after a rebuild."""
    span = bench.span
    bench.grow("kept", "loaded", f"alert --hour {span.new} --now {span.now}", f"maintain check --all --now {span.now}",
               "maintain backup --output copy/copy.db")
    usual = {}
    for name, (command, statuses) in programs(span).items():
        folder = bench.fresh("kept")
        usual[name] = bench.ask(command, folder)
        if usual[name][0] not in (0, *statuses):
            sys.exit(f"{command} ends undisturbed with {usual[name][0]}: {usual[name][1]}")
        if name == "reprocess":
            made = rows(folder / DATABASE, folder)
        shutil.rmtree(folder.parent)
    return usual, (rows(bench.template("kept") / DATABASE, bench.template("kept")), made)


def chosen_pages(chosen, bench):
    if chosen.one:
        kind, page, seed = chosen.one.split(":")
        return [(kind, int(page), int(seed))]
    content = (bench.template("kept") / DATABASE).read_bytes()
    numbers, pages = dice(chosen.seed, "pages"), len(content) // size_of(content)
    return [(KINDS[place % len(KINDS)], numbers.randint(1, pages), numbers.randint(0, 10 ** 6))
            for place in range(chosen.runs)]


def table(names, found):
    """How often each program came to what."""
    answers = sorted({str(answer) for each in found for answer in each.values()}, reverse=True)
    print(f"{'':10}" + "".join(f"{answer:>10}" for answer in answers))
    for name in names:
        print(f"{name:10}" + "".join(f"{sum(str(each[name]) == answer for each in found):10}" for answer in answers))


def main():
    chosen = options("Damaged pages.", 5, "pages in all", KINDS)
    with tempfile.TemporaryDirectory(prefix="pages-") as top, workers(chosen.jobs) as pool:
        bench = Bench(chosen.bin, top, HOURS, EXCHANGES)
        bench.build()
        usual, usual_rows = begin(bench)
        pages = chosen_pages(chosen, bench)
        work = [(bench, page, usual, usual_rows, chosen.keep, chosen.one) for page in pages]
        results, bad = [], 0
        for page, (found, problems) in zip(pages, pool.map(trial, work)):
            results.append(found)
            bad += bool(problems)
            if problems:
                fail(f"Tests/Injected/pages.py --one {':'.join(map(str, page))}", problems)
        table(programs(bench.span), results)
        print(f"seed {chosen.seed}: {len(results)} damaged pages")
    return totals(len(results) - bad, bad)


if __name__ == "__main__":
    sys.exit(main())
