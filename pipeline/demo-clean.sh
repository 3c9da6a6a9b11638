#!/usr/bin/env bash
# Removes what the demo made in a folder: demo-clean.sh DATA. Real hours, and files that are not the demo's, stay: where
# there are any real ones, as after a demo's raw/ was copied among them, nothing is removed.
set -eu
cd "$1" 2>/dev/null || exit 0
[ -e .demo-hours ] || [ -e raw/.simulated ] || [ -e raw/.demo ] || exit 0
database=warehouse/market_history.db

refuse() {
    echo "demo-clean: $1 of '$folder' is real: nothing was removed; move it, or the simulated hours, to another folder" >&2
    exit 64
}

# A simulator's responses are marked, except those of an early demo, which only raw/.demo tells.
folder=$1
is_real() { ! gzip -dc "$1" 2>/dev/null | head -n 1 | grep -q '"simulated":true}$'; }
for hour in raw/2*/*/; do
    [ ! -e raw/.demo ] || break
    for file in "$hour"*.ndjson.gz; do
        [ ! -f "$file" ] || ! is_real "$file" || refuse "$file"
        break # an hour is of one run
    done
done
for file in raw/history/*/*/*.ndjson.gz; do
    [ ! -f "$file" ] || ! is_real "$file" || refuse "$file"
done
origin="SELECT value FROM setting WHERE name = 'origin'"
[ ! -f $database ] || [ "$(sqlite3 -readonly $database "$origin" 2>/dev/null)" != real ] || refuse $database

rm -rf raw/.simulated raw/.demo raw/.state raw/2* raw/history staged/2* staged/history $database* .demo-hours
[ ! -L pipeline ] || rm pipeline
