import ArgumentParser
import CommandSupport
import PerpCore
import PipelineFiles
import Staging

/// Turns raw files into staged files: responses into records.
@main
struct Transform: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "transform",
        abstract: "Turns raw files into staged files.",
        discussion: """
            One file:   transform raw/2025-10-23/15/okx.ndjson.gz -o staged/2025-10-23/15/okx.ndjson.gz
            One hour:   transform --hour 2025-10-23T15
            A span:     transform --from 2025-10-23T00 --to 2025-10-23T23 --jobs 2
            A list:     ls raw/2025-10-23/*/*.ndjson.gz | transform -
            The past:   transform --history            what backfill asked for; also beside --hour, or --from and --to
                        transform raw/history/okx/candles/2026-11-28T173300Z.ndjson.gz
            A stream:   transform --stream < okx.ndjson.gz > staged.ndjson.gz
            A program:  transform - --status           a path in, a line of JSON out, until the input ends

            A staged file of an hour, a span or the past that is already made from its raw file by this version is \
            left as it is; one that is named is made again.

            A staged file depends on its raw file alone. With --stream its lines say which exchange, hour and feed it is of, \
            and with --status as well the line of JSON is on standard error. With --status, a file that fails is a line with "error" and "status", the exit status that it would have alone; \
            the others go on.

            \(endings)
            """,
        version: packageVersion)

    private static let endings = ExitStatus.help(
        [
            .data: "the one file named is not gzip or holds no raw line", .io: "a file could not be read or written",
        ],
        signals: "the file at hand")

    @Argument(help: "Raw files; - reads their paths from standard input.")
    var files: [String] = []

    @Option(name: .shortAndLong, help: "The staged file, when one raw file is named.")
    var output: String?

    @OptionGroup var span: SpanOptions
    @OptionGroup var archive: ArchiveOptions

    @Flag(help: "All raw files of the past.")
    var history = false

    @Option(help: "Files that are worked on at the same time.")
    var jobs = 1

    @Flag(help: "One raw file from standard input, the staged one to standard output.")
    var stream = false

    @Option(name: .customLong("as"), help: "The path of the raw file of --stream, which then says whose it is.")
    var streamPath: String?

    @Flag(help: "With - or --stream: a line of JSON for each file, as soon as it is done.")
    var status = false

    func validate() throws {
        guard (1...256).contains(jobs) else { throw ValidationError("--jobs must be from 1 to 256") }
        guard output == nil || namesOne else { throw ValidationError("--output needs exactly one raw file") }
        guard streamPath == nil || stream else { throw ValidationError("--as is the path of what --stream reads") }
        guard !status || stream || files == ["-"] && jobs == 1 else {
            throw ValidationError("--status goes with --stream, or with -, and takes one file after the other")
        }
        if stream {
            guard files.isEmpty, span.hours == nil, !history else {
                throw ValidationError("--stream reads one raw file, from standard input: name no other")
            }
            return
        }
        guard files.isEmpty != (span.hours == nil && !history) else {
            throw ValidationError("name raw files, or --hour, or --from and --to, or --history")
        }
    }

    private var namesOne: Bool { files.count == 1 && files != ["-"] }

    func run() async throws {
        if stream { return try stageStandardInput() }
        if status { return try answerPaths() }
        try await stageFiles()
    }

    private func stageFiles() async throws {
        let work = try work()
        if work.isEmpty, !history, let hours = span.hours { try refuseNothing(hours) }
        let isNamed = !files.isEmpty
        let stop = StopRequest()
        let errors = await Batches.run(work, jobs: jobs, progress: Progress("transform", total: work.count)) {
            let stage = RawToStaged()
            let writer = StagedWriter()
            let reader = StagedReader()
            return { file in
                guard !stop.isMade, try isNamed || !file.isCurrent(reader) else { return }
                try writer.write(try file.records(stage), to: file.staged)
            }
        }
        report(errors)
        try stop.endIfMade("transform", "files are left")
        // In a batch, an unreadable file does not fail the others.
        if let worst = errors.first(where: { namesOne || !($0 is FormatError) }) { throw ExitStatus(worst).code }
    }

    /// Ends with wrong usage when the hours have neither raw files nor run files, which exist where all exchanges failed.
    private func refuseNothing(_ hours: ClosedRange<Hour>) throws {
        guard !archive.paths.hasRun(in: hours) else { return }
        Diagnostics.report(
            "transform",
            "there is no raw file from \(hours.lowerBound) to \(hours.upperBound): 'make extract' asks for them in their hour"
        )
        throw ExitStatus.usage.code
    }

    /// Reads a raw file from standard input, and writes the staged one to standard output: all of it, or nothing.
    private func stageStandardInput() throws {
        let identity = try streamPath.map { path in
            guard let identity = RawIdentity(path: path) else {
                throw ValidationError("--as: '\(path)' does not end in <date>/<hour>/<exchange>.ndjson.gz")
            }
            return identity
        }
        BrokenPipes.ignore()
        let (answer, error) = Answering(paths: archive.paths).answerStandardInput(as: identity, named: streamPath)
        if status { Diagnostics.write(answer.line) } else if let error { report([error]) }
        if let error { throw ExitStatus(error).code }
    }

    /// Answers each path of standard input with a line on standard output.
    private func answerPaths() throws {
        let stop = StopRequest()
        let lines = InputLines { stop.isMade }
        let answering = Answering(paths: archive.paths)
        var worst: ExitStatus?
        BrokenPipes.ignore()
        while let path = lines.next() {
            let (answer, error) = answering.answer(path)
            if let error, !(error is FormatError), !(error is ValidationError) { worst = ExitStatus(error) }
            do {
                try FileSystem.writeStandardOutput(answer.line)
            } catch {
                report([error])
                throw ExitStatus(error).code
            }
        }
        try stop.endIfMade("transform", "files are left")
        if let worst { throw worst.code }
    }

    /// Reports errors, equal ones once: a full disk fails every file in the same way.
    private func report(_ errors: [any Error]) {
        var likewise: [String: Int] = [:]
        for case let error as FileError in errors { likewise[error.operation + error.reason, default: 0] += 1 }
        for error in errors {
            if let error = error as? FileError {
                guard let count = likewise.removeValue(forKey: error.operation + error.reason) else { continue }
                Diagnostics.report("transform", "\(error)" + (count == 1 ? "" : "; \(count - 1) other files likewise"))
            } else if error is FormatError {
                let advice = "nothing was staged from it: bring a copy back, or move it away"
                Diagnostics.report("transform", "\(error): \(advice)")
            } else {
                Diagnostics.report("transform", "\(error)")
            }
        }
    }

    private func work() throws -> [RawAndStaged] {
        let paths = archive.paths
        if files.isEmpty {
            let exchanges = try archive.exchanges()
            let past = history ? try RawAndStaged.past(of: exchanges, paths: paths) : []
            return (span.hours.map { RawAndStaged.existing(in: $0, of: exchanges, paths: paths) } ?? []) + past
        }
        let names = files == ["-"] ? Array(sequence(state: ()) { _ in readLine() }) : files
        return try names.map { try RawAndStaged(named: $0, output: output, paths: paths) }
    }
}
