import ArgumentParser
import Foundation
import Gzip
import PerpCore
import PipelineFiles
import Signals
import Staging
import Warehouse

/// Each stage of the bulk path alone, on one core.
@main
struct Stages: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stages",
        abstract: "Times each stage of the bulk path alone, on one core, and prints JSON.",
        discussion: "Files are read before; a stage that needs an earlier one has its time taken off.")

    @Option(help: "The folder of raw files.")
    var raw: String

    @Option(help: "An empty folder for the database.")
    var output: String

    private struct File {
        let exchange: Exchange
        let hour: Hour
        let path: String
    }

    private struct Stage: Encodable {
        let name: String
        let seconds: Double
        /// Of JSON: of raw lines in the first three stages, of staged lines in the others.
        let bytes: Int
        let rows: Int
    }

    func run() throws {
        let files = try archive()
        let (inflating, textBytes) = try time { try inflate(files) }
        let (parsing, lines) = try time { try parse(files) }
        let (staging, hours) = try time { try stage(files) }
        let (writing, stagedBytes) = time { write(hours) }
        let tickers = hours.reduce(0) { $0 + $1.tickers.count }
        let (loading, _) = try time { try load(hours) }
        let stages = [
            Stage(name: "inflate", seconds: inflating, bytes: textBytes, rows: lines),
            Stage(name: "parse", seconds: parsing - inflating, bytes: textBytes, rows: lines),
            Stage(name: "stage", seconds: staging - parsing, bytes: textBytes, rows: tickers),
            Stage(name: "write", seconds: writing, bytes: stagedBytes, rows: tickers),
            Stage(name: "load", seconds: loading, bytes: stagedBytes, rows: tickers),
        ]
        print(String(decoding: try JSONEncoder().encode(stages), as: UTF8.self))
    }

    private func archive() throws -> [File] {
        let paths = ArchivePaths(raw: raw)
        let days = try FileSystem.names(in: raw).compactMap { CalendarDay($0) }.sorted()
        return days.flatMap { day in
            (0..<24).flatMap { hour in
                Exchange.allCases.map {
                    File(exchange: $0, hour: day.hour(hour), path: paths.rawFile($0, day.hour(hour)))
                }
            }
        }
        .filter { FileSystem.exists($0.path) }
    }

    private func time<Result>(_ body: () throws -> Result) rethrows -> (Double, Result) {
        let start = ContinuousClock.now
        let result = try body()
        return ((ContinuousClock.now - start) / .seconds(1), result)
    }

    private func inflate(_ files: [File]) throws -> Int {
        let inflater = Inflater()
        let (packed, text) = (ByteBuffer(), ByteBuffer())
        return try files.reduce(0) { bytes, file in
            packed.removeAll()
            text.removeAll()
            try FileSystem.read(file.path, into: packed)
            try inflater.inflate(packed.bytes, into: text)
            return bytes + text.count
        }
    }

    private func parse(_ files: [File]) throws -> Int {
        let reader = RawReader()
        var lines = 0
        for file in files {
            try reader.open(file.path)
            try reader.readLines { _ in
                lines += 1
            } refuse: { _, _, _ in
            }
        }
        return lines
    }

    private func stage(_ files: [File]) throws -> [StagedHour] {
        let stage = RawToStaged()
        return try files.map { try stage.staged($0.path, exchange: $0.exchange, hour: $0.hour) }
    }

    private func write(_ hours: [StagedHour]) -> Int {
        let writer = StagedWriter()
        return hours.reduce(0) { bytes, hour in
            _ = writer.gzipped(hour)
            return bytes + writer.textCount
        }
    }

    private func load(_ hours: [StagedHour]) throws {
        let warehouse = try Warehouse(path: "\(output)/stages.db", for: .scratch)
        try warehouse.transaction {
            for (number, hour) in hours.enumerated() {
                let file = LoadedFile(
                    path: "", stagedSHA256: "\(number)", loadedAt: Timestamp(milliseconds: 0))
                _ = try warehouse.load(hour, from: file)
            }
            try warehouse.seal(using: HourSummarizer.summarize)
        }
    }
}
