import GRDB
import PerpCore
import Sealing
import Testing

@testable import Warehouse

@Suite("Liquidations")
struct LiquidationTests {
    /// Maximal runs over the loaded files, the obvious way.
    private func expected(_ files: [Hour: StagedHour]) -> [String] {
        let hours = files.keys.sorted()
        var rows: [String] = []
        for event in Set(files.values.flatMap(\.liquidations)) {
            var from: Hour?
            for hour in hours + [nil] {
                let isStated = hour.flatMap { files[$0] }?.liquidations.contains(event) ?? false
                if let first = from, !isStated {
                    rows.append("\(event.occurredAt) \(first) \(hour.map(String.init(describing:)) ?? "-")")
                    from = nil
                }
                if isStated, from == nil { from = hour }
            }
        }
        return rows.sorted()
    }

    /// The same event but for its value.
    private func event(_ place: Int, value: Double) -> Liquidation {
        var event = Samples.liquidation("BTCUSDT", at: Samples.hour(place).startTime)
        event.valueUSD = value
        return event
    }

    private func stored(_ warehouse: Warehouse) throws -> [String] {
        try warehouse.read { database in
            try Row.fetchAll(database, sql: "SELECT occurred_at_ms, hour, until FROM liquidation").map {
                row in
                let until = (row[2] as Int64?).map { Hour(containing: $0).description } ?? "-"
                return "\(Timestamp(milliseconds: row[0])) \(Hour(containing: row[1] as Int64)) \(until)"
            }.sorted()
        }
    }

    @Test("rows are the runs of the loaded files after any sequence of loads and removals", arguments: 0..<30)
    func againstModel(seed: Int) throws {
        var generator = SplitMix64(seed: UInt64(seed))
        let warehouse = try Warehouse()
        var files: [Hour: StagedHour] = [:]
        for step in 0..<40 {
            let hour = Samples.hour(Int.random(in: 0..<7, using: &generator))
            if Int.random(in: 0..<5, using: &generator) == 0 {
                try warehouse.remove(.gate, hour)
                files[hour] = nil
            } else {
                let events = (0..<6).filter { _ in Bool.random(using: &generator) }.map {
                    event($0, value: Bool.random(using: &generator) ? 100 : 200)
                }
                let staged = Samples.staged(.gate, hour, price: Double(step), liquidations: events)
                _ = try warehouse.load(staged, from: Samples.file(staged))
                files[hour] = staged
            }
            if step.isMultiple(of: 3) { try warehouse.seal(using: Samples.summarize) }
            #expect(try stored(warehouse) == expected(files), "seed \(seed), step \(step), \(hour)")
        }
        // What is sealed is as if the last files had been loaded at once.
        try warehouse.seal(using: Samples.summarize)
        let fresh = try LoadTests.loaded(files.values.sorted { $0.hour < $1.hour })
        let summaries = """
            SELECT l.* FROM liquidation_summary AS l JOIN exchange_hour USING (hour, exchange_id)
            ORDER BY hour, exchange_id
            """
        let found = try warehouse.read { try Row.fetchAll($0, sql: summaries).map(\.description) }
        #expect(try fresh.read { try Row.fetchAll($0, sql: summaries).map(\.description) } == found)
    }

    @Test("totals that an exchange publishes win over its events")
    func totals() throws {
        let hour = Samples.hour(3)
        var staged = Samples.staged(
            .gate, hour,
            liquidations: [Samples.liquidation("BTCUSDT", at: Samples.hour(2).startTime, value: 7)])
        staged.liquidationTotals = [
            LiquidationTotal(
                symbol: "BTCUSDT", asset: "BTC", from: Samples.hour(2).startTime, to: hour.startTime,
                longUSD: 100,
                shortUSD: 50, longCount: 2, shortCount: 1)
        ]
        let warehouse = try LoadTests.loaded([staged])
        let facts = try #require(try LoadedFacts(warehouse).exchangeFacts(at: hour).first)
        #expect(
            facts.liquidations == LiquidationWindow(coverageClass: .sampled, longUSD: 100, shortUSD: 50, count: 3))
    }

    @Test("equal events of one file are two; the next file that states them again adds none")
    func equalEvents() throws {
        let event = Samples.liquidation("BTCUSDT", at: Samples.hour(2).startTime, value: 7)
        let files = [3, 4].map { Samples.staged(.gate, Samples.hour($0), liquidations: [event, event]) }
        let warehouse = try LoadTests.loaded(files)
        #expect(try warehouse.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM liquidation") } == 2)
        let facts = try #require(try LoadedFacts(warehouse).exchangeFacts(at: Samples.hour(3)).first)
        #expect(facts.liquidations.count == 2)
        let loaded = try #require(try LoadedFacts(warehouse).stagedHour(.gate, Samples.hour(4)))
        #expect(loaded.staged.liquidations == [event, event])
    }

    @Test("an event whose value another file states otherwise counts once, as the earliest file states it")
    func restated() throws {
        let files = [(4, 9.0), (3, 7.0)].map { place, value in
            Samples.staged(.gate, Samples.hour(place), liquidations: [event(2, value: value)])
        }
        let warehouse = try LoadTests.loaded(files)
        let facts = try #require(try LoadedFacts(warehouse).exchangeFacts(at: Samples.hour(3)).first)
        #expect(facts.liquidations.count == 1)
        #expect(facts.liquidations.longUSD + facts.liquidations.shortUSD == 7)
    }

    @Test("an exchange that offers none has no record, which is not a zero")
    func none() throws {
        var staged = Samples.staged(.aster, Samples.hour(0))
        staged.source.liquidations = .none
        let warehouse = try LoadTests.loaded([staged])
        #expect(try LoadedFacts(warehouse).exchangeFacts(at: Samples.hour(0)).first?.liquidations == .unknown)
        #expect(
            try warehouse.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM liquidation_summary") } == 0)
    }

    @Test("an event at the very start of an hour belongs to the next hour's window")
    func windowBounds() throws {
        let first = Samples.hour(1).startTime
        let events = [first, first.advanced(byMilliseconds: 3_599_999), Samples.hour(2).startTime]
        let warehouse = try LoadTests.loaded([
            Samples.staged(
                .gate, Samples.hour(2), liquidations: events.map { Samples.liquidation("BTCUSDT", at: $0) })
        ])
        #expect(try LoadedFacts(warehouse).exchangeFacts(at: Samples.hour(2)).first?.liquidations.count == 2)
    }
}
