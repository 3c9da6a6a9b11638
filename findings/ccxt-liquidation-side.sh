#!/usr/bin/env bash
# ccxt 4.5.90, watch_liquidations: the side of one and the same event is `sell` at Binance and `buy` at Bybit.
#
# One would expect a unified field to mean one thing: the side of the order that closed the position, as at Binance and
# OKX, or the side of the position. ccxt hands on what each exchange writes: Binance (`S`) and OKX (`side`) name the
# order, Bybit (`S` of `allLiquidation`) names the position, as its documentation says. Below a long is liquidated at
# each of the three. Who sums liquidations by ccxt's side mixes Bybit's longs with the others' shorts, and nothing in
# the record tells.
# A user of ours meets it who compares our `long` and `short` with a sum over ccxt, or fills hours before our first one
# from a recording made with it.
set -eu
cd "$(dirname "$0")/.."
. findings/lib/ccxt.sh

seen=$("$python" - <<'P'
import asyncio
import ccxt_offline

LONGS = {
    "binance": {"e": "forceOrder", "E": 1789672236702, "o": {
        "s": "BTCUSDT", "S": "SELL", "o": "LIMIT", "f": "IOC", "q": "3.5", "p": "59000.1", "ap": "59100.5",
        "X": "FILLED", "l": "3.5", "z": "3.5", "T": 1789672235690}},
    "okx": {"arg": {"channel": "liquidation-orders", "instType": "SWAP"}, "data": [{
        "instType": "SWAP", "instId": "BTC-USDT-SWAP", "instFamily": "BTC-USDT", "uly": "BTC-USDT", "details": [{
            "posSide": "long", "side": "sell", "sz": "350", "bkPx": "59000.1", "bkLoss": "0", "ccy": "",
            "ts": "1789672235690"}]}]},
    "bybit": {"topic": "allLiquidation.BTCUSDT", "type": "snapshot", "ts": 1789672236702, "data": [
        {"T": 1789672235690, "s": "BTCUSDT", "S": "Buy", "v": "3.5", "p": "59000.1"}]},
}
for name, message in LONGS.items():
    for event in asyncio.run(ccxt_offline.liquidations(name, message)):
        print(name, event["symbol"], "a long is liquidated:", event["side"])
P
)
same_as <<'S'
binance BTC/USDT:USDT a long is liquidated: sell
okx BTC/USDT:USDT a long is liquidated: sell
bybit BTC/USDT:USDT a long is liquidated: buy
S
