import CommandSupport
import ExchangeAdapters
import Foundation
import PerpCore
import PipelineFiles
import Testing
import Warehouse

@testable import retain

/// Two hours of one exchange, of which the retention of ten days takes the first.
@Suite("Removing old hours")
final class RemovalTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "perps-\(UUID().uuidString)").path
    private let old = Hour("2025-10-23T15")!  // a valid hour
    private var young: Hour { old.next }
    private var paths: ArchivePaths { ArchivePaths(raw: "\(folder)/raw", staged: "\(folder)/staged") }

    init() throws {
        for hour in [old, young] {
            for path in [paths.rawFile(.okx, hour), paths.stagedFile(.okx, hour)] { try write("\(hour)", to: path) }
        }
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }  // a leftover of a test harms nobody

    private func write(_ text: String, to path: String) throws {
        try FileSystem.write(ByteBuffer(Array(text.utf8)), to: path)
    }

    /// A warehouse that has loaded the old hour's raw file with this content.
    private func warehouse(loaded content: String? = nil, version: Int = transformVersion) throws -> Warehouse {
        let warehouse = try Warehouse(path: "\(folder)/market_history.db")
        let staged = StagedHour(
            exchange: .okx, hour: old,
            source: Source(
                rawSHA256: ByteBuffer(Array((content ?? "\(old)").utf8)).withBytes(sha256), transformVersion: version,
                responses: 1, responsesOK: 1, endpoints: [], liquidations: .none, observedFrom: nil, observedTo: nil))
        _ = try warehouse.load(
            staged, from: LoadedFile(path: paths.stagedFile(.okx, old), stagedSHA256: "1", loadedAt: old.startTime))
        return warehouse
    }

    /// Runs a retention of ten days, ten days after the old hour began and a minute.
    private func retain(_ warehouse: Warehouse?, isDryRun: Bool = false, isForced: Bool = false) throws {
        let now = old.startTime.advanced(byMilliseconds: 10 * 86_400_000 + 60_000)
        let removal = Removal(
            paths: paths, warehouse: warehouse, now: now, isDryRun: isDryRun, isForced: isForced, stop: StopRequest())
        try removal.run(DaysToKeep(raw: 10, staged: 10, warehouse: 10))
    }

    private func exists(_ hour: Hour) -> [Bool] {
        [paths.rawFile(.okx, hour), paths.stagedFile(.okx, hour)].map(FileSystem.exists)
    }

    @Test("what was loaded goes, and the hours after it stay")
    func loaded() throws {
        let warehouse = try warehouse()
        try retain(warehouse)
        #expect(exists(old) == [false, false])
        #expect(exists(young) == [true, true])
        #expect(try Retention(warehouse).keptFrom() == young)
        #expect(try CoverageLedger(warehouse).span() == nil)
    }

    @Test("a raw file that was never loaded as it is stays with its hour; its staged file goes")
    func neverLoaded() throws {
        try retain(nil)
        #expect(exists(old) == [true, false])
        try retain(warehouse(loaded: "other bytes"))
        #expect(exists(old) == [true, false])
    }

    @Test("force removes what was never loaded")
    func forced() throws {
        try retain(nil, isForced: true)
        #expect(exists(old) == [false, false])
        #expect(exists(young) == [true, true])
    }

    @Test("what an older transform version loaded goes, with a warning")
    func olderVersion() throws {
        try retain(warehouse(version: transformVersion - 1))
        #expect(exists(old) == [false, false])
    }

    @Test("a file that the pipeline did not write keeps its hour")
    func stranger() throws {
        try write("mine", to: "\(paths.rawFolder(old))/notes.txt")
        try retain(warehouse())
        #expect(exists(old) == [true, false])
    }

    @Test("an hour that is being fetched is left alone")
    func locked() throws {
        let lock = try Lock(paths.rawLock(old), purpose: "extract")
        #expect(throws: LockedError.self) { try retain(warehouse()) }
        #expect(exists(old)[0])
        withExtendedLifetime(lock) {}
    }

    @Test("a dry run removes nothing")
    func dryRun() throws {
        let warehouse = try warehouse()
        try retain(warehouse, isDryRun: true)
        #expect(exists(old) == [true, true])
        #expect(try CoverageLedger(warehouse).span() == old...old)
        #expect(try Retention(warehouse).keptFrom() == nil)
    }

    // MARK: - The lake

    /// Writes the manifest of a lake that holds the old hour with this hash of its content.
    private func lake(_ hash: String, version: Int = 1) throws {
        try write(
            #"{"version": \#(version), "months": {"2025-10": {"hours": {"\#(old.start)": "\#(hash)"}, "views": {}}}}"#,
            to: "\(folder)/lake/manifest.json")
    }

    /// The hash of the old hour's content, by SHA-256 of the text that the query `lake.hours` gives.
    private func content(in warehouse: Warehouse) throws -> String {
        try warehouse.seal()
        var text = ""
        try NamedRows(warehouse).forEach(of: "hour_hash") { row in
            if case .integer(let hash) = row[1] { text = "okx 1 \(transformVersion)||\(hash)" }
        }
        return SHA256.hexadecimal(of: Array(text.utf8)).prefix(32).description
    }

    @Test("rows that the lake does not hold as they are stay", arguments: ["", "00000000000000000000000000000000"])
    func notInLake(hash: String) throws {
        let warehouse = try warehouse()
        try lake(hash)
        try retain(warehouse)
        #expect(try CoverageLedger(warehouse).span() == old...old)
        #expect(exists(old) == [false, false])
    }

    @Test("rows that the lake holds go")
    func inLake() throws {
        let warehouse = try warehouse()
        try lake(content(in: warehouse))
        try retain(warehouse)
        #expect(try CoverageLedger(warehouse).span() == nil)
        #expect(try Retention(warehouse).keptFrom() == young)
    }

    @Test("rows stay when a file of their month is gone or is not what was written", arguments: ["right", "other", nil])
    func filesOfLake(content text: String?) throws {
        let warehouse = try warehouse()
        let file = "\(folder)/lake/tickers/month=2025-10/part.parquet"
        if let text { try write(text, to: file) }
        let hash = SHA256.hexadecimal(of: Array("right".utf8))
        let views = #"{"tickers": {"bytes": 5, "sha256": "\#(hash)", "rows": 1, "footer": ""}}"#
        let hours = #"{"\#(old.start)": "\#(try content(in: warehouse))"}"#
        try write(
            #"{"version": 1, "months": {"2025-10": {"hours": \#(hours), "views": \#(views)}}}"#,
            to: "\(folder)/lake/manifest.json")
        try retain(warehouse)
        #expect(try CoverageLedger(warehouse).span() == (text == "right" ? nil : old...old))
    }

    @Test("a manifest that is not understood keeps all rows")
    func unknownLake() throws {
        let warehouse = try warehouse()
        try lake("", version: 2)
        #expect(throws: FormatError.self) { try retain(warehouse) }
        #expect(try CoverageLedger(warehouse).span() == old...old)
    }

    // MARK: - The past

    /// A raw file of the past that began with the old hour, and whether the warehouse has loaded it.
    private func past(isLoaded: Bool) throws -> (path: String, warehouse: Warehouse) {
        let file = HistoryFile(.okx, .funding, begunAt: old.startTime)
        let path = paths.rawFile(file)
        try write("past", to: path)
        let warehouse = try warehouse()
        guard isLoaded else { return (path, warehouse) }
        var staged = StagedHour(
            exchange: .okx, hour: old,
            source: Source(
                rawSHA256: ByteBuffer(Array("past".utf8)).withBytes(sha256), transformVersion: transformVersion,
                responses: 1, responsesOK: 1, endpoints: [], liquidations: .none, observedFrom: nil, observedTo: nil))
        staged.history = .funding
        staged.fundingSettlements = [
            FundingSettlement(symbol: "A", asset: "A", settledAt: old.startTime, fundingRate: 0.1)
        ]
        let origin = LoadedFile(path: paths.stagedFile(file), stagedSHA256: "2", loadedAt: old.startTime)
        _ = try warehouse.load(staged, from: origin)
        return (path, warehouse)
    }

    private func retainPast(_ warehouse: Warehouse?, days: Int, isDryRun: Bool = false, isForced: Bool = false) throws {
        let now = old.startTime.advanced(byMilliseconds: 10 * 86_400_000 + 60_000)
        try Removal(
            paths: paths, warehouse: warehouse, now: now, isDryRun: isDryRun, isForced: isForced, stop: StopRequest()
        ).run(DaysToKeep(history: days))
    }

    @Test("raw files of the past go by their own days alone, and their facts stay")
    func past() throws {
        let (path, warehouse) = try past(isLoaded: true)
        try retain(warehouse)
        #expect(FileSystem.exists(path))
        try retainPast(warehouse, days: 11)
        #expect(FileSystem.exists(path))
        try retainPast(warehouse, days: 10, isDryRun: true)
        #expect(FileSystem.exists(path))
        try retainPast(warehouse, days: 10)
        #expect(!FileSystem.exists(path) && !FileSystem.exists("\(paths.raw)/history"))
        #expect(try HistoryReader(warehouse).files().count == 1)
        let always = Timestamp(milliseconds: 0)..<Timestamp.latest
        #expect(try HistoryReader(warehouse).settlements(.okx, "A", in: always).count == 1)
        #expect(FileSystem.exists(paths.rawFile(.okx, young)))
    }

    @Test("a raw file of the past that was never loaded stays, unless it is forced")
    func pastNeverLoaded() throws {
        let (path, warehouse) = try past(isLoaded: false)
        try retainPast(warehouse, days: 10)
        try retainPast(nil, days: 10)
        #expect(FileSystem.exists(path))
        try retainPast(warehouse, days: 10, isForced: true)
        #expect(!FileSystem.exists(path))
    }
}
