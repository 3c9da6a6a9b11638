import PerpCore

/// GRVT: POST only, rates in percent, times in nanoseconds as text.
struct SimulatedGRVT {
    let moment: Moment
    let request: SimulatedRequest

    func respond() -> ExchangeReply {
        guard request.method == "POST" else { return error(1003, "Request could not be processed", status: 400) }
        if request.path == "/full/v1/all_instruments" { return instruments() }
        guard let name = request.member("instrument"), let listing = moment.listing(name),
            listing.isTrading(at: moment.time)
        else { return error(1004, "Data Not Found", status: 404) }
        switch request.path {
        case "/full/v1/ticker": return ticker(listing)
        case "/full/v1/funding": return funding(listing)
        default: return error(1004, "Data Not Found", status: 404)
        }
    }

    private func error(_ code: Int64, _ message: String, status: Int) -> ExchangeReply {
        var json = JSONBytes()
        json.begin()
        json.integer("code", code)
        json.text("message", message)
        json.integer("status", Int64(status))
        json.end()
        return ExchangeReply(json, status: status)
    }

    private static let million: Int64 = 1_000_000

    private func instruments() -> ExchangeReply {
        var json = JSONBytes(capacity: 32_768)
        json.begin()
        json.list("result")
        for listing in moment.listings() where listing.isTrading(at: moment.time) { instrument(&json, listing) }
        json.endList()
        json.end()
        return ExchangeReply(json)
    }

    private func instrument(_ json: inout JSONBytes, _ listing: SimulatedListing) {
        json.begin()
        json.text("instrument", listing.symbol)
        json.text("instrument_hash", "0x03\(String(listing.key % 0xFFFF, radix: 16))")
        json.text("base", listing.base)
        json.text("quote", "USDT")
        json.raw(#""kind":"PERPETUAL","venues":["ORDERBOOK","RFQ"],"settlement_period":"PERPETUAL","#)
        json.raw(#""base_decimals":9,"quote_decimals":6,"#)
        json.short("tick_size", 1 / powersOfTen[listing.pricePlaces], listing.pricePlaces)
        json.short("min_size", 1 / powersOfTen[listing.quantityPlaces], listing.quantityPlaces)
        json.quotedInteger("create_time", listing.listedAt * Self.million)
        json.integer("funding_interval_hours", Int64(listing.interval))
        json.raw(
            #""adjusted_funding_rate_cap":"0.75","adjusted_funding_rate_floor":"-0.75","asset_class":"UNSPECIFIED","#)
        json.end()
    }

    private func ticker(_ listing: SimulatedListing) -> ExchangeReply {
        let quote = moment.quote(listing)
        let price = listing.pricePlaces
        // The share of takers that bought.
        let bought = 0.5 + 0.04 * Noise.signed(listing.key, moment.hour.start)
        var json = JSONBytes()
        json.begin()
        json.begin("result")
        json.quotedInteger("event_time", moment.time * Self.million + 222_195)
        json.text("instrument", listing.symbol)
        json.short("mark_price", quote.mark, price + 4)
        json.short("index_price", quote.index, price + 4)
        json.short("last_price", quote.last, price)
        json.short("mid_price", (quote.bid + quote.ask) / 2, price + 1)
        json.short("best_bid_price", quote.bid, price)
        json.short("best_ask_price", quote.ask, price)
        json.short("funding_rate_8h_curr", quote.fundingRate * 100, 6)
        json.short("buy_volume_24h_b", quote.volume * bought, listing.quantityPlaces + 1)
        json.short("sell_volume_24h_b", quote.volume * (1 - bought), listing.quantityPlaces + 1)
        json.short("buy_volume_24h_q", quote.turnover * bought, 4)
        json.short("sell_volume_24h_q", quote.turnover * (1 - bought), 4)
        json.short("high_price", quote.high, price)
        json.short("low_price", quote.low, price)
        json.short("open_price", quote.open, price)
        json.short("open_interest", quote.openInterest, 9)
        json.raw(#""long_short_ratio":"1.5","#)
        json.short("funding_rate", quote.fundingRate * 100, 6)
        json.quotedInteger("next_funding_time", moment.nextSettlement(listing) * Self.million)
        json.raw(#""status":"UNSPECIFIED","session":"REGULAR","#)
        json.end()
        json.end()
        return ExchangeReply(json)
    }

    /// Settlements, newest first.
    private func funding(_ listing: SimulatedListing) -> ExchangeReply {
        let limit = max(1, min(1000, request.member("limit").flatMap { Int64($0) } ?? 500))
        let interval = Int64(listing.interval) * 3_600_000
        let last = moment.nextSettlement(listing) - interval
        var json = JSONBytes()
        json.begin()
        json.list("result")
        for time in (0..<limit).map({ last - $0 * interval }) {
            json.begin()
            json.text("instrument", listing.symbol)
            json.short("funding_rate", moment.fundingRate(listing, at: time) * 100, 6)
            json.quotedInteger("funding_time", time * Self.million)
            json.short("mark_price", moment.index(of: listing, at: time), listing.pricePlaces + 4)
            json.integer("funding_interval_hours", Int64(listing.interval))
            json.end()
        }
        json.endList()
        json.text("next", "")
        json.end()
        return ExchangeReply(json)
    }
}
