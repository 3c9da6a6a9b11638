#!/usr/bin/env bash
# DuckDB 2.0.0 and DataFusion 55.0.0, JSON lines: a column that begins with whole numbers loses all fractions after them.
#
# One would expect what Polars 2.1.0 does: an error where a number does not fit the type that was guessed from the first
# lines. DuckDB raises for a text, a list or an object in such a place, but rounds a number; DataFusion cuts it off. So a
# funding rate of 0.0001 is read as 0, and 2.7 contracts are 3 in one and 2 in the other. DuckDB guesses from 20,480 lines
# of all files together (and of no more than 32 files), DataFusion from 1,000 of each file. Neither warns.
# (github.com/duckdb/duckdb/issues/25786 and github.com/apache/arrow-rs/issues/10265, both of 2026 and open.)
# A user of ours meets it who reads the staged files of many hours at once: rates that are exactly zero are written `0`,
# and exchanges that count contracts went over to fractions of one in 2025 (Gate), thousands of lines after whole counts.
#
# Seen (41 files, 600 lines each; in the last two the rate is 0.0001 and the contracts are 2.7):
#   duckdb: rate BIGINT, highest 0; contracts highest 3
#   duckdb with union_by_name: rate DOUBLE, highest 0.0001; contracts highest 2.7
#   datafusion: rate Int64, highest 0; contracts highest 2
#   polars: cannot parse '0.0001' (f64) as Int64
#
# Needs python3. Fails when this is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/python" -m pip -q --disable-pip-version-check install duckdb==2.0.0 datafusion==55.0.0 polars==2.1.0

cd "$folder"
env/bin/python - >seen <<'P'
import json
import os

import datafusion
import duckdb
import polars

FILES = 41


def write(number):
    whole = number < FILES - 2
    line = json.dumps({"rate": 0, "contracts": 2} if whole else {"rate": 0.0001, "contracts": 2.7})
    with open(f"staged/{number:02}.ndjson", "w") as file:
        file.write(600 * (line + "\n"))


def with_duckdb(options):
    rows = f"read_json('staged/*.ndjson'{options})"
    question = f"SELECT any_value(typeof(rate)), max(rate), max(contracts), count(*) FROM {rows}"
    ((kind, rate, contracts, count),) = duckdb.sql(question).fetchall()
    assert count == FILES * 600
    return f"rate {kind}, highest {rate}; contracts highest {contracts}"


def with_datafusion():
    context = datafusion.SessionContext()
    context.register_json("staged", "staged/", file_extension=".ndjson")
    answer = context.sql(
        "SELECT arrow_typeof(max(rate)) AS kind, max(rate) AS rate, max(contracts) AS contracts, count(*) AS count FROM staged")
    (row,) = answer.to_pylist()
    assert row["count"] == FILES * 600
    return f"rate {row['kind']}, highest {row['rate']}; contracts highest {row['contracts']}"


def with_polars():
    try:
        return polars.read_ndjson(sorted(f"staged/{name}" for name in os.listdir("staged")))["rate"].max()
    except polars.exceptions.ComputeError as error:
        return error


os.mkdir("staged")
for number in range(FILES):
    write(number)
print("duckdb:", with_duckdb(""))
print("duckdb with union_by_name:", with_duckdb(", union_by_name=true"))
print("datafusion:", with_datafusion())
print("polars:", with_polars())
P
cat seen
diff - seen <<'S'
duckdb: rate BIGINT, highest 0; contracts highest 3
duckdb with union_by_name: rate DOUBLE, highest 0.0001; contracts highest 2.7
datafusion: rate Int64, highest 0; contracts highest 2
polars: cannot parse '0.0001' (f64) as Int64
S
