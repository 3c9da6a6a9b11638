"""What the eight venues' answers mean, for the Python peer: the mappings of `Sources/ExchangeAdapters`.

`read(exchange, lines)` takes the parsed lines of a raw file and gives the records of its hour as tuples in the
order of the names below. Rows are trusted more than our adapters trust them: nothing is set aside with a reason.
"""

TICKER = (
    "symbol", "asset", "kind", "contract", "quote", "last_price", "mark_price", "index_price", "bid_price",
    "ask_price", "volume_base_24h", "volume_usd_24h", "open_interest_contracts", "open_interest_base",
    "open_interest_usd", "funding_rate", "funding_interval_hours", "funding_rate_8h", "next_funding_at_ms",
    "price_change_24h", "trades_24h", "observed_at_ms",
)
INSTRUMENT = (
    "symbol", "asset", "base", "quote", "settle", "kind", "contract", "status", "contract_multiplier",
    "unit_multiplier", "funding_interval_hours", "listed_at_ms",
)
LONG_SHORT = (
    "symbol", "asset", "population", "period", "ratio", "long_fraction", "short_fraction", "observed_at_ms",
)
LIQUIDATION = ("symbol", "asset", "side", "price", "quantity_base", "value_usd", "occurred_at_ms", "id")
SPOT = ("symbol", "asset", "quote", "last_price", "bid_price", "ask_price", "volume_usd_24h", "observed_at_ms")
SETTLEMENT = ("symbol", "asset", "settled_at_ms", "funding_rate", "funding_interval_hours")

HOUR_MS = 3_600_000
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
coins = {}


def coin(base, exchange):
    """The canonical coin behind a base asset, and how many of it one base unit holds."""
    key = (base, exchange)
    found = coins.get(key)
    if found is None:
        found = coins[key] = find_coin(base, exchange)
    return found


def find_coin(name, exchange):
    if exchange == "hyperliquid":
        if len(name) > 1 and name[0] == "k" and "A" <= name[1] <= "Z":
            return name[1:], 1000.0
    else:
        name = name.upper()
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
    __slots__ = ("base", "quote", "settle", "kind", "contract", "status", "multiplier", "interval", "listed")

    def __init__(self, base, quote, settle, kind, contract, status, multiplier, interval, listed):
        self.base = base
        self.quote = quote
        self.settle = settle
        self.kind = kind
        self.contract = contract
        self.status = status
        self.multiplier = multiplier
        self.interval = interval
        self.listed = listed


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


def instrument(exchange, symbol, listing, interval):
    asset, unit = coin(listing.base, exchange)
    return (
        symbol, asset, listing.base, listing.quote, listing.settle, listing.kind, listing.contract, listing.status,
        listing.multiplier, unit, None if listing.contract == "dated" else interval, listing.listed,
    )


def ticker(exchange, symbol, listing, q, interval):
    """A ticker in canonical units: `Draft.records` of our adapters."""
    asset, unit = coin(listing.base, exchange)
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
        self.long_short = []
        self.liquidations = []
        self.spot = []
        self.settlements = []

    def finish(self, listings, quotes, unstated=None):
        """Makes instruments and tickers; gives the intervals for the settlements."""
        intervals = {}
        for symbol in sorted(listings.keys() | quotes.keys()):
            listing = listings.get(symbol)
            if listing is None:
                continue
            q = quotes.get(symbol)
            interval = q.interval if q is not None else None
            if interval is None:
                interval = listing.interval if listing.interval is not None else unstated
            intervals[symbol] = interval
            self.instruments.append(instrument(self.exchange, symbol, listing, interval))
            if q is not None and listing.status == "trading":
                self.tickers.append(ticker(self.exchange, symbol, listing, q, interval))
        return intervals

    def settle(self, rows, listings, intervals):
        """Rows of symbol, time and rate; an unknown interval is the distance to a neighbour."""
        rows = sorted(rows)
        for place, (symbol, at, rate) in enumerate(rows):
            listing = listings.get(symbol)
            interval = intervals.get(symbol)
            if interval is None:
                for near in (place - 1, place + 1):
                    if 0 <= near < len(rows) and rows[near][0] == symbol and rows[near][1] != at:
                        interval = abs(at - rows[near][1]) / HOUR_MS
                        break
            asset = coin(listing.base, self.exchange)[0] if listing else symbol
            self.settlements.append((symbol, asset, at, rate, interval))

    def add_spot(self, symbol, base, quote, last, bid, ask, volume, at):
        asset, unit = coin(base, self.exchange)
        self.spot.append((
            symbol, asset, quote, last / unit if last else None, bid / unit if bid else None,
            ask / unit if ask else None, volume if quote in DOLLARS else None, at,
        ))

    def add_ratio(self, symbol, base, population, period, ratio, long, short, at):
        self.long_short.append((symbol, coin(base, self.exchange)[0], population, period, ratio, long, short, at))

    def add_liquidation(self, listing, symbol, side, price, size, multiplier, at):
        asset, unit = coin(listing.base, self.exchange)
        size *= multiplier
        inverse = listing.kind == "inverse"
        quantity = size / price if inverse else size
        value = size if inverse else size * price
        self.liquidations.append((
            symbol, asset, side, price / unit, quantity * unit, value if listing.quote in DOLLARS else None, at, None,
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
                    BINANCE_STATUS.get(row["status"], "suspended"), 1.0, None, whole(row.get("onboardDate")))
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
            settled += [(row["symbol"], minute(row["fundingTime"]), float(row["fundingRate"])) for row in body]
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
                    symbol, split_pair(symbol, BINANCE_QUOTES)[0], "taker", "1h", number(row.get("buySellRatio")),
                    buys / (buys + sells), sells / (buys + sells), row["timestamp"])
        else:
            for row in body:
                hour.add_ratio(
                    row["symbol"], split_pair(row["symbol"], BINANCE_QUOTES)[0], BINANCE_RATIOS[endpoint], "1h",
                    number(row.get("longShortRatio")), float(row["longAccount"]), float(row["shortAccount"]),
                    row["timestamp"])
    # Quotes that only an interval names make no ticker.
    quotes = {s: q for s, q in quotes.items() if q.mark is not None or q.last is not None or q.oi_base is not None}
    unstated = 8.0 if exchange == "binance" and intervals_known else None
    hour.settle(settled, listings, hour.finish(listings, quotes, unstated))
    return hour


OKX_STATUS = {
    "live": "trading", "preopen": "prelaunch", "settling": "settling", "rebase": "settling", "expired": "delisted",
}
OKX_RATIOS = BINANCE_RATIOS


def okx(exchange, lines):
    hour = Hour(exchange)
    listings, quotes, settled, liquidations, indices = {}, {}, [], [], {}
    for line in lines:
        endpoint, rows = line["endpoint"], line["body"]["data"]
        if endpoint == "instruments":
            for row in rows:
                base, quote = (row["instFamily"] or row["uly"]).split("-")
                value = positive(row["ctVal"])
                listings[row["instId"]] = Listing(
                    base, quote, row["settleCcy"], row["ctType"], "perpetual",
                    OKX_STATUS.get(row["state"], "suspended"),
                    value * (positive(row["ctMult"]) or 1) if value else None, None, whole(row["listTime"]))
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
                following = whole(row["nextFundingTime"])
                if q.next and following and following > q.next:
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
                    liquidations.append(
                        (group["instId"], int(row["ts"]), side, float(row["bkPx"]), float(row["sz"])))
        elif endpoint == "funding_rate_history":
            settled += [
                (row["instId"], minute(int(row["fundingTime"])), float(row.get("realizedRate") or row["fundingRate"]))
                for row in rows]
        elif endpoint == "spot_ticker":
            for row in rows:
                base, quote = row["instId"].split("-")
                hour.add_spot(
                    row["instId"], base, quote, positive(row["last"]), positive(row["bidPx"]),
                    positive(row["askPx"]), number(row["volCcy24h"]), int(row["ts"]))
        else:
            symbol = parameter(line["url"], "instId")
            base = symbol.split("-")[0]
            for row in rows:
                if endpoint == "taker_volume":
                    sells, buys = float(row[1]), float(row[2])
                    hour.add_ratio(
                        symbol, base, "taker", "1H", None, buys / (buys + sells), sells / (buys + sells),
                        int(row[0]))
                else:
                    ratio = float(row[1])
                    hour.add_ratio(
                        symbol, base, OKX_RATIOS[endpoint], "1H", ratio, ratio / (1 + ratio), 1 / (1 + ratio),
                        int(row[0]))
    for symbol, price in indices.items():
        if symbol in quotes:
            quotes[symbol].index = price
    hour.settle(settled, listings, hour.finish(listings, quotes))
    for symbol, at, side, price, size in sorted(liquidations):
        listing = listings.get(symbol)
        if listing and listing.multiplier:
            hour.add_liquidation(listing, symbol, side, price, size, listing.multiplier, at)
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
                    minutes / 60 if minutes and minutes >= 60 else None, whole(row["launchTime"]))
        elif endpoint == "long_short_accounts":
            for row in rows:
                hour.add_ratio(
                    row["symbol"], split_pair(row["symbol"], ("USDT",))[0], "accounts", "1h", None,
                    float(row["buyRatio"]), float(row["sellRatio"]), int(row["timestamp"]))
        elif endpoint == "funding_history":
            settled += [
                (row["symbol"], minute(int(row["fundingRateTimestamp"])), float(row["fundingRate"])) for row in rows]
        elif endpoint == "spot_ticker":
            for row in rows:
                base, quote = split_pair(row["symbol"], ("USDT", "USDC"))
                hour.add_spot(
                    row["symbol"], base, quote, positive(row["lastPrice"]), positive(row["bid1Price"]),
                    positive(row["ask1Price"]), number(row["turnover24h"]), body["time"])
    hour.settle(settled, listings, hour.finish(listings, quotes))
    return hour


def gate(exchange, lines):
    hour = Hour(exchange)
    listings, quotes, settled, liquidations = {}, {}, [], []
    for line in lines:
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
                    interval / 3600 if interval else None, int(launched * 1000) if launched else None)
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
                            symbol, symbol.split("_")[0], population, "1h", ratio, ratio / (1 + ratio),
                            1 / (1 + ratio), asked * 1000 + HOUR_MS)
        elif endpoint == "liq_orders":
            for row in body:
                left, order = row.get("left") or 0, row.get("order_size")
                closed = abs(order) - abs(left) if order is not None else abs(row["size"] - left)
                if closed > 0:
                    liquidations.append((
                        row["contract"], row.get("time_ms") or row["time"] * 1000,
                        "long" if row["size"] > 0 else "short", float(row["fill_price"]), float(closed)))
        elif endpoint == "funding_rate":
            symbol = parameter(line["url"], "contract")
            settled += [(symbol, minute(row["t"] * 1000), float(row["r"])) for row in body]
        elif endpoint == "spot_ticker":
            for row in body:
                base, quote = row["currency_pair"].split("_")
                hour.add_spot(
                    row["currency_pair"], base, quote, positive(row["last"]), positive(row["highest_bid"]),
                    positive(row["lowest_ask"]), number(row["quote_volume"]), received)
    hour.settle(settled, listings, hour.finish(listings, quotes))
    for symbol, at, side, price, size in sorted(liquidations):
        listing = listings.get(symbol)
        if listing and listing.multiplier:
            hour.add_liquidation(listing, symbol, side, price, size, listing.multiplier, at)
    return hour


BITGET_STATUS = {"normal": "trading", "listed": "prelaunch", "off": "delisted"}


def bitget(exchange, lines):
    hour = Hour(exchange)
    listings, quotes, settled, liquidations = {}, {}, [], []
    for line in lines:
        endpoint, rows = line["endpoint"], line["body"]["data"]
        if endpoint == "contracts":
            for row in rows:
                margins = row.get("supportMarginCoins")
                margin = margins[0] if margins else row["quoteCoin"]
                listings[row["symbol"]] = Listing(
                    row["baseCoin"], row["quoteCoin"], margin, "inverse" if margin == row["baseCoin"] else "linear",
                    "dated" if row["symbolType"] == "delivery" else "perpetual",
                    BITGET_STATUS.get(row["symbolStatus"], "suspended"), 1.0, positive(row["fundInterval"]),
                    whole(row["launchTime"]))
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
                q = quotes.get(row["symbol"])
                if q is not None:
                    q.rate = q.rate if q.rate is not None else number(row["fundingRate"])
                    q.next = whole(row["nextUpdate"])
                    listing = listings.get(row["symbol"])
                    if listing is None or listing.interval is None:
                        q.interval = positive(row["fundingRateInterval"])
        elif endpoint == "long_short_accounts":
            symbol = parameter(line["url"], "symbol")
            for row in rows:
                hour.add_ratio(
                    symbol, split_pair(symbol, ("USDT",))[0], "accounts", "1h", None,
                    float(row["longAccountRatio"]), float(row["shortAccountRatio"]), int(row["ts"]))
        elif endpoint == "history_fund_rate":
            settled += [(row["symbol"], minute(int(row["fundingTime"])), float(row["fundingRate"])) for row in rows]
        elif endpoint == "liquidations":
            for row in rows["list"]:
                liquidations.append((
                    row["symbol"], int(row["ts"]), "long" if row["side"] == "buy" else "short",
                    float(row["price"]), float(row["amount"])))
        elif endpoint == "spot_ticker":
            for row in rows:
                base, quote = split_pair(row["symbol"], ("USDT", "USDC"))
                hour.add_spot(
                    row["symbol"], base, quote, positive(row["lastPr"]), positive(row["bidPr"]),
                    positive(row["askPr"]), number(row["usdtVolume"]), int(row["ts"]))
    hour.settle(settled, listings, hour.finish(listings, quotes))
    for symbol, at, side, price, size in sorted(liquidations):
        listing = listings.get(symbol)
        if listing:
            hour.add_liquidation(listing, symbol, side, price, size, 1.0, at)
    return hour


def hyperliquid(exchange, lines):
    hour = Hour(exchange)
    listings, quotes, settled = {}, {}, []
    for line in lines:
        body, received = line["body"], line["received_at_ms"]
        if line["endpoint"] == "funding_history":
            settled += [(row["coin"], minute(row["time"]), float(row["fundingRate"])) for row in body]
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
    hour.settle(settled, listings, hour.finish(listings, quotes))
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
                settled.append((row["ticker"], minute(int(at * 1000)), float(row["rate"])))
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
    hour.settle(settled, listings, hour.finish(listings, quotes))
    return hour


READERS = {
    "binance": binance, "okx": okx, "bybit": bybit, "gate": gate, "bitget": bitget, "hyperliquid": hyperliquid,
    "aster": binance, "dydx": dydx,
}


def read(exchange, lines):
    return READERS[exchange](exchange, lines)
