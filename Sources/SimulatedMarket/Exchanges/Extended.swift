import PerpCore

/// Extended: one list with everything, and settlements in short names.
struct SimulatedExtended {
    let moment: Moment
    let request: SimulatedRequest

    func respond() -> ExchangeReply {
        if request.path == "/api/v1/info/markets" { return markets() }
        let words = request.path.split(separator: "/").map(String.init)
        guard words.count >= 5, words[..<3] == ["api", "v1", "info"] else { return error }
        if words.count == 6, words[3] == "candles", let listing = moment.listing(words[4]) {
            return candles(listing, words[5])
        }
        guard words.count == 5, let listing = moment.listing(words[3]) else { return error }
        return switch words[4] {
        case "funding": funding(listing)
        case "open-interests": openInterests(listing)
        default: error
        }
    }

    private var error: ExchangeReply {
        ExchangeReply(
            text: #"{"status":"ERROR","error":{"code":1001,"message":"Market not found"}}"#, status: 404,
            contentType: "application/json")
    }

    private func status(_ listing: SimulatedListing) -> String {
        if let state = listing.state { return state }
        return switch listing.phase(at: moment.time) {
        case .trading: "ACTIVE"
        case .prelaunch: "PRELISTED"
        case .settling, .absent: "DELISTED"
        }
    }

    private func markets() -> ExchangeReply {
        var json = JSONBytes(capacity: 65_536)
        json.begin()
        json.text("status", "OK")
        json.list("data")
        for listing in moment.listings() { market(&json, listing) }
        json.raw(#"{"name":"BTCSPOT","type":"SPOT","category":"Crypto","assetName":"BTC","collateralAssetName":"USD","#)
        json.raw(#""active":true,"status":"ACTIVE"},"#)
        json.endList()
        json.end()
        return ExchangeReply(json)
    }

    private func market(_ json: inout JSONBytes, _ listing: SimulatedListing) {
        let status = status(listing)
        json.begin()
        json.text("name", listing.symbol)
        json.raw(#""type":"PERPETUAL","#)
        json.text("uiName", listing.symbol)
        json.text("category", listing.tag.isEmpty ? "Crypto" : "RWA")
        json.text("subCategory", listing.tag.isEmpty ? "L1" : listing.tag)
        json.text("assetName", listing.base)
        json.text("collateralAssetName", "USD")
        json.bool("active", status == "ACTIVE")
        json.bool("isOffHours", false)
        json.text("status", status)
        json.begin("marketStats")
        statistics(&json, listing)
        json.end()
        json.integer("createdAt", listing.listedAt)
        json.end()
    }

    private func statistics(_ json: inout JSONBytes, _ listing: SimulatedListing) {
        let quote = moment.quote(listing)
        let price = listing.pricePlaces
        json.fixed("dailyVolume", quote.turnover, 6)
        json.short("dailyVolumeBase", quote.volume, listing.quantityPlaces)
        json.short("dailyPriceChange", quote.last - quote.open, price)
        json.fixed("dailyPriceChangePercentage", quote.change, 4)
        json.short("dailyLow", quote.low, price)
        json.short("dailyHigh", quote.high, price)
        json.short("lastPrice", quote.last, price)
        json.short("askPrice", quote.ask, price)
        json.short("bidPrice", quote.bid, price)
        json.short("markPrice", quote.mark, price + 4)
        json.short("indexPrice", quote.index, price + 4)
        json.short("fundingRate", quote.fundingRate, 6)
        json.integer("nextFundingRate", moment.nextSettlement(listing))
        json.fixed("openInterest", quote.openInterest * quote.mark, 6)
        json.short("openInterestBase", quote.openInterest, listing.quantityPlaces)
    }

    /// The settlements in a span, newest first.
    private func funding(_ listing: SimulatedListing) -> ExchangeReply {
        let hour: Int64 = 3_600_000
        let to = min(moment.time, request.number("endTime") ?? moment.time) / hour
        let count = Int64(Moment.rows(request.number("limit"), usual: 1000, most: 1000))
        let from = max(to - count + 1, (max(request.number("startTime") ?? 0, listing.listedAt) + hour - 1) / hour)
        var json = JSONBytes()
        json.begin()
        json.text("status", "OK")
        json.list("data")
        for number in stride(from: to, through: from, by: -1) {
            json.begin()
            json.text("m", listing.symbol)
            json.short("f", moment.fundingRate(listing, at: number * hour), 6)
            json.integer("T", number * hour + moment.lateness(listing, settlement: number, limit: 1700))
            json.end()
        }
        json.endList()
        json.end()
        return ExchangeReply(json)
    }

    /// Rows in an envelope.
    private func rows<Row>(_ rows: [Row], _ write: (inout JSONBytes, Row) -> Void) -> ExchangeReply {
        var json = JSONBytes(capacity: 100 * rows.count + 64)
        json.begin()
        json.text("status", "OK")
        json.list("data")
        for row in rows {
            json.begin()
            write(&json, row)
            json.end()
        }
        json.endList()
        json.end()
        return ExchangeReply(json)
    }

    private var badRequest: ExchangeReply {
        ExchangeReply(
            text: #"{"status":"ERROR","error":{"code":400,"message":"Bad request"}}"#, status: 400,
            contentType: "application/json")
    }

    /// The hours before the end of a span, newest first, with the one that still runs.
    private func candles(_ listing: SimulatedListing, _ kind: String) -> ExchangeReply {
        let prices: [String: PastPrice] = ["trades": .last, "mark-prices": .mark, "index-prices": .index]
        guard let price = prices[kind], request.query["interval"] == "PT1H" else { return badRequest }
        let hours = moment.newestHours(
            of: listing, from: nil, through: request.number("endTime"),
            most: Moment.rows(request.number("limit"), usual: 100, most: 1000))
        let places = listing.pricePlaces + (price == .last ? 0 : 4)
        return rows(moment.candles(of: listing, hours: hours, price: price).reversed()) { json, candle in
            json.short("o", candle.open, places)
            json.short("l", candle.low, places)
            json.short("h", candle.high, places)
            json.short("c", candle.close, places)
            if price == .last { json.short("v", candle.volume, listing.quantityPlaces + 2) }
            json.integer("T", candle.from)
        }
    }

    /// The hours of a span, newest first: dollars, and base units.
    private func openInterests(_ listing: SimulatedListing) -> ExchangeReply {
        guard request.query["interval"] == "P1H" else { return badRequest }
        let hours = moment.newestHours(
            of: listing, from: request.number("startTime"), through: request.number("endTime"),
            most: Moment.rows(request.number("limit"), usual: 100, most: 300))
        return rows(hours.reversed()) { json, time in
            let quote = moment.at(time).quote(listing)
            json.fixed("i", quote.openInterest * quote.mark, 16)
            json.fixed("I", quote.openInterest, listing.quantityPlaces)
            json.integer("t", time)
        }
    }
}
