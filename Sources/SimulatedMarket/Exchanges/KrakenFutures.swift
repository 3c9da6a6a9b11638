import PerpCore

/// Kraken Futures: a `result` beside the rows, absolute funding rates, indices among the contracts.
struct SimulatedKrakenFutures {
    let moment: Moment
    let request: SimulatedRequest

    /// The indices that stand among contracts, by the coins that they price.
    private static let indices = [("in_xbtusd", "BTC"), ("in_ethusd", "ETH")]

    func respond() -> ExchangeReply {
        switch request.path {
        case "/derivatives/api/v3/instruments": instruments()
        case "/derivatives/api/v3/tickers": tickers()
        case "/derivatives/api/v3/history": history()
        case "/derivatives/api/v4/historicalfundingrates": fundingHistory()
        default: request.path.hasPrefix(Self.charts) ? candles() : error("notFound", status: 404)
        }
    }

    private static let charts = "/api/charts/v1/"

    // MARK: - Envelope

    private func error(_ code: String, status: Int = 200) -> ExchangeReply {
        var json = JSONBytes()
        json.begin()
        json.text("result", "error")
        json.text("error", code)
        json.text("serverTime", isoTime(moment.time))
        json.end()
        return ExchangeReply(json, status: status)
    }

    private func list(_ name: StaticString, capacity: Int = 1024, _ write: (inout JSONBytes) -> Void) -> ExchangeReply {
        var json = JSONBytes(capacity: capacity)
        json.begin()
        json.text("result", "success")
        json.list(name)
        write(&json)
        json.endList()
        json.text("serverTime", isoTime(moment.time))
        json.end()
        return ExchangeReply(json)
    }

    private func isoTime(_ milliseconds: Int64) -> String { Timestamp(milliseconds: milliseconds).description }

    // MARK: - Markets

    private func instruments() -> ExchangeReply {
        let listings = moment.listings()
        return list("instruments", capacity: 480 * listings.count) { json in
            for listing in listings { instrument(&json, listing) }
            for (symbol, _) in Self.indices {
                json.begin()
                json.text("symbol", symbol)
                json.text("type", "spot index")
                json.bool("tradeable", false)
                json.end()
            }
        }
    }

    private func instrument(_ json: inout JSONBytes, _ listing: SimulatedListing) {
        json.begin()
        json.text("symbol", listing.symbol)
        json.text("type", listing.inverse ? "futures_inverse" : "flexible_futures")
        if case .dated(let delivery) = listing.contract { json.text("lastTradingTime", isoTime(delivery)) }
        json.number("tickSize", 1 / powersOfTen[listing.pricePlaces], listing.pricePlaces)
        json.raw(#""contractSize":1,"#)
        // A contract that is halted says so in its ticker only.
        json.bool("tradeable", listing.isTrading(at: moment.time) || listing.state != nil)
        json.text("openingDate", isoTime(listing.listedAt))
        json.raw(#""fundingRateCoefficient":24,"maxRelativeFundingRate":0.005,"#)
        json.bool("postOnly", false)
        json.bool("tradfi", listing.tag == "tradfi")
        json.text("base", listing.base)
        json.text("quote", listing.quote.rawValue)
        json.text("pair", "\(listing.base):\(listing.quote.rawValue)")
        json.end()
    }

    private func tickers() -> ExchangeReply {
        let listings = moment.listings().filter { $0.isTrading(at: moment.time) || $0.state != nil }
        return list("tickers", capacity: 620 * listings.count) { json in
            for listing in listings { ticker(&json, listing) }
            for (symbol, coin) in Self.indices {
                json.begin()
                json.text("symbol", symbol)
                json.number("last", moment.coinPrice(moment.market.coins.index(of: coin), at: moment.time), 2)
                json.text("lastTime", isoTime(moment.time - 800))
                json.end()
            }
        }
    }

    private func ticker(_ json: inout JSONBytes, _ listing: SimulatedListing) {
        let quote = moment.quote(listing)
        let price = listing.pricePlaces
        json.begin()
        json.text("symbol", listing.symbol)
        json.number("last", quote.last, price)
        json.text("lastTime", isoTime(moment.time - Int64(listing.key % 90_000)))
        json.text("tag", listing.isPerpetual ? "perpetual" : "quarter")
        json.text("pair", "\(listing.base):\(listing.quote.rawValue)")
        json.number("markPrice", quote.mark, price + 6)
        json.number("bid", quote.bid, price)
        json.number("bidSize", 40, 0)
        json.number("ask", quote.ask, price)
        json.number("askSize", 60, 0)
        if listing.inverse {
            json.number("vol24h", quote.turnover.rounded(), 0)
            json.number("volumeQuote", quote.volume, 4)
            json.number("openInterest", (quote.openInterest * quote.mark).rounded(), 0)
        } else {
            json.number("vol24h", quote.volume, listing.quantityPlaces)
            json.number("volumeQuote", quote.turnover, 4)
            json.number("openInterest", quote.openInterest, listing.quantityPlaces)
        }
        json.number("open24h", quote.open, price)
        json.number("high24h", quote.high, price)
        json.number("low24h", quote.low, price)
        json.number("lastSize", 1, 0)
        if listing.isPerpetual {
            // Per contract and hour: in dollars of a linear contract, in coins of an inverse one.
            let scale = listing.inverse ? 1 / quote.mark : quote.mark
            json.number("fundingRate", quote.fundingRate * scale, 18)
            let predicted = moment.market.world == .usual ? 0.9 : 1
            json.number("fundingRatePrediction", quote.fundingRate * scale * predicted, 18)
        }
        json.bool("suspended", listing.state == "suspended")
        json.number("indexPrice", quote.index, price + 2)
        json.bool("postOnly", listing.state == "postOnly")
        json.number("change24h", quote.change * 100, 2)
        json.end()
    }

    // MARK: - History

    /// A month of hours, oldest first; the exchange keeps a year.
    private func fundingHistory() -> ExchangeReply {
        guard let listing = request.query["symbol"].flatMap(moment.listing), listing.isPerpetual else {
            return error("notFound", status: 404)
        }
        let hour: Int64 = 3_600_000
        let last = moment.time / hour * hour
        return list("rates", capacity: 110 * 744) { json in
            for time in stride(from: last - 743 * hour, through: last, by: Int(hour)) {
                let rate = moment.fundingRate(listing, at: time)
                let mark = moment.index(of: listing, at: time)
                json.begin()
                json.text("timestamp", isoTime(time))
                json.number("fundingRate", listing.inverse ? rate / mark : rate * mark, 18)
                json.number("relativeFundingRate", rate, 16)
                json.end()
            }
        }
    }

    /// `/api/charts/v1/trade/PF_XBTUSD/1h`, its span in seconds: the oldest rows of it first, with the hour that still runs.
    private func candles() -> ExchangeReply {
        let words = request.path.dropFirst(Self.charts.count).split(separator: "/").map(String.init)
        let prices: [String: PastPrice] = ["trade": .last, "mark": .mark, "spot": .index]
        guard words.count == 3, words[2] == "1h", let price = prices[words[0]], let listing = moment.listing(words[1])
        else { return ExchangeReply(text: #"{"errors":["Not Found"]}"#, status: 404, contentType: "application/json") }
        let through = request.number("to").map { $0 * 1000 } ?? moment.time
        let from = request.number("from").map { $0 * 1000 } ?? through - 1999 * Moment.hourLength
        let span = moment.oldestHours(of: listing, from: from, through: through, most: 2000)
        var json = JSONBytes(capacity: 160 * span.hours.count + 64)
        json.begin()
        json.list("candles")
        for candle in moment.candles(of: listing, hours: span.hours, price: price) {
            let places = listing.pricePlaces + (price == .last ? 0 : 6)
            json.begin()
            json.integer("time", candle.from)
            json.short("open", candle.open, places)
            json.short("high", candle.high, places)
            json.short("low", candle.low, places)
            json.short("close", candle.close, places)
            // Dollars of an inverse contract.
            json.short(
                "volume", listing.inverse ? candle.turnover.rounded() : candle.volume, listing.quantityPlaces + 4)
            json.end()
        }
        json.endList()
        json.bool("more_candles", span.hasMore)
        json.end()
        return ExchangeReply(json)
    }

    /// A hundred trades before a time, newest first.
    private func history() -> ExchangeReply {
        guard let listing = request.query["symbol"].flatMap(moment.listing) else { return error("invalidArgument") }
        let asked = request.query["lastTime"].flatMap { Timestamp(iso8601: $0) }?.milliseconds
        let end = min(asked ?? moment.time, moment.time)
        let found = moment.trades(of: listing, from: end - 2 * 3_600_000, to: end).suffix(100)
        return list("history", capacity: 200 * found.count) { json in
            for trade in found.reversed() {
                json.begin()
                json.text("time", isoTime(trade.time))
                json.integer("trade_id", Int64(trade.id % 1_000_000))
                json.number("price", trade.price, listing.pricePlaces)
                json.number("size", trade.amount, listing.quantityPlaces)
                json.text("side", trade.isSale ? "sell" : "buy")
                json.text("type", trade.isForced ? "liquidation" : "fill")
                json.text("uid", String(trade.id, radix: 16))
                json.end()
            }
        }
    }
}
