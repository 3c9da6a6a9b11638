#!/usr/bin/env bash
# DuckDB 1.5.5 with its SQLite extension (sqlite_scanner 1.5.5): a view of an attached SQLite file is DOUBLE, text or an error,
# by words in its SQL that have nothing to do with the column.
#
# One would expect a view of SQLite to give what SQLite gives, with the types of its columns. DuckDB takes the text of the view and
# runs it in its own dialect. Where its parser refuses the text, there is an error. Where the text can be parsed and
# means nothing there (SQLite's strftime of seconds, a column beside GROUP BY), it hands the view to SQLite and takes every column
# for VARCHAR, without a word: the highest of two prices, 118000.5 and 994.7, is then 994.7. A time beside a price is enough.
# A user of ours meets it who asks the warehouse's views by DuckDB, or adds a view. Ours are written so that both read them, and
# `published.sql` has a macro for strftime. A view of your own: look at `DESCRIBE` before you trust a maximum or an order.
#
# Seen (the kind of the column price, and its highest value):
#   plain: DOUBLE, highest 118000.5; with a time by strftime: VARCHAR, highest 994.7; a column beside GROUP BY: VARCHAR, highest 994.7
#   IS NOT 'ETH', CROSS JOIN … ON, an alias named both: ParserException
#
# Needs python3. Fails when this is no longer so.
set -eu
. "$(dirname "$0")/lib/duckdb.sh"

"$python" - >seen <<'P'
import pathlib
import sqlite3

import duckdb
import duckdb_extension_sqlite_scanner as package

VIEWS = {
    "plain": "SELECT hour, price FROM ticker",
    "time": "SELECT hour, strftime('%H', hour, 'unixepoch') AS at, price FROM ticker",
    "grouped": "SELECT max(hour) AS hour, symbol, price FROM ticker GROUP BY symbol",
    "is_not": "SELECT hour, price FROM ticker WHERE symbol IS NOT 'ETH'",
    "cross_join": "SELECT t.hour, t.price FROM ticker AS t CROSS JOIN ticker AS u ON u.symbol = t.symbol",
    "alias": "SELECT both.hour, both.price FROM ticker AS both",
}
source = sqlite3.connect("market.db")
source.execute("CREATE TABLE ticker (hour INTEGER, symbol TEXT, price REAL) STRICT")
source.executemany("INSERT INTO ticker VALUES (?, ?, ?)", [(3600, "BTC", 118000.5), (3600, "ETH", 994.7)])
for name, sql in VIEWS.items():
    source.execute(f"CREATE VIEW {name} AS {sql}")
source.commit()

here = duckdb.connect()
extension = next(pathlib.Path(package.__path__[0]).rglob("*.duckdb_extension"))
here.execute(f"LOAD '{extension}'; ATTACH 'market.db' AS w (TYPE sqlite, READ_ONLY)")
for name in VIEWS:
    wanted = source.execute(f"SELECT max(price) FROM {name}").fetchone()[0]
    try:
        kind, highest = here.execute(f"SELECT any_value(typeof(price)), max(price) FROM w.{name}").fetchone()
        print(f"{name}: {kind}, highest {highest}, in SQLite {wanted}")
    except duckdb.Error as error:
        print(f"{name}: {type(error).__name__}, in SQLite {wanted}")
P
cat seen
diff - seen <<'S'
plain: DOUBLE, highest 118000.5, in SQLite 118000.5
time: VARCHAR, highest 994.7, in SQLite 118000.5
grouped: VARCHAR, highest 994.7, in SQLite 118000.5
is_not: ParserException, in SQLite 118000.5
cross_join: ParserException, in SQLite 118000.5
alias: ParserException, in SQLite 118000.5
S
