import PerpCore

/// Bybit v5: `{retCode, retMsg, result, retExtInfo, time}`, where every failure is a code with HTTP 200.
struct SimulatedBybit {
    let moment: Moment
    let request: SimulatedRequest

    /// Bodies have one-sided open interest since this day, in UTC milliseconds.
    private static let singleSideSince: Int64 = 1_780_963_200_000  // 2026-06-09

    func respond() -> ExchangeReply {
        switch request.path {
        case "/v5/market/tickers": request.query["category"] == "spot" ? spotTicker() : tickers()
        case "/v5/market/instruments-info": instruments()
        case "/v5/market/account-ratio": accountRatio()
        case "/v5/market/funding/history": fundingHistory()
        case "/v5/market/open-interest": openInterest()
        case "/v5/market/kline": candles(.last)
        case "/v5/market/mark-price-kline": candles(.mark)
        case "/v5/market/index-price-kline": candles(.index)
        default: ExchangeReply(text: "404 page not found", status: 404)
        }
    }

    // MARK: - Envelope

    private func error(_ code: Int64, _ message: String) -> ExchangeReply {
        var json = JSONBytes()
        json.begin()
        json.integer("retCode", code)
        json.text("retMsg", message)
        json.begin("result")
        json.end()
        json.begin("retExtInfo")
        json.end()
        json.integer("time", moment.time)
        json.end()
        return ExchangeReply(json)
    }

    private func result(capacity: Int = 1024, _ write: (inout JSONBytes) -> Void) -> ExchangeReply {
        var json = JSONBytes(capacity: capacity)
        json.begin()
        json.integer("retCode", 0)
        json.text("retMsg", "OK")
        json.begin("result")
        write(&json)
        json.end()
        json.begin("retExtInfo")
        json.end()
        json.integer("time", moment.time)
        json.end()
        return ExchangeReply(json)
    }

    private var badCategory: ExchangeReply? {
        guard let category = request.query["category"] else {
            return error(10001, "params error: Category is required")
        }
        return ["linear", "inverse", "spot", "option"].contains(category)
            ? nil : error(10001, "params error: Invalid category")
    }

    /// The listing that the call names; `nil` where its category has no such symbol.
    private func asked() -> SimulatedListing? {
        request.query["symbol"].flatMap(moment.listing).flatMap { isAsked($0) ? $0 : nil }
    }

    /// Whether an instrument belongs to the category that the call names.
    private func isAsked(_ listing: SimulatedListing) -> Bool {
        request.query["category"] == (listing.inverse ? "inverse" : "linear")
    }

    private var invalidSymbol: ExchangeReply { error(10001, "params error: Symbol Is Invalid") }

    // MARK: - Tickers

    private func tickers() -> ExchangeReply {
        if let badCategory { return badCategory }
        let listings: [SimulatedListing]
        if request.query["symbol"] != nil {
            guard let listing = asked(), listing.isTrading(at: moment.time) else { return invalidSymbol }
            listings = [listing]
        } else {
            listings = moment.listings().filter(isAsked)
        }
        return result(capacity: 900 * listings.count + 256) { json in
            json.text("category", request.query["category"] ?? "")
            json.list("list")
            for listing in listings where listing.isTrading(at: moment.time) { ticker(&json, listing) }
            json.endList()
        }
    }

    private func ticker(_ json: inout JSONBytes, _ listing: SimulatedListing) {
        let quote = moment.quote(listing)
        let price = listing.pricePlaces
        let quantity = listing.quantityPlaces
        let delivery: Int64? = if case .dated(let time) = listing.contract { time } else { nil }
        json.begin()
        json.text("symbol", listing.symbol)
        json.fixed("lastPrice", quote.last, price)
        json.fixed("indexPrice", quote.index, price)
        json.fixed("markPrice", quote.mark, price)
        json.fixed("prevPrice24h", quote.open, price)
        json.fixed("price24hPcnt", quote.change, 6)
        json.fixed("highPrice24h", quote.high, price)
        json.fixed("lowPrice24h", quote.low, price)
        json.fixed("prevPrice1h", quote.hourBefore, price)
        // The sum of both sides; since the middle of 2026 one side is stated as well. An inverse contract is a dollar, and
        // what is dollars elsewhere is coins there.
        let steps = powersOfTen[quantity]
        let size = listing.inverse ? quote.openInterest * quote.mark : quote.openInterest
        let worth = listing.inverse ? 1 / quote.mark : quote.mark
        let single = (size * steps).rounded() / steps
        let both = 2 * single
        json.short("openInterest", both, quantity)
        json.fixed("openInterestValue", both * worth, 2)
        json.fixed("turnover24h", listing.inverse ? quote.volume : quote.turnover, 4)
        json.fixed("volume24h", listing.inverse ? quote.turnover.rounded() : quote.volume, listing.inverse ? 0 : 4)
        if delivery != nil {
            json.raw(#""fundingRate":"","nextFundingTime":"0","predictedDeliveryPrice":"0.00","#)
            json.fixed("basisRate", quote.mark / quote.index - 1, 8)
            json.text("deliveryFeeRate", "0")
        } else {
            json.short("fundingRate", quote.fundingRate, 8)
            json.quotedInteger("nextFundingTime", moment.nextSettlement(listing))
            json.raw(#""predictedDeliveryPrice":"","basisRate":"","deliveryFeeRate":"","#)
        }
        json.quotedInteger("deliveryTime", delivery ?? 0)
        json.fixed("ask1Size", 3 + 90 * Noise.unit(listing.key, moment.time), quantity)
        json.fixed("bid1Price", quote.bid, price)
        json.fixed("ask1Price", quote.ask, price)
        json.fixed("bid1Size", 3 + 90 * Noise.unit(listing.key, moment.time + 1), quantity)
        if delivery != nil { json.fixed("basis", quote.mark - quote.index, 2) } else { json.text("basis", "") }
        json.raw(#""preOpenPrice":"","preQty":"","curPreListingPhase":"","#)
        if delivery != nil {
            json.raw(#""fundingIntervalHour":"","basisRateYear":"","fundingCap":"","#)
        } else {
            json.quotedInteger("fundingIntervalHour", Int64(listing.interval))
            json.raw(#""basisRateYear":"","fundingCap":"0.005","#)
        }
        if moment.time >= Self.singleSideSince {
            json.short("singleOpenInterest", single, quantity)
            json.fixed("singleOpenInterestValue", single * worth, 2)
        }
        json.end()
    }

    private func spotTicker() -> ExchangeReply {
        guard let symbol = request.query["symbol"], let spot = SpotPair(symbol, in: moment) else {
            return invalidSymbol
        }
        return result { json in
            json.text("category", "spot")
            json.list("list")
            json.begin()
            json.text("symbol", symbol)
            json.short("bid1Price", spot.bid, spot.places)
            json.text("bid1Size", "0.684213")
            json.short("ask1Price", spot.ask, spot.places)
            json.text("ask1Size", "1.108931")
            json.short("lastPrice", spot.last, spot.places)
            json.short("prevPrice24h", spot.open, spot.places)
            json.fixed("price24hPcnt", spot.last / spot.open - 1, 4)
            json.short("highPrice24h", spot.high, spot.places)
            json.short("lowPrice24h", spot.low, spot.places)
            json.short("turnover24h", spot.turnover, 7)
            json.short("volume24h", spot.volume, 6)
            json.short("usdIndexPrice", spot.last * 0.9999, 6)
            json.end()
            json.endList()
        }
    }

    // MARK: - Instruments

    /// Pages of rows in the order of their symbols; the cursor names the first and last symbol of the previous page.
    private func instruments() -> ExchangeReply {
        if let badCategory { return badCategory }
        let wanted = request.query["status"] ?? "Trading"
        let symbol = request.query["symbol"]
        let listings = moment.listings()
            .filter { listing in
                isAsked(listing) && status(listing) == wanted
                    && (symbol == nil || Array((symbol ?? "").utf8) == listing.symbol)
            }
            .sorted { $0.symbol.lexicographicallyPrecedes($1.symbol) }
        var limit = Int(max(1, min(1000, request.number("limit") ?? 500)))
        if moment.market.size == .small { limit = min(limit, 15) }  // so that small markets have pages too
        var start = 0
        if let cursor = request.query["cursor"], !cursor.isEmpty {
            // `first=BTCUSDT&last=XRPUSDT`, which was percent-encoded twice.
            let text = SimulatedRequest.decoded(cursor)
            guard let range = text.firstRange(of: "last=") else {
                return error(10001, "params error: cursor is invalid")
            }
            let last = Array(text[range.upperBound...].utf8)
            start = listings.firstIndex { last.lexicographicallyPrecedes($0.symbol) } ?? listings.count
        }
        let page = listings[start...].prefix(limit)
        return result(capacity: 1100 * page.count + 256) { json in
            json.text("category", request.query["category"] ?? "")
            json.list("list")
            for listing in page { instrument(&json, listing) }
            json.endList()
            if let first = page.first, let last = page.last, page.endIndex < listings.count {
                let edges = [first, last].map { String(decoding: $0.symbol, as: UTF8.self) }
                json.text("nextPageCursor", "first%3D\(edges[0])%26last%3D\(edges[1])")
            } else {
                json.text("nextPageCursor", "")
            }
        }
    }

    private func status(_ listing: SimulatedListing) -> String {
        switch listing.phase(at: moment.time) {
        case .trading: "Trading"
        case .prelaunch: "PreLaunch"
        case .settling: "Closed"
        case .absent: "Absent"
        }
    }

    private func contractType(_ listing: SimulatedListing) -> String {
        (listing.inverse ? "Inverse" : "Linear") + (listing.isPerpetual ? "Perpetual" : "Futures")
    }

    private func instrument(_ json: inout JSONBytes, _ listing: SimulatedListing) {
        let delivery: Int64 = if case .dated(let time) = listing.contract { time } else { 0 }
        let tick = 1 / powersOfTen[listing.pricePlaces]
        let step = 1 / powersOfTen[listing.quantityPlaces]
        let isEarly = listing.phase(at: moment.time) == .prelaunch
        json.begin()
        json.text("symbol", listing.symbol)
        json.text("contractType", contractType(listing))
        json.text("status", status(listing))
        json.text("baseCoin", listing.base)
        json.text("quoteCoin", listing.quote.rawValue)
        json.quotedInteger("launchTime", listing.listedAt)
        json.quotedInteger("deliveryTime", delivery)
        json.text("deliveryFeeRate", delivery > 0 ? "0.0005" : "")
        json.quotedInteger("priceScale", Int64(listing.pricePlaces))
        json.raw(#""leverageFilter":{"minLeverage":"1","maxLeverage":"50.00","leverageStep":"0.01"},"#)
        json.begin("priceFilter")
        json.fixed("minPrice", tick, listing.pricePlaces)
        json.text("maxPrice", "1999999.80")
        json.fixed("tickSize", tick, listing.pricePlaces)
        json.end()
        json.begin("lotSizeFilter")
        json.text("maxOrderQty", "1190.000")
        json.fixed("minOrderQty", step, listing.quantityPlaces)
        json.fixed("qtyStep", step, listing.quantityPlaces)
        json.raw(#""postOnlyMaxOrderQty":"1190.000","maxMktOrderQty":"500.000","minNotionalValue":"5","#)
        json.end()
        json.raw(#""unifiedMarginTrade":true,"#)
        json.integer("fundingInterval", listing.isPerpetual ? Int64(listing.interval * 60) : 0)
        json.text("settleCoin", listing.settle)
        json.raw(#""copyTrading":"none","upperFundingRate":"0.005","lowerFundingRate":"-0.005","#)
        json.raw(#""displayName":"","#)
        json.bool("isPreListing", isEarly)
        if isEarly {
            json.raw(#""preListingInfo":{"curAuctionPhase":"ContinuousTrading","phases":[],"#)
            json.raw(#""auctionFeeInfo":{"auctionFeeRate":"0"}},"#)
        } else {
            json.raw(#""preListingInfo":null,"#)
        }
        json.raw(#""riskParameters":{"priceLimitRatioX":"0.05","priceLimitRatioY":"0.1"},"#)
        json.text("symbolType", listing.isPerpetual ? listing.tag : "")
        json.end()
    }

    // MARK: - History

    private func accountRatio() -> ExchangeReply {
        if let badCategory { return badCategory }
        guard let listing = asked() else { return invalidSymbol }
        guard request.query["period"] == "1h" else { return error(10001, "params error: period is invalid") }
        let hours = pastHours(listing, "startTime", "endTime", limit: (usual: 50, most: 500))
        return result { json in
            json.list("list")
            for time in hours {
                let long = (moment.longFraction(listing, population: 0, at: time) * 1e4).rounded() / 1e4
                json.begin()
                json.text("symbol", listing.symbol)
                json.short("buyRatio", long, 4)
                json.short("sellRatio", 1 - long, 4)
                json.quotedInteger("timestamp", time)
                json.end()
            }
            json.endList()
            json.text("nextPageCursor", "lastid%3D0%26lasttime%3D\((hours.last ?? 0) / 1000)")
        }
    }

    private func fundingHistory() -> ExchangeReply {
        if let badCategory { return badCategory }
        guard let listing = asked(), listing.isPerpetual else { return invalidSymbol }
        if request.query["startTime"] != nil, request.query["endTime"] == nil {
            return error(10001, "params error: passing only startTime is not allowed")
        }
        let limit = max(1, min(200, request.number("limit") ?? 200))
        let last = min(moment.time, request.number("endTime") ?? moment.time)
        let first = request.number("startTime") ?? .min
        return result { json in
            json.text("category", request.query["category"] ?? "")
            json.list("list")
            for time in moment.lastSettlements(listing, until: last, count: limit)
            where time >= max(first, listing.listedAt) {
                json.begin()
                json.text("symbol", listing.symbol)
                json.short("fundingRate", moment.fundingRate(listing, at: time), 8)
                json.quotedInteger("fundingRateTimestamp", time)
                json.end()
            }
            json.endList()
        }
    }

    private func openInterest() -> ExchangeReply {
        if let badCategory { return badCategory }
        guard let listing = asked() else { return invalidSymbol }
        guard request.query["intervalTime"] == "1h" else {
            return error(10001, "params error: Invalid intervalTime")
        }
        let hours = pastHours(listing, "startTime", "endTime", limit: (usual: 50, most: 200))
        return result { json in
            json.text("symbol", listing.symbol)
            json.text("category", request.query["category"] ?? "")
            json.list("list")
            for time in hours {
                let quote = moment.at(time).quote(listing)
                let both = (listing.inverse ? quote.openInterest * quote.mark : quote.openInterest) * 2
                json.begin()
                json.fixed("openInterest", both, 8)
                if moment.time >= Self.singleSideSince {
                    json.short("singleOpenInterest", both / 2, listing.quantityPlaces)
                }
                json.quotedInteger("timestamp", time)
                json.end()
            }
            json.endList()
            json.text("nextPageCursor", "")
        }
    }

    /// The hours that a call asks about, newest first, both ends of its span included.
    private func pastHours(
        _ listing: SimulatedListing, _ from: String, _ to: String, limit: (usual: Int64, most: Int64)
    ) -> [Int64] {
        let count = max(1, min(limit.most, request.number("limit") ?? limit.usual))
        let last = min(request.number(to) ?? moment.time, moment.time)
        let first = max(request.number(from) ?? 0, last - (count + 1) * Moment.hourLength)
        return moment.pastHours(of: listing, from: first, to: last + 1).suffix(Int(count)).reversed()
    }

    /// Newest first, with the hour that still runs; rows of mark and index prices have no volume.
    private func candles(_ price: PastPrice) -> ExchangeReply {
        if let badCategory { return badCategory }
        guard let listing = asked() else { return invalidSymbol }
        guard request.query["interval"] == "60" else { return error(10001, "params error: Interval Is Invalid") }
        let hours = pastHours(listing, "start", "end", limit: (usual: 200, most: 1000))
        return result(capacity: 120 * hours.count + 256) { json in
            json.text("symbol", listing.symbol)
            json.text("category", request.query["category"] ?? "")
            json.list("list")
            for candle in moment.candles(of: listing, hours: hours.reversed(), price: price).reversed() {
                json.list()
                json.quotedInteger(candle.from)
                for value in [candle.open, candle.high, candle.low, candle.close] {
                    json.fixed(value, listing.pricePlaces)
                }
                if price == .last {
                    json.fixed(listing.inverse ? candle.turnover.rounded() : candle.volume, listing.inverse ? 0 : 4)
                    json.fixed(listing.inverse ? candle.volume : candle.turnover, 4)
                }
                json.endList()
            }
            json.endList()
        }
    }
}
