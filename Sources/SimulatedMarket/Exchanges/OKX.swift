import PerpCore

/// OKX swaps: `{code, msg, data}`, where every failure is a code with HTTP 200 or 400.
struct SimulatedOKX {
    let moment: Moment
    let request: SimulatedRequest

    func respond() -> ExchangeReply {
        guard request.method == "GET" else { return error("50115", "Invalid request method.", status: 405) }
        switch request.path {
        case "/api/v5/public/instruments": return swaps(write: instrument) { _ in true }
        case "/api/v5/market/tickers": return swaps(write: ticker, shown: isTrading)
        case "/api/v5/public/open-interest": return swaps(write: openInterest, shown: isTrading)
        case "/api/v5/public/mark-price": return swaps(write: markPrice, shown: isTrading)
        case "/api/v5/public/funding-rate": return fundingRate()
        case "/api/v5/public/funding-rate-history": return fundingHistory()
        case "/api/v5/market/index-tickers": return indexTickers()
        case "/api/v5/market/ticker": return spotTicker()
        case "/api/v5/public/liquidation-orders": return liquidations()
        case "/api/v5/rubik/stat/contracts/long-short-account-ratio-contract": return ratio(population: 0)
        case "/api/v5/rubik/stat/contracts/long-short-account-ratio-contract-top-trader":
            return ratio(population: 1)
        case "/api/v5/rubik/stat/contracts/long-short-position-ratio-contract-top-trader":
            return ratio(population: 2)
        case "/api/v5/rubik/stat/taker-volume-contract": return takerVolume()
        case "/api/v5/rubik/stat/contracts/open-interest-history": return openInterestHistory()
        case "/api/v5/market/history-candles": return candles(.last)
        case "/api/v5/market/history-mark-price-candles": return candles(.mark)
        case "/api/v5/market/history-index-candles": return candles(.index)
        default: return error("50404", "Not Found", status: 404)
        }
    }

    // MARK: - Envelope

    func error(_ code: String, _ message: String, status: Int = 200) -> ExchangeReply {
        var json = JSONBytes()
        json.begin()
        json.text("code", code)
        json.list("data")
        json.endList()
        json.text("msg", message)
        json.end()
        return ExchangeReply(json, status: status)
    }

    func missing(_ name: String) -> ExchangeReply {
        error("50014", "Parameter \(name) can not be empty.", status: 400)
    }

    var unknown: ExchangeReply {
        error("51001", "Instrument ID, Instrument ID code, or Spread ID doesn't exist.")
    }

    func data(capacity: Int = 1024, _ write: (inout JSONBytes) -> Void) -> ExchangeReply {
        var json = JSONBytes(capacity: capacity)
        json.begin()
        json.text("code", "0")
        json.list("data")
        write(&json)
        json.endList()
        json.text("msg", "")
        json.end()
        return ExchangeReply(json)
    }

    // MARK: - Lists of swaps

    private func isTrading(_ listing: SimulatedListing) -> Bool { listing.isTrading(at: moment.time) }

    private func swaps(
        write: (inout JSONBytes, SimulatedListing) -> Void, shown: (SimulatedListing) -> Bool
    ) -> ExchangeReply {
        guard let kind = request.query["instType"] else { return missing("instType") }
        guard kind == "SWAP" else {
            return ["SPOT", "FUTURES", "MARGIN", "OPTION"].contains(kind)
                ? data { _ in } : error("51000", "Parameter instType error", status: 400)
        }
        if let symbol = request.query["instId"] {
            guard let listing = moment.listing(symbol), shown(listing) else { return unknown }
            return data { write(&$0, listing) }
        }
        return data(capacity: 400_000) { json in
            for listing in moment.listings() where shown(listing) { write(&json, listing) }
        }
    }

    private func family(_ listing: SimulatedListing) -> String { "\(listing.base)-\(listing.quote.rawValue)" }

    private func state(_ listing: SimulatedListing) -> String {
        if let state = listing.state { return state }
        return switch listing.phase(at: moment.time) {
        case .trading: "live"
        case .prelaunch: "preopen"
        case .settling: "settling"
        case .absent: "expired"
        }
    }

    private func instrument(_ json: inout JSONBytes, _ listing: SimulatedListing) {
        let family = family(listing)
        let lot = listing.inverse ? "1" : "0.01"
        json.begin()
        json.raw(#""alias":"","auctionEndTime":"","baseCcy":"","category":"1","contTdSwTime":"","ctMult":"1","#)
        json.text("ctType", listing.inverse ? "inverse" : "linear")
        json.short("ctVal", listing.contractSize, listing.contractPlaces)
        json.text("ctValCcy", listing.inverse ? "USD" : listing.base)
        json.raw(#""expTime":"","floatPxLmtPct":"0.005","freq":"","futureSettlement":false,"groupId":"4","#)
        json.raw(#""initPxLmtPct":"0.02","instCategory":"1","#)
        json.text("instFamily", family)
        json.text("instId", listing.symbol)
        json.integer("instIdCode", Int64(10_458 + listing.number))
        json.raw(#""instType":"SWAP","lever":"50","#)
        json.quotedInteger("listTime", listing.listedAt)
        json.raw(#""longPosRemainingQuota":"","#)
        json.text("lotSz", lot)
        json.raw(#""maxIcebergSz":"100000000.0000000000000000","maxLmtAmt":"20000000","maxLmtSz":"100000000","#)
        json.raw(#""maxMktAmt":"","maxMktSz":"35000","maxPlatOICoinLmt":"","maxPlatOILmt":"","#)
        json.raw(#""maxPxLmtPct":"0.01","maxStopSz":"35000","maxTriggerSz":"100000000.0000000000000000","#)
        json.raw(#""maxTwapSz":"100000000.0000000000000000","method":"","#)
        json.text("minSz", lot)
        json.raw(#""openType":"call_auction","optType":"","posLmtAmt":"250000","posLmtPct":"30","#)
        json.raw(#""preMktSwTime":"","quoteCcy":"","ruleType":"normal","seriesId":"","#)
        json.text("settleCcy", listing.settle)
        json.raw(#""shortPosRemainingQuota":"","#)
        json.text("state", state(listing))
        json.raw(#""stk":"","#)
        json.short("tickSz", 1 / powersOfTen[listing.pricePlaces], listing.pricePlaces)
        json.raw(#""tradeQuoteCcyList":[],"#)
        json.text("uly", family)
        json.raw(#""upcChg":[],"#)
        json.end()
    }

    /// Contracts of a quantity of coins.
    func contracts(_ listing: SimulatedListing, _ coins: Double, _ price: Double) -> Double {
        listing.inverse ? coins * price / listing.contractSize : coins / listing.contractSize
    }

    private func ticker(_ json: inout JSONBytes, _ listing: SimulatedListing) {
        let quote = moment.quote(listing)
        let price = listing.pricePlaces
        json.begin()
        json.text("instType", "SWAP")
        json.text("instId", listing.symbol)
        json.short("last", quote.last, price)
        json.short("lastSz", 0.01 + 5 * Noise.unit(listing.key, moment.time), 2)
        json.short("askPx", quote.ask, price)
        json.short("askSz", 40 + 900 * Noise.unit(listing.key, moment.time + 1), 2)
        json.short("bidPx", quote.bid, price)
        json.short("bidSz", 40 + 900 * Noise.unit(listing.key, moment.time + 2), 2)
        json.short("open24h", quote.open, price)
        json.short("high24h", quote.high, price)
        json.short("low24h", quote.low, price)
        json.short("volCcy24h", quote.volume, listing.contractSize < 1 ? 4 : 1)
        json.short("vol24h", contracts(listing, quote.volume, quote.last), 2)
        json.short("sodUtc0", quote.open, price)
        json.short("sodUtc8", quote.hourBefore, price)
        json.quotedInteger("ts", moment.time - Int64(listing.key % 800))
        json.end()
    }

    private func openInterest(_ json: inout JSONBytes, _ listing: SimulatedListing) {
        let quote = moment.quote(listing)
        let coins = quote.openInterest
        json.begin()
        json.text("instId", listing.symbol)
        json.text("instType", "SWAP")
        if listing.inverse {
            let contracts = contracts(listing, coins, quote.mark).rounded()
            let dollars = contracts * listing.contractSize
            json.short("oi", contracts, 0)
            json.short("oiCcy", dollars / quote.mark, 10)
            json.short("oiUsd", dollars, 0)
        } else {
            let contracts = (contracts(listing, coins, quote.mark) * 100).rounded() / 100
            json.short("oi", contracts, 2)
            json.short("oiCcy", contracts * listing.contractSize, 8)
            json.short("oiUsd", contracts * listing.contractSize * quote.mark, 10)
        }
        json.quotedInteger("ts", moment.time)
        json.end()
    }

    private func markPrice(_ json: inout JSONBytes, _ listing: SimulatedListing) {
        json.begin()
        json.text("instType", "SWAP")
        json.text("instId", listing.symbol)
        json.short("markPx", moment.quote(listing).mark, listing.pricePlaces)
        json.quotedInteger("ts", moment.time)
        json.end()
    }

    // MARK: - Indices and spot

    private func indexTickers() -> ExchangeReply {
        guard let quote = request.query["quoteCcy"] ?? request.query["instId"] else {
            return missing("instId or quoteCcy")
        }
        let listings = moment.listings().filter {
            isTrading($0) && ($0.quote.rawValue == quote || family($0) == quote)
        }
        return data(capacity: 250 * listings.count + 64) { json in
            for listing in listings {
                let now = moment.quote(listing)
                let price = listing.pricePlaces
                json.begin()
                json.text("instId", family(listing))
                json.short("idxPx", now.index, price)
                json.short("high24h", now.high, price)
                json.short("sodUtc0", now.open, price)
                json.short("open24h", now.open, price)
                json.short("low24h", now.low, price)
                json.short("sodUtc8", now.hourBefore, price)
                json.quotedInteger("ts", moment.time)
                json.end()
            }
        }
    }

    private func spotTicker() -> ExchangeReply {
        guard let symbol = request.query["instId"] else { return missing("instId") }
        if let listing = moment.listing(symbol), isTrading(listing) { return data { ticker(&$0, listing) } }
        guard let spot = SpotPair(symbol, in: moment) else { return unknown }
        return data { json in
            json.begin()
            json.text("instType", "SPOT")
            json.text("instId", symbol)
            json.short("last", spot.last, spot.places)
            json.text("lastSz", "0.00051")
            json.short("askPx", spot.ask, spot.places)
            json.text("askSz", "0.3129")
            json.short("bidPx", spot.bid, spot.places)
            json.text("bidSz", "0.8921")
            json.short("open24h", spot.open, spot.places)
            json.short("high24h", spot.high, spot.places)
            json.short("low24h", spot.low, spot.places)
            json.short("volCcy24h", spot.turnover, 6)
            json.short("vol24h", spot.volume, 6)
            json.short("sodUtc0", spot.open, spot.places)
            json.short("sodUtc8", spot.open, spot.places)
            json.quotedInteger("ts", moment.time)
            json.end()
        }
    }

    // MARK: - Funding

    private func fundingRate() -> ExchangeReply {
        guard let symbol = request.query["instId"] else { return missing("instId") }
        if symbol == "ANY" {
            return data(capacity: 200_000) { json in
                for listing in moment.listings() where isTrading(listing) { funding(&json, listing) }
            }
        }
        guard let listing = moment.listing(symbol) else { return unknown }
        return data { funding(&$0, listing) }
    }

    private func funding(_ json: inout JSONBytes, _ listing: SimulatedListing) {
        let step = Int64(listing.interval) * 3_600_000
        let next = moment.nextSettlement(listing)
        let rate = moment.fundingRate(listing, at: moment.time)
        json.begin()
        json.text("formulaType", "withRate")
        // Some rates are sent with far more digits than others.
        if listing.key % 9 == 0 {
            json.text("fundingRate", longRate(rate, key: listing.key))
        } else {
            json.fixed("fundingRate", rate, 16)
        }
        json.quotedInteger("fundingTime", next)
        json.raw(#""impactValue":"20000.0000000000000000","#)
        json.text("instId", listing.symbol)
        json.text("instType", "SWAP")
        json.fixed("interestRate", 0.0001 * Double(listing.interval) / 8, 16)
        json.raw(#""maxFundingRate":"0.0075","method":"current_period","minFundingRate":"-0.0075","#)
        json.raw(#""nextFundingRate":"","#)
        json.quotedInteger("nextFundingTime", next + step)
        json.fixed("premium", moment.quote(listing).premium, 16)
        json.quotedInteger("prevFundingTime", next - step)
        json.fixed("settFundingRate", moment.fundingRate(listing, at: next - step), 16)
        json.text("settState", "settled")
        json.quotedInteger("ts", moment.time)
        json.end()
    }

    private func longRate(_ rate: Double, key: UInt64) -> String {
        var json = JSONBytes(capacity: 64)
        json.fixed(rate, 16)
        let digits = json.finished().dropFirst().dropLast()
        let tail = (0..<4).map { String(100_000_000 + Noise.hash(key, $0) % 899_999_999) }.joined()
        return String(decoding: digits, as: UTF8.self) + tail
    }

    private func fundingHistory() -> ExchangeReply {
        guard let symbol = request.query["instId"] else { return missing("instId") }
        guard let listing = moment.listing(symbol) else { return unknown }
        let step = Int64(listing.interval) * 3_600_000
        let limit = max(1, min(100, request.number("limit") ?? 100))
        let before = request.number("after") ?? moment.time + 1
        let last = (min(before, moment.time + 1) - 1) / step * step
        // Three months are kept.
        let oldest =
            request.query["after"] == nil ? Int64.min : max(listing.listedAt, moment.time - 90 * 86_400_000)
        return data { json in
            for time in (0..<limit).map({ last - $0 * step }) where time >= oldest {
                let rate = moment.fundingRate(listing, at: time)
                json.begin()
                json.text("formulaType", "withRate")
                json.fixed("fundingRate", rate, 16)
                json.quotedInteger("fundingTime", time)
                json.text("instId", listing.symbol)
                json.text("instType", "SWAP")
                json.text("method", "current_period")
                json.fixed("realizedRate", rate, 16)
                json.end()
            }
        }
    }
}
