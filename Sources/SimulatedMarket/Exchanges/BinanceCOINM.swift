import PerpCore

/// Binance COIN-M: the shapes of USDT-M, with contracts of dollars and a pair beside each symbol.
struct SimulatedBinanceCOINM {
    let moment: Moment
    let request: SimulatedRequest

    private var usual: SimulatedBinance { SimulatedBinance(moment: moment, request: request) }

    func respond() -> ExchangeReply {
        guard request.method == "GET" else { return usual.unknownPath() }
        switch request.path {
        case "/dapi/v1/exchangeInfo": return exchangeInfo()
        case "/dapi/v1/ticker/24hr": return tickers()
        case "/dapi/v1/premiumIndex": return premiumIndex()
        case "/dapi/v1/ticker/bookTicker": return bookTickers()
        case "/dapi/v1/fundingInfo": return fundingInfo()
        case "/dapi/v1/fundingRate": return fundingRates()
        case "/dapi/v1/openInterest": return openInterest()
        case "/futures/data/globalLongShortAccountRatio": return ratios(population: 0)
        case "/futures/data/topLongShortAccountRatio": return ratios(population: 1)
        case "/futures/data/topLongShortPositionRatio": return ratios(population: 2)
        case "/futures/data/takerBuySellVol": return takerVolume()
        case "/futures/data/openInterestHist": return openInterestHistory()
        case "/dapi/v1/klines": return candles(.last)
        case "/dapi/v1/markPriceKlines": return candles(.mark)
        case "/dapi/v1/indexPriceKlines": return candles(.index)
        default: return usual.unknownPath()
        }
    }

    // MARK: - Lists

    /// Writes one object per instrument; a call for one symbol has a list, too.
    private func rows(
        weight: Int64, shown: (SimulatedListing) -> Bool, write: (inout JSONBytes, SimulatedListing) -> Void
    ) -> ExchangeReply {
        var listings = moment.listings().filter(shown)
        if let symbol = request.query["symbol"] {
            listings = listings.filter { $0.symbol == Array(symbol.utf8) }
            if listings.isEmpty { return usual.invalidSymbol }
        }
        var json = JSONBytes(capacity: 500 * listings.count + 16)
        json.list()
        for listing in listings {
            json.begin()
            json.text("symbol", listing.symbol)
            json.text("pair", pair(listing))
            write(&json, listing)
            json.end()
        }
        json.endList()
        return ExchangeReply(json, weight: request.query["symbol"] == nil ? weight : 1)
    }

    private func pair(_ listing: SimulatedListing) -> String { listing.base + "USD" }

    private func isTrading(_ listing: SimulatedListing) -> Bool { listing.isTrading(at: moment.time) }

    /// Contracts worth a number of coins at a price.
    private func contracts(_ coins: Double, _ price: Double, _ listing: SimulatedListing) -> Int64 {
        Int64((coins * price / listing.contractSize).rounded())
    }

    private func tickers() -> ExchangeReply {
        rows(weight: 40, shown: isTrading) { json, listing in
            let quote = moment.quote(listing)
            let price = listing.pricePlaces
            json.fixed("priceChange", quote.last - quote.open, price)
            json.fixed("priceChangePercent", quote.change * 100, 3)
            json.fixed("weightedAvgPrice", (quote.last + quote.open) / 2, price)
            json.fixed("lastPrice", quote.last, price)
            json.text("lastQty", "5")
            json.fixed("openPrice", quote.open, price)
            json.fixed("highPrice", quote.high, price)
            json.fixed("lowPrice", quote.low, price)
            json.quotedInteger("volume", contracts(quote.volume, quote.last, listing))
            json.fixed("baseVolume", quote.volume, 8)
            json.integer("openTime", moment.time - 86_400_000 + 63)
            json.integer("closeTime", moment.time - Int64(listing.key % 900))
            let first = Int64(listing.key % 900_000_000)
            json.integer("firstId", first)
            json.integer("lastId", first + quote.trades - 1)
            json.integer("count", quote.trades)
        }
    }

    private func premiumIndex() -> ExchangeReply {
        rows(weight: 10) { listing in
            listing.phase(at: moment.time) == .trading || listing.phase(at: moment.time) == .settling
        } write: { json, listing in
            let quote = moment.quote(listing)
            json.fixed("markPrice", quote.mark, 8)
            json.fixed("indexPrice", quote.index, 8)
            json.fixed("estimatedSettlePrice", quote.index * 1.0001, 8)
            if listing.isPerpetual {
                json.fixed("lastFundingRate", quote.fundingRate, 8)
                json.text("interestRate", "0.00010000")
                json.integer("nextFundingTime", moment.nextSettlement(listing))
            } else {
                json.raw(#""lastFundingRate":"","interestRate":"","nextFundingTime":0,"#)
            }
            json.integer("time", moment.time - moment.time % 1000)
        }
    }

    private func bookTickers() -> ExchangeReply {
        rows(weight: 5, shown: isTrading) { json, listing in
            let quote = moment.quote(listing)
            json.fixed("bidPrice", quote.bid, listing.pricePlaces)
            json.text("bidQty", "5203")
            json.fixed("askPrice", quote.ask, listing.pricePlaces)
            json.text("askQty", "8164")
            json.integer("time", moment.time - Int64(listing.key % 700))
        }
    }

    private func openInterest() -> ExchangeReply {
        guard let symbol = request.query["symbol"], !symbol.isEmpty else { return usual.missing("symbol") }
        guard let listing = moment.listing(symbol) else { return usual.invalidSymbol }
        guard isTrading(listing) else {
            return usual.error(-4108, "Symbol is on delivering or delivered or settling or closed or pre-trading.")
        }
        let quote = moment.quote(listing)
        var json = JSONBytes()
        json.begin()
        json.text("symbol", listing.symbol)
        json.text("pair", pair(listing))
        json.quotedInteger("openInterest", contracts(quote.openInterest, quote.mark, listing))
        json.text("contractType", contractType(listing))
        json.integer("time", moment.time)
        json.end()
        return ExchangeReply(json)
    }

    // MARK: - Funding

    /// One contract had its cap changed; all settle every eight hours.
    private func fundingInfo() -> ExchangeReply {
        var json = JSONBytes()
        json.list()
        for listing in moment.listings().filter({ $0.isPerpetual && isTrading($0) }).suffix(1) {
            json.begin()
            json.text("symbol", listing.symbol)
            json.raw(#""adjustedFundingRateCap":"0.02500000","adjustedFundingRateFloor":"-0.02500000","#)
            json.integer("fundingIntervalHours", Int64(listing.interval))
            json.bool("disclaimer", false)
            json.end()
        }
        json.endList()
        return ExchangeReply(json)
    }

    /// The latest settlements of one symbol, oldest first.
    private func fundingRates() -> ExchangeReply {
        guard let symbol = request.query["symbol"], !symbol.isEmpty else { return usual.missing("symbol") }
        guard let listing = moment.listing(symbol), listing.isPerpetual else { return usual.invalidSymbol }
        let step = Int64(listing.interval) * 3_600_000
        let limit = max(1, min(1000, request.number("limit") ?? 100))
        let last = min(moment.time, request.number("endTime") ?? moment.time) / step * step
        var times = (0..<limit).reversed().map { last - $0 * step }
        // From a start, the oldest ones.
        if let start = request.number("startTime") {
            times = Array(moment.settlements(of: listing, from: start, to: last).prefix(Int(limit)))
        }
        var json = JSONBytes()
        json.list()
        for time in times {
            json.begin()
            json.text("symbol", listing.symbol)
            json.integer("fundingTime", time + moment.lateness(listing, settlement: time, limit: 46))
            json.fixed("fundingRate", moment.fundingRate(listing, at: time), 8)
            json.end()
        }
        json.endList()
        return ExchangeReply(json)
    }

    // MARK: - Long and short

    /// The perpetual of the pair that the call names, and the ends of the hours that it wants, oldest first.
    private func hours() -> (listing: SimulatedListing, times: [Int64])? {
        guard let pair = request.query["pair"], let listing = moment.listing(pair + "_PERP"),
            request.query["period"] == "1h"
        else { return nil }
        let limit = max(1, min(500, request.number("limit") ?? 30))
        let last = min(moment.time, request.number("endTime") ?? moment.time) / 3_600_000 * 3_600_000
        let times = (0..<limit).reversed().map { last - $0 * 3_600_000 }
        guard let start = request.number("startTime") else { return (listing, times) }
        return (listing, times.filter { $0 >= max(start, listing.listedAt) })
    }

    private func statistics(_ write: (inout JSONBytes, SimulatedListing, Int64) -> Void) -> ExchangeReply {
        if let tooOld = usual.tooOld { return tooOld }
        guard let (listing, times) = hours() else {
            return request.query["pair"] == nil ? usual.missing("pair") : usual.error(-1130, "invalid pair or period")
        }
        var json = JSONBytes()
        json.list()
        for time in times {
            json.begin()
            json.text("pair", pair(listing))
            write(&json, listing, time)
            json.integer("timestamp", time)
            json.end()
        }
        json.endList()
        return ExchangeReply(json)
    }

    /// The fractions of positions have other names than those of accounts.
    private func ratios(population: UInt64) -> ExchangeReply {
        statistics { json, listing, time in
            let long = (moment.longFraction(listing, population: population, at: time) * 1e4).rounded() / 1e4
            json.fixed("longShortRatio", long / (1 - long), 4)
            json.fixed(population == 2 ? "longPosition" : "longAccount", long, 4)
            json.fixed(population == 2 ? "shortPosition" : "shortAccount", 1 - long, 4)
        }
    }

    private func takerVolume() -> ExchangeReply {
        guard let type = request.query["contractType"] else { return usual.missing("contractType") }
        return statistics { json, listing, time in
            let quote = moment.quote(listing)
            let volume = Double(contracts(quote.volume, quote.last, listing)) / 24
            let buy = moment.longFraction(listing, population: 3, at: time)
            json.text("contractType", type)
            json.quotedInteger("takerBuyVol", Int64(volume * buy))
            json.quotedInteger("takerSellVol", Int64(volume * (1 - buy)))
            json.fixed("takerBuyVolValue", quote.volume / 24 * buy, 4)
            json.fixed("takerSellVolValue", quote.volume / 24 * (1 - buy), 4)
        }
    }

    // MARK: - History

    /// Contracts, and the coins that they are worth.
    private func openInterestHistory() -> ExchangeReply {
        guard let type = request.query["contractType"] else { return usual.missing("contractType") }
        return statistics { json, listing, time in
            let quote = moment.at(time).quote(listing)
            json.text("contractType", type)
            json.quotedInteger("sumOpenInterest", contracts(quote.openInterest, quote.mark, listing))
            json.fixed("sumOpenInterestValue", quote.openInterest, 8)
        }
    }

    /// As USDT-M's, with contracts and coins; a span of more than 200 days is refused.
    private func candles(_ price: PastPrice) -> ExchangeReply {
        let name = price == .index ? "pair" : "symbol"
        guard let asked = request.query[name], !asked.isEmpty else { return usual.missing(name) }
        guard let listing = moment.listing(price == .index ? asked + "_PERP" : asked) else {
            return usual.invalidSymbol
        }
        if let start = request.number("startTime"), let end = request.number("endTime"), end - start > 200 * 86_400_000
        {
            return usual.error(-4088, "Maximum time interval is 200 days.")
        }
        return usual.klines(of: listing, price: price) { candle in
            let price = (candle.open + candle.close) / 2
            return (Double(contracts(candle.volume, price, listing)), 0, candle.volume, 8)
        }
    }

    // MARK: - Instruments

    private func exchangeInfo() -> ExchangeReply {
        let listings = moment.listings()
        var json = JSONBytes(capacity: 900 * listings.count + 1024)
        json.begin()
        json.text("timezone", "UTC")
        json.integer("serverTime", moment.time)
        json.raw(#""rateLimits":[{"rateLimitType":"REQUEST_WEIGHT","interval":"MINUTE","intervalNum":1,"limit":2400},"#)
        json.raw(#"{"rateLimitType":"ORDERS","interval":"MINUTE","intervalNum":1,"limit":1200}],"exchangeFilters":[],"#)
        json.list("symbols")
        for listing in listings where listing.phase(at: moment.time) != .absent { instrument(&json, listing) }
        json.endList()
        json.end()
        return ExchangeReply(json)
    }

    private func status(_ listing: SimulatedListing) -> String {
        switch listing.phase(at: moment.time) {
        case .trading: "TRADING"
        case .prelaunch: "PENDING_TRADING"
        case .settling: listing.isPerpetual ? "SETTLING" : "DELIVERING"
        case .absent: "CLOSE"
        }
    }

    private func contractType(_ listing: SimulatedListing) -> String {
        listing.isPerpetual ? "PERPETUAL" : listing.tag
    }

    private func instrument(_ json: inout JSONBytes, _ listing: SimulatedListing) {
        json.begin()
        json.text("symbol", listing.symbol)
        json.text("pair", pair(listing))
        json.text("contractType", contractType(listing))
        let delivery: Int64 = if case .dated(let time) = listing.contract { time } else { 4_133_404_800_000 }
        json.integer("deliveryDate", delivery)
        json.integer("onboardDate", listing.listedAt)
        json.text("contractStatus", status(listing))
        json.integer("contractSize", Int64(listing.contractSize))
        json.text("marginAsset", listing.settle)
        json.raw(#""maintMarginPercent":"2.5000","requiredMarginPercent":"5.0000","#)
        json.text("baseAsset", listing.base)
        json.text("quoteAsset", "USD")
        json.integer("pricePrecision", Int64(listing.pricePlaces))
        json.raw(#""quantityPrecision":0,"baseAssetPrecision":8,"quotePrecision":8,"equalQtyPrecision":4,"#)
        json.raw(#""triggerProtect":"0.0500","underlyingType":"COIN","underlyingSubType":[],"#)
        json.list("filters")
        json.begin()
        json.short("tickSize", 1 / powersOfTen[listing.pricePlaces], listing.pricePlaces)
        json.raw(#""filterType":"PRICE_FILTER","#)
        json.end()
        json.raw(#"{"filterType":"LOT_SIZE","stepSize":"1","maxQty":"1000000","minQty":"1"},"#)
        json.endList()
        json.raw(#""orderTypes":["LIMIT","MARKET"],"timeInForce":["GTC","IOC","FOK","GTX"],"#)
        json.raw(#""liquidationFee":"0.015000","marketTakeBound":"0.05","#)
        json.end()
    }
}
