import ExchangeAdapters
import ExchangeClient
import Foundation
import PerpCore
import PipelineFiles
import Synchronization
import Testing
import Transport

@testable import ExchangeRuns

@Suite("Files that exchanges publish")
struct ArchiveRunTests {
    /// A server of files, and what it was asked.
    private final class Server: Sendable {
        private let bodies: [String: [UInt8]]
        private let asked = Mutex<[String]>([])

        /// - Parameter bodies: by the end of the address.
        init(_ bodies: [String: [UInt8]]) { self.bodies = bodies }

        var calls: [String] { asked.withLock { $0.sorted() } }

        func send(_ call: Call) -> Reply {
            if call.url.contains("exchangeInfo") {
                let symbol =
                    #"{"symbol":"BTCUSDT","contractType":"PERPETUAL","status":"TRADING","baseAsset":"BTC","quoteAsset":"USDT","#
                    + #""marginAsset":"USDT","onboardDate":1569398400000}"#
                return reply(200, Array(#"{"symbols":[\#(symbol)]}"#.utf8))
            }
            guard call.url.hasPrefix("https://data.binance.vision/") else { return reply(200, Array("[]".utf8)) }
            let name = String(call.url.split(separator: "/").last ?? "")
            asked.withLock { $0.append(name) }
            return bodies[name].map { reply(200, $0) } ?? reply(404, Array("<Error>NoSuchKey</Error>".utf8))
        }

        private func reply(_ status: Int, _ body: [UInt8]) -> Reply {
            Reply(status: status, headers: Headers([]), wireBytes: body.count, body: body)
        }
    }

    private final class Folder: Sendable {
        let path = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path

        deinit { try? FileManager.default.removeItem(atPath: path) }  // a leftover of a test harms nobody
    }

    private struct NoCounter: CallCounter {
        func plan(_ calls: Int) {}
        func advance() {}
    }

    private let now = Hour("2026-11-28T10")!.startTime

    private func run(
        _ server: Server, in folder: Folder, from: String = "2026-11-01T00", to: String = "2026-11-03T00",
        answered: [HistorySpan] = []
    ) async throws -> HistoryReport {
        let adapter = Adapter.adapter(for: .binance)
        let time = Mutex(now)
        let clock = RunClock {
            time.withLock { $0 }
        } wait: { instant in
            time.withLock { $0 = max($0, instant) }
        }
        func client(_ judge: @escaping ExchangeClient.Judge) -> ExchangeClient {
            ExchangeClient(
                exchange: .binance, limits: adapter.limitsWithArchives, refusals: Refusals(), isPaced: true,
                bans: BanList(), clock: clock, random: { 0 }, send: { server.send($0) }, judge: judge)
        }
        let run = ArchiveRun(
            adapter: adapter, hour: Hour(containing: now), baseURL: nil, client: client(judge(adapter)),
            files: client { _ in .response }, paths: ArchivePaths(raw: folder.path), clock: clock,
            budget: CallBudget(nil), yield: {}, progress: { _, _ in NoCounter() })
        let wish = HistoryWish(
            .openInterest, from: Hour(from)!.startTime, to: Hour(to)!.startTime, answered: answered)
        return try await run.run([wish])[0]
    }

    private func day(_ day: Int, hours: Range<Int> = 0..<24) -> [UInt8] {
        Array(
            hours.map { hour in "2026-11-0\(day) \(hour < 10 ? "0" : "")\(hour):00:00,BTCUSDT,\(day),8,1,1,1,1\n" }
                .joined().utf8)
    }

    private func sum(_ bytes: [UInt8]) -> [UInt8] {
        Array("\(bytes.withUnsafeBufferPointer { sha256($0) })  x.zip\n".utf8)
    }

    private func name(_ day: Int) -> String { "BTCUSDT-metrics-2026-11-0\(day).zip" }

    /// What the records of a folder say: archives, and spans by their hours.
    private func records(_ folder: Folder) throws -> (archives: [KeptArchive], spans: [HistorySpan]) {
        var archives: [KeptArchive] = []
        var spans: [HistorySpan] = []
        for file in try ArchivePaths(raw: folder.path).rawHistory() {
            let reader = RawReader()
            try reader.open(ArchivePaths(raw: folder.path).rawFile(file))
            try reader.readLines { line in
                switch line {
                case .response(let response): if let archive = response.archive { archives.append(archive) }
                case .answered(let span): spans.append(span)
                case .message, .event: break
                }
            } refuse: { _, reason, _ in
                Issue.record("\(reason)")
            }
        }
        return (archives, spans)
    }

    private func span(_ from: String, _ to: String) -> HistorySpan {
        HistorySpan(symbol: "BTCUSDT", from: Hour(from)!.startTime, to: Hour(to)!.startTime)
    }

    @Test("files are kept as they came, and one record names them and says for which span they tell whole")
    func kept() async throws {
        let folder = Folder()
        let server = Server([
            name(1): day(1), "\(name(1)).CHECKSUM": sum(day(1)), name(2): day(2), "\(name(2)).CHECKSUM": sum(day(2)),
        ])
        let report = try await run(server, in: folder)
        #expect(report.parts == 1 && report.answered == 1 && report.files.count == 1 && report.reason == nil)
        let (archives, spans) = try records(folder)
        #expect(archives.map(\.path) == [1, 2].map { "open_interest/archive/\(name($0))" })
        #expect(archives.map(\.checksum) == [.matches, .matches] && archives.map(\.wasThere) == [false, false])
        #expect(spans == [span("2026-11-01T00", "2026-11-03T00")])
        let path = "\(folder.path)/history/binance/\(archives[0].path)"
        #expect(try sha256(of: path) == archives[0].sha256 && archives[0].statedSHA256 == archives[0].sha256)
    }

    @Test("what is there is not downloaded again, and makes no second record when it was answered")
    func again() async throws {
        let folder = Folder()
        let files = [name(1): day(1), "\(name(1)).CHECKSUM": sum(day(1))]
        _ = try await run(Server(files), in: folder, to: "2026-11-02T00")
        let second = Server(files)
        // As after a kill: the archive is there, and no record was loaded.
        let report = try await run(second, in: folder, to: "2026-11-02T00")
        #expect(second.calls == ["\(name(1)).CHECKSUM"] && report.answered == 1)
        #expect(try records(folder).archives.map(\.wasThere) == [false, true])
        let third = Server(files)
        let last = try await run(
            third, in: folder, to: "2026-11-02T00", answered: [span("2026-11-01T00", "2026-11-02T00")])
        #expect(third.calls.isEmpty && last.parts == 0 && last.files.count == 0)
    }

    @Test("a file whose checksum is another one is kept apart and told")
    func doubtful() async throws {
        let folder = Folder()
        let server = Server([name(1): day(1), "\(name(1)).CHECKSUM": sum([1])])
        let report = try await run(server, in: folder, to: "2026-11-02T00")
        #expect(report.answered == 0)
        #expect(report.reason == "\(name(1)): has another SHA-256 than the exchange states, and is kept apart")
        let (archives, spans) = try records(folder)
        #expect(archives.map(\.path) == ["open_interest/archive/doubtful/\(name(1))"])
        #expect(archives.map(\.checksum) == [.differs] && spans.isEmpty)
        // Once more: the same file makes no second record.
        #expect(try await run(server, in: folder, to: "2026-11-02T00").files.count == 0)
    }

    @Test("a file that cannot be unpacked is kept apart")
    func unreadable() async throws {
        let folder = Folder()
        let broken: [UInt8] = [0x50, 0x4B, 3, 4, 0, 0]
        let server = Server([name(1): broken, "\(name(1)).CHECKSUM": sum(broken)])
        let report = try await run(server, in: folder, to: "2026-11-02T00")
        #expect(report.answered == 0 && report.reason == "\(name(1)): not a zip archive, or cut short")
        #expect(try records(folder).archives.map(\.checksum) == [.unreadable])
    }

    @Test("a day that lacks hours answers for those that it has; the whole one that replaces it is kept beside it")
    func replaced() async throws {
        let folder = Folder()
        let half = day(1, hours: 0..<12)
        let first = Server([name(1): half, "\(name(1)).CHECKSUM": sum(half)])
        let report = try await run(first, in: folder, to: "2026-11-02T00")
        #expect(report.answered == 0 && report.reason == "\(name(1)): lacks 12 hours")
        let told = [span("2026-11-01T00", "2026-11-01T12")]
        #expect(try records(folder).spans == told)
        // Nothing new: no second record.
        #expect(try await run(first, in: folder, to: "2026-11-02T00", answered: told).files.count == 0)
        let second = Server([name(1): day(1), "\(name(1)).CHECKSUM": sum(day(1))])
        #expect(try await run(second, in: folder, to: "2026-11-02T00", answered: told).answered == 1)
        let (archives, spans) = try records(folder)
        #expect(archives.count == 2 && archives[1].path == "open_interest/archive/\(archives[1].sha256.prefix(8))-\(name(1))")
        #expect(spans.last == span("2026-11-01T00", "2026-11-02T00"))
        #expect(try sha256(of: "\(folder.path)/history/binance/\(archives[0].path)") == archives[0].sha256)
    }

    @Test("a file that is not there leaves its day unanswered")
    func absent() async throws {
        let folder = Folder()
        let server = Server([name(2): day(2), "\(name(2)).CHECKSUM": sum(day(2))])
        let report = try await run(server, in: folder)
        #expect(report.answered == 0 && report.reason == "BTCUSDT: 1 files are not published")
        #expect(try records(folder).spans == [span("2026-11-02T00", "2026-11-03T00")])
        #expect(server.calls == ["\(name(1)).CHECKSUM", name(2), "\(name(2)).CHECKSUM"])
    }
}
