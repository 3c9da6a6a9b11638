"""Asks a DuckDB database: ask.py DATABASE SQL RESULT, which becomes a file with a list of rows."""
import sys

import quiet

path, sql, result = sys.argv[1:]
quiet.write_result(result, quiet.connect(path).execute(sql).fetchall())
