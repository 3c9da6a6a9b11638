import Foundation
import Gzip
import JSONReader
import PerpCore
import PipelineFiles
import Signals
import Staging
import Warehouse

/// Times each stage of the bulk path alone, on one core, over an archive of raw files.
///
///     bench-stages RAW SCRATCH.db
///
/// Prints one JSON object. Nothing is written but the scratch database, which must not exist.
@main
struct Stages {
    static func main() throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 3 else {
            FileHandle.standardError.write(Data("usage: bench-stages RAW SCRATCH.db\n".utf8))
            exit(64)
        }
        let paths = ArchivePaths(raw: arguments[1])
        let files = try rawFiles(paths)
        var report = Report()
        let staged = try time(files, paths, into: &report)
        try load(staged, paths, to: arguments[2], into: &report)
        print(report.json)
    }

    /// The raw files of the archive in the order of hours and venues.
    private static func rawFiles(_ paths: ArchivePaths) throws -> [(path: String, exchange: Exchange, hour: Hour)] {
        try FileSystem.names(in: paths.raw).compactMap { CalendarDay($0) }.sorted().flatMap { day in
            (0..<24).flatMap { hour in
                Exchange.allCases.map { (paths.rawFile($0, day.hour(hour)), $0, day.hour(hour)) }
            }
        }
        .filter { FileSystem.exists($0.0) }
    }

    /// Everything before the database, file by file, so that each stage finds its input warm.
    private static func time(
        _ files: [(path: String, exchange: Exchange, hour: Hour)], _ paths: ArchivePaths, into report: inout Report
    ) throws -> [StagedHour] {
        let compressed = ByteBuffer(capacity: 1 << 20)
        let text = ByteBuffer(capacity: 1 << 22)
        let output = ByteBuffer(capacity: 1 << 20)
        let inflater = Inflater()
        let parser = JSONParser()
        let stage = RawToStaged()
        let writer = StagedWriter()
        let deflater = Deflater(level: StagedWriter.level)
        var all: [StagedHour] = []
        for file in files {
            compressed.removeAll()
            text.removeAll()
            output.removeAll()
            try FileSystem.read(file.path, into: compressed)
            try report.measure("inflate") { try inflater.inflate(compressed.bytes, into: text) }
            try report.measure("parse") { try parse(text, parser) }
            let staged = try report.measure("raw to records") {
                try stage.staged(file.path, exchange: file.exchange, hour: file.hour)
            }
            report.measure("hash") { _ = sha256(compressed) }
            let stored = report.measure("format and gzip") { writer.gzipped(staged) }
            report.compressedBytes += stored.count
            let lines = ByteBuffer(stored)
            output.removeAll()
            try lines.withBytes { try inflater.inflate($0, into: output) }
            compressed.removeAll()
            output.withBytes { bytes in report.measure("gzip") { deflater.deflate(bytes, into: compressed) } }
            report.stagedBytes += output.count
            report.jsonBytes += text.count
            report.rows += staged.tickers.count
            all.append(staged)
        }
        return all
    }

    private static func parse(_ text: ByteBuffer, _ parser: JSONParser) throws {
        try text.withBytes { bytes in
            guard let start = bytes.baseAddress else { return }
            var place = 0
            while place < bytes.count {
                let found = memchr(start + place, 0x0A, bytes.count - place)
                let end = found.map { UnsafeRawPointer(start).distance(to: UnsafeRawPointer($0)) } ?? bytes.count
                if end > place { _ = try parser.parse(padded: UnsafeBufferPointer(rebasing: bytes[place..<end])) }
                place = end + 1
            }
        }
    }

    /// Loads day by day, as `reprocess` does, and seals each day behind it.
    private static func load(
        _ staged: [StagedHour], _ paths: ArchivePaths, to path: String, into report: inout Report
    ) throws {
        let warehouse = try Warehouse(path: path, for: .scratch)
        var rest = staged[...]
        while let first = rest.first {
            let day = first.hour.start / 86_400
            let group = rest.prefix { $0.hour.start / 86_400 == day }
            rest = rest.dropFirst(group.count)
            try warehouse.transaction {
                for (number, hour) in group.enumerated() {
                    let name = LoadedFile(
                        path: paths.stagedFile(hour.exchange, hour.hour), stagedSHA256: "\(day) \(number)",
                        loadedAt: Timestamp(milliseconds: 0))
                    try report.measure("load") { _ = try warehouse.load(hour, from: name) }
                    let isLast = number + 1 == group.count || Array(group)[number + 1].hour != hour.hour
                    guard isLast else { continue }
                    try report.measure("seal") {
                        try warehouse.seal(through: hour.hour, using: HourSummarizer.summarize)
                    }
                }
            }
        }
    }
}

/// What the stages took.
private struct Report {
    var seconds: [(stage: String, seconds: Double)] = []
    var jsonBytes = 0
    var stagedBytes = 0
    var compressedBytes = 0
    var rows = 0

    mutating func measure<Result>(_ stage: String, _ body: () throws -> Result) rethrows -> Result {
        let started = ContinuousClock.now
        defer {
            let taken = (ContinuousClock.now - started) / .seconds(1)
            if let place = seconds.firstIndex(where: { $0.stage == stage }) {
                seconds[place].seconds += taken
            } else {
                seconds.append((stage, taken))
            }
        }
        return try body()
    }

    var json: String {
        let stages = seconds.map { "\"\($0.stage)\": \($0.seconds)" }.joined(separator: ", ")
        return """
            {"json_bytes": \(jsonBytes), "staged_bytes": \(stagedBytes), "compressed_bytes": \(compressedBytes), \
            "rows": \(rows), "seconds": {\(stages)}}
            """
    }
}
