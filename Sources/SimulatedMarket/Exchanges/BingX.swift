import PerpCore

/// BingX swaps of version 2: `{code, msg, data}`, where every failure is a code with HTTP 200 and an object as `data`.
struct SimulatedBingX {
    let moment: Moment
    let request: SimulatedRequest

    private static let base = "/openApi/swap/v2/quote/"

    func respond() -> ExchangeReply {
        if request.path == "/openApi/swap/v3/quote/klines" { return candles(.last) }
        if request.path == "/openApi/swap/v1/market/markPriceKlines" { return candles(.mark) }
        guard request.path.hasPrefix(Self.base) else { return error(100_400, "this api is not exist") }
        return switch request.path.dropFirst(Self.base.count) {
        case "contracts": rows(moment.listings(), contract)
        case "ticker": rows(trading, ticker)
        case "premiumIndex": rows(trading, premiumIndex)
        case "openInterest": openInterest()
        case "fundingRate": fundingHistory()
        default: error(100_400, "this api is not exist")
        }
    }

    private var trading: [SimulatedListing] { moment.listings().filter { $0.isTrading(at: moment.time) } }

    // MARK: - Envelope

    private func error(_ code: Int64, _ message: String) -> ExchangeReply {
        var json = JSONBytes()
        json.begin()
        json.integer("code", code)
        json.text("msg", message)
        json.begin("data")
        json.end()
        json.end()
        return ExchangeReply(json)
    }

    private func success(_ write: (inout JSONBytes) -> Void) -> ExchangeReply {
        var json = JSONBytes(capacity: 32 * 1024)
        json.begin()
        json.raw(#""code":0,"msg":"","#)
        write(&json)
        json.end()
        return ExchangeReply(json)
    }

    private func rows(
        _ listings: [SimulatedListing], _ write: (inout JSONBytes, SimulatedListing) -> Void
    ) -> ExchangeReply {
        success { json in
            json.list("data")
            for listing in listings {
                json.begin()
                write(&json, listing)
                json.end()
            }
            json.endList()
        }
    }

    // MARK: - Rows

    private func status(_ listing: SimulatedListing) -> Int64 {
        if let state = listing.state.flatMap({ Int64($0) }) { return state }
        return switch listing.phase(at: moment.time) {
        case .trading: 1
        case .prelaunch: 5
        case .settling, .absent: 25
        }
    }

    private func contract(_ json: inout JSONBytes, _ listing: SimulatedListing) {
        json.text("contractId", String(100 + listing.number))
        json.text("symbol", listing.symbol)
        json.text("size", "0")
        json.integer("quantityPrecision", Int64(listing.quantityPlaces))
        json.integer("pricePrecision", Int64(listing.pricePlaces))
        json.raw(#""feeRate":0.0005,"makerFeeRate":0.0002,"takerFeeRate":0.0005,"tradeMinUSDT":2,"#)
        json.text("currency", listing.settle)
        json.text("asset", listing.base)
        json.integer("status", status(listing))
        json.raw(#""apiStateOpen":"true","apiStateClose":"true","#)
        json.integer("launchTime", listing.listedAt)
    }

    private func ticker(_ json: inout JSONBytes, _ listing: SimulatedListing) {
        let quote = moment.quote(listing)
        let price = listing.pricePlaces
        json.text("symbol", listing.symbol)
        json.fixed("priceChange", quote.last - quote.open, price)
        json.fixed("priceChangePercent", quote.change * 100, 2)
        json.fixed("lastPrice", quote.last, price)
        json.text("lastQty", "1")
        json.fixed("highPrice", quote.high, price)
        json.fixed("lowPrice", quote.low, price)
        json.fixed("volume", quote.volume, listing.quantityPlaces)
        json.fixed("quoteVolume", quote.turnover, 2)
        json.fixed("openPrice", quote.open, price)
        json.integer("openTime", moment.time - 86_400_000)
        json.integer("closeTime", moment.time)
        json.fixed("askPrice", quote.ask, price)
        json.text("askQty", "52.3119")
        json.fixed("bidPrice", quote.bid, price)
        json.text("bidQty", "14.7593")
    }

    private func premiumIndex(_ json: inout JSONBytes, _ listing: SimulatedListing) {
        let quote = moment.quote(listing)
        json.text("symbol", listing.symbol)
        json.fixed("markPrice", quote.mark, listing.pricePlaces)
        json.fixed("indexPrice", quote.index, listing.pricePlaces)
        json.fixed("lastFundingRate", quote.fundingRate, 8)
        json.integer("nextFundingTime", moment.nextSettlement(listing))
        json.integer("fundingIntervalHours", Int64(listing.interval))
    }

    private func openInterest() -> ExchangeReply {
        guard let listing = request.query["symbol"].flatMap(moment.listing) else {
            return error(109_425, "symbol not exist")
        }
        guard listing.isTrading(at: moment.time) else {
            return error(109_415, "\(String(decoding: listing.symbol, as: UTF8.self)) is pause currently")
        }
        let quote = moment.quote(listing)
        return success { json in
            json.begin("data")
            json.short("openInterest", quote.openInterest * quote.mark, 1)
            json.text("symbol", listing.symbol)
            json.integer("time", moment.time)
            json.end()
        }
    }

    private func fundingHistory() -> ExchangeReply {
        guard let listing = request.query["symbol"].flatMap(moment.listing) else {
            return error(109_425, "symbol not exist")
        }
        let times = moment.newestSettlements(
            of: listing, from: request.number("startTime"), through: request.number("endTime"),
            most: Moment.rows(request.number("limit"), usual: 100, most: 1000))
        return success { json in
            json.list("data")
            for time in times {
                json.begin()
                json.text("symbol", listing.symbol)
                json.fixed("fundingRate", moment.fundingRate(listing, at: time), 8)
                json.integer("fundingTime", time)
                json.fixed("markPrice", moment.index(of: listing, at: time), listing.pricePlaces)
                json.end()
            }
            json.endList()
        }
    }

    /// Newest first, with the hour that still runs.
    private func candles(_ price: PastPrice) -> ExchangeReply {
        guard let listing = request.query["symbol"].flatMap(moment.listing) else {
            return error(109_425, "symbol not exist")
        }
        guard request.query["interval"] == "1h" else { return error(109_400, "Invalid parameters") }
        let hours = moment.newestHours(
            of: listing, from: request.number("startTime"), through: request.number("endTime"),
            most: Moment.rows(request.number("limit"), usual: 500, most: 1440))
        return success { json in
            json.list("data")
            for candle in moment.candles(of: listing, hours: hours, price: price).reversed() {
                json.begin()
                json.fixed("open", candle.open, listing.pricePlaces)
                json.fixed("close", candle.close, listing.pricePlaces)
                json.fixed("high", candle.high, listing.pricePlaces)
                json.fixed("low", candle.low, listing.pricePlaces)
                json.fixed("volume", candle.volume, max(2, listing.quantityPlaces))
                if price == .last {
                    json.integer("time", candle.from)
                } else {
                    json.integer("openTime", candle.from)
                    json.integer("closeTime", candle.from + Moment.hourLength - 1)
                }
                json.end()
            }
            json.endList()
        }
    }
}
