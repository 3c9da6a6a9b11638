"""What the responses of `exchanges.EXCHANGES` mean, for the Python peer: the mappings of `Sources/ExchangeAdapters`.

`read(exchange, lines)` takes the parsed lines of a raw file and gives the records of its hour as tuples in the
order of the names below. Rows are trusted more than our adapters trust them: nothing is set aside with a reason.
"""
from collections import Counter

import classes

TICKER = (
    "symbol", "asset", "kind", "contract", "quote", "last_price", "mark_price", "index_price", "bid_price",
    "ask_price", "volume_base_24h", "volume_usd_24h", "open_interest_contracts", "open_interest_base",
    "open_interest_usd", "funding_rate", "funding_interval_hours", "funding_rate_8h", "next_funding_at_ms",
    "price_change_24h", "trades_24h", "observed_at_ms",
)
INSTRUMENT = (
    "symbol", "asset", "asset_class", "base", "quote", "settle", "kind", "contract", "status",
    "contract_multiplier", "unit_multiplier", "funding_interval_hours", "listed_at_ms",
)
LONG_SHORT = (
    "symbol", "asset", "population", "period", "ratio", "long_fraction", "short_fraction", "observed_at_ms",
)
LIQUIDATION = (
    "symbol", "asset", "side", "price", "quantity_contracts", "quantity_base", "value_usd", "occurred_at_ms")
SPOT = ("symbol", "asset", "quote", "last_price", "bid_price", "ask_price", "volume_usd_24h", "observed_at_ms")
SETTLEMENT = ("symbol", "asset", "settled_at_ms", "funding_rate", "funding_interval_hours")

HOUR_MS = 3_600_000
# Lengths of periods that exchanges settle, in hours.
PERIODS = (1, 2, 4, 8, 12, 24)
DOLLARS = frozenset(("USD", "USDT", "USDC"))


def number(value):
    """A number or a decimal text as a float; None for none."""
    return None if value is None or value == "" else float(value)


def positive(value):
    """As `number`, and 0 is none: no contract is worth nothing."""
    if value is None or value == "":
        return None
    value = float(value)
    return value if value > 0 else None


def whole(value):
    """A time or a count; 0 and blank are none."""
    if value is None or value == "":
        return None
    return int(value) or None


def minute(milliseconds):
    return milliseconds // 60_000 * 60_000


# Assets

ALIASES = {"XBT": "BTC", "XDG": "DOGE"}
EXACT = {"1MBABYDOGE": ("BABYDOGE", 1e6), "MBABYDOGE": ("BABYDOGE", 1e6), "SHIB1000": ("SHIB", 1000.0)}
MULTIPLES = ("10000000", "1000000", "100000", "10000", "1000")
NAMESAKES = {("EDGE", "gate"): "DEFINITIVE"}
SPOT_NAMESAKES = {("NEIRO", "bybit"): "NEIROETH"}
CLASS_ALIASES = {
    ("commodity", "GOLD"): "XAU", ("commodity", "SILVER"): "XAG", ("commodity", "USOIL"): "WTI",
    ("commodity", "CL"): "WTI", ("index", "US500"): "SPX", ("index", "SP500"): "SPX", ("index", "SPX500"): "SPX",
}
assets = {}


def canonical(base, asset_class, exchange):
    """The asset behind a base, which names its class unless it is a coin, and how many of it one base unit holds."""
    key = (base, asset_class, exchange)
    found = assets.get(key)
    if found is None:
        found = assets[key] = find_asset(base, asset_class, exchange)
    return found


def find_asset(base, asset_class, exchange):
    if asset_class == "crypto":
        return find_coin(base, exchange)
    name = base.upper()
    return f"{asset_class}:{CLASS_ALIASES.get((asset_class, name), name)}", 1.0


def find_coin(name, exchange):
    if exchange == "hyperliquid":
        if len(name) > 1 and name[0] == "k" and "A" <= name[1] <= "Z":
            return name[1:], 1000.0
    else:
        name = name.upper()
    if (name, exchange) in NAMESAKES:
        return NAMESAKES[name, exchange], 1.0
    if name in EXACT:
        return EXACT[name]
    for multiple in MULTIPLES:
        if name.startswith(multiple):
            rest = name[len(multiple):]
            if rest and not rest[0].isdigit():
                return rest, float(multiple)
            break
    return ALIASES.get(name, name), 1.0


# The common arithmetic

class Listing:
    __slots__ = (
        "base", "quote", "settle", "kind", "contract", "status", "multiplier", "interval", "listed", "asset_class",
        "step", "indexed_as",
    )

    def __init__(
        self, base, quote, settle, kind, contract, status, multiplier, interval, listed, asset_class="crypto",
        step=None, indexed_as=None,
    ):
        self.base = base
        self.quote = quote
        self.settle = settle
        self.kind = kind
        self.contract = contract
        self.status = status
        self.multiplier = multiplier
        self.interval = interval
        self.listed = listed
        self.asset_class = "commodity" if asset_class == "crypto" and base in classes.METALS else asset_class
        self.step = step
        self.indexed_as = indexed_as


class Quote:
    __slots__ = (
        "last", "mark", "index", "bid", "ask", "volume_contracts", "volume_base", "volume_quote", "oi_contracts",
        "oi_base", "oi_quote", "rate", "interval", "next", "change", "trades", "observed",
    )

    def __init__(self):
        self.last = self.mark = self.index = self.bid = self.ask = None
        self.volume_contracts = self.volume_base = self.volume_quote = None
        self.oi_contracts = self.oi_base = self.oi_quote = None
        self.rate = self.interval = self.next = self.change = self.trades = self.observed = None

    def is_market(self):
        """Whether anything is said that makes a ticker: an index or an interval alone does not."""
        return (
            self.last is not None or self.mark is not None or self.oi_contracts is not None or self.rate is not None
            or self.bid is not None or self.ask is not None or self.volume_contracts is not None
            or self.volume_base is not None or self.volume_quote is not None)


def instrument(exchange, symbol, listing, interval):
    asset, unit = canonical(listing.base, listing.asset_class, exchange)
    return (
        symbol, asset, listing.asset_class, listing.base, listing.quote, listing.settle, listing.kind,
        listing.contract, listing.status, listing.multiplier, unit,
        None if listing.contract == "dated" else interval, listing.listed,
    )


def ticker(exchange, symbol, listing, q, interval):
    """A ticker in canonical units: `Draft.append` of our adapters."""
    asset, unit = canonical(listing.base, listing.asset_class, exchange)
    last, mark, index, bid, ask = q.last, q.mark, q.index, q.bid, q.ask
    price = mark if mark is not None else last
    multiplier = listing.multiplier
    volume, oi = q.volume_base, q.oi_base
    volume_quote, oi_quote = q.volume_quote, q.oi_quote
    if listing.kind == "linear":
        if multiplier is not None:
            if volume is None and q.volume_contracts is not None:
                volume = q.volume_contracts * multiplier
            if oi is None and q.oi_contracts is not None:
                oi = q.oi_contracts * multiplier
        if volume_quote is None and volume is not None and last is not None:
            volume_quote = volume * last
        if oi_quote is None and oi is not None and price is not None:
            oi_quote = oi * price
    elif listing.kind == "inverse":
        if multiplier is not None:
            if volume_quote is None and q.volume_contracts is not None:
                volume_quote = q.volume_contracts * multiplier
            if oi_quote is None and q.oi_contracts is not None:
                oi_quote = q.oi_contracts * multiplier
        if oi is None and oi_quote is not None and price:
            oi = oi_quote / price
    if unit != 1:
        last = last / unit if last is not None else None
        mark = mark / unit if mark is not None else None
        index = index / unit if index is not None else None
        bid = bid / unit if bid is not None else None
        ask = ask / unit if ask is not None else None
        volume = volume * unit if volume is not None else None
        oi = oi * unit if oi is not None else None
    if listing.quote not in DOLLARS:
        volume_quote = oi_quote = None
    rate, following = q.rate, q.next
    rate8 = None
    if listing.contract == "dated" or rate is None:
        rate = interval = following = None
    elif interval is not None:
        rate8 = rate * 8 / interval
    return (
        symbol, asset, listing.kind, listing.contract, listing.quote, last, mark, index, bid, ask, volume,
        volume_quote, q.oi_contracts, oi, oi_quote, rate, interval, rate8, following, q.change, q.trades, q.observed,
    )


class Hour:
    """The records of one exchange and hour."""

    def __init__(self, exchange):
        self.exchange = exchange
        self.instruments = []
        self.tickers = []
        self.ratios = {}
        self.long_short = []
        self.liquidations = []
        self.spot = []
        self.settlements = []

    def finish(self, listings, quotes, settled, unstated=None):
        """Makes instruments and tickers of what is listed, and names the ratios and the settlements."""
        for symbol in sorted(listings):
            listing, q = listings[symbol], quotes.get(symbol)
            interval = q.interval if q is not None else None
            if interval is None:
                interval = listing.interval if listing.interval is not None else unstated
            self.instruments.append(instrument(self.exchange, symbol, listing, interval))
            if q is not None and listing.status == "trading" and q.is_market():
                self.tickers.append(ticker(self.exchange, symbol, listing, q, interval))
        for key, values in sorted(self.ratios.items()):
            self.long_short.append((key[0], self.asset_of(key[0], listings)) + key[1:] + values)
        self.settle(sorted(settled), listings)

    def asset_of(self, symbol, listings):
        listing = listings.get(symbol)
        return canonical(listing.base, listing.asset_class, self.exchange)[0] if listing else symbol

    def settle(self, rows, listings):
        """Rows of symbol, time, rate and interval: where that is not stated, it is the time since the one before."""
        before, last = None, None
        for symbol, at, rate, interval in rows:
            if interval is None and symbol == before:
                hours = round((at - last) / HOUR_MS)
                if hours in PERIODS and abs(at - last - hours * HOUR_MS) <= 60_000:
                    interval = float(hours)
            before, last = symbol, at
            self.settlements.append((symbol, self.asset_of(symbol, listings), at, rate, interval))

    def add_spot(self, symbol, base, quote, last, bid, ask, volume, at):
        namesake = SPOT_NAMESAKES.get((base, self.exchange))
        asset, unit = (namesake, 1.0) if namesake else canonical(base, "crypto", self.exchange)
        self.spot.append((
            symbol, asset, quote, last / unit if last else None, bid / unit if bid else None,
            ask / unit if ask else None, volume if quote in DOLLARS else None, at,
        ))

    def add_ratio(self, symbol, population, period, ratio, long, short, at):
        """Of a list of buckets the newest one: older ones are of other hours."""
        key = (symbol, population, period)
        known = self.ratios.get(key)
        if known is None or at >= known[3]:
            self.ratios[key] = (ratio, long, short, at)

    def add_liquidations(self, events, listings):
        """Answers and their events: of equal ones as many as the answer that has most of them shows."""
        seen, kept = Counter(), Counter()
        for answer, event in events:
            seen[answer, event] += 1
            if seen[answer, event] > kept[event]:
                kept[event] += 1
                listing = listings.get(event[0])
                if listing and (listing.multiplier or event[5] != "contracts"):
                    self.add_liquidation(listing, *event)
        self.liquidations.sort(key=lambda row: (row[0], row[7]))

    def add_liquidation(self, listing, symbol, at, side, price, size, unit):
        asset, coins = canonical(listing.base, listing.asset_class, self.exchange)
        contracts = size if unit == "contracts" else None
        inverse = listing.kind == "inverse"
        if unit == "contracts":
            size *= listing.multiplier
        elif unit == "quote":
            size /= price
        quantity = size / price if inverse else size
        value = size if inverse else size * price
        self.liquidations.append((
            symbol, asset, side, price / coins, contracts, quantity * coins,
            value if listing.quote in DOLLARS else None, at,
        ))


def parameter(url, name):
    """The value of a parameter of a URL, for endpoints whose answers do not name their symbol."""
    _, _, query = url.partition("?")
    for part in query.split("&"):
        key, _, value = part.partition("=")
        if key == name:
            return value
    return None


def quote_of(quotes, symbol):
    q = quotes.get(symbol)
    if q is None:
        q = quotes[symbol] = Quote()
    return q


# The venues

BINANCE_STATUS = {
    "TRADING": "trading", "PENDING_TRADING": "prelaunch", "PRE_SETTLE": "settling", "SETTLING": "settling",
    "DELIVERING": "settling", "PRE_DELIVERING": "settling", "CLOSE": "delisted", "DELIVERED": "delisted",
}
BINANCE_QUOTES = ("USDT", "USDC", "FDUSD", "BUSD", "USD1", "USD", "BTC", "ETH", "BNB")
BINANCE_RATIOS = {
    "long_short_accounts": "accounts", "long_short_top_accounts": "top_accounts",
    "long_short_top_positions": "top_positions",
}


def split_pair(symbol, quotes):
    for quote in quotes:
        if symbol.endswith(quote) and len(symbol) > len(quote):
            return symbol[: -len(quote)], quote
    return symbol, ""


def binance(exchange, lines):
    """Binance, and AsterDEX in its shapes."""
    hour = Hour(exchange)
    listings, quotes, settled = {}, {}, []
    intervals_known = False
    for line in lines:
        endpoint, body = line["endpoint"], line["body"]
        if endpoint == "open_interest":
            q = quote_of(quotes, body["symbol"])
            q.oi_contracts = q.oi_base = float(body["openInterest"])
        elif endpoint == "exchange_info":
            for row in body["symbols"]:
                term = row.get("contractType") or ""
                listings[row["symbol"]] = Listing(
                    row["baseAsset"], row["quoteAsset"], row["marginAsset"], "linear",
                    "dated" if term.startswith(("CURRENT_", "NEXT_")) else "perpetual",
                    BINANCE_STATUS.get(row["status"], "suspended"), 1.0, None, whole(row.get("onboardDate")),
                    classes.aster(row) if exchange == "aster" else classes.binance(row))
        elif endpoint == "ticker_24hr":
            for row in body:
                q = quote_of(quotes, row["symbol"])
                change = number(row["priceChangePercent"])
                q.change = change / 100 if change is not None else None
                q.last = positive(row["lastPrice"])
                q.volume_base = number(row["volume"])
                q.volume_quote = number(row["quoteVolume"])
                q.trades = row.get("count")
                if q.observed is None:
                    q.observed = row["closeTime"]
        elif endpoint == "premium_index":
            for row in body:
                q = quote_of(quotes, row["symbol"])
                q.mark = positive(row["markPrice"])
                q.index = positive(row["indexPrice"])
                q.next = whole(row["nextFundingTime"])
                q.rate = number(row["lastFundingRate"]) if q.next else None
                q.observed = row["time"]
        elif endpoint == "book_ticker":
            for row in body:
                q = quote_of(quotes, row["symbol"])
                q.bid = positive(row["bidPrice"])
                q.ask = positive(row["askPrice"])
        elif endpoint == "funding_info":
            for row in body:
                intervals_known = True
                quote_of(quotes, row["symbol"]).interval = float(row["fundingIntervalHours"])
        elif endpoint == "funding_rate":
            settled += [
                (row["symbol"], minute(row["fundingTime"]), float(row["fundingRate"]), None) for row in body]
        elif endpoint == "spot_ticker":
            for row in body if isinstance(body, list) else [body]:
                base, quote = split_pair(row["symbol"], BINANCE_QUOTES)
                hour.add_spot(
                    row["symbol"], base, quote, positive(row["lastPrice"]), positive(row["bidPrice"]),
                    positive(row["askPrice"]), number(row["quoteVolume"]), row["closeTime"])
        elif endpoint == "taker_volume":
            symbol = parameter(line["url"], "symbol")
            for row in body:
                buys, sells = float(row["buyVol"]), float(row["sellVol"])
                hour.add_ratio(
                    symbol, "taker", "1h", number(row.get("buySellRatio")), buys / (buys + sells),
                    sells / (buys + sells), row["timestamp"])
        else:
            for row in body:
                hour.add_ratio(
                    row["symbol"], BINANCE_RATIOS[endpoint], "1h", number(row.get("longShortRatio")),
                    float(row["longAccount"]), float(row["shortAccount"]), row["timestamp"])
    hour.finish(listings, quotes, settled, 8.0 if exchange == "binance" and intervals_known else None)
    return hour


OKX_STATUS = {
    "live": "trading", "preopen": "prelaunch", "settling": "settling", "rebase": "settling", "expired": "delisted",
}
OKX_RATIOS = BINANCE_RATIOS


def okx(exchange, lines):
    hour = Hour(exchange)
    listings, quotes, settled, liquidations, indices = {}, {}, [], [], {}
    for answer, line in enumerate(lines):
        endpoint, rows = line["endpoint"], line["body"]["data"]
        if endpoint == "instruments":
            for row in rows:
                if row["state"] == "test":
                    continue
                family = row["instFamily"]
                pair = row["uly"] or family.removesuffix("_UM")
                base, quote = pair.split("-")
                value = positive(row["ctVal"])
                listings[row["instId"]] = Listing(
                    base, quote, row["settleCcy"], row["ctType"], "perpetual",
                    OKX_STATUS.get(row["state"], "suspended"),
                    value * (positive(row["ctMult"]) or 1) if value else None, None, whole(row["listTime"]),
                    classes.okx(row), indexed_as=pair + "-SWAP" if family and family != pair else None)
        elif endpoint == "tickers":
            for row in rows:
                q = quote_of(quotes, row["instId"])
                last, opened = positive(row["last"]), positive(row["open24h"])
                q.last, q.ask, q.bid = last, positive(row["askPx"]), positive(row["bidPx"])
                q.volume_base, q.volume_contracts = number(row["volCcy24h"]), number(row["vol24h"])
                q.observed = whole(row["ts"])
                if last and opened:
                    q.change = last / opened - 1
        elif endpoint == "open_interest":
            for row in rows:
                q = quote_of(quotes, row["instId"])
                q.oi_contracts, q.oi_base = float(row["oi"]), number(row["oiCcy"])
                q.oi_quote = number(row.get("oiUsd"))
        elif endpoint == "funding_rate":
            for row in rows:
                q = quote_of(quotes, row["instId"])
                q.rate, q.next = number(row["fundingRate"]), whole(row["fundingTime"])
                before, following = whole(row.get("prevFundingTime")), whole(row["nextFundingTime"])
                if q.next and before and before < q.next:
                    q.interval = (q.next - before) / HOUR_MS
                elif q.next and following and following > q.next:
                    q.interval = (following - q.next) / HOUR_MS
        elif endpoint == "mark_price":
            for row in rows:
                quote_of(quotes, row["instId"]).mark = positive(row["markPx"])
        elif endpoint == "index_tickers":
            for row in rows:
                indices[row["instId"] + "-SWAP"] = positive(row["idxPx"])
        elif endpoint == "liquidation_orders":
            for group in rows:
                for row in group["details"]:
                    side = row["posSide"]
                    if side not in ("long", "short"):
                        side = "long" if row["side"] == "sell" else "short"
                    liquidations.append((answer, (
                        group["instId"], int(row["ts"]), side, float(row["bkPx"]), float(row["sz"]), "contracts")))
        elif endpoint == "funding_rate_history":
            settled += [
                (row["instId"], minute(int(row["fundingTime"])), float(row.get("realizedRate") or row["fundingRate"]),
                 None) for row in rows]
        elif endpoint == "spot_ticker":
            for row in rows:
                base, quote = row["instId"].split("-")
                hour.add_spot(
                    row["instId"], base, quote, positive(row["last"]), positive(row["bidPx"]),
                    positive(row["askPx"]), number(row["volCcy24h"]), int(row["ts"]))
        else:
            symbol = parameter(line["url"], "instId")
            for row in rows:
                at = int(row[0])
                if endpoint == "taker_volume":
                    # Named by the start of the bucket; the newest one is still filling.
                    if at + HOUR_MS <= line["received_at_ms"]:
                        sells, buys = float(row[1]), float(row[2])
                        hour.add_ratio(symbol, "taker", "1H", None, buys / (buys + sells), sells / (buys + sells), at)
                else:
                    ratio = float(row[1])
                    hour.add_ratio(symbol, OKX_RATIOS[endpoint], "1H", ratio, ratio / (1 + ratio), 1 / (1 + ratio), at)
    for symbol, listing in listings.items():
        if symbol in quotes:
            quotes[symbol].index = indices.get(listing.indexed_as or symbol)
    hour.finish(listings, quotes, settled)
    hour.add_liquidations(liquidations, listings)
    return hour


BYBIT_STATUS = {"Trading": "trading", "PreLaunch": "prelaunch", "Delivering": "settling", "Closed": "delisted"}
# Sums of open interest are of both sides since 2023-11-14.
BYBIT_BOTH_SIDES = 1_699_920_000_000


def bybit(exchange, lines):
    hour = Hour(exchange)
    listings, quotes, settled = {}, {}, []
    for line in lines:
        endpoint, body = line["endpoint"], line["body"]
        rows = body["result"]["list"]
        if endpoint == "tickers":
            at = body["time"]
            side = 1.0 if at < BYBIT_BOTH_SIDES else 0.5
            for row in rows:
                q = quote_of(quotes, row["symbol"])
                q.observed = at
                q.last, q.index, q.mark = (
                    positive(row["lastPrice"]), positive(row["indexPrice"]), positive(row["markPrice"]))
                q.change = number(row["price24hPcnt"])
                q.ask, q.bid = positive(row["ask1Price"]), positive(row["bid1Price"])
                q.volume_base, q.volume_quote = number(row["volume24h"]), number(row["turnover24h"])
                q.rate, q.next = number(row["fundingRate"]), whole(row["nextFundingTime"])
                q.interval = positive(row.get("fundingIntervalHour"))
                contracts, value = number(row.get("singleOpenInterest")), number(row.get("singleOpenInterestValue"))
                if contracts is None:
                    contracts = number(row["openInterest"])
                    contracts = contracts * side if contracts is not None else None
                if value is None:
                    value = number(row["openInterestValue"])
                    value = value * side if value is not None else None
                q.oi_contracts = q.oi_base = contracts
                q.oi_quote = value
        elif endpoint in ("instruments", "instruments_prelaunch"):
            for row in rows:
                minutes = positive(row["fundingInterval"])
                listings[row["symbol"]] = Listing(
                    row["baseCoin"], row["quoteCoin"], row["settleCoin"],
                    "inverse" if row["contractType"].startswith("Inverse") else "linear",
                    "dated" if row["contractType"].endswith("Futures") else "perpetual",
                    BYBIT_STATUS.get(row["status"], "suspended"), 1.0,
                    minutes / 60 if minutes and minutes >= 60 else None, whole(row["launchTime"]), classes.bybit(row))
        elif endpoint == "long_short_accounts":
            for row in rows:
                hour.add_ratio(
                    row["symbol"], "accounts", "1h", None, float(row["buyRatio"]), float(row["sellRatio"]),
                    int(row["timestamp"]))
        elif endpoint == "funding_history":
            settled += [
                (row["symbol"], minute(int(row["fundingRateTimestamp"])), float(row["fundingRate"]), None)
                for row in rows]
        elif endpoint == "spot_ticker":
            for row in rows:
                base, quote = split_pair(row["symbol"], ("USDT", "USDC"))
                hour.add_spot(
                    row["symbol"], base, quote, positive(row["lastPrice"]), positive(row["bid1Price"]),
                    positive(row["ask1Price"]), number(row["turnover24h"]), body["time"])
    hour.finish(listings, quotes, settled)
    return hour


def gate(exchange, lines):
    hour = Hour(exchange)
    listings, quotes, settled, liquidations = {}, {}, [], []
    for answer, line in enumerate(lines):
        endpoint, body, received = line["endpoint"], line["body"], line["received_at_ms"]
        if endpoint == "contracts":
            for row in body:
                symbol = row["name"]
                base, quote = symbol.split("_")[:2]
                status = {
                    None: "trading", "": "trading", "trading": "trading", "prelaunch": "prelaunch",
                    "delisting": "settling", "delisted": "delisted",
                }.get(row.get("status"), "suspended")
                if row.get("in_delisting"):
                    status = "settling"
                launched = number(row.get("launch_time")) or number(row.get("create_time"))
                interval = positive(row["funding_interval"])
                listings[symbol] = Listing(
                    base, quote, quote, "linear", "perpetual", status, positive(row["quanto_multiplier"]),
                    interval / 3600 if interval else None, int(launched * 1000) if launched else None,
                    classes.gate(row))
                q = quote_of(quotes, symbol)
                q.last = q.last if q.last is not None else positive(row["last_price"])
                q.mark = q.mark if q.mark is not None else positive(row["mark_price"])
                q.index = q.index if q.index is not None else positive(row["index_price"])
                q.rate = number(row["funding_rate"])
                following = number(row["funding_next_apply"])
                q.next = int(following * 1000) if following else None
                position = number(row.get("position_size"))
                q.oi_contracts = position if position is not None else q.oi_contracts
                q.observed = received
        elif endpoint == "tickers":
            for row in body:
                q = quote_of(quotes, row["contract"])
                q.observed = received
                q.last = positive(row["last"]) or q.last
                q.mark = positive(row["mark_price"]) or q.mark
                q.index = positive(row["index_price"]) or q.index
                change = number(row["change_percentage"])
                q.change = change / 100 if change is not None else None
                if q.oi_contracts is None:
                    total = number(row["total_size"])
                    q.oi_contracts = total / 2 if total is not None else None
                q.volume_contracts = number(row["volume_24h"])
                turnover = number(row["volume_24h_settle"])
                q.volume_quote = turnover if turnover is not None else number(row["volume_24h_quote"])
                q.rate = q.rate if q.rate is not None else number(row["funding_rate"])
                q.bid, q.ask = positive(row["highest_bid"]), positive(row["lowest_ask"])
        elif endpoint == "contract_stats":
            symbol = parameter(line["url"], "contract")
            asked = int(parameter(line["url"], "from"))
            for row in body:
                if row["time"] != asked:
                    continue
                for population, field in (
                    ("taker", "lsr_taker"), ("accounts", "lsr_account"), ("top_accounts", "top_lsr_account"),
                    ("top_positions", "top_lsr_size"),
                ):
                    ratio = number(row.get(field))
                    if ratio is not None:
                        hour.add_ratio(
                            symbol, population, "1h", ratio, ratio / (1 + ratio), 1 / (1 + ratio),
                            asked * 1000 + HOUR_MS)
        elif endpoint == "liq_orders":
            for row in body:
                left, order = row.get("left") or 0, row.get("order_size")
                closed = abs(order) - abs(left) if order is not None else abs(row["size"] - left)
                if closed > 0:
                    liquidations.append((answer, (
                        row["contract"], row.get("time_ms") or row["time"] * 1000,
                        "long" if row["size"] > 0 else "short", float(row["fill_price"]), float(closed), "contracts")))
        elif endpoint == "funding_rate":
            symbol = parameter(line["url"], "contract")
            settled += [(symbol, minute(row["t"] * 1000), float(row["r"]), None) for row in body]
        elif endpoint == "spot_ticker":
            for row in body:
                base, quote = row["currency_pair"].split("_")
                hour.add_spot(
                    row["currency_pair"], base, quote, positive(row["last"]), positive(row["highest_bid"]),
                    positive(row["lowest_ask"]), number(row["quote_volume"]), received)
    hour.finish(listings, quotes, settled)
    hour.add_liquidations(liquidations, listings)
    return hour


BITGET_STATUS = {"normal": "trading", "listed": "prelaunch", "off": "delisted"}


def bitget(exchange, lines):
    hour = Hour(exchange)
    listings, quotes, settled, liquidations = {}, {}, [], []
    for answer, line in enumerate(lines):
        endpoint, rows = line["endpoint"], line["body"]["data"]
        if endpoint == "contracts":
            for row in rows:
                margins = row.get("supportMarginCoins")
                margin = margins[0] if margins else row["quoteCoin"]
                listings[row["symbol"]] = Listing(
                    row["baseCoin"], row["quoteCoin"], margin, "inverse" if margin == row["baseCoin"] else "linear",
                    "dated" if row["symbolType"] == "delivery" else "perpetual",
                    BITGET_STATUS.get(row["symbolStatus"], "suspended"), 1.0, positive(row["fundInterval"]),
                    whole(row["launchTime"]), classes.bitget(row), positive(row.get("sizeMultiplier")))
        elif endpoint == "tickers":
            for row in rows:
                q = quote_of(quotes, row["symbol"])
                q.last, q.mark, q.index = (
                    positive(row["lastPr"]), positive(row["markPrice"]), positive(row["indexPrice"]))
                q.ask, q.bid = positive(row["askPr"]), positive(row["bidPr"])
                q.observed, q.change = whole(row["ts"]), number(row["change24h"])
                q.volume_base = number(row["baseVolume"])
                turnover = number(row["usdtVolume"])
                q.volume_quote = turnover if turnover is not None else number(row["quoteVolume"])
                rate = number(row["fundingRate"])
                q.rate = rate if rate is not None else q.rate
                q.oi_contracts = q.oi_base = number(row["holdingAmount"])
        elif endpoint == "current_fund_rate":
            for row in rows:
                q = quote_of(quotes, row["symbol"])
                q.rate = q.rate if q.rate is not None else number(row["fundingRate"])
                q.next = whole(row["nextUpdate"])
                q.observed = q.observed or line["received_at_ms"]
                listing = listings.get(row["symbol"])
                if listing is None or listing.interval is None:
                    q.interval = positive(row["fundingRateInterval"])
        elif endpoint == "long_short_accounts":
            symbol = parameter(line["url"], "symbol")
            for row in rows:
                hour.add_ratio(
                    symbol, "accounts", "1h", None, float(row["longAccountRatio"]), float(row["shortAccountRatio"]),
                    int(row["ts"]))
        elif endpoint == "history_fund_rate":
            settled += [
                (row["symbol"], minute(int(row["fundingTime"])), float(row["fundingRate"]), None) for row in rows]
        elif endpoint == "liquidations":
            for row in rows["list"]:
                liquidations.append((answer, (
                    row["symbol"], int(row["ts"]), "long" if row["side"] == "buy" else "short",
                    float(row["price"]), float(row["amount"]))))
        elif endpoint == "spot_ticker":
            for row in rows:
                base, quote = split_pair(row["symbol"], ("USDT", "USDC"))
                hour.add_spot(
                    row["symbol"], base, quote, positive(row["lastPr"]), positive(row["bidPr"]),
                    positive(row["askPr"]), number(row["usdtVolume"]), int(row["ts"]))
    hour.finish(listings, quotes, settled)
    hour.add_liquidations(with_units(liquidations, listings), listings)
    return hour


def is_multiple(value, step):
    steps = value / step
    return steps >= 0.5 and abs(steps - round(steps)) <= max(1e-6, steps * 4e-15)


def with_units(events, listings):
    """The events with what their sizes count: coins are multiples of the step, and where that tells nothing, what
    most of the answer counts."""
    votes, decided = Counter(), []
    for answer, event in events:
        listing, unit = listings.get(event[0]), None
        if listing and listing.step:
            is_base = is_multiple(event[4], listing.step)
            if is_base != is_multiple(event[4] / event[3], listing.step):
                unit = "base" if is_base else "quote"
                votes[answer] += 1 if is_base else -1
        decided.append(unit)
    return [
        (answer, event + (unit or ("base" if votes[answer] > 0 else "quote"),))
        for (answer, event), unit in zip(events, decided) if unit or votes[answer]]


def hyperliquid(exchange, lines):
    hour = Hour(exchange)
    listings, quotes, settled = {}, {}, []
    for line in lines:
        body, received = line["body"], line["received_at_ms"]
        if line["endpoint"] == "funding_history":
            settled += [(row["coin"], minute(row["time"]), float(row["fundingRate"]), 1.0) for row in body]
            continue
        following = received // HOUR_MS * HOUR_MS + HOUR_MS
        for market, row in zip(body[0]["universe"], body[1]):
            symbol = market["name"]
            status = "delisted" if market.get("isDelisted") else "trading"
            listings[symbol] = Listing(
                symbol, "USDC", "USDC", "linear", "perpetual", status, 1.0, 1.0, None)
            q = quotes[symbol] = Quote()
            q.mark, q.index = positive(row["markPx"]), positive(row["oraclePx"])
            q.rate, q.next, q.observed = number(row["funding"]), following, received
            q.oi_contracts = q.oi_base = number(row["openInterest"])
            q.volume_quote, q.volume_base = number(row["dayNtlVlm"]), number(row["dayBaseVlm"])
            previous = positive(row["prevDayPx"])
            if q.mark and previous:
                q.change = q.mark / previous - 1
    hour.finish(listings, quotes, settled)
    return hour


DYDX_STATUS = {"ACTIVE": "trading", "INITIALIZING": "prelaunch", "FINAL_SETTLEMENT": "delisted"}


def dydx(exchange, lines):
    from datetime import datetime

    hour = Hour(exchange)
    listings, quotes, settled = {}, {}, []
    for line in lines:
        endpoint, body, received = line["endpoint"], line["body"], line["received_at_ms"]
        if endpoint == "historical_funding":
            for row in body["historicalFunding"]:
                at = datetime.fromisoformat(row["effectiveAt"].replace("Z", "+00:00")).timestamp()
                settled.append((row["ticker"], minute(int(at * 1000)), float(row["rate"]), 1.0))
            continue
        if endpoint != "perpetual_markets":
            continue
        following = received // HOUR_MS * HOUR_MS + HOUR_MS
        for row in body["markets"].values():
            symbol = row["ticker"]
            base, _, quote = symbol.rpartition("-")
            listings[symbol] = Listing(
                base, quote, "USDC", "linear", "perpetual", DYDX_STATUS.get(row["status"], "suspended"), 1.0, 1.0,
                None)
            q = quotes[symbol] = Quote()
            q.mark, q.volume_quote = positive(row["oraclePrice"]), number(row["volume24H"])
            q.trades, q.rate, q.next = row["trades24H"], number(row["nextFundingRate"]), following
            q.observed = received
            q.oi_contracts = q.oi_base = number(row["openInterest"])
            change = number(row["priceChange24H"])
            if q.mark and change is not None and q.mark - change > 0:
                q.change = change / (q.mark - change)
    hour.finish(listings, quotes, settled)
    return hour


READERS = {
    "binance": binance, "okx": okx, "bybit": bybit, "gate": gate, "bitget": bitget, "hyperliquid": hyperliquid,
    "aster": binance, "dydx": dydx,
}


def read(exchange, lines):
    return READERS[exchange](exchange, lines)
