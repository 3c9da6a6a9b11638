#!/usr/bin/env bash
# DuckDB 1.5.5 with its SQLite extension (sqlite_scanner 1.5.5): two tables of an attached SQLite file that a query asks alike are
# taken for one.
#
# One would expect a UNION ALL of a count over `june` and the same count over `july` to give both. The optimizer `common_subplan`
# finds parts of a plan that are the same, computes them once and gives the answer to both; two scans of SQLite tables with equal
# columns are the same to it, whatever their tables. There is no error and no warning: the answer of the first table stands in the
# place of the second. EXPLAIN shows `__common_subplan_1`. Plain scans are right; it takes a GROUP BY (or a join) above each.
# A user of ours meets it who keeps tables of one shape in SQLite (a table a month, an exchange or a shard) and adds them up in
# DuckDB. `pipeline/lake` switches the optimizer off for all that it reads from SQLite.
#
# Seen (two rows in june, one in july, counted by symbol):
#   as it comes: june 2, july 2
#   without common_subplan: june 2, july 1
#
# Needs python3. Fails when this is no longer so.
set -eu
. "$(dirname "$0")/lib/duckdb.sh"

"$python" - >seen <<'P'
import pathlib
import sqlite3

import duckdb
import duckdb_extension_sqlite_scanner as package

source = sqlite3.connect("market.db")
for month, count in ("june", 2), ("july", 1):
    source.execute(f"CREATE TABLE {month} (symbol TEXT, price REAL) STRICT")
    source.executemany(f"INSERT INTO {month} VALUES ('BTC', ?)", [(100.0 + number,) for number in range(count)])
source.commit()

here = duckdb.connect()
extension = next(pathlib.Path(package.__path__[0]).rglob("*.duckdb_extension"))
here.execute(f"LOAD '{extension}'; ATTACH 'market.db' AS w (TYPE sqlite, READ_ONLY)")
query = " UNION ALL ".join(f"(SELECT symbol, count(*) FROM w.{month} GROUP BY symbol)" for month in ("june", "july"))
for name, disabled in ("as it comes", ""), ("without common_subplan", "common_subplan"):
    here.execute(f"SET disabled_optimizers = '{disabled}'")
    (_, june), (_, july) = here.execute(query).fetchall()
    print(f"{name}: june {june}, july {july}")
P
cat seen
diff - seen <<'S'
as it comes: june 2, july 2
without common_subplan: june 2, july 1
S
