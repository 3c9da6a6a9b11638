import PerpCore

extension CascadeScore.UsualShares {
    static let coverageTolerance = 0.15

    /// The quantiles of the earlier windows whose coverage is like this one's; `nil` with fewer
    /// than 168 of them.
    static func among(
        _ earlier: [(oiShare: Double, coverage: Double)], coverage: Double
    ) -> CascadeScore.UsualShares? {
        let alike = earlier.filter { abs($0.coverage - coverage) <= coverageTolerance }
        guard alike.count >= History.neededHours else { return nil }
        let shares = alike.map(\.oiShare).sorted()
        guard let q90 = Quantiles.quantile(0.90, ofSorted: shares),
            let q99 = Quantiles.quantile(0.99, ofSorted: shares)
        else { return nil }
        return CascadeScore.UsualShares(q90: q90, q99: q99)
    }
}
