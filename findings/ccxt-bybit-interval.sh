#!/usr/bin/env bash
# ccxt 4.5.90, fetch_funding_rate at Bybit: the interval is not the one that stands beside the rate.
#
# One would expect `fundingRate` and `interval` to come from the same answer: Bybit's ticker has both. ccxt takes the
# rate from the ticker, and the interval from the list of instruments that it read once, when its markets were loaded.
# When an interval is changed from eight hours to one, a client that has run since before goes on saying 8h beside the
# rate of one hour, and the rate for eight hours or a year that is made of it is an eighth of the true one.
# `fundingIntervalHour` is still there in `info`.
# A user of ours meets it who compares `funding_rate_8h` or a funding spread with a program that runs on ccxt: ours
# takes the ticker's own interval.
set -eu
cd "$(dirname "$0")/.."
. findings/lib/ccxt.sh

seen=$("$python" - <<'P'
import ccxt_offline

TICKER = {
    "symbol": "BTCUSDT", "lastPrice": "59000.1", "markPrice": "59000.1", "indexPrice": "59020.4",
    "fundingRate": "-0.002", "fundingIntervalHour": "1", "nextFundingTime": "1789675200000", "openInterest": "100",
    "openInterestValue": "5900010", "turnover24h": "1", "volume24h": "1"}
ANSWER = {"retCode": 0, "retMsg": "OK", "result": {"category": "linear", "list": [TICKER]}, "time": 1789672235690}

exchange = ccxt_offline.client("bybit", {"/v5/market/tickers": ANSWER})
rate = exchange.fetch_funding_rate("BTC/USDT:USDT")
print("rate", rate["fundingRate"], "interval", rate["interval"])
print("the same answer says", rate["info"]["fundingIntervalHour"])
P
)
same_as <<'S'
rate -0.002 interval 8h
the same answer says 1
S
