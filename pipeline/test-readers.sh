#!/usr/bin/env bash
# Reads every view with other tools and compares all values, and runs every block of docs/reading.md.
# test-readers.sh WAREHOUSE STAGED BIN: publishes a copy with BIN/maintain and uses it too; packages come from PyPI, into a temporary folder; R, jq, Java and sqlite3 are used
# where they are. Not a part of CI.
set -eu
cd "$(dirname "$0")/.."
warehouse=$1 staged=$2 bin=$3
[ -f "$warehouse" ] || { echo "test-readers: there is no '$warehouse': run 'make demo'" >&2; exit 66; }

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
if [ -n "${READERS_ENVIRONMENT:-}" ]; then
    python=$READERS_ENVIRONMENT/bin/python  # one that was made before
else
    echo "test-readers: installing packages into a temporary folder"
    python3 -m venv "$folder/venv"
    python=$folder/venv/bin/python
    "$python" -m pip -q --disable-pip-version-check install -r pipeline/readers/requirements.txt
fi
export PYTHONDONTWRITEBYTECODE=1  # one script imports the other
export PYTHONUNBUFFERED=1          # what differs is told at once, also into a file
status=0
"$python" pipeline/readers/compare.py "$warehouse" "$staged" "$folder/work" || status=$?
"$python" pipeline/readers/published.py "$warehouse" "$bin/maintain" "$folder/published" || status=$?
exit "$status"
