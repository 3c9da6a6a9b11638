"""Whether the candidates of `make bench` did the same work: what they made is compared before a time is printed."""
import filecmp
import glob
import json
import os
import sqlite3
import subprocess
import sys

# Of each table the rows by a name; a group that one of them lacks is a difference.
ASSETS = "count(DISTINCT asset), sum(length(asset))"
TABLES = {
    "ticker": f"""
        SELECT exchange_id || ' ' || asset_class, count(*), sum(class_stated), {ASSETS}, sum(unit_multiplier),
            sum(volume_base_24h), sum(volume_usd_24h), sum(open_interest_base), sum(open_interest_usd),
            sum(funding_rate), count(funding_rate), sum(funding_interval_hours)
        FROM ticker JOIN listing USING (listing_id) GROUP BY 1""",
    "instrument": f"""
        SELECT exchange_id || ' ' || asset_class, count(*), {ASSETS}, sum(valid_from), count(valid_to),
            sum(contract_multiplier), sum(unit_multiplier), sum(funding_interval_hours)
        FROM instrument GROUP BY 1""",
    "long_short": f"""
        SELECT exchange_id || ' ' || population, count(*), {ASSETS}, sum(observed_at_ms), sum(long_fraction), sum(ratio)
        FROM long_short GROUP BY 1""",
    # An event is what was sent: contracts, or else coins.
    "liquidation": f"""
        SELECT exchange_id || ' ' || side, count(*), sum(id <> ''), sum(in_contracts), {ASSETS}, sum(occurred_at_ms),
            sum(price), sum(quantity), sum(quantity_base), sum(value_usd), sum(hour), count(until), sum(until)
        FROM liquidation GROUP BY 1""",
    "spot_ticker": f"""
        SELECT exchange_id, count(*), {ASSETS}, sum(last_price), sum(volume_usd_24h) FROM spot_ticker GROUP BY 1""",
    "funding_settlement": f"""
        SELECT exchange_id, count(*), {ASSETS}, sum(settled_at_ms), sum(funding_rate), count(funding_interval_hours),
            sum(funding_interval_hours)
        FROM funding_settlement GROUP BY 1""",
}
TICKERS = f"""
    SELECT {{}} || ' ' || asset_class, count(*), {ASSETS}, sum(volume_base_24h), sum(volume_usd_24h),
        sum(open_interest_base), sum(open_interest_usd), sum(mark_price), sum(index_price), sum(funding_rate_8h),
        sum(observed_at_ms)
    FROM {{}} GROUP BY 1"""
STAGED = f"""
SELECT record || coalesce(' ' || asset_class, ''), count(*), {ASSETS}, sum(volume_usd_24h), sum(open_interest_usd),
    sum(mark_price), sum(last_price), sum(funding_rate), sum(funding_interval_hours), sum(long_fraction),
    sum(quantity_contracts), sum(quantity_base), sum(value_usd), sum(unit_multiplier), sum(observed_at_ms)
FROM read_json('{{}}/*/*/*.ndjson.gz', format = 'newline_delimited', columns = {{{{
    record: 'VARCHAR', asset: 'VARCHAR', asset_class: 'VARCHAR', volume_usd_24h: 'DOUBLE',
    open_interest_usd: 'DOUBLE', mark_price: 'DOUBLE', last_price: 'DOUBLE', funding_rate: 'DOUBLE',
    funding_interval_hours: 'DOUBLE', long_fraction: 'DOUBLE', quantity_contracts: 'DOUBLE',
    quantity_base: 'DOUBLE', value_usd: 'DOUBLE', unit_multiplier: 'DOUBLE', observed_at_ms: 'BIGINT'}}}})
WHERE record NOT IN ('source', 'rejection') GROUP BY 1
"""


def fail(text):
    print(f"bench: {text}", file=sys.stderr)
    sys.exit(65)


def ask(database, sql):
    connection = sqlite3.connect(database)
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()


ASK_DUCKDB = """
import duckdb, json, sys
database = duckdb.connect(sys.argv[1])
database.execute("SET enable_progress_bar = false")  # `python -c` would draw it on standard output
print(json.dumps(database.execute(sys.argv[2]).fetchall(), default=float))
"""


def ask_duckdb(python, database, sql):
    return json.loads(subprocess.check_output([python, "-c", ASK_DUCKDB, database, sql]))


def close(left, right):
    """Equal rows, numbers to a relative 1e-9; a sum of nothing is 0."""
    return len(left) == len(right) and all(
        abs((a or 0) - (b or 0)) <= 1e-9 * max(abs(a or 0), abs(b or 0)) for a, b in zip(left, right))


def compare_groups(ours, others, who, table):
    """Rows that begin with the name of what they are about."""
    ours, others = ({row[0]: row[1:] for row in rows} for rows in (ours, others))
    for name in sorted(ours.keys() | others.keys()):
        if not close(ours.get(name, ()), others.get(name, ())):
            fail(f"{table} of {name}: {who} made {others.get(name)}, we made {ours.get(name)}")


def staged_files(folder):
    return {path[len(folder):] for path in glob.glob(f"{folder}/*/*/*.ndjson.gz")}


def compare_bytes(left, right):
    paths = staged_files(left)
    if paths != staged_files(right):
        fail(f"{left} and {right} hold other files")
    for path in sorted(paths):
        if not filecmp.cmp(left + path, right + path, shallow=False):
            fail(f"{left + path} and {right + path} differ")


def compare(folder, limit, python):
    """Ends where a candidate did not do our work: `folder` is what a round left, `limit` what the limit said."""
    for table, sql in TABLES.items():
        rows = ask(f"{folder}/ours/m.db", sql)
        for name, who in (("one", "one job"), ("python", "Python")):
            compare_groups(rows, ask(f"{folder}/{name}/m.db", sql), who, table)
    for name in ("one/staged", "staged-2", "staged-1"):
        compare_bytes(f"{folder}/ours/staged", f"{folder}/{name}")
    ours = ask_duckdb(python, ":memory:", STAGED.format(f"{folder}/ours/staged"))
    for name in ("python", "python-staged"):
        compare_groups(
            ours, ask_duckdb(python, ":memory:", STAGED.format(f"{folder}/{name}/staged")), "Python", "staged records")
    compare_groups(
        ask(f"{folder}/ours/m.db", TICKERS.format("exchange_id", "ticker JOIN listing USING (listing_id)")),
        ask_duckdb(python, f"{folder}/duck.db", TICKERS.format("exchange", "ticker")), "DuckDB", "ticker")
    # The limit has compared each table with our warehouse, from which it took the rows.
    ours = sum(os.path.getsize(f"{folder}/ours/staged{path}") for path in staged_files(f"{folder}/ours/staged"))
    if limit["stored_bytes"] != ours:
        fail(f"the limit wrote {limit['stored_bytes']} bytes of staged files, we wrote {ours}")
