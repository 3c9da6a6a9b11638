#!/usr/bin/env bash
# Draws the pictures beside this script: make.sh BIN. The drawings come from Package.swift and the migrations, the report
# from three simulated days through the programs of BIN. make.sh --check draws those of the sources and compares.
set -eu
cd "$(dirname "$0")/../../.."
here=pipeline/docs/pictures
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

draw() {
    python3 -B $here/flow.py >"$folder/flow.svg"
    python3 -B $here/modules.py Package.swift >"$folder/modules.svg"
    python3 -B $here/tables.py pipeline/sql/migrations >"$folder/tables.svg"
}

# The hour after a cascade, from a run of the real programs in a folder of its own.
report() {
    local bin
    bin=$(cd "$1" && pwd)
    mkdir "$folder/run"
    (cd "$folder/run" && "$bin/exchange-simulator" --archive 2025-10-21T00 2025-10-23T00 --output raw &&
        "$bin/reprocess") >"$folder/log" 2>&1 || { cat "$folder/log" >&2; exit 74; }
    (cd "$folder/run" && "$bin/report" hour --hour 2025-10-23T00) | sed '/Alerts:$/,$d' |
        python3 -B $here/terminal.py "perps report hour" >"$folder/report.svg"
}

draw
if [ "$1" = --check ]; then
    for picture in "$folder"/*.svg; do
        cmp -s "$picture" "$here/${picture##*/}" || { echo "$here/${picture##*/} is not what the sources say: make picture" >&2; exit 65; }
    done
else
    report "$1"
    cp "$folder"/*.svg $here
fi
