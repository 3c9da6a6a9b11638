#!/usr/bin/env bash
# ccxt 4.5.90, fetch_funding_rate: the coming settlement is `fundingTimestamp` at Binance and `nextFundingTimestamp` at
# Aster, for one and the same body.
#
# One would expect the time at which `fundingRate` is paid in one field. Both exchanges answer in the same shape, with
# the running rate and the settlement that it is for (`nextFundingTime`). For Binance ccxt calls that time
# `fundingTimestamp` and leaves `nextFundingTimestamp`, the settlement after it, unknown; for Aster it is the other way
# round. Who waits for `fundingTimestamp` gets None at Aster; who reads `nextFundingTimestamp` for the settlement after
# the coming one is early by one interval.
# A user of ours meets it when he joins our `next_funding_at_ms` with ccxt's times.
set -eu
cd "$(dirname "$0")/.."
. findings/lib/ccxt.sh

seen=$("$python" - <<'P'
import ccxt_offline

PREMIUM_INDEX = {
    "symbol": "BTCUSDT", "markPrice": "59000.1", "indexPrice": "59020.4", "estimatedSettlePrice": "59010.2",
    "lastFundingRate": "0.0001", "interestRate": "0.0001", "nextFundingTime": 1789689600000, "time": 1789672235690}

for name in ("binance", "aster"):
    rate = ccxt_offline.client(name, {"/premiumIndex": PREMIUM_INDEX}).fetch_funding_rate("BTC/USDT:USDT")
    print(name, *(f"{key} {rate[key]}" for key in ("fundingRate", "fundingTimestamp", "nextFundingTimestamp")))
P
)
same_as <<'S'
binance fundingRate 0.0001 fundingTimestamp 1789689600000 nextFundingTimestamp None
aster fundingRate 0.0001 fundingTimestamp None nextFundingTimestamp 1789689600000
S
