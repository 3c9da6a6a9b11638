import CommandSupport
import Foundation
import Gzip
import PerpCore
import PipelineFiles
import Testing
@testable import Warehouse

@testable import load

@Suite("Loading files")
struct LoadingTests {
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
    private var paths: ArchivePaths { ArchivePaths(raw: "\(folder)/raw", staged: "\(folder)/staged") }
    private let hour = Hour("2025-10-23T15")!  // a valid hour

    private func staged(_ exchange: Exchange, price: Double = 100) -> StagedHour {
        var staged = StagedHour(
            exchange: exchange, hour: hour,
            source: Source(
                rawSHA256: "\(price)", transformVersion: 1, responses: 1, responsesOK: 1,
                endpoints: [("tickers", .init(ok: 1, rows: 1))], liquidations: .none, observedFrom: hour.startTime,
                observedTo: hour.startTime))
        var ticker = Ticker(
            symbol: "BTCUSDT", asset: "BTC", kind: .linear, contract: .perpetual, quote: "USDT",
            observedAt: hour.startTime)
        ticker.markPrice = price
        staged.tickers = [ticker]
        return staged
    }

    private func write(_ staged: StagedHour) throws -> String {
        let path = paths.stagedFile(staged.exchange, staged.hour)
        try StagedWriter().write(staged, to: path, synced: false)
        return path
    }

    private func tickers(_ warehouse: Warehouse) throws -> [Exchange: Double] {
        let prices = try LoadedFacts(warehouse).exchangeFacts(at: hour).compactMap { facts in
            facts.tickers.first?.markPrice.map { (facts.exchange, $0) }
        }
        return Dictionary(uniqueKeysWithValues: prices)
    }

    private func cleanUp() {
        try? FileManager.default.removeItem(atPath: folder)  // the system clears it otherwise
    }

    @Test("a file that is no gzip, or is another hour's, is named, and the others are loaded")
    func badFiles() throws {
        defer { cleanUp() }
        let good = try write(staged(.gate))
        let damaged = paths.stagedFile(.okx, hour)
        try "not gzip at all, but long enough".write(toFile: damaged, atomically: true, encoding: .utf8)
        let misnamed = paths.stagedFile(.bybit, hour.next)
        try StagedWriter().write(staged(.bybit), to: misnamed, synced: false)
        let missing = paths.stagedFile(.dydx, hour)
        let warehouse = try Warehouse()
        let failures = try Loading(warehouse: warehouse, paths: paths).run(
            Work(files: [damaged, misnamed, missing, good], hours: nil))
        #expect(
            failures.map(\.message) == [
                "\(damaged): not gzip data",
                "\(misnamed): holds bybit 2025-10-23T15, not what its name says",
                "\(missing): cannot open: No such file or directory",
            ])
        #expect(failures.map(\.status) == [.data, .data, .io])
        #expect(try tickers(warehouse) == [.gate: 100])
        #expect(try warehouse.dirtyHours().isEmpty)
    }

    @Test("a broken line is named by its number and field")
    func brokenLine() throws {
        defer { cleanUp() }
        let path = try write(staged(.gate))
        let (stored, text, file) = (ByteBuffer(), ByteBuffer(), ByteBuffer())
        try FileSystem.read(path, into: stored)
        try stored.withBytes { try Inflater().inflate($0, into: text) }
        let broken = ByteBuffer(Array(text.text.replacingOccurrences(of: "linear", with: "bent").utf8))
        broken.withBytes { Deflater(for: .speed).deflate($0, into: file) }
        try file.withBytes { try FileSystem.write($0, to: path) }
        let warehouse = try Warehouse()
        let failures = try Loading(warehouse: warehouse, paths: paths).run(Work(files: [path], hours: nil))
        #expect(failures.map(\.message) == ["\(path): line 2: field 'kind' is not a known value: 'bent'"])
        #expect(failures.map(\.status) == [.data])
        #expect(try tickers(warehouse).isEmpty)
    }

    @Test("the ledger decides by hash: an equal file is skipped, a changed one replaces")
    func hashes() throws {
        defer { cleanUp() }
        let path = try write(staged(.gate))
        let warehouse = try Warehouse()
        let loading = Loading(warehouse: warehouse, paths: paths)
        _ = try loading.run(Work(files: [path], hours: nil))
        _ = try write(staged(.gate))
        _ = try loading.run(Work(files: [path], hours: nil))
        #expect(try tickers(warehouse) == [.gate: 100])
        _ = try write(staged(.gate, price: 200))
        _ = try loading.run(Work(files: [path], hours: nil))
        #expect(try tickers(warehouse) == [.gate: 200])
    }

    @Test("of two files of one exchange and hour the last one counts, also where it was loaded before")
    func twoFilesOfAnHour() throws {
        defer { cleanUp() }
        let first = try write(staged(.gate, price: 1))
        let warehouse = try Warehouse()
        func load(_ files: [String]) throws {
            let failures = try Loading(warehouse: warehouse, paths: paths).run(Work(files: files, hours: nil))
            #expect(failures.isEmpty)
        }
        try load([first])
        let other = ArchivePaths(raw: "\(folder)/raw", staged: "\(folder)/other").stagedFile(.gate, hour)
        let unnamed = "\(folder)/fixed.ndjson.gz"
        for path in [other, unnamed] {
            try StagedWriter().write(staged(.gate, price: 2), to: path, synced: false)
            try load([path])
            #expect(try tickers(warehouse) == [.gate: 2])
            try load([first])
            try load([path, first])
            #expect(try tickers(warehouse) == [.gate: 1])
            try load([first, first, path, first, path])
            #expect(try tickers(warehouse) == [.gate: 2])
            try load([first])
        }
    }

    @Test("run files of the hours are taken in, also of hours without any file")
    func runFiles() throws {
        defer { cleanUp() }
        let report = RunReport(
            hour: hour, startedAt: hour.startTime, finishedAt: hour.startTime, enabled: [.okx],
            exchanges: [.init(exchange: .okx, outcome: .failed, cause: .down, reason: "timed out")], version: "1")
        try RunFile.write(report, in: paths)
        let warehouse = try Warehouse()
        let failures = try Loading(warehouse: warehouse, paths: paths).run(Work(files: [], hours: [hour]))
        #expect(failures.isEmpty)
        let facts = try #require(try LoadedFacts(warehouse).exchangeFacts(at: hour).first)
        #expect(facts.status == .failed)
        #expect(facts.reason == "timed out")
        #expect(try SealedHours(warehouse).summaries(from: hour, through: hour).first?.markets.map(\.status) == [.insufficient, .insufficient])
    }
}
