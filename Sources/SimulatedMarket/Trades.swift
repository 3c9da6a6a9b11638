/// A trade, where an exchange tells of liquidations among its trades.
struct SimulatedTrade {
    /// UTC milliseconds.
    let time: Int64
    /// Whether the taker sold.
    let isSale: Bool
    /// In quote currency for one base unit of the exchange.
    let price: Double
    /// Dollars of an inverse contract, coins of a linear one.
    let amount: Double
    /// Whether it closed a position by force.
    let isForced: Bool
    let id: UInt64
}

extension SimulatedListing {
    /// A size in coins that is traded: one step of sizes at least, since a smaller one would be written as 0.
    func tradeSize(_ coins: Double) -> Double { max(coins, 1 / powersOfTen[quantityPlaces]) }
}

extension Moment {
    /// The trades of an instrument from one time up to another, which is excluded, oldest first: the liquidations, and an
    /// ordinary trade every half minute.
    func trades(of listing: SimulatedListing, from: Int64, to: Int64) -> [SimulatedTrade] {
        guard from < to else { return [] }
        let forced = liquidations([listing], from: from, to: to).map { event in
            SimulatedTrade(
                time: event.time, isSale: event.isLong, price: event.price, amount: event.amount, isForced: true,
                id: event.id)
        }
        let every: Int64 = 30_000
        let ordinary = stride(from: (from + every - 1) / every * every, to: to, by: Int(every)).map { time in
            let key = Noise.hash(listing.key ^ 0x7_2ADE, time)
            return SimulatedTrade(
                time: time, isSale: key % 2 == 0, price: index(of: listing, at: time),
                amount: listing.inverse
                    ? listing.contractSize * Double(1 + key % 90) : listing.tradeSize(Double(1 + key % 50) / 10),
                isForced: false, id: key)
        }
        return (forced + ordinary).sorted { ($0.time, $0.id) < ($1.time, $1.id) }
    }
}
