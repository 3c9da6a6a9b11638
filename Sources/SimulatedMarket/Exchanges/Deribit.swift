import PerpCore

/// Deribit: JSON-RPC over HTTP, where `result` is the response and `error` takes its place.
struct SimulatedDeribit {
    let moment: Moment
    let request: SimulatedRequest

    func respond() -> ExchangeReply {
        switch request.path {
        case "/api/v2/public/get_instruments": instruments()
        case "/api/v2/public/get_book_summary_by_currency": summaries()
        case "/api/v2/public/ticker": ticker()
        case "/api/v2/public/get_funding_rate_history": fundingHistory()
        case "/api/v2/public/get_tradingview_chart_data": candles()
        case "/api/v2/public/get_last_trades_by_instrument_and_time": trades()
        default: error(-32601, "Method not found", status: 404)
        }
    }

    // MARK: - Envelope

    private func error(_ code: Int64, _ message: String, status: Int = 400) -> ExchangeReply {
        reply(status: status) { json in
            json.begin("error")
            json.text("message", message)
            json.integer("code", code)
            json.end()
        }
    }

    private func reply(status: Int = 200, capacity: Int = 1024, _ write: (inout JSONBytes) -> Void) -> ExchangeReply {
        var json = JSONBytes(capacity: capacity)
        json.begin()
        json.text("jsonrpc", "2.0")
        write(&json)
        json.integer("usIn", moment.time * 1000)
        json.integer("usOut", moment.time * 1000 + 420)
        json.integer("usDiff", 420)
        json.bool("testnet", false)
        json.end()
        return ExchangeReply(json, status: status)
    }

    private func asked() -> SimulatedListing? { request.query["instrument_name"].flatMap(moment.listing) }

    private var invalidParameters: ExchangeReply { error(-32602, "Invalid params") }

    // MARK: - Markets

    private func instruments() -> ExchangeReply {
        guard let currency = request.query["currency"] else { return invalidParameters }
        let listings = moment.listings().filter { currency == "any" || $0.settle == currency }
        return reply(capacity: 640 * listings.count) { json in
            json.list("result")
            for listing in listings { instrument(&json, listing) }
            json.endList()
        }
    }

    private func instrument(_ json: inout JSONBytes, _ listing: SimulatedListing) {
        let type = listing.inverse ? "reversed" : "linear"
        let step = 1 / powersOfTen[listing.quantityPlaces]
        json.begin()
        json.text("price_index", "\(listing.base)_\(listing.quote.rawValue)".lowercased())
        json.text("kind", "future")
        json.text("instrument_name", listing.symbol)
        json.raw(#""maker_commission":0.0,"taker_commission":0.0005,"#)
        json.text("instrument_type", type)
        if case .dated(let delivery) = listing.contract {
            json.integer("expiration_timestamp", delivery)
        } else {
            json.integer("expiration_timestamp", 32_503_708_800_000)
        }
        json.integer("creation_timestamp", listing.listedAt)
        json.bool("is_active", listing.isTrading(at: moment.time))
        json.number("tick_size", 1 / powersOfTen[listing.pricePlaces], listing.pricePlaces)
        // The step of order sizes of a linear contract.
        json.number("contract_size", listing.inverse ? listing.contractSize : step, listing.quantityPlaces)
        json.integer("instrument_id", Int64(listing.number) + 1000)
        json.text("future_type", type)
        json.text("settlement_currency", listing.settle)
        json.text("settlement_period", listing.isPerpetual ? "perpetual" : "month")
        json.text("base_currency", listing.base)
        json.text("counter_currency", listing.quote.rawValue)
        json.text("quote_currency", listing.quote.rawValue)
        json.end()
    }

    private func summaries() -> ExchangeReply {
        guard let currency = request.query["currency"] else { return invalidParameters }
        let listings = moment.listings().filter { $0.settle == currency && $0.isTrading(at: moment.time) }
        return reply(capacity: 560 * listings.count) { json in
            json.list("result")
            for listing in listings {
                json.begin()
                market(&json, listing)
                json.end()
            }
            json.endList()
        }
    }

    private func market(_ json: inout JSONBytes, _ listing: SimulatedListing) {
        let quote = moment.quote(listing)
        let price = listing.pricePlaces
        json.number("volume_usd", quote.turnover, 2)
        json.number("volume", quote.volume, listing.quantityPlaces + 4)
        json.text("quote_currency", listing.quote.rawValue)
        openInterest(&json, listing, quote)
        json.number("mid_price", (quote.bid + quote.ask) / 2, price)
        json.number("mark_price", quote.mark, price)
        json.number("low", quote.low, price)
        json.number("last", quote.last, price)
        json.text("instrument_name", listing.symbol)
        json.number("high", quote.high, price)
        if listing.isPerpetual {
            json.number("funding_8h", quote.fundingRate, 8)
            json.number("current_funding", quote.fundingRate / 3, 8)
        }
        json.number("estimated_delivery_price", quote.index, price)
        json.integer("creation_timestamp", moment.time)
        json.number("bid_price", quote.bid, price)
        json.text("base_currency", listing.base)
        json.number("ask_price", quote.ask, price)
        json.number("price_change", quote.change * 100, 4)
    }

    private func openInterest(_ json: inout JSONBytes, _ listing: SimulatedListing, _ quote: SimulatedQuote) {
        guard listing.inverse else { return json.number("open_interest", quote.openInterest, listing.quantityPlaces) }
        let contracts = (quote.openInterest * quote.mark / listing.contractSize).rounded()
        json.number("open_interest", contracts * listing.contractSize, 0)
    }

    private func ticker() -> ExchangeReply {
        guard let listing = asked() else { return invalidParameters }
        let quote = moment.quote(listing)
        return reply { json in
            json.begin("result")
            json.integer("timestamp", moment.time)
            json.text("state", listing.isTrading(at: moment.time) ? "open" : "closed")
            json.text("instrument_name", listing.symbol)
            json.number("mark_price", quote.mark, listing.pricePlaces)
            json.number("last_price", quote.last, listing.pricePlaces)
            json.number("index_price", quote.index, listing.pricePlaces)
            openInterest(&json, listing, quote)
            json.end()
        }
    }

    // MARK: - History

    private func fundingHistory() -> ExchangeReply {
        guard let listing = asked(), let from = request.number("start_timestamp"),
            let to = request.number("end_timestamp"), listing.isPerpetual
        else { return invalidParameters }
        let hour: Int64 = 3_600_000
        let times = stride(from: (from + hour - 1) / hour * hour, through: min(to, moment.time), by: Int(hour))
        return reply { json in
            json.list("result")
            for time in times.suffix(744) where time >= listing.listedAt {
                let rate = moment.fundingRate(listing, at: time)
                json.begin()
                json.integer("timestamp", time)
                json.number("index_price", moment.index(of: listing, at: time), listing.pricePlaces)
                json.number("prev_index_price", moment.index(of: listing, at: time - hour), listing.pricePlaces)
                json.number("interest_8h", rate, 14)
                json.number("interest_1h", rate / 8, 14)
                json.end()
            }
            json.endList()
        }
    }

    /// One list for each field, oldest first, with the hour that still runs.
    private func candles() -> ExchangeReply {
        guard let listing = asked(), let from = request.number("start_timestamp"),
            let to = request.number("end_timestamp"), request.query["resolution"] == "60"
        else { return invalidParameters }
        let hours = moment.newestHours(of: listing, from: from, through: to, most: 5000)
        let candles = moment.candles(of: listing, hours: hours, price: .last)
        return reply(capacity: 90 * hours.count + 256) { json in
            json.begin("result")
            column(&json, "volume", candles, listing.quantityPlaces + 4) { $0.volume }
            column(&json, "ticks", candles, 0) { Double($0.from) }
            json.text("status", candles.isEmpty ? "no_data" : "ok")
            column(&json, "open", candles, listing.pricePlaces) { $0.open }
            column(&json, "low", candles, listing.pricePlaces) { $0.low }
            column(&json, "high", candles, listing.pricePlaces) { $0.high }
            column(&json, "cost", candles, 2) { $0.turnover }
            column(&json, "close", candles, listing.pricePlaces) { $0.close }
            json.end()
        }
    }

    private func column(
        _ json: inout JSONBytes, _ name: StaticString, _ candles: [PastCandle], _ places: Int,
        _ value: (PastCandle) -> Double
    ) {
        json.list(name)
        for candle in candles { json.number(value(candle), places) }
        json.endList()
    }

    /// Trades of a span, oldest first, forced ones among them.
    private func trades() -> ExchangeReply {
        guard let listing = asked(), let from = request.number("start_timestamp"),
            let to = request.number("end_timestamp")
        else { return invalidParameters }
        let count = Int(max(1, min(1000, request.number("count") ?? 10)))
        let found = moment.trades(of: listing, from: from, to: min(to + 1, moment.time))
        return reply(capacity: 240 * count) { json in
            json.begin("result")
            json.list("trades")
            for (number, trade) in found.prefix(count).enumerated() {
                json.begin()
                json.integer("trade_seq", Int64(number) + 1)
                json.text("trade_id", String(trade.id))
                json.integer("timestamp", trade.time)
                json.number("price", trade.price, listing.pricePlaces)
                json.number("index_price", moment.index(of: listing, at: trade.time), listing.pricePlaces)
                json.text("instrument_name", listing.symbol)
                json.text("direction", trade.isSale ? "sell" : "buy")
                json.number("amount", trade.amount, listing.quantityPlaces)
                if trade.isForced { json.text("liquidation", "T") }
                json.end()
            }
            json.endList()
            json.bool("has_more", found.count > count)
            json.end()
        }
    }
}
