import ArgumentParser
import Foundation
import PerpCore
import PipelineFiles

/// Each stage of the bulk path alone, on one core.
@main
struct Stages: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stages",
        abstract: "Times each stage of the bulk path alone, on one core, and prints JSON.",
        discussion: """
            The archive is gone through a day at a time. A stage that includes earlier ones has their time taken off: \
            parsing that of reading and inflating, staging that of parsing.
            """)

    @Option(help: "The folder of raw files.")
    var raw: String

    @Option(help: "An empty folder for the database.")
    var output: String

    private struct Stage: Encodable {
        let name: String
        let seconds: Double
        /// Seconds of the processors.
        let cpu: Double
        /// Of JSON: of raw lines until records are made, of staged lines from there on.
        let bytes: Int
        /// Raw lines until they are parsed, tickers from there on.
        let rows: Int
    }

    func run() throws {
        let path = try BulkPath(raw: raw, database: "\(output)/stages.db")
        for day in try FileSystem.names(in: raw).compactMap({ CalendarDay($0) }).sorted() { try path.run(day) }
        try path.finish()
        let (text, staged) = (path.textBytes, path.stagedBytes)
        func stage(_ name: String, _ bytes: Int, _ rows: Int, _ spent: (BulkPath.Seconds) -> Double) -> Stage {
            Stage(name: name, seconds: spent(path.seconds), cpu: spent(path.processor), bytes: bytes, rows: rows)
        }
        let stages = [
            stage("read and hash", text, path.lines) { $0.reading },
            stage("inflate", text, path.lines) { $0.inflating },
            stage("parse", text, path.lines) { $0.parsing - $0.reading - $0.inflating },
            stage("stage", text, path.tickers) { $0.staging - $0.parsing },
            stage("print and deflate", staged, path.tickers) { $0.writing },
            stage("load", staged, path.tickers) { $0.loading },
            stage("seal", staged, path.tickers) { $0.sealing },
        ]
        print(String(decoding: try JSONEncoder().encode(stages), as: UTF8.self))
    }
}
