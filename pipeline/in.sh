#!/usr/bin/env bash
# Runs a program in the folder of data, which holds raw/, staged/, warehouse/ and .env: in.sh DATA BIN PROGRAM [ARGUMENT ...]
set -eu
. "$(dirname "$0")/data.sh"
enter "$2" "$1"
program=$3
shift 3
exec "$bin/$program" "$@"
