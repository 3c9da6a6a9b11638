#!/usr/bin/env bash
# ccxt 4.5.90, watch_liquidations: parts of a liquidation are lost, and what remains has no unit.
#
# One would expect the size of the liquidation, and `contractSize`, `baseValue` or `quoteValue` to tell what `contracts`
# means. What comes:
# - Binance: `contracts` is `l`, the last fill alone. An order of 3.5 BTC whose last fill was 0.5 is told as 0.5; `z`,
#   what was filled in all, is read by nothing.
# - OKX: of the rows in `details` the first one alone is told. Of 350 and 50 contracts, 50 are missing.
# - Both: `contractSize`, `baseValue` and `quoteValue` are None, although ccxt knows the contract's size (it is printed
#   beside them). So `contracts` is coins at Binance and hundredths of one at OKX, and the record does not say which.
# A user of ours meets it who compares our hours of OKX, in coins and dollars, with a sum over ccxt, or who fills what we
# cannot ask Binance for from a recording made with it.
set -eu
cd "$(dirname "$0")/.."
. findings/lib/ccxt.sh

seen=$("$python" - <<'P'
import asyncio
import ccxt_offline

MESSAGES = {
    "binance": {"e": "forceOrder", "E": 1789672236702, "o": {
        "s": "BTCUSDT", "S": "SELL", "o": "LIMIT", "f": "IOC", "q": "3.5", "p": "59000.1", "ap": "59100.5",
        "X": "FILLED", "l": "0.5", "z": "3.5", "T": 1789672235690}},
    "okx": {"arg": {"channel": "liquidation-orders", "instType": "SWAP"}, "data": [{
        "instType": "SWAP", "instId": "BTC-USDT-SWAP", "instFamily": "BTC-USDT", "uly": "BTC-USDT", "details": [
            {"posSide": "long", "side": "sell", "sz": "350", "bkPx": "59000.1", "bkLoss": "0", "ccy": "",
             "ts": "1789672235690"},
            {"posSide": "long", "side": "sell", "sz": "50", "bkPx": "58990.2", "bkLoss": "0", "ccy": "",
             "ts": "1789672235890"}]}]},
}
for name, message in MESSAGES.items():
    size = ccxt_offline.client(name, {}).load_markets()["BTC/USDT:USDT"]["contractSize"]
    for event in asyncio.run(ccxt_offline.liquidations(name, message)):
        print(name, "market", size, *(f"{key} {event[key]}" for key in ("contracts", "contractSize", "baseValue", "quoteValue")))
P
)
same_as <<'S'
binance market 1.0 contracts 0.5 contractSize None baseValue None quoteValue None
okx market 0.01 contracts 350.0 contractSize None baseValue None quoteValue None
S
