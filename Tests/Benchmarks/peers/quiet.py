"""A connection to DuckDB that writes nothing on standard output, and results where nothing else is written.

DuckDB draws a progress bar on standard output for a query of two seconds and more, also into a pipe, wherever it takes Python
for interactive: `python -c` is.
"""
import json
import os

import duckdb


def connect(path=":memory:", threads=2):
    database = duckdb.connect(path, config={"threads": threads})
    database.execute("SET enable_progress_bar = false")
    return database


def write_result(path, result):
    """Appears whole."""
    with open(path + ".part", "w") as file:
        json.dump(result, file, default=float)
    os.rename(path + ".part", path)
