#!/usr/bin/env bash
# SQLite 3.54.1 (apsw 3.54.1.0 from PyPI): a CHECK with a list of three or more opens a table of its own for each row.
#
# One would expect `CHECK (kind IN ('last', 'mark', 'index'))` to cost three comparisons. For a list of up to two elements
# it does. From three on, every INSERT of one row opens an ephemeral table, a b-tree with a page cache of its own, fills
# it with the list, looks the value up and closes it again, also in a prepared statement that runs a million times: the
# program of the statement, which EXPLAIN shows, has the opcode. `kind = 'last' OR kind = 'mark' OR kind = 'index'` says
# the same without it. So does a list in a query, which is set up once a query and does no harm.
# We met it when a year of candles took twice as long to load as it should. It concerns whoever guards a column of words in
# a table that is filled row by row.
#
# Seen (time of 300,000 rows, of which only the ratio is compared):
#   two:   0 ephemeral tables
#   three: 1 ephemeral table, about twice as long as with OR
#   or:    0 ephemeral tables
#
# Needs python3. Fails when this is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" -q install apsw==3.54.1.0

"$folder/env/bin/python" - <<'P'
import time

import apsw

CHECKS = {
    "two": "kind IN ('last', 'mark')",
    "three": "kind IN ('last', 'mark', 'index')",
    "or": "kind = 'last' OR kind = 'mark' OR kind = 'index'",
}


def look(check):
    database = apsw.Connection(":memory:")
    database.execute(f"CREATE TABLE price (hour INTEGER, kind TEXT CHECK ({check}), value REAL, PRIMARY KEY (kind, hour)) WITHOUT ROWID")
    insert = "INSERT INTO price VALUES (?, 'last', 1.5)"
    tables = sum(row[1] == "OpenEphemeral" for row in database.execute("EXPLAIN " + insert, (0,)))
    start = time.perf_counter()
    with database:
        database.executemany(insert, ((hour,) for hour in range(300_000)))
    return tables, time.perf_counter() - start


seen = {name: look(check) for name, check in CHECKS.items()}
for name, (tables, seconds) in seen.items():
    print(f"{name}: {tables} ephemeral tables, {seconds:.2f} s")
assert apsw.sqlite_lib_version() == "3.54.1", apsw.sqlite_lib_version()
assert {name: tables for name, (tables, _) in seen.items()} == {"two": 0, "three": 1, "or": 0}
assert seen["three"][1] > 1.3 * seen["or"][1]
P
