"""Compares what other tools read in our views with SQLite's own values, and runs the calls of docs/reading.md.

compare.py WAREHOUSE STAGED FOLDER. Everything is read from copies in FOLDER.
"""

import gzip
import importlib.util
import json
import math
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
PAGE = HERE.parent / "docs/reading.md"
REFUSED_WITHOUT_CLOCK = {"market_history"}
NUMBERS = (int, float)
failures = []


def fail(text):
    failures.append(text)
    print(f"  DIFFERS  {text}")


def copy(source, target):
    """A consistent copy, also of a warehouse that is being written."""
    with sqlite3.connect(f"file:{source}?mode=ro", uri=True) as old, sqlite3.connect(target) as new:
        old.backup(new)
    new.execute("PRAGMA journal_mode = DELETE")
    new.close()


def equal(a, b):
    """The same value: numbers as numbers up to the order of a sum, and unknown is NULL or NaN."""
    if isinstance(a, float) and math.isnan(a):
        a = None
    if isinstance(b, float) and math.isnan(b):
        b = None
    if isinstance(a, NUMBERS) and isinstance(b, NUMBERS):
        # 1 less a quotient of equal sums is 0, or what is left of the last digit.
        return a == b or abs(a - b) <= max(1e-12 * max(abs(a), abs(b)), 1e-15)
    return type(a) is type(b) and a == b


def order(rows, doubles):
    """Rows by their texts and whole numbers; doubles, without last digits, decide between equal ones."""

    def part(value):
        if value is None or isinstance(value, float) and math.isnan(value):
            return (0, "")
        return (1, value) if isinstance(value, str) else (2, float(f"{value:.9e}") if isinstance(value, float) else value)

    def key(row):
        parts = [part(value) for value in row]
        return [parts[place] for place in range(len(row)) if place not in doubles] + [parts[place] for place in doubles]

    return sorted(rows, key=key)


def truth(con, view):
    """The columns and rows of a view, and the places of its doubles."""
    cursor = con.execute(f"SELECT * FROM {view}")
    columns, rows = [entry[0] for entry in cursor.description], cursor.fetchall()
    doubles = sorted({place for row in rows for place, value in enumerate(row) if isinstance(value, float)})
    return columns, order(rows, doubles), doubles


def by_pandas(path, view):
    import pandas as pd

    with sqlite3.connect(path) as con:
        frame = pd.read_sql(f"SELECT * FROM {view}", con)
    texts = {name for name in frame.columns if not pd.api.types.is_numeric_dtype(frame[name])}
    values = frame.astype(object).where(frame.notna(), None)
    return list(frame.columns), [tuple(row) for row in values.itertuples(index=False, name=None)], texts


def by_polars(path, view):
    import polars as pl

    with sqlite3.connect(path) as con:
        frame = pl.read_database(f"SELECT * FROM {view}", con, infer_schema_length=None)
    texts = {name for name, kind in frame.schema.items() if not kind.is_numeric()}
    return frame.columns, frame.rows(), texts


def opened_by_duckdb(path):
    import duckdb

    con = duckdb.connect()
    con.execute("SET enable_progress_bar = false")
    con.execute(f"ATTACH '{path}' AS w (TYPE sqlite, READ_ONLY)")
    return con


def by_duckdb(path, view):
    con = opened_by_duckdb(path)
    con.execute(clock())
    kinds = {row[0]: row[1] for row in con.execute(f"DESCRIBE SELECT * FROM w.{view}").fetchall()}
    rows = con.execute(f"SELECT * FROM w.{view}").fetchall()
    count = con.execute(f"SELECT count(*) FROM w.{view}").fetchone()[0]
    if count != len(rows):
        fail(f"DuckDB: {view}: count(*) is {count}, and there are {len(rows)} rows")
    return list(kinds), rows, {name for name, kind in kinds.items() if kind == "VARCHAR"}


def clock():
    """What docs/reading.md says that DuckDB needs for texts of times."""
    return re.search(r"CREATE OR REPLACE TEMP MACRO strftime.*?;\n", PAGE.read_text(), re.S)[0]


def compare_without_clock(path):
    """Without it, views with texts of times come from SQLite as text, and one is refused, as the page says."""
    con = opened_by_duckdb(path)
    lite = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    views = dict(lite.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'view'"))
    for view in sorted(name for name, sql in views.items() if "strftime" in sql):
        try:
            count = con.execute(f"SELECT count(*) FROM w.{view}").fetchone()[0]
        except Exception as error:  # whatever the library raises is the finding
            count = str(error).splitlines()[0]
        wanted = lite.execute(f"SELECT count(*) FROM {view}").fetchone()[0]
        if (count == wanted) == (view in REFUSED_WITHOUT_CLOCK):
            fail(f"DuckDB without its macro: {view}: {count}, and there are {wanted} rows")
    lite.close()
    con.close()


READERS = {"pandas": by_pandas, "Polars": by_polars, "DuckDB": by_duckdb}


def compare(path, title):
    """Every view, cell by cell."""
    con = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    views = [row[0] for row in con.execute("SELECT name FROM sqlite_schema WHERE type = 'view' ORDER BY name")]
    print(f"{title}: {len(views)} views")
    cells = 0
    empty = []
    for view in views:
        columns, rows, doubles = truth(con, view)
        cells += len(columns) * len(rows)
        if not rows:
            empty.append(view)
        numeric = {
            name for place, name in enumerate(columns)
            if any(isinstance(row[place], NUMBERS) for row in rows)
        }
        for reader, read in READERS.items():
            try:
                found_columns, found, texts = read(path, view)
            except Exception as error:  # whatever a library raises is the finding
                fail(f"{reader}: {view}: {type(error).__name__}: {str(error).splitlines()[0]}")
                continue
            if list(found_columns) != columns:
                fail(f"{reader}: {view}: columns {found_columns}")
                continue
            for name in sorted(texts & numeric):
                fail(f"{reader}: {view}.{name}: numbers come as text")
            if len(found) != len(rows):
                fail(f"{reader}: {view}: {len(found)} rows, and {len(rows)} are there")
                continue
            wrong = [
                (columns[place], a, b)
                for mine, theirs in zip(rows, order(found, doubles))
                for place, (a, b) in enumerate(zip(mine, theirs)) if not equal(a, b)
            ]
            if wrong:
                fail(f"{reader}: {view}: {len(wrong)} cells, first {wrong[0]}")
    con.close()
    print(f"  {cells} cells by {len(READERS)} readers" + (f"; without rows: {', '.join(empty)}" if empty else ""))
    return empty


def plant(path):
    """What a good warehouse lacks, so that every view has rows and every branch of them is walked."""
    con = sqlite3.connect(path)
    script = (HERE / "planted.sql").read_text()
    con.executescript(script)
    con.commit()
    con.close()


def blocks(page):
    pattern = re.compile(r"<!-- check: (\w+) -->\n```(\w+)\n(.*?)```", re.S)
    heading = re.compile(r"^\*\*(.+?)\*\*", re.M)
    for match in pattern.finditer(page):
        name = heading.findall(page[: match.start()])[-1]
        yield name, match[1], match[2], match[3]


EPILOGUES = {
    "best": "\nprint('%.17g' % best)\n",
    "tickers": """
import json as _json
_frame = tickers.to_pandas() if hasattr(tickers, 'to_pandas') else tickers
print(_json.dumps([len(_frame), sum(float(x) for x in _frame['funding_rate'].dropna()), sorted(_frame.columns)]))
""",
}


def expected(folder, staged_file):
    with gzip.open(folder / staged_file, "rt") as lines:
        records = [json.loads(line) for line in lines]
    tickers = [record for record in records if record["record"] == "ticker"]
    keys = sorted({key for record in records for key in record})
    con = sqlite3.connect(folder / "warehouse/market_history.db")
    best = con.execute("SELECT max(gross_apr) FROM latest_funding_spreads").fetchone()[0]
    con.close()
    rates = sum(row["funding_rate"] for row in tickers if row.get("funding_rate") is not None)
    return {"best": best, "count": len(tickers), "tickers": [len(tickers), rates, keys]}


def run_page(folder):
    """Each block of the page in a process of its own."""
    page = PAGE.read_text()
    newest = sorted((folder / "staged").glob("2*/*/okx.ndjson.gz"))[-1].relative_to(folder / "staged")
    hour = str(newest.parent)
    wanted = expected(folder, f"staged/{newest}")
    commands = {"python": [sys.executable], "sh": ["bash", "-eu", "-o", "pipefail"], "r": ["Rscript"]}
    environment = {
        **os.environ, "HOME": str(folder), "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "PYTHONWARNINGS": "ignore",
    }
    environment.pop("PYTHONSTARTUP", None)
    print("docs/reading.md:")
    for number, (name, check, language, code) in enumerate(blocks(page)):
        code = code.replace("2025-10-23/15", hour)
        label = f"{name}, {'staged files' if check in ('tickers', 'count') else 'warehouse'}"
        needed = {"r": "Rscript"}.get(language) or ("java" if "pyspark" in code else None) \
            or ("jq" if "jq -c" in code else None)
        if needed and not shutil.which(needed):
            print(f"  not run  {label}: there is no {needed}")
            continue
        if language == "python":
            code += EPILOGUES[check]
        script = folder / f"block{number}.{language}"
        script.write_text(code)
        done = subprocess.run(
            [*commands[language], str(script)], cwd=folder, env=environment, capture_output=True, text=True,
            timeout=300)
        if done.returncode:
            fail(f"{label}: status {done.returncode}: {(done.stderr.strip().splitlines() or ['nothing said'])[-1]}")
            continue
        problem = judge(check, done.stdout.strip(), wanted[check])
        if problem:
            fail(f"{label}: {problem}")
        else:
            print(f"  ok       {label}")


def judge(check, output, wanted):
    if check == "tickers":
        rows, rates, keys = json.loads(output.splitlines()[-1])
        if rows != wanted[0]:
            return f"{rows} rows, and {wanted[0]} are there"
        if not abs(rates - wanted[1]) <= 1e-12 * abs(wanted[1]):
            return f"the rates' sum is {rates!r}, and {wanted[1]!r} is true"
        lost = set(wanted[2]) - set(keys)
        return f"columns are lost: {sorted(lost)}" if lost else None
    numbers = re.findall(r"-?\d+(?:\.\d+)?(?:e[-+]?\d+)?", output)
    if not numbers or not abs(float(numbers[-1]) - wanted) <= 1e-12 * abs(wanted):
        return f"'{output}', and {wanted!r} is true"
    return None


def provide_extension(folder):
    """The extension comes with a package: DuckDB finds it where it would have put it itself, below a home of our own."""
    import duckdb

    package = importlib.util.find_spec("duckdb_extension_sqlite_scanner").submodule_search_locations[0]
    extension = next(Path(package).rglob("*.duckdb_extension"))
    platform = duckdb.connect().execute("PRAGMA platform").fetchone()[0]
    home = folder / f".duckdb/extensions/v{duckdb.__version__}/{platform}"
    home.mkdir(parents=True)
    shutil.copy(extension, home)
    os.environ["HOME"] = str(folder)


def main():
    warehouse, staged, folder = sys.argv[1], Path(sys.argv[2]).resolve(), Path(sys.argv[3])
    (folder / "warehouse").mkdir(parents=True)
    os.symlink(staged, folder / "staged")
    path = folder / "warehouse/market_history.db"
    copy(warehouse, path)
    provide_extension(folder)

    compare(path, "the warehouse")
    compare_without_clock(path)
    planted = folder / "planted.db"
    copy(path, planted)
    plant(planted)
    for view in compare(planted, "a copy with holes, restated facts and contracts that changed"):
        fail(f"{view}: no rows in the planted copy")
    if any(staged.glob("2*/*/okx.ndjson.gz")):
        run_page(folder)
    else:
        print(f"docs/reading.md: not run, there are no staged files in {staged}")
    if failures:
        print(f"{len(failures)} differences")
        sys.exit(1)
    print("every value is equal")


if __name__ == "__main__":
    main()
