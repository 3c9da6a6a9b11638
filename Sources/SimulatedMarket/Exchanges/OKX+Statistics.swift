import PerpCore

extension SimulatedOKX {
    // MARK: - Statistics

    private func periods() -> (listing: SimulatedListing, times: [Int64])? {
        guard let symbol = request.query["instId"], let listing = moment.listing(symbol) else { return nil }
        let lengths: [String: Int64] = ["5m": 300_000, "1H": 3_600_000, "4H": 14_400_000, "1D": 86_400_000]
        guard let length = lengths[request.query["period"] ?? "5m"] else { return nil }
        let limit = max(1, min(100, request.number("limit") ?? 100))
        let newest = moment.time / length * length
        // Neither bound of a span is among its rows; the latest 1440 are kept.
        let last = request.number("end").map { min(newest, ($0 - 1) / length * length) } ?? newest
        let times = (0..<limit).map { last - $0 * length }
        guard let begin = request.number("begin") else { return (listing, times) }
        let oldest = max(begin + 1, listing.listedAt, newest - 1439 * length)
        return (listing, times.filter { $0 >= oldest })
    }

    func ratio(population: UInt64) -> ExchangeReply {
        guard request.query["instId"] != nil else { return missing("instId") }
        guard let (listing, times) = periods() else { return unknown }
        return data { json in
            for time in times {
                let long = moment.longFraction(listing, population: population, at: time)
                json.list()
                json.quotedInteger(time)
                json.short(long / (1 - long), 4)
                json.endList()
            }
        }
    }

    func takerVolume() -> ExchangeReply {
        guard request.query["instId"] != nil else { return missing("instId") }
        guard let (listing, times) = periods() else { return unknown }
        let volume = moment.quote(listing).volume / 24
        return data { json in
            for time in times {
                let buy = moment.longFraction(listing, population: 3, at: time)
                json.list()
                json.quotedInteger(time)
                json.short(volume * (1 - buy), 4)
                json.short(volume * buy, 4)
                json.endList()
            }
        }
    }

    func openInterestHistory() -> ExchangeReply {
        guard request.query["instId"] != nil else { return missing("instId") }
        guard let (listing, times) = periods() else { return unknown }
        return data(capacity: 80 * times.count + 64) { json in
            for time in times {
                let quote = moment.at(time).quote(listing)
                json.list()
                json.quotedInteger(time)
                json.short(contracts(listing, quote.openInterest, quote.mark), 4)
                json.short(quote.openInterest, 8)
                json.short(quote.openInterest * quote.mark, 6)
                json.endList()
            }
        }
    }

    // MARK: - Candles

    /// Newest first, older than `after`, with the hour that still runs: its last element says so. An index is named by its
    /// pair.
    func candles(_ price: PastPrice) -> ExchangeReply {
        guard let name = request.query["instId"] else { return missing("instId") }
        guard let listing = moment.listing(price == .index ? name + "-SWAP" : name) else { return unknown }
        guard request.query["bar"] == "1H" else { return error("51000", "Parameter bar error", status: 400) }
        let limit = max(1, min(price == .last ? 300 : 100, request.number("limit") ?? 100))
        let hours = moment.newestHours(
            of: listing, from: request.number("before").map { $0 + 1 } ?? 0, before: request.number("after"),
            limit: limit)
        return data(capacity: 140 * hours.count + 64) { json in
            for candle in moment.candles(of: listing, hours: hours.reversed(), price: price).reversed() {
                json.list()
                json.quotedInteger(candle.from)
                for value in [candle.open, candle.high, candle.low, candle.close] {
                    json.short(value, listing.pricePlaces)
                }
                if price == .last {
                    json.short(contracts(listing, candle.volume, (candle.open + candle.close) / 2), 4)
                    json.short(candle.volume, 8)
                    json.short(candle.turnover, 6)
                }
                json.text(candle.from + Moment.hourLength <= moment.time ? "1" : "0")
                json.endList()
            }
        }
    }

    // MARK: - Liquidations

    func liquidations() -> ExchangeReply {
        guard request.query["instType"] == "SWAP" else { return missing("instType") }
        guard let family = request.query["instFamily"] ?? request.query["uly"] else {
            return error("50015", "Either parameter instFamily or uly is required.", status: 400)
        }
        guard let listing = moment.listing("\(family)-SWAP") else { return unknown }
        let limit = Int(max(1, min(100, request.number("limit") ?? 100)))
        let end = min(moment.time + 1, request.number("after") ?? moment.time + 1)
        var events: [SimulatedLiquidation] = []
        var hour = (end - 1) / 3_600_000
        while events.count < limit, hour > moment.time / 3_600_000 - 24 {  // newest first, a day at most
            let found = moment.liquidations(listing, hour: hour)
            events.append(contentsOf: found.reversed().filter { $0.time < end })
            hour -= 1
        }
        return data { json in
            if events.isEmpty { return }
            json.begin()
            json.list("details")
            for event in events.prefix(limit) {
                json.begin()
                json.text("bkLoss", "0")
                json.short("bkPx", event.price, listing.pricePlaces)
                json.text("ccy", "")
                json.text("posSide", event.id % 3 == 0 ? "net" : event.isLong ? "long" : "short")
                json.text("side", event.isLong ? "sell" : "buy")
                json.quotedInteger("sz", event.contracts)
                json.quotedInteger("ts", event.time)
                json.end()
            }
            json.endList()
            json.text("instFamily", family)
            json.text("instId", listing.symbol)
            json.text("instType", "SWAP")
            json.text("totalLoss", "0")
            json.text("uly", family)
            json.end()
        }
    }
}
