import Backtesting
import Foundation
import PerpCore
import Replaying
import Signals
import Testing
import Warehouse

@testable import backtest

/// A folder that is removed with the value.
private final class Folder {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("backtest-\(UUID().uuidString)").path

    init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }

    deinit { try? FileManager.default.removeItem(atPath: path) }  // the system removes what is left

    func warehouse() throws -> Warehouse { try Market.warehouse("\(path)/market_history.db") }
}

@Suite("A backtest of a warehouse")
struct BacktestRunTests {
    private let now = Market.span.upperBound.end

    private func run(
        _ warehouse: Warehouse, _ change: (inout BacktestRun.Options) -> Void = { _ in }
    ) throws -> BacktestRun.Found {
        var options = BacktestRun.Options()
        change(&options)
        let run = BacktestRun(warehouse: warehouse, options: options)
        return try run.run(run.inputs(Market.span, now: now))
    }

    @Test("the alerts of the replay are its events, and their trades are in the largest contract")
    func events() throws {
        let folder = try Folder()
        let found = try run(folder.warehouse())
        let breakouts = found.rows.events.filter { $0.strategy == "breakout" }
        // Each dozen of hours has two thin ones that end an episode.
        #expect(breakouts.map { Market.start.distance(to: $0.decided) } == [0, 4, 16, 28, 40, 52, 64])
        #expect(Set(breakouts.map(\.direction)) == ["BULLISH"])
        let trades = found.rows.trades.filter { $0.key == "breakout:MARKET" }
        #expect(trades.map(\.status) == ["time", "overlap", "overlap", "time", "overlap", "overlap", "open"])
        let first = try #require(trades.first)
        #expect(first.exchangeID == "binance" && first.symbol == "BTCUSDT" && first.side == 1)
        #expect(first.entry == Market.start.next && first.exit == Market.start.advanced(by: 25))
        #expect(first.entryMark == Market.price(Market.start.next))
        // Settlements at hours 8, 16 and 24, of one ten-thousandth each.
        let units = 10_000 / Market.price(Market.start.next)
        let marks = [8, 16, 24].map { Market.price(Market.start.advanced(by: $0)) }
        let paid = marks.reduce(0) { $0 + units * 0.0001 * $1 }
        #expect(first.funding.map { abs($0 + paid) < 1e-9 } == true)
        #expect(found.rows.run.settlementsActual == 6 && found.rows.run.settlementsEstimated == 0)
    }

    @Test("rows are what the pure run says")
    func rows() throws {
        let folder = try Folder()
        let found = try run(folder.warehouse())
        let (rows, result) = (found.rows, found.result)
        #expect(rows.events.map(\.valueBasisPoints) == result.outcomes.map(\.value))
        #expect(rows.metrics.map(\.meanBasisPoints) == result.metrics.map(\.mean))
        #expect(
            rows.trades.map(\.basisPoints)
                == result.trades.flatMap { trade in
                    Array(repeating: trade.basisPoints, count: max(trade.legs.count, 1))
                })
        let changes = rows.hours.reduce(0) { $0 + $1.pnl }
        #expect(abs(changes - result.portfolio.total) < 1e-9)
        let last = try #require(rows.hours.last { $0.key == "breakout:MARKET" })
        #expect(abs(last.equity - 100_000 - result.equity(of: "breakout:MARKET").total) < 1e-9)
        #expect(rows.run.hoursStored == 72 && rows.run.hoursExpected == 72)
    }

    @Test("the same inputs give the same name and the same bytes, and no further trial")
    func repeated() throws {
        let folder = try Folder()
        let warehouse = try folder.warehouse()
        let first = try run(warehouse)
        try BacktestStore(warehouse).store(first.rows)
        let days = Market.span.lowerBound.day...Market.span.upperBound.day
        let trials = try BacktestStore(warehouse).trials(in: days)
        #expect(!trials.isEmpty && trials == first.rows.trials)

        let second = try run(warehouse)
        #expect(second.rows.run.runID == first.rows.run.runID)
        #expect(try second.rows.json() == first.rows.json())
        #expect(second.report.text == first.report.text)
        var later = second.rows
        later.run.createdAt = now.advanced(byMilliseconds: 1)
        try BacktestStore(warehouse).store(later)
        #expect(try BacktestStore(warehouse).trials(in: days) == trials)
        // When it was first stored stays.
        #expect(try BacktestStore(warehouse).rows(of: first.rows.run.runID)?.run.createdAt == now)
    }

    @Test("other settings are another run, and its trials count for both")
    func trials() throws {
        let folder = try Folder()
        let warehouse = try folder.warehouse()
        let first = try run(warehouse)
        try BacktestStore(warehouse).store(first.rows)
        let other = try run(warehouse) { $0.settings.fees = TakerFees([.binance: 0]) }
        #expect(other.rows.run.runID != first.rows.run.runID)
        #expect(other.result.trialCount == 2 * first.result.trialCount)
        try BacktestStore(warehouse).store(other.rows)
        #expect(try run(warehouse).result.trialCount == other.result.trialCount)
    }

    @Test("what is stored is what was found, in all tables")
    func stored() throws {
        let folder = try Folder()
        let warehouse = try folder.warehouse()
        let rows = try run(warehouse).rows
        #expect(try BacktestStore(warehouse).rows(of: rows.run.runID) == nil)
        try BacktestStore(warehouse).store(rows)
        let stored = try #require(try BacktestStore(warehouse).rows(of: rows.run.runID))
        #expect(stored.run == rows.run)
        #expect(Set(stored.events) == Set(rows.events) && Set(stored.trades) == Set(rows.trades))
        #expect(Set(stored.hours) == Set(rows.hours) && Set(stored.metrics) == Set(rows.metrics))
        #expect(stored.trials == rows.trials)
    }

    @Test("only the strategies that are asked for are tested")
    func strategies() throws {
        let folder = try Folder()
        let found = try run(folder.warehouse()) { $0.strategies = [.contrarian] }
        #expect(found.rows.events.allSatisfy { $0.strategy == "contrarian" })
        #expect(try BacktestCommand.strategies("breakout, 5") == [.breakout, .contrarian])
        #expect(throws: (any Error).self) { try BacktestCommand.strategies("breakouts") }
    }

    @Test("without evidence the report says so in plain words")
    func report() throws {
        let folder = try Folder()
        let text = try run(folder.warehouse()).report.text
        #expect(text.contains("No evidence"))
        #expect(text.contains("72 of 72 hours stored"))
        #expect(text.contains("needs 80 days"))
    }
}

@Suite("The guard against looking ahead, on a warehouse")
struct ReplayGuardTests {
    private let cuts = LookAheadGuard.spread(6, over: Market.start.advanced(by: 26)...Market.span.upperBound)

    private func lookAheads(_ warehouse: Warehouse, _ detectors: @escaping Detectors) throws -> [ReplayGuard.LookAhead] {
        var run = BacktestRun(warehouse: warehouse, options: BacktestRun.Options())
        run.detectors = detectors
        return try ReplayGuard(events: run.events, span: Market.span, cuts: cuts, seed: 7).lookAheads()
    }

    /// The strategies, with a confidence that depends on whether the mark of `ahead` hours later is higher.
    private static func looking(_ ahead: Int) -> Detectors {
        { warehouse, context, slack, rules in
            func mark(_ hour: Hour) throws -> Double? {
                try ContractHours(warehouse).rows(of: .binance, "BTCUSDT", asset: "BTC", in: hour...hour).first?.markPrice
            }
            var found = Strategy.detectAll(context, slack: slack, rules: rules)
            guard let now = try mark(context.hour), let other = try mark(context.hour.advanced(by: ahead)) else {
                return found
            }
            for index in found.indices { found[index].confidence = other > now ? 90 : 70 }
            return found
        }
    }

    @Test("the strategies do not look ahead")
    func honest() throws {
        let folder = try Folder()
        #expect(try lookAheads(folder.warehouse(), HourEvaluation.strategies).isEmpty)
    }

    @Test("neither does what looks back")
    func back() throws {
        let folder = try Folder()
        #expect(try lookAheads(folder.warehouse(), Self.looking(-1)).isEmpty)
    }

    @Test("a planted look of one hour ahead is caught after each cut, in the last hour before it")
    func peek() throws {
        let folder = try Folder()
        let found = try lookAheads(folder.warehouse(), Self.looking(1))
        #expect(found.allSatisfy { $0.hour == $0.after })
        #expect(Set(found.filter { $0.change == .cut }.map(\.after)) == Set(cuts))
        #expect(found.contains { $0.change == .poison })
    }

    @Test("events and trades of the warehouse's facts do not look ahead either")
    func simulated() throws {
        let folder = try Folder()
        let run = BacktestRun(warehouse: try folder.warehouse(), options: BacktestRun.Options())
        let inputs = try run.inputs(Market.span, now: Market.span.upperBound.end)
        #expect(Backtest.lookAheads(inputs.facts, BacktestSettings(), cuts: cuts, seed: 7).isEmpty)
    }

    @Test("what was found is said, and the lists are short")
    func text() {
        let clean = GuardText(runID: "1", cuts: cuts, replayed: [], simulated: [])
        #expect(clean.isClean && clean.text.contains("No decision and no trade before them changed."))
        let found = (0..<30).map { number in
            ReplayGuard.LookAhead(after: Market.start, change: .cut, hour: Market.start.advanced(by: -number))
        }
        let text = GuardText(runID: "1", cuts: cuts, replayed: found, simulated: [])
        #expect(!text.isClean)
        #expect(text.text.contains("2025-10-23T00: decisions depend on what came after 2025-10-23T00 (cut)"))
        #expect(text.text.contains("and 10 more"))
    }
}
