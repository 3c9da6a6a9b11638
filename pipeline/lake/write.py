#!/usr/bin/env python3
"""Writes the sealed hours of the warehouse into the lake, months that have changed only.

write.py WAREHOUSE [--lake FOLDER] [--from HOUR --to HOUR] [--verify]

A month is made of the hours that changed, from the warehouse, and of all others, from its own files: what retention removed
stays. Files get their names by rename, and the manifest follows; a run that was killed is repeated.
"""
# Most runs find nothing to do: what takes long to import is imported where it is needed.
import argparse
import fcntl
import os
import sqlite3
import sys
import time
from contextlib import suppress
from functools import partial
from itertools import chain
from pathlib import Path

import engine
import manifest as book
import rows as of_lake
from views import VIEWS
from warehouse import HOUR, Warehouse

# How far an hour's facts reach into the events of later hours: an exchange tells an event again for days.
REACH = 8 * 24 * HOUR

# Two parts of a month are made beside one another, whatever the number of cores. What DuckDB may take for each; what does not fit
# lies in a file meanwhile, which is dear.
WORKERS = 2
# How long a state of a warehouse is waited for that others write to, in seconds.
PATIENCE = 60
MEMORY = "280MB"
MORE_MEMORY = "2GB"

# Files that are made of pieces, one for each exchange: a sort of the whole would take more than that.
OF_EXCHANGES = ("tickers", "instruments")


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
    scratch = Path(lake) / ".scratch"
    scratch.mkdir(exist_ok=True)
    # What stays is copied: only from files that are what a run has written.
    unsound = [book.file_of(lake, name, month) for name in manifest["months"].get(month, {}).get("views", {})
               if not book.is_sound(lake, (manifest, book.read(lake, book.NEXT)), name, month)]
    held = book.hours_of(manifest, month)
    stay = exchanges_of(lake, month) if held and not unsound else ()
    warehouse, of_exchange = one_state(path, scratch, stay)
    try:
        sealed = warehouse.sealed_hours(*book.span_of(month))
        if unsound and set(held) - set(sealed):
            raise LookupError(f"{unsound[0]} is not there or not what was written, and the warehouse no longer has all hours of "
                              f"{month}: bring the file back")
        if unsound:
            held = {}
        work = Month(month, sealed, warehouse.known_hours(*book.span_of(month)), held, before, first_known)
        put, renames = Writing(lake, manifest, work, scratch).files(warehouse, of_exchange)
    finally:
        for one in (warehouse, *of_exchange.values()):
            one.close()

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


def exchanges_of(lake, month):
    """The exchanges that a month's files tell of."""
    files = [file for file in (book.file_of(lake, name, month) for name in OF_EXCHANGES) if file.exists()]
    if not files:
        return set()
    connection = engine.connect()
    rows = connection.execute(f"SELECT DISTINCT exchange_id FROM {of_lake.parquet(files)}").fetchall()
    connection.close()
    return {exchange for exchange, in rows}


def one_state(path, scratch, exchanges=()):
    """The warehouse, and once more for each of its exchanges and of some others, those with most contracts first: all of them read
    from the same state of it."""
    watching, until = Warehouse(path), time.monotonic() + PATIENCE
    try:
        while time.monotonic() < until:
            version = watching.version()
            shared, of_exchange = began(path, scratch, exchanges)
            if watching.version() == version:
                return shared, of_exchange
            for one in (shared, *of_exchange.values()):
                one.close()
            time.sleep(0.05)
    finally:
        watching.close()
    raise TimeoutError(f"{path} is being written to all the time: run this again when that has ended")


def began(path, scratch, exchanges):
    """The warehouse, and once more for each exchange, each in a transaction of its own."""
    shared, of_exchange = Warehouse(path, str(scratch / "shared.db")), {}
    try:
        shared.begin()
        # A month without any has files all the same, with columns and no rows.
        contracts = {**dict.fromkeys(exchanges, 0), **shared.exchanges()} or {"none": 0}
        for exchange in sorted(contracts, key=lambda exchange: (-contracts[exchange], exchange)):
            of_exchange[exchange] = Warehouse(path, str(scratch / f"{exchange}.exchange.db"))
            of_exchange[exchange].begin()
    except BaseException:
        for one in (shared, *of_exchange.values()):
            one.close()
        raise
    return shared, of_exchange


class Writing:
    """Writes a month's files beside the present ones."""

    def __init__(self, lake, manifest, work, scratch):
        self.lake, self.work, self.scratch = lake, work, scratch
        self.named = manifest["months"].get(work.month, {}).get("views", {})
        earlier = previous(work.month)
        gone = {hour for month in (earlier, work.month) for hour in book.hours_of(manifest, month)
                if hour not in work.sealed and (month == work.month or hour < book.span_of(work.month)[0])}
        self.gone = {hour for hour in gone if hour not in work.known}

    def path(self, name):
        return book.file_of(self.lake, name, self.work.month)

    def stays(self, name):
        return not self.work.needs(name) and self.path(name).exists()

    def files(self, warehouse, of_exchange):
        """Returns the entries of the files, and which files get which names."""
        from concurrent.futures import ThreadPoolExecutor

        import joined

        engine.read_without_locks()
        made = [name for name in OF_EXCHANGES if not self.stays(name)]
        tasks = [lambda connection: self.write_shared(connection, warehouse)]
        if made:
            tasks += [partial(self.write_exchange, warehouse=one, exchange=exchange, names=made)
                      for exchange, one in of_exchange.items()]
        waiting = iter(tasks)  # whose `next` is whole for each thread
        with ThreadPoolExecutor(WORKERS) as pool:
            done = list(pool.map(lambda number: self.work_off(waiting, number), range(WORKERS)))
        counts = {name: count for counts in chain(*done) for name, count in counts.items()}
        for name in made:
            counts[name] = joined.join([self.piece(name, exchange) for exchange in sorted(of_exchange)], self.part(name))
        entries = {name: book.of_file(self.part(name), counts[name]) if name in counts else self.named[name] for name in VIEWS}
        return entries, [(self.part(name), self.path(name)) for name in VIEWS if name in counts]

    def part(self, name):
        path = self.path(name).with_name(".part.parquet")
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def piece(self, name, exchange):
        return self.scratch / f"{exchange}.{name}.parquet"

    def work_off(self, waiting, number):
        """Does what waits to be done, with a DuckDB of its own. Returns what each task gives."""
        connection = engine.connect(folder=self.scratch / f"duckdb-{number}", memory=MEMORY, threads=1)
        done = []
        try:
            while (task := next(waiting, None)) is not None:
                done.append(task(connection))
        except BaseException:
            # What waits is not begun: the other thread ends as well.
            for _ in waiting:
                pass
            raise
        finally:
            connection.close()
        return done

    def write_shared(self, connection, warehouse):
        """Writes the files that are not made of pieces. Returns how many rows each has."""
        names = [name for name in VIEWS if name not in OF_EXCHANGES and not self.stays(name)]
        for name in names:
            warehouse.stage(VIEWS[name].staged, self.work.fresh(name))
        return self.done(connection, warehouse, lambda here: {name: self.write_file(here, name) for name in names})

    def write_file(self, connection, name):
        of_lake.hours_table(connection, "gone_hour", self.gone)
        kept = self.hours_tables(connection, name)
        told = [book.file_of(self.lake, name, previous(self.work.month)), self.path(name)] if self.gone else []
        return of_lake.write(connection, name, self.part(name), kept, [file for file in told if file.exists()])

    def hours_tables(self, connection, name):
        """Tells which hours come from where. Returns the file whose rows stay."""
        fresh = self.work.fresh(name)
        kept = set(self.work.held) - fresh
        of_lake.hours_table(connection, "fresh_hour", fresh)
        of_lake.hours_table(connection, "kept_hour", kept)
        return self.path(name) if kept else None

    def write_exchange(self, connection, warehouse, exchange, names):
        """Writes the pieces of an exchange."""
        tables = sorted({table for name in names for table in VIEWS[name].staged})
        warehouse.stage_exchange(exchange, [*tables, "ticker_sample"], self.work.changed)

        def write(here):
            for name in names:
                of_lake.write_exchange(here, name, exchange, self.piece(name, exchange), self.hours_tables(here, name))
            return {}
        return self.done(connection, warehouse, write)

    def done(self, connection, warehouse, task):
        """Does a task with a connection that has what was copied out of the warehouse as `fresh`; once more with more
        memory, where it cannot do with what it should. Returns what the task gives."""
        warehouse.end()
        warehouse.connection.close()  # with what it has in memory
        engine.attach(connection, warehouse.scratch)
        try:
            with engine.another(connection) as here:
                return task(here)
        except engine.out_of_memory():
            connection.execute(f"SET memory_limit = '{MORE_MEMORY}'")
            with engine.another(connection) as here:
                return task(here)
        finally:
            # After some errors DuckDB does nothing any more: they are told, and not this.
            with suppress(engine.failure()):
                connection.execute(f"SET memory_limit = '{MEMORY}'; DETACH fresh")
            warehouse.close()


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
    connection = engine.connect()
    hours = {hour for path in files for hour, in connection.execute(
        f"SELECT DISTINCT hour FROM {of_lake.parquet([path])}").fetchall()}
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
    import calendar

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
    if (Path(lake) / ".scratch").exists():
        import shutil

        shutil.rmtree(Path(lake) / ".scratch", ignore_errors=True)
    # DuckDB writes `tmp_…` where a file is there already.
    parts = chain.from_iterable(Path(lake).glob(f"*/month=*/{name}") for name in (".part.parquet", "tmp_*"))
    for part in [*parts, *(Path(lake) / f".{name}.part" for name in (book.NAME, book.NEXT))]:
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
    except TimeoutError as error:
        sys.exit(fail(error, 75))
    except sqlite3.Error as error:
        sys.exit(fail(f"{options.warehouse}: {error}", 74))
    except (OSError, engine.failure()) as error:
        sys.exit(fail(error, 74))
    finally:
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
