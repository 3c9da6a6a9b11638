import PerpCore

/// The five directional factors of the `v2` sentiment. `nil` is an absent factor.
enum SentimentV2Factors {
    typealias Score = (score: Double, quality: Double)

    /// Hours at which the long/short baseline counts half.
    static let baselineHours = 168
    static let fullCoverage = 0.5
    static let neededPairs = 12

    /// 0.01 % in eight hours is the interest that exchanges add by default, hence neutral.
    static func funding(_ inputs: SentimentInputs) -> Score? {
        inputs.fundingPercent8h.map {
            (tanh(($0 - 0.01) / 0.03), coverageQuality(inputs.fundingCoverage))
        }
    }

    static func price(_ inputs: SentimentInputs) -> Score? {
        inputs.priceChangePercent.map { (tanh($0 / 5), coverageQuality(inputs.priceCoverage)) }
    }

    /// Contrarian, against the market's own habit: accounts usually lean long.
    static func longShortBias(_ inputs: SentimentInputs) -> Score? {
        inputs.longFraction.map {
            let distance = logit($0) - neutralLogit(inputs.baseline)
            return (-tanh(distance / 1.5), min(1, Double(inputs.longShortSeries) / 4))
        }
    }

    /// Whether open interest backs the move.
    static func conviction(_ inputs: SentimentInputs) -> Score? {
        guard let change = inputs.priceChangePercent, let oiVolRatio = inputs.openInterestToVolume else { return nil }
        let level = levelBacking(oiVolRatio)
        guard let growth = inputs.openInterestGrowth24h else { return (tanh(change / 4) * level, 0.5) }
        return (tanh(change / 4) * (0.7 * growthBacking(growth) + 0.3 * level), 1)
    }

    /// Open interest added in rising hours is new longs, in falling hours new shorts.
    static func openInterestPrice(_ inputs: SentimentInputs) -> Score? {
        if inputs.pairs.count >= neededPairs {
            return (tanh(3 * meanFlow(inputs.pairs)), Double(inputs.pairs.count) / 24)
        }
        guard let growth = inputs.openInterestGrowth24h, let change = inputs.priceChangePercent else { return nil }
        return (tanh(change / 5) * max(0, tanh(growth / 0.05)), 0.5)
    }

    static func meanFlow(_ pairs: [SentimentInputs.HourlyPair]) -> Double {
        let sum = pairs.reduce(0) { $0 + tanh($1.markChange / 0.005) * max(0, tanh($1.openInterestGrowth / 0.005)) }
        return sum / Double(pairs.count)
    }

    static func neutralLogit(_ baseline: SentimentInputs.LongShortBaseline) -> Double {
        let hours = Double(baseline.hours)
        return hours / (hours + Double(baselineHours)) * clamp(baseline.medianLogit, -0.6, 0.6)
    }

    static func levelBacking(_ oiVolRatio: Double) -> Double { (1 + tanh((oiVolRatio - 0.375) / 0.125)) / 2 }

    static func growthBacking(_ growth: Double) -> Double { (1 + tanh(growth / 0.05)) / 2 }

    private static func coverageQuality(_ coverage: Double?) -> Double {
        min(1, (coverage ?? 0) / fullCoverage)
    }
}
