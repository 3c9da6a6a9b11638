"""Whether the candidates of `make bench` did the same work: what they made is compared before a time is printed."""
import filecmp
import glob
import json
import os
import sqlite3
import subprocess
import sys

TABLES = {
    "ticker": "count(*), sum(volume_usd_24h), sum(open_interest_usd), sum(funding_rate), count(funding_rate)",
    "instrument": "count(*), sum(valid_from)", "long_short": "count(*), sum(long_fraction)",
    "liquidation": "count(*), sum(value_usd), count(until)", "spot_ticker": "count(*), sum(last_price)",
    "funding_settlement": "count(*), sum(funding_rate)",
}
VENUES = "count(*), sum(volume_usd_24h), sum(open_interest_usd), sum(mark_price), sum(observed_at_ms)"
# Without liquidations, which Python stages again where overlapping answers repeat them; the table above has them once.
STAGED = """
SELECT record, count(*), sum(volume_usd_24h), sum(open_interest_usd), sum(mark_price), sum(last_price),
    sum(funding_rate), sum(long_fraction), sum(value_usd), sum(unit_multiplier), sum(observed_at_ms)
FROM read_json('{}/*/*/*.ndjson.gz', format = 'newline_delimited', columns = {{
    record: 'VARCHAR', volume_usd_24h: 'DOUBLE', open_interest_usd: 'DOUBLE', mark_price: 'DOUBLE',
    last_price: 'DOUBLE', funding_rate: 'DOUBLE', long_fraction: 'DOUBLE', value_usd: 'DOUBLE',
    unit_multiplier: 'DOUBLE', observed_at_ms: 'BIGINT'}})
WHERE record NOT IN ('source', 'rejection', 'liquidation') GROUP BY 1
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


def ask_duckdb(python, database, sql):
    script = "import duckdb, json, sys; print(json.dumps(duckdb.connect(sys.argv[1]).execute(sys.argv[2]).fetchall()," \
             " default=float))"
    return json.loads(subprocess.check_output([python, "-c", script, database, sql]))


def close(left, right):
    """Equal rows, numbers to a relative 1e-9; a sum of nothing is 0."""
    return len(left) == len(right) and all(
        abs((a or 0) - (b or 0)) <= 1e-9 * max(abs(a or 0), abs(b or 0)) for a, b in zip(left, right))


def compare_groups(ours, others, who):
    """Rows that begin with the name of what they are about."""
    ours, others = ({row[0]: row[1:] for row in rows} for rows in (ours, others))
    for name in sorted(ours.keys() | others.keys()):
        if not close(ours.get(name, ()), others.get(name, ())):
            fail(f"{name}: {who} made {others.get(name)}, we made {ours.get(name)}")


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
    for table, figures in TABLES.items():
        rows = {name: ask(f"{folder}/{name}/m.db", f"SELECT {figures} FROM {table}")[0]
                for name in ("ours", "one", "python")}
        for name in ("one", "python"):
            if not close(rows["ours"], rows[name]):
                fail(f"{table}: {name} made {rows[name]}, we made {rows['ours']}")
    for name in ("one/staged", "staged-2", "staged-1"):
        compare_bytes(f"{folder}/ours/staged", f"{folder}/{name}")
    ours = ask_duckdb(python, ":memory:", STAGED.format(f"{folder}/ours/staged"))
    for name in ("python", "python-staged"):
        compare_groups(ours, ask_duckdb(python, ":memory:", STAGED.format(f"{folder}/{name}/staged")), "Python")
    venues = f"SELECT exchange_id, {VENUES} FROM ticker JOIN listing USING (listing_id) GROUP BY 1"
    duckdb = f"SELECT exchange, {VENUES} FROM ticker GROUP BY 1"
    compare_groups(
        ask(f"{folder}/ours/m.db", venues), ask_duckdb(python, f"{folder}/duck.db", duckdb), "DuckDB")
    # The limit has compared each table with our warehouse, from which it took the rows.
    ours = sum(os.path.getsize(f"{folder}/ours/staged{path}") for path in staged_files(f"{folder}/ours/staged"))
    if limit["stored_bytes"] != ours:
        fail(f"the limit wrote {limit['stored_bytes']} bytes of staged files, we wrote {ours}")
