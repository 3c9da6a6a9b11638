import PerpCore

/// edgeX, version 2: an envelope around every list, contracts and coins by number, everything as text.
struct SimulatedEdgeX {
    let moment: Moment
    let request: SimulatedRequest

    private static let base = "/api/v2/public"
    /// The number of the coin that contracts are quoted in.
    private static let quoteCoin: Int64 = 1000

    func respond() -> ExchangeReply {
        switch request.path {
        case Self.base + "/meta/getMetaData": return metaData()
        case Self.base + "/funding/getLatestFundingRate": return fundingRates()
        case Self.base + "/quote/getTicker": return ticker()
        case Self.base + "/funding/getFundingRatePage": return settlements()
        case Self.base + "/quote/getKline": return candles()
        default: return ExchangeReply(text: "404 page not found", status: 404)
        }
    }

    private func contractID(_ listing: SimulatedListing) -> Int64 { 30_000_001 + Int64(listing.number) }

    private func coinID(_ listing: SimulatedListing) -> Int64 { Self.quoteCoin + 1 + Int64(listing.number) }

    /// The contracts that the parameter names, in its order.
    private func named() -> [SimulatedListing] {
        let listings = moment.listings()
        let ids = (request.query["contractId"] ?? "").split(separator: ",").compactMap { Int64($0) }
        return ids.compactMap { id in listings.first { contractID($0) == id } }
    }

    /// Writes the envelope around `data`.
    private func envelope(_ data: (inout JSONBytes) -> Void) -> ExchangeReply {
        var json = JSONBytes(capacity: 16_384)
        json.begin()
        json.text("code", "SUCCESS")
        data(&json)
        json.null("msg")
        json.null("errorParam")
        json.quotedInteger("requestTime", moment.time)
        json.quotedInteger("responseTime", moment.time + 2)
        json.text("traceId", "0e1d2c3b4a5968778695a4b3c2d1e0f0")
        json.end()
        return ExchangeReply(json)
    }

    private func metaData() -> ExchangeReply {
        let listings = moment.listings()
        return envelope { json in
            json.begin("data")
            json.list("coinList")
            coin(&json, Self.quoteCoin, "USDC")
            for listing in listings { coin(&json, coinID(listing), listing.base) }
            json.endList()
            json.list("contractList")
            for listing in listings { contract(&json, listing) }
            json.endList()
            json.end()
        }
    }

    private func coin(_ json: inout JSONBytes, _ id: Int64, _ name: String) {
        json.begin()
        json.quotedInteger("coinId", id)
        json.text("coinName", name)
        json.text("stepSize", "0.000001")
        json.end()
    }

    private func contract(_ json: inout JSONBytes, _ listing: SimulatedListing) {
        let isTrading = listing.isTrading(at: moment.time)
        json.begin()
        json.quotedInteger("contractId", contractID(listing))
        json.text("contractName", listing.symbol)
        json.quotedInteger("baseCoinId", coinID(listing))
        json.quotedInteger("quoteCoinId", Self.quoteCoin)
        json.short("tickSize", 1 / powersOfTen[listing.pricePlaces], listing.pricePlaces)
        json.short("stepSize", 1 / powersOfTen[listing.quantityPlaces], listing.quantityPlaces)
        json.raw(#""defaultTakerFeeRate":"0.00038","defaultMakerFeeRate":"0.00018","#)
        json.bool("enableTrade", isTrading)
        json.bool("enableDisplay", isTrading)
        json.bool("enableOpenPosition", isTrading)
        json.raw(#""fundingInterestRate":"0.0003","#)
        json.quotedInteger("fundingRateIntervalMin", Int64(listing.interval * 60))
        json.bool("isStock", listing.tag == "isStock")
        json.bool("isFx", false)
        json.end()
    }

    private func fundingRates() -> ExchangeReply {
        envelope { json in
            json.list("data")
            for listing in named() { fundingRate(&json, listing) }
            json.endList()
        }
    }

    private func fundingRate(_ json: inout JSONBytes, _ listing: SimulatedListing) {
        let quote = moment.quote(listing)
        let interval = Int64(listing.interval) * 3_600_000
        let settled = moment.nextSettlement(listing) - interval
        let places = listing.pricePlaces + 6
        json.begin()
        json.quotedInteger("contractId", contractID(listing))
        json.quotedInteger("fundingTime", settled)
        json.quotedInteger("fundingTimestamp", moment.time / 60_000 * 60_000)
        json.short("oraclePrice", quote.mark, places)
        json.short("markPrice", quote.mark, places)
        json.short("indexPrice", quote.index, places)
        json.short("fundingRate", moment.fundingRate(listing, at: settled), 8)
        json.bool("isSettlement", false)
        json.short("forecastFundingRate", quote.fundingRate, 8)
        json.short("previousFundingRate", moment.fundingRate(listing, at: settled - 60_000), 8)
        json.quotedInteger("previousFundingTimestamp", settled - 60_000)
        json.short("premiumIndex", quote.premium, 8)
        json.raw(#""interestRate":"0.0003","predictedFundingRate":"0.00005","#)
        json.quotedInteger("fundingRateIntervalMin", Int64(listing.interval * 60))
        json.end()
    }

    /// One contract per call: for several it is empty.
    private func ticker() -> ExchangeReply {
        let listings = named()
        return envelope { json in
            json.list("data")
            if listings.count == 1 { ticker(&json, listings[0]) }
            json.endList()
        }
    }

    private func ticker(_ json: inout JSONBytes, _ listing: SimulatedListing) {
        let quote = moment.quote(listing)
        let next = moment.nextSettlement(listing)
        let price = listing.pricePlaces
        json.begin()
        json.quotedInteger("contractId", contractID(listing))
        json.text("contractName", listing.symbol)
        json.short("priceChange", quote.last - quote.open, price)
        json.short("priceChangePercent", quote.change, 6)
        json.quotedInteger("trades", quote.trades)
        json.short("size", quote.volume, listing.quantityPlaces)
        json.short("value", quote.turnover, 4)
        json.short("high", quote.high, price)
        json.short("low", quote.low, price)
        json.short("open", quote.open, price)
        json.short("close", quote.last, price)
        json.quotedInteger("endTime", moment.time / 600_000 * 600_000)
        json.short("lastPrice", quote.last, price)
        json.short("indexPrice", quote.index, price + 6)
        json.short("oraclePrice", quote.mark, price + 6)
        json.short("markPrice", quote.mark, price + 6)
        json.short("openInterest", quote.openInterest, listing.quantityPlaces)
        json.short("fundingRate", quote.fundingRate, 8)
        json.quotedInteger("fundingTime", next - Int64(listing.interval) * 3_600_000)
        json.quotedInteger("nextFundingTime", next)
        json.end()
    }

    // MARK: - History

    private var badParameter: ExchangeReply {
        ExchangeReply(
            text: #"{"code":"INVALID_PARAM","data":null,"msg":"invalid param"}"#, status: 200,
            contentType: "application/json")
    }

    /// A page of rows, newest first, and what names the next one: here the time before which it begins, and blank at the end.
    private func page<Row>(
        _ rows: [Row], next: Int64?, _ write: (inout JSONBytes, Row) -> Void
    ) -> ExchangeReply {
        envelope { json in
            json.begin("data")
            json.list("dataList")
            for row in rows { write(&json, row) }
            json.endList()
            json.text("nextPageOffsetData", next.map { "t\($0)" } ?? "")
            json.end()
        }
    }

    /// The last instant that a page may hold: before the one that it continues, and before the end of the span.
    private func last(_ end: String) -> Int64 {
        let before = request.query["offsetData"].flatMap { Int64($0.dropFirst()) } ?? .max
        return min(before, request.number(end) ?? .max, moment.time + 1) - 1
    }

    /// The settlements, or without the filter a row for each minute.
    private func settlements() -> ExchangeReply {
        guard let listing = named().first else { return badParameter }
        let interval = Int64(listing.interval) * Moment.hourLength
        let step = request.query["filterSettlementFundingRate"] == "true" ? interval : 60_000
        let size = Moment.rows(request.number("size"), usual: 100, most: 100)
        let from = max(request.number("filterBeginTimeInclusive") ?? 0, listing.listedAt)
        let newest = last("filterEndTimeExclusive") / step * step
        let times = (0...Int64(size)).map { newest - $0 * step }.filter { $0 >= from }
        let next = times.count > size ? times[size - 1] : nil
        return page(Array(times.prefix(size)), next: next) { json, time in
            let settled = time / interval * interval
            json.begin()
            json.quotedInteger("contractId", contractID(listing))
            json.quotedInteger("fundingTime", settled)
            json.quotedInteger("fundingTimestamp", time)
            json.short("fundingRate", moment.fundingRate(listing, at: settled), 8)
            json.bool("isSettlement", time == settled)
            json.quotedInteger("fundingRateIntervalMin", Int64(listing.interval * 60))
            json.end()
        }
    }

    /// With the hour that still runs.
    private func candles() -> ExchangeReply {
        let prices: [String: PastPrice] = ["LAST_PRICE": .last, "ORACLE_PRICE": .mark, "INDEX_PRICE": .index]
        guard let listing = named().first, request.query["klineType"] == "HOUR_1",
            let kind = request.query["priceType"], let price = prices[kind]
        else { return badParameter }
        let size = Moment.rows(request.number("size"), usual: 100, most: 1000)
        let hours = moment.newestHours(
            of: listing, from: request.number("filterBeginKlineTimeInclusive"),
            through: last("filterEndKlineTimeExclusive"), most: size + 1)
        let candles = moment.candles(of: listing, hours: hours.suffix(size), price: price)
        let places = listing.pricePlaces + (price == .last ? 0 : 6)
        return page(candles.reversed(), next: hours.count > size ? candles.first?.from : nil) { json, candle in
            json.begin()
            json.quotedInteger("klineId", candle.from)
            json.quotedInteger("contractId", contractID(listing))
            json.text("contractName", listing.symbol)
            json.text("klineType", "HOUR_1")
            json.quotedInteger("klineTime", candle.from)
            json.text("priceType", kind)
            json.quotedInteger("trades", candle.trades)
            json.short("size", candle.volume, listing.quantityPlaces + 2)
            json.short("value", candle.turnover, 4)
            json.short("high", candle.high, places)
            json.short("low", candle.low, places)
            json.short("open", candle.open, places)
            json.short("close", candle.close, places)
            json.end()
        }
    }
}
