import ArgumentParser
import Foundation
import PerpCore

/// The liquidations of the closed hour as the exchanges tell of them now, in a folder of its own that is thrown away.
///
/// The programs beside this one do the work: `extract`, `transform` and `load`. Only what liquidations need is asked,
/// and bans are obeyed and noted as by any other run.
final class LiveHour {
    private let folder: URL

    /// - Parameters:
    ///   - hour: the current one; another one only where `PERPS_BASE_URL` holds `{hour}`.
    ///   - exchanges: those that are asked, separated by commas; those of the settings when `nil`.
    ///   - raw: the archive whose ledger of bans counts.
    init(_ hour: Hour, of exchanges: String?, bans raw: String) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "perps-live-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let archive = ["--raw", folder.appending(path: "raw").path]
        let staged = archive + ["--staged", folder.appending(path: "staged").path]
        let when = ["--hour", "\(hour)"]
        let part = ["--only", "liquidations", "--bans", raw] + (exchanges.map { ["--exchanges", $0] } ?? [])
        try run("extract", archive + when + part)
        try run("transform", staged + when)
        try run("load", staged + when + ["--warehouse", warehouse])
    }

    /// Prints what the exchanges told: one hour is all that an hour's responses tell.
    func report(_ options: [String]) throws {
        try run(
            "report", ["liquidations", "--partial", "--warehouse", warehouse, "--hours", "1"] + options,
            output: FileHandle.standardOutput)
    }

    private var warehouse: String { folder.appending(path: "market_history.db").path }

    deinit { try? FileManager.default.removeItem(at: folder) }  // a leftover in the temporary folder harms nobody

    private func run(
        _ program: String, _ arguments: [String], output: FileHandle = .standardError
    ) throws {
        let here = (Bundle.main.executableURL ?? URL(filePath: CommandLine.arguments[0])).deletingLastPathComponent()
        let process = Process()
        process.executableURL = here.appending(path: program)
        process.arguments = arguments
        process.standardOutput = output
        try process.run()
        process.waitUntilExit()
        // It has said why itself.
        guard process.terminationStatus == 0 else { throw ExitCode(process.terminationStatus) }
    }
}
