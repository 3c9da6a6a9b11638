import GRDB
import PerpCore
import Testing

@testable import Warehouse

@Suite("Retention")
struct RetentionTests {
    private static let derived = Set(StoredTable.derived.map(\.name))

    /// Thirty hours of two exchanges, with a listing that goes in hour 10 and comes back in hour 27.
    private static func files(_ numbers: Range<Int>) -> [StagedHour] {
        numbers.flatMap { number in
            [Exchange.okx, .gate].map { exchange in
                let hour = Samples.hour(number)
                let symbols = (10..<27).contains(number) ? ["BTCUSDT"] : ["BTCUSDT", "ETHUSDT"]
                let event = Samples.liquidation("BTCUSDT", at: hour.startTime.advanced(byMilliseconds: -1000))
                return Samples.staged(
                    exchange, hour, symbols: symbols, price: 100 + Double(number), liquidations: [event])
            }
        }
    }

    private func text(_ warehouse: Warehouse, _ sql: String) throws -> [String] {
        try warehouse.read { try Row.fetchAll($0, sql: sql).map { $0.map { "\($0.1)" }.joined(separator: " ") } }
    }

    @Test("what stays of facts and versions is what loading the later hours alone gives", arguments: [1, 12, 26, 29])
    func sameAsLaterHours(cut: Int) throws {
        let warehouse = try LoadTests.loaded(Self.files(0..<30))
        let removed = try Retention(warehouse).removeHours(before: Samples.hour(cut))
        #expect(removed.hours == cut)
        let later = try LoadTests.loaded(Self.files(cut..<30))
        let (found, expected) = (try LoadTests.contents(warehouse), try LoadTests.contents(later))
        let summaries: Set = [
            "exchange_summary", "exchange_class_summary", "market_summary", "model_score", "liquidation_summary", "market_liquidation",
        ]
        for table in Self.derived.subtracting(summaries) { #expect(found[table] == expected[table], "\(table)") }
        for table in summaries { #expect(found[table]?.count == expected[table]?.count, "\(table)") }
        #expect(try Retention(warehouse).keptFrom() == Samples.hour(cut))
        #expect(try text(warehouse, "SELECT count(*) FROM load_log") == ["60"])
    }

    @Test("every table with a row an hour is emptied, in an order that foreign keys allow")
    func tables() throws {
        let warehouse = try LoadTests.loaded(Self.files(0..<3))
        let tables = try warehouse.read {
            try String.fetchAll(
                $0,
                sql: """
                    SELECT m.name FROM sqlite_schema AS m JOIN pragma_table_info(m.name) AS c
                    WHERE m.type = 'table' AND c.name = 'hour'
                    """)
        }
        // Events live by their own times, alerts, the log of loadings and what was forecast at the time for good, hours of
        // the past with their files, and what forecasters know serves later hours.
        let others: Set = [
            "reconstructed_hour", "liquidation", "alert", "alert_outbox", "alert_state", "load_log", "known_class",
            "forecast_issued", "forecast_checkpoint", "forecast_state", "backtest_hour",
        ]
        #expect(Set(tables).subtracting(others) == Set(StoredTable.byHour))
        let classes = "SELECT count(*) FROM exchange_class_summary"
        #expect(try text(warehouse, classes) != ["0"])
        #expect(try Retention(warehouse).removeHours(before: Samples.hour(3)).hours == 3)
        for table in StoredTable.byHour {
            #expect(try text(warehouse, "SELECT count(*) FROM \(table)") == ["0"], "\(table)")
        }
    }

    @Test("summaries that stay are untouched, and a later hour loads as if nothing had gone")
    func goesOn() throws {
        let warehouse = try LoadTests.loaded(Self.files(0..<30))
        let sql = "SELECT * FROM market_summary WHERE hour >= \(Samples.hour(26).start) ORDER BY hour, model"
        let before = try text(warehouse, sql)
        _ = try Retention(warehouse).removeHours(before: Samples.hour(26))
        #expect(try text(warehouse, sql) == before)
        #expect(try warehouse.dirtyHours().isEmpty)
        for file in Self.files(30..<31) { _ = try warehouse.load(file, from: Samples.file(file)) }
        #expect(try warehouse.seal(using: Samples.summarize) == [Samples.hour(30)])
        let later = try LoadTests.loaded(Self.files(26..<31))
        #expect(try LoadTests.contents(warehouse)["instrument"] == LoadTests.contents(later)["instrument"])
        for half in TableHalf.allCases {
            #expect(try Integrity(warehouse).problems(in: half).isEmpty)
        }
    }

    @Test("a day's roll-up counts all its hours, also those that stay, and is kept when the rest goes")
    func rollUp() throws {
        let warehouse = try LoadTests.loaded(Self.files(0..<30))
        let sql = """
            SELECT hours, expected_hours, coverage, volume_open, volume_close, volume_mean, liquidation_long_usd,
                markets_close
            FROM exchange_day WHERE exchange_id = 'okx' ORDER BY day
            """
        _ = try Retention(warehouse).removeHours(before: Samples.hour(5))
        // Two tickers of a billion in hours 0 to 9, one in hours 10 to 23: (10 x 2 + 14) / 24 = 1.41666… billion.
        // Each of the 24 hours' windows holds one event of 1000 dollars.
        let day = "24 24 1.0 2000000000.0 1000000000.0 1416666666.6666667 24000.0 1"
        #expect(try text(warehouse, sql) == [day])
        let marketSQL = "SELECT hours, coverage, neutral_hours, total_volume_high, liquidation_long_usd FROM market_day"
        let market = "24 1.0 24 4000000000.0 48000.0"
        #expect(try text(warehouse, marketSQL) == [market, market])
        _ = try Retention(warehouse).removeHours(before: Samples.hour(24))
        _ = try Retention(warehouse).removeHours(before: Samples.hour(24))
        #expect(try text(warehouse, sql) == [day])
        #expect(try text(warehouse, marketSQL) == [market, market])
    }

    @Test("the roll-up of a day with holes says so")
    func holes() throws {
        var files = Self.files(0..<24).filter { $0.exchange == .gate || $0.hour == Samples.hour(3) }
        files.removeAll { $0.hour == Samples.hour(20) }
        let warehouse = try LoadTests.loaded(files)
        _ = try Retention(warehouse).removeHours(before: Samples.hour(24))
        // okx came in hour 3 only; hour 20 is one without any run.
        #expect(
            try text(warehouse, "SELECT exchange_id, hours, expected_hours FROM exchange_day ORDER BY 1")
                == ["\"gate\" 23 24", "\"okx\" 1 1"])
        #expect(
            try text(warehouse, "SELECT hours, insufficient_hours FROM market_day") == ["1 22", "1 22"])
    }

    @Test("a removal that is broken off goes on at the next call")
    func brokenOff() throws {
        let warehouse = try LoadTests.loaded(Self.files(0..<60))
        var asked = 0
        let first = try Retention(warehouse).removeHours(before: Samples.hour(50)) {
            asked += 1
            return asked == 1
        }
        #expect(first.hours == 24)
        #expect(try Retention(warehouse).keptFrom() == Samples.hour(24))
        let second = try Retention(warehouse).removeHours(before: Samples.hour(50))
        #expect(second.hours == 26)
        let whole = try LoadTests.loaded(Self.files(0..<60))
        _ = try Retention(whole).removeHours(before: Samples.hour(50))
        #expect(try LoadTests.contents(warehouse) == LoadTests.contents(whole))
        let days = "SELECT * FROM exchange_day ORDER BY day, exchange_id"
        #expect(try text(warehouse, days) == text(whole, days))
    }

    @Test("a gap that reaches over the cut goes with its first hour")
    func gapOverCut() throws {
        let files = Self.files(0..<30).filter { !(Samples.hour(4)...Samples.hour(8)).contains($0.hour) }
        let warehouse = try LoadTests.loaded(files)
        _ = try Retention(warehouse).removeHours(before: Samples.hour(6))
        #expect(try CoverageLedger(warehouse).span()?.lowerBound == Samples.hour(9))
    }

    @Test("nothing to remove writes nothing")
    func nothing() throws {
        let warehouse = try LoadTests.loaded(Self.files(0..<3))
        #expect(try Retention(warehouse).removeHours(before: Samples.hour(0)) == RemovedHours())
        #expect(try Retention(warehouse).keptFrom() == nil)
    }
}
