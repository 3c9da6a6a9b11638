import PerpCore

/// dYdX v4 as its indexer responds: objects by name, one price, ISO times.
struct SimulatedDYDX {
    let moment: Moment
    let request: SimulatedRequest

    func respond() -> ExchangeReply {
        let path = request.path
        if path == "/v4/perpetualMarkets" { return markets() }
        if path.hasPrefix("/v4/historicalFunding/") {
            return historicalFunding(String(path.dropFirst("/v4/historicalFunding/".count)))
        }
        if path.hasPrefix("/v4/candles/perpetualMarkets/") {
            return candles(String(path.dropFirst("/v4/candles/perpetualMarkets/".count)))
        }
        if path.hasPrefix("/v4/trades/perpetualMarket/") {
            return trades(String(path.dropFirst("/v4/trades/perpetualMarket/".count)))
        }
        return error("Not Found", status: 404)
    }

    private func error(_ message: String, status: Int) -> ExchangeReply {
        var json = JSONBytes()
        json.begin()
        json.list("errors")
        json.begin()
        json.text("msg", message)
        json.end()
        json.endList()
        json.end()
        return ExchangeReply(json, status: status)
    }

    private func status(_ listing: SimulatedListing) -> String {
        if let state = listing.state { return state }
        return switch listing.phase(at: moment.time) {
        case .trading: "ACTIVE"
        case .prelaunch: "INITIALIZING"
        case .settling, .absent: "FINAL_SETTLEMENT"
        }
    }

    private func markets() -> ExchangeReply {
        var listings = moment.listings()
        if let name = request.query["market"] ?? request.query["ticker"] {
            guard let listing = moment.listing(name) else {
                return error("Could not find market with ticker \(name)", status: 404)
            }
            listings = [listing]
        }
        // The exchange keeps no order.
        listings.sort { Noise.hash($0.key, moment.time) < Noise.hash($1.key, moment.time) }
        var json = JSONBytes(capacity: 720 * listings.count + 64)
        json.begin()
        json.begin("markets")
        for listing in listings {
            json.begin(named: listing.symbol)
            market(&json, listing)
            json.end()
        }
        json.end()
        json.end()
        return ExchangeReply(json)
    }

    private func market(_ json: inout JSONBytes, _ listing: SimulatedListing) {
        let quote = moment.quote(listing)
        let places = min(14, listing.pricePlaces + 4)
        let scale = powersOfTen[places]
        json.quotedInteger("clobPairId", Int64(listing.number))
        json.text("ticker", listing.symbol)
        json.text("status", status(listing))
        json.short("oraclePrice", quote.index, places)
        // In dollars, against the oracle price of a day ago.
        let change = ((quote.index * scale).rounded() - (quote.open * scale).rounded()) / scale
        json.short("priceChange24H", listing.isTrading(at: moment.time) ? change : 0, places)
        json.short("volume24H", quote.turnover, 4)
        json.integer("trades24H", quote.trades)
        json.short("nextFundingRate", quote.fundingRate, 18)
        json.raw(#""initialMarginFraction":"0.1","maintenanceMarginFraction":"0.05","#)
        json.short("openInterest", quote.openInterest, listing.quantityPlaces + 1)
        json.raw(#""atomicResolution":-6,"quantumConversionExponent":-9,"#)
        json.short("tickSize", 1 / powersOfTen[listing.pricePlaces], listing.pricePlaces)
        json.short("stepSize", 1 / powersOfTen[listing.quantityPlaces], listing.quantityPlaces)
        json.raw(#""stepBaseQuantums":1000000,"subticksPerTick":1000000,"marketType":"CROSS","#)
        json.raw(#""openInterestLowerCap":"20000000","openInterestUpperCap":"50000000","#)
        json.short("baseOpenInterest", quote.openInterest * 1.7, listing.quantityPlaces + 1)
        json.text("defaultFundingRate1H", "0")
    }

    private func isoTime(_ milliseconds: Int64) -> String { Timestamp(milliseconds: milliseconds).description }

    private func historicalFunding(_ symbol: String) -> ExchangeReply {
        guard let listing = moment.listing(symbol) else {
            return error("Could not find market with ticker \(symbol)", status: 404)
        }
        let limit = max(1, min(100, request.number("limit") ?? 100))
        let before = request.query["effectiveBeforeOrAt"].flatMap { Timestamp(iso8601: $0) }?.milliseconds
        let newest = min(moment.time, before ?? moment.time) / 3_600_000 * 3_600_000
        // A settlement takes effect a little late.
        let last = newest + delay(listing, newest) > before ?? .max ? newest - 3_600_000 : newest
        let oldest = before == nil ? Int64.min : listing.listedAt
        var json = JSONBytes()
        json.begin()
        json.list("historicalFunding")
        for time in (0..<limit).map({ last - $0 * 3_600_000 }) where time >= oldest {
            json.begin()
            json.text("ticker", listing.symbol)
            json.short("rate", moment.fundingRate(listing, at: time), 12)
            json.short("price", moment.index(of: listing, at: time), listing.pricePlaces + 3)
            json.quotedInteger("effectiveAtHeight", height(time))
            json.text("effectiveAt", isoTime(time + delay(listing, time)))
            json.end()
        }
        json.endList()
        json.end()
        return ExchangeReply(json)
    }

    private func delay(_ listing: SimulatedListing, _ settlement: Int64) -> Int64 {
        80 + moment.lateness(listing, settlement: settlement, limit: 506)
    }

    /// Newest first, with the hour that still runs. The start of a span belongs to it, its end does not.
    private func candles(_ symbol: String) -> ExchangeReply {
        guard let listing = moment.listing(symbol) else {
            return error("Could not find market with ticker \(symbol)", status: 404)
        }
        guard request.query["resolution"] == "1HOUR" else { return error("resolution must be valid", status: 400) }
        let limit = max(1, request.number("limit") ?? 100)
        guard limit <= 1000 else {
            return error("limit must be a positive integer that is not greater than max: 1000", status: 400)
        }
        let times = ["fromISO", "toISO"].map { name in
            request.query[name].flatMap { Timestamp(iso8601: $0) }?.milliseconds
        }
        let hours = moment.newestHours(of: listing, from: times[0] ?? 0, before: times[1], limit: limit)
        var json = JSONBytes(capacity: 320 * hours.count + 32)
        json.begin()
        json.list("candles")
        for candle in moment.candles(of: listing, hours: hours.reversed(), price: .last).reversed() {
            json.begin()
            json.text("startedAt", isoTime(candle.from))
            json.text("ticker", listing.symbol)
            json.text("resolution", "1HOUR")
            json.short("low", candle.low, listing.pricePlaces)
            json.short("high", candle.high, listing.pricePlaces)
            json.short("open", candle.open, listing.pricePlaces)
            json.short("close", candle.close, listing.pricePlaces)
            json.short("baseTokenVolume", candle.volume, 4)
            json.short("usdVolume", candle.turnover, 4)
            json.integer("trades", candle.trades)
            let open = moment.at(candle.from).quote(listing).openInterest
            json.short("startingOpenInterest", open, listing.quantityPlaces + 1)
            json.short("orderbookMidPriceOpen", candle.open, listing.pricePlaces + 1)
            json.short("orderbookMidPriceClose", candle.close, listing.pricePlaces + 1)
            json.end()
        }
        json.endList()
        json.end()
        return ExchangeReply(json)
    }

    /// The height of the chain, with a block every 0.65 seconds.
    private func height(_ time: Int64) -> Int64 { (time - 1_698_000_000_000) / 650 }

    /// The newest trades, some of which are liquidations.
    private func trades(_ symbol: String) -> ExchangeReply {
        guard let listing = moment.listing(symbol) else {
            return error("Could not find market with ticker \(symbol)", status: 404)
        }
        let limit = Int(max(1, min(1000, request.number("limit") ?? 100)))
        let hour: Int64 = 3_600_000
        let forced = moment.liquidations([listing], from: moment.time / hour * hour - hour, to: moment.time)
        var rows = forced.map { event in
            (
                time: event.time, sell: event.isLong, size: event.quantity, price: event.price, kind: "LIQUIDATED",
                id: event.id
            )
        }
        for number in 0..<Int64(limit) {
            let key = Noise.hash(listing.key ^ 0x7_2ADE, moment.hour.start + number)
            let time = moment.time - number * 3600 - Int64(key % 900)  // a thousand of them fill an hour
            rows.append(
                (
                    time: time, sell: key % 2 == 0, size: listing.tradeSize(0.01 + Noise.unit(key, 2)),
                    price: moment.index(of: listing, at: time), kind: "LIMIT", id: key
                ))
        }
        rows.sort { ($0.time, $0.id) > ($1.time, $1.id) }
        var json = JSONBytes(capacity: 220 * limit)
        json.begin()
        json.list("trades")
        for row in rows.prefix(limit) {
            json.begin()
            json.text("id", identifier(row.id))
            json.text("side", row.sell ? "SELL" : "BUY")
            json.short("size", row.size, max(1, listing.quantityPlaces))
            json.short("price", row.price, listing.pricePlaces)
            json.text("type", row.kind)
            json.text("createdAt", isoTime(row.time))
            json.quotedInteger("createdAtHeight", height(row.time))
            json.end()
        }
        json.endList()
        json.end()
        return ExchangeReply(json)
    }

    /// `03e86a9d-0000-5000-8000-00f1d2e3c4b5`
    private func identifier(_ id: UInt64) -> String {
        let padded = id.hexadecimal
        return "\(padded.prefix(8))-0000-5000-8000-0000\(padded.suffix(8))"
    }
}
