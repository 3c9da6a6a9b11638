#!/usr/bin/env bash
# ccxt 4.5.90, fetch_funding_rate_history with `paginate` at Binance: most settlements of a contract that settles hourly
# are left out.
#
# One would expect the whole span. ccxt does not go on from the last row that it got: it lays pages of 1000 settlements
# side by side as if every contract settled each 8 hours, and asks for 1000 rows from the start of each. A page of 333
# days has 8000 hourly settlements, of which Binance gives the first 1000. The rest, 292 days in a row, is missing, with
# no error; at 4 hours half of a page is. Rows on both sides of the hole look right, so a sum of funding is too small and
# a mean is that of other months. The same 8 hours stand in what ccxt does for Gate, OKX, BingX, GRVT and others (for
# Bybit's page a like fault was mended: github.com/ccxt/ccxt/pull/27749).
# A user of ours meets it who fills settlements before our first hour with ccxt, or compares a year of `funding_history`
# with its answer. Ask without `paginate`, from the last row's time on, until nothing comes.
set -eu
cd "$(dirname "$0")/.."
. findings/lib/ccxt.sh

seen=$("$python" - <<'P'
import json
from urllib.parse import parse_qs, urlsplit

import ccxt_offline

HOUR = 3_600_000
START, END = 1_735_689_600_000, 1_767_225_600_000  # the year 2025


def answer(url, interval):
    """What Binance documents: settlements from startTime on, oldest first, no more than the limit."""
    query = {name: int(value[0]) for name, value in parse_qs(urlsplit(url).query).items() if value[0].isdigit()}
    first = max(START, -(-query["startTime"] // interval) * interval)
    end = min(END, query.get("endTime", END) + 1)
    times = list(range(first, end, interval))[:min(query.get("limit", 100), 1000)]
    return [{"symbol": "BTCUSDT", "fundingTime": time, "fundingRate": "0.0001", "markPrice": "59000.1"} for time in times]


def history(hours):
    exchange = ccxt_offline.client("binance", {})
    exchange.load_markets()
    exchange.milliseconds = lambda: END
    exchange.enableRateLimit = False  # its clock stands still
    exchange.fetch = lambda url, *_, **__: json.loads(json.dumps(answer(url, hours * HOUR)))
    return exchange.fetch_funding_rate_history("BTC/USDT:USDT", START, None, {"paginate": True, "until": END - 1})


for hours in (8, 4, 1):
    times = [row["timestamp"] for row in history(hours)]
    hole = max(after - before for before, after in zip(times, times[1:])) // HOUR
    print(f"settles every {hours} h: {len(times)} of {(END - START) // (hours * HOUR)}, longest hole {hole} h")
P
)
same_as <<'S'
settles every 8 h: 1095 of 1095, longest hole 8 h
settles every 4 h: 1190 of 2190, longest hole 4004 h
settles every 1 h: 1760 of 8760, longest hole 7001 h
S
