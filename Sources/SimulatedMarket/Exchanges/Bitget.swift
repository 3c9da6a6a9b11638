import PerpCore

/// Bitget USDT-FUTURES: `{code, msg, requestTime, data}`, every number a text.
struct SimulatedBitget {
    let moment: Moment
    let request: SimulatedRequest

    func respond() -> ExchangeReply {
        switch request.path {
        case "/api/v2/mix/market/tickers": futures(tickers)
        case "/api/v2/mix/market/contracts": futures(contracts)
        case "/api/v2/mix/market/current-fund-rate": futures(currentRates)
        case "/api/v2/mix/market/history-fund-rate": futures(historyRates)
        case "/api/v2/mix/market/open-interest": futures(openInterest)
        case "/api/v2/mix/market/account-long-short": accountRatio()
        case "/api/v2/mix/market/history-candles": futures { candles(.last) }
        case "/api/v2/mix/market/history-mark-candles": futures { candles(.mark) }
        case "/api/v2/mix/market/history-index-candles": futures { candles(.index) }
        case "/api/v3/market/liquidations": liquidations()
        case "/api/v2/spot/market/tickers": spotTicker()
        default: error("40404", "Request URL NOT FOUND", status: 404)
        }
    }

    // MARK: - Envelope

    private func envelope(
        _ code: String, _ message: String, capacity: Int = 1024, _ write: (inout JSONBytes) -> Void
    ) -> JSONBytes {
        var json = JSONBytes(capacity: capacity)
        json.begin()
        json.text("code", code)
        json.text("msg", message)
        json.integer("requestTime", moment.time)
        write(&json)
        json.end()
        return json
    }

    private func error(_ code: String, _ message: String, status: Int = 400) -> ExchangeReply {
        ExchangeReply(envelope(code, message) { $0.null("data") }, status: status)
    }

    private func data(capacity: Int = 1024, _ write: (inout JSONBytes) -> Void) -> ExchangeReply {
        ExchangeReply(
            envelope("00000", "success", capacity: capacity) { json in
                json.list("data")
                write(&json)
                json.endList()
            })
    }

    private func futures(_ reply: () -> ExchangeReply) -> ExchangeReply {
        guard let product = request.query["productType"] else {
            return error("400172", "Parameter verification failed productType")
        }
        guard product.uppercased() == "USDT-FUTURES" else {
            return ["COIN-FUTURES", "USDC-FUTURES"].contains(product.uppercased())
                ? data { _ in } : error("40020", "Parameter productType error")
        }
        return reply()
    }

    private var unknown: ExchangeReply { error("40034", "Parameter \(request.query["symbol"] ?? "") does not exist") }

    /// The instrument that the request names, or all; `nil` when the name is unknown.
    private func listings() -> [SimulatedListing]? {
        guard let symbol = request.query["symbol"] else { return moment.listings() }
        return moment.listing(symbol).map { [$0] }
    }

    // MARK: - Lists

    private func tickers() -> ExchangeReply {
        let listings = moment.listings().filter { $0.isTrading(at: moment.time) }
        return data(capacity: 640 * listings.count) { json in
            for listing in listings { ticker(&json, listing) }
        }
    }

    private func ticker(_ json: inout JSONBytes, _ listing: SimulatedListing) {
        let quote = moment.quote(listing)
        let price = listing.pricePlaces
        let delivery: Int64? = if case .dated(let time) = listing.contract { time } else { nil }
        json.begin()
        json.text("symbol", listing.symbol)
        json.short("lastPr", quote.last, price)
        json.short("askPr", quote.ask, price)
        json.short("bidPr", quote.bid, price)
        json.short("bidSz", 2 + 60 * Noise.unit(listing.key, moment.time), listing.quantityPlaces)
        json.short("askSz", 2 + 60 * Noise.unit(listing.key, moment.time + 1), listing.quantityPlaces)
        json.short("high24h", quote.high, price)
        json.short("low24h", quote.low, price)
        json.quotedInteger("ts", moment.time - Int64(listing.key % 900))
        json.short("change24h", quote.change, 5)
        json.short("baseVolume", quote.volume, 4)
        json.short("quoteVolume", quote.turnover, 6)
        json.short("usdtVolume", quote.turnover, 6)
        json.short("openUtc", quote.hourBefore, price)
        json.short("changeUtc24h", quote.last / quote.hourBefore - 1, 5)
        json.short("indexPrice", quote.index, price + 3)
        json.short("fundingRate", quote.fundingRate, 6)
        json.short("holdingAmount", quote.openInterest, listing.quantityPlaces + 1)
        if let delivery {
            json.quotedInteger("deliveryStartTime", listing.listedAt)
            json.quotedInteger("deliveryTime", delivery)
        } else if listing.key % 2 == 0 {
            json.raw(#""deliveryStartTime":null,"deliveryTime":null,"#)
        } else {
            json.raw(#""deliveryStartTime":"","deliveryTime":"","#)
        }
        json.text("deliveryStatus", "delivery_normal")
        json.short("open24h", quote.open, price)
        json.short("markPrice", quote.mark, price)
        json.end()
    }

    private func status(_ listing: SimulatedListing) -> String {
        if let state = listing.state { return state }
        return switch listing.phase(at: moment.time) {
        case .trading: "normal"
        case .prelaunch: "listed"
        case .settling, .absent: "off"
        }
    }

    private func contracts() -> ExchangeReply {
        guard let listings = listings() else { return unknown }
        return data(capacity: 1100 * listings.count) { json in
            for listing in listings { contract(&json, listing) }
        }
    }

    private func contract(_ json: inout JSONBytes, _ listing: SimulatedListing) {
        let step = 1 / powersOfTen[listing.quantityPlaces]
        json.begin()
        json.text("symbol", listing.symbol)
        json.text("baseCoin", listing.base)
        json.text("quoteCoin", listing.quote.rawValue)
        json.raw(#""buyLimitPriceRatio":"0.05","sellLimitPriceRatio":"0.05","feeRateUpRatio":"0.005","#)
        json.raw(#""makerFeeRate":"0.0002","takerFeeRate":"0.0006","openCostUpRatio":"0.01","#)
        json.list("supportMarginCoins")
        json.text(listing.settle)
        json.endList()
        json.short("minTradeNum", step, listing.quantityPlaces)
        json.text("priceEndStep", "1")
        json.quotedInteger("volumePlace", Int64(listing.quantityPlaces))
        json.quotedInteger("pricePlace", Int64(listing.pricePlaces))
        json.short("sizeMultiplier", step, listing.quantityPlaces)
        json.text("symbolType", listing.isPerpetual ? "perpetual" : "delivery")
        json.raw(#""minTradeUSDT":"5","maxSymbolOrderNum":"200","maxProductOrderNum":"1000","#)
        json.text("maxPositionNum", "200")
        json.text("symbolStatus", status(listing))
        json.raw(#""offTime":"-1","limitOpenTime":"-1","#)
        if case .dated(let delivery) = listing.contract {
            json.quotedInteger("deliveryTime", delivery)
            json.quotedInteger("deliveryStartTime", listing.listedAt)
            json.text("deliveryPeriod", "this_quarter")
        } else {
            json.raw(#""deliveryTime":"","deliveryStartTime":"","deliveryPeriod":"","#)
        }
        // Older contracts have no launch time.
        json.text("launchTime", listing.key % 2 == 0 ? "" : String(listing.listedAt))
        json.text("fundInterval", listing.isPerpetual ? String(listing.interval) : "")
        json.raw(#""minLever":"1","maxLever":"75","posLimit":"0.2","maintainTime":"","openTime":"","#)
        json.raw(#""maxMarketOrderQty":"220","maxOrderQty":"1200","#)
        json.text("isRwa", listing.tag == "RWA" ? "YES" : "NO")
        json.end()
    }

    private func openInterest() -> ExchangeReply {
        guard let symbol = request.query["symbol"], let listing = moment.listing(symbol) else { return unknown }
        return ExchangeReply(
            envelope("00000", "success") { json in
                json.begin("data")
                json.list("openInterestList")
                json.begin()
                json.text("symbol", listing.symbol)
                json.short("size", moment.quote(listing).openInterest, listing.quantityPlaces + 1)
                json.end()
                json.endList()
                json.quotedInteger("ts", moment.time)
                json.end()
            })
    }

    // MARK: - Funding

    private func currentRates() -> ExchangeReply {
        guard let listings = listings() else { return unknown }
        return data(capacity: 200 * listings.count) { json in
            for listing in listings where listing.isPerpetual && listing.isTrading(at: moment.time) {
                json.begin()
                json.text("symbol", listing.symbol)
                json.short("fundingRate", moment.fundingRate(listing, at: moment.time), 6)
                json.quotedInteger("fundingRateInterval", Int64(listing.interval))
                json.quotedInteger("nextUpdate", moment.nextSettlement(listing))
                json.text("minFundingRate", "-0.003")
                json.text("maxFundingRate", "0.003")
                json.end()
            }
        }
    }

    private func historyRates() -> ExchangeReply {
        guard let symbol = request.query["symbol"] else {
            return error("400172", "Parameter verification failed symbol")
        }
        guard let listing = moment.listing(symbol), listing.isPerpetual else { return unknown }
        let step = Int64(listing.interval) * 3_600_000
        let size = max(1, min(100, request.number("pageSize") ?? 20))
        let page = max(1, request.number("pageNo") ?? 1)
        let last = moment.time / step * step - (page - 1) * size * step
        // Three months are kept.
        let oldest =
            request.query["pageNo"] == nil ? Int64.min : max(listing.listedAt, moment.time - 90 * 86_400_000)
        return data { json in
            for time in (0..<size).map({ last - $0 * step }) where time >= oldest {
                json.begin()
                json.text("symbol", listing.symbol)
                json.short("fundingRate", moment.fundingRate(listing, at: time), 6)
                json.quotedInteger("fundingTime", time)
                json.end()
            }
        }
    }

    // MARK: - Long and short

    /// Hourly rows, oldest first. The third figure is not the ratio of the other two, as in the exchange's responses.
    private func accountRatio() -> ExchangeReply {
        guard let symbol = request.query["symbol"] else {
            return error("400172", "Parameter verification failed symbol")
        }
        guard let listing = moment.listing(symbol) else { return unknown }
        guard ["1h", "1H"].contains(request.query["period"] ?? "5m") else {
            return error("40020", "Parameter period error")
        }
        let last = moment.time / 3_600_000 * 3_600_000
        return data(capacity: 4096) { json in
            for time in (0..<30).reversed().map({ last - $0 * 3_600_000 }) {
                let long = (moment.longFraction(listing, population: 0, at: time) * 1e4).rounded() / 1e4
                json.begin()
                json.short("longAccountRatio", long, 4)
                json.short("shortAccountRatio", 1 - long, 4)
                json.short("longShortAccountRatio", long / (1 - long) / 100, 4)
                json.quotedInteger("ts", time)
                json.end()
            }
        }
    }

    // MARK: - Candles

    /// Oldest first, before `endTime`, without the hour that still runs; a span of more than 90 days is refused.
    private func candles(_ price: PastPrice) -> ExchangeReply {
        guard let symbol = request.query["symbol"] else {
            return error("400172", "Parameter verification failed symbol")
        }
        guard let listing = moment.listing(symbol) else { return unknown }
        guard request.query["granularity"] == "1H" else { return error("40020", "Parameter granularity error") }
        let end = request.number("endTime") ?? moment.time
        let start = request.number("startTime")
        if let start, end - start > 90 * 86_400_000 {
            return error("00001", "startTime and endTime interval cannot be greater than 90 days")
        }
        let limit = max(1, min(200, request.number("limit") ?? 100))
        let finished = moment.time - Moment.hourLength + 1
        let hours = moment.newestHours(of: listing, from: start ?? 0, before: min(end, finished), limit: limit)
        return data(capacity: 120 * hours.count + 64) { json in
            for candle in moment.candles(of: listing, hours: hours.reversed(), price: price) {
                json.list()
                json.quotedInteger(candle.from)
                for value in [candle.open, candle.high, candle.low, candle.close] {
                    json.short(value, listing.pricePlaces)
                }
                json.short(candle.volume, 4)
                json.short(candle.turnover, 6)
                json.endList()
            }
        }
    }

    // MARK: - Liquidations

    /// Newest first, in pages; the cursor is the position of the page's last row, counted back from the hour.
    private func liquidations() -> ExchangeReply {
        guard request.query["category"]?.uppercased() == "USDT-FUTURES" else {
            return error("400172", "Parameter verification failed category")
        }
        guard let listings = listings() else { return unknown }
        let limit = Int(max(1, min(100, request.number("limit") ?? 100)))
        let cursor = request.query["cursor"].flatMap { $0.isEmpty ? nil : $0 }
        // The cursor is the hour of a row and its position from the end of that hour.
        let parts = cursor?.split(separator: "_").compactMap { Int64($0) } ?? [moment.time / 3_600_000, 0]
        guard parts.count == 2 else { return error("40020", "Parameter cursor error") }
        var (hour, skip) = (parts[0], Int(parts[1]))
        let oldest = moment.time / 3_600_000 - 72
        var rows: [SimulatedLiquidation] = []
        while hour >= oldest, rows.count < limit {
            let begin = hour * 3_600_000
            let events = moment.liquidations(listings, from: begin, to: begin + 3_600_000)
            let page = events.reversed().dropFirst(skip).prefix(limit - rows.count)
            rows.append(contentsOf: page)
            skip += page.count
            if skip >= events.count {
                hour -= 1
                skip = 0
            }
        }
        let next = hour >= oldest && !rows.isEmpty ? "\(hour)_\(skip)" : ""
        return ExchangeReply(
            envelope("00000", "success", capacity: 160 * rows.count + 128) { json in
                json.begin("data")
                json.list("list")
                for event in rows {
                    json.begin()
                    json.text("symbol", event.listing.symbol)
                    json.text("side", event.isLong ? "buy" : "sell")
                    json.short("price", event.price, event.listing.pricePlaces)
                    json.short("amount", event.quantity, event.listing.quantityPlaces)
                    json.quotedInteger("ts", event.time)
                    json.end()
                }
                json.endList()
                json.text("cursor", next)
                json.end()
            })
    }

    // MARK: - Spot

    private func spotTicker() -> ExchangeReply {
        guard let symbol = request.query["symbol"], let spot = SpotPair(symbol, in: moment) else {
            return unknown
        }
        return data { json in
            json.begin()
            json.short("open", spot.open, spot.places)
            json.text("symbol", symbol)
            json.short("high24h", spot.high, spot.places)
            json.short("low24h", spot.low, spot.places)
            json.short("lastPr", spot.last, spot.places)
            json.short("quoteVolume", spot.turnover, 6)
            json.short("baseVolume", spot.volume, 6)
            json.short("usdtVolume", spot.turnover, 6)
            json.quotedInteger("ts", moment.time)
            json.short("bidPr", spot.bid, spot.places)
            json.short("askPr", spot.ask, spot.places)
            json.raw(#""bidSz":"1.20316","askSz":"0.881342","#)
            json.short("openUtc", spot.open, spot.places)
            json.short("changeUtc24h", spot.last / spot.open - 1, 5)
            json.short("change24h", spot.last / spot.open - 1, 5)
            json.end()
        }
    }
}
