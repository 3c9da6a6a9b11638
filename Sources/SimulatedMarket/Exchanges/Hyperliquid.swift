import PerpCore

/// Hyperliquid: one path, the type of the request in the body, no time in the responses.
struct SimulatedHyperliquid {
    let moment: Moment
    let request: SimulatedRequest

    func respond() -> ExchangeReply {
        guard request.path == "/info" else { return ExchangeReply(text: "", status: 404) }
        guard request.method == "POST" else { return ExchangeReply(text: "", status: 405) }
        switch request.member("type") {
        case "metaAndAssetCtxs": return metaAndContexts()
        case "fundingHistory": return fundingHistory()
        case "candleSnapshot": return candles()
        case "perpDexs": return builderLists()
        case "spotMeta": return spotMeta()
        case "perpConciseAnnotations": return annotations()
        case "allMids": return allMids()
        default: return unreadable
        }
    }

    private var unreadable: ExchangeReply {
        ExchangeReply(text: "Failed to deserialize the JSON body into the target type", status: 422)
    }

    /// Prices have five significant figures, and at least one digit after the point.
    private func places(_ listing: SimulatedListing) -> Int { max(1, min(8, listing.pricePlaces - 1)) }

    private func isDelisted(_ listing: SimulatedListing) -> Bool { listing.phase(at: moment.time) == .settling }

    // MARK: - Builder markets

    /// The lists that others run, with the index of the token that each is priced in.
    private static let builders: [(name: String, token: Int64)] = [("xyz", 0), ("hyna", 235)]

    /// The instruments of one list; Hyperliquid's own has no name.
    private func listings(of list: String) -> [SimulatedListing] {
        moment.listings().filter { listing in
            String(decoding: listing.symbol.prefix { $0 != UInt8(ascii: ":") }, as: UTF8.self) == list
                || list.isEmpty && !listing.symbol.contains(UInt8(ascii: ":"))
        }
    }

    /// The first element stands for Hyperliquid itself.
    private func builderLists() -> ExchangeReply {
        var json = JSONBytes()
        json.list()
        json.raw("null,")
        for builder in Self.builders {
            json.begin()
            json.text("name", builder.name)
            json.text("fullName", builder.name.uppercased())
            json.raw(#""assetToFundingMultiplier":[],"#)
            json.end()
        }
        json.endList()
        return ExchangeReply(json, weight: 20)
    }

    /// The index of a token is not its position.
    private func spotMeta() -> ExchangeReply {
        var json = JSONBytes()
        json.begin()
        json.raw(
            #""universe":[],"tokens":[{"name":"USDC","szDecimals":8,"weiDecimals":8,"index":0,"isCanonical":true},"#)
        json.raw(#"{"name":"USDE","szDecimals":2,"weiDecimals":8,"index":235,"isCanonical":false}],"#)
        json.end()
        return ExchangeReply(json, weight: 20)
    }

    private func annotations() -> ExchangeReply {
        var json = JSONBytes()
        json.list()
        for builder in Self.builders {
            for listing in listings(of: builder.name) where !listing.tag.isEmpty {
                json.list()
                json.text(listing.symbol)
                json.begin()
                json.text("category", listing.tag)
                json.end()
                json.endList()
            }
        }
        json.endList()
        return ExchangeReply(json, weight: 20)
    }

    private func allMids() -> ExchangeReply {
        var json = JSONBytes(capacity: 8192)
        json.begin()
        for listing in listings(of: "") where !isDelisted(listing) {
            json.short(named: listing.symbol, moment.quote(listing).last, places(listing))
        }
        json.end()
        return ExchangeReply(json, weight: 2)
    }

    private func metaAndContexts() -> ExchangeReply {
        let list = request.member("dex") ?? ""
        let builder = Self.builders.first { $0.name == list }
        if !list.isEmpty, builder == nil {
            return ExchangeReply(text: "null", status: 500, contentType: "application/json")
        }
        let listings = listings(of: list)
        var json = JSONBytes(capacity: 360 * listings.count + 1024)
        json.list()
        json.begin()
        json.list("universe")
        for listing in listings { market(&json, listing) }
        json.endList()
        json.raw(#""marginTables":[[50,{"description":"","marginTiers":[{"lowerBound":"0.0","maxLeverage":50}]}],"#)
        json.raw(#"[51,{"description":"tiered 10x","marginTiers":[{"lowerBound":"0.0","maxLeverage":10},"#)
        json.raw(#"{"lowerBound":"3000000.0","maxLeverage":5}]}]],"#)
        json.integer("collateralToken", builder?.token ?? 0)
        json.end()
        json.list()
        for listing in listings { context(&json, listing) }
        json.endList()
        json.endList()
        return ExchangeReply(json, weight: 20)
    }

    private func market(_ json: inout JSONBytes, _ listing: SimulatedListing) {
        json.begin()
        json.integer("szDecimals", Int64(listing.quantityPlaces))
        json.text("name", listing.symbol)
        json.integer("maxLeverage", listing.coin == 0 ? 40 : 10)
        json.integer("marginTableId", listing.coin == 0 ? 50 : 51)
        let isStrict = isDelisted(listing) && listing.key % 4 == 0
        if isStrict { json.bool("onlyIsolated", true) }
        if isDelisted(listing) { json.bool("isDelisted", true) }
        if isStrict { json.text("marginMode", "strictIsolated") }
        json.end()
    }

    private func context(_ json: inout JSONBytes, _ listing: SimulatedListing) {
        let quote = moment.quote(listing)
        let price = places(listing)
        json.begin()
        if isDelisted(listing) {
            json.raw(#""funding":"0.0","openInterest":"0.0","#)
            json.pointed("prevDayPx", quote.mark, price)
            json.raw(#""dayNtlVlm":"0.0","premium":null,"#)
            json.pointed("oraclePx", quote.mark * 0.998, price)
            json.pointed("markPx", quote.mark, price)
            json.raw(#""midPx":null,"impactPxs":null,"dayBaseVlm":"0.0","#)
        } else {
            json.pointed("funding", quote.fundingRate, 10)
            json.pointed("openInterest", quote.openInterest, listing.quantityPlaces)
            json.pointed("prevDayPx", quote.open, price)
            json.pointed("dayNtlVlm", quote.turnover, 10)
            json.pointed("premium", quote.premium, 10)
            json.pointed("oraclePx", quote.index, price)
            json.pointed("markPx", quote.mark, price)
            json.pointed("midPx", quote.last, price + (price < 8 ? 1 : 0))
            json.list("impactPxs")
            json.short(quote.bid, price)
            json.short(quote.ask, price)
            json.endList()
            json.pointed("dayBaseVlm", quote.volume, listing.quantityPlaces)
        }
        json.end()
    }

    private func settledPremium(_ listing: SimulatedListing, at time: Int64) -> Double {
        moment.market.world == .usual
            ? 0.0004 * Noise.signed(listing.key, time) : moment.averagePremium(listing, at: time)
    }

    private func fundingHistory() -> ExchangeReply {
        guard let coin = request.member("coin"), let start = request.member("startTime").flatMap({ Int64($0) })
        else { return unreadable }
        guard let listing = moment.listing(coin) else {
            return ExchangeReply(text: "null", status: 500, contentType: "application/json")
        }
        let end = min(moment.time, request.member("endTime").flatMap { Int64($0) } ?? moment.time)
        let hour: Int64 = 3_600_000
        var json = JSONBytes()
        json.list()
        var time = (max(start, listing.listedAt) + hour - 1) / hour * hour
        for _ in 0..<500 where time <= end {
            json.begin()
            json.text("coin", coin)
            json.pointed("fundingRate", moment.fundingRate(listing, at: time), 10)
            json.pointed("premium", settledPremium(listing, at: time), 10)
            json.integer("time", time + moment.lateness(listing, settlement: time, limit: 140))
            json.end()
            time += hour
        }
        json.endList()
        return ExchangeReply(json, weight: 20)
    }

    /// Oldest first, with the hour that still runs; only the newest 5000 are kept.
    private func candles() -> ExchangeReply {
        guard let coin = request.member("coin"), let start = request.member("startTime").flatMap({ Int64($0) }),
            request.member("interval") == "1h"
        else { return unreadable }
        guard let listing = moment.listing(coin) else {
            return ExchangeReply(text: "null", status: 500, contentType: "application/json")
        }
        let end = request.member("endTime").flatMap { Int64($0) }
        let kept = moment.time / Moment.hourLength * Moment.hourLength - 4999 * Moment.hourLength
        let hours = moment.pastHours(of: listing, from: max(start, kept), to: end, limit: 5000)
        var json = JSONBytes(capacity: 160 * hours.count + 16)
        json.list()
        for candle in moment.candles(of: listing, hours: hours, price: .last) {
            let price = places(listing) + 1
            json.begin()
            json.integer("t", candle.from)
            json.integer("T", candle.from + Moment.hourLength - 1)
            json.text("s", coin)
            json.text("i", "1h")
            json.pointed("o", candle.open, price)
            json.pointed("c", candle.close, price)
            json.pointed("h", candle.high, price)
            json.pointed("l", candle.low, price)
            json.pointed("v", candle.volume, listing.quantityPlaces)
            json.integer("n", candle.trades)
            json.end()
        }
        json.endList()
        return ExchangeReply(json, weight: 20 + Int64(hours.count) / 60)
    }
}
