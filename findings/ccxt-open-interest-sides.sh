#!/usr/bin/env bash
# ccxt 4.5.90, fetch_open_interest: one and the same 100 BTC are 100 at Binance, 200 at Bybit and 10000 at OKX.
#
# One would expect `openInterestAmount` to be comparable, or the record to say what it counts. Binance sends coins. Bybit's
# `openInterest` has been the sum of both sides since November 2023, and `singleOpenInterest` beside it is what others
# call open interest (its documentation says so): ccxt reads the former only. OKX sends contracts (`oi`) and coins
# (`oiCcy`): ccxt takes the contracts, and has the coins in `baseVolume`, which is marked as deprecated and which Bybit
# lacks. A contract's size is in the market (printed below), and corrects OKX; nothing corrects Bybit, where it is 1.
# A user of ours meets it who compares `open_interest_base`, one side counted once, or an exchange's share of the market,
# with a sum over ccxt: Bybit weighs twice.
set -eu
cd "$(dirname "$0")/.."
. findings/lib/ccxt.sh

seen=$("$python" - <<'P'
import ccxt_offline

ANSWERS = {
    "binance": {"/fapi/v1/openInterest": {"symbol": "BTCUSDT", "openInterest": "100.000", "time": 1789672235690}},
    "bybit": {"/v5/market/open-interest": {"retCode": 0, "retMsg": "OK", "result": {
        "symbol": "BTCUSDT", "category": "linear", "nextPageCursor": "", "list": [
            {"openInterest": "200.000", "singleOpenInterest": "100.000", "timestamp": "1789671600000"}]}}},
    "okx": {"/api/v5/public/open-interest": {"code": "0", "msg": "", "data": [{
        "instType": "SWAP", "instId": "BTC-USDT-SWAP", "oi": "10000", "oiCcy": "100", "oiUsd": "5900010",
        "ts": "1789672235690"}]}},
}
for name, answers in ANSWERS.items():
    exchange = ccxt_offline.client(name, answers)
    interest = exchange.fetch_open_interest("BTC/USDT:USDT")
    size = exchange.market("BTC/USDT:USDT")["contractSize"]
    print(name, "openInterestAmount", interest["openInterestAmount"], "contract size", size, "product",
          interest["openInterestAmount"] * size, "baseVolume", interest["baseVolume"])
P
)
same_as <<'S'
binance openInterestAmount 100.0 contract size 1.0 product 100.0 baseVolume 100.0
bybit openInterestAmount 200.0 contract size 1.0 product 200.0 baseVolume None
okx openInterestAmount 10000.0 contract size 0.01 product 100.0 baseVolume 100.0
S
