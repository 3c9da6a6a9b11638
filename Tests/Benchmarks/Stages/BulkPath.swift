import Foundation
import Gzip
import PerpCore
import PipelineFiles
import Sealing
import Signals
import Staging
import Warehouse

/// The bulk path of `reprocess`, a stage after the other, with its buffers kept from one file to the next.
final class BulkPath {
    /// Of the whole of a stage, with the earlier ones that it includes.
    struct Seconds {
        var reading = 0.0
        var inflating = 0.0
        var parsing = 0.0
        var staging = 0.0
        var writing = 0.0
        var loading = 0.0
        var sealing = 0.0
    }

    /// By the wall.
    private(set) var seconds = Seconds()
    /// Of the processors.
    private(set) var processor = Seconds()
    private(set) var textBytes = 0
    private(set) var lines = 0
    private(set) var stagedBytes = 0
    private(set) var tickers = 0

    private struct File {
        let exchange: Exchange
        let hour: Hour
        let path: String
    }

    /// As `reprocess` does: an hour is sealed when late events are in.
    private static let lateHours = 24

    private let paths: ArchivePaths
    private let reader = RawReader()
    private let inflater = Inflater()
    private let packed = ByteBuffer()
    private let text = ByteBuffer()
    private let stage = RawToStaged()
    private let writer = StagedWriter()
    private let warehouse: Warehouse

    init(raw: String, database: String) throws {
        paths = ArchivePaths(raw: raw)
        warehouse = try Warehouse(path: database, for: .scratch)
    }

    /// All stages over a day, which is also what a transaction of the database takes.
    func run(_ day: CalendarDay) throws {
        let files = files(of: day)
        try time(\.reading) { for file in files { try reader.open(file.path) } }
        try inflate(files)
        try time(\.parsing) { for file in files { try parse(file) } }
        let hours = try time(\.staging) {
            try files.map { try stage.staged($0.path, exchange: $0.exchange, hour: $0.hour) }
        }
        time(\.writing) { for hour in hours { write(hour) } }
        tickers += hours.reduce(0) { $0 + $1.tickers.count }
        try load(hours)
    }

    /// Seals the hours that were waiting for late events.
    func finish() throws {
        try time(\.sealing) { _ = try warehouse.seal() }
    }

    private func files(of day: CalendarDay) -> [File] {
        (0..<24).flatMap { hour in
            Exchange.allCases.map {
                File(exchange: $0, hour: day.hour(hour), path: paths.rawFile($0, day.hour(hour)))
            }
        }
        .filter { FileSystem.exists($0.path) }
    }

    private func inflate(_ files: [File]) throws {
        for file in files {
            packed.removeAll()
            text.removeAll()
            try FileSystem.read(file.path, into: packed)
            try time(\.inflating) { try inflater.inflate(packed.bytes, into: text) }
            textBytes += text.count
        }
    }

    private func parse(_ file: File) throws {
        try reader.open(file.path)
        try reader.readLines { _ in
            lines += 1
        } refuse: { _, _, _ in
        }
    }

    private func write(_ hour: StagedHour) {
        _ = writer.gzipped(hour)
        stagedBytes += writer.textCount
    }

    private func load(_ files: [StagedHour]) throws {
        let sealed = (seconds.sealing, processor.sealing)
        try time(\.loading) {
            try warehouse.transaction {
                for (place, file) in files.enumerated() {
                    let origin = LoadedFile(
                        path: "", stagedSHA256: file.source.rawSHA256, loadedAt: Timestamp(milliseconds: 0))
                    _ = try warehouse.load(file, from: origin)
                    guard place + 1 == files.count || files[place + 1].hour != file.hour else { continue }
                    try time(\.sealing) {
                        _ = try warehouse.seal(
                            through: file.hour.advanced(by: -Self.lateHours))
                    }
                }
            }
        }
        seconds.loading -= seconds.sealing - sealed.0
        processor.loading -= processor.sealing - sealed.1
    }

    private func time<Result>(
        _ stage: WritableKeyPath<Seconds, Double>, _ body: () throws -> Result
    ) rethrows -> Result {
        let start = (ContinuousClock.now, Self.processorSeconds())
        let result = try body()
        seconds[keyPath: stage] += (ContinuousClock.now - start.0) / .seconds(1)
        processor[keyPath: stage] += Self.processorSeconds() - start.1
        return result
    }

    /// What this process has spent so far.
    private static func processorSeconds() -> Double {
        var spent = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &spent)
        return Double(spent.tv_sec) + Double(spent.tv_nsec) * 1e-9
    }
}
