#!/usr/bin/env bash
# A simulated year in a folder of its own, to try on it what must work on a year: year.sh BIN FOLDER [DAYS]
set -eu
bin=$(cd "$1" && pwd) folder=$2 days=${3:-365}
[ ! -e "$folder" ] || { echo "year: '$folder' is there already" >&2; exit 64; }
mkdir -p "$folder"
cd "$folder"
end=2025-10-24
from=$(date -u -d "$end - $days days" +%F 2>/dev/null || date -u -j -v "-${days}d" -f %F "$end" +%F)

say() { printf '\n%s: ' "$*"; }
timed() {
    local started=$SECONDS
    "$@"
    echo "   took $((SECONDS - started)) s; warehouse $(du -sh warehouse 2>/dev/null | cut -f1)"
}

say "$days days from $from"
timed "$bin/exchange-simulator" --archive "$from" --days "$days" --output raw
say "raw to warehouse"
timed "$bin/reprocess"
say "all checks"
timed "$bin/maintain" check --all
say "the checks of a week"
timed "$bin/maintain" check --now "${end}T00"
say "what a retention of 90 days would remove"
timed "$bin/retain" --raw-days 90 --warehouse-days 90 --now "${end}T00" --dry-run
say "retention of 90 days"
timed "$bin/retain" --raw-days 90 --warehouse-days 90 --now "${end}T00"
say "roll-ups kept"
sqlite3 warehouse/market_history.db "SELECT count(*) || ' rows of days and venues, ' || (SELECT count(*) FROM market_day)
    || ' of days and models, from ' || date(min(day), 'unixepoch') || ' to ' || date(max(day), 'unixepoch')
    FROM exchange_day"
