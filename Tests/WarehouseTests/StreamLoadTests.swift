import GRDB
import PerpCore
import Sealing
import Testing

@testable import Warehouse

@Suite("Streams in the warehouse")
struct StreamLoadTests {
    private static let hour = Samples.hour(2)

    /// A file of a stream whose hour closes before the hour 3.
    private static func stream(
        _ events: [Liquidation], _ exchange: Exchange = .bybit, hour: Hour = hour, covered: Int64 = 3_600_000,
        _ coverage: LiquidationCoverage = .complete
    ) -> StagedHour {
        let source = Source(
            rawSHA256: "raw-stream-\(hour)-\(events.count)-\(covered)", transformVersion: 3, responses: 9, responsesOK: 9,
            endpoints: [], liquidations: coverage, observedFrom: hour.startTime, observedTo: hour.startTime)
        var staged = StagedHour(exchange: exchange, hour: hour, source: source)
        let end = hour.next.startTime
        let gaps: [StreamRecord.Gap] =
            covered == 3_600_000
            ? [] : [.init(from: end.advanced(byMilliseconds: covered - 3_600_000), to: end, reason: "silent for 30 s")]
        staged.stream = StreamRecord(
            priceKind: .bankruptcy, coveredMilliseconds: covered, gaps: gaps, messages: 5, duplicates: 1)
        staged.liquidations = events
        return staged
    }

    private static func event(_ minute: Int64, value: Double, hour: Hour = hour) -> Liquidation {
        Samples.liquidation("BTCUSDT", at: hour.startTime.advanced(byMilliseconds: minute * 60_000), value: value)
    }

    /// REST's file of the hour after, which states events of the same closed hour.
    private static func rest(_ exchange: Exchange, _ values: [Double], _ coverage: LiquidationCoverage) -> StagedHour {
        var staged = Samples.staged(
            exchange, hour.next, liquidations: values.enumerated().map { event(Int64($0) + 20, value: $1) })
        staged.source.liquidations = coverage
        return staged
    }

    private static func window(_ files: [StagedHour], of exchange: Exchange) throws -> LiquidationWindow {
        let warehouse = try LoadTests.loaded(files)
        let facts = try LoadedFacts(warehouse).exchangeFacts(at: hour.next)
        return try #require(facts.first { $0.exchange == exchange }).liquidations
    }

    @Test("an exchange that speaks on its stream only is known by it")
    func streamOnly() throws {
        let window = try Self.window(
            [Self.rest(.bybit, [], .none), Self.stream([Self.event(1, value: 70), Self.event(2, value: 30)])], of: .bybit)
        #expect(window == LiquidationWindow(coverageClass: .complete, longUSD: 100, count: 2))
    }

    @Test(
        "of REST and stream one counts: what is complete, REST first, else the larger lower bound",
        arguments: [
            (LiquidationCoverage.complete, LiquidationCoverage.complete, 40.0), (.complete, .sampled, 40),
            (.sampled, .complete, 100), (.sampled, .sampled, 100), (.none, .sampled, 100), (.aggregate, .sampled, 40),
            (.sampled, .none, 40),
        ])
    func oneCounts(rest: LiquidationCoverage, stream: LiquidationCoverage, usd: Double) throws {
        let window = try Self.window(
            [Self.rest(.gate, [40], rest), Self.stream([Self.event(1, value: 100)], .gate, stream)], of: .gate)
        #expect(window.longUSD == usd)
        #expect(window.coverageClass == (usd == 40 ? rest : stream))
    }

    @Test("the larger lower bound is REST's where it has more")
    func larger() throws {
        let window = try Self.window(
            [Self.rest(.okx, [90, 60], .sampled), Self.stream([Self.event(1, value: 100)], .okx, .sampled)], of: .okx)
        #expect(window == LiquidationWindow(coverageClass: .sampled, longUSD: 150, count: 2))
    }

    @Test("both feeds of a closed hour are read with what was heard, and sides are counted of the one that counts")
    func feeds() throws {
        let files = [
            Self.rest(.okx, [90, 60], .sampled), Self.rest(.gate, [40], .complete), Self.rest(.bybit, [], .none),
            Self.stream([Self.event(1, value: 100), Self.event(2, value: 80), Self.event(3, value: 7)], .okx, .sampled),
            Self.stream([Self.event(1, value: 50)], .gate, covered: 1_800_000, .sampled),
        ]
        let facts = LoadedFacts(try LoadTests.loaded(files))
        let feeds = try facts.liquidationFeeds(hours: 2, before: Self.hour.next)
        let okx = try #require(feeds[.okx]?[Self.hour.next])
        #expect(okx.counted == .stream && okx.window?.longUSD == 187 && okx.notCounted?.longUSD == 150)
        #expect(okx.heardMilliseconds == 3_600_000)
        let gate = try #require(feeds[.gate]?[Self.hour.next])
        #expect(gate.counted == .live && gate.window?.longUSD == 40 && gate.notCounted?.longUSD == 50)
        #expect(gate.heardMilliseconds == 1_800_000)
        #expect(gate.stream?.heardShare == 0.5 && gate.window?.heardShare == 1 && okx.window?.heardShare == 1)
        let bybit = try #require(feeds[.bybit]?[Self.hour.next])
        #expect(bybit.counted == nil && bybit.heardMilliseconds == nil)
        // The hour before has no file of a stream.
        #expect(feeds[.okx]?.count == 1)
        let counts = try facts.liquidationCounts(hours: 2, before: Self.hour.next, feeds: feeds)
        #expect(counts[.okx] == [Self.hour.next: LiquidationSideCounts(long: 3, short: 0)])
        #expect(counts[.gate] == [Self.hour.next: LiquidationSideCounts(long: 1, short: 0)])
    }

    @Test("hours without a file of a stream, parts that were not heard, and what was")
    func missing() throws {
        // Hour 2 has Bybit's file only; hour 3 none; hour 4 is the last and may not be over.
        let files =
            [2, 3, 4].flatMap { number in [Exchange.okx, .bybit].map { Samples.staged($0, Samples.hour(number)) } }
            + [Self.stream([], covered: 3_000_000, .sampled)]
        let ledger = CoverageLedger(try LoadTests.loaded(files))
        let span = Samples.hour(1)...Samples.hour(4)
        let unrecorded = try ledger.unrecordedHours(in: span)
        #expect(unrecorded.map(\.exchange) == [.okx, .okx, .bybit])
        #expect(unrecorded.map(\.hour) == [2, 3, 3].map(Samples.hour))
        #expect(unrecorded.map(\.cause) == ["no_stream", "no_recorder", "no_recorder"])
        let unheard = try ledger.unheardStreams(in: span)
        #expect(unheard.map(\.exchange) == [.bybit] && unheard[0].gap.reason == "silent for 30 s")
        #expect(unheard[0].gap.to == Samples.hour(3).startTime)
        #expect(unheard[0].gap.from == Samples.hour(3).startTime.advanced(byMilliseconds: -600_000))
        let heard = try ledger.heardStreams(in: span)
        #expect(heard.map(\.recordedHours) == [1] && heard.map(\.heardMilliseconds) == [3_000_000])
    }

    @Test("an event that the files of two hours state, as those about the full hour, counts once")
    func aboutTheHour() throws {
        let late = Self.event(59, value: 10)
        let files = [
            Self.rest(.bybit, [], .none), Self.stream([Self.event(1, value: 1), late]),
            Self.stream([late, Self.event(61, value: 5)], hour: Self.hour.next),
        ]
        #expect(try Self.window(files, of: .bybit).longUSD == 11)
        let warehouse = try LoadTests.loaded(files)
        #expect(try warehouse.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM stream_liquidations") } == 3)
    }

    @Test("a stream that comes after its hour was sealed makes it be sealed again, and is replaced by another file")
    func late() throws {
        let warehouse = try LoadTests.loaded([Self.rest(.bybit, [], .none)])
        #expect(try warehouse.dirtyHours().isEmpty)
        let first = Self.stream([Self.event(1, value: 70)])
        #expect(try warehouse.load(first, from: Samples.file(first)) == .loaded)
        #expect(try warehouse.dirtyHours() == [Self.hour.next])
        try warehouse.seal(using: Samples.summarize)
        #expect(try warehouse.load(first, from: Samples.file(first)) == .unchanged)
        #expect(try warehouse.dirtyHours().isEmpty)
        let second = Self.stream([Self.event(2, value: 5)], covered: 3_590_000, .sampled)
        #expect(try warehouse.load(second, from: Samples.file(second)) == .loaded)
        let facts = try LoadedFacts(warehouse).exchangeFacts(at: Self.hour.next)
        #expect(facts.first { $0.exchange == .bybit }?.liquidations.longUSD == 5)
        let row = try #require(
            try warehouse.read { try Row.fetchOne($0, sql: "SELECT * FROM stream_hours") })
        #expect(row["covered_percent"] as Double == 3_590_000 / 36_000.0 && row["gaps"] as Int == 1)
        #expect(row["first_gap"] as String == "silent for 30 s" && row["price_kind"] as String == "bankruptcy")
    }

    @Test("retention keeps the stream that the first kept hour counts")
    func retained() throws {
        let warehouse = try LoadTests.loaded([
            Samples.staged(.bybit, Self.hour), Self.rest(.bybit, [], .none), Self.stream([Self.event(1, value: 70)]),
            Self.stream([Self.event(-30, value: 1)], hour: Self.hour.previous),
        ])
        #expect(try Retention(warehouse).removeHours(before: Self.hour.next).hours == 1)
        let hours = try warehouse.read { try Int64.fetchAll($0, sql: "SELECT hour FROM stream_hour") }
        #expect(hours == [Self.hour.start])
        let facts = try LoadedFacts(warehouse).exchangeFacts(at: Self.hour.next)
        #expect(facts.first { $0.exchange == .bybit }?.liquidations.longUSD == 70)
    }

    @Test("a stream alone makes no hour")
    func alone() throws {
        let warehouse = try Warehouse()
        let file = Self.stream([Self.event(1, value: 70)])
        #expect(try warehouse.load(file, from: Samples.file(file)) == .loaded)
        #expect(try warehouse.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM hour") } == 0)
    }

    @Test("what is stored of a file is the file: a rebuild without raw loses nothing")
    func carriedOver() throws {
        var file = Self.stream([Self.event(1, value: 70), Self.event(1, value: 70), Self.event(2, value: 1)], covered: 3_000_000)
        file.rejections = [Rejection(endpoint: "liquidation_stream", row: 1, symbol: "X", field: "v", reason: "is no number")]
        let warehouse = try LoadTests.loaded([Self.rest(.bybit, [], .none), file])
        let stored = try #require(try LoadedFacts(warehouse).stagedHour(.bybit, Self.hour, .stream))
        #expect(stored.staged.stream == file.stream && stored.staged.rejections == file.rejections)
        #expect(stored.staged.liquidations == file.liquidations)
        let again = try LoadTests.loaded([Self.rest(.bybit, [], .none)])
        _ = try again.load(stored.staged, from: stored.file)
        try again.seal(using: Samples.summarize)
        let tables = try zip(Integrity(warehouse).digests(), Integrity(again).digests()).filter { $0 != $1 }
        #expect(tables.map(\.0.table) == [])
    }
}
