#!/usr/bin/env bash
# Three simulated days of all exchanges through the real programs, from HTTP to the warehouse, in a folder of their own:
# demo.sh BIN DATA [END]. They end with the last full hour, or with END, so that they are the latest there are; a demo of
# other hours is made anew. Loopback only, no keys.
set -eu
. "$(dirname "$0")/data.sh"
mkdir -p "$2"
given=$2 to=${3:-$(date -u +%Y-%m-%dT%H)}
enter "$1" "$2"
[ -n "${3:-}" ] || to=$("$tools/hours.sh" --before 1 "$to")
from=$("$tools/hours.sh" --before 71 "$to")
to=$("$tools/hours.sh" "$to" "$to") # as the programs write it
database=warehouse/market_history.db

say() { printf '\n%s\n' "$*"; }

# The demo's hours are invented: they must never be among real ones.
if [ ! -e .demo-hours ] && { compgen -G 'raw/2*' >/dev/null || [ -e "$database" ]; }; then
    echo "demo: '$given' holds data that is not the demo's: give another folder as DATA" >&2
    exit 64
fi
if [ -e .demo-hours ] && [ "$(<.demo-hours)" != "$from $to" ]; then
    echo "demo: the hours of an earlier demo, $(<.demo-hours), give way to those from $from to $to"
    "$tools/demo-clean.sh" .
    enter "$bin" .
fi
echo "$from $to" >.demo-hours

export EXCHANGES=$(sed -n s/^EXCHANGES=//p "$tools/config.env") FOCUS_ASSETS=BTC,ETH,SOL
cascade=$("$tools/hours.sh" --before 24 "$to")
past=$("$tools/hours.sh" "$from" "$("$tools/hours.sh" --before 12 "$to")")
hours=$("$tools/hours.sh" "$("$tools/hours.sh" --before 11 "$to")" "$to")

say "1  simulator: raw/ of $(wc -w <<<"$past") hours, as extract would have left it"
"$bin/exchange-simulator" --archive "$from" "$(tail -n 1 <<<"$past")" \
    --exchanges "$EXCHANGES" --focus-assets "$FOCUS_ASSETS" --cascade "$cascade" --output raw >/dev/null

folder=$(mktemp -d)
ready=$folder/ready
"$bin/exchange-simulator" --port 0 --ready-file "$ready" --cascade "$cascade" >/dev/null &
simulator=$!
trap 'kill $simulator 2>/dev/null; rm -rf "$folder"' EXIT
for _ in $(seq 100); do [ -s "$ready" ] && break; sleep 0.1; done
[ -s "$ready" ] || { echo "demo: the simulator did not start" >&2; exit 69; }
export PERPS_BASE_URL="$(head -n 1 "$ready")/{hour}/{exchange}"

say "2  extract: $(wc -w <<<"$hours") hours of $(tr , "\n" <<<"$EXCHANGES" | wc -l) exchanges over HTTP into raw/, until $to"
started=$SECONDS
extract() { "$bin/extract" --hour "$1" 2>"$folder/log.$1" || { cat "$folder/log.$1" >&2; return 1; }; }
export -f extract
export bin folder
xargs -n 1 -P 3 bash -c 'extract "$1"' _ <<<"$hours" || exit 1
echo "   $(find raw -name '*.ndjson.gz' | wc -l) files, $(du -sh raw | cut -f1), $((SECONDS - started)) s"

month=$("$tools/hours.sh" --before 719 "$to")
say "3  backfill: what the exchanges tell of the month before, since $month"
started=$SECONDS
"$bin/backfill" --from "$month" --to "$to" --now "$to:30:00Z" --assets "$FOCUS_ASSETS" >/dev/null
echo "   $(find raw/history -name '*.ndjson.gz' | wc -l) files, $(du -sh raw/history | cut -f1), $((SECONDS - started)) s"

say "4  transform: raw/ into staged/"
"$bin/transform" --from "$from" --to "$to" --jobs 2
"$bin/transform" --history --jobs 2
echo "   $(find staged -name '*.ndjson.gz' | wc -l) files, $(du -sh staged | cut -f1)"

say "5  load: staged/ into $database"
"$bin/load" --from "$from" --to "$to"
"$bin/load" --history

"$bin/report" stats

say "6  report: the liquidations of the last day, which began with a cascade"
"$bin/report" liquidations --hours 24

# The first day is too short a history for alerts: nothing is told of it. A cascade of liquidations is the rarest alert.
alerting=$("$bin/alert" --replay "$from" "$to" |
    awk '$NF == "new" { any = $1 } $NF == "new" && $2 == "liquidation_cascade" { best = $1 } END { print best ? best : any }')
say "7  alert: what would have been sent in ${alerting:-the last hour} (a dry run: nothing is sent)"
"$bin/alert" --hour "${alerting:-$to}" --dry-run

say "8  page: $given/warehouse/page/index.html"
"$bin/page" --hour "$to" --data "$given"

say "The demo is in $given: add DATA=$given to any goal, as in"
cat <<END

    make stats DATA=$given
    make doctor DATA=$given
    make report DATA=$given
    make gaps DATA=$given
    make prove DATA=$given
    make explain DATA=$given WHAT="okx BTC funding $to"
    make publish DATA=$given

or ask its database:

    sqlite3 -readonly -box $given/$database "SELECT hour_utc, sentiment, composite_score, funding_percent
        FROM market_hours ORDER BY hour DESC LIMIT 5"

    sqlite3 -readonly -box $given/$database "SELECT exchange, volume, open_interest, funding_rate FROM exchange_snapshots
        WHERE timestamp = (SELECT max(timestamp) FROM market_snapshots) ORDER BY volume DESC"

    sqlite3 -readonly -box $given/$database "SELECT exchange, symbol, mark_price, funding_rate_8h, open_interest_usd
        FROM latest_tickers WHERE asset = 'BTC'"

    zcat $given/staged/${to/T//}/okx.ndjson.gz | head

make demo-clean removes it.
END
