import PerpCore

/// HTX contracts margined in USDT: `{status, data, ts}`, and `{code, msg, data, ts}` on newer paths.
struct SimulatedHTX {
    let moment: Moment
    let request: SimulatedRequest

    func respond() -> ExchangeReply {
        switch request.path {
        case "/linear-swap-api/v1/swap_contract_info": rows("data", moment.listings(), contract)
        case "/v2/linear-swap-ex/market/detail/batch_merged": rows("ticks", trading, tick)
        case "/linear-swap-api/v1/swap_open_interest": rows("data", trading, openInterest)
        case "/linear-swap-api/v1/swap_batch_funding_rate": rows("data", trading, fundingRate)
        case "/linear-swap-api/v1/swap_index": rows("data", trading, index)
        case "/linear-swap-api/v1/swap_historical_funding_rate": fundingHistory()
        case "/linear-swap-api/v1/swap_elite_account_ratio": ratios(population: 0)
        case "/linear-swap-api/v1/swap_elite_position_ratio": ratios(population: 1)
        case "/linear-swap-api/v3/swap_liquidation_orders": liquidationOrders()
        case "/linear-swap-api/v1/swap_his_open_interest": openInterestHistory()
        case "/linear-swap-ex/market/history/kline": candles()
        case "/index/market/history/linear_swap_mark_price_kline": markCandles()
        default: ExchangeReply(text: "404 page not found", status: 404)
        }
    }

    private var trading: [SimulatedListing] { moment.listings().filter { $0.isTrading(at: moment.time) } }

    // MARK: - Envelope

    private func error(_ code: Int64, _ message: String) -> ExchangeReply {
        var json = JSONBytes()
        json.begin()
        json.text("status", "error")
        json.integer("err_code", code)
        json.text("err_msg", message)
        json.integer("ts", moment.time)
        json.end()
        return ExchangeReply(json)
    }

    private var unknownContract: ExchangeReply { error(1014, "This contract doesnt exist.") }

    private func success(_ write: (inout JSONBytes) -> Void) -> ExchangeReply {
        var json = JSONBytes(capacity: 32 * 1024)
        json.begin()
        json.text("status", "ok")
        write(&json)
        json.integer("ts", moment.time)
        json.end()
        return ExchangeReply(json)
    }

    private func rows(
        _ member: StaticString, _ listings: [SimulatedListing], _ write: (inout JSONBytes, SimulatedListing) -> Void
    ) -> ExchangeReply {
        success { json in
            json.list(member)
            for listing in listings {
                json.begin()
                write(&json, listing)
                json.end()
            }
            json.endList()
        }
    }

    private func asked(_ parameter: String = "contract_code") -> SimulatedListing? {
        request.query[parameter].flatMap(moment.listing)
    }

    // MARK: - Rows

    private func status(_ listing: SimulatedListing) -> Int64 {
        if let state = listing.state.flatMap({ Int64($0) }) { return state }
        return switch listing.phase(at: moment.time) {
        case .trading: 1
        case .prelaunch: 2
        case .settling: 5
        case .absent: 0
        }
    }

    private func contract(_ json: inout JSONBytes, _ listing: SimulatedListing) {
        let labels = ["stock": "Stocks", "commodity": "Metals", "index": "Indices", "fx": "Forex"]
        json.text("symbol", listing.base)
        json.text("contract_code", listing.symbol)
        json.number("contract_size", listing.contractSize, listing.contractPlaces)
        json.number("price_tick", 1 / powersOfTen[listing.pricePlaces], listing.pricePlaces)
        json.raw(#""delivery_date":"","delivery_time":"","create_date":"20201021","#)
        json.integer("contract_status", status(listing))
        json.quotedInteger("settlement_date", moment.nextSettlement(listing))
        json.quotedInteger("settlement_period", Int64(listing.interval))
        json.raw(#""support_margin_mode":"all","#)
        json.list("labels")
        if listing.tag.isEmpty { json.text("common") } else { json.text("tradfi") }
        json.endList()
        json.list("tradfi_labels")
        if let label = labels[listing.tag] { json.text(label) }
        json.endList()
        kind(&json, listing)
    }

    private func kind(_ json: inout JSONBytes, _ listing: SimulatedListing) {
        json.raw(#""business_type":"swap","#)
        json.text("pair", listing.symbol)
        json.raw(#""contract_type":"swap","trade_partition":"USDT","#)
    }

    private func tick(_ json: inout JSONBytes, _ listing: SimulatedListing) {
        let quote = moment.quote(listing)
        let price = listing.pricePlaces
        json.integer("id", moment.time / 1000)
        json.integer("ts", moment.time)
        json.list("ask")
        json.fixed(quote.ask, price)
        json.integer(797)
        json.endList()
        json.list("bid")
        json.fixed(quote.bid, price)
        json.integer(20)
        json.endList()
        json.raw(#""trade_partition":"USDT","business_type":"swap","#)
        json.text("contract_code", listing.symbol)
        json.fixed("open", quote.open, price)
        json.fixed("close", quote.last, price)
        json.fixed("low", quote.low, price)
        json.fixed("high", quote.high, price)
        // Both sides of each trade.
        let contracts = (quote.volume / listing.contractSize).rounded() * 2
        json.short("amount", contracts * listing.contractSize, 6)
        json.integer("count", quote.trades)
        json.short("vol", contracts, 0)
        json.short("trade_turnover", contracts * listing.contractSize * (quote.last + quote.open) / 2, 6)
    }

    private func openInterest(_ json: inout JSONBytes, _ listing: SimulatedListing) {
        let quote = moment.quote(listing)
        let contracts = (quote.openInterest / listing.contractSize).rounded()
        json.number("volume", contracts, 0)
        json.number("amount", contracts * listing.contractSize, 6)
        json.text("symbol", listing.base)
        json.number("value", contracts * listing.contractSize * quote.last, 6)
        json.text("contract_code", listing.symbol)
        json.number("trade_turnover", quote.turnover * 2, 6)
        kind(&json, listing)
    }

    private func fundingRate(_ json: inout JSONBytes, _ listing: SimulatedListing) {
        json.null("estimated_rate")
        json.fixed("funding_rate", moment.fundingRate(listing, at: moment.time), 18)
        json.text("contract_code", listing.symbol)
        json.text("symbol", listing.base)
        json.raw(#""fee_asset":"USDT","#)
        json.quotedInteger("funding_time", moment.nextSettlement(listing))
        json.null("next_funding_time")
        json.raw(#""trade_partition":"USDT","#)
    }

    private func index(_ json: inout JSONBytes, _ listing: SimulatedListing) {
        json.number("index_price", moment.quote(listing).index, listing.pricePlaces)
        json.integer("index_ts", moment.time)
        json.text("contract_code", listing.symbol)
    }

    // MARK: - History

    private func fundingHistory() -> ExchangeReply {
        guard let listing = asked() else { return unknownContract }
        let size = Moment.rows(request.number("page_size"), usual: 20, most: 50)
        let page = Moment.rows(request.number("page_index"), usual: 1, most: 100_000)
        return success { json in
            json.begin("data")
            json.raw(#""total_page":100,"#)
            json.integer("current_page", Int64(page))
            json.raw(#""total_size":2000,"#)
            json.list("data")
            for time in moment.newestSettlements(of: listing, skipping: (page - 1) * size, most: size) {
                json.begin()
                json.fixed("funding_rate", moment.fundingRate(listing, at: time), 18)
                json.quotedInteger("funding_time", time)
                json.text("contract_code", listing.symbol)
                json.text("symbol", listing.base)
                json.text("fee_asset", "USDT")
                json.end()
            }
            json.endList()
            json.end()
        }
    }

    /// The last full hours, oldest first.
    private func ratios(population: UInt64) -> ExchangeReply {
        guard let listing = asked() else { return unknownContract }
        guard request.query["period"] == "60min" else { return error(1030, "Abnormal input.") }
        let last = moment.time / 3_600_000 * 3_600_000
        return success { json in
            json.begin("data")
            json.list("list")
            for time in (0..<30).reversed().map({ last - Int64($0) * 3_600_000 }) {
                let long = (moment.longFraction(listing, population: population, at: time) * 1e4).rounded() / 1e4
                json.begin()
                json.number("buy_ratio", long, 4)
                json.number("sell_ratio", 1 - long, 4)
                json.integer("ts", time)
                json.end()
            }
            json.endList()
            json.text("symbol", listing.base)
            json.text("contract_code", listing.symbol)
            json.end()
        }
    }

    private func liquidationOrders() -> ExchangeReply {
        guard let listing = asked("contract") else {
            return ExchangeReply(text: #"{"code":1014,"msg":"This contract doesnt exist.","data":null}"#, status: 200)
        }
        guard let events = pastEvents(of: listing) else {
            return ExchangeReply(
                text: #"{"code":1030,"msg":"Abnormal input. The query window is 48 hours.","data":null}"#, status: 200)
        }
        var json = JSONBytes()
        json.begin()
        json.raw(#""code":200,"msg":"","#)
        json.list("data")
        for event in events {
            json.begin()
            json.integer("query_id", Int64(event.id >> 16))
            Self.order(&json, event)
            json.end()
        }
        json.endList()
        json.integer("ts", moment.time)
        json.end()
        return ExchangeReply(json)
    }

    /// The liquidations that a call asks about, newest first: those since the last full hour but one, or 50 of a span of two
    /// days within the last 90. `nil` for another span.
    private func pastEvents(of listing: SimulatedListing) -> [SimulatedLiquidation]? {
        let hour = Moment.hourLength
        guard let from = request.number("start_time") else {
            let recent = moment.liquidations([listing], from: moment.time / hour * hour - hour, to: moment.time)
            return Array(recent.reversed().prefix(100))
        }
        let to = min(request.number("end_time") ?? moment.time, moment.time)
        guard to - from <= 48 * hour, from >= moment.time - 90 * 24 * hour else { return nil }
        let before = request.number("from_id") ?? .max
        let found = moment.liquidations([listing], from: from, to: to + 1).reversed()
        return Array(found.filter { Int64($0.id >> 16) < before }.prefix(50))
    }

    /// The newest hours, newest first, with the one that still runs: contracts, or coins, of one side.
    private func openInterestHistory() -> ExchangeReply {
        guard let listing = asked() else { return unknownContract }
        let isInCoins = request.query["amount_type"] == "2"
        guard request.query["period"] == "60min", isInCoins || request.query["amount_type"] == "1" else {
            return error(1030, "Abnormal input.")
        }
        let hours = moment.newestHours(
            of: listing, from: nil, through: nil, most: Moment.rows(request.number("size"), usual: 48, most: 200))
        return success { json in
            json.begin("data")
            json.text("symbol", listing.base)
            json.list("tick")
            for time in hours.reversed() {
                let quote = moment.at(time).quote(listing)
                let contracts = (quote.openInterest / listing.contractSize).rounded()
                json.begin()
                json.number("volume", isInCoins ? contracts * listing.contractSize : contracts, isInCoins ? 6 : 0)
                json.integer("amount_type", isInCoins ? 2 : 1)
                json.integer("ts", time)
                json.number("value", contracts * listing.contractSize * quote.last, 6)
                json.end()
            }
            json.endList()
            json.text("contract_code", listing.symbol)
            kind(&json, listing)
            json.end()
        }
    }

    /// Oldest first, with the hour that still runs; a size stands above the span, which is in seconds. Sums are of both sides.
    private func candles() -> ExchangeReply {
        guard let listing = asked() else { return unknownContract }
        guard request.query["period"] == "60min" else { return error(1030, "Abnormal input.") }
        let size = request.number("size")
        let hours = moment.newestHours(
            of: listing, from: size == nil ? request.number("from").map { $0 * 1000 } : nil,
            through: size == nil ? request.number("to").map { $0 * 1000 } : nil,
            most: Moment.rows(size, usual: 2000, most: 2000))
        return success { json in
            json.text("ch", "market.\(String(decoding: listing.symbol, as: UTF8.self)).kline.60min")
            json.list("data")
            for candle in moment.candles(of: listing, hours: hours, price: .last) {
                let contracts = (candle.volume / listing.contractSize).rounded() * 2
                json.begin()
                json.integer("id", candle.from / 1000)
                json.number("open", candle.open, listing.pricePlaces)
                json.number("close", candle.close, listing.pricePlaces)
                json.number("low", candle.low, listing.pricePlaces)
                json.number("high", candle.high, listing.pricePlaces)
                json.number("amount", contracts * listing.contractSize, 6)
                json.number("vol", contracts, 0)
                json.number("trade_turnover", contracts * listing.contractSize * (candle.open + candle.close) / 2, 6)
                json.integer("count", candle.trades)
                json.end()
            }
            json.endList()
        }
    }

    /// The newest hours, oldest first; prices are text, and there is no span.
    private func markCandles() -> ExchangeReply {
        guard let listing = asked() else { return unknownContract }
        guard request.query["period"] == "60min" else { return error(1030, "Abnormal input.") }
        let hours = moment.newestHours(
            of: listing, from: nil, through: nil, most: Moment.rows(request.number("size"), usual: 1, most: 2000))
        return success { json in
            json.text("ch", "market.\(String(decoding: listing.symbol, as: UTF8.self)).mark_price.60min")
            json.list("data")
            for candle in moment.candles(of: listing, hours: hours, price: .mark) {
                json.begin()
                json.raw(#""amount":"0","#)
                json.short("close", candle.close, listing.pricePlaces)
                json.raw(#""count":"0","#)
                json.short("high", candle.high, listing.pricePlaces)
                json.integer("id", candle.from / 1000)
                json.short("low", candle.low, listing.pricePlaces)
                json.short("open", candle.open, listing.pricePlaces)
                json.raw(#""trade_turnover":"0","vol":"0","#)
                json.end()
            }
            json.endList()
        }
    }

    /// The members that responses and messages share.
    private static func order(_ json: inout JSONBytes, _ event: SimulatedLiquidation) {
        let listing = event.listing
        let coins = Double(event.contracts) * listing.contractSize
        json.text("contract_code", listing.symbol)
        json.text("symbol", listing.base)
        json.text("direction", event.isLong ? "sell" : "buy")
        json.text("offset", "close")
        json.integer("volume", event.contracts)
        json.number("price", event.price, listing.pricePlaces)
        json.integer("created_at", event.time)
        json.number("amount", coins, 8)
        json.number("trade_turnover", coins * event.price, 6)
        json.raw(#""business_type":"swap","#)
        json.text("pair", listing.symbol)
    }

    // MARK: - Stream

    static func reply(to text: String) -> String? {
        if text.contains("pong") { return nil }
        return #"{"op":"sub","cid":"1","topic":"public.*.liquidation_orders","ts":1,"err-code":0}"#
    }

    /// The message of one event.
    static func message(of event: SimulatedLiquidation, symbol: String) -> String {
        var json = JSONBytes()
        json.begin()
        json.text("op", "notify")
        json.text("topic", "public.\(symbol).liquidation_orders")
        json.integer("ts", event.time + SimulatedStream.delay)
        json.list("data")
        json.begin()
        order(&json, event)
        json.end()
        json.endList()
        json.end()
        return String(decoding: json.finished(), as: UTF8.self)
    }
}
