import PerpCore

/// KuCoin futures: all contracts and their markets in one response.
struct SimulatedKuCoin {
    let moment: Moment
    let request: SimulatedRequest

    func respond() -> ExchangeReply {
        switch request.path {
        case "/api/v1/contracts/active": contracts()
        case "/api/v1/contract/funding-rates": fundingHistory()
        case "/api/v1/kline/query": candles()
        default: error("404", "Not Found", status: 404)
        }
    }

    private func error(_ code: String, _ message: String, status: Int = 200) -> ExchangeReply {
        ExchangeReply(
            text: #"{"code":"\#(code)","msg":"\#(message)"}"#, status: status, contentType: "application/json")
    }

    private func contracts() -> ExchangeReply {
        let listings = moment.listings()
        var json = JSONBytes(capacity: 1400 * listings.count + 64)
        json.begin()
        json.text("code", "200000")
        json.list("data")
        for listing in listings { contract(&json, listing) }
        json.endList()
        json.end()
        return ExchangeReply(json, weight: 6)
    }

    private func status(_ listing: SimulatedListing) -> String {
        if let state = listing.state { return state }
        return switch listing.phase(at: moment.time) {
        case .trading: "Open"
        case .prelaunch: "Init"
        case .settling: "BeingSettled"
        case .absent: "Closed"
        }
    }

    private func contract(_ json: inout JSONBytes, _ listing: SimulatedListing) {
        let classes = ["": "CRYPTO", "stock": "STOCK", "commodity": "METAL", "index": "INDEX", "fx": "FOREX"]
        json.begin()
        json.text("symbol", listing.symbol)
        json.text("rootSymbol", listing.settle)
        json.raw(#""type":"FFWCSX","#)
        json.integer("firstOpenDate", listing.listedAt)
        json.raw(#""expireDate":null,"settleDate":null,"#)
        json.text("baseCurrency", listing.base)
        json.text("quoteCurrency", listing.quote.rawValue)
        json.text("settleCurrency", listing.settle)
        json.raw(#""maxOrderQty":1000000,"maxPrice":1000000.0,"lotSize":1,"#)
        json.number("tickSize", 1 / powersOfTen[listing.pricePlaces], listing.pricePlaces)
        json.number("multiplier", listing.inverse ? -1 : listing.contractSize, listing.contractPlaces)
        json.raw(#""initialMargin":0.014,"maintainMargin":0.007,"makerFeeRate":0.0002,"takerFeeRate":0.0006,"#)
        json.raw(#""isDeleverage":true,"isQuanto":false,"#)
        json.bool("isInverse", listing.inverse)
        json.raw(#""markMethod":"FairPrice","fairMethod":"FundingRate","#)
        json.text("assetClass", classes[listing.tag] ?? "")
        json.raw(#""marketType":"CRYPTO","#)
        json.text("status", status(listing))
        market(&json, listing)
        json.raw(#""maxLeverage":75,"sourceExchanges":["okex","binance","kucoin"]"#)
        json.raw(",")
        json.end()
    }

    private func market(_ json: inout JSONBytes, _ listing: SimulatedListing) {
        let quote = moment.quote(listing)
        let price = listing.pricePlaces
        let coinsPerLot = listing.inverse ? 1 / quote.mark : listing.contractSize
        let interval = Int64(listing.interval) * 3_600_000
        let next = moment.nextSettlement(listing)
        json.number("fundingFeeRate", quote.fundingRate, 6)
        json.number("predictedFundingFeeRate", quote.fundingRate, 6)
        json.number("lastTimeFundingRate", moment.fundingRate(listing, at: next - interval), 6)
        json.integer("fundingRateGranularity", interval)
        // Some contracts state only the usual interval.
        if listing.key % 5 == 0 {
            json.null("currentFundingRateGranularity")
        } else {
            json.integer("currentFundingRateGranularity", interval)
        }
        json.quotedInteger("openInterest", Int64((quote.openInterest / coinsPerLot).rounded()))
        json.number("turnoverOf24h", listing.inverse ? quote.volume : quote.turnover, 8)
        json.number("volumeOf24h", listing.inverse ? quote.turnover : quote.volume, 6)
        json.number("markPrice", quote.mark, price)
        json.number("indexPrice", quote.index, price)
        json.number("lastTradePrice", quote.last, price)
        json.integer("nextFundingRateTime", next - moment.time)
        json.integer("nextFundingRateDateTime", next)
        json.number("lowPrice", quote.low, price)
        json.number("highPrice", quote.high, price)
        json.number("priceChgPct", quote.change, 4)
        json.number("priceChg", quote.last - quote.open, price)
    }

    // MARK: - History

    /// Rows in an envelope; without any, `null`.
    private func rows<Row>(_ rows: [Row], weight: Int64, _ write: (inout JSONBytes, Row) -> Void) -> ExchangeReply {
        var json = JSONBytes(capacity: 110 * rows.count + 64)
        json.begin()
        json.text("code", "200000")
        if rows.isEmpty {
            json.null("data")
        } else {
            json.list("data")
            for row in rows { write(&json, row) }
            json.endList()
        }
        json.end()
        return ExchangeReply(json, weight: weight)
    }

    private func asked() -> SimulatedListing? { request.query["symbol"].flatMap(moment.listing) }

    private var badSymbol: ExchangeReply { error("100001", "symbol is invalid") }

    /// A hundred settlements of a span, newest first.
    private func fundingHistory() -> ExchangeReply {
        guard let listing = asked(), let from = request.number("from"), let to = request.number("to") else {
            return badSymbol
        }
        return rows(moment.newestSettlements(of: listing, from: from, through: to, most: 100), weight: 5) {
            json, time in
            json.begin()
            json.text("symbol", listing.symbol)
            json.number("fundingRate", moment.fundingRate(listing, at: time), 6)
            json.integer("timepoint", time)
            json.end()
        }
    }

    /// 200 hours of a span, oldest first, with the one that still runs; volume is in lots.
    private func candles() -> ExchangeReply {
        guard let listing = asked() else { return badSymbol }
        guard request.query["granularity"] == "60" else { return error("100001", "granularity is invalid") }
        let through = request.number("to") ?? moment.time
        let from = request.number("from") ?? through - 199 * Moment.hourLength
        let hours = moment.oldestHours(of: listing, from: from, through: through, most: 200).hours
        return rows(moment.candles(of: listing, hours: hours, price: .last), weight: 3) { json, candle in
            json.list()
            json.integer(candle.from)
            for value in [candle.open, candle.high, candle.low, candle.close] {
                json.number(value, listing.pricePlaces)
            }
            json.number((listing.inverse ? candle.turnover : candle.volume / listing.contractSize).rounded(), 0)
            json.number(listing.inverse ? candle.volume : candle.turnover, 4)
            json.endList()
        }
    }
}
