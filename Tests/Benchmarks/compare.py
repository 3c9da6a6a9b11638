"""Whether the candidates of `make bench` did the same work: what they made is compared before a time is printed."""
import filecmp
import glob
import json
import os
import sqlite3
import subprocess

from frame import PEERS

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


class Difference(Exception):
    """What a candidate made otherwise."""


def ask(database, sql):
    connection = sqlite3.connect(database)
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()


def ask_duckdb(python, database, sql, folder):
    """The rows come in a file of their own: standard output is where others write, too."""
    result = f"{folder}/answer.json"
    subprocess.run([python, f"{PEERS}/ask.py", database, sql, result], check=True)
    with open(result) as file:
        return json.load(file)


def close(left, right):
    """Equal rows, numbers to a relative 1e-9; a sum of nothing is 0."""
    return len(left) == len(right) and all(
        abs((a or 0) - (b or 0)) <= 1e-9 * max(abs(a or 0), abs(b or 0)) for a, b in zip(left, right))


def compare_groups(ours, others, who, table):
    """Rows that begin with the name of what they are about."""
    ours, others = ({row[0]: row[1:] for row in rows} for rows in (ours, others))
    for name in sorted(ours.keys() | others.keys(), key=str):  # a name may be NULL
        if not close(ours.get(name, ()), others.get(name, ())):
            raise Difference(f"{table} of {name}: {who} made {others.get(name)}, we made {ours.get(name)}")


def staged_files(folder):
    return {path[len(folder):] for path in glob.glob(f"{folder}/*/*/*.ndjson.gz")}


def compare_bytes(left, right):
    paths = staged_files(left)
    if paths != staged_files(right):
        raise Difference(f"{left} and {right} hold other files")
    for path in sorted(paths):
        if not filecmp.cmp(left + path, right + path, shallow=False):
            raise Difference(f"{left + path} and {right + path} differ")


def compare_tables(folder, name, who):
    for table, sql in TABLES.items():
        compare_groups(ask(f"{folder}/ours/m.db", sql), ask(f"{folder}/{name}/m.db", sql), who, table)


def compare_staged(folder, name, python):
    ours, others = (
        ask_duckdb(python, ":memory:", STAGED.format(f"{folder}/{of}/staged"), folder) for of in ("ours", name))
    compare_groups(ours, others, "Python", "staged records")


def compare_one_job(folder):
    compare_tables(folder, "one", "one job")
    compare_bytes(f"{folder}/ours/staged", f"{folder}/one/staged")


def compare_python(folder, python):
    compare_tables(folder, "python", "Python")
    compare_staged(folder, "python", python)


def compare_duckdb(folder, python):
    compare_groups(
        ask(f"{folder}/ours/m.db", TICKERS.format("exchange_id", "ticker JOIN listing USING (listing_id)")),
        ask_duckdb(python, f"{folder}/duck.db", TICKERS.format("exchange", "ticker"), folder), "DuckDB", "ticker")


def compare_limit(folder, limit):
    """It has compared each table with our warehouse, from which it took the rows."""
    ours = sum(os.path.getsize(f"{folder}/ours/staged{path}") for path in staged_files(f"{folder}/ours/staged"))
    if limit["stored_bytes"] != ours:
        raise Difference(f"the limit wrote {limit['stored_bytes']} bytes of staged files, we wrote {ours}")


def differences(folder, names, limit, python):
    """Which of the named candidates did not do our work, each with what differs: `folder` is what a round left, `limit` what
    the limit said."""
    checks = {
        "warehouse, 1 job": lambda: compare_one_job(folder),
        "staged, 2 jobs": lambda: compare_bytes(f"{folder}/ours/staged", f"{folder}/staged-2"),
        "staged, 1 job": lambda: compare_bytes(f"{folder}/ours/staged", f"{folder}/staged-1"),
        "warehouse, Python": lambda: compare_python(folder, python),
        "staged, Python": lambda: compare_staged(folder, "python-staged", python),
        "warehouse, DuckDB": lambda: compare_duckdb(folder, python),
        "limit": lambda: compare_limit(folder, limit)}
    for name, check in checks.items():
        if name in names:
            try:
                check()
            except Difference as difference:
                yield name, str(difference)
            except (OSError, sqlite3.Error, subprocess.CalledProcessError) as error:
                yield name, f"what it made cannot be read: {error}"
