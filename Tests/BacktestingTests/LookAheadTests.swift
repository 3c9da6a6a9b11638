import PerpCore
import Signals
import Testing

@testable import Backtesting

@Suite("The guard against looking ahead")
struct LookAheadTests {
    @Test("the golden run says the same at each of its stored hours when the future is cut off")
    func golden() {
        let whole = Backtest.run(GoldenRun.facts)
        for cut in GoldenRun.rows.map(\.hour) {
            let part = Backtest.run(GoldenRun.facts.cut(after: cut))
            #expect(Self.differences(part, whole, at: cut) == [], "cut after \(cut)")
        }
    }

    /// Two exchanges that lose hours and settlements, one of which is delisted, with events of many strategies.
    static func world(seed: UInt64) -> BacktestFacts {
        var draws = SeededDraws(seed: seed)
        let last = 900
        let spot = TradedContract(.bybit, "BTCUSDT", asset: "BTC", kind: .spot)
        let other = TradedContract(.bybit, "BTCUSDT", asset: "BTC")
        let histories = [bitcoin, other, spot].map { contract in
            var mark = 100.0
            let end = contract == other ? 600 : last
            let rows = (0...end).compactMap { number -> ContractHour? in
                mark *= 1 + 0.01 * draws.normal()
                guard draws.unit() > 0.06, number < 300 || number > 306 else { return nil }
                return row(
                    number, mark, half: draws.unit() < 0.1 ? nil : 0.01, volume: 1e9 * draws.unit(),
                    rate: 0.0002 * draws.normal(), next: (number / 8 + 1) * 8, interval: 8)
            }
            let settled = settlements(through: last).filter { _ in draws.unit() > 0.05 }
            return ContractHistory(contract, rows: rows, settlements: settled)
        }
        let pair = BacktestEvent.Legs(short: bitcoin, long: other)
        let carry = BacktestEvent.Legs(short: bitcoin, long: spot)
        let events = (10..<last).flatMap { number -> [BacktestEvent] in
            guard draws.unit() < 0.15 else { return [] }
            let side: Direction = draws.unit() < 0.5 ? .long : .short
            return [
                event(number, side, sigma: 0.5), event(number, .neutral, strategy: .scalping),
                event(number, .neutral, strategy: .fundingArbitrage, legs: pair),
                event(number, .short, strategy: .contangoBackwardation, legs: carry),
            ]
        }
        return BacktestFacts(contracts: histories, events: events, span: hour(0)...hour(last))
    }

    @Test("so does a world with gaps, estimated funding and a delisting", arguments: [1, 2])
    func gaps(seed: UInt64) {
        let world = Self.world(seed: seed)
        let whole = Self.rows(world)
        #expect(Set(whole.trades.map(\.status)).count >= 6)
        for cut in LookAheadGuard.random(20, over: world.span, seed: seed) {
            let part = Self.rows(world.cut(after: cut))
            #expect(Self.differences(part, whole, at: cut) == [], "cut after \(cut)")
        }
        var generator = SplitMix64(seed: seed)
        for cut in LookAheadGuard.spread(5, over: world.span) {
            let poisoned = Self.rows(world.poisoned(after: cut, &generator))
            #expect(Self.differences(poisoned, whole, at: cut) == [], "poisoned after \(cut)")
        }
    }

    /// What two runs say differently of what was known at an hour, in words.
    static func differences(_ part: Backtest.Result, _ whole: Backtest.Result, at hour: Hour) -> [String] {
        let (part, whole) = (part.known(at: hour), whole.known(at: hour))
        let outcomes = zip(part.outcomes, whole.outcomes).filter { $0 != $1 }
            .map { "\($0.0.event.key) \($0.0.event.decided) \($0.0.status) \($0.1.status)" }
        let trades = Set(part.trades).symmetricDifference(whole.trades)
            .map { "\($0.event.key) \($0.event.decided) \($0.status)" }
        let changes = zip(part.changes, whole.changes).enumerated().filter { $1.0 != $1.1 }.map { "hour \($0.offset)" }
        let counts = part.outcomes.count == whole.outcomes.count && part.changes.count == whole.changes.count
        return outcomes + trades + changes + (counts ? [] : ["counts"])
    }

    /// The rows without the statistics, which need no guard: they tell of the whole run.
    static func rows(_ facts: BacktestFacts) -> Backtest.Result {
        var study = EventStudy(facts, BacktestSettings())
        return Backtest.Result(
            span: facts.span, outcomes: study.outcomes(), trades: Simulation(facts, BacktestSettings()).trades(),
            metrics: [], trials: [], trialCount: 0, overfitting: nil, alwaysLong: nil, alwaysShort: nil)
    }

    /// Long when the mark of an hour is above that of the hour `ahead` later or, when negative, earlier.
    static func decisions(_ facts: BacktestFacts, ahead: Int) -> [Hour: Bool] {
        var decisions: [Hour: Bool] = [:]
        for row in facts.contracts[0].rows {
            guard let other = facts.contracts[0].row(at: row.hour.advanced(by: ahead)) else { continue }
            decisions[row.hour] = row.markPrice > other.markPrice
        }
        return decisions
    }

    static let cuts = LookAheadGuard.random(50, over: GoldenRun.facts.span, seed: 50)

    @Test("decisions from the past pass")
    func honest() {
        #expect(LookAheadGuard.differences(GoldenRun.facts, cuts: Self.cuts) { Self.decisions($0, ahead: -1) }.isEmpty)
    }

    @Test("a planted peek of one hour is caught by removal and by poison")
    func peek() {
        let differences = LookAheadGuard.differences(GoldenRun.facts, cuts: Self.cuts) { Self.decisions($0, ahead: 1) }
        #expect(Set(differences.map(\.change)) == [.cut, .poison])
        #expect(differences.allSatisfy { $0.hour == $0.after })
        #expect(differences.filter { $0.change == .cut }.allSatisfy { $0.changed == nil })
    }

    @Test("a peek that copes with absence is caught by poison")
    func copingPeek() {
        let differences = LookAheadGuard.differences(GoldenRun.facts, cuts: Self.cuts) { facts in
            let mean = sum(facts.contracts[0].rows.map(\.markPrice)) / Double(facts.contracts[0].rows.count)
            var decisions: [Hour: Bool] = [:]
            for row in facts.contracts[0].rows { decisions[row.hour] = row.markPrice > mean }
            return decisions
        }
        #expect(Set(differences.map(\.change)) == [.cut, .poison])
    }

    @Test("hours to cut at are within the span")
    func hours() {
        let spread = LookAheadGuard.spread(20, over: hour(0)...hour(210))
        #expect(spread.count == 20)
        #expect(spread.first == hour(10))
        #expect(spread.last == hour(200))
        #expect(Self.cuts == LookAheadGuard.random(50, over: GoldenRun.facts.span, seed: 50))
        #expect(Self.cuts.allSatisfy { GoldenRun.facts.span.contains($0) && $0 < GoldenRun.facts.span.upperBound })
    }
}

@Suite("The length of the archive")
struct WarmUpTests {
    /// A market with hours missing, and events of claims with and without money on its last days.
    static func world(from first: Int) -> BacktestFacts {
        var draws = SeededDraws(seed: 30)
        let last = 230 * 24
        var mark = 100.0
        let rows = (0...last).compactMap { number -> ContractHour? in
            mark *= 1 + 0.01 * draws.normal()
            guard draws.unit() > 0.05, number >= first else { return nil }
            return row(number, mark, half: 0.01)
        }
        let settled = settlements(through: last, rate: 0.0001).filter { $0.settledAt >= hour(first).startTime }
        let events = stride(from: 217 * 24, to: last - 200, by: 7).flatMap { number in
            [event(number, .long), event(number, .neutral, strategy: .scalping)]
        }
        return BacktestFacts(
            contracts: [ContractHistory(bitcoin, rows: rows, settlements: settled)], events: events,
            span: hour(first)...hour(last))
    }

    @Test("runs that begin 30 days apart agree from 187 days after the later start on")
    func warmUp() {
        var long = EventStudy(Self.world(from: 0), BacktestSettings())
        var short = EventStudy(Self.world(from: 30 * 24), BacktestSettings())
        let pairs = Array(zip(long.outcomes(), short.outcomes()))
        #expect(pairs.count >= 20)
        for (left, right) in pairs {
            #expect(left.status == right.status)
            #expect(left.base?.isAssumed == (left.entry == nil ? nil : false))
            #expect(left.base?.share == right.base?.share)
            #expect(isClose(left.base?.meanBasisPoints, right.base?.meanBasisPoints, tolerance: 1e-9))
            #expect(isClose(left.value, right.value, tolerance: 1e-12))
        }
    }
}
