import Forecasts
import Foundation
import GRDB
import PerpCore
import Synchronization
import Testing

@testable import Warehouse

@Suite("Forecasts of funding in the warehouse")
struct ForecastTests {
    private typealias Market = ForecastSamples

    private static let hours = 0..<130
    private static let files = Market.files(hours)

    private func text(_ warehouse: Warehouse, _ sql: String) throws -> [String] {
        try warehouse.read { database in
            try Row.fetchAll(database, sql: sql).map { row in
                row.map { String.fromDatabaseValue($0.1) ?? "\($0.1)" }.joined(separator: " ")
            }
        }
    }

    /// All that forecasts and later hours depend on.
    private func everything(_ warehouse: Warehouse) throws -> [[String]] {
        try [
            "SELECT * FROM funding_forecast ORDER BY hour, exchange_id, symbol, target",
            "SELECT * FROM forecast_checkpoint ORDER BY hour",
            "SELECT hour, exchange_id, symbol, asset, since, hex(numbers) FROM forecast_state ORDER BY 1, 2, 3",
            "SELECT exchange_id, symbol, since, lead_h, block, hex(numbers) FROM forecast_lesson ORDER BY 1, 2, 3, 4, 5",
            "SELECT * FROM forecast_due",
        ].map { try text(warehouse, $0) }
    }

    @discardableResult
    private func load(_ files: [StagedHour], into warehouse: Warehouse, version: String = "") throws -> Warehouse {
        for file in files { _ = try warehouse.load(file, from: Samples.file(file, version: version)) }
        return warehouse
    }

    @Test("the rows are what the pure forecaster says over the same hours, with what came of it")
    func walkForward() throws {
        let warehouse = try LoadTests.loaded(Self.files)
        for (exchange, interval) in Market.contracts {
            let expected = Market.walked(Self.files.filter { $0.exchange == exchange })
            #expect(expected.count == 2 * Self.hours.count)
            #expect(try Market.stored(warehouse, exchange) == expected)
            // The last eight hours wait; of an hourly contract, the last sum that is complete began eight hours ago.
            #expect(expected.contains { $0.target == .next8 && $0.realised != nil })
            // The interval of the hourly contract has its hundred past errors.
            #expect(expected.contains { $0.low != nil } == (interval == 1))
        }
        #expect(try text(warehouse, "SELECT count(*) FROM forecast_due") == ["0"])
        #expect(try ForecastReader(warehouse).contracts().map(\.exchange) == [.binance, .hyperliquid])
    }

    @Test("an outcome is known from the hour whose files show it")
    func realisedHour() throws {
        let warehouse = try LoadTests.loaded(Array(Self.files.prefix(2 * 20)))
        let rows = try text(
            warehouse,
            """
            SELECT (hour - \(Samples.start.start)) / 3600, (realised_hour - \(Samples.start.start)) / 3600, lead_h
            FROM funding_forecast WHERE exchange_id = 'binance' AND target = 'next' AND hour >= \(Samples.hour(5).start)
            ORDER BY hour LIMIT 4
            """)
        #expect(rows == ["5 8 3", "6 8 2", "7 8 1", "8 16 8"])
    }

    @Test("hour by hour, file by file, gives what all at once gives")
    func hourly() throws {
        let files = Array(Self.files.prefix(2 * 60))
        let expected = try everything(LoadTests.loaded(files))
        #expect(expected[0].count == 4 * 60)
        #expect(try everything(LoadTests.loaded(files, sealingEach: true)) == expected)
    }

    @Test("a late file changes the hours after it, and nothing tells that it was late", arguments: [1, 23, 24, 50, 58, 59])
    func late(number: Int) throws {
        let files = Array(Self.files.prefix(2 * 60))
        let missing = files.filter { $0.hour == Samples.hour(number) }
        let warehouse = try Warehouse()
        for file in files where file.hour != Samples.hour(number) {
            try load([file], into: warehouse)
            if file.hour >= Samples.hour(40) { try warehouse.seal(using: Samples.summarize) }
        }
        try warehouse.seal(using: Samples.summarize)
        try load(missing, into: warehouse).seal(using: Samples.summarize)
        let expected = try LoadTests.loaded(files)
        #expect(try everything(warehouse) == everything(expected))
        for (exchange, _) in Market.contracts {
            #expect(try Market.stored(warehouse, exchange) == Market.walked(files.filter { $0.exchange == exchange }))
        }
    }

    @Test("another file for an hour takes back what the first one settled")
    func replaced() throws {
        var files = Array(Self.files.prefix(2 * 40))
        let warehouse = try LoadTests.loaded(files)
        let place = try #require(files.firstIndex { $0.exchange == .binance && $0.hour == Samples.hour(16) })
        files[place] = Market.file(.binance, 16, interval: 8, settled: 0.0007)
        try load([files[place]], into: warehouse, version: "2").seal(using: Samples.summarize)
        let stored = try Market.stored(warehouse, .binance)
        #expect(stored == Market.walked(files.filter { $0.exchange == .binance }))
        #expect(stored.filter { $0.realised == 0.0007 && $0.target == .next }.count == 8)
    }

    @Test("a file that is removed takes what it said along")
    func removed() throws {
        let files = Array(Self.files.prefix(2 * 30))
        let warehouse = try LoadTests.loaded(files)
        try warehouse.remove(.hyperliquid, Samples.hour(20))
        try warehouse.seal(using: Samples.summarize)
        let left = files.filter { $0.exchange == .hyperliquid && $0.hour != Samples.hour(20) }
        #expect(try Market.stored(warehouse, .hyperliquid) == Market.walked(left))
        #expect(try everything(warehouse) == everything(LoadTests.loaded(files.filter { $0.exchange == .binance } + left)))
    }

    @Test("an exchange whose files of the last hours are removed leaves nothing behind it, lessons neither")
    func cut() throws {
        let files = Array(Self.files.prefix(2 * 70))
        let warehouse = try LoadTests.loaded(files)
        for number in 30..<70 { try warehouse.remove(.hyperliquid, Samples.hour(number)) }
        try warehouse.seal(using: Samples.summarize)
        let left = files.filter { $0.exchange == .binance || $0.hour < Samples.hour(30) }
        #expect(try everything(warehouse) == everything(LoadTests.loaded(left)))
        for number in 0..<30 { try warehouse.remove(.hyperliquid, Samples.hour(number)) }
        try warehouse.seal(using: Samples.summarize)
        #expect(try everything(warehouse) == everything(LoadTests.loaded(files.filter { $0.exchange == .binance })))
    }

    @Test("who reads meanwhile sees a sealed hour with its own forecasts, never with those of what it was before")
    func atOnce() throws {
        let folder = try Samples.folder()
        defer { try? FileManager.default.removeItem(at: folder) }  // the system clears it otherwise
        let path = folder.appendingPathComponent("market_history.db").path
        let last = 30
        try load(Market.files(0..<last), into: Warehouse(path: path)).seal()
        // On a thread of its own: the reader below holds one of those that tasks run on.
        let written = Mutex<Result<Void, any Error>?>(nil)
        Thread.detachNewThread {
            let outcome = Result { try write() }
            written.withLock { $0 = outcome }
        }
        @Sendable func write() throws {
            let writer = try Warehouse(path: path)
            for round in 0..<100 {
                let file = Market.file(.binance, last, interval: 8, displayed: round.isMultiple(of: 2) ? 1e-4 : 2e-4)
                _ = try writer.load(file, from: Samples.file(file, version: "\(round)"))
                try writer.seal()
            }
        }
        let reader = try Warehouse(path: path, for: .reading)
        var seen: Set<String> = []
        while written.withLock({ $0 }) == nil {
            seen.formUnion(
                try reader.read {
                    try String.fetchAll(
                        $0,
                        sql: """
                            SELECT t.funding_rate || ' ' || coalesce(f.displayed, 'none')
                            FROM hour AS h
                            JOIN ticker AS t ON t.hour = h.hour
                            LEFT JOIN funding_forecast AS f
                                ON f.hour = t.hour AND f.exchange_id = 'binance' AND f.symbol = 'BTCUSDT' AND f.target = 'next'
                            WHERE h.hour = ? AND h.sealed = 1
                            """, arguments: [Samples.hour(last).start])
                })
        }
        try written.withLock { $0 }?.get()
        #expect(seen.isSubset(of: ["0.0001 0.0001", "0.0002 0.0002"]), "\(seen)")
    }

    @Test("what is cut off in the middle leaves nothing, and the next run does it", arguments: [2, 25, 39])
    func cutOff(number: Int) throws {
        let files = Array(Self.files.prefix(2 * 40))
        let warehouse = try LoadTests.loaded(Array(files.prefix(2 * 2)))
        let before = try everything(warehouse)
        try warehouse.execute(
            """
            CREATE TEMP TRIGGER cut BEFORE INSERT ON funding_forecast
            WHEN NEW.hour = \(Samples.hour(number).start) AND NEW.exchange_id = 'hyperliquid'
            BEGIN SELECT RAISE(ABORT, 'cut off'); END
            """)
        try load(Array(files.dropFirst(2 * 2)), into: warehouse)
        #expect(throws: DatabaseError.self) { try warehouse.seal(using: Samples.summarize) }
        #expect(try Array(everything(warehouse).prefix(4)) == Array(before.prefix(4)))
        #expect(try warehouse.dirtyHours().isEmpty)
        try warehouse.execute("DROP TRIGGER cut")
        #expect(try warehouse.seal(using: Samples.summarize).isEmpty)
        #expect(try everything(warehouse) == everything(LoadTests.loaded(files)))
    }

    @Test("a settlement that an hour without a ticker states is known in the next hour with one")
    func withoutTicker() throws {
        var files = (0..<30).map { Market.file(.binance, $0, interval: 8) }
        files[16].tickers = []
        // Nobody states it again.
        for place in 17..<24 { files[place].fundingSettlements = [] }
        for place in 24..<30 { files[place].fundingSettlements.removeAll { $0.settledAt == Samples.hour(16).startTime } }
        let stored = try Market.stored(LoadTests.loaded(files), .binance)
        let before = stored.filter { $0.target == .next && (8..<16).map(Samples.hour).contains($0.hour) }
        #expect(before.count == 8)
        #expect(before.allSatisfy { $0.realised == Market.rate(16, interval: 8) })
        #expect(try Market.stored(LoadTests.loaded(files, sealingEach: true), .binance) == stored)
    }

    @Test("what was said of the newest hour stays as it was said, once; a rebuild takes it over and says nothing itself")
    func issued() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }  // nothing else looks into it
        let warehouse = try Warehouse(path: folder.appending(path: "live.db").path)
        // All files are loaded at 06:13: what is said of hour 3 then was not said at the time.
        try load(Market.files(0..<4), into: warehouse).seal(using: Samples.summarize)
        #expect(try text(warehouse, "SELECT count(*) FROM forecast_issued") == ["0"])
        try load(Market.files(4..<10), into: warehouse).seal(using: Samples.summarize)
        let said = "SELECT (hour - \(Samples.start.start)) / 3600, exchange_id, target, displayed, version FROM forecast_issued"
        let first = try text(warehouse, said)
        #expect(first.count == 4)
        #expect(first.allSatisfy { $0.hasPrefix("9 ") && $0.hasSuffix(FundingForecaster.version) })
        // The hour is loaded again with another estimate, and a late file arrives.
        try load([Market.file(.binance, 9, interval: 8, displayed: 0.0009)], into: warehouse, version: "2")
        try load([Market.file(.hyperliquid, 4, interval: 1, displayed: 0.0008)], into: warehouse, version: "2")
        try warehouse.seal(using: Samples.summarize)
        #expect(try text(warehouse, said) == first)
        #expect(try Market.stored(warehouse, .binance).last?.displayed == 0.0009)

        let scratch = try Warehouse(path: folder.appending(path: "scratch.db").path, for: .scratch)
        try ContentTransfer(to: scratch).copyKeptTables(of: warehouse)
        try load(Market.files(0..<12), into: scratch).seal(using: Samples.summarize)
        #expect(try text(scratch, said) == first)
        #expect(try Market.stored(scratch, .binance).count == 24)
    }

    @Test("the next eight hours of an hour, by exchange and symbol")
    func nextEight() throws {
        let warehouse = try LoadTests.loaded(Array(Self.files.prefix(2 * 12)))
        let found = try ForecastReader(warehouse).next8(at: Samples.hour(11))
        #expect(Set(found.keys) == [.binance, .hyperliquid])
        let last = try Market.stored(warehouse, .hyperliquid).last { $0.target == .next8 }
        #expect(found[.hyperliquid] == ["BTCUSDT": try #require(last).rate])
        #expect(try ForecastReader(warehouse).next8(at: Samples.hour(12)).isEmpty)
        #expect(try ForecastReader(warehouse).forecasts(at: Samples.hour(11))["BTC"]?.count == 4)
    }

    @Test("other coins have forecasts when they are chosen, from the first hour on")
    func assets() throws {
        let files = (0..<10).map { Market.file(.binance, $0, interval: 8, symbols: ["BTCUSDT", "NEWUSDT"]) }
        let warehouse = try LoadTests.loaded(files)
        func coins() throws -> [String] {
            try text(warehouse, "SELECT asset, count(*) FROM funding_forecast GROUP BY asset ORDER BY asset")
        }
        #expect(try coins() == ["BTC 20"])
        try warehouse.setForecastAssets(["BTC", "ETH", "SOL"])
        #expect(try text(warehouse, "SELECT count(*) FROM forecast_due") == ["0"])
        try warehouse.setForecastAssets(["NEW", "BTC"])
        #expect(try warehouse.seal(using: Samples.summarize).isEmpty)
        #expect(try coins() == ["BTC 20", "NEW 20"])
        #expect(try warehouse.forecastAssets() == ["BTC", "NEW"])
    }

    @Test("hours that are removed take their forecasts along, and later hours go on as before")
    func retained() throws {
        let files = Array(Self.files.prefix(2 * 60))
        let warehouse = try LoadTests.loaded(Array(files.prefix(2 * 50)))
        _ = try Retention(warehouse).removeHours(before: Samples.hour(30))
        #expect(try text(warehouse, "SELECT count(*) FROM funding_forecast") == ["80"])
        try load(Array(files.dropFirst(2 * 50)), into: warehouse).seal(using: Samples.summarize)
        for (exchange, _) in Market.contracts {
            let expected = Market.walked(files.filter { $0.exchange == exchange }).filter { $0.hour >= Samples.hour(30) }
            #expect(try Market.stored(warehouse, exchange) == expected)
        }
    }

    @Test("rules of another version begin anew from the first hour")
    func version() throws {
        let files = Array(Self.files.prefix(2 * 20))
        let warehouse = try LoadTests.loaded(Array(files.prefix(2 * 19)))
        try warehouse.execute(
            "UPDATE forecast_checkpoint SET version = 'other'; UPDATE funding_forecast SET rate = 1; "
                + "UPDATE forecast_lesson SET numbers = x'00'")
        try load(Array(files.suffix(2)), into: warehouse).seal(using: Samples.summarize)
        #expect(try everything(warehouse) == everything(LoadTests.loaded(files)))
    }

    @Test("the view of skill says what the measure says")
    func skill() throws {
        let warehouse = try LoadTests.loaded(Array(Self.files.prefix(2 * 80)))
        let skill = try #require(FundingSkill(Market.stored(warehouse, .hyperliquid).filter { $0.target == .next }))
        let row = try #require(
            try warehouse.read {
                try Row.fetchOne(
                    $0,
                    sql: "SELECT * FROM forecast_skill WHERE exchange_id = 'hyperliquid' AND target = 'next' AND lead_h IS NULL")
            })
        func isNear(_ column: String, _ value: Double?) -> Bool {
            guard let found = row[column] as Double?, let value else { return false }
            return abs(found - value) < 1e-9
        }
        #expect(row["n"] == skill.count)
        #expect(isNear("error_bps", skill.error))
        #expect(isNear("displayed_error_bps", skill.comparisons[0].error))
        #expect(isNear("skill_against_displayed", skill.comparisons[0].skill))
        #expect(isNear("last_error_bps", skill.comparisons[1].error))
        #expect(isNear("default_error_bps", skill.comparisons.last?.error))
    }

    @Test("the newest hours keep a checkpoint, the first of each of seven days, and the first of each month")
    func checkpoints() {
        func kept(_ hours: [Hour]) -> [String] { ForecastCheckpoints.kept(of: hours).sorted().map(\.description) }
        let first = Hour("2025-10-28T05")!  // a valid hour
        let hours = (0..<24 * 40).map { first.advanced(by: $0) }
        let expected =
            ["2025-10-28T05", "2025-11-01T00", "2025-12-01T00"]
            + ["2025-12-02T00", "2025-12-03T00", "2025-12-04T00", "2025-12-05T00", "2025-12-06T00", "2025-12-07T00"]
            + ["2025-12-07T02", "2025-12-07T03", "2025-12-07T04"]
        #expect(kept(hours) == expected)
        // Hour by hour, with what was kept so far.
        var last: Set<Hour> = []
        for hour in hours { last = ForecastCheckpoints.kept(of: last.sorted() + [hour]) }
        #expect(last.sorted().map(\.description) == expected)
        // A day that begins late has its first hour.
        #expect(kept([first.advanced(by: 20), first.advanced(by: 21)]).count == 2)
        #expect(kept([]).isEmpty)
    }

    @Test("lessons are stored in rows and are whole again when they are read, the last five hundred")
    func lessons() throws {
        let warehouse = try Warehouse()
        let name = ForecastContract.Name(exchange: .hyperliquid, symbol: "BTCUSDT")
        let contract = ForecastContract(name, asset: "BTC", since: Samples.hour(0))
        func seen(_ number: Int) -> FundingHour {
            let file = Market.file(.hyperliquid, number, interval: 1)
            return FundingHour(hour: file.hour, ticker: file.tickers[0], settlements: file.fundingSettlements)
        }
        try warehouse.unit { database in
            let store = try LessonStore(database)
            for number in 0..<620 {
                // Now and then another run goes on from what was stored.
                if number.isMultiple(of: 97) || number > 610 {
                    for lead in [0, 1] { try store.store(contract, lead: lead, wholeRows: false) }
                    let other = try #require(
                        ForecastContract(name, asset: "BTC", since: Samples.hour(0), numbers: contract.numbers))
                    // Also without having looked at them: the row that was begun is filled.
                    let expected = contract.add(seen(number))
                    for lead in other.forecaster.leads(of: seen(number)) { try store.complete(other, lead: lead) }
                    #expect(other.add(seen(number)) == expected)
                    #expect(other.forecaster.records == contract.forecaster.records)
                } else {
                    let step = contract.add(seen(number))
                    for lead in step.learned { try store.store(contract, lead: lead, wholeRows: true) }
                }
            }
            for lead in [0, 1] { try store.store(contract, lead: lead, wholeRows: false) }
            #expect(contract.forecaster.record(1)?.count == 619)
            #expect(contract.forecaster.record(1)?.lessons.count == 500)
            // A run that learns without the lessons of the past goes on in the row that was begun.
            let blind = try #require(
                ForecastContract(name, asset: "BTC", since: Samples.hour(0), numbers: contract.numbers))
            _ = blind.add(seen(620))
            _ = contract.add(seen(620))
            for lead in [0, 1] { try store.store(blind, lead: lead, wholeRows: false) }
            let read = try #require(
                ForecastContract(name, asset: "BTC", since: Samples.hour(0), numbers: blind.numbers))
            for lead in [0, 1] { try store.complete(read, lead: lead) }
            #expect(read.forecaster.records == contract.forecaster.records)
        }
    }
}
