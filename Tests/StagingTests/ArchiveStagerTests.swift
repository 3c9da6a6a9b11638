import Foundation
import PerpCore
import PipelineFiles
import Staging
import Testing

@Suite("From archives to staged")
struct ArchiveStagerTests {
    /// A raw folder of a test's own, with a record that names archives.
    private final class Folder {
        let path = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
        let writer = RawWriter()
        let file = HistoryFile(.binance, .openInterest, .archive, begunAt: Hour("2026-11-28T10")!.startTime)
        let at = Hour("2026-11-28T10")!.startTime

        deinit { try? FileManager.default.removeItem(atPath: path) }  // a leftover of a test harms nobody

        func line(_ name: String, _ archive: KeptArchive?, status: Int = 200) {
            var line = RawLine(
                exchange: .binance, endpoint: "archive_metrics", method: "GET", url: "https://data.example/\(name)",
                sentAt: at, receivedAt: at, status: status, wireBytes: 0, body: nil)
            line.symbol = "BTCUSDT"
            line.archive = archive
            writer.append(line)
        }

        /// Keeps an archive and names it in the record.
        func add(_ name: String, _ bytes: [UInt8], _ checksum: KeptArchive.Checksum = .matches) throws {
            let path = try #require(KeptArchive.path(.openInterest, name, isDoubtful: checksum == .differs))
            let full = "\(self.path)/history/binance/\(path)"
            try bytes.withUnsafeBufferPointer { try FileSystem.write($0, to: full) }
            line(
                name, KeptArchive(path: path, bytes: bytes.count, sha256: try sha256(of: full), checksum: checksum))
        }

        func staged() throws -> StagedHour {
            let record = ArchivePaths(raw: path).rawFile(file)
            try writer.write(to: record)
            return try RawToStaged().staged(record, of: file)
        }
    }

    /// A zip with one stored file, of as few fields as can be.
    private func zip(_ text: String) -> [UInt8] {
        let content = Array(text.utf8)
        func little(_ value: Int, _ count: Int) -> [UInt8] {
            (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
        }
        var sum: UInt32 = 0xFFFF_FFFF
        for byte in content {
            sum ^= UInt32(byte)
            for _ in 0..<8 { sum = sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1 }
        }
        let name = Array("a.csv".utf8)
        let sizes = little(Int(~sum), 4) + little(content.count, 4) + little(content.count, 4) + little(name.count, 2)
        let local = little(0x0403_4B50, 4) + little(20, 2) + little(0, 8) + sizes + little(0, 2) + name + content
        let entry = little(0x0201_4B50, 4) + little(0, 4) + little(0, 8) + sizes + little(0, 4) + little(0, 12) + name
        let end = little(0x0605_4B50, 4) + little(0, 4) + little(1, 2) + little(1, 2) + little(entry.count, 4)
        return local + entry + end + little(local.count, 4) + little(0, 2)
    }

    private func rows(_ day: Int, _ hours: Range<Int>) -> String {
        "create_time,symbol,sum_open_interest,sum_open_interest_value\n"
            + hours.map { hour in
                "2026-11-0\(day) \(hour < 10 ? "0" : "")\(hour):00:00,BTCUSDT,\(day * 100 + hour),8\n"
            }.joined()
    }

    @Test("a record and its archives become the records of the feed archive, and come back from the staged file")
    func roundTrip() throws {
        let folder = Folder()
        try folder.add("BTCUSDT-metrics-2026-11-01.zip", zip(rows(1, 0..<2)))
        try folder.add("BTCUSDT-metrics-2026-11-02.zip", Array(rows(2, 0..<1).utf8))
        folder.line("BTCUSDT-metrics-2026-11-03.zip", nil, status: 404)
        let span = HistorySpan(
            symbol: "BTCUSDT", from: Hour("2026-11-01T00")!.startTime, to: Hour("2026-11-03T00")!.startTime)
        folder.writer.append(span, of: .binance, .openInterest)
        let staged = try folder.staged()
        #expect(staged.feed == .archive && staged.history == .openInterest)
        #expect(staged.openInterests.map(\.base) == [100, 101, 200])
        #expect(staged.historySpans == [span] && staged.rejections.isEmpty)
        #expect(staged.source.endpoints.map(\.name) == ["archive_metrics"])
        #expect(staged.source.endpoints[0].count == Source.EndpointCount(ok: 2, failed: 1, rows: 3))
        let path = "\(folder.path)/\(folder.file.path)"
        try StagedWriter().write(staged, to: path)
        #expect(try StagedReader().read(path) == staged)
        #expect(StagedReader().source(path)?.rawSHA256 == staged.source.rawSHA256)
        #expect(HistoryFile(path) == folder.file && folder.file.feed == .archive)
    }

    @Test("an archive whose checksum is another one is told, and nothing is read from it")
    func doubtful() throws {
        let folder = Folder()
        try folder.add("BTCUSDT-metrics-2026-11-01.zip", zip(rows(1, 0..<2)), .differs)
        try folder.add("BTCUSDT-metrics-2026-11-02.zip", zip(rows(2, 0..<2)))
        let staged = try folder.staged()
        #expect(staged.openInterests.map(\.base) == [200, 201])
        #expect(
            staged.rejections.map(\.reason) == [
                "BTCUSDT-metrics-2026-11-01.zip: has another SHA-256 than the exchange states: nothing is read from it"
            ])
    }

    @Test("a missing archive is an error that names it and says what to do")
    func missing() throws {
        let folder = Folder()
        try folder.add("BTCUSDT-metrics-2026-11-01.zip", zip(rows(1, 0..<2)))
        let path = "\(folder.path)/history/binance/open_interest/archive/BTCUSDT-metrics-2026-11-01.zip"
        try FileManager.default.removeItem(atPath: path)
        let error = #expect(throws: FormatError.self) { try folder.staged() }
        #expect(error?.path == path && error?.reason.hasPrefix("is missing, and ") == true)
        #expect(error?.reason.hasSuffix("away and run backfill --archives again") == true)
    }

    @Test("an archive that has changed since is an error")
    func changed() throws {
        let folder = Folder()
        try folder.add("BTCUSDT-metrics-2026-11-01.zip", zip(rows(1, 0..<2)))
        let path = "\(folder.path)/history/binance/open_interest/archive/BTCUSDT-metrics-2026-11-01.zip"
        try zip(rows(1, 0..<3)).withUnsafeBufferPointer { try FileSystem.write($0, to: path) }
        let error = #expect(throws: FormatError.self) { try folder.staged() }
        #expect(error?.path == path && error?.reason.hasPrefix("is not the file that ") == true)
    }

    @Test(
        "a record names archives below its exchange only",
        arguments: [
            "../../../etc/passwd", "open_interest/archive/../x.zip/y", "candle/archive/x.zip", "open_interest/x.zip",
            "open_interest/archive/.x.zip", "open_interest/archive/2026-11-28T100000Z.ndjson.gz",
        ])
    func strangePath(path: String) throws {
        let folder = Folder()
        try folder.add("BTCUSDT-metrics-2026-11-02.zip", zip(rows(2, 0..<1)))
        folder.line("x.zip", KeptArchive(path: path, bytes: 1, sha256: "", checksum: .none))
        let staged = try folder.staged()
        #expect(staged.openInterests.count == 1 && staged.rejections.map(\.endpoint) == ["raw"])
    }

    @Test("files of answers and records of archives stand beside each other, each with a stamp of its own")
    func names() throws {
        let folder = Folder()
        let paths = ArchivePaths(raw: folder.path)
        folder.line("x.zip", nil, status: 404)
        let first = paths.newHistoryFile(.binance, .funding, at: folder.at)
        try folder.writer.write(to: paths.rawFile(first))
        let second = paths.newHistoryFile(.binance, .funding, .archive, at: folder.at)
        try folder.writer.write(to: paths.rawFile(second))
        #expect(first.path == "history/binance/funding/2026-11-28T100000Z.ndjson.gz")
        #expect(second.path == "history/binance/funding/archive/2026-11-28T100001Z.ndjson.gz")
        #expect(try paths.rawHistory() == [first, second])
        #expect(try paths.archiveNames(.binance, .funding).isEmpty)
    }

    @Test("a record goes with the archives that no other record names")
    func removal() throws {
        let (one, other) = (Folder(), Folder())
        try one.add("BTCUSDT-metrics-2026-11-01.zip", zip(rows(1, 0..<2)))
        let shared = KeptArchive(
            path: "open_interest/archive/BTCUSDT-metrics-2026-11-02.zip", bytes: 1, sha256: "", checksum: .none)
        let paths = ArchivePaths(raw: one.path)
        let folder = "\(one.path)/history/binance/open_interest/archive"
        try one.add("BTCUSDT-metrics-2026-11-02.zip", Array("1".utf8))
        try one.writer.write(to: paths.rawFile(one.file))
        other.line("BTCUSDT-metrics-2026-11-02.zip", shared)
        let second = HistoryFile(.binance, .longShort, .archive, begunAt: one.at)
        try other.writer.write(to: paths.rawFile(second))
        #expect(try paths.removeRecord(one.file) > 0)
        #expect(try paths.rawHistory() == [second])
        #expect(try paths.archiveNames(.binance, .openInterest) == ["BTCUSDT-metrics-2026-11-02.zip"])
        #expect(try paths.removeRecord(second) > 0)
        #expect(try FileSystem.names(in: folder).isEmpty)
    }
}
