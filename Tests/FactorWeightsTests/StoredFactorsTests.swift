import PerpCore
import Sealing
import Testing

@testable import FactorWeights

private let start = Hour("2026-01-01T00")!  // a literal

@Suite("Hours that weights are learned from")
struct StoredFactorsTests {
    private func stored(_ count: Int, without missing: Set<Int> = []) -> [StoredFactors] {
        var last: Int?
        return (0..<count).filter { !missing.contains($0) }.map { number in
            // As the market's chain does: a step over more than six hours begins anew.
            let gap = last.map { number - $0 > 6 ? 0 : number - $0 } ?? 0
            last = number
            return StoredFactors(
                hour: start.advanced(by: number), scores: [0.1, 0.2, 0, 0, 0],
                change: gap > 0 ? 0.001 * Double(gap) : nil, gapHours: gap, volatility: 0.5)
        }
    }

    @Test("the outcome of an hour is the return of the day that begins an hour later, over its usual size")
    func outcome() {
        let hours = FactorHour.hours(stored(27))
        // Hour 0 begins at 1 and ends at 25, hour 1 at 26; hour 2 would end at 27, which is not stored.
        #expect(hours.map(\.hour) == [start, start.next])
        let expected = 0.024 / (0.5 * (24.0 / 8760).squareRoot())
        #expect(isClose(hours[0].outcome, expected) && isClose(hours[1].outcome, expected))
    }

    @Test("a step over a missing hour has the return of both")
    func gap() {
        let hours = FactorHour.hours(stored(60, without: [30]))
        // 5 begins at 6 and would end at 30: it ends at 31, an hour later. 29 enters at 31.
        #expect(hours.map { start.distance(to: $0.hour) } == Array(0...29) + Array(31...34))
        let usual = 0.5 * (24.0 / 8760).squareRoot()
        #expect(isClose(hours[4].outcome, 0.024 / usual) && isClose(hours[5].outcome, 0.025 / usual))
    }

    @Test("a hole of more than six hours is no return of zero: nothing reaches over it")
    func hole() {
        let hours = FactorHour.hours(stored(80, without: Set(30...36))).map { start.distance(to: $0.hour) }
        // 4 begins at 5 and ends at 29. 37 is the first hour behind the hole: the day after 37 begins at 38.
        #expect(hours == Array(0...4) + Array(37...54))
    }

    @Test("without a volatility, or without a score, nothing is learned of an hour")
    func unknown() {
        var rows = stored(30)
        rows[0].volatility = nil
        rows[1].scores = nil
        #expect(FactorHour.hours(rows).map { start.distance(to: $0.hour) } == [2, 3, 4])
        #expect(FactorHour.hours([]).isEmpty)
    }

    @Test("a score counts times its quality, and an absent one is 0")
    func weighed() {
        func score(_ factor: SentimentFactor, _ score: Double?, _ quality: Double?) -> ModelScore {
            ModelScore(hour: start, model: .v2, factor: factor, score: score, quality: quality, weight: 0)
        }
        let scores = [
            score(.openInterestPrice, 0.5, 0.5), score(.divergence, -0.3, nil), score(.funding, -0.4, 0.5),
            score(.price, nil, 0),
        ]
        #expect(FactorHour.weighed(scores) == [-0.2, 0, 0, 0, 0.25])
        #expect(FactorHour.weighed([]) == nil)
    }

    @Test("equal facts have an equal hash, others another")
    func hash() {
        let hours = FactorHour.hours(stored(40))
        #expect(FactorHour.hash(of: hours) == FactorHour.hash(of: hours))
        #expect(FactorHour.hash(of: hours).count == 16)
        var other = hours
        other[3].outcome += 1e-12
        #expect(FactorHour.hash(of: other) != FactorHour.hash(of: hours))
        #expect(FactorHour.hash(of: []) == "cbf29ce484222325")
    }
}
