import ExchangeAdapters
import ExchangeClient
import Foundation
import PerpCore
import PipelineFiles
import Synchronization
import Testing
import Transport

@testable import ExchangeRuns

@Suite("One exchange's past")
struct HistoryRunTests {
    private let from = Hour("2026-11-01T00")!  // a literal hour
    private let now = Hour("2026-11-03T12")!.startTime

    @Test("pages go back to the start of the span, and the file says that it was answered whole")
    func pages() async throws {
        let bybit = try Bench(now: now, coins: 1) { call, bench in
            // Two rows an answer: of the hours 0, 1 and 2 the last two come first.
            bench.candles(call.contains("end=\(bench.ms(3) - 1)") ? [2, 1] : [0])
        }
        let reports = try await bybit.ask(from, hours: 3)
        #expect(reports.map(\.answered) == [1])
        #expect(reports.map(\.reason) == [nil])
        // Three lists, then two pages: the second ends before the oldest row of the first.
        #expect(reports.map(\.calls) == [5])
        #expect(bybit.asked.map { $0.contains("end=\(bybit.ms(1) - 1)") } == [false, true])
        let lines = try bybit.lines()
        #expect(
            lines == ["instruments", "instruments_inverse", "instruments_prelaunch"].map { "\($0) -" }
                + ["history_candles C00USDT", "history_candles C00USDT", "answered C00USDT 0..<3"])
    }

    @Test("what came before a failure is kept, without the line that says that it is whole, and other contracts go on")
    func failure() async throws {
        let bybit = try Bench(now: now, coins: 2) { call, bench in
            guard call.contains("symbol=C00USDT") else { return bench.candles([2, 1, 0]) }
            return call.contains("end=\(bench.ms(3) - 1)") ? bench.candles([2, 1]) : nil
        }
        let report = try #require(try await bybit.ask(from, hours: 3).first)
        #expect(report.parts == 2 && report.answered == 1 && report.left == 1 && report.files.count == 1)
        #expect(report.reason == "C00USDT: status 400: no")
        let lines = try bybit.lines().dropFirst(3).sorted()
        #expect(
            lines == [
                "answered C01USDT 0..<3", "history_candles C00USDT", "history_candles C00USDT", "history_candles C01USDT",
            ])
    }

    @Test("an answer of an unknown shape is no end of the pages")
    func unread() async throws {
        let bybit = try Bench(now: now, coins: 1) { _, _ in #"{"retCode":0,"retMsg":"OK","result":{}}"# }
        let report = try #require(try await bybit.ask(from, hours: 3).first)
        #expect(report.answered == 0)
        #expect(report.reason == "C00USDT: an answer could not be read")
        #expect(try bybit.lines().last == "history_candles C00USDT")
    }

    @Test("a file is closed after 25 contracts, and each has the list and a name of its own")
    func files() async throws {
        let bybit = try Bench(now: now, coins: 30) { _, bench in bench.candles([0]) }
        let report = try #require(try await bybit.ask(from, hours: 1).first)
        #expect(report.parts == 30 && report.answered == 30 && report.files.count == 2)
        let files = try bybit.paths.rawHistory()
        #expect(files.map(\.stamp) == ["2026-11-03T120000Z", "2026-11-03T120001Z"])
        let counts = try files.map { file in
            let lines = try bybit.lines(file)
            return [lines.count { $0.hasSuffix(" -") }, lines.count { $0.hasPrefix("answered") }]
        }
        #expect(counts == [[3, 25], [3, 5]])
    }

    @Test("what was answered before is not asked again: without anything to ask for, no file is written")
    func nothing() async throws {
        let bybit = try Bench(now: now, coins: 1) { _, bench in bench.candles([0]) }
        let answered = [HistorySpan(symbol: "C00USDT", from: from.startTime, to: from.advanced(by: 5).startTime)]
        let report = try #require(try await bybit.ask(from, hours: 3, answered: answered).first)
        #expect(report.parts == 0 && report.files.count == 0 && report.reason == nil)
        #expect(bybit.asked.isEmpty)
        #expect(try bybit.paths.rawHistory().isEmpty)
    }

    @Test("after the last call of the budget nothing is asked, and later datasets say so")
    func budget() async throws {
        let bybit = try Bench(now: now, coins: 30) { _, bench in bench.candles([0]) }
        // Three calls are for the list.
        let reports = try await bybit.ask(from, hours: 1, [.candles, .markCandles], budget: CallBudget(10))
        #expect(bybit.asked.count == 7)
        #expect(reports.map(\.answered) == [7, 0])
        #expect(reports.map(\.reason) == ["the calls of this run are spent", "the calls of this run are spent"])
        #expect(try bybit.lines().count { $0.hasPrefix("answered") } == 7)
    }

    @Test("a part that takes more calls than there are is asked when it is the first: a small budget comes on as well")
    func smallBudget() async throws {
        let bybit = try Bench(now: now, coins: 3) { _, bench in bench.candles([0]) }
        // One call is left after the list, and 600 hours are thought to take two.
        let report = try #require(try await bybit.ask(from, hours: 600, budget: CallBudget(4)).first)
        #expect(report.answered == 1)
        #expect(bybit.asked.count == 1)
        #expect(report.reason == "the calls of this run are spent")
    }

    @Test("an end of the run writes what was answered until then")
    func cancelled() async throws {
        let bybit = try Bench(now: now, coins: 30) { _, bench in bench.candles([0]) }
        bybit.endsAfter.withLock { $0 = 10 }
        await #expect(throws: CancellationError.self) { try await bybit.ask(from, hours: 1) }
        let answered = try bybit.lines().count { $0.hasPrefix("answered") }
        #expect(answered == 10)
        #expect(bybit.asked.count == 10)
    }

    @Test("before each call it is asked whether an hourly run is at work")
    func yields() async throws {
        let bybit = try Bench(now: now, coins: 2) { call, bench in
            bench.candles(call.contains("end=\(bench.ms(3) - 1)") ? [2, 1] : [0])
        }
        _ = try await bybit.ask(from, hours: 3)
        // Three lists, and two pages of each contract.
        #expect(bybit.yields.withLock { $0 } == 7)
    }

    @Test("after eight failures in a row the rest of a dataset is left")
    func failures() async throws {
        let bybit = try Bench(now: now, coins: 30) { _, _ in nil }
        let report = try #require(try await bybit.ask(from, hours: 1).first)
        #expect(report.answered == 0 && report.left == 30)
        // Those under way when the eighth failed were asked.
        #expect((8..<12).contains(bybit.asked.count))
    }

    @Test("without a list nothing is asked about contracts, and it is not asked for again by the next dataset")
    func noList() async throws {
        let bybit = try Bench(now: now, coins: 1, isListed: false) { _, bench in bench.candles([0]) }
        let reports = try await bybit.ask(from, hours: 1, [.candles, .markCandles])
        #expect(reports.map(\.reason) == Array(repeating: "no list of instruments came: instruments: status 400: no", count: 2))
        #expect(reports.map(\.calls) == [3, 0])
        #expect(bybit.asked.isEmpty)
        #expect(try bybit.paths.rawHistory().isEmpty)
    }
}

/// Bybit as a function of the call, on a clock on which waiting takes no time, with a raw folder of its own.
private final class Bench: Sendable {
    let paths: ArchivePaths
    let yields = Mutex(0)
    /// The run is ended before the call with this number about a contract.
    let endsAfter = Mutex(Int.max)
    var asked: [String] { calls.withLock { $0 } }

    private let folder: URL
    private let clock: RunClock
    private let coins: Int
    private let isListed: Bool
    private let answer: @Sendable (_ url: String, Bench) -> String?
    private let calls = Mutex<[String]>([])

    /// - Parameters:
    ///   - coins: how many contracts are listed: `C00USDT` and on.
    ///   - answer: the body for a call about a contract; `nil` for a refusal.
    init(
        now: Timestamp, coins: Int, isListed: Bool = true, answer: @escaping @Sendable (String, Bench) -> String?
    ) throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        paths = ArchivePaths(raw: folder.path)
        let time = Mutex(now)
        clock = RunClock {
            time.withLock { $0 }
        } wait: { instant in
            time.withLock { $0 = max($0, instant) }
        }
        self.coins = coins
        self.isListed = isListed
        self.answer = answer
    }

    deinit { try? FileManager.default.removeItem(at: folder) }  // a leftover of a test harms nobody

    func ask(
        _ from: Hour, hours: Int, _ datasets: [HistoryDataset] = [.candles], budget: CallBudget = CallBudget(nil),
        answered: [HistorySpan] = []
    ) async throws -> [HistoryReport] {
        let adapter = Adapter.adapter(for: .bybit)
        let client = ExchangeClient(
            exchange: .bybit, limits: adapter.limits, refusals: adapter.refusals, isPaced: false, bans: BanList(),
            clock: clock, random: { 0 }, send: { try await self.send($0) }, judge: judge(adapter))
        let run = HistoryRun(
            adapter: adapter, hour: Hour(containing: clock.now), baseURL: nil, client: client, paths: paths,
            clock: clock, budget: budget, yield: { self.yields.withLock { $0 += 1 } }, progress: { _, _ in Silence() })
        return try await run.run(
            datasets.map {
                HistoryWish(
                    $0, from: from.startTime, to: from.advanced(by: hours).startTime, answered: answered)
            })
    }

    private func send(_ call: Call) async throws -> Reply {
        if call.url.contains("instruments-info") {
            guard isListed else { return reply(nil) }
            return reply(list(isFull: call.url.contains("category=linear") && !call.url.contains("PreLaunch")))
        }
        let isEnded = calls.withLock { calls in
            if calls.count >= endsAfter.withLock({ $0 }) { return true }
            calls.append(call.url)
            return false
        }
        if isEnded { throw CancellationError() }
        return reply(answer(call.url, self))
    }

    private func reply(_ body: String?) -> Reply {
        let bytes = Array((body ?? "no").utf8)
        return Reply(status: body == nil ? 400 : 200, headers: Headers([]), wireBytes: bytes.count, body: bytes)
    }

    private func list(isFull: Bool) -> String {
        let rows = (0..<(isFull ? coins : 0)).map { number in
            let base = "C\(number < 10 ? "0" : "")\(number)"
            return #"{"symbol":"\#(base)USDT","contractType":"LinearPerpetual","status":"Trading","#
                + #""baseCoin":"\#(base)","quoteCoin":"USDT","settleCoin":"USDT","launchTime":"1","fundingInterval":480,"#
                + #""symbolType":""}"#
        }
        return #"{"retCode":0,"retMsg":"OK","result":{"list":[\#(rows.joined(separator: ","))],"nextPageCursor":""},"#
            + #""time":1}"#
    }

    /// An answer with candles of some hours of the first of November.
    func candles(_ hours: [Int]) -> String {
        let rows = hours.map { #"["\#(ms($0))","1","2","1","2","3","4"]"# }
        return #"{"retCode":0,"retMsg":"OK","result":{"list":[\#(rows.joined(separator: ","))]},"time":1}"#
    }

    /// An hour of the first of November in UTC milliseconds.
    func ms(_ hour: Int) -> Int64 { Hour("2026-11-01T00")!.advanced(by: hour).startMilliseconds }  // a literal hour

    /// The lines of a file, or of the only one: the endpoint with the contract, or what was answered in hours.
    func lines(_ file: HistoryFile? = nil) throws -> [String] {
        let reader = RawReader()
        let named = try file ?? #require(try paths.rawHistory().first)
        try reader.open(paths.rawFile(named))
        var lines: [String] = []
        try reader.readLines { line in
            switch line {
            case .response(let response): lines.append("\(response.endpoint) \(response.symbol ?? "-")")
            case .answered(let span):
                let hours = [span.from, span.to].map { ($0.milliseconds - ms(0)) / Hour.milliseconds }
                lines.append("answered \(span.symbol) \(hours[0])..<\(hours[1])")
            case .message, .event: lines.append("of a stream")
            }
        } refuse: { _, reason, _ in
            lines.append("refused: \(reason)")
        }
        return lines
    }
}

/// A counter that shows nothing.
private struct Silence: CallCounter {
    func plan(_ calls: Int) {}
    func advance() {}
}
