import PerpCore

extension SimulatedBinance {
    // MARK: - Instruments

    func exchangeInfo() -> ExchangeReply {
        let listings = moment.listings()
        var json = JSONBytes(capacity: 1500 * listings.count + 4096)
        json.begin()
        json.text("timezone", "UTC")
        json.integer("serverTime", moment.time)
        json.text("futuresType", "U_MARGINED")
        json.list("rateLimits")
        for (kind, interval, number, limit) in [
            ("REQUEST_WEIGHT", "MINUTE", 1, 2400), ("ORDERS", "MINUTE", 1, 1200), ("ORDERS", "SECOND", 10, 300),
        ] as [(String, String, Int64, Int64)] {
            json.begin()
            json.text("rateLimitType", kind)
            json.text("interval", interval)
            json.integer("intervalNum", number)
            json.integer("limit", limit)
            json.end()
        }
        json.endList()
        json.list("exchangeFilters")
        json.endList()
        json.list("assets")
        for (asset, exchange) in [("USDT", "-100"), ("BTC", "-0.00100000"), ("USDC", "-0.10000000"), ("BNB", "0")] {
            json.begin()
            json.text("asset", asset)
            json.bool("marginAvailable", true)
            json.text("autoAssetExchange", exchange)
            json.end()
        }
        json.endList()
        json.list("symbols")
        for listing in listings where listing.phase(at: moment.time) != .absent { instrument(&json, listing) }
        json.endList()
        json.end()
        return ExchangeReply(json)
    }

    private func status(_ listing: SimulatedListing) -> String {
        if let state = listing.state { return state }
        return switch listing.phase(at: moment.time) {
        case .trading: "TRADING"
        case .prelaunch: "PENDING_TRADING"
        case .settling: listing.isPerpetual ? "SETTLING" : "DELIVERING"
        case .absent: "CLOSE"
        }
    }

    private func contractType(_ listing: SimulatedListing) -> String {
        if !listing.isPerpetual { return listing.tag }
        return isAster && listing.phase(at: moment.time) == .prelaunch ? "" : "PERPETUAL"
    }

    private func deliveryDate(_ listing: SimulatedListing) -> Int64 {
        if case .dated(let time) = listing.contract { return time }
        if let frozen = listing.frozenAt, listing.phase(at: moment.time) == .settling { return frozen }
        return 4_133_404_800_000
    }

    private func instrument(_ json: inout JSONBytes, _ listing: SimulatedListing) {
        let tick = 1 / powersOfTen[listing.pricePlaces]
        let step = 1 / powersOfTen[listing.quantityPlaces]
        json.begin()
        json.text("symbol", listing.symbol)
        json.text("pair", listing.isPerpetual ? String(decoding: listing.symbol, as: UTF8.self) : listing.base + "USDT")
        json.text("contractType", contractType(listing))
        json.integer("deliveryDate", deliveryDate(listing))
        json.integer("onboardDate", listing.listedAt)
        json.text("status", status(listing))
        json.text("maintMarginPercent", isAster ? "12.5000" : "2.5000")
        json.text("requiredMarginPercent", isAster ? "25.0000" : "5.0000")
        json.text("baseAsset", listing.base)
        json.text("quoteAsset", listing.quote.rawValue)
        json.text("marginAsset", listing.settle)
        json.integer("pricePrecision", Int64(listing.pricePlaces))
        json.integer("quantityPrecision", Int64(listing.quantityPlaces))
        json.raw(#""baseAssetPrecision":8,"quotePrecision":8,"#)
        json.text("underlyingType", isAster || !listing.isPerpetual || listing.tag.isEmpty ? "COIN" : listing.tag)
        json.list("underlyingSubType")
        if isAster, !listing.tag.isEmpty { json.text(listing.tag) }
        if !isAster, listing.tag == "PREMARKET" { json.text("Pre-Market") }
        json.endList()
        if isAster { asterMembers(&json, listing) }
        json.raw(#""triggerProtect":"0.1500","liquidationFee":"0.015000","marketTakeBound":"0.15","#)
        if isAster {
            json.integer("createTime", listing.listedAt + 15_051)
        } else {
            json.raw(#""maxMoveOrderLimit":10000,"#)
        }
        json.list("filters")
        json.begin()
        json.short("minPrice", tick, listing.pricePlaces)
        json.raw(#""filterType":"PRICE_FILTER","maxPrice":"1000000","#)
        json.short("tickSize", tick, listing.pricePlaces)
        json.end()
        lot(&json, "LOT_SIZE", step, listing)
        lot(&json, "MARKET_LOT_SIZE", step, listing)
        json.raw(#"{"filterType":"MAX_NUM_ORDERS","limit":200},{"filterType":"MAX_NUM_ALGO_ORDERS","limit":10},"#)
        json.raw(#"{"filterType":"MIN_NOTIONAL","notional":"5"},{"multiplierUp":"1.0500","#)
        json.raw(#""filterType":"PERCENT_PRICE","multiplierDecimal":"4","multiplierDown":"0.9500"},"#)
        if !isAster { json.raw(#"{"positionControlSide":"NONE","filterType":"POSITION_RISK_CONTROL"},"#) }
        json.endList()
        json.raw(#""orderTypes":["LIMIT","MARKET","STOP","STOP_MARKET","TAKE_PROFIT","TAKE_PROFIT_MARKET","#)
        json.raw(#""TRAILING_STOP_MARKET"],"#)
        if isAster {
            json.raw(#""timeInForce":["GTC","IOC","FOK","GTX","RPI","HIDDEN"],"#)
        } else {
            json.raw(#""timeInForce":["GTC","IOC","FOK","GTX","GTD"],"permissionSets":["GRID","COPY","DCA"],"#)
        }
        json.end()
    }

    private func asterMembers(_ json: inout JSONBytes, _ listing: SimulatedListing) {
        json.integer("symbolType", listing.tag.isEmpty ? 0 : 1)
        json.raw(#""tradingMode":0,"#)
        json.text("name", listing.base)
        json.raw(#""channel":"{}","sequenceNo":100,"twapMinNotional":"1000","settlePlan":0,"#)
    }

    private func lot(_ json: inout JSONBytes, _ kind: String, _ step: Double, _ listing: SimulatedListing) {
        json.begin()
        json.text("filterType", kind)
        json.short("minQty", step, listing.quantityPlaces)
        json.short("stepSize", step, listing.quantityPlaces)
        json.text("maxQty", "10000000")
        json.end()
    }

    // MARK: - Spot

    func spotTickers() -> ExchangeReply {
        if let list = request.query["symbols"] {
            // `["BTCUSDT","ETHUSDT"]`
            let symbols = list.split { "[]\", ".contains($0) }.map(String.init)
            var json = JSONBytes()
            json.list()
            for symbol in symbols {
                guard let spot = SpotPair(symbol, in: moment) else { return invalidSymbol }
                spotTicker(&json, spot)
            }
            json.endList()
            return ExchangeReply(json, weight: 2)
        }
        guard let symbol = request.query["symbol"] else { return missing("symbol") }
        guard let spot = SpotPair(symbol, in: moment) else { return invalidSymbol }
        var json = JSONBytes()
        spotTicker(&json, spot)
        return ExchangeReply(json, weight: 2)
    }

    private func spotTicker(_ json: inout JSONBytes, _ spot: SpotPair) {
        json.begin()
        json.text("symbol", spot.symbol)
        json.fixed("priceChange", spot.last - spot.open, 8)
        json.fixed("priceChangePercent", (spot.last / spot.open - 1) * 100, 3)
        json.fixed("weightedAvgPrice", (spot.last + spot.open) / 2, 8)
        json.fixed("prevClosePrice", spot.open, 8)
        json.fixed("lastPrice", spot.last, 8)
        json.fixed("lastQty", 0.0123, 8)
        json.fixed("bidPrice", spot.bid, 8)
        json.fixed("bidQty", 2.31554, 8)
        json.fixed("askPrice", spot.ask, 8)
        json.fixed("askQty", 1.20731, 8)
        json.fixed("openPrice", spot.open, 8)
        json.fixed("highPrice", spot.high, 8)
        json.fixed("lowPrice", spot.low, 8)
        json.fixed("volume", spot.volume, 8)
        json.fixed("quoteVolume", spot.turnover, 8)
        json.integer("openTime", moment.time - 86_400_000)
        json.integer("closeTime", moment.time)
        json.integer("firstId", 5_000_000_000)
        json.integer("lastId", 5_000_000_000 + spot.trades - 1)
        json.integer("count", spot.trades)
        if isAster {
            json.text("baseAsset", spot.base)
            json.text("quoteAsset", "USDT")
        }
        json.end()
    }
}
