import PerpCore

/// Pacifica: two lists in an envelope, without a state of the markets.
struct SimulatedPacifica {
    let moment: Moment
    let request: SimulatedRequest

    func respond() -> ExchangeReply {
        switch request.path {
        case "/api/v1/info": return list(info)
        case "/api/v1/info/prices": return list(prices)
        case "/api/v1/funding_rate/history": return fundingHistory()
        case "/api/v1/kline": return candles(.last)
        case "/api/v1/kline/mark": return candles(.mark)
        default:
            return ExchangeReply(
                text: #"{"success":false,"data":null,"error":"Not found","code":404}"#, status: 404,
                contentType: "application/json")
        }
    }

    private func list(_ row: (inout JSONBytes, SimulatedListing) -> Void) -> ExchangeReply {
        var json = JSONBytes(capacity: 16_384)
        json.begin()
        json.bool("success", true)
        json.list("data")
        for listing in moment.listings() where listing.isTrading(at: moment.time) {
            json.begin()
            row(&json, listing)
            json.end()
        }
        json.endList()
        json.null("error")
        json.null("code")
        json.end()
        return ExchangeReply(json, weight: 10)
    }

    private func info(_ json: inout JSONBytes, _ listing: SimulatedListing) {
        let quote = moment.quote(listing)
        let isSpot = listing.tag == "spot"
        json.text("symbol", listing.symbol)
        json.short("tick_size", 1 / powersOfTen[listing.pricePlaces], listing.pricePlaces)
        json.raw(#""min_tick":"0","max_tick":"1000000","#)
        json.short("lot_size", 1 / powersOfTen[listing.quantityPlaces], listing.quantityPlaces)
        json.integer("max_leverage", listing.coin == 0 ? 50 : 10)
        json.bool("isolated_only", false)
        json.raw(#""min_order_size":"10","max_order_size":"5000000","#)
        json.short("funding_rate", isSpot ? 0 : fixedRate(listing), 8)
        json.short("next_funding_rate", isSpot ? 0 : quote.fundingRate, 8)
        json.integer("created_at", listing.listedAt)
        json.text("instrument_type", isSpot ? "spot" : "perpetual")
        json.text("base_asset", listing.base)
    }

    private func prices(_ json: inout JSONBytes, _ listing: SimulatedListing) {
        let quote = moment.quote(listing)
        let isSpot = listing.tag == "spot"
        json.short("funding", isSpot ? 0 : fixedRate(listing), 8)
        json.short("mark", quote.mark, listing.pricePlaces)
        json.short("mid", quote.last, listing.pricePlaces)
        json.short("next_funding", isSpot ? 0 : quote.fundingRate, 8)
        json.short("open_interest", isSpot ? 0 : quote.openInterest, listing.quantityPlaces)
        json.short("oracle", quote.index, listing.pricePlaces + 2)
        json.text("symbol", listing.symbol)
        json.integer("timestamp", moment.time)
        json.short("volume_24h", quote.turnover, 6)
        json.short("yesterday_price", quote.open, listing.pricePlaces)
    }

    /// The rate that was fixed at the last full hour, for the next settlement.
    private func fixedRate(_ listing: SimulatedListing) -> Double {
        moment.fundingRate(listing, at: moment.time / 3_600_000 * 3_600_000)
    }

    // MARK: - History

    private func error(_ message: String) -> ExchangeReply {
        ExchangeReply(
            text: #"{"success":false,"data":null,"error":"\#(message)","code":400}"#, status: 400,
            contentType: "application/json")
    }

    private func asked() -> SimulatedListing? {
        request.query["symbol"].flatMap(moment.listing).flatMap { $0.tag == "spot" ? nil : $0 }
    }

    /// The settlements before a cursor, newest first; each paid the rate that was fixed an hour earlier. The last page has a
    /// cursor too.
    private func fundingHistory() -> ExchangeReply {
        guard let listing = asked() else { return error("Market not found") }
        let count = Moment.rows(request.number("limit"), usual: 100, most: 4000)
        let before = request.query["cursor"].flatMap { Int64($0, radix: 36) }
        let times = moment.newestSettlements(of: listing, through: before.map { $0 - 1 }, most: count + 1)
        var json = JSONBytes(capacity: 160 * count)
        json.begin()
        json.bool("success", true)
        json.list("data")
        for time in times.prefix(count) {
            json.begin()
            json.short("oracle_price", moment.index(of: listing, at: time), listing.pricePlaces + 2)
            json.short("funding_rate", moment.fundingRate(listing, at: time - Moment.hourLength), 8)
            json.short("next_funding_rate", moment.fundingRate(listing, at: time), 8)
            json.integer("created_at", time + moment.lateness(listing, settlement: time, limit: 500))
            json.end()
        }
        json.endList()
        json.text("next_cursor", String(times.prefix(count).last ?? 0, radix: 36))
        json.bool("has_more", times.count > count)
        json.end()
        return ExchangeReply(json, weight: 90)
    }

    /// Oldest first, with the hour that still runs; a span of too many hours is an error.
    private func candles(_ price: PastPrice) -> ExchangeReply {
        guard let listing = asked() else { return error("Market not found") }
        guard request.query["interval"] == "1h", let from = request.number("start_time") else {
            return error("Invalid interval or start_time")
        }
        let to = min(request.number("end_time") ?? moment.time, moment.time)
        guard to - from <= 3950 * Moment.hourLength else { return error("Too many candles requested") }
        let hours = moment.pastHours(of: listing, from: from, to: to + 1)
        var json = JSONBytes(capacity: 140 * hours.count + 64)
        json.begin()
        json.bool("success", true)
        json.list("data")
        for candle in moment.candles(of: listing, hours: hours, price: price) {
            json.begin()
            json.integer("t", candle.from)
            json.integer("T", candle.from + Moment.hourLength)
            json.text("s", listing.symbol)
            json.text("i", "1h")
            json.short("o", candle.open, listing.pricePlaces)
            json.short("c", candle.close, listing.pricePlaces)
            json.short("h", candle.high, listing.pricePlaces)
            json.short("l", candle.low, listing.pricePlaces)
            json.short("v", candle.volume, listing.quantityPlaces + 2)
            json.integer("n", candle.trades)
            json.end()
        }
        json.endList()
        json.null("error")
        json.null("code")
        json.end()
        return ExchangeReply(json, weight: 12)
    }
}
