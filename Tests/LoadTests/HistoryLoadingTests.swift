import Foundation
import PerpCore
import PipelineFiles
import Testing
@testable import Warehouse

@testable import load

@Suite("Loading files of the past")
final class HistoryLoadingTests {
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
    private var paths: ArchivePaths { ArchivePaths(raw: "\(folder)/raw", staged: "\(folder)/staged") }
    private let hour = Hour("2026-11-28T17")!  // a valid hour
    private let warehouse: Warehouse

    init() throws { warehouse = try Warehouse() }

    deinit { try? FileManager.default.removeItem(atPath: folder) }  // a leftover of a test harms nobody

    private func file(_ minute: Int64, _ dataset: HistoryDataset = .candles) -> HistoryFile {
        HistoryFile(.okx, dataset, begunAt: hour.startTime.advanced(byMilliseconds: minute * 60_000))
    }

    /// Writes a staged file that was learnt when its name says, with candles of consecutive hours.
    @discardableResult
    private func write(_ minute: Int64, closes: [Double], as name: HistoryFile? = nil) throws -> String {
        let file = file(minute)
        var staged = StagedHour(
            exchange: .okx, hour: hour,
            source: Source(
                rawSHA256: "\(minute)", transformVersion: 1, responses: 1, responsesOK: 1, endpoints: [], liquidations: .none,
                observedFrom: file.begunAt, observedTo: file.begunAt))
        staged.history = .candles
        staged.candles = closes.enumerated().map { number, close in
            Candle(
                symbol: "BTC-USDT-SWAP", asset: "BTC", priceKind: .last, from: hour.advanced(by: number - 9).startTime,
                open: close, high: close, low: close, close: close)
        }
        let path = paths.stagedFile(name ?? file)
        try StagedWriter().write(staged, to: path, synced: false)
        return path
    }

    private func closes() throws -> [Double] {
        try HistoryReader(warehouse).candles(.okx, "BTC-USDT-SWAP", in: Timestamp(milliseconds: 0)..<Timestamp.latest)
            .map(\.close)
    }

    @discardableResult
    private func load(_ exchanges: [Exchange] = Exchange.allCases) throws -> [Loading.Failure] {
        try Loading(warehouse: warehouse, paths: paths).run(Work(files: [], hours: [], past: exchanges))
    }

    @Test("all staged files are loaded, and again only where they changed")
    func all() throws {
        try write(1, closes: [1, 2])
        try write(2, closes: [9, 2, 3])
        #expect(try load([.bybit]).isEmpty)
        #expect(try closes().isEmpty)
        #expect(try load().isEmpty)
        #expect(try closes() == [1, 2, 3])
        let changes = try warehouse.read { $0.totalChangesCount }
        #expect(try load().isEmpty)
        #expect(try warehouse.read { $0.totalChangesCount } == changes)
        try write(2, closes: [9, 2, 4])
        try load()
        #expect(try closes() == [1, 2, 4])
        #expect(try SealedHours(warehouse).span() == nil)
    }

    @Test("a file of which raw and staged are gone is removed, and others that state the same step in")
    func gone() throws {
        let first = try write(1, closes: [1, 2])
        try write(2, closes: [9, 2, 3])
        try load()
        // The raw file alone keeps what is loaded of it: staged files can be made again.
        try FileSystem.write(ByteBuffer(Array("raw".utf8)), to: paths.rawFile(file(1)))
        try FileManager.default.removeItem(atPath: first)
        try load()
        #expect(try closes() == [1, 2, 3])
        try FileManager.default.removeItem(atPath: paths.rawFile(file(1)))
        #expect(try load().isEmpty)
        #expect(try closes() == [9, 2, 3])
        #expect(try HistoryReader(warehouse).files().map(\.isIncomplete) == [false])
    }

    @Test("where no file of the past is left at all, the folder may be another one: nothing is removed")
    func otherFolder() throws {
        let path = try write(1, closes: [1])
        try load()
        try FileManager.default.removeItem(atPath: path)
        #expect(try load().isEmpty)
        #expect(try closes() == [1])
    }

    @Test("a file that is named is loaded, and one whose name says something else is refused")
    func named() throws {
        let path = try write(1, closes: [1])
        let misnamed = try write(1, closes: [1], as: file(2, .funding))
        let failures = try Loading(warehouse: warehouse, paths: paths).run(Work(files: [misnamed, path], hours: nil))
        #expect(failures.map(\.message) == ["\(misnamed): holds okx candles, not what its name says"])
        #expect(failures.map(\.advice) == ["make it again: transform \(paths.rawFile(file(2, .funding)))"])
        #expect(try closes() == [1])
    }
}
