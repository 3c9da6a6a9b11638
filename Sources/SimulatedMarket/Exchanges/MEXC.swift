import PerpCore

/// MEXC futures: `{success, code, data}`, numbers as numbers.
struct SimulatedMEXC {
    let moment: Moment
    let request: SimulatedRequest

    private static let base = "/api/v1/contract/"

    func respond() -> ExchangeReply {
        guard request.path.hasPrefix(Self.base) else { return error(404, "Not Found") }
        let path = request.path.dropFirst(Self.base.count)
        return switch path {
        case "detail": rows(moment.listings(), detail)
        case "ticker": rows(trading, ticker)
        case "funding_rate": rows(trading, fundingRate)
        case "funding_rate/history": fundingHistory()
        default: rest(path.split(separator: "/").map(String.init))
        }
    }

    /// Paths that end in the symbol.
    private func rest(_ words: [String]) -> ExchangeReply {
        guard let symbol = words.last else { return error(404, "Not Found") }
        return switch words.dropLast() {
        case ["funding_rate"]: oneRate(symbol)
        case ["kline"]: candles(symbol, .last)
        case ["kline", "fair_price"]: candles(symbol, .mark)
        case ["kline", "index_price"]: candles(symbol, .index)
        default: error(404, "Not Found")
        }
    }

    private var trading: [SimulatedListing] { moment.listings().filter { $0.isTrading(at: moment.time) } }

    // MARK: - Envelope

    private func error(_ code: Int64, _ message: String) -> ExchangeReply {
        var json = JSONBytes()
        json.begin()
        json.bool("success", false)
        json.integer("code", code)
        json.text("message", message)
        json.end()
        return ExchangeReply(json)
    }

    private func success(_ write: (inout JSONBytes) -> Void) -> ExchangeReply {
        var json = JSONBytes(capacity: 64 * 1024)
        json.begin()
        json.raw(#""success":true,"code":0,"#)
        write(&json)
        json.end()
        return ExchangeReply(json)
    }

    private func rows(
        _ listings: [SimulatedListing], _ write: (inout JSONBytes, SimulatedListing) -> Void
    ) -> ExchangeReply {
        success { json in
            json.list("data")
            for listing in listings { write(&json, listing) }
            json.endList()
        }
    }

    // MARK: - Rows

    private func state(_ listing: SimulatedListing) -> Int64 {
        if let state = listing.state.flatMap({ Int64($0) }) { return state }
        return switch listing.phase(at: moment.time) {
        case .trading: 0
        case .settling: 3
        case .prelaunch, .absent: 4
        }
    }

    private func detail(_ json: inout JSONBytes, _ listing: SimulatedListing) {
        let isShare = listing.tag == "stock"
        json.begin()
        json.text("symbol", listing.symbol)
        json.text("displayNameEn", "\(listing.base)_\(listing.quote.rawValue) PERPETUAL")
        json.text("baseCoin", listing.base)
        json.text("baseCoinName", isShare ? String(listing.base.dropLast("STOCK".count)) : listing.base)
        json.text("quoteCoin", listing.quote.rawValue)
        json.text("settleCoin", listing.settle)
        json.raw(#""futureType":1,"#)
        json.integer("type", listing.tag.isEmpty ? 1 : 2)
        json.number("contractSize", listing.contractSize, listing.contractPlaces)
        json.raw(#""minLeverage":1,"maxLeverage":200,"volScale":0,"amountScale":4,"volUnit":1,"minVol":1,"#)
        json.integer("priceScale", Int64(listing.pricePlaces))
        json.number("priceUnit", 1 / powersOfTen[listing.pricePlaces], listing.pricePlaces)
        json.raw(#""takerFeeRate":0.0004,"makerFeeRate":0.0001,"maintenanceMarginRate":0.004,"#)
        json.integer("state", state(listing))
        json.raw(#""isNew":false,"isHot":false,"isHidden":false,"apiAllowed":true,"#)
        json.list("conceptPlate")
        let zones = ["": "layer2", "stock": "Stock", "commodity": "metals", "index": "stockindex", "fx": "Forex"]
        json.text("mc-trade-zone-\(zones[listing.tag] ?? listing.tag)")
        if !listing.tag.isEmpty { json.text("mc-trade-zone-tradfi") }
        json.endList()
        json.end()
    }

    private func ticker(_ json: inout JSONBytes, _ listing: SimulatedListing) {
        let quote = moment.quote(listing)
        let price = listing.pricePlaces
        let coinsPerContract = listing.inverse ? listing.contractSize / quote.mark : listing.contractSize
        json.begin()
        json.text("symbol", listing.symbol)
        json.number("lastPrice", quote.last, price)
        json.number("bid1", quote.bid, price)
        json.number("ask1", quote.ask, price)
        json.number("volume24", (quote.volume / coinsPerContract).rounded(), 0)
        json.number("amount24", listing.inverse ? quote.volume : quote.turnover, 5)
        json.number("holdVol", (quote.openInterest / coinsPerContract).rounded(), 0)
        json.number("lower24Price", quote.low, price)
        json.number("high24Price", quote.high, price)
        json.number("riseFallRate", quote.change, 4)
        json.number("riseFallValue", quote.last - quote.open, price)
        json.number("indexPrice", quote.index, price)
        json.number("fairPrice", quote.mark, price)
        json.number("fundingRate", quote.fundingRate, 6)
        json.number("maxBidPrice", quote.mark * 1.1, price)
        json.number("minAskPrice", quote.mark * 0.9, price)
        json.integer("timestamp", moment.time)
        json.end()
    }

    // MARK: - Funding

    private func fundingRate(_ json: inout JSONBytes, _ listing: SimulatedListing) {
        json.begin()
        rateMembers(&json, listing)
        json.end()
    }

    private func rateMembers(_ json: inout JSONBytes, _ listing: SimulatedListing) {
        json.text("symbol", listing.symbol)
        json.number("fundingRate", moment.fundingRate(listing, at: moment.time), 6)
        json.raw(#""maxFundingRate":0.003,"minFundingRate":-0.003,"#)
        json.integer("collectCycle", Int64(listing.interval))
        json.integer("nextSettleTime", moment.nextSettlement(listing))
        json.integer("timestamp", moment.time)
    }

    private func oneRate(_ symbol: String) -> ExchangeReply {
        guard let listing = moment.listing(symbol) else { return error(1001, "contract not exists") }
        return success { json in
            json.begin("data")
            rateMembers(&json, listing)
            json.end()
        }
    }

    private func fundingHistory() -> ExchangeReply {
        guard let listing = request.query["symbol"].flatMap(moment.listing) else {
            return error(1001, "contract not exists")
        }
        let size = Moment.rows(request.number("page_size"), usual: 20, most: 100)
        let page = Moment.rows(request.number("page_num"), usual: 1, most: 100_000)
        return success { json in
            json.begin("data")
            json.integer("pageSize", Int64(size))
            json.raw(#""totalCount":2000,"totalPage":100,"#)
            json.integer("currentPage", Int64(page))
            json.list("resultList")
            for time in moment.newestSettlements(of: listing, skipping: (page - 1) * size, most: size) {
                json.begin()
                json.text("symbol", listing.symbol)
                json.number("fundingRate", moment.fundingRate(listing, at: time), 6)
                json.integer("settleTime", time)
                json.integer("collectCycle", Int64(listing.interval))
                json.end()
            }
            json.endList()
            json.end()
        }
    }

    // MARK: - Candles

    /// One list for each field, oldest first, with the hour that still runs; the span is in seconds.
    private func candles(_ symbol: String, _ price: PastPrice) -> ExchangeReply {
        guard let listing = moment.listing(symbol) else { return error(1001, "contract not exists") }
        guard request.query["interval"] == "Min60" else { return error(600, "interval is invalid") }
        let hours = moment.newestHours(
            of: listing, from: request.number("start").map { $0 * 1000 },
            through: request.number("end").map { $0 * 1000 }, most: 2000)
        let candles = moment.candles(of: listing, hours: hours, price: price)
        return success { json in
            json.begin("data")
            column(&json, "time", candles, 0) { Double($0.from / 1000) }
            column(&json, "open", candles, listing.pricePlaces) { $0.open }
            column(&json, "close", candles, listing.pricePlaces) { $0.close }
            column(&json, "high", candles, listing.pricePlaces) { $0.high }
            column(&json, "low", candles, listing.pricePlaces) { $0.low }
            column(&json, "vol", candles, 0) { candle in
                ((listing.inverse ? candle.turnover : candle.volume) / listing.contractSize).rounded()
            }
            column(&json, "amount", candles, 5) { listing.inverse ? $0.volume : $0.turnover }
            json.end()
        }
    }

    private func column(
        _ json: inout JSONBytes, _ name: StaticString, _ candles: [PastCandle], _ places: Int,
        _ value: (PastCandle) -> Double
    ) {
        json.list(name)
        for candle in candles { json.number(value(candle), places) }
        json.endList()
    }
}
