#!/usr/bin/env bash
# A simulated year of a few coins, from raw to the warehouse, in a folder of its own: a past for trends, backtests, forecasts
# and weights. world.sh BIN FOLDER [DAYS]; WORLD, COINS, EXCHANGES (commas) and SEED are of the environment.
set -eu
. "$(dirname "$0")/data.sh"
folder=$2 days=${3:-365}
[ ! -e "$folder" ] || { echo "world: '$folder' is there already" >&2; exit 64; }
mkdir -p "$folder"
enter "$1" "$folder"
to=2025-10-23T23
from=$("$tools/hours.sh" --before $((days * 24 - 1)) "$to")

# Every goal with this folder as DATA expects these exchanges and no other.
export EXCHANGES=${EXCHANGES:-binance,okx,bybit,gate,hyperliquid,dydx} FOCUS_ASSETS=BTC,ETH,SOL
printf 'EXCHANGES=%s\nFOCUS_ASSETS=%s\n' "$EXCHANGES" "$FOCUS_ASSETS" >.env

started=$SECONDS
"$bin/exchange-simulator" --archive "$from" "$to" --world "${WORLD:-factor}" --coins "${COINS:-5}" --seed "${SEED:-1}" \
    --exchanges "$EXCHANGES" --focus-assets "$FOCUS_ASSETS" --output raw
echo "raw took $((SECONDS - started)) s"
started=$SECONDS
"$bin/reprocess"
echo "the warehouse took $((SECONDS - started)) s: use this folder as DATA"
