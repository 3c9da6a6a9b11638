import PerpCore
import Sealing
import Signals
import Testing

@testable import TrackRecord

private let start = Hour("2026-01-01T00")!  // a literal

private func isClose(_ left: Double?, _ right: Double?) -> Bool {
    guard let left, let right else { return left == nil && right == nil }
    return abs(left - right) <= 1e-12 * max(abs(left), abs(right))
}

@Suite("Confidence from history")
struct EstimateTests {
    @Test("worked: a level inherits the excess over chance, not the level")
    func worked() {
        let estimate = Estimate(
            strategy: .init(base: 0.48, wins: 15.5, count: 26), direction: .init(base: 0.50, wins: 9, count: 14),
            regime: .init(base: 0.51, wins: 5, count: 6))
        #expect(isClose(estimate.ofStrategy, 0.5456521739130435))
        #expect(isClose(estimate.ofDirection, 0.5974424552429669))
        #expect(isClose(estimate.ofRegime, 0.6595711194176668))
        #expect(estimate.probability == estimate.ofRegime)
        #expect(estimate.base == 0.51)
        #expect(estimate.boost(of: .breakout) == 0)
    }

    @Test("worked: without a regime the direction decides")
    func noRegime() {
        let estimate = Estimate(
            strategy: .init(base: 0.48, wins: 30, count: 44), direction: .init(base: 0.48, wins: 22, count: 31), regime: nil)
        #expect(isClose(estimate.probability, 0.6740196078431373))
        #expect(estimate.ofRegime == nil)
        #expect(estimate.boost(of: .breakout) == 19)
    }

    @Test("three of three is not certainty")
    func three() {
        let estimate = Estimate(
            strategy: .init(base: 0.48, wins: 3, count: 3), direction: .init(base: 0.48), regime: nil)
        #expect(isClose(estimate.ofStrategy, 0.5478260869565217))
    }

    @Test("60 % in a market that rises 58 % of the time is an excess of 2 points")
    func risingMarket() {
        let level = Estimate.Level(base: 0.58, wins: 60_000, count: 100_000)
        let estimate = Estimate(strategy: level, direction: level, regime: nil)
        #expect(estimate.boost(of: .breakout) == 2)
    }

    @Test(
        "points are rounded half up and end at 20",
        arguments: [
            (0.045, 5), (-0.045, -4), (0.25, 20), (-0.25, -20), (0, 0), (0.0049, 0), (0.005, 1), (-0.005, 0), (-0.0051, -1),
        ])
    func points(excess: Double, points: Int) { #expect(Estimate.points(excess) == points) }

    @Test("twenty outcomes of the direction are needed")
    func twenty() {
        func boost(_ count: Double, _ strategy: Strategy = .breakout, wins: Double = 20) -> Int {
            let level = Estimate.Level(base: 0.5, wins: wins, count: count)
            return Estimate(strategy: level, direction: level, regime: nil).boost(of: strategy)
        }
        #expect(boost(19.99, wins: 19.99) == 0)
        #expect(boost(20) == 20)
        #expect(boost(20, wins: 0) == -20)
        #expect(boost(20, .liquidationCascade, wins: 0) == 0)
        #expect(boost(20, .liquidationCascade) == 20)
    }

    @Test("a confidence stays between 0 and 100")
    func final() {
        #expect(Estimate.final(adjusted: 90, boost: 19) == 100)
        #expect(Estimate.final(adjusted: 10, boost: -20) == 0)
        #expect(Estimate.final(adjusted: 75, boost: 5) == 80)
    }

    @Test("what is inherited is cut at 0.02 and 0.98")
    func clip() {
        let certain = Estimate.Level(base: 0.1, wins: 1e9, count: 1e9)
        let estimate = Estimate(strategy: certain, direction: .init(base: 0.9), regime: nil)
        #expect(isClose(estimate.ofDirection, 0.98))
        let never = Estimate.Level(base: 0.9, wins: 0, count: 1e9)
        #expect(isClose(Estimate(strategy: never, direction: .init(base: 0.1), regime: nil).ofDirection, 0.02))
    }

    @Test("an estimate is between what was believed and what happened, rises with what was right, and is chance at chance")
    func properties() {
        var random = SplitMix64(seed: 9)
        for _ in 0..<500 {
            let base = Double.random(in: 0.1...0.9, using: &random)
            let count = Double.random(in: 0.1...60, using: &random)
            let wins = count * Double.random(in: 0...1, using: &random)
            let level = Estimate.Level(base: base, wins: wins, count: count)
            let estimate = Estimate(strategy: level, direction: .init(base: base), regime: nil)
            #expect(estimate.ofStrategy >= min(base, wins / count) - 1e-12)
            #expect(estimate.ofStrategy <= max(base, wins / count) + 1e-12)
            let more = Estimate.Level(base: base, wins: wins + 0.1, count: count)
            #expect(
                Estimate(strategy: more, direction: more, regime: more).probability
                    >= Estimate(strategy: level, direction: level, regime: level).probability)
            let chance = Estimate.Level(base: base, wins: base * 40, count: 40)
            #expect(Estimate(strategy: chance, direction: chance, regime: chance).boost(of: .breakout) == 0)
        }
    }
}

@Suite("What came of alerts")
struct TrackRecordTests {
    static func outcome(
        entry: Int, resolved: Int? = nil, isRight: Bool = true, direction: Direction = .long, regime: String? = "CALM",
        key: String = "breakout:MARKET", strategy: Strategy = .breakout, base: Double = 0.5
    ) -> ClaimOutcome {
        ClaimOutcome(
            key: key, strategy: strategy, direction: direction, regime: regime, entry: start.advanced(by: entry),
            resolved: start.advanced(by: resolved ?? entry + 24), horizonHours: 24, isRight: isRight, baseRate: base)
    }

    private func estimate(_ outcomes: [ClaimOutcome], at hour: Int, regime: String? = "CALM") -> Estimate {
        TrackRecord(outcomes, at: start.advanced(by: hour)).estimate(
            .breakout, .long, regime: regime, baseRate: 0.4, at: start.advanced(by: hour))
    }

    @Test(
        "an outcome weighs half after half a year",
        arguments: [
            (90, 0.707106781186547524), (180, 0.5), (360, 0.25), (0, 1),
        ])
    func decay(days: Int, weight: Double) {
        #expect(isClose(WeightedRecord.weight(afterHours: 24 * days), weight))
        let estimate = estimate([Self.outcome(entry: 0)], at: 24 + 24 * days)
        #expect(isClose(estimate.count, weight))
        #expect(isClose(estimate.ofStrategy, (20 * 0.5 + weight) / (20 + weight)))
    }

    @Test("an outcome that is resolved in the hour counts, one of the next hour does not")
    func asOf() {
        #expect(estimate([Self.outcome(entry: 0)], at: 24).count == 1)
        #expect(estimate([Self.outcome(entry: 0)], at: 23).count == 0)
        let record = TrackRecord([Self.outcome(entry: 0)], at: start.advanced(by: 23))
        #expect(record.counts(.breakout, .long) == .init(open: 1))
    }

    @Test("of two episodes six hours apart the second weighs a quarter")
    func overlap() {
        #expect(Self.outcome(entry: 6).newShare(after: start) == 0.25)
        #expect(Self.outcome(entry: 24).newShare(after: start) == 1)
        #expect(Self.outcome(entry: 90).newShare(after: start) == 1)
        #expect(Self.outcome(entry: 6).newShare(after: nil) == 1)
        let both = estimate([Self.outcome(entry: 0, resolved: 24), Self.outcome(entry: 6, resolved: 30)], at: 30)
        #expect(isClose(both.count, 0.25 + WeightedRecord.weight(afterHours: 6)))
        let other = estimate([Self.outcome(entry: 0), Self.outcome(entry: 6, key: "breakout:ETH")], at: 30)
        #expect(isClose(other.count, 1 + WeightedRecord.weight(afterHours: 6)))
    }

    @Test("a flip is an event of its own, of the other direction")
    func flip() {
        let outcomes = [Self.outcome(entry: 0), Self.outcome(entry: 30, direction: .short)]
        let record = TrackRecord(outcomes, at: start.advanced(by: 60))
        #expect(record.counts(.breakout, .long) == .init(resolved: 1, right: 1))
        #expect(record.counts(.breakout, .short) == .init(resolved: 1, right: 1))
        #expect(estimate(outcomes, at: 60).count < 1)
    }

    @Test("chance is the mean over the outcomes of a level, else that of the claim; an unknown regime is no level")
    func base() {
        let outcomes = [
            Self.outcome(entry: 0, resolved: 24, regime: "CALM", key: "a", base: 0.6),
            Self.outcome(entry: 0, resolved: 24, regime: nil, key: "b", base: 0.5),
        ]
        #expect(isClose(estimate(outcomes, at: 24).base, 0.6))
        #expect(isClose(estimate(outcomes, at: 24, regime: "STRESSED").base, 0.4))
        #expect(isClose(estimate(outcomes, at: 24, regime: nil).base, 0.55))
        #expect(estimate([], at: 24).probability == 0.4)
    }

    /// The slow model: all outcomes are weighed anew.
    private func slow(_ outcomes: [ClaimOutcome], at hour: Hour, direction: Direction?, regime: String?) -> Estimate.Level {
        var level = Estimate.Level(base: 0)
        var base = 0.0
        for outcome in outcomes where outcome.resolved <= hour {
            guard direction == nil || outcome.direction == direction, regime == nil || outcome.regime == regime else { continue }
            let previous = outcomes.filter { $0.key == outcome.key && $0.entry < outcome.entry }.map(\.entry).max()
            let share = previous.map { min(1, Double($0.distance(to: outcome.entry)) / 24) } ?? 1
            let weight = share * power(0.5, Double(outcome.resolved.distance(to: hour)) / 4320)
            level.count += weight
            level.wins += outcome.isRight ? weight : 0
            base += weight * outcome.baseRate
        }
        level.base = level.count > 0 ? base / level.count : 0.4
        return level
    }

    @Test("updated by an outcome, the record says what all outcomes say, whatever comes later")
    func incremental() {
        var random = SplitMix64(seed: 6)
        let outcomes = (0..<80).map { place in
            Self.outcome(
                entry: 17 * place + Int.random(in: 0..<17, using: &random), isRight: Bool.random(using: &random),
                direction: Bool.random(using: &random) ? .long : .short,
                regime: ["CALM", "NORMAL", nil].randomElement(using: &random)!,  // never empty
                key: ["a", "b"].randomElement(using: &random)!,  // never empty
                base: Double.random(in: 0.3...0.6, using: &random))
        }
        var record = TrackRecord()
        for (place, outcome) in outcomes.enumerated() {
            record.begin(outcome.strategy, outcome.direction)
            record.add(outcome)
            let next = place + 1 < outcomes.count ? outcomes[place + 1].resolved.previous : outcome.resolved
            let hour = max(outcome.resolved, min(next, outcome.resolved.advanced(by: 5)))
            let fast = record.estimate(.breakout, .long, regime: "CALM", baseRate: 0.4, at: hour)
            let whole = TrackRecord(outcomes, at: hour).estimate(.breakout, .long, regime: "CALM", baseRate: 0.4, at: hour)
            let slow = Estimate(
                strategy: slow(outcomes, at: hour, direction: nil, regime: nil),
                direction: slow(outcomes, at: hour, direction: .long, regime: nil),
                regime: slow(outcomes, at: hour, direction: .long, regime: "CALM"))
            #expect(isClose(fast.probability, slow.probability))
            #expect(isClose(fast.base, slow.base))
            #expect(isClose(fast.count, slow.count))
            #expect(isClose(fast.probability, whole.probability))
        }
    }

    @Test("without an edge, boosts are a few points")
    func noEdge() {
        var squares = 0.0
        for seed in 0..<400 {
            var random = SplitMix64(seed: UInt64(seed))
            let wins = (0..<30).reduce(0.0) { sum, _ in sum + (Bool.random(using: &random) ? 1 : 0) }
            let level = Estimate.Level(base: 0.5, wins: wins, count: 30)
            let boost = Estimate(strategy: level, direction: level, regime: nil).boost(of: .breakout)
            squares += Double(boost * boost) / 400
        }
        #expect(squares < 9 * 9)
    }
}

@Suite("Whether history helps")
struct BrierTests {
    static let issued: [BrierScore.Issued] = zip(
        [0.6, 0.6, 0.4, 0.7, 0.5, 0.3, 0.6, 0.4, 0.5, 0.7],
        [true, false, false, true, true, false, true, true, false, true]
    ).map { BrierScore.Issued(probability: $0, baseRate: 0.5, isRight: $1) }

    @Test("worked: the score and its parts")
    func worked() throws {
        let score = try #require(BrierScore(Self.issued))
        #expect(isClose(score.score, 0.197))
        #expect(isClose(score.ofBaseRates, 0.25))
        #expect(isClose(score.skill, 0.212))
        #expect(isClose(score.reliability, 0.091 / 3))
        #expect(isClose(score.resolution, 0.22 / 3))
        #expect(isClose(score.uncertainty, 0.24))
        #expect(isClose(score.reliability - score.resolution + score.uncertainty, score.score))
        #expect(BrierScore([]) == nil)
    }

    @Test("history is off until it is better than the base rates over the last hundred")
    func historySwitch() {
        var history = HistorySwitch()
        #expect(!history.isOn)
        history.add(.init(probability: 0.5, baseRate: 0.5, isRight: true))
        #expect(!history.isOn)
        history.add(.init(probability: 0.6, baseRate: 0.5, isRight: true))
        #expect(history.isOn)
        for _ in 0..<99 { history.add(.init(probability: 0.5, baseRate: 0.5, isRight: false)) }
        #expect(history.isOn)
        #expect(history.last.count == 100)
        history.add(.init(probability: 0.5, baseRate: 0.5, isRight: false))
        #expect(!history.isOn)
        history.add(.init(probability: 0.9, baseRate: 0.5, isRight: false))
        #expect(!history.isOn)
    }
}

@Suite("The sentence of an alert")
struct HistorySentenceTests {
    private func text(_ counts: TrackRecord.Counts, isUsed: Bool = true) -> String {
        // (20 x 0.48 + 24) / (20 + 36) is 60 %.
        let estimate = Estimate(
            strategy: .init(base: 0.48), direction: .init(base: 0.48, wins: 24, count: 36), regime: nil)
        return HistorySentence.text(counts, estimate, horizonHours: 24, isUsed: isUsed)
    }

    @Test("what happened, what chance does and what is estimated")
    func sentence() {
        #expect(
            text(.init(resolved: 14, right: 9))
                == "Fired 14 times, 9 right within 24 h; by chance 48 %. Estimated 60 %.")
        #expect(
            text(.init(resolved: 14, right: 9), isUsed: false)
                == "Fired 14 times, 9 right within 24 h; by chance 48 %. Estimated 60 % (not used).")
        #expect(
            text(.init(resolved: 5, right: 2, open: 1))
                == "Fired 5 times, 2 right within 24 h; by chance 48 %. Estimated 60 %. 1 still open.")
    }

    @Test("few are not judged")
    func few() {
        #expect(text(.init(resolved: 3, right: 3)) == "Fired 3 times before; too few to judge.")
        #expect(text(.init(resolved: 1, open: 2)) == "Fired 1 time before; too few to judge. 2 still open.")
        #expect(text(.init(open: 1)) == "No outcome of an earlier one is known. 1 still open.")
    }
}
