import GRDB
import PerpCore
import Testing

@testable import Warehouse

@Suite("Facts of the past")
struct HistoryTests {
    private typealias Past = HistorySamples

    private static let span = HistorySamples.always

    private func count(_ warehouse: Warehouse, _ table: String) throws -> Int {
        try warehouse.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM \(table)") ?? 0 }
    }

    private func text(_ warehouse: Warehouse, _ sql: String) throws -> [String] {
        let rows = try warehouse.read { try Row.fetchAll($0, sql: sql) }
        return rows.map { row in row.map { "\($0.1)".filter { $0 != "\"" } }.joined(separator: " ") }
    }

    private func closes(_ warehouse: Warehouse) throws -> [Double] {
        try HistoryReader(warehouse).candles(.bybit, "BTCUSDT", in: Self.span).map(\.close)
    }

    @Test("a file's facts are read as they were staged")
    func asStaged() throws {
        let candles = [
            Past.candle("BTCUSDT", 1, close: 101), Past.candle("BTCUSDT", 2, close: 102), Past.candle("ETHUSDT", 1, close: 7),
        ]
        let interest = OpenInterest(
            symbol: "BTCUSDT", asset: "BTC", observedAt: Samples.hour(3).startTime, contracts: 10, base: nil, usd: 1000)
        let ratio = LongShortRatio(
            symbol: "BTCUSDT", asset: "BTC", population: .accounts, period: "1h", longFraction: 0.75, shortFraction: 0.25,
            observedAt: Samples.hour(3).startTime)
        let warehouse = try Past.loaded([
            Past.candles(candles), Past.staged(.openInterest) { $0.openInterests = [interest] },
            Past.staged(.longShort) { $0.longShortRatios = [ratio] },
            Past.funding([Past.settlement(0), Past.settlement(8, stated: 8)]),
            Past.staged(.markCandles) { $0.candles = [Past.candle("BTCUSDT", 1, close: 99, .mark)] },
        ])
        let reader = HistoryReader(warehouse)
        #expect(try reader.candles(.bybit, "BTCUSDT", in: Self.span) == Array(candles[..<2]))
        #expect(try reader.candles(.bybit, "BTCUSDT", .mark, in: Self.span).map(\.close) == [99])
        // The end of a span is excluded.
        let second = Samples.hour(2).startTime
        #expect(try reader.candles(.bybit, "BTCUSDT", in: Samples.hour(1).startTime..<second) == [candles[0]])
        #expect(try reader.openInterest(.bybit, "BTCUSDT", in: Self.span) == [interest])
        #expect(try reader.longShortRatios(.bybit, "BTCUSDT", in: Self.span) == [ratio])
        #expect(try reader.settlements(.bybit, "BTCUSDT", in: Self.span).map(\.fundingIntervalHours) == [nil, 8])
        #expect(try reader.candles(.okx, "BTCUSDT", in: Self.span).isEmpty)
        #expect(try reader.contracts(of: .bybit).map(\.symbol) == ["BTCUSDT", "ETHUSDT"])
        #expect(try reader.files().map(\.records) == [1, 1, 2, 3, 1])
        #expect(try count(warehouse, "hour") == 0)
    }

    @Test("an unchanged file writes nothing, a changed one replaces what it stated")
    func changed() throws {
        let first = Past.candles([Past.candle("BTCUSDT", 1, close: 101), Past.candle("ETHUSDT", 1, close: 7)])
        let warehouse = try Past.loaded([first])
        let changes = try warehouse.read { $0.totalChangesCount }
        #expect(try Past.load(first, into: warehouse) == .unchanged)
        #expect(try warehouse.read { $0.totalChangesCount } == changes)
        let other = Past.candles([Past.candle("BTCUSDT", 2, close: 103)])
        #expect(try Past.load(other, into: warehouse) == .loaded)
        #expect(try closes(warehouse) == [103])
        try warehouse.seal()
        #expect(try Integrity(warehouse).digests() == Integrity(try Past.loaded([other])).digests())
        #expect(try count(warehouse, "load_log") == 2)
    }

    @Test("another value is a second version: what was learnt first counts, and the list says who said what, and when")
    func restated() throws {
        let files = [
            Past.candles([Past.candle("BTCUSDT", 1, close: 101)], learnt: 1),
            Past.candles([Past.candle("BTCUSDT", 1, close: 90), Past.candle("BTCUSDT", 2, close: 5)], learnt: 2),
            // The first value again adds nothing.
            Past.candles([Past.candle("BTCUSDT", 1, close: 101)], learnt: 3),
        ]
        let warehouse = try Past.loaded(files)
        #expect(try closes(warehouse) == [101, 5])
        #expect(try count(warehouse, "candle") == 3)
        let learnt = try text(
            warehouse,
            """
            SELECT dataset, symbol, (time_ms - \(Samples.hour(1).startMilliseconds)), field, first_value, later_value,
                (later_learnt_ms - first_learnt_ms) / 60000
            FROM restatements ORDER BY field
            """)
        // 101 has a high of 101 and a low of 100; 90 a high of 100 and a low of 90.
        #expect(
            learnt == [
                "candles BTCUSDT 0 close 101.0 90.0 1", "candles BTCUSDT 0 high 101.0 100.0 1",
                "candles BTCUSDT 0 low 100.0 90.0 1",
            ])
        #expect(try text(warehouse, "SELECT close FROM candles ORDER BY hour") == ["101.0", "5.0"])
        let known = try text(warehouse, "SELECT (as_known_ms - \(Past.hour.startMilliseconds)) / 60000 FROM candles ORDER BY hour")
        #expect(known == ["1", "2"])
    }

    @Test("any order of loading gives the same rows", arguments: 0..<6)
    func anyOrder(seed: Int) throws {
        let files = [
            Past.candles([Past.candle("BTCUSDT", 1, close: 101), Past.candle("BTCUSDT", 2, close: 1)], learnt: 1),
            Past.candles([Past.candle("BTCUSDT", 1, close: 90), Past.candle("ETHUSDT", 2, close: 5)], learnt: 2),
            Past.candles([Past.candle("BTCUSDT", 1, close: 101), Past.candle("BTCUSDT", 2, close: 2)], learnt: 3),
            // One file tells two values of one hour, and keeps their order.
            Past.candles([Past.candle("BTCUSDT", 1, close: 77), Past.candle("BTCUSDT", 1, close: 66)], learnt: 4),
            Past.funding([0, 8, 16].map { Past.settlement($0) }, learnt: 1),
            Past.funding([16, 24, 25, 26].map { Past.settlement($0) }, learnt: 2),
            Past.staged(.liquidations, learnt: 1) {
                $0.liquidations = [
                    Samples.liquidation("BTCUSDT", at: Samples.hour(1).startTime),
                    Samples.liquidation("BTCUSDT", at: Samples.hour(1).startTime),
                ]
            },
            Past.staged(.liquidations, learnt: 2) {
                $0.liquidations = [Samples.liquidation("BTCUSDT", at: Samples.hour(1).startTime)]
                $0.historySpans = [HistorySpan(symbol: "", from: Samples.hour(0).startTime, to: Samples.hour(2).startTime)]
            },
        ]
        let expected = try Past.loaded(files)
        #expect(try closes(expected) == [101, 1])
        #expect(try count(expected, "history_liquidation") == 2)
        var generator = SplitMix64(seed: UInt64(seed))
        let shuffled = try Past.loaded(files.shuffled(using: &generator))
        #expect(try Integrity(shuffled).digests() == Integrity(expected).digests())
        let (found, wanted) = (try LoadTests.contents(shuffled), try LoadTests.contents(expected))
        for table in StoredTable.derived.map(\.name) { #expect(found[table] == wanted[table], "\(table)") }
    }

    @Test("a removed file leaves nothing, and those that state the same are incomplete until they are loaded again")
    func removed() throws {
        let files = [
            Past.candles([Past.candle("BTCUSDT", 1, close: 101), Past.candle("ETHUSDT", 1, close: 3)], learnt: 1),
            Past.candles([Past.candle("BTCUSDT", 1, close: 101), Past.candle("BTCUSDT", 2, close: 5)], learnt: 2),
            Past.candles([Past.candle("BTCUSDT", 1, close: 90)], learnt: 3),
        ]
        let warehouse = try Past.loaded(files)
        try warehouse.remove(Past.key(files[0]))
        // The later value is all that is known of the hour, until the file between is loaded again.
        #expect(try closes(warehouse) == [90, 5])
        #expect(try HistoryReader(warehouse).files().map(\.isIncomplete) == [true, true])
        for file in files[1...] { #expect(try Past.load(file, into: warehouse) == .loaded) }
        #expect(try closes(warehouse) == [101, 5])
        #expect(try HistoryReader(warehouse).files().allSatisfy { !$0.isIncomplete })
        let expected = try Past.loaded(Array(files[1...]))
        try warehouse.seal()
        #expect(try Integrity(warehouse).digests() == Integrity(expected).digests())
        for file in files[1...] { try warehouse.remove(Past.key(file)) }
        #expect(try count(warehouse, "candle") == 0 && count(warehouse, "history_contract") == 0)
        // A file that is not loaded is removed already.
        try warehouse.remove(Past.key(files[0]))
    }

    @Test("simulated and real do not meet, whichever came first")
    func otherOrigin() throws {
        let simulated = Past.staged(.candles, learnt: 2, isSimulated: true) { $0.candles = [Past.candle("BTCUSDT", 1, close: 1)] }
        let live = Samples.staged(.bybit, Samples.hour(0))
        let warehouse = try LoadTests.loaded([live])
        #expect(throws: WarehouseError.otherOrigin(exchange: .bybit, hour: Past.hour, file: .simulated)) {
            try Past.load(simulated, into: warehouse)
        }
        #expect(try count(warehouse, "history_file") == 0)
        let other = try Past.loaded([simulated])
        #expect(throws: WarehouseError.otherOrigin(exchange: .bybit, hour: live.hour, file: .real)) {
            try other.load(live, from: Samples.file(live))
        }
    }

    @Test("a value that a table refuses leaves the file out, whole")
    func refused() throws {
        let warehouse = try Warehouse()
        var file = Past.candles([Past.candle("BTCUSDT", 1, close: 1)])
        file.candles[0].open = .nan
        #expect(throws: WarehouseError.self) { try Past.load(file, into: warehouse) }
        #expect(try count(warehouse, "history_file") == 0)
        #expect(try Past.load(Past.candles([Past.candle("BTCUSDT", 1, close: 1)]), into: warehouse) == .loaded)
    }

    @Test("spans of a contract and of all are merged where they touch")
    func spans() throws {
        func span(_ symbol: String, _ from: Int, _ to: Int) -> HistorySpan {
            HistorySpan(symbol: symbol, from: Samples.hour(from).startTime, to: Samples.hour(to).startTime)
        }
        let warehouse = try Past.loaded([
            Past.staged(.candles, learnt: 1) { $0.historySpans = [span("A", 0, 4), span("A", 6, 8), span("B", 0, 1)] },
            Past.staged(.candles, learnt: 2) { $0.historySpans = [span("A", 3, 5), span("", 8, 9)] },
            Past.staged(.funding, learnt: 2) { $0.historySpans = [span("A", 0, 99)] },
        ])
        let reader = HistoryReader(warehouse)
        func hours(_ spans: [Range<Timestamp>]) -> [String] {
            spans.map {
                "\(Hour(containing: $0.lowerBound).start / 3600 - Samples.start.start / 3600)-"
                    + "\(Hour(containing: $0.upperBound).start / 3600 - Samples.start.start / 3600)"
            }
        }
        #expect(hours(try reader.spans(.bybit, .candles, of: "A")) == ["0-5", "6-9"])
        #expect(hours(try reader.spans(.bybit, .candles, of: "C")) == ["8-9"])
        #expect(try reader.spans(.bybit, .candles).mapValues(hours) == ["A": ["0-5", "6-8"], "B": ["0-1"], "": ["8-9"]])
        #expect(try reader.spans(.okx, .candles, of: "A").isEmpty)
        let seen = try text(
            warehouse, "SELECT symbol, hours FROM history_spans WHERE dataset = 'candles' ORDER BY symbol, from_ms")
        #expect(seen == [" 1.0", "A 5.0", "A 2.0", "B 1.0"])
    }

    @Test("what is stored of files is the files: a rebuild without raw loses nothing")
    func carriedOver() throws {
        let files = [
            Past.candles([Past.candle("BTCUSDT", 1, close: 101), Past.candle("BTCUSDT", 2, close: 1)], learnt: 1),
            Past.staged(.candles, learnt: 2) {
                $0.candles = [Past.candle("BTCUSDT", 1, close: 90), Past.candle("BTCUSDT", 2, close: 1)]
                $0.historySpans = [HistorySpan(symbol: "X", from: Samples.hour(0).startTime, to: Samples.hour(2).startTime)]
                $0.rejections = [Rejection(endpoint: "candles", row: 1, symbol: "X", field: "v", reason: "is no number")]
            },
            Past.staged(.liquidations, learnt: 2) {
                $0.liquidations = [Samples.liquidation("BTCUSDT", at: Samples.hour(1).startTime)]
            },
            Past.funding([0, 8, 16].map { Past.settlement($0) }),
        ]
        let warehouse = try Past.loaded(files)
        let again = try Warehouse()
        for file in files.reversed() { try again.carryOver(Past.key(file), from: warehouse) }
        try again.seal(using: Samples.summarize)
        let tables = try zip(Integrity(warehouse).digests(), Integrity(again).digests()).filter { $0 != $1 }
        #expect(tables.map(\.0.table) == [])
        #expect(try count(again, "candle") == 3)
    }

    @Test("no sealed row changes by loading the past, whatever the order")
    func sealedRowsStay() throws {
        let live = LoadTests.files()
        let expected = try LoadTests.contents(try LoadTests.loaded(live))
        let past = [
            Past.candles((0..<12).map { Past.candle("BTCUSDT", $0, close: 7) }, learnt: 1),
            Past.funding((0..<4).map { Past.settlement($0 * 4, rate: 0.7) }, learnt: 1),
            Past.staged(.liquidations, learnt: 3, .okx) {
                $0.liquidations = [Samples.liquidation("BTCUSDT", at: Samples.hour(3).startTime, value: 9e9)]
            },
        ]
        let after = try LoadTests.loaded(live)
        for file in past { try Past.load(file, into: after) }
        #expect(try after.dirtyHours().isEmpty)
        try after.seal(using: Samples.summarize)
        let before = try Warehouse()
        for file in past { try Past.load(file, into: before) }
        for file in live { _ = try before.load(file, from: Samples.file(file)) }
        try before.seal(using: Samples.summarize)
        let ofHistory = Set(StoredTable.derived.map(\.name).filter { $0.hasPrefix("history_") || $0.hasPrefix("funding_interval") })
            .union(["candle", "open_interest", "reconstructed_hour", "reconstruction_due"])
        for warehouse in [after, before] {
            let found = try LoadTests.contents(warehouse)
            for table in StoredTable.derived.map(\.name) where !ofHistory.contains(table) {
                #expect(found[table] == expected[table], "\(table)")
            }
        }
        #expect(try Integrity(before).digests() == Integrity(after).digests())
    }

    @Test("retention of hours leaves the past alone")
    func retained() throws {
        let warehouse = try LoadTests.loaded(LoadTests.files())
        try Past.load(Past.candles([Past.candle("BTCUSDT", 1, close: 1)]), into: warehouse)
        _ = try Retention(warehouse).removeHours(before: Samples.hour(6))
        #expect(try closes(warehouse) == [1])
        #expect(try count(warehouse, "history_file") == 1)
    }
}

@Suite("Versions of a fact")
struct HistoryVersionTests {
    private func rank(_ file: Int64) -> HistoryRank {
        HistoryRank(learnt: Timestamp(milliseconds: file), stamp: "s", dataset: .candles)
    }

    private func version(_ file: Int64, _ close: Double) -> HistoryVersion<Candle> {
        HistoryVersion(file: file, record: HistorySamples.candle("BTCUSDT", 1, close: close))
    }

    @Test("an equal value of a later file adds nothing; of an earlier one it takes the place")
    func equal() {
        let stored = [version(5, 1), version(7, 2)]
        #expect(HistoryVersion.adding(version(6, 1), to: stored, rank: rank) == nil)
        #expect(HistoryVersion.adding(version(5, 1), to: stored, rank: rank) == nil)
        #expect(HistoryVersion.adding(version(3, 2), to: stored, rank: rank) == [version(3, 2), version(5, 1)])
    }

    @Test("another value stands where its file was learnt")
    func other() {
        let stored = [version(5, 1), version(7, 2)]
        #expect(HistoryVersion.adding(version(6, 3), to: stored, rank: rank) == [version(5, 1), version(6, 3), version(7, 2)])
        #expect(HistoryVersion.adding(version(7, 3), to: stored, rank: rank) == stored + [version(7, 3)])
    }

    @Test("of files that were learnt at once the name decides")
    func ties() {
        let early = HistoryRank(learnt: Timestamp(milliseconds: 1), stamp: "a", dataset: .candles)
        let late = HistoryRank(learnt: Timestamp(milliseconds: 1), stamp: "b", dataset: .liquidations)
        #expect(early < late)
    }
}

@Suite("Funding of the past")
struct FundingHistoryTests {
    private typealias Past = HistorySamples

    private func intervals(_ warehouse: Warehouse) throws -> [String] {
        try warehouse.fundingIntervals(.bybit)["BTCUSDT", default: []].map { interval in
            func number(_ time: Timestamp) -> Int64 { (time.milliseconds - Past.hour.startMilliseconds) / Hour.milliseconds }
            return "\(number(interval.from))-\(interval.until.map { "\(number($0))" } ?? "…"):\(Int(interval.hours)) \(interval.evidence)"
        }
    }

    /// A live file that states settlements and, unless it is empty, a list of instruments.
    private func live(_ hour: Int, _ settlements: [Int], stated: Double? = nil, listed: Double? = nil) -> StagedHour {
        var staged = Samples.staged(.bybit, Samples.hour(hour))
        staged.instruments = listed.map { [Samples.instrument("BTCUSDT", interval: $0)] } ?? []
        staged.tickers = listed == nil ? [] : [Samples.ticker("BTCUSDT", price: 1, hour: staged.hour)]
        staged.fundingSettlements = settlements.map { Past.settlement($0, stated: stated) }
        return staged
    }

    @Test("live wins, and the feed says which one it is")
    func liveWins() throws {
        let file = live(9, [8])
        let warehouse = try LoadTests.loaded([file])
        try Past.load(Past.funding([0, 8, 16].map { Past.settlement($0, rate: 0.5) }, learnt: 30), into: warehouse)
        try warehouse.seal(using: Samples.summarize)
        let rows = try warehouse.read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT (settled_at_ms / 1000 - \(Past.hour.start)) / 3600 AS at, funding_rate, feed,
                        funding_interval_hours, interval_stated, as_known_ms
                    FROM funding_history WHERE symbol = 'BTCUSDT' ORDER BY settled_at_ms
                    """)
        }
        #expect(rows.map { $0["at"] as Int } == [0, 8, 16])
        #expect(rows.map { $0["feed"] as String } == ["history", "live", "history"])
        #expect(rows.map { $0["funding_rate"] as Double } == [0.5, 0.0001, 0.5])
        // The period before the first settlement is unknown.
        #expect(rows.map { $0["funding_interval_hours"] as Double? } == [nil, 8, 8])
        #expect(rows.map { $0["interval_stated"] as Int } == [0, 0, 0])
        let learnt = Past.hour.startMilliseconds + 30 * 60_000
        #expect(rows.map { $0["as_known_ms"] as Int64 } == [learnt, Samples.hour(9).startMilliseconds, learnt])
    }

    @Test("8 h to 1 h is a change of interval; a hole is none")
    func change() throws {
        let warehouse = try Past.loaded([Past.funding([0, 8, 16, 40, 48, 49, 50].map { Past.settlement($0) })])
        #expect(try intervals(warehouse) == ["0-48:8 settlements", "48-…:1 settlements"])
        let previous = try warehouse.read {
            try Double?.fetchAll($0, sql: "SELECT previous_hours FROM funding_intervals ORDER BY from_ms")
        }
        #expect(previous == [nil, 8])
    }

    @Test("live files alone show it as well, whatever the order, and one that is replaced or removed shows nothing")
    func fromLive() throws {
        let files = [live(1, [0]), live(9, [8]), live(17, [16]), live(25, [24]), live(26, [25]), live(27, [26])]
        let warehouse = try Warehouse()
        var found: [[String]] = []
        for file in files {
            _ = try warehouse.load(file, from: Samples.file(file))
            try warehouse.seal(using: Samples.summarize)
            found.append(try intervals(warehouse))
        }
        #expect(
            found == [
                [], [], ["0-…:8 settlements"], ["0-…:8 settlements"], ["0-…:8 settlements"],
                ["0-24:8 settlements", "24-…:1 settlements"],
            ])
        #expect(try intervals(try LoadTests.loaded(files.reversed())) == found[5])
        try warehouse.remove(.bybit, Samples.hour(27))
        try warehouse.seal(using: Samples.summarize)
        #expect(try intervals(warehouse) == found[4])
        let other = live(25, [24], stated: 24)
        _ = try warehouse.load(other, from: Samples.file(other))
        try warehouse.seal(using: Samples.summarize)
        #expect(try intervals(warehouse) == ["0-…:8 settlements"])
    }

    @Test("a settlement that goes on as before is found without a look at those before it")
    func nothingDue() throws {
        let warehouse = try LoadTests.loaded([live(1, [0]), live(9, [8]), live(17, [16])])
        for file in [live(25, [24]), live(26, [24])] { _ = try warehouse.load(file, from: Samples.file(file)) }
        #expect(try warehouse.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM funding_interval_due") } == 0)
        let unusual = live(27, [26])
        _ = try warehouse.load(unusual, from: Samples.file(unusual))
        #expect(try warehouse.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM funding_interval_due") } == 1)
    }

    @Test("the list of instruments says it where there are no settlements")
    func fromInstruments() throws {
        let warehouse = try LoadTests.loaded([
            live(0, [], listed: 8), live(1, [], listed: 8), live(2, [], listed: 4), live(3, [], listed: 4),
        ])
        #expect(try intervals(warehouse) == ["0-2:8 instrument", "2-…:4 instrument"])
    }
}
