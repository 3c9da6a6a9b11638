import PerpCore

/// How far the exchanges' funding rates of the same coin lie apart.
enum FundingDispersion {
    /// The coins looked at, in the order of their sums.
    static let assets = ["BTC", "ETH"]

    /// The reference perpetual of one exchange and coin.
    struct ReferenceFunding: Hashable, Sendable {
        /// Percent per eight hours.
        var percent8h: Double
        /// Dollars traded in the rolling day.
        var volumeUSD: Double

        init(percent8h: Double, volumeUSD: Double) {
            self.percent8h = percent8h
            self.volumeUSD = volumeUSD
        }
    }

    /// Percent: the volume-weighted standard deviation of one coin's rates over the exchanges;
    /// `nil` with fewer than two.
    static func deviation(_ references: [ReferenceFunding]) -> Double? {
        guard references.count >= 2 else { return nil }
        var mean = WeightedMean()
        for reference in references { mean.add(reference.percent8h, weight: reference.volumeUSD) }
        guard let center = mean.value else { return nil }
        var squares = WeightedMean()
        for reference in references {
            let distance = reference.percent8h - center
            squares.add(distance * distance, weight: reference.volumeUSD)
        }
        return squares.value?.squareRoot()
    }

    /// Percent: the mean of the coins' deviations; `nil` if there is none.
    /// `references` holds one list per coin, each in byte order of the exchanges' ids.
    static func divergence(_ references: [[ReferenceFunding]]) -> Double? {
        mean(references.compactMap(deviation))
    }

    static func references(of asset: String, in exchanges: [GuardedExchange]) -> [ReferenceFunding] {
        exchanges.compactMap { exchange in
            guard let ticker = exchange.reference(asset)?.ticker, let percent = ticker.fundingPercent8h,
                let volume = ticker.volumeUSD24h
            else { return nil }
            return ReferenceFunding(percent8h: percent, volumeUSD: volume)
        }
    }
}
