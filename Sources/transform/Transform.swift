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

            A staged file of an hour, a span or the past that is already made from its raw file by this version is \
            left as it is; one that is named is made again.

            A staged file depends on its raw file alone.

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

    func validate() throws {
        guard (1...256).contains(jobs) else { throw ValidationError("--jobs must be from 1 to 256") }
        guard output == nil || namesOne else { throw ValidationError("--output needs exactly one raw file") }
        guard files.isEmpty != (span.hours == nil && !history) else {
            throw ValidationError("name raw files, or --hour, or --from and --to, or --history")
        }
    }

    private var namesOne: Bool { files.count == 1 && files != ["-"] }

    func run() async throws {
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
        return try names.map { name in
            if let file = HistoryFile(name) {
                return RawAndStaged(identity: .past(file), raw: name, staged: output ?? paths.stagedFile(file))
            }
            guard let named = ArchivePaths.parse(name) else {
                guard let output else {
                    throw ValidationError("'\(name)' does not end in <date>/<hour>/<exchange>.ndjson.gz: give --output")
                }
                return RawAndStaged(identity: .lines, raw: name, staged: output)
            }
            return RawAndStaged(
                identity: .hour(named.exchange, named.hour, named.feed), raw: name,
                staged: output ?? paths.stagedFile(named.exchange, named.hour, named.feed))
        }
    }
}

/// A raw file and the staged file that it becomes.
private struct RawAndStaged: Sendable {
    /// What the file is about.
    enum Identity: Sendable {
        /// As the path says.
        case hour(Exchange, Hour, Feed)
        /// As the path says.
        case past(HistoryFile)
        /// As its lines say.
        case lines
    }

    let identity: Identity
    let raw: String
    let staged: String

    func records(_ stage: RawToStaged) throws -> StagedHour {
        switch identity {
        case .hour(let exchange, let hour, .live): return try stage.staged(raw, exchange: exchange, hour: hour)
        case .hour(let exchange, let hour, .stream): return try stage.stagedStream(raw, exchange: exchange, hour: hour)
        case .past(let file): return try stage.staged(raw, of: file)
        case .lines, .hour(_, _, .history), .hour(_, _, .archive): return try stage.staged(raw)
        }
    }

    /// Whether the staged file was made by this version from the same bytes.
    func isCurrent(_ reader: StagedReader) throws -> Bool {
        guard let source = reader.source(staged), source.transformVersion == transformVersion else { return false }
        return try source.rawSHA256 == sha256(of: raw)
    }

    /// The files of a span whose raw file exists.
    static func existing(in hours: ClosedRange<Hour>, of exchanges: [Exchange], paths: ArchivePaths) -> [RawAndStaged] {
        hours.hours.flatMap { hour in
            exchanges.flatMap { exchange in
                Feed.ofHours.map { feed in
                    RawAndStaged(
                        identity: .hour(exchange, hour, feed), raw: paths.rawFile(exchange, hour, feed),
                        staged: paths.stagedFile(exchange, hour, feed))
                }
            }
        }
        .filter { FileSystem.exists($0.raw) }
    }

    /// All files of the past of some exchanges.
    static func past(of exchanges: [Exchange], paths: ArchivePaths) throws -> [RawAndStaged] {
        try paths.rawHistory().filter { exchanges.contains($0.exchange) }.map {
            RawAndStaged(identity: .past($0), raw: paths.rawFile($0), staged: paths.stagedFile($0))
        }
    }
}
