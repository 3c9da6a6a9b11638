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
}
