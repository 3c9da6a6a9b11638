import CommandSupport
import Foundation
import PerpCore

/// The liquidations of the closed hour as the exchanges tell of them now, in a folder of its own that is thrown away.
///
/// The programs beside this one do the work: `extract`, `transform` and `load`. Only what liquidations need is asked,
/// and bans are obeyed and noted as by any other run.
final class LiveHour {
    let hour: Hour
    private let folder: URL

    /// Where the hour can be asked.
    var warehouse: String { folder.appending(path: "market_history.db").path }

    /// - Parameters:
    ///   - hour: the current one when `nil`; another one only where `PERPS_BASE_URL` holds `{hour}`.
    ///   - exchange: the one that is asked; those of the settings when `nil`.
    ///   - raw: the archive whose ledger of bans counts.
    init(_ hour: Hour?, of exchange: Exchange?, bans raw: String) throws {
        self.hour = hour ?? Hour(containing: Int64(Date().timeIntervalSince1970))
        folder = FileManager.default.temporaryDirectory.appending(path: "perps-live-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let archive = ["--raw", folder.appending(path: "raw").path]
        let staged = archive + ["--staged", folder.appending(path: "staged").path]
        let when = ["--hour", "\(self.hour)"]
        let part = ["--only", "liquidations", "--bans", raw] + (exchange.map { ["--exchanges", $0.id] } ?? [])
        try run("extract", archive + when + part)
        try run("transform", staged + when)
        try run("load", staged + when + ["--warehouse", warehouse])
    }

    deinit { try? FileManager.default.removeItem(at: folder) }  // a leftover in the temporary folder harms nobody

    private func run(_ program: String, _ arguments: [String]) throws {
        let here = (Bundle.main.executableURL ?? URL(filePath: CommandLine.arguments[0])).deletingLastPathComponent()
        let process = Process()
        process.executableURL = here.appending(path: program)
        process.arguments = arguments
        process.standardOutput = FileHandle.standardError
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw LiveError(program: program, status: process.terminationStatus)
        }
    }
}

/// One of the programs that fetch an hour has failed; it has said why itself.
struct LiveError: Error, CustomStringConvertible {
    let program: String
    let status: Int32

    var description: String { "\(program) ended with status \(status)" }
}
