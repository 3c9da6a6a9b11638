#!/usr/bin/env python3
"""Asks the lake and the newest hours of the warehouse in DuckDB's SQL.

ask.py WAREHOUSE --sql SQL [--format table|csv|json]
ask.py WAREHOUSE --shell
ask.py WAREHOUSE --export VIEW [--from HOUR --to HOUR]      Parquet, on standard output
"""
import argparse
import os
import shutil
import sys
import tempfile
import threading
from pathlib import Path

import engine
from opened import open_lake
from rows import FORMAT
from views import VIEWS
from warehouse import HOUR, Warehouse
from write import fail, parse_hour

TIMES = {"timestamp": 1, "hour": 1, "from_ms": 1000, "settled_at_ms": 1000, "observed_at_ms": 1000,
         "occurred_at_ms": 1000, "time_ms": 1000}
TYPES = {"integer": "INTEGER", "real": "REAL", "text": "TEXT", "blob": "BLOB"}


SHOWN = 1000


def table(names, rows):
    """Columns of text, numbers to the right; nothing stands for unknown."""
    texts = [["" if value is None else str(value) for value in row] for row in rows[:SHOWN]]
    widths = [max(map(len, column)) for column in zip(names, *texts)]
    right = [any(isinstance(row[index], (int, float)) for row in rows) for index in range(len(names))]
    lines = ["  ".join(text.rjust(width) if is_right else text.ljust(width)
                       for text, width, is_right in zip(row, widths, right)).rstrip() for row in [names, *texts]]
    lines.insert(1, "  ".join("-" * width for width in widths))
    more = [f"... the first {SHOWN} rows; FORMAT=csv prints all"] if len(rows) > SHOWN else []
    return "\n".join(lines + more)


def answer(connection, sql, style):
    """Prints what a query gives."""
    sql = sql.strip().rstrip(";")
    if style != "table":
        copy(connection, f"COPY (\n{sql}\n) TO", f"(FORMAT {style}, USE_TMP_FILE false{', HEADER' if style == 'csv' else ''})")
        return
    result = connection.execute(sql)
    if result.description:
        print(table([column[0] for column in result.description], result.fetchmany(SHOWN + 1)))


def copy(connection, words, form):
    """Copies to standard output through a pipe: DuckDB would open the file that stands there anew, and empty it."""
    ending, writing = os.pipe()
    with open(ending, "rb") as source:
        copying = threading.Thread(target=shutil.copyfileobj, args=(source, sys.stdout.buffer))
        copying.start()
        try:
            connection.execute(f"{words} '/dev/fd/{writing}' {form}")
        finally:
            os.close(writing)
            copying.join()
    sys.stdout.buffer.flush()


def shell(connection):
    """Reads statements that end with a semicolon, and prints what they give."""
    import duckdb

    if sys.stdin.isatty():
        import readline  # noqa: F401  for lines that can be edited
        print("Views: " + ", ".join(VIEWS) + ". A statement ends with ';'; end with Ctrl-D.")
    text = ""
    while True:
        try:
            line = input(("   ... " if text else "lake> ") if sys.stdin.isatty() else "")
        except (EOFError, KeyboardInterrupt):
            print()
            return
        text += line + "\n"
        if not line.rstrip().endswith(";"):
            continue
        try:
            answer(connection, text, "table")
        except duckdb.Error as error:
            print(error)
        text = ""


def condition(columns, first, last):
    """What chooses the rows of a span of hours, as `make export` does; nothing without a span."""
    if first is None:
        return ""
    name = next((name for name in TIMES if name in columns), None)
    if name is None:
        raise LookupError("its rows have no hour: leave FROM and TO out")
    return f" WHERE {name} >= {first * TIMES[name]} AND {name} < {(last + HOUR) * TIMES[name]}"


def stored_rows(path, view, first, last, scratch):
    """Copies the rows of any view or table of the warehouse, with the types that they are stored with."""
    warehouse = Warehouse(path, str(scratch))
    name = '"' + view.replace('"', '""') + '"'
    declared = {column[1]: column[2] for column in warehouse.ask(f"SELECT * FROM pragma_table_xinfo('{view}', 'w')")} \
        if "'" not in view else {}
    if not declared:
        raise LookupError(f"there is no view or table '{view}'")
    listed = ", ".join(f'"{column}"' for column in declared)
    warehouse.connection.execute(
        f"CREATE TABLE main.untyped AS SELECT {listed} FROM w.{name}{condition(declared, first, last)}")
    columns = ", ".join(f'"{column}" {declared[column] or found_type(warehouse, column)}' for column in declared)
    warehouse.connection.execute(f"CREATE TABLE main.rows ({columns})")
    warehouse.connection.execute("INSERT INTO main.rows SELECT * FROM main.untyped")
    warehouse.connection.close()


def found_type(warehouse, column):
    """The type of a computed column, which SQLite does not declare."""
    found = {kind for kind, in warehouse.ask(f'SELECT DISTINCT typeof("{column}") FROM main.untyped')} - {"null"}
    if found == {"integer", "real"}:
        return "REAL"
    return TYPES[found.pop()] if len(found) == 1 else "TEXT"


def export(lake, path, view, first, last):
    """Writes rows as Parquet to standard output: of the lake and the warehouse, or of any other view of the warehouse."""
    folder = Path(tempfile.mkdtemp(prefix="lake-"))
    try:
        if view in VIEWS and (Path(lake) / "manifest.json").exists():
            connection = open_lake(lake, path)
            query = f"SELECT * FROM {view}{condition(['hour'], first, last)}"
        else:
            stored_rows(path, view, first, last, folder / "rows.db")
            connection = engine.connect(scratch=folder / "rows.db")
            query = "SELECT * FROM fresh.rows"
        connection.execute(f"COPY ({query}) TO {engine.text(folder / 'rows.parquet')} ({FORMAT})")
        with open(folder / "rows.parquet", "rb") as file:
            shutil.copyfileobj(file, sys.stdout.buffer)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def main():
    parser = argparse.ArgumentParser(description="Asks the lake and the newest hours of the warehouse.")
    parser.add_argument("warehouse")
    parser.add_argument("--lake")
    parser.add_argument("--sql")
    parser.add_argument("--format", choices=["table", "csv", "json"], default="table")
    parser.add_argument("--shell", action="store_true")
    parser.add_argument("--export")
    parser.add_argument("--from", dest="first", type=parse_hour)
    parser.add_argument("--to", dest="last", type=parse_hour)
    parser.add_argument("--hour", type=parse_hour)
    options = parser.parse_args()
    if options.hour is not None:
        options.first = options.last = options.hour
    if (options.first is None) != (options.last is None) or options.first is not None and options.last < options.first:
        sys.exit(fail("--from and --to name a span of hours, both of them, the earlier one first", 64))
    lake = Path(options.lake or Path(options.warehouse).parent / "lake")
    import duckdb

    try:
        if options.export:
            export(lake, options.warehouse, options.export, options.first, options.last)
            return
        connection = open_lake(lake, options.warehouse)
        if options.shell:
            shell(connection)
        else:
            answer(connection, options.sql, options.format)
    except LookupError as error:
        sys.exit(fail(error, 64))
    except (OSError, ValueError) as error:
        sys.exit(fail(error, 74))
    except duckdb.Error as error:
        sys.exit(fail(error, 64))


if __name__ == "__main__":
    main()
