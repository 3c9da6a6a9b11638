import ArgumentParser
import Foundation

/// Kills the real executables, and runs them under faults of the environment.
@main
struct Faults: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "faults",
        abstract: "Kills and disturbs the programs, and compares what is left with an undisturbed run.",
        discussion: """
            Works in a temporary folder and on loopback. Exit status: 0 all passed, 1 something failed, 64 wrong \
            usage, 74 files.
            """)

    @Option(help: "The folder of the executables.")
    var bin = ".build/release"

    @Option(help: "Kills, all programs together; 0 leaves them out.")
    var kills = 200

    @Option(help: "The most seconds that killing may take.")
    var seconds = 90.0

    @Option(help: "What decides when programs are killed.")
    var seed: UInt64 = 1

    @Flag(help: "Leave the table of faults out.")
    var onlyKills = false

    @Option(help: "Of the table, the faults whose name holds this text.")
    var only: String?

    @Flag(help: "Print the results as JSON.")
    var json = false

    func validate() throws {
        guard kills >= 0, seconds > 0 else { throw ValidationError("--kills and --seconds must not be negative") }
        for name in ["exchange-simulator", "extract", "transform", "load", "reprocess"]
        where !FileManager.default.isExecutableFile(atPath: "\(bin)/\(name)") {
            throw ValidationError("--bin: '\(bin)' has no executable '\(name)'; build it first")
        }
    }

    func run() throws {
        Mounts.enterNamespace()
        let folder = URL(filePath: NSTemporaryDirectory()).appending(path: "faults-\(UUID().uuidString)").path
        do {
            try TestFiles.make(folder)
            // Files left in the temporary folder do no harm.
            defer { try? FileManager.default.removeItem(atPath: folder) }
            let bench = try FaultsBench(bin: bin, folder: folder)
            defer { bench.server.stop() }
            let killed = try kills == 0 ? [] : Killing(bench: bench, seed: seed).run(kills: kills, seconds: seconds)
            let met = onlyKills ? [] : try Disturbances(bench: bench, only: only).run()
            let report = FaultsReport(kills: killed, faults: met)
            print(json ? try report.json() : report.text)
            if report.failed > 0 { throw ExitCode(1) }
        } catch let code as ExitCode {
            throw code
        } catch {
            FileHandle.standardError.write(Data("faults: \(error)\n".utf8))
            throw ExitCode(74)
        }
    }
}

/// A failure of the tests themselves.
struct FaultsFailure: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
