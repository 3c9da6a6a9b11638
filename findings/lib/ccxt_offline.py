"""ccxt without a network: markets and answers are given, everything else is ccxt's own."""

import json

import ccxt
import ccxt.pro

# What each exchange's list of instruments says of one perpetual of Bitcoin: no more than ccxt reads.
BINANCE = {"symbols": [{
    "symbol": "BTCUSDT", "pair": "BTCUSDT", "contractType": "PERPETUAL", "status": "TRADING", "baseAsset": "BTC",
    "quoteAsset": "USDT", "marginAsset": "USDT", "deliveryDate": 4133404800000, "onboardDate": 1569398400000,
    "pricePrecision": 2, "quantityPrecision": 3, "filters": []}]}
BYBIT = {"retCode": 0, "retMsg": "OK", "result": {"category": "linear", "nextPageCursor": "", "list": [{
    "symbol": "BTCUSDT", "contractType": "LinearPerpetual", "status": "Trading", "baseCoin": "BTC", "quoteCoin": "USDT",
    "settleCoin": "USDT", "launchTime": "1584230400000", "deliveryTime": "0", "fundingInterval": 480,
    "priceFilter": {"tickSize": "0.10"}, "lotSizeFilter": {"qtyStep": "0.001", "minOrderQty": "0.001"}}]}}
OKX = {"code": "0", "msg": "", "data": [{
    "instType": "SWAP", "instId": "BTC-USDT-SWAP", "instFamily": "BTC-USDT", "uly": "BTC-USDT", "baseCcy": "",
    "quoteCcy": "", "settleCcy": "USDT", "ctVal": "0.01", "ctMult": "1", "ctValCcy": "BTC", "ctType": "linear",
    "listTime": "1611916828000", "expTime": "", "tickSz": "0.1", "lotSz": "0.01", "minSz": "0.01", "state": "live"}]}

MARKETS = {
    "binance": ("/fapi/v1/exchangeInfo", BINANCE, {"types": ["linear"]}),
    "aster": ("/exchangeInfo", BINANCE, {}),
    "bybit": ("/v5/market/instruments-info", BYBIT, {"types": ["linear"]}),
    "okx": ("/api/v5/public/instruments", OKX, {"types": ["swap"]}),
}


def bodies(name, answers):
    """The answers by the end of their paths, with the list of instruments."""
    path, instruments, _ = MARKETS[name]
    return {path: instruments, **answers}


def find(url, answers):
    """The answer for a URL, as ccxt's parser would have made it of the text."""
    path = url.split("?")[0]
    for end, body in answers.items():
        if path.endswith(end):
            return json.loads(json.dumps(body))
    raise KeyError(url)


def client(name, answers):
    """A client that is given these answers."""
    exchange = getattr(ccxt, name)()
    exchange.options["fetchMarkets"] = MARKETS[name][2]
    given = bodies(name, answers)
    exchange.fetch = lambda url, *_, **__: find(url, given)
    return exchange


class Wire:
    """Stands for the connection, and keeps what ccxt hands to those who watch."""

    def __init__(self, url):
        self.url = url
        self.subscriptions = {}
        self.watched = {}

    def resolve(self, value, name):
        self.watched.setdefault(name, []).append(value)
        return value


async def liquidations(name, message):
    """What watch_liquidations hands out for one message of the exchange's stream."""
    exchange = getattr(ccxt.pro, name)()
    exchange.options["fetchMarkets"] = MARKETS[name][2]
    given = bodies(name, {})

    async def fetch(url, *_, **__):
        return find(url, given)

    exchange.fetch = fetch
    try:
        await exchange.load_markets()
        wire = Wire("wss://" + name)
        exchange.handle_message(wire, message)
        return [each for some in wire.watched.get("liquidations", []) for each in some]
    finally:
        await exchange.close()
