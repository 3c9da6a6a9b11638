#!/usr/bin/env python3
"""Writes the sealed hours of the warehouse into the lake, months that have changed only.

write.py WAREHOUSE [--lake FOLDER] [--from HOUR --to HOUR] [--verify]

A month is made of the hours that changed, from the warehouse, and of all others, from its own files: what retention removed
stays. Files get their names by rename, and the manifest follows; a run that was killed is repeated.
"""
import argparse
import calendar
import fcntl
import os
import shutil
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import manifest as book
from views import VIEWS
from warehouse import HOUR, Warehouse

# How far an hour's facts reach into the events of later hours: an exchange tells an event again for days.
REACH = 8 * 24 * HOUR

# What DuckDB may take; what does not fit lies in a file meanwhile.
MEMORY = "550MB"


def after(changed, hours, reach=REACH):
    """The hours that lie in the reach of a changed one, that one included."""
    found, last = set(), None
    for hour in sorted(changed | hours):
        if hour in changed:
            last = hour
        if last is not None and hour <= last + reach and hour in hours:
            found.add(hour)
    return found


def differing(sealed, held):
    """The sealed hours whose content the lake does not hold."""
    return {hour for hour, content in sealed.items() if held.get(hour) != content}


def differing_files(lake, manifest, month):
    """The files of a month that are not those that the manifest names, by what is quick to see."""
    named = manifest["months"].get(month, {}).get("views", {})
    paths = {name: book.file_of(lake, name, month) for name in named}
    return [path for name, path in paths.items() if not path.exists() or path.stat().st_size != named[name]["bytes"]]


def is_whole(lake, manifest, month):
    """Whether a month has a file of each view, and each is the one that the manifest names, by what is quick to see."""
    named = manifest["months"].get(month, {}).get("views", {})
    return set(named) == set(VIEWS) and not differing_files(lake, manifest, month)


class Month:
    """What is to be done about a month."""

    def __init__(self, month, sealed, known, held, changed_before, first_known):
        self.month = month
        self.sealed = sealed
        self.held = held
        self.known = known
        self.changed = differing(sealed, held)
        # Events are told by other hours too: those are read again, unless the warehouse lacks what came before them.
        lacks = {hour for hour in sealed if hour <= first_known + REACH and hour not in self.changed} if (
            any(hour < first_known for hour in held) or changed_before is None) else set()
        self.touched = after(self.changed | (changed_before or set()), set(sealed)) - lacks

    def fresh(self, name):
        return self.touched if VIEWS[name].event else self.changed

    def needs(self, name):
        return bool(self.fresh(name)) or bool(self.changed)


def rewrite(path, lake, manifest, month, before, first_known):
    """Makes a month's files again. Returns its hours that had changed, and a line about it."""
    import engine
    import rows as of_lake

    scratch = Path(lake) / ".scratch"
    scratch.mkdir(exist_ok=True)
    database = scratch / "fresh.db"
    warehouse = Warehouse(path, str(database))
    try:
        warehouse.begin()
        first, last = book.span_of(month)
        sealed, held = warehouse.sealed_hours(first, last), book.hours_of(manifest, month)
        # What stays is copied: only from files that are what a run has written.
        unsound = [book.file_of(lake, name, month) for name in manifest["months"].get(month, {}).get("views", {})
                   if not book.is_sound(lake, (manifest, book.read(lake, book.NEXT)), name, month)]
        if unsound and set(held) - set(sealed):
            raise LookupError(f"{unsound[0]} is not there or not what was written, and the warehouse no longer has all hours of "
                              f"{month}: bring the file back")
        if unsound:
            held = {}
        work = Month(month, sealed, warehouse.known_hours(first, last), held, before, first_known)
        for name, view in VIEWS.items():
            warehouse.stage([table for table in view.staged if not has(warehouse, table)],
                            work.touched if view.event else work.changed)
        warehouse.stage(["ticker_sample"], work.changed)
        warehouse.end()

        connection = engine.connect(scratch=database, folder=scratch / "duckdb", memory=MEMORY)
        try:
            put, renames = write_files(engine, connection, of_lake, lake, manifest, work)
        finally:
            connection.close()
    finally:
        warehouse.close()

    entry = manifest["months"].setdefault(month, {"hours": {}, "views": {}})
    entry["hours"].update({str(hour): work.sealed[hour] for hour in work.changed})
    entry["views"] = put
    # So that after a kill between the names, each file is known for what it is.
    book.write(lake, manifest, book.NEXT)
    for part, path in renames:
        book.put(part, path)
    book.write(lake, manifest)
    (Path(lake) / book.NEXT).unlink()
    tickers = put["tickers"]
    return work.changed, (f"{month}: {len(work.changed)} of {len(entry['hours'])} hours were new or had changed; "
                          f"{tickers['rows']} tickers, {sum(one['bytes'] for one in put.values()) / 1e6:.1f} MB")


def has(warehouse, table):
    return bool(warehouse.ask("SELECT 1 FROM main.sqlite_schema WHERE name = ?", table))


def write_files(engine, connection, of_lake, lake, manifest, work):
    """Writes the month's files beside the present ones. Returns their entries, and which files get which names."""
    earlier = previous(work.month)
    gone = {hour for month in (earlier, work.month) for hour in book.hours_of(manifest, month)
            if hour not in work.sealed and (month == work.month or hour < book.span_of(work.month)[0])}
    gone = {hour for hour in gone if hour not in work.known}
    # Tickers take half of the work, and are written beside all others.
    with ThreadPoolExecutor() as pool:
        parts = list(pool.map(lambda names: write_views(engine.another(connection), of_lake, lake, manifest, work, gone, names),
                              (["tickers"], [name for name in VIEWS if name != "tickers"])))
    renames = [rename for _, renames in parts for rename in renames]
    entries = {name: entry for written, _ in parts for name, entry in written.items()}
    return {name: entries[name] for name in VIEWS}, renames


def write_views(connection, of_lake, lake, manifest, work, gone, names):
    """Writes the files of some views beside the present ones. Returns their entries, and which files get which names."""
    named = manifest["months"].get(work.month, {}).get("views", {})
    earlier = previous(work.month)
    of_lake.hours_table(connection, "gone_hour", gone)
    entries, renames = {}, []
    for name in names:
        path = book.file_of(lake, name, work.month)
        fresh = work.fresh(name)
        kept = set(work.held) - fresh
        if not work.needs(name) and path.exists():
            entries[name] = named[name]
            continue
        of_lake.hours_table(connection, "fresh_hour", fresh)
        of_lake.hours_table(connection, "kept_hour", kept)
        told = [file for file in (book.file_of(lake, name, earlier), path) if file.exists()] if gone else []
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(".part.parquet")
        count = of_lake.write(connection, name, part, path if kept else None, told)
        entries[name] = book.of_file(part, count)
        renames.append((part, path))
    return entries, renames


def previous(month):
    return book.month_of(book.span_of(month)[0] - HOUR)


def update(path, lake, first=None, last=None):
    """Brings the lake up to the warehouse. Returns a line for each month that was written."""
    manifest = book.read(lake)
    warehouse = Warehouse(path)
    if not manifest["months"]:
        require_known(lake, warehouse)
    known = warehouse.span()
    of_warehouse = set(book.months_of(*known)) if known else set()
    for month in sorted(set(manifest["months"]) - of_warehouse):
        require_whole(lake, manifest, month)
    if known is None:
        return []
    lines, before, before_month = [], set(), None
    for month in book.months_of(max(first or known[0], known[0]), min(last or known[1], known[1])):
        sealed = warehouse.sealed_hours(*book.span_of(month))
        changed = differing(sealed, book.hours_of(manifest, month))
        late = {hour for hour in before if sealed and hour + REACH >= min(sealed)}
        if not changed and not late and (month not in manifest["months"] or is_whole(lake, manifest, month)):
            before = set()
            continue
        before, line = rewrite(path, lake, manifest, month, late, known[0])
        lines.append(line)
    warehouse.close()
    return lines


def require_whole(lake, manifest, month):
    """Throws for a month that is the lake's alone, and of whose files one is not there or not what was written."""
    for path in differing_files(lake, manifest, month):
        raise LookupError(f"{path} is not there or not what was written, and the warehouse no longer has the hours of {month}: "
                          "bring the file back")


def require_known(lake, warehouse):
    """Throws where a lake has files and no manifest, unless the warehouse has all hours in them: a first run was killed."""
    files = book.files(lake)
    if not files or book.read(lake, book.NEXT)["months"]:
        return
    import engine
    import rows as of_lake
    connection = engine.connect()
    hours = {hour for path in files for hour, in connection.execute(
        f"SELECT DISTINCT hour FROM read_parquet({of_lake.files([path])})").fetchall()}
    span = warehouse.span()
    if hours - (set(warehouse.sealed_hours(*span)) if span else set()):
        raise LookupError(f"{lake} has files and no {book.NAME}, with hours that the warehouse does not have: bring the manifest "
                          "back, or move the folder away")


def verify(lake):
    """Reads all files. Returns a line for each that is not what was written."""
    manifest = book.read(lake)
    return [f"{book.file_of(lake, name, month)}: is not what was written" for month, entry in sorted(manifest["months"].items())
            for name in entry["views"] if not book.is_sound(lake, (manifest,), name, month)]


def parse_hour(word):
    """An hour such as 2025-10-23T15 as epoch seconds."""
    return calendar.timegm(time.strptime(word, "%Y-%m-%dT%H"))


def locked(lake):
    """The lock of the lake; nothing when another run holds it. It is held while the file is open."""
    file = open(Path(lake) / ".lock", "w")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return file
    except BlockingIOError:
        return None


def sweep(lake):
    """Removes what a killed run left."""
    shutil.rmtree(Path(lake) / ".scratch", ignore_errors=True)
    for part in [*Path(lake).glob("*/month=*/.part.parquet"), *(Path(lake) / f".{name}.part" for name in (book.NAME, book.NEXT))]:
        part.unlink(missing_ok=True)


def main():
    parser = argparse.ArgumentParser(description="Writes the sealed hours of the warehouse into the lake.")
    parser.add_argument("warehouse")
    parser.add_argument("--lake")
    parser.add_argument("--from", dest="first", type=parse_hour)
    parser.add_argument("--to", dest="last", type=parse_hour)
    parser.add_argument("--verify", action="store_true", help="read all files and compare them with the manifest; nothing is written")
    options = parser.parse_args()
    lake = Path(options.lake or Path(options.warehouse).parent / "lake")
    if not os.path.exists(options.warehouse):
        sys.exit(fail(f"there is no warehouse '{options.warehouse}': run 'make hourly' first", 74))
    lake.mkdir(exist_ok=True)
    lock = locked(lake)
    if lock is None:
        sys.exit(fail(f"another run writes {lake}", 75))
    if options.verify:
        bad = verify(lake)
        print("\n".join(bad) or "all files of the lake are what was written")
        sys.exit(65 if bad else 0)
    sweep(lake)
    try:
        lines = update(options.warehouse, lake, options.first, options.last)
    except (LookupError, ValueError) as error:
        sys.exit(fail(error, 65))
    sweep(lake)
    for line in lines:
        print(line)
    if not lines:
        print("the lake holds all sealed hours as they are")


def fail(message, status):
    print(f"lake: {message}", file=sys.stderr)
    return status


if __name__ == "__main__":
    main()
