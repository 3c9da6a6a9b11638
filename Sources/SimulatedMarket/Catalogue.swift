import PerpCore

/// The instruments of one exchange over time: most stay, dated futures roll, and some coins come and go. A market of few
/// coins has only what stays and what is listed and delisted in the middle of a year.
struct Catalogue: Sendable {
    let exchange: Exchange
    let size: Market.Size
    private let fixed: [SimulatedListing]
    private let indexBySymbol: [String: Int]
    private let template: ListingTemplate
    /// The permanent instrument whose interval of funding changes, and the instant; `nil` when none does.
    private let intervalChange: (index: Int, at: Int64)?
    /// Whether coins are listed and delisted in the middle of each year.
    private let hasTurns: Bool
    private let isPlain: Bool

    /// - Parameters:
    ///   - intervalChange: when SOL's funding begins to be settled every hour on Bybit and Gate; `nil` for never.
    ///   - hasTurns: whether coins are listed and delisted in the middle of each year.
    ///   - coinCount: how many ordinary coins there are, without anything unusual; `nil` for all and everything.
    init(
        exchange: Exchange, size: Market.Size, coins: Coins, seed: UInt64, intervalChange: Hour? = nil,
        hasTurns: Bool = false, coinCount: Int? = nil
    ) {
        self.hasTurns = hasTurns
        isPlain = coinCount != nil
        self.exchange = exchange
        self.size = size
        template = ListingTemplate(exchange: exchange, coins: coins, seed: seed)
        var builder = CatalogueBuilder(template: template, size: size)
        builder.build(coinCount: coinCount)
        fixed = builder.listings
        indexBySymbol = Dictionary(
            uniqueKeysWithValues: fixed.enumerated().map { (String(decoding: $1.symbol, as: UTF8.self), $0) })
        let changing =
            Self.changingExchanges.contains(exchange)
            ? indexBySymbol[CatalogueBuilder.symbol(base: Self.changingCoin, quote: "USDT", on: exchange)] : nil
        self.intervalChange = intervalChange.flatMap { hour in changing.map { ($0, hour.startMilliseconds) } }
    }

    private static let changingExchanges: Set<Exchange> = [.bybit, .gate]
    private static let changingCoin = "SOL"
    private static let changedInterval = 1

    /// A permanent instrument as it is at `time`.
    private func fixed(_ index: Int, at time: Int64) -> SimulatedListing {
        var listing = fixed[index]
        if let intervalChange, intervalChange.index == index, intervalChange.at <= time {
            listing.pastInterval = .init(hours: listing.interval, until: intervalChange.at)
            listing.interval = Self.changedInterval
        }
        return listing
    }

    /// The instruments in the exchange's list at `time`, including delisted and announced ones.
    func listings(at time: Int64) -> [SimulatedListing] {
        var result = fixed
        if let intervalChange { result[intervalChange.index] = fixed(intervalChange.index, at: time) }
        result.append(contentsOf: moving(at: time))
        return result
    }

    /// The instrument with a symbol at `time`, in any phase; `nil` when there is none.
    func listing(_ symbol: String, at time: Int64) -> SimulatedListing? {
        if let index = indexBySymbol[symbol] { return fixed(index, at: time) }
        let bytes = Array(symbol.utf8)
        return moving(at: time).first { $0.symbol == bytes }
    }

    private func moving(at time: Int64) -> [SimulatedListing] {
        // First those of a year, so that their numbers stay while others come and go.
        let turning = hasTurns ? turning(at: time) : []
        let listings = turning + (isPlain ? [] : dated(at: time) + passing(at: time))
        return listings.enumerated().map { offset, listing in
            var listing = listing
            if listing.number == 0 { listing.number = fixed.count + offset + 1 }
            return listing
        }
    }

    // MARK: - Dated futures

    private func dated(at time: Int64) -> [SimulatedListing] {
        let coins = template.coins
        switch exchange {
        case .binance:
            let (previous, coming) = DeliveryCalendar.quarters(around: time)
            return ["BTC", "ETH"].flatMap { base in
                ([previous] + coming).enumerated().map { index, delivery in
                    var listing = template.listing(
                        symbol: "\(base)USDT_\(DeliveryCalendar.short(delivery))", base: base,
                        coin: coins.index(of: base))
                    listing.tag =
                        ["CURRENT_QUARTER DELIVERING", "CURRENT_QUARTER", "NEXT_QUARTER"][index]
                    return asDated(listing, delivery: delivery, time: time)
                }
            }
        case .bybit:
            let quarters = DeliveryCalendar.quarters(around: time).coming
            let weeks = DeliveryCalendar.weeks(after: time, count: size == .small ? 1 : 3)
            let deliveries = Array(Set(quarters + weeks)).sorted()
            let inverse = quarters.map { delivery in
                var listing = template.listing(
                    symbol: "BTCUSD\(DeliveryCalendar.coded(delivery))", base: "BTC", coin: coins.index(of: "BTC"))
                listing.makeInverse()
                return asDated(listing, delivery: delivery, time: time)
            }
            return inverse
                + ["BTC", "ETH"].flatMap { base in
                    deliveries.map { delivery in
                        var listing = template.listing(
                            symbol: "\(base)-\(DeliveryCalendar.spoken(delivery))", base: base,
                            coin: coins.index(of: base))
                        listing.quote = .usdc
                        listing.settle = "USDC"
                        return asDated(listing, delivery: delivery, time: time)
                    }
                }
        case .binanceCOINM:
            let (previous, coming) = DeliveryCalendar.quarters(around: time)
            return ["BTC", "ETH"].flatMap { base in
                ([previous] + coming).enumerated().map { index, delivery in
                    var listing = template.listing(
                        symbol: "\(base)USD_\(DeliveryCalendar.short(delivery))", base: base,
                        coin: coins.index(of: base))
                    listing.tag = ["CURRENT_QUARTER DELIVERING", "CURRENT_QUARTER", "NEXT_QUARTER"][index]
                    CatalogueBuilder.fit(&listing, to: exchange, coins: coins)
                    return asDated(listing, delivery: delivery, time: time)
                }
            }
        case .bitget:
            return DeliveryCalendar.quarters(around: time).coming.prefix(1).map { delivery in
                let listing = template.listing(
                    symbol: "ETHUSDT_\(DeliveryCalendar.short(delivery))", base: "ETH",
                    coin: coins.index(of: "ETH"))
                return asDated(listing, delivery: delivery, time: time)
            }
        case .deribit, .krakenFutures, .coinbase:
            return DeliveryCalendar.quarters(around: time).coming.prefix(1).map { delivery in
                asDated(bitcoinFuture(delivery), delivery: delivery, time: time)
            }
        default: return []
        }
    }

    /// Bitcoin's dated future on an exchange that counts in dollars.
    private func bitcoinFuture(_ delivery: Int64) -> SimulatedListing {
        let base = CatalogueBuilder.base(of: "BTC", on: exchange).name
        let symbol =
            switch exchange {
            case .deribit: "\(base)-\(DeliveryCalendar.spoken(delivery))"
            case .krakenFutures: "FI_\(base)USD_\(DeliveryCalendar.short(delivery))"
            default: "BIT-\(DeliveryCalendar.spoken(delivery))-CDE"
            }
        var listing = template.listing(symbol: symbol, base: base, coin: template.coins.index(of: "BTC"))
        CatalogueBuilder.fit(&listing, to: exchange, coins: template.coins)
        guard exchange != .coinbase else { return listing }
        listing.quote = .usd
        listing.settle = base
        listing.inverse = true
        listing.contractSize = exchange == .deribit ? 10 : 1
        return listing
    }

    private func asDated(_ listing: SimulatedListing, delivery: Int64, time: Int64) -> SimulatedListing {
        var listing = listing
        listing.contract = .dated(delivery)
        listing.share *= 0.01
        listing.listedAt = delivery - 182 * 86_400_000
        if delivery <= time { listing.life = .dead(delivery) }
        return listing
    }

    // MARK: - Coins that come and go

    /// How many coins change in the middle of each year.
    private static let turns: Int64 = 2

    /// When a coin gives way to another one in a year: on a day between the middle of May and of August, at the settlement of
    /// 08:00, on all exchanges at once; UTC milliseconds.
    static func turn(year: Int64, slot: Int64, seed: UInt64) -> Int64 {
        let draw = Noise.unit(Noise.hash("turn", seed: seed), year * turns + slot)
        let day = CalendarDay(year: year, month: 5, day: 15).number + Int64(draw * 90)
        return (day * 24 + 8) * 3_600_000
    }

    /// The coins that are listed in the middle of one year and delisted in the middle of the next. Then they are gone from
    /// all lists, as exchanges remove a contract, and never come back under their name.
    private func turning(at time: Int64) -> [SimulatedListing] {
        guard !CatalogueBuilder.selective.contains(exchange) else { return [] }
        let year = CalendarDay(number: time / 86_400_000).date.year
        return (0..<Self.turns).compactMap { slot in
            let turn = Self.turn(year: year, slot: slot, seed: template.seed)
            let first = time < turn ? year - 1 : year
            let tail = template.coins.tail
            let coin = tail[Int((first * Self.turns + slot) * 37 % Int64(tail.count))]
            let base = template.coins.all[coin].name
            let symbol = CatalogueBuilder.symbol(base: base, quote: "USDT", on: exchange)
            guard indexBySymbol[symbol] == nil else { return nil }
            var listing = template.listing(symbol: symbol, base: base, coin: coin)
            listing.listedAt = Self.turn(year: first, slot: slot, seed: template.seed)
            let end = Self.turn(year: first + 1, slot: slot, seed: template.seed)
            listing.life = .passing(
                announced: listing.listedAt, opened: listing.listedAt, stopped: end, removed: end)
            CatalogueBuilder.fit(&listing, to: exchange, coins: template.coins)
            return listing
        }
    }

    private func passing(at time: Int64) -> [SimulatedListing] {
        let slots = size == .small ? 1 : 24
        let period: Int64 = (size == .small ? 60 : 504) * 3_600_000
        let lag = Int64(exchange.position) * 3_600_000
        var result: [SimulatedListing] = []
        var taken: Set<[UInt8]> = []
        for slot in 0..<Int64(slots) {
            let shifted = time - lag - slot * period / Int64(slots)
            let generation = shifted / period
            // Hyperliquid keeps delisted markets in its list: the previous one stays.
            for generation in exchange == .hyperliquid ? [generation, generation - 1] : [generation] {
                let announced = generation * period + lag + slot * period / Int64(slots)
                let names = template.coins.passing
                let number = generation * Int64(slots) + slot
                let coin = names[Int((number * 7) % Int64(names.count))]
                let base = template.coins.all[coin].name
                let hours: Int64 = 3_600_000
                var listing = template.listing(
                    symbol: CatalogueBuilder.symbol(base: base, quote: "USDT", on: exchange), base: base,
                    coin: coin)
                listing.listedAt = announced + 6 * hours
                let forever = exchange == .hyperliquid ? period : 0
                listing.life = .passing(
                    announced: exchange == .hyperliquid ? announced + 6 * hours : announced,
                    opened: announced + 6 * hours, stopped: announced + period - 6 * hours,
                    removed: announced + period + forever)
                CatalogueBuilder.fit(&listing, to: exchange, coins: template.coins)
                if listing.phase(at: time) != .absent, taken.insert(listing.symbol).inserted {
                    result.append(listing)
                }
            }
        }
        return result
    }
}
