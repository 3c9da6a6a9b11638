import PerpCore

/// The growth of open interest between two hours over the contracts that both hours know,
/// with the change of price taken out. Hours of other rules of class are not compared.
package struct OpenInterestGrowth: Hashable, Sendable {
    /// Within a day an open interest may change by this factor before it is taken for an error.
    static let dayLimits = 0.1...10.0
    /// Within an hour.
    static let hourLimits = (1.0 / 3.0)...3.0
    static let neededShare = 0.5

    /// `ln(sum k / sum then)`, where `k` is the open interest of now at the price of then.
    package var growth: Double
    /// The logarithmic change of the mark price, weighted by the earlier open interest.
    package var markChange: Double
    /// Dollars of the earlier open interest that is matched.
    var matchedUSD: Double

    /// From a day before. `nil` when less than half of the earlier open interest is matched.
    static func overDay(
        from then: OpenInterestSnapshot, to now: OpenInterestSnapshot
    ) -> OpenInterestGrowth? {
        OpenInterestGrowth(from: then, to: now, limits: dayLimits)
    }

    /// From the hour before, or the last one that is stored. `nil` when less than half of the earlier open interest is
    /// matched.
    package static func overHour(
        from then: OpenInterestSnapshot, to now: OpenInterestSnapshot
    ) -> OpenInterestGrowth? {
        OpenInterestGrowth(from: then, to: now, limits: hourLimits)
    }

    private init?(
        from then: OpenInterestSnapshot, to now: OpenInterestSnapshot, limits: ClosedRange<Double>
    ) {
        var earlier = 0.0
        var repriced = 0.0
        var weightedChange = 0.0
        Self.forEachMatch(then, now) { before, after in
            guard !before.isPriceOutlier, !after.isPriceOutlier, before.openInterestUSD > 0,
                limits.contains(after.openInterestUSD / before.openInterestUSD)
            else { return }
            earlier += before.openInterestUSD
            repriced += Self.atEarlierPrice(after, before)
            weightedChange += before.openInterestUSD * ln(after.markPrice / before.markPrice)
        }
        guard earlier > 0, repriced > 0, let total = then.totalOpenInterestUSD,
            earlier >= Self.neededShare * total
        else { return nil }
        matchedUSD = earlier
        growth = ln(repriced / earlier)
        markChange = weightedChange / earlier
    }

    /// An inverse contract is worth a fixed number of dollars: its open interest needs no repricing.
    private static func atEarlierPrice(
        _ now: OpenInterestSnapshot.InstrumentOpenInterest, _ then: OpenInterestSnapshot.InstrumentOpenInterest
    ) -> Double {
        now.kind == .inverse ? now.openInterestUSD : now.openInterestUSD * then.markPrice / now.markPrice
    }

    /// Calls `body` with pairs of the same exchange and symbol, exchanges by id and positions by symbol: both are sorted.
    private static func forEachMatch(
        _ then: OpenInterestSnapshot, _ now: OpenInterestSnapshot,
        _ body: (OpenInterestSnapshot.InstrumentOpenInterest, OpenInterestSnapshot.InstrumentOpenInterest) -> Void
    ) {
        for before in then.exchanges {
            guard let after = now.exchanges.first(where: { $0.exchange == before.exchange }),
                after.knowsClasses == before.knowsClasses
            else { continue }
            // Through the buffers: an element taken out of an array would be copied with its string.
            before.instruments.withUnsafeBufferPointer { before in
                after.instruments.withUnsafeBufferPointer { after in
                    var place = 0
                    for index in before.indices {
                        while place < after.count, after[place].symbol < before[index].symbol { place += 1 }
                        guard place < after.count else { break }
                        guard after[place].symbol == before[index].symbol else { continue }
                        body(before[index], after[place])
                        place += 1
                    }
                }
            }
        }
    }
}
