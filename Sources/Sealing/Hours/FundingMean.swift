import PerpCore

/// An exchange's mean funding rate, weighted by open interest where enough of it is known.
package struct FundingMean {
    static let rateLimit8h = 0.02
    static let neededOpenInterestShare = 0.5

    /// Percent per eight hours; `nil` without weight.
    package var rate: Double?
    var basis: FundingBasis?
    /// Dollars: the sum of the weights taken.
    var weight: Double?
    /// Dollars traded by the instruments used.
    var usedVolume: Double?

    /// Over an exchange's trading perpetuals, sorted by symbol.
    init(_ guarded: GuardedExchange) {
        var byVolume = WeightedMean()
        var byOpenInterest = WeightedMean()
        var volumeWithOpenInterest = 0.0
        guarded.forEachPerpetual { instrument in
            guard let rate8h = instrument.ticker.fundingRate8h else { return }
            let rate = clamp(rate8h, -Self.rateLimit8h, Self.rateLimit8h)
            let volume = instrument.ticker.volumeUSD24h ?? 0
            byVolume.add(rate, weight: volume)
            guard let openInterest = instrument.ticker.openInterestUSD else { return }
            byOpenInterest.add(rate, weight: openInterest)
            volumeWithOpenInterest += volume
        }
        let share = ratio(volumeWithOpenInterest, byVolume.weight) ?? 0
        let usesOpenInterest = share >= Self.neededOpenInterestShare
        let mean = usesOpenInterest ? byOpenInterest : byVolume
        guard let value = mean.value else { return }
        rate = 100 * value
        basis = usesOpenInterest ? .openInterest : .volume
        weight = mean.weight
        usedVolume = usesOpenInterest ? volumeWithOpenInterest : byVolume.weight
    }

    /// Over the trading perpetuals of one asset on all exchanges, which are in byte order of their ids.
    package init?(of asset: String, on exchanges: [GuardedExchange]) {
        guard var all = exchanges.first else { return nil }
        all.instruments = exchanges.flatMap { exchange in exchange.instruments.filter { $0.asset == asset } }
        self.init(all)
    }
}
