#!/usr/bin/env bash
# Runs a program of the lake in the folder of data: lake.sh DATA ENVIRONMENT PROGRAM [ARGUMENT ...]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
data=$1 environment=$2 program=$3
shift 3
cmp -s "$here/requirements.txt" "$environment/requirements.txt" || {
    echo "lake: DuckDB is not there: run 'make setup-lake' first" >&2
    exit 69
}
python=$(cd "$environment/bin" && pwd)/python
unset PYTHONDONTWRITEBYTECODE  # with it, Python would compile its own modules each time
export PYTHONPYCACHEPREFIX="${python%/bin/python}/compiled"
cd "$data"
exec "$python" "$here/$program.py" warehouse/market_history.db "$@"
