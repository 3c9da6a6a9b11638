import PerpCore

/// Backpack: bare lists of all its markets, among them spot pairs and predictions.
struct SimulatedBackpack {
    let moment: Moment
    let request: SimulatedRequest

    func respond() -> ExchangeReply {
        switch request.path {
        case "/api/v1/markets": return markets()
        case "/api/v1/markPrices": return list(markPrice)
        case "/api/v1/openInterest": return openInterest()
        case "/api/v1/tickers": return tickers()
        case "/api/v1/fundingRates": return fundingRates()
        case "/api/v1/klines": return candles()
        default: return error("NOT_FOUND", "Resource not found", status: 404)
        }
    }

    private func error(_ code: String, _ message: String, status: Int) -> ExchangeReply {
        var json = JSONBytes()
        json.begin()
        json.text("code", code)
        json.text("message", message)
        json.end()
        return ExchangeReply(json, status: status)
    }

    private var trading: [SimulatedListing] { moment.listings().filter { $0.isTrading(at: moment.time) } }

    private func list(_ row: (inout JSONBytes, SimulatedListing) -> Void) -> ExchangeReply {
        var json = JSONBytes(capacity: 16_384)
        json.list()
        add(trading, to: &json, row)
        json.endList()
        return ExchangeReply(json)
    }

    private func add(
        _ listings: [SimulatedListing], to json: inout JSONBytes, _ row: (inout JSONBytes, SimulatedListing) -> Void
    ) {
        for listing in listings {
            json.begin()
            row(&json, listing)
            json.end()
        }
    }

    private func state(_ listing: SimulatedListing) -> String {
        if let state = listing.state { return state }
        return switch listing.phase(at: moment.time) {
        case .trading: "Open"
        case .prelaunch: "PostOnly"
        case .settling, .absent: "Closed"
        }
    }

    private func markets() -> ExchangeReply {
        var json = JSONBytes(capacity: 32_768)
        json.list()
        json.raw(#"{"baseSymbol":"BTC","createdAt":"2024-01-21T06:34:54.691858","filters":{},"fundingInterval":null,"#)
        json.raw(#""marketType":"SPOT","orderBookState":"Open","quoteSymbol":"USDC","rwaMarketType":null,"#)
        json.raw(#""symbol":"BTC_USDC","visible":true},"#)
        add(moment.listings(), to: &json, market)
        json.endList()
        return ExchangeReply(json)
    }

    private func market(_ json: inout JSONBytes, _ listing: SimulatedListing) {
        json.text("baseSymbol", listing.base)
        // UTC without a zone.
        json.text("createdAt", String(Timestamp(milliseconds: listing.listedAt).description.dropLast()))
        json.begin("filters")
        json.end()
        json.integer("fundingInterval", Int64(listing.interval) * 3_600_000)
        json.raw(#""fundingRateLowerBound":"-100","fundingRateUpperBound":"100","marketType":"PERP","#)
        json.text("orderBookState", state(listing))
        json.raw(#""quoteSymbol":"USDC","#)
        if listing.tag.isEmpty { json.null("rwaMarketType") } else { json.text("rwaMarketType", listing.tag) }
        json.text("symbol", listing.symbol)
        json.bool("visible", true)
    }

    private func markPrice(_ json: inout JSONBytes, _ listing: SimulatedListing) {
        let quote = moment.quote(listing)
        json.short("fundingRate", quote.fundingRate, 18)
        json.short("indexPrice", quote.index, listing.pricePlaces + 2)
        json.short("markPrice", quote.mark, listing.pricePlaces)
        json.integer("nextFundingTimestamp", moment.nextSettlement(listing))
        json.text("symbol", listing.symbol)
    }

    private func openInterest() -> ExchangeReply {
        var json = JSONBytes(capacity: 8192)
        json.list()
        json.begin()
        json.raw(#""openInterest":"10","symbol":"FDVMOON1B_USDC_PREDICTION","#)
        json.integer("timestamp", moment.time)
        json.end()
        add(trading, to: &json) { json, listing in
            json.short("openInterest", moment.quote(listing).openInterest, listing.quantityPlaces)
            json.text("symbol", listing.symbol)
            json.integer("timestamp", moment.time)
        }
        json.endList()
        return ExchangeReply(json)
    }

    private func tickers() -> ExchangeReply {
        var json = JSONBytes(capacity: 16_384)
        json.list()
        if let bitcoin = moment.listing("BTC_USDC_PERP") {
            json.begin()
            ticker(&json, bitcoin)
            json.text("symbol", "BTC_USDC")
            json.end()
        }
        add(trading, to: &json) { json, listing in
            ticker(&json, listing)
            json.text("symbol", listing.symbol)
        }
        json.endList()
        return ExchangeReply(json)
    }

    private func ticker(_ json: inout JSONBytes, _ listing: SimulatedListing) {
        let quote = moment.quote(listing)
        json.short("firstPrice", quote.open, listing.pricePlaces)
        json.short("high", quote.high, listing.pricePlaces)
        json.short("lastPrice", quote.last, listing.pricePlaces)
        json.short("low", quote.low, listing.pricePlaces)
        json.short("priceChange", quote.last - quote.open, listing.pricePlaces)
        json.short("priceChangePercent", quote.change, 6)
        json.short("quoteVolume", quote.turnover, 6)
        json.quotedInteger("trades", quote.trades)
        json.short("volume", quote.volume, listing.quantityPlaces)
    }

    /// Newest first, beginning with the interval that is still running.
    private func fundingRates() -> ExchangeReply {
        guard let symbol = request.query["symbol"], let listing = moment.listing(symbol) else {
            return error("INVALID_CLIENT_REQUEST", "Invalid market", status: 400)
        }
        let limit = max(1, min(1000, request.number("limit") ?? 100))
        let skipped = max(0, min(100_000_000, request.number("offset") ?? 0))
        let running = moment.nextSettlement(listing)
        var json = JSONBytes()
        json.list()
        for end in (skipped..<skipped + limit).map({ running - $0 * Int64(listing.interval) * 3_600_000 })
        where end > listing.listedAt {
            json.begin()
            json.short("fundingRate", moment.fundingRate(listing, at: min(end, moment.time)), 12)
            json.text("intervalEndTimestamp", String(Timestamp(milliseconds: end).description.dropLast(5)))
            json.text("symbol", listing.symbol)
            json.end()
        }
        json.endList()
        return ExchangeReply(json)
    }

    /// Oldest first, with the hour that still runs; the span is in seconds.
    private func candles() -> ExchangeReply {
        let prices: [String: PastPrice] = ["Last": .last, "Mark": .mark, "Index": .index]
        guard let symbol = request.query["symbol"], let listing = moment.listing(symbol),
            request.query["interval"] == "1h", let price = prices[request.query["priceType"] ?? "Last"],
            let from = request.number("startTime")
        else { return error("INVALID_CLIENT_REQUEST", "Invalid request", status: 400) }
        let through = request.number("endTime").map { $0 * 1000 } ?? moment.time
        let hours = moment.oldestHours(of: listing, from: from * 1000, through: through, most: 1000).hours
        let places = listing.pricePlaces + (price == .index ? 2 : 0)
        var json = JSONBytes(capacity: 220 * hours.count + 64)
        json.list()
        for candle in moment.candles(of: listing, hours: hours, price: price) {
            json.begin()
            json.short("close", candle.close, places)
            json.text("end", spacedTime(candle.from + Moment.hourLength))
            json.short("high", candle.high, places)
            json.short("low", candle.low, places)
            json.short("open", candle.open, places)
            json.short("quoteVolume", candle.turnover, 6)
            json.text("start", spacedTime(candle.from))
            json.quotedInteger("trades", candle.trades)
            json.short("volume", candle.volume, listing.quantityPlaces + 2)
            json.end()
        }
        json.endList()
        return ExchangeReply(json)
    }

    /// `2026-03-02 10:00:00`
    private func spacedTime(_ time: Int64) -> String {
        String(Timestamp(milliseconds: time).description.dropLast(5).map { $0 == "T" ? " " : $0 })
    }
}
