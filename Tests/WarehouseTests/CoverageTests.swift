import GRDB
import PerpCore
import Testing

@testable import Warehouse

@Suite("The coverage ledger")
struct CoverageTests {
    private func run(_ hour: Hour, _ minute: Int64, _ runs: [RunReport.ExchangeRun]) -> RunReport {
        let start = hour.startTime.advanced(byMilliseconds: minute * 60_000)
        return RunReport(
            hour: hour, startedAt: start, finishedAt: start.advanced(byMilliseconds: 1000),
            enabled: runs.map(\.exchange), exchanges: runs, version: "1")
    }

    private func ledger(_ warehouse: Warehouse) throws -> [String] {
        try warehouse.read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT exchange_id, outcome, coalesce(cause, '-'), coalesce(reason, '-') FROM exchange_hour
                    ORDER BY hour, exchange_id
                    """
            ).map { row in (0..<4).map { row[$0] as String }.joined(separator: " ") }
        }
    }

    @Test("the last run says why an exchange is missing, until its file is loaded")
    func runs() throws {
        let warehouse = try Warehouse()
        let hour = Samples.hour(0)
        let down = RunReport.ExchangeRun(exchange: .okx, outcome: .failed, cause: .down, reason: "503")
        let banned = RunReport.ExchangeRun(exchange: .okx, outcome: .failed, cause: .banned, reason: "418")
        let gate = RunReport.ExchangeRun(exchange: .gate, outcome: .complete)
        try warehouse.record(run(hour, 20, [banned, gate]))
        try warehouse.record(run(hour, 2, [down, gate]))
        #expect(try ledger(warehouse) == ["gate awaited - fetched and not loaded", "okx failed banned 418"])
        let staged = Samples.staged(.gate, hour)
        _ = try warehouse.load(staged, from: Samples.file(staged))
        try warehouse.record(run(hour, 2, [down, gate]))
        #expect(try ledger(warehouse) == ["gate loaded - -", "okx failed banned 418"])
    }

    @Test("runs and files in either order give the same rows")
    func anyOrder() throws {
        let hour = Samples.hour(0)
        let staged = Samples.staged(.gate, hour)
        let report = run(
            hour, 2,
            [
                .init(exchange: .gate, outcome: .complete),
                .init(exchange: .okx, outcome: .failed, cause: .down, reason: "timed out"),
            ])
        let first = try Warehouse()
        try first.record(report)
        _ = try first.load(staged, from: Samples.file(staged))
        try first.seal(using: Samples.summarize)
        let second = try Warehouse()
        _ = try second.load(staged, from: Samples.file(staged))
        try second.seal(using: Samples.summarize)
        try second.record(report)
        #expect(try second.dirtyHours() == [hour])
        try second.seal(using: Samples.summarize)
        try second.record(report)
        #expect(try second.dirtyHours().isEmpty)
        #expect(try LoadTests.contents(first) == LoadTests.contents(second))
    }

    @Test("hours in which the machine was off are gaps of every exchange that was expected before them")
    func machineOff() throws {
        let warehouse = try LoadTests.loaded([0, 3].map { Samples.staged(.gate, Samples.hour($0)) })
        try warehouse.record(
            run(Samples.hour(3), 2, [.init(exchange: .okx, outcome: .failed, cause: .blocked, reason: "451")])
        )
        try warehouse.seal(using: Samples.summarize)
        #expect(try missing(warehouse) == ["1 gate machine_off", "2 gate machine_off", "3 okx blocked"])
    }

    @Test("an hour that comes late ends a gap, and splits it", arguments: [[0, 4, 2], [2, 4, 0], [4, 0, 2]])
    func gapFilled(order: [Int]) throws {
        let warehouse = try Warehouse()
        for number in order {
            let staged = Samples.staged(number == 4 ? .okx : .gate, Samples.hour(number))
            _ = try warehouse.load(staged, from: Samples.file(staged))
            try warehouse.seal(using: Samples.summarize)
        }
        // OKX begins after the gap, and is not missing in it.
        #expect(try missing(warehouse) == ["1 gate machine_off", "3 gate machine_off"])
        let span = try #require(try CoverageLedger(warehouse).span())
        #expect(span == Samples.hour(0)...Samples.hour(4))
        #expect(
            try CoverageLedger(warehouse).coverage(in: span) == [
                ExchangeCoverage(exchange: .okx, expectedHours: 1, loadedHours: 1, lastLoaded: Samples.hour(4), firstLoaded: Samples.hour(4)),
                ExchangeCoverage(exchange: .gate, expectedHours: 4, loadedHours: 2, lastLoaded: Samples.hour(2), firstLoaded: Samples.hour(0)),
            ])
    }

    @Test(
        "a file without a single ticker is a rejected hour",
        arguments: [(true, "no ticker was understood: 1 rejected"), (false, "the answers held no ticker")])
    func rejected(hasRejection: Bool, reason: String) throws {
        var staged = Samples.staged(.gate, Samples.hour(0))
        staged.tickers = []
        if !hasRejection { staged.rejections = [] }
        let warehouse = try LoadTests.loaded([staged])
        let missing = try CoverageLedger(warehouse).missingHours(in: Samples.hour(0)...Samples.hour(0))
        #expect(missing.map(\.cause) == ["rejected"])
        #expect(missing.map(\.reason) == [reason])
    }

    @Test("a clock that was years wrong does not write years of gaps")
    func wrongClock() throws {
        let warehouse = try LoadTests.loaded(
            [-50_000, 0].map { Samples.staged(.gate, Samples.hour($0)) })
        #expect(try missing(warehouse).isEmpty)
    }

    @Test("an exchange that EXCHANGES names no more stays missing, in the gaps as in the coverage")
    func notAsked() throws {
        let warehouse = try LoadTests.loaded([0, 1].map { Samples.staged(.gate, Samples.hour($0)) })
        try warehouse.unit {
            try $0.execute(
                sql: """
                    INSERT INTO exchange_summary (hour, exchange_id, status, reason, cause, markets, other_markets)
                    VALUES (\(Samples.hour(1).start), 'okx', 'failed', 'not asked', 'not_asked', 0, 0)
                    """)
        }
        #expect(try missing(warehouse) == ["1 okx not_asked"])
        let coverage = try CoverageLedger(warehouse).coverage(in: Samples.hour(0)...Samples.hour(1))
        #expect(coverage.map(\.exchange) == [.okx, .gate])
        #expect(coverage.map(\.expectedHours) == [1, 2])
        #expect(coverage.map(\.loadedHours) == [0, 2])
    }

    private func missing(_ warehouse: Warehouse) throws -> [String] {
        let span = try #require(try CoverageLedger(warehouse).span())
        return try CoverageLedger(warehouse).missingHours(in: span).map {
            "\(Samples.start.distance(to: $0.hour)) \($0.exchange.id) \($0.cause)"
        }
        .sorted()
    }
}
