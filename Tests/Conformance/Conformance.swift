import ArgumentParser
import Foundation

/// Recorded exchange responses through the real executables.
@main
struct Conformance: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "conformance",
        abstract: "Serves recorded bodies on loopback, runs extract, transform and load, and checks every row.",
        discussion: """
            Exit status: 0 every check passed, 1 a check failed, 64 wrong usage, 74 a file could not be read \
            or written.
            """)

    @Option(help: "The folder of recorded bodies, with its MANIFEST.tsv.")
    var fixtures: String

    @Option(help: "The folder of the executables.")
    var bin = ".build/release"

    @Option(help: "Keep the files that the run makes in this folder, which must not exist or be empty.")
    var keep: String?

    @Flag(help: "Print the results as JSON.")
    var json = false

    func validate() throws {
        guard FileManager.default.fileExists(atPath: "\(fixtures)/MANIFEST.tsv") else {
            throw ValidationError("--fixtures: '\(fixtures)' has no MANIFEST.tsv")
        }
        for name in ["extract", "transform", "load"] {
            guard FileManager.default.isExecutableFile(atPath: "\(bin)/\(name)") else {
                throw ValidationError("--bin: '\(bin)' has no executable '\(name)'; build it first")
            }
        }
        // A folder that cannot be listed is one that does not exist yet.
        if let keep, let content = try? FileManager.default.contentsOfDirectory(atPath: keep), !content.isEmpty {
            throw ValidationError("--keep: '\(keep)' is not empty")
        }
    }

    func run() throws {
        let work =
            keep.map { URL(filePath: $0).absoluteURL.standardizedFileURL }
            ?? FileManager.default.temporaryDirectory.appending(path: "conformance-\(UUID().uuidString)")
        do {
            try FileManager.default.createDirectory(at: work, withIntermediateDirectories: true)
            // What is left in the temporary folder harms nobody.
            defer { if keep == nil { try? FileManager.default.removeItem(at: work) } }
            var run = try Run(bin: bin, work: work)
            try run.run(Recording.all(in: fixtures))
            print(json ? try run.report.json() : run.report.text)
            if run.report.failed > 0 { throw ExitCode(1) }
        } catch let code as ExitCode {
            throw code
        } catch {
            FileHandle.standardError.write(Data("conformance: \(error)\n".utf8))
            throw ExitCode(74)
        }
    }
}
