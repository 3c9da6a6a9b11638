import Foundation
import GRDB
import PerpCore
import Sealing
import Testing
import WarehouseSQL

@testable import Warehouse

@Suite("Loading")
struct LoadTests {
    /// Twelve hours of four exchanges, with liquidations that the next hour's file states again, listings
    /// that come and go, and one file that is missing.
    static func files() -> [StagedHour] {
        var files: [StagedHour] = []
        for number in 0..<12 {
            let hour = Samples.hour(number)
            for exchange in [Exchange.binance, .okx, .gate, .dydx] {
                if exchange == .okx && number == 5 { continue }
                var symbols = ["BTCUSDT", "ETHUSDT"]
                if number % 4 > 1 { symbols.append("NEWUSDT") }
                let before = hour.startTime.advanced(byMilliseconds: -1000)
                let after = hour.startTime.advanced(byMilliseconds: 90_000)
                let events = [before, after, before.advanced(byMilliseconds: -3_600_000)].enumerated().map {
                    Samples.liquidation("BTCUSDT", at: $1, value: Double(1000 + number / 2 + $0))
                }
                files.append(
                    Samples.staged(
                        exchange, hour, symbols: symbols, price: 100 + Double(number), liquidations: events))
            }
        }
        return files
    }

    /// All rows of all derived tables as text.
    static func contents(_ warehouse: Warehouse) throws -> [String: [String]] {
        try warehouse.read { database in
            var result: [String: [String]] = [:]
            for table in StoredTable.derived {
                result[table.name] = try Row.fetchAll(database, sql: table.naturalRows).map(
                    \.description)
            }
            return result
        }
    }

    static func loaded(_ files: [StagedHour], sealingEach: Bool = false) throws -> Warehouse {
        let warehouse = try Warehouse()
        for file in files {
            _ = try warehouse.load(file, from: Samples.file(file))
            if sealingEach { try warehouse.seal(using: Samples.summarize) }
        }
        try warehouse.seal(using: Samples.summarize)
        return warehouse
    }

    @Test("any order of files gives the same derived rows", arguments: 0..<8)
    func anyOrder(seed: Int) throws {
        let files = Self.files()
        var generator = SplitMix64(seed: UInt64(seed))
        let expected = try Self.contents(try Self.loaded(files))
        let shuffled = try Self.loaded(files.shuffled(using: &generator), sealingEach: seed.isMultiple(of: 2))
        let found = try Self.contents(shuffled)
        for table in StoredTable.derived.map(\.name) { #expect(found[table] == expected[table], "\(table)") }
    }

    /// Late events are stated two hours after their window, and one file of each hour is refused.
    @Test(
        "a scratch database that takes many hours in a transaction holds the same, whatever is refused in between",
        arguments: [1, 3, 5, 12], [1, 2, 24])
    func transactions(hours: Int, sealedBehind: Int) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }  // a leftover of a test harms nobody
        let scratch = try Warehouse(path: folder.appending(path: "scratch.db").path, for: .scratch)
        var files = Self.files()
        for index in files.indices where files[index].exchange == .gate {
            let late = files[index].hour.startTime.advanced(byMilliseconds: -9_000_000)
            files[index].liquidations.append(Samples.liquidation("ETHUSDT", at: late, value: Double(index)))
        }
        for first in stride(from: 0, to: 12, by: hours) {
            try scratch.transaction {
                for hour in (first..<min(first + hours, 12)).map(Samples.hour) {
                    for file in files where file.hour == hour {
                        _ = try scratch.load(file, from: Samples.file(file))
                        var bad = Samples.staged(.bybit, hour, liquidations: file.liquidations)
                        bad.tickers.append(bad.tickers[1])
                        #expect(throws: WarehouseError.self) { try scratch.load(bad, from: Samples.file(bad)) }
                    }
                    try scratch.seal(through: hour.advanced(by: -sealedBehind), using: Samples.summarize)
                }
            }
            let stored = try Self.contents(scratch)["liquidation"]
            let expected = try Self.contents(Self.loaded(files.filter { $0.hour < Samples.hour(first + hours) }))
            #expect(stored == expected["liquidation"])
        }
        try scratch.seal(using: Samples.summarize)
        let (found, expected) = (try Self.contents(scratch), try Self.contents(try Self.loaded(files)))
        for table in StoredTable.derived.map(\.name) { #expect(found[table] == expected[table], "\(table)") }
    }

    @Test("loading the same file again writes nothing")
    func twice() throws {
        let files = Self.files()
        let warehouse = try Self.loaded(files)
        let before = try Self.contents(warehouse)
        let changes = try warehouse.read { $0.totalChangesCount }
        for file in files { #expect(try warehouse.load(file, from: Samples.file(file)) == .unchanged) }
        #expect(try warehouse.seal(using: Samples.summarize).isEmpty)
        #expect(try warehouse.read { $0.totalChangesCount } == changes)
        #expect(try Self.contents(warehouse) == before)
        #expect(
            try warehouse.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM load_log") } == files.count)
    }

    @Test("a replaced file leaves nothing of what it replaces", arguments: [0, 3, 11])
    func replacement(number: Int) throws {
        let files = Self.files()
        let place = files.firstIndex { $0.hour == Samples.hour(number) && $0.exchange == .gate }
        let index = try #require(place)
        var other = files
        other[index] = Samples.staged(
            .gate, Samples.hour(number), symbols: ["AAAUSDT", "BTCUSDT"], price: 7,
            liquidations: [Samples.liquidation("AAAUSDT", at: Samples.hour(number).startTime)])
        let warehouse = try Self.loaded(files)
        _ = try warehouse.load(other[index], from: Samples.file(other[index]))
        try warehouse.seal(using: Samples.summarize)
        let found = try Self.contents(warehouse)
        let expected = try Self.contents(try Self.loaded(other))
        for table in StoredTable.derived.map(\.name) { #expect(found[table] == expected[table], "\(table)") }
    }

    @Test("a removed file leaves nothing behind but its hour")
    func removal() throws {
        let files = Self.files()
        let extra = Samples.staged(
            .bybit, Samples.hour(4), symbols: ["AAAUSDT"],
            liquidations: [Samples.liquidation("AAAUSDT", at: Samples.hour(2).startTime)])
        let warehouse = try Self.loaded(files + [extra])
        try warehouse.remove(.bybit, Samples.hour(4))
        try warehouse.seal(using: Samples.summarize)
        let found = try Self.contents(warehouse)
        let expected = try Self.contents(try Self.loaded(files))
        for table in StoredTable.derived.map(\.name) { #expect(found[table] == expected[table], "\(table)") }
    }

    @Test("an event counts in the hour in which it occurred, once, however many files state it")
    func events() throws {
        let warehouse = try Warehouse()
        let time = Samples.hour(1).startTime.advanced(byMilliseconds: 5000)
        let event = Samples.liquidation("BTCUSDT", at: time, value: 500)
        for number in [2, 1, 3] {
            let staged = Samples.staged(.gate, Samples.hour(number), liquidations: [event])
            _ = try warehouse.load(staged, from: Samples.file(staged))
            try warehouse.seal(using: Samples.summarize)
        }
        let rows = try warehouse.read { database in
            try Row.fetchAll(
                database, sql: "SELECT hour, total_usd, count FROM liquidation_summary ORDER BY hour")
        }
        #expect(rows.map { $0[0] as Int64 } == (1...3).map { Samples.hour($0).start })
        #expect(rows.map { $0[1] as Double } == [0, 500, 0])
        let view = try warehouse.read {
            try Row.fetchAll($0, sql: "SELECT hour, value_usd FROM liquidations")
        }
        #expect(view.map { $0[0] as Int64 } == [Samples.hour(1).start])
    }

    @Test("a late event makes only its own hour and later ones dirty")
    func lateEvent() throws {
        let warehouse = try Self.loaded((0..<6).map { Samples.staged(.gate, Samples.hour($0)) })
        let late = Samples.liquidation("BTCUSDT", at: Samples.hour(2).startTime)
        let staged = Samples.staged(.gate, Samples.hour(5), price: 1, liquidations: [late])
        _ = try warehouse.load(staged, from: Samples.file(staged))
        #expect(try warehouse.dirtyHours() == (3...5).map(Samples.hour))
    }

    @Test("a symbol that stands twice fails its file and leaves the database as it was")
    func duplicate() throws {
        let warehouse = try Self.loaded(Self.files())
        let before = try Self.contents(warehouse)
        var staged = Samples.staged(.bybit, Samples.hour(3))
        staged.tickers.append(staged.tickers[1])
        #expect(
            throws: WarehouseError.duplicate(
                record: "ticker", exchange: .bybit, hour: Samples.hour(3), symbol: "ETHUSDT")
        ) { try warehouse.load(staged, from: Samples.file(staged)) }
        #expect(try Self.contents(warehouse) == before)
        let good = Samples.staged(.bybit, Samples.hour(3))
        #expect(try warehouse.load(good, from: Samples.file(good)) == .loaded)
    }

    @Test("hours with any number of tickers are loaded whole, and read back as they were", arguments: [0, 1, 63, 64, 65, 128, 200])
    func manyTickers(count: Int) throws {
        let warehouse = try Warehouse()
        let staged = Samples.staged(.bybit, Samples.hour(3), symbols: (0..<count).map { "C\($0 + 1000)USDT" })
        #expect(try warehouse.load(staged, from: Samples.file(staged)) == .loaded)
        let read = try warehouse.read { try HourReader($0, listings: ListingCache($0)).exchangeFacts(at: Samples.hour(3)) }
        #expect(read.map(\.tickers) == [staged.tickers])
    }

    @Test("a listing is found by its number, with numbers left out, and once rows that came later are read")
    func listingNumbers() throws {
        let warehouse = try Warehouse()
        func write(_ numbers: [Int]) throws {
            for number in numbers {
                try warehouse.execute(
                    """
                    INSERT INTO listing (listing_id, exchange_id, symbol, asset, asset_class, class_stated, quote, kind, contract)
                    VALUES (\(number), 'okx', 'C\(number)-USDT-SWAP', 'C\(number)', 'crypto', 1, 'USDT', 'linear', 'perpetual')
                    """)
            }
        }
        func symbols(_ listings: ListingCache, _ numbers: [Int64]) -> [String?] {
            numbers.map { listings[$0]?.listing.symbol }
        }
        try write([1, 2, 5, 9])
        let listings = try warehouse.queue.inDatabase { try ListingCache($0) }
        let asked: [Int64] = [.min, -1, 0, 1, 2, 3, 5, 8, 9, 12, .max]
        let known = [1: "C1-USDT-SWAP", 2: "C2-USDT-SWAP", 5: "C5-USDT-SWAP", 9: "C9-USDT-SWAP"]
        #expect(symbols(listings, asked) == asked.map { known[Int($0)] })
        try write([12])
        try listings.refresh()
        #expect(symbols(listings, [9, 12, 13]) == ["C9-USDT-SWAP", "C12-USDT-SWAP", nil])
        #expect(listings[12]?.exchange == .okx)
    }

    @Test("among many tickers, the one that stands twice is told, and nothing is loaded", arguments: [1, 63, 64, 100, 199])
    func duplicateAmongMany(place: Int) throws {
        let warehouse = try Self.loaded(Self.files())
        let before = try Self.contents(warehouse)
        var staged = Samples.staged(.bybit, Samples.hour(3), symbols: (0..<200).map { "C\($0 + 1000)USDT" })
        staged.tickers[place] = staged.tickers[place - 1]
        let symbol = staged.tickers[place].symbol
        #expect(
            throws: WarehouseError.duplicate(record: "ticker", exchange: .bybit, hour: Samples.hour(3), symbol: symbol)
        ) { try warehouse.load(staged, from: Samples.file(staged)) }
        #expect(try Self.contents(warehouse) == before)
    }

    @Test("views hide an hour until it is sealed")
    func unsealed() throws {
        let warehouse = try Self.loaded([.okx, .gate].map { Samples.staged($0, Samples.hour(0)) })
        func count(_ view: String) throws -> Int {
            try warehouse.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM \(view)") ?? -1 }
        }
        let shown = ["market_snapshots": 1, "exchange_snapshots": 2, "sentiment_factors": 1, "tickers": 4]
        for (view, rows) in shown { #expect(try count(view) == rows, "\(view)") }
        let late = Samples.staged(.bybit, Samples.hour(0))
        _ = try warehouse.load(late, from: Samples.file(late))
        for view in shown.keys { #expect(try count(view) == 0, "\(view)") }
        try warehouse.seal(using: Samples.summarize)
        #expect(try count("exchange_snapshots") == 3)
    }

    @Test("what sealing reads back is what was loaded")
    func readBack() throws {
        let staged = Samples.staged(
            .gate, Samples.hour(1),
            liquidations: [Samples.liquidation("BTCUSDT", at: Samples.start.startTime)])
        let warehouse = try Self.loaded([staged])
        let facts = try #require(try LoadedFacts(warehouse).exchangeFacts(at: Samples.hour(1)).first)
        #expect(facts.tickers == staged.tickers)
        #expect(facts.longShortRatios == staged.longShortRatios)
        #expect(facts.spotTickers == staged.spotTickers)
        #expect(facts.liquidations == LiquidationWindow(coverageClass: .sampled, longUSD: 1000, count: 1))
        let past = try SealedHours(warehouse).summaries(from: Samples.hour(1), through: Samples.hour(1))
        #expect(
            past
                == [
                    PastHour(
                        Samples.summarize(
                            HourInput(hour: Samples.hour(1), exchanges: [facts], history: History())))
                ])
    }

    @Test("rows that were changed are replaced when a file is loaded again on purpose")
    func again() throws {
        let staged = Samples.staged(.okx, Samples.hour(0))
        let warehouse = try Self.loaded([staged], sealingEach: true)
        let before = try Self.contents(warehouse)
        try warehouse.execute("UPDATE ticker SET mark_price = 2 * mark_price; DELETE FROM spot_ticker")
        #expect(try warehouse.load(staged, from: Samples.file(staged)) == .unchanged)
        #expect(try warehouse.load(staged, from: Samples.file(staged), again: true) == .loaded)
        try warehouse.seal(using: Samples.summarize)
        #expect(try Self.contents(warehouse) == before)
    }

    @Test("a symbol that stands twice in a file is that file's fault, wherever it stands")
    func twiceAnywhere() throws {
        let warehouse = try Warehouse()
        var staged = Samples.staged(.okx, Samples.hour(0))
        staged.instruments.append(staged.instruments[0])
        let error = try #require(throws: WarehouseError.self) {
            _ = try warehouse.load(staged, from: Samples.file(staged))
        }
        #expect(WarehouseError.isDataError(error))
    }

    @Test("simulated hours never join real ones, and the first file decides", arguments: [false, true])
    func origin(firstIsSimulated: Bool) throws {
        var first = Samples.staged(.okx, Samples.hour(0))
        first.source.isSimulated = firstIsSimulated
        var second = Samples.staged(.gate, Samples.hour(0))
        second.source.isSimulated = !firstIsSimulated
        let warehouse = try Self.loaded([first], sealingEach: true)
        let before = try Self.contents(warehouse)
        for _ in 0..<2 {
            let error = try #require(throws: WarehouseError.self) {
                _ = try warehouse.load(second, from: Samples.file(second))
            }
            #expect(WarehouseError.isDataError(error))
        }
        #expect(try Self.contents(warehouse) == before)
        #expect(try LoadedFacts(warehouse).stagedHour(.okx, Samples.hour(0))?.staged.source == first.source)
    }
}
