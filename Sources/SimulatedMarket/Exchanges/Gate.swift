import PerpCore

/// Gate USDT futures: bare lists, numbers and texts mixed, times in seconds.
struct SimulatedGate {
    let moment: Moment
    let request: SimulatedRequest

    func respond() -> ExchangeReply {
        let futures = "/api/v4/futures/usdt/"
        switch request.path {
        case futures + "contracts": return contracts()
        case futures + "tickers": return tickers()
        case futures + "contract_stats": return contractStats()
        case futures + "liq_orders": return liquidations()
        case futures + "funding_rate": return fundingRate()
        case futures + "candlesticks": return candles()
        case "/api/v4/spot/tickers": return spotTicker()
        default:
            let prefix = futures + "contracts/"
            guard request.path.hasPrefix(prefix),
                let listing = moment.listing(String(request.path.dropFirst(prefix.count)))
            else {
                return request.path.hasPrefix(prefix)
                    ? notFound : error("URL_NOT_FOUND", "Request URL not found", status: 404)
            }
            var json = JSONBytes()
            contract(&json, listing)
            return ExchangeReply(json)
        }
    }

    // MARK: - Errors

    private func error(_ label: String, _ message: String, status: Int = 400) -> ExchangeReply {
        var json = JSONBytes()
        json.begin()
        json.text("label", label)
        json.text("message", message)
        json.end()
        return ExchangeReply(json, status: status)
    }

    private var notFound: ExchangeReply { error("CONTRACT_NOT_FOUND", "contract not found", status: 400) }

    private func missing(_ name: String) -> ExchangeReply {
        error("MISSING_REQUIRED_PARAM", "Missing required parameter: \(name)")
    }

    // MARK: - Lists

    /// Old bodies have no `status`; the simulator sends it in every hour.
    private func status(_ listing: SimulatedListing) -> String {
        if let state = listing.state { return state }
        return switch listing.phase(at: moment.time) {
        case .trading: "trading"
        case .prelaunch: "prelaunch"
        case .settling: "delisting"
        case .absent: "delisted"
        }
    }

    private func openContracts(_ listing: SimulatedListing, _ quote: SimulatedQuote) -> Int64 {
        Int64((quote.openInterest / listing.contractSize).rounded())
    }

    /// The exchange's words for what is no coin.
    private static let contractTypes = ["stock": "stocks", "commodity": "metals", "index": "indices", "fx": "forex"]

    private func contracts() -> ExchangeReply {
        let listings = moment.listings()
        var json = JSONBytes(capacity: 1600 * listings.count)
        json.list()
        for listing in listings { contract(&json, listing) }
        json.endList()
        return ExchangeReply(json)
    }

    private func contract(_ json: inout JSONBytes, _ listing: SimulatedListing) {
        let quote = moment.quote(listing)
        let tick = 1 / powersOfTen[listing.pricePlaces]
        let price = listing.pricePlaces
        let isLeaving = listing.phase(at: moment.time) == .settling && listing.state == nil
        json.begin()
        json.short("funding_rate_indicative", quote.fundingRate, 6)
        json.short("mark_price_round", tick, price)
        json.integer("funding_offset", 0)
        json.bool("in_delisting", isLeaving)
        json.raw(#""risk_limit_base":"500000","interest_rate":"0.0003","#)
        json.short("index_price", quote.index, price)
        json.short("order_price_round", tick, price)
        json.raw(#""order_size_min":1,"enable_decimal":false,"ref_rebate_rate":"0.2","#)
        json.text("name", listing.symbol)
        json.raw(#""ref_discount_rate":"0","order_price_deviate":"0.1","maintenance_rate":"0.025","#)
        json.text("mark_type", "index")
        json.integer("funding_interval", Int64(listing.interval) * 3600)
        json.raw(#""type":"direct","risk_limit_step":"500000","enable_bonus":true,"enable_credit":true,"#)
        json.text("leverage_min", "1")
        json.short("funding_rate", quote.fundingRate, 6)
        json.short("last_price", quote.last, price)
        json.short("mark_price", quote.mark, price)
        json.integer("order_size_max", 1_000_000)
        json.integer("funding_next_apply", moment.nextSettlement(listing) / 1000)
        json.integer("short_users", Int64(listing.key % 9000))
        json.integer("config_change_time", listing.listedAt / 1000 + 86_400)
        // Half of the older contracts have no creation time.
        json.integer("create_time", listing.key % 2 == 0 ? 0 : listing.listedAt / 1000)
        json.integer("trade_size", Int64(listing.key % 900_000_000_000))
        json.integer("position_size", openContracts(listing, quote))
        json.integer("long_users", Int64(listing.key / 7 % 9000))
        json.short("quanto_multiplier", listing.contractSize, listing.contractPlaces)
        json.raw(#""funding_impact_value":"5000","leverage_max":"50","cross_leverage_default":"10","#)
        json.raw(#""risk_limit_max":"5000000","maker_fee_rate":"-0.0001","taker_fee_rate":"0.00075","#)
        json.integer("orders_limit", 100)
        json.integer("trade_id", Int64(listing.key % 900_000_000))
        json.integer("orderbook_id", Int64(listing.key % 120_000_000_000))
        json.raw(#""funding_cap_ratio":"0.75","voucher_leverage":"2","is_pre_market":false,"#)
        json.text("status", status(listing))
        json.integer("launch_time", listing.listedAt / 1000)
        json.raw(#""enable_circuit_breaker":false,"funding_rate_limit":"0.003","#)
        json.raw(#""market_order_slip_ratio":"0.01","market_order_size_max":"10000000","#)
        json.text("contract_type", Self.contractTypes[listing.tag] ?? "")
        json.end()
    }

    private func tickers() -> ExchangeReply {
        var listings = moment.listings().filter { $0.isTrading(at: moment.time) }
        if let symbol = request.query["contract"] {
            listings = listings.filter { $0.symbol == Array(symbol.utf8) }
            if listings.isEmpty { return notFound }
        }
        var json = JSONBytes(capacity: 600 * listings.count + 64)
        json.list()
        for listing in listings { ticker(&json, listing) }
        json.endList()
        return ExchangeReply(json)
    }

    private func ticker(_ json: inout JSONBytes, _ listing: SimulatedListing) {
        let quote = moment.quote(listing)
        let price = listing.pricePlaces
        json.begin()
        json.short("last", quote.last, price)
        json.short("low_24h", quote.low, price)
        json.short("high_24h", quote.high, price)
        json.fixed("volume_24h", quote.volume / listing.contractSize, 0)
        json.fixed("change_percentage", quote.change * 100, 2)
        json.short("change_price", quote.last - quote.open, price)
        json.short("funding_rate_indicative", quote.fundingRate, 6)
        json.short("index_price", quote.index, price)
        json.fixed("volume_24h_base", quote.volume.rounded(.down), 0)  // cut to whole coins
        json.fixed("volume_24h_quote", quote.turnover, 0)
        json.text("contract", listing.symbol)
        json.fixed("volume_24h_settle", quote.turnover, 0)
        json.short("funding_rate", quote.fundingRate, 6)
        json.short("mark_price", quote.mark, price)
        json.quotedInteger("total_size", 2 * openContracts(listing, quote))
        json.short("highest_bid", quote.bid, price)
        json.quotedInteger("highest_size", Int64(listing.key % 30_000))
        json.short("lowest_ask", quote.ask, price)
        json.quotedInteger("lowest_size", Int64(listing.key / 3 % 130_000))
        json.short("quanto_multiplier", listing.contractSize, listing.contractPlaces)
        json.end()
    }

    // MARK: - History

    private func asked() -> SimulatedListing? { request.query["contract"].flatMap(moment.listing) }

    private func fundingRate() -> ExchangeReply {
        guard request.query["contract"] != nil else { return missing("contract") }
        guard let listing = asked() else { return notFound }
        let limit = max(1, min(1000, request.number("limit") ?? 100))
        let last = min(moment.time, (request.number("to") ?? .max / 1000) * 1000)
        let first = request.number("from").map { max($0 * 1000, listing.listedAt) } ?? 0
        var json = JSONBytes()
        json.list()
        for time in moment.lastSettlements(listing, until: last, count: limit) where time >= first {
            json.begin()
            json.integer("t", time / 1000)
            json.short("r", moment.fundingRate(listing, at: time), 6)
            json.end()
        }
        json.endList()
        return ExchangeReply(json)
    }

    /// Buckets of an hour, oldest first, each with its liquidations; open interest counts both sides.
    private func contractStats() -> ExchangeReply {
        guard request.query["contract"] != nil else { return missing("contract") }
        guard let listing = asked() else { return notFound }
        guard (request.query["interval"] ?? "5m") == "1h" else {
            return error("INVALID_PARAM_VALUE", "the simulator knows contract_stats of interval 1h only")
        }
        let limit = max(1, min(100, request.number("limit") ?? 30))
        let hour: Int64 = 3_600_000
        let now = moment.time / hour * hour
        let from = request.number("from").map { max($0 * 1000, listing.listedAt) }
        let first = from.map { ($0 + hour - 1) / hour * hour } ?? now - (limit - 1) * hour
        var json = JSONBytes()
        json.list()
        for time in stride(from: first, through: now, by: Int(hour)).prefix(Int(limit)) {
            stats(&json, listing, from: time)
        }
        json.endList()
        return ExchangeReply(json)
    }

    private func stats(_ json: inout JSONBytes, _ listing: SimulatedListing, from time: Int64) {
        let end = min(time + 3_600_000, moment.time)
        let events = moment.liquidations([listing], from: time, to: end)
        let then = Moment(market: moment.market, exchange: .gate, hour: moment.hour, time: end)
        let quote = then.quote(listing)
        let open = 2 * openContracts(listing, quote)
        func total(_ isLong: Bool) -> (contracts: Int64, coins: Double, dollars: Double) {
            events.filter { $0.isLong == isLong }.reduce((0, 0, 0)) { sum, event in
                let coins = Double(event.contracts) * listing.contractSize
                return (sum.0 + event.contracts, sum.1 + coins, sum.2 + coins * event.price)
            }
        }
        func ratio(_ population: UInt64) -> Double {
            let long = then.longFraction(listing, population: population, at: end)
            return long / (1 - long)
        }
        let (long, short) = (total(true), total(false))
        json.begin()
        json.integer("long_liq_size", long.contracts)
        json.integer("short_liq_size", short.contracts)
        json.number("short_liq_usd", short.dollars, 6)
        json.number("lsr_account", ratio(0), 14)
        json.number("mark_price", quote.mark, listing.pricePlaces)
        json.number("top_lsr_size", ratio(2), 14)
        json.integer("time", time / 1000)
        json.number("short_liq_amount", short.coins, 8)
        json.number("long_liq_amount", long.coins, 8)
        json.number("open_interest_usd", Double(open) * listing.contractSize * quote.mark, 4)
        json.number("top_lsr_account", ratio(1), 14)
        json.integer("open_interest", open)
        json.number("long_liq_usd", long.dollars, 6)
        json.number("lsr_taker", ratio(3), 14)
        json.end()
    }

    /// Rows of an hour, oldest first, of prices of trades, of `mark_BTC_USDT` or of `index_BTC_USDT`; a span of more than 2000
    /// rows is refused, and so is one beside a limit.
    private func candles() -> ExchangeReply {
        guard let name = request.query["contract"] else { return missing("contract") }
        let price: PastPrice = name.hasPrefix("mark_") ? .mark : name.hasPrefix("index_") ? .index : .last
        let symbol = price == .last ? name[...] : name.drop { $0 != "_" }.dropFirst()
        guard let listing = moment.listing(String(symbol)) else { return notFound }
        guard (request.query["interval"] ?? "5m") == "1h" else {
            return error("INVALID_PARAM_VALUE", "the simulator knows candlesticks of interval 1h only")
        }
        let from = request.number("from").map { $0 * 1000 }
        let to = request.number("to").map { $0 * 1000 }
        if request.query["limit"] != nil, from != nil || to != nil {
            return error("INVALID_PARAM_VALUE", "limit conflicts with from and to")
        }
        if let from, (min(to ?? moment.time, moment.time) - from) / Moment.hourLength >= 2000 {
            return error("INVALID_PARAM_VALUE", "Candlestick range too broad. Maximum 2000 data points per request")
        }
        let limit = from == nil ? max(1, min(2000, request.number("limit") ?? 100)) : 2000
        let hours = moment.pastHours(of: listing, from: from, to: to, limit: limit)
        var json = JSONBytes(capacity: 140 * hours.count + 16)
        json.list()
        for candle in moment.candles(of: listing, hours: hours, price: price) {
            json.begin()
            json.short("o", candle.open, listing.pricePlaces)
            if price == .last { json.integer("v", Int64((candle.volume / listing.contractSize).rounded())) }
            json.integer("t", candle.from / 1000)
            json.short("c", candle.close, listing.pricePlaces)
            json.short("l", candle.low, listing.pricePlaces)
            json.short("h", candle.high, listing.pricePlaces)
            if price == .last { json.short("sum", candle.turnover, 4) }
            json.end()
        }
        json.endList()
        return ExchangeReply(json)
    }

    // MARK: - Liquidations

    /// For how long liquidations are told of, in seconds.
    private static let liquidationDepth: Int64 = 86_400

    /// One row per step of the closing of a position: `size` is the position, repeated in every row.
    private func liquidations() -> ExchangeReply {
        let now = moment.time / 1000
        let to = min(now, request.number("to") ?? now)
        let from = request.number("from") ?? to - 3600
        guard to - from <= 3600 else {
            return error("INVALID_PARAM_VALUE", "range from/to must in 1 hour")
        }
        var listings = moment.listings()
        if request.query["contract"] != nil {
            guard let listing = asked() else { return notFound }
            listings = [listing]
        }
        let limit = Int(max(1, min(1000, request.number("limit") ?? 100)))
        let oldest = max(from, now - Self.liquidationDepth)
        let events = moment.liquidations(listings, from: oldest * 1000, to: (to + 1) * 1000)
        var json = JSONBytes(capacity: 20_000)
        json.list()
        var rows = 0
        for event in events.reversed() {
            for (order, left) in steps(event) where rows < limit {
                liquidation(&json, event, order: order, left: left)
                rows += 1
            }
        }
        json.endList()
        return ExchangeReply(json)
    }

    /// The orders that close a position: mostly one, sometimes two, sometimes one that is not filled completely.
    private func steps(_ event: SimulatedLiquidation) -> [(order: Int64, left: Int64)] {
        let size = event.contracts
        if event.id % 8 == 0, size > 3 { return [(size * 3 / 5, 0), (size - size * 3 / 5, 0)] }
        if event.id % 16 == 1, size > 3 { return [(size + size / 4, size / 4)] }
        return [(size, 0)]
    }

    private func liquidation(_ json: inout JSONBytes, _ event: SimulatedLiquidation, order: Int64, left: Int64) {
        let places = event.listing.pricePlaces
        let sign: Int64 = event.isLong ? 1 : -1
        json.begin()
        json.integer("time", event.time / 1000)
        json.integer("time_ms", event.time)
        json.text("contract", event.listing.symbol)
        json.integer("size", sign * event.contracts)
        json.integer("order_size", -sign * order)
        json.short("order_price", event.price * (event.isLong ? 0.997 : 1.003), places)
        json.short("fill_price", event.price, places)
        json.integer("left", -sign * left)
        json.end()
    }

    // MARK: - Spot

    private func spotTicker() -> ExchangeReply {
        guard let pair = request.query["currency_pair"] else { return missing("currency_pair") }
        guard let spot = SpotPair(pair, in: moment) else {
            return error("INVALID_CURRENCY_PAIR", "Invalid currency pair \(pair)")
        }
        var json = JSONBytes()
        json.list()
        json.begin()
        json.text("currency_pair", pair)
        json.short("last", spot.last, spot.places)
        json.short("lowest_ask", spot.ask, spot.places)
        json.text("lowest_size", "0.31992")
        json.short("highest_bid", spot.bid, spot.places)
        json.text("highest_size", "1.43921")
        json.fixed("change_percentage", (spot.last / spot.open - 1) * 100, 2)
        json.short("base_volume", spot.volume, 6)
        json.short("quote_volume", spot.turnover, 6)
        json.short("high_24h", spot.high, spot.places)
        json.short("low_24h", spot.low, spot.places)
        json.end()
        json.endList()
        return ExchangeReply(json)
    }
}
