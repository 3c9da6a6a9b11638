import PerpCore

/// Binance USDT-M, and AsterDEX, whose API has the same shapes with a few differences.
struct SimulatedBinance {
    let moment: Moment
    let request: SimulatedRequest

    var isAster: Bool { request.exchange == .aster }

    func respond() -> ExchangeReply {
        guard request.method == "GET" else { return unknownPath() }
        switch request.path {
        case "/fapi/v1/exchangeInfo", "/fapi/v3/exchangeInfo": return exchangeInfo()
        case "/fapi/v1/ticker/24hr", "/fapi/v3/ticker/24hr": return tickers()
        case "/fapi/v1/premiumIndex", "/fapi/v3/premiumIndex": return premiumIndex()
        case "/fapi/v1/ticker/bookTicker", "/fapi/v3/ticker/bookTicker": return bookTickers()
        case "/fapi/v1/fundingInfo", "/fapi/v3/fundingInfo": return fundingInfo()
        case "/fapi/v1/fundingRate", "/fapi/v3/fundingRate": return fundingRates()
        case "/fapi/v1/openInterest", "/fapi/v3/openInterest": return openInterest()
        case "/api/v3/ticker/24hr" where !isAster: return spotTickers()
        case "/api/v1/ticker/24hr" where isAster: return spotTickers()
        case "/futures/data/globalLongShortAccountRatio" where !isAster: return ratios(population: 0)
        case "/futures/data/topLongShortAccountRatio" where !isAster: return ratios(population: 1)
        case "/futures/data/topLongShortPositionRatio" where !isAster: return ratios(population: 2)
        case "/futures/data/takerlongshortRatio" where !isAster: return takerRatios()
        case "/futures/data/openInterestHist" where !isAster: return openInterestHistory()
        case "/fapi/v1/klines", "/fapi/v3/klines": return candles(.last)
        case "/fapi/v1/markPriceKlines", "/fapi/v3/markPriceKlines": return candles(.mark)
        case "/fapi/v1/indexPriceKlines", "/fapi/v3/indexPriceKlines": return candles(.index)
        default: return unknownPath()
        }
    }

    // MARK: - Errors

    func unknownPath() -> ExchangeReply {
        error(-5000, "Path \(request.path), Method \(request.method) is invalid", status: 404)
    }

    func error(_ code: Int64, _ message: String, status: Int = 400) -> ExchangeReply {
        var json = JSONBytes()
        json.begin()
        json.integer("code", code)
        json.text("msg", message)
        json.end()
        return ExchangeReply(json, status: status)
    }

    func missing(_ name: String) -> ExchangeReply {
        error(-1102, "Mandatory parameter '\(name)' was not sent, was empty/null, or malformed.")
    }

    var invalidSymbol: ExchangeReply { error(-1121, "Invalid symbol.") }

    // MARK: - Lists

    /// Writes one object for each instrument in the response, or the bare object of the requested one.
    private func rows(
        weight: Int64, oneWeight: Int64 = 1, shown: (SimulatedListing) -> Bool,
        write: (inout JSONBytes, SimulatedListing) -> Void
    ) -> ExchangeReply {
        if let symbol = request.query["symbol"] {
            guard let listing = moment.listing(symbol), shown(listing) else { return invalidSymbol }
            var json = JSONBytes()
            write(&json, listing)
            return ExchangeReply(json, weight: oneWeight)
        }
        var json = JSONBytes(capacity: 400_000)
        json.list()
        for listing in moment.listings() where shown(listing) { write(&json, listing) }
        json.endList()
        return ExchangeReply(json, weight: weight)
    }

    private func isTrading(_ listing: SimulatedListing) -> Bool { listing.isTrading(at: moment.time) }

    private func tickers() -> ExchangeReply {
        rows(weight: 40, shown: isTrading) { json, listing in
            let quote = moment.quote(listing)
            let price = listing.pricePlaces
            json.begin()
            json.text("symbol", listing.symbol)
            json.fixed("priceChange", quote.last - quote.open, price)
            json.fixed("priceChangePercent", quote.change * 100, 3)
            json.fixed("weightedAvgPrice", (quote.last + quote.open) / 2, price)
            if isAster { json.fixed("prevClosePrice", quote.open, price) }
            json.fixed("lastPrice", quote.last, price)
            json.fixed("lastQty", lastQuantity(listing, quote), listing.quantityPlaces)
            json.fixed("openPrice", quote.open, price)
            json.fixed("highPrice", quote.high, price)
            json.fixed("lowPrice", quote.low, price)
            json.fixed("volume", quote.volume, listing.quantityPlaces)
            json.fixed("quoteVolume", quote.turnover, listing.quote == .btc ? 8 : 2)
            json.integer("openTime", moment.time - 86_400_000 + 63)
            json.integer("closeTime", moment.time - Int64(listing.key % 900))
            let first = Int64(listing.key % 900_000_000) + quote.trades
            json.integer("firstId", first)
            json.integer("lastId", first + quote.trades - 1)
            json.integer("count", quote.trades)
            json.end()
        }
    }

    private func lastQuantity(_ listing: SimulatedListing, _ quote: SimulatedQuote) -> Double {
        let dollars = 20 + 4000 * Noise.unit(listing.key, moment.time)
        return max(1 / powersOfTen[listing.quantityPlaces], dollars / quote.last)
    }

    private func premiumIndex() -> ExchangeReply {
        rows(weight: 10) { listing in
            moment.time >= listing.listedAt && listing.phase(at: moment.time) != .prelaunch
        } write: { json, listing in
            let quote = moment.quote(listing)
            let isLive = isTrading(listing)
            json.begin()
            json.text("symbol", listing.symbol)
            json.fixed("markPrice", quote.mark, 8)
            json.fixed("indexPrice", quote.index, 8)
            json.fixed("estimatedSettlePrice", isLive ? quote.index * 1.0001 : 0, 8)
            if isAster { settlement(&json, listing, quote) } else { estimate(&json, listing, quote) }
            json.integer("time", moment.time - moment.time % 1000)
            json.end()
        }
    }

    private func estimate(_ json: inout JSONBytes, _ listing: SimulatedListing, _ quote: SimulatedQuote) {
        json.fixed("lastFundingRate", quote.fundingRate, 8)
        json.fixed("interestRate", interest(listing), 8)
        json.integer("nextFundingTime", listing.isPerpetual ? moment.nextSettlement(listing) : 0)
    }

    private func settlement(_ json: inout JSONBytes, _ listing: SimulatedListing, _ quote: SimulatedQuote) {
        json.fixed("lastFundingRate", quote.fundingRate, 8)
        json.integer("nextFundingTime", listing.isPerpetual ? moment.nextSettlement(listing) : 0)
        json.fixed("interestRate", interest(listing), 8)
    }

    private func interest(_ listing: SimulatedListing) -> Double {
        listing.isPerpetual && listing.quote != .btc ? 0.0001 * Double(listing.interval) / 8 : 0
    }

    private func bookTickers() -> ExchangeReply {
        rows(weight: isAster ? 2 : 5, shown: isTrading) { json, listing in
            let quote = moment.quote(listing)
            json.begin()
            json.text("symbol", listing.symbol)
            json.fixed("bidPrice", quote.bid, listing.pricePlaces)
            json.fixed("bidQty", lastQuantity(listing, quote) * 3, listing.quantityPlaces)
            json.fixed("askPrice", quote.ask, listing.pricePlaces)
            json.fixed("askQty", lastQuantity(listing, quote) * 2, listing.quantityPlaces)
            json.integer("time", moment.time - Int64(listing.key % 700))
            if !isAster { json.integer("lastUpdateId", moment.time * 7 + Int64(listing.key % 10_000)) }
            json.end()
        }
    }

    private func openInterest() -> ExchangeReply {
        guard let symbol = request.query["symbol"], !symbol.isEmpty else { return missing("symbol") }
        guard let listing = moment.listing(symbol) else { return invalidSymbol }
        guard isTrading(listing) else {
            return error(
                -4108, "Symbol is on delivering or delivered or settling or closed or pre-trading.")
        }
        var json = JSONBytes()
        json.begin()
        json.text("symbol", listing.symbol)
        json.fixed("openInterest", moment.quote(listing).openInterest, listing.quantityPlaces)
        json.integer("time", moment.time)
        json.end()
        return ExchangeReply(json)
    }

    // MARK: - Funding

    /// Binance lists only markets that differ from 8 hours and the usual caps; Aster lists every market.
    private func fundingInfo() -> ExchangeReply {
        var json = JSONBytes(capacity: 100_000)
        json.list()
        for listing in moment.listings() where isTrading(listing) && listing.isPerpetual {
            let cap = listing.interval == 8 ? 0.03 : 0.02
            if isAster {
                json.begin()
                json.text("symbol", listing.symbol)
                json.fixed("interestRate", interest(listing), 8)
                json.integer("time", listing.listedAt)
                json.integer("fundingIntervalHours", Int64(listing.interval))
                json.number("fundingFeeCap", cap, 4)
                json.number("fundingFeeFloor", -cap, 4)
                json.end()
            } else if listing.interval != 8 || listing.key % 11 == 0 {
                json.begin()
                json.text("symbol", listing.symbol)
                json.fixed("adjustedFundingRateCap", cap, 8)
                json.fixed("adjustedFundingRateFloor", -cap, 8)
                json.integer("fundingIntervalHours", Int64(listing.interval))
                json.bool("disclaimer", false)
                json.integer("updateTime", listing.listedAt + 86_400_123)
                json.end()
            }
        }
        json.endList()
        return ExchangeReply(json)
    }

    private func fundingRates() -> ExchangeReply {
        let limit = Int(max(1, min(1000, request.number("limit") ?? 100)))
        let end = min(moment.time, request.number("endTime") ?? moment.time)
        let listings: [SimulatedListing]
        if let symbol = request.query["symbol"] {
            guard let listing = moment.listing(symbol) else { return invalidSymbol }
            listings = [listing]
        } else {
            listings = moment.listings()
        }
        let span = Int64(listings.count == 1 ? limit : 3) * 8 * 3_600_000
        let start = request.number("startTime") ?? (end - span)
        var settlements: [(time: Int64, stamp: Int64, listing: SimulatedListing)] = []
        for listing in listings where listing.isPerpetual {
            let step = Int64(listing.interval) * 3_600_000
            var time = (start + step - 1) / step * step
            while time <= end, settlements.count < 20_000 {
                let stamp = time + moment.lateness(listing, settlement: time, limit: 46)
                if listing.isTrading(at: time - 60_000), stamp <= end {
                    settlements.append((time, stamp, listing))
                }
                time += step
            }
        }
        settlements.sort { $0.time < $1.time }
        // Without a start, the response has the latest rows, still oldest first.
        let rows = request.query["startTime"] == nil ? settlements.suffix(limit) : settlements.prefix(limit)
        var json = JSONBytes(capacity: 120 * rows.count + 16)
        json.list()
        for (time, stamp, listing) in rows {
            json.begin()
            json.text("symbol", listing.symbol)
            if isAster {
                json.fixed("fundingRate", moment.fundingRate(listing, at: time), 8)
                json.integer("fundingTime", stamp)
            } else {
                json.integer("fundingTime", stamp)
                json.fixed("fundingRate", moment.fundingRate(listing, at: time), 8)
                json.fixed("markPrice", moment.index(of: listing, at: time), 8)
            }
            json.end()
        }
        json.endList()
        return ExchangeReply(json)
    }

    // MARK: - Long and short

    /// The ends of the requested periods, oldest first.
    private func periods() -> (listing: SimulatedListing, times: [Int64])? {
        guard let symbol = request.query["symbol"], let listing = moment.listing(symbol) else { return nil }
        let lengths: [String: Int64] = [
            "5m": 300_000, "15m": 900_000, "30m": 1_800_000, "1h": 3_600_000, "2h": 7_200_000,
            "4h": 14_400_000, "6h": 21_600_000, "12h": 43_200_000, "1d": 86_400_000,
        ]
        guard let length = lengths[request.query["period"] ?? ""] else { return nil }
        let limit = max(1, min(500, request.number("limit") ?? 30))
        let last = min(moment.time, request.number("endTime") ?? moment.time) / length * length
        let times = (0..<limit).reversed().map { last - $0 * length }
        guard let start = request.number("startTime") else { return (listing, times) }
        return (listing, times.filter { $0 >= max(start, listing.listedAt) })
    }

    private func badPeriod() -> ExchangeReply {
        request.query["symbol"] == nil
            ? missing("symbol")
            : request.query["period"] == nil ? missing("period") : error(-1130, "invalid symbol or period")
    }

    /// The error for a start before the last 30 days, which the figures are kept for.
    var tooOld: ExchangeReply? {
        guard let start = request.number("startTime"), start < moment.time - 30 * 86_400_000 else { return nil }
        return error(-1130, "parameter 'startTime' is invalid.")
    }

    private func ratios(population: UInt64) -> ExchangeReply {
        if let tooOld { return tooOld }
        guard let (listing, times) = periods() else { return badPeriod() }
        var json = JSONBytes()
        json.list()
        for time in times {
            let long = (moment.longFraction(listing, population: population, at: time) * 1e4).rounded() / 1e4
            json.begin()
            json.text("symbol", listing.symbol)
            json.fixed("longAccount", long, 4)
            json.fixed("longShortRatio", long / (1 - long), 4)
            json.fixed("shortAccount", 1 - long, 4)
            json.integer("timestamp", time)
            json.end()
        }
        json.endList()
        return ExchangeReply(json)
    }

    private func takerRatios() -> ExchangeReply {
        if let tooOld { return tooOld }
        guard let (listing, times) = periods() else { return badPeriod() }
        let volume = moment.quote(listing).volume / 24
        var json = JSONBytes()
        json.list()
        for time in times {
            let buy = moment.longFraction(listing, population: 3, at: time)
            json.begin()
            json.fixed("buySellRatio", buy / (1 - buy), 4)
            json.fixed("buyVol", volume * buy, 4)
            json.fixed("sellVol", volume * (1 - buy), 4)
            json.integer("timestamp", time)
            json.end()
        }
        json.endList()
        return ExchangeReply(json)
    }

    // MARK: - History

    private func openInterestHistory() -> ExchangeReply {
        if let tooOld { return tooOld }
        guard let (listing, times) = periods() else { return badPeriod() }
        var json = JSONBytes(capacity: 200 * times.count + 16)
        json.list()
        for time in times {
            let quote = moment.at(time).quote(listing)
            json.begin()
            json.text("symbol", listing.symbol)
            json.fixed("sumOpenInterest", quote.openInterest, 8)
            json.fixed("sumOpenInterestValue", quote.openInterest * quote.mark, 8)
            json.text("CMCCirculatingSupply", "20080771.00000000")
            json.integer("timestamp", time)
            json.end()
        }
        json.endList()
        return ExchangeReply(json)
    }

    /// Oldest first, with the hour that still runs; volumes of mark and index prices are 0. The index is asked for by its pair.
    private func candles(_ price: PastPrice) -> ExchangeReply {
        let name = price == .index ? "pair" : "symbol"
        guard let symbol = request.query[name], !symbol.isEmpty else { return missing(name) }
        guard let listing = moment.listing(symbol) else { return invalidSymbol }
        return klines(of: listing, price: price) { candle in
            (candle.volume, listing.quantityPlaces, candle.turnover, 5)
        }
    }

    /// Rows of candles of one listing, as all Binance's interfaces send them.
    ///
    /// - Parameter amounts: a row's two amounts, with their digits after the point; takers bought half.
    func klines(
        of listing: SimulatedListing, price: PastPrice,
        amounts: (PastCandle) -> (volume: Double, places: Int, turnover: Double, turnoverPlaces: Int)
    ) -> ExchangeReply {
        guard let interval = request.query["interval"] else { return missing("interval") }
        guard interval == "1h" else { return error(-1120, "Invalid interval.") }
        let limit = max(1, min(1500, request.number("limit") ?? 500))
        let hours = moment.pastHours(
            of: listing, from: request.number("startTime"), to: request.number("endTime"), limit: limit)
        var json = JSONBytes(capacity: 180 * hours.count + 16)
        json.list()
        for candle in moment.candles(of: listing, hours: hours, price: price) {
            json.list()
            json.integer(candle.from)
            for value in [candle.open, candle.high, candle.low, candle.close] {
                json.fixed(value, price == .last ? listing.pricePlaces : 8)
            }
            let amounts = amounts(candle)
            let isOfTrades = price == .last
            if isOfTrades { json.fixed(amounts.volume, amounts.places) } else { json.text("0") }
            json.integer(candle.from + Moment.hourLength - 1)
            if isOfTrades { json.fixed(amounts.turnover, amounts.turnoverPlaces) } else { json.text("0") }
            json.integer(isOfTrades ? candle.trades : 3600)
            if isOfTrades {
                json.fixed(amounts.volume / 2, amounts.places)
                json.fixed(amounts.turnover / 2, amounts.turnoverPlaces)
            } else {
                json.raw(#""0","0","#)
            }
            json.text("0")
            json.endList()
        }
        json.endList()
        return ExchangeReply(json, weight: limit < 100 ? 1 : limit < 500 ? 2 : limit <= 1000 ? 5 : 10)
    }
}
