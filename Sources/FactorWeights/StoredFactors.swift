import PerpCore
import Sealing

/// What is stored of the factors and the market at one hour.
public struct StoredFactors: Hashable, Sendable {
    /// The hour, in UTC.
    public var hour: Hour
    /// Score times quality of each of `FactorWeights.factors`, 0 when absent; `nil` in an hour without a score.
    public var scores: [Double]?
    /// The market's logarithmic return since the hour that is stored in its path before; `nil` where a path begins.
    public var change: Double?
    /// Hours since that hour, 0 where a path begins; `nil` when the hour is not stored in the path.
    public var gapHours: Int?
    /// The market's volatility of the last day, an annualised fraction; `nil` is unknown.
    public var volatility: Double?

    /// Takes one stored hour.
    public init(hour: Hour, scores: [Double]?, change: Double?, gapHours: Int?, volatility: Double?) {
        self.hour = hour
        self.scores = scores
        self.change = change
        self.gapHours = gapHours
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
    /// - Parameter stored: ascending. Where the market's path begins anew, no outcome reaches over the hole.
    public static func hours(_ stored: [StoredFactors]) -> [FactorHour] {
        let paths = paths(stored)
        var next = 0
        return stored.compactMap { row in
            // The path in which the day after the hour begins.
            while next < paths.count, paths[next].last <= row.hour { next += 1 }
            guard next < paths.count, let scores = row.scores,
                let outcome = MarketPath.outcome(
                    dayAfter: paths[next].path.dayAfter(row.hour), volatility: row.volatility)
            else { return nil }
            return FactorHour(hour: row.hour, scores: scores, outcome: outcome)
        }
    }

    /// The unbroken paths of the market, each with its last hour.
    private static func paths(_ stored: [StoredFactors]) -> [(path: MarketPath, last: Hour)] {
        var points: [[MarketPath.Point]] = []
        for row in stored {
            guard let gap = row.gapHours else { continue }
            if let change = row.change, let last = points.last?.last, last.hour.advanced(by: gap) == row.hour {
                points[points.count - 1].append(.init(hour: row.hour, value: last.value + change))
            } else {
                points.append([.init(hour: row.hour, value: 0)])
            }
        }
        return points.compactMap { points in points.last.map { (MarketPath(points), $0.hour) } }
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
