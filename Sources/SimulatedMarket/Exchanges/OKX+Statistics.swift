import PerpCore

extension SimulatedOKX {
    // MARK: - Statistics

    private func periods() -> (listing: SimulatedListing, times: [Int64])? {
        guard let symbol = request.query["instId"], let listing = moment.listing(symbol) else { return nil }
        let lengths: [String: Int64] = ["5m": 300_000, "1H": 3_600_000, "4H": 14_400_000, "1D": 86_400_000]
        guard let length = lengths[request.query["period"] ?? "5m"] else { return nil }
        let limit = max(1, min(100, request.number("limit") ?? 100))
        let last = moment.time / length * length
        return (listing, (0..<limit).map { last - $0 * length })
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
