import ArgumentParser
import Foundation

/// Runs recorded exchange responses, and cases from the field, through the real executables.
@main
struct Conformance: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "conformance",
        abstract: "Runs recorded bodies and cases from the field through the executables, and checks what comes out.",
        discussion: """
            Recorded bodies (--fixtures) are served on loopback to extract; its raw files are staged and loaded, and \
            every row is looked for. Cases (--cases) are raw hours: they are staged and loaded, and what comes out is \
            compared with what is known to be right.

            Exit status: 0 every check passed, 1 a check failed, 64 wrong usage, 74 a file could not be read \
            or written.
            """)

    @Option(help: "The folder of recorded bodies, with its MANIFEST.tsv.")
    var fixtures: String?

    @Option(help: "The folder of cases from the field: raw lines as ID.ndjson.")
    var cases: String?

    @Option(help: "The folder of the executables.")
    var bin = ".build/release"

    @Option(help: "Keep the files that the run makes in this folder, which must not exist or be empty.")
    var keep: String?

    @Flag(help: "Print the results as JSON.")
    var json = false

    func validate() throws {
        guard fixtures != nil || cases != nil else { throw ValidationError("give --fixtures, --cases, or both") }
        if let fixtures, !FileManager.default.fileExists(atPath: "\(fixtures)/MANIFEST.tsv") {
            throw ValidationError("--fixtures: '\(fixtures)' has no MANIFEST.tsv")
        }
        // A folder that cannot be listed counts as one without cases.
        if let cases, (try? FieldCase.names(in: cases))?.isEmpty ?? true {
            throw ValidationError("--cases: '\(cases)' has no file ID.ndjson")
        }
        for name in ["extract", "transform", "load"] {
            guard FileManager.default.isExecutableFile(atPath: "\(bin)/\(name)") else {
                throw ValidationError("--bin: '\(bin)' has no executable '\(name)'; build it first")
            }
        }
        // A folder that cannot be listed does not exist yet.
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
            // Files left in the temporary folder do no harm.
            defer { if keep == nil { try? FileManager.default.removeItem(at: work) } }
            let report = try report(in: work)
            print(json ? try report.json() : report.text)
            if report.failed > 0 { throw ExitCode(1) }
        } catch let code as ExitCode {
            throw code
        } catch {
            FileHandle.standardError.write(Data("conformance: \(error)\n".utf8))
            throw ExitCode(74)
        }
    }

    private func report(in work: URL) throws -> ConformanceReport {
        var report = ConformanceReport()
        if let fixtures {
            var run = try ConformanceRun(bin: bin, work: work)
            try run.run(Recording.all(in: fixtures) + Recording.own)
            report = run.report
        }
        if let cases {
            report.cases = try CaseRun(bin: bin, work: work.appending(path: "cases")).results(in: cases)
        }
        return report
    }
}
