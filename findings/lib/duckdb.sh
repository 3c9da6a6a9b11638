# shellcheck shell=bash disable=SC2034
# Sourced by the findings about DuckDB and SQLite: makes a temporary folder, goes there, and sets $python, which has both.
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
python=$folder/env/bin/python
"$python" -m pip -q --disable-pip-version-check install duckdb==1.5.5 duckdb-extension-sqlite-scanner==1.5.5
cd "$folder"
