import PerpCore

/// Lighter: markets by number, and rates that other exchanges have too.
struct SimulatedLighter {
    let moment: Moment
    let request: SimulatedRequest

    func respond() -> ExchangeReply {
        switch request.path {
        case "/api/v1/orderBookDetails": orderBookDetails()
        case "/api/v1/funding-rates": fundingRates()
        case "/api/v1/fundings": fundings()
        case "/api/v1/candles": candles()
        default: error(404, "not found")
        }
    }

    private func error(_ code: Int, _ message: String) -> ExchangeReply {
        ExchangeReply(
            text: #"{"code":\#(code),"message":"\#(message)"}"#, status: code == 404 ? 404 : 400,
            contentType: "application/json")
    }

    // MARK: - Markets

    private func orderBookDetails() -> ExchangeReply {
        let listings = moment.listings()
        var json = JSONBytes(capacity: 900 * listings.count + 64)
        json.begin()
        json.raw(#""code":200,"#)
        json.list("order_book_details")
        for listing in listings where listing.phase(at: moment.time) != .prelaunch { market(&json, listing) }
        json.endList()
        json.end()
        return ExchangeReply(json)
    }

    private func market(_ json: inout JSONBytes, _ listing: SimulatedListing) {
        let quote = moment.quote(listing)
        let price = listing.pricePlaces
        json.begin()
        json.text("symbol", listing.symbol)
        json.integer("market_id", Int64(listing.number))
        json.text("market_type", "perp")
        json.text("status", listing.isTrading(at: moment.time) ? "active" : "inactive")
        json.raw(#""taker_fee":"0.0000","maker_fee":"0.0000","liquidation_fee":"1.0000","#)
        json.integer("size_decimals", Int64(listing.quantityPlaces))
        json.integer("price_decimals", Int64(price))
        json.number("last_trade_price", quote.last, price)
        json.fixed("mark_price", quote.mark, price)
        json.fixed("index_price", quote.index, price)
        json.integer("daily_trades_count", quote.trades)
        json.number("daily_base_token_volume", quote.volume, listing.quantityPlaces + 2)
        json.number("daily_quote_token_volume", quote.turnover, 6)
        json.number("daily_price_change", quote.change * 100, 4)
        json.number("open_interest", quote.openInterest, listing.quantityPlaces + 2)
        json.end()
    }

    // MARK: - Funding

    /// Each rate covers eight hours; rows of other exchanges stand among the own ones.
    private func fundingRates() -> ExchangeReply {
        var json = JSONBytes(capacity: 32 * 1024)
        json.begin()
        json.raw(#""code":200,"#)
        json.list("funding_rates")
        for listing in moment.listings() where listing.isTrading(at: moment.time) {
            let rate = moment.fundingRate(listing, at: moment.time)
            for (exchange, factor) in [("binance", 3.0), ("hyperliquid", 5.0), ("lighter", 8.0)] {
                json.begin()
                json.integer("market_id", Int64(listing.number))
                json.text("exchange", exchange)
                json.text("symbol", listing.symbol)
                json.number("rate", rate * factor, 12)
                json.end()
            }
        }
        json.endList()
        json.end()
        return ExchangeReply(json)
    }

    private func fundings() -> ExchangeReply {
        guard let number = request.number("market_id"),
            let listing = moment.listings().first(where: { $0.number == Int(number) })
        else { return error(21_100, "invalid market_id") }
        let last = min(moment.time / 1000, request.number("end_timestamp") ?? .max) / 3600 * 3600
        let first = max(last - 749 * 3600, request.number("start_timestamp") ?? last - 3 * 3600)
        var json = JSONBytes()
        json.begin()
        json.raw(#""code":200,"resolution":"1h","#)
        json.list("fundings")
        for time in stride(from: (first + 3599) / 3600 * 3600, through: last, by: 3600)
        where time * 1000 >= listing.listedAt {
            let rate = moment.fundingRate(listing, at: time * 1000)
            json.begin()
            json.integer("timestamp", time)
            json.fixed("value", abs(rate) * moment.index(of: listing, at: time * 1000), 8)
            json.fixed("rate", abs(rate) * 100, 4)
            json.text("direction", rate < 0 ? "short" : "long")
            json.end()
        }
        json.endList()
        json.end()
        return ExchangeReply(json)
    }

    /// Hours of a span in milliseconds whose end does not belong to it, oldest first, with the one that still runs. Without a
    /// count there are ten.
    private func candles() -> ExchangeReply {
        guard let number = request.number("market_id"),
            let listing = moment.listings().first(where: { $0.number == Int(number) }),
            request.query["resolution"] == "1h", let from = request.number("start_timestamp"),
            let to = request.number("end_timestamp")
        else { return error(20_001, "invalid param") }
        let count = Int(max(0, min(500, request.number("count_back") ?? 0)))
        let hours = moment.newestHours(of: listing, from: from, through: to - 1, most: count == 0 ? 10 : count)
        var json = JSONBytes(capacity: 110 * hours.count + 64)
        json.begin()
        json.raw(#""code":200,"r":"1h","#)
        json.list("c")
        for candle in moment.candles(of: listing, hours: hours, price: .last) {
            json.begin()
            json.integer("t", candle.from)
            json.number("o", candle.open, listing.pricePlaces)
            json.number("h", candle.high, listing.pricePlaces)
            json.number("l", candle.low, listing.pricePlaces)
            json.number("c", candle.close, listing.pricePlaces)
            json.number("v", candle.volume, listing.quantityPlaces + 2)
            json.number("V", candle.turnover, 6)
            json.integer("i", candle.trades)
            json.end()
        }
        json.endList()
        json.end()
        return ExchangeReply(json)
    }

    // MARK: - Stream

    static func reply(to text: String) -> String {
        if text.contains("ping") { return #"{"type":"pong"}"# }
        let number = text.firstRange(of: "trade/").map { text[$0.upperBound...].prefix { $0 != "\"" } } ?? ""
        return
            #"{"type":"subscribed/trade","channel":"trade:\#(number)","nonce":1,"trades":[],"liquidation_trades":[]}"#
    }

    /// A trade of the first market that is subscribed.
    static func trade(_ time: Int64, _ topics: String) -> String? {
        topics.firstRange(of: "trade/").map {
            let number = topics[$0.upperBound...].prefix { $0 != "\"" }
            return
                #"{"type":"update/trade","channel":"trade:\#(number)","nonce":2,"trades":[{"trade_id":1,"type":"trade","market_id":\#(number),"size":"1","price":"80000","is_maker_ask":true,"timestamp":\#(time)}],"liquidation_trades":[]}"#
        }
    }

    /// The message of one event: who took liquidity was liquidated.
    static func message(of event: SimulatedLiquidation, price: String, quantity: String) -> String {
        let number = event.listing.number
        return
            #"{"type":"update/trade","channel":"trade:\#(number)","nonce":3,"trades":[],"liquidation_trades":[{"trade_id":\#(event.id >> 12),"type":"liquidation","market_id":\#(number),"size":"\#(quantity)","price":"\#(price)","is_maker_ask":\#(!event.isLong),"timestamp":\#(event.time),"transaction_time":\#(event.time * 1000)}]}"#
    }
}
