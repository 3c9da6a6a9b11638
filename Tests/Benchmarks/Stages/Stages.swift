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
        /// Of JSON: of raw lines until records are made, of staged lines from there on.
        let bytes: Int
        /// Raw lines until they are parsed, tickers from there on.
        let rows: Int
    }

    func run() throws {
        let path = try BulkPath(raw: raw, database: "\(output)/stages.db")
        for day in try FileSystem.names(in: raw).compactMap({ CalendarDay($0) }).sorted() { try path.run(day) }
        try path.finish()
        let (spent, text, staged) = (path.seconds, path.textBytes, path.stagedBytes)
        let stages = [
            Stage(name: "read and hash", seconds: spent.reading, bytes: text, rows: path.lines),
            Stage(name: "inflate", seconds: spent.inflating, bytes: text, rows: path.lines),
            Stage(
                name: "parse", seconds: spent.parsing - spent.reading - spent.inflating, bytes: text, rows: path.lines),
            Stage(name: "stage", seconds: spent.staging - spent.parsing, bytes: text, rows: path.tickers),
            Stage(name: "print and deflate", seconds: spent.writing, bytes: staged, rows: path.tickers),
            Stage(name: "load", seconds: spent.loading, bytes: staged, rows: path.tickers),
            Stage(name: "seal", seconds: spent.sealing, bytes: staged, rows: path.tickers),
        ]
        print(String(decoding: try JSONEncoder().encode(stages), as: UTF8.self))
    }
}
