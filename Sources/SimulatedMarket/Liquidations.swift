/// A position that an exchange closed by force.
struct SimulatedLiquidation {
    let listing: SimulatedListing
    /// UTC milliseconds.
    let time: Int64
    /// Whether a long position was closed.
    let isLong: Bool
    /// In quote currency for one base unit of the exchange.
    let price: Double
    /// The approximate value in USD: the exact one follows from the contracts or coins.
    let notional: Double
    let id: UInt64

    /// The size in whole contracts, at least one.
    var contracts: Int64 {
        let one = listing.inverse ? listing.contractSize : listing.contractSize * price
        return max(1, Int64((notional / one).rounded()))
    }

    /// The size where the exchange counts dollars of an inverse contract and coins of a linear one.
    var amount: Double { listing.inverse ? Double(contracts) * listing.contractSize : quantity }

    /// The size in base units of the exchange, at least one step.
    var quantity: Double {
        let steps = powersOfTen[listing.quantityPlaces]
        return max(1, (notional / price * steps).rounded()) / steps
    }
}

extension Moment {
    /// The liquidations of one instrument in the hour that begins `hour` hours after the epoch, oldest first.
    ///
    /// A quiet hour has a few; an hour with a large move has many, mostly of one side.
    func liquidations(_ listing: SimulatedListing, hour: Int64) -> [SimulatedLiquidation] {
        let begin = hour * 3_600_000
        guard listing.isPerpetual, listing.isTrading(at: begin), listing.quote != .btc else { return [] }
        let coin = market.coins.all[listing.coin]
        let position = Double(hour)
        let path = market.path
        let factors = (path.market(at: position), path.market(at: position + 1))
        let first = path.price(of: coin, at: position, market: factors.0)
        let move = path.price(of: coin, at: position + 1, market: factors.1) / first - 1
        let surge = 1 + min(60, 1.5 * (move / 0.012) * (move / 0.012))
        let expected = (10 * coin.dailyTurnover * listing.share / 6e9 + 0.08) * surge
        let key = Noise.hash(listing.key ^ 0x11_0B1D, hour)
        let count = Int((expected + Noise.unit(key)).rounded(.down))
        if count == 0 { return [] }
        let shock = path.shock(within: position)
        // A large move closes larger positions: this is added to the decimal logarithm of their size.
        let weight = 0.55 * (1 - 1 / surge)
        let longChance = 0.5 - max(-0.45, min(0.45, 25 * move))
        let events = (0..<min(count, 900)).map { number in
            liquidation(
                listing, key: Noise.hash(key, Int64(number) + 1), hour: position, shock: shock,
                longChance: longChance, weight: weight)
        }
        return events.sorted { ($0.time, $0.id) < ($1.time, $1.id) }
    }

    private func liquidation(
        _ listing: SimulatedListing, key: UInt64, hour: Double, shock: PricePath.Shock?, longChance: Double,
        weight: Double
    ) -> SimulatedLiquidation {
        var part = Noise.unit(key, 1)
        if let shock, Noise.unit(key, 2) < 0.7 { part = min(0.999, shock.start - hour + 0.35 * part) }
        let time = Int64((hour + part) * 3_600_000)
        let isLong = Noise.unit(key, 3) < longChance
        let draw = Noise.unit(key, 4)
        let large = Noise.unit(key, 5) > 0.97 ? 1.0 : 0
        let size = 2.7 + 2.4 * draw * draw + large + weight
        let slip = 1 + (isLong ? -0.004 : 0.004) * Noise.unit(key, 6)
        return SimulatedLiquidation(
            listing: listing, time: time, isLong: isLong, price: index(of: listing, at: time) * slip,
            notional: power(10, size), id: key)
    }

    /// The liquidations of several instruments from one time up to another, which is excluded, oldest first.
    func liquidations(_ listings: [SimulatedListing], from: Int64, to: Int64) -> [SimulatedLiquidation] {
        guard from < to else { return [] }
        let hours = from / 3_600_000...(to - 1) / 3_600_000
        return hours.flatMap { hour in listings.flatMap { liquidations($0, hour: hour) } }
            .filter { $0.time >= from && $0.time < to && $0.time <= time }
            .sorted { ($0.time, $0.id) < ($1.time, $1.id) }
    }
}
