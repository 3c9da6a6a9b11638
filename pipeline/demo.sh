#!/usr/bin/env bash
# Simulated days of eight exchanges through the real programs, from HTTP to the warehouse. Loopback only, no keys.
set -eu
cd "$(dirname "$0")/.."
bin=.build/release
from=2025-10-21T00 to=2025-10-23T23
database=warehouse/market_history.db

say() { printf '\n%s\n' "$*"; }

# The demo's hours are invented: they must never stand among real ones.
if [ ! -e raw/.simulated ] && [ ! -e raw/.demo ] && { compgen -G 'raw/2*' >/dev/null || [ -e "$database" ]; }; then
    echo "demo: raw/ or warehouse/ holds data that is not the demo's; try it in another clone" >&2
    exit 64
fi

folder=$(mktemp -d)
ready=$folder/ready
"$bin/exchange-simulator" --port 0 --ready-file "$ready" >/dev/null &
simulator=$!
trap 'kill $simulator 2>/dev/null; rm -rf "$folder"' EXIT
for _ in $(seq 100); do [ -s "$ready" ] && break; sleep 0.1; done
[ -s "$ready" ] || { echo "demo: the simulator did not start" >&2; exit 69; }
export PERPS_BASE_URL="$(head -n 1 "$ready")/{hour}/{exchange}"
export EXCHANGES=binance,okx,bybit,gate,bitget,hyperliquid,aster,dydx FOCUS_ASSETS=BTC,ETH,SOL

hours=$(pipeline/hours.sh $from $to)
say "1  extract: $(wc -w <<<"$hours") hours of eight exchanges over HTTP into raw/"
started=$SECONDS
for hour in $hours; do
    "$bin/extract" --hour "$hour" 2>"$folder/log" || { cat "$folder/log" >&2; exit 1; }
done
echo "   $(find raw -name '*.ndjson.gz' | wc -l) files, $(du -sh raw | cut -f1), $((SECONDS - started)) s"

say "2  transform: raw/ into staged/"
"$bin/transform" --from $from --to $to --jobs 2
echo "   $(find staged -name '*.ndjson.gz' | wc -l) files, $(du -sh staged | cut -f1)"

say "3  load: staged/ into $database"
"$bin/load" --from $from --to $to

"$bin/report" stats

say "4  report: the liquidations of the last day, which had a cascade in it"
"$bin/report" liquidations --hours 24

say "5  alert: what would have been sent in the hour of the cascade (a dry run: nothing is sent)"
"$bin/alert" --hour 2025-10-23T00 --dry-run

say "The database is $PWD/$database. Ask it:"
cat <<END

    sqlite3 -readonly -box $database "SELECT datetime(timestamp, 'unixepoch') AS hour, sentiment, composite_score,
        funding_rate, price_change FROM market_snapshots ORDER BY timestamp DESC LIMIT 5"

    sqlite3 -readonly -box $database "SELECT exchange, volume, open_interest, funding_rate FROM exchange_snapshots
        WHERE timestamp = (SELECT max(timestamp) FROM market_snapshots) ORDER BY volume DESC"

    sqlite3 -readonly -box $database "SELECT exchange, symbol, mark_price, funding_rate_8h, open_interest_usd FROM tickers
        WHERE asset = 'BTC' AND hour = (SELECT max(timestamp) FROM market_snapshots)"

END
echo "Also: make stats, and zcat staged/2025-10-23/15/okx.ndjson.gz | head. make demo-clean removes what the demo made."
