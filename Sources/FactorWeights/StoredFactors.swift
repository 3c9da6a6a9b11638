import PerpCore
import Sealing

/// What is stored of the factors and the market at one hour.
public struct StoredFactors: Hashable, Sendable {
    /// The hour, in UTC.
    public var hour: Hour
    /// Score times quality of each of `FactorWeights.factors`, 0 when absent; `nil` in an hour without a score.
    public var scores: [Double]?
    /// The market's logarithmic return since the hour before; `nil` when that is not stored.
    public var change: Double?
    /// The market's volatility of the last day, an annualised fraction; `nil` is unknown.
    public var volatility: Double?

    /// Takes one stored hour.
    public init(hour: Hour, scores: [Double]?, change: Double?, volatility: Double?) {
        self.hour = hour
        self.scores = scores
        self.change = change
        self.volatility = volatility
    }
}

extension FactorHour {
    /// The scores of a model at an hour as they are weighed: each times its quality, 0 when absent; `nil` without any.
    /// - Parameter scores: of one hour and one model, in any order.
    public static func weighed(_ scores: [ModelScore]) -> [Double]? {
        guard !scores.isEmpty else { return nil }
        return FactorWeights.factors.map { factor in
            let row = scores.first { $0.factor == factor }
            guard let score = row?.score else { return 0 }
            return score * (row?.quality ?? 0)
        }
    }

    /// The hours with scores whose outcome is known.
    /// - Parameter stored: ascending. A return over a missing hour is not known, and neither is an outcome that needs it.
    public static func hours(_ stored: [StoredFactors]) -> [FactorHour] {
        let (paths, pathOf) = Self.paths(stored)
        return stored.indices.dropLast().compactMap { place in
            guard let scores = stored[place].scores,
                let outcome = MarketPath.outcome(
                    dayAfter: paths[pathOf[place + 1]].dayAfter(stored[place].hour),
                    volatility: stored[place].volatility)
            else { return nil }
            return FactorHour(hour: stored[place].hour, scores: scores, outcome: outcome)
        }
    }

    /// Paths of the market without a hole, and which of them each hour belongs to.
    private static func paths(_ stored: [StoredFactors]) -> (paths: [MarketPath], pathOf: [Int]) {
        var points: [[MarketPath.Point]] = []
        var pathOf: [Int] = []
        for row in stored {
            if let change = row.change, let last = points.last?.last, last.hour.next == row.hour {
                points[points.count - 1].append(.init(hour: row.hour, value: last.value + change))
            } else {
                points.append([.init(hour: row.hour, value: 0)])
            }
            pathOf.append(points.count - 1)
        }
        return (points.map(MarketPath.init), pathOf)
    }

    /// A hash of all that is learned from, sixteen hexadecimal digits.
    public static func hash(of hours: [FactorHour]) -> String {
        var hash = Fingerprint()
        for row in hours {
            hash.add(UInt64(bitPattern: row.hour.start))
            for number in row.scores + [row.outcome] { hash.add(number.bitPattern) }
        }
        return hash.text
    }
}
