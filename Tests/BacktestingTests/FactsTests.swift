import PerpCore
import Signals
import Testing

@testable import Backtesting

@Suite("Facts as they were known")
struct AsKnownTests {
    private let rows = [7, 8, 10].map { row($0, 100) }

    /// A settlement at an hour, learnt so many milliseconds after the beginning of another.
    private func learnt(_ number: Int, _ rate: Double, at: Int, after milliseconds: Int64 = 0) -> LearntSettlement {
        LearntSettlement(
            settlement(number, rate), learntAt: hour(at).startTime.advanced(byMilliseconds: milliseconds))
    }

    @Test("a settlement counts when it was learnt by the end of the hour that books it")
    func booked() {
        // Hour 8 was observed two minutes after the settlement: it books it, and ends with hour 9.
        #expect([learnt(8, 0.1, at: 9)].asKnown(by: rows) == [settlement(8, 0.1)])
        #expect([learnt(8, 0.1, at: 9, after: 1)].asKnown(by: rows).isEmpty)
        // Hour 9 is missing: the hour of return books what fell due in it.
        #expect([learnt(9, 0.2, at: 11)].asKnown(by: rows) == [settlement(9, 0.2)])
        #expect([learnt(9, 0.2, at: 11, after: 1)].asKnown(by: rows).isEmpty)
    }

    @Test("what settles after the last row is not booked yet")
    func later() { #expect([learnt(11, 0.1, at: 11)].asKnown(by: rows).isEmpty) }

    @Test("a settlement that was learnt late is replaced by the displayed rate")
    func displayed() {
        let rows = [7, 8].map { row($0, 100, rate: 0.0002, next: ($0 / 8 + 1) * 8, interval: 8) }
        let settled = [learnt(8, 0.0007, at: 40)]
        func rates(_ settlements: [FundingSettlement]) -> [Double?] {
            ContractHistory(bitcoin, rows: rows, settlements: settlements).charges.map(\.rate)
        }
        #expect(rates(settled.map(\.settlement)) == [0.0007])
        #expect(rates(settled.asKnown(by: rows)) == [0.0002])
    }
}

@Suite("The hash of facts")
struct FactsHashTests {
    private func hash(_ rows: [ContractHour], _ settlements: [FundingSettlement] = [], _ events: [BacktestEvent] = [])
        -> String
    {
        facts([ContractHistory(bitcoin, rows: rows, settlements: settlements)], events, through: 9).hash
    }

    @Test("it has sixteen digits, and does not depend on the order of what is given")
    func order() {
        let rows = (0...9).map { row($0, Double(100 + $0)) }
        #expect(hash(rows).utf8.count == 16)
        #expect(hash(rows) == hash(rows.reversed()))
        #expect(
            hash(rows, [settlement(0, 0.1), settlement(8, 0.2)]) == hash(rows, [settlement(8, 0.2), settlement(0, 0.1)]))
    }

    @Test("any change of a fact changes it, also from unknown to zero")
    func changes() {
        let rows = (0...9).map { row($0, 100) }
        var known = rows
        known[3].fundingRate = 0
        var later = rows
        later[3].observedAt = later[3].observedAt.advanced(byMilliseconds: 1)
        let long = event(2, .long)
        var sure = long
        sure.adjusted = 81
        let hashes = [
            hash(rows), hash(known), hash(later), hash(rows, [settlement(8, 0.1)]), hash(rows, [settlement(8, 0.2)]),
            hash(rows, [], [long]), hash(rows, [], [sure]), hash(rows, [], [event(2, .short)]),
        ]
        #expect(Set(hashes).count == hashes.count)
    }
}

@Suite("How settlements were got")
struct SettlementCountTests {
    @Test("settlements between entry and exit are counted once, those of open trades up to the last hour")
    func counts() {
        let trades = GoldenRun.trades()
        // 3 to 27: 8, 16, 24. 29 to 41: 32, 40. 41 to 51: 48. 51 to 71: 56, 64. 71 to 72: 72 settles before the
        // observation of hour 72. From 89 on: none.
        let counts = SettlementCounts(trades, GoldenRun.facts)
        #expect(counts.actual == 9 && counts.estimated == 0)
    }

    @Test("a displayed rate is counted apart")
    func estimated() {
        let rows = (0...40).map { row($0, 100, rate: 0.0001, next: ($0 / 8 + 1) * 8, interval: 8) }
        let settled = [settlement(8, 0.0001), settlement(24, 0.0001)]
        let world = facts(
            [ContractHistory(bitcoin, rows: rows, settlements: settled)], [event(2, .long)], through: 40)
        let counts = SettlementCounts(Simulation(world, BacktestSettings()).trades(), world)
        #expect(counts.actual == 2 && counts.estimated == 1)
    }
}

@Suite("Events and trades that look ahead")
struct LookAheadRowsTests {
    @Test("an honest world has none")
    func honest() {
        let cuts = LookAheadGuard.random(10, over: GoldenRun.facts.span, seed: 3)
        #expect(Backtest.lookAheads(GoldenRun.facts, BacktestSettings(), cuts: cuts, seed: 3).isEmpty)
    }
}
