import ArgumentParser
import CommandSupport
import OutcomeKeeping
import PerpCore
import PipelineFiles
import Sealing
import Signals
import Warehouse
import WarehouseCommands

/// Loads staged files into the warehouse and seals the affected hours.
@main
struct Load: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "load",
        abstract: "Loads staged files into the warehouse.",
        discussion: """
            One file:   load staged/2025-10-23/15/okx.ndjson.gz
            One hour:   load --hour 2025-10-23T15
            A span:     load --from 2025-10-23T00 --to 2025-10-23T23
            A list:     ls staged/2025-10-23/*/*.ndjson.gz | load -
            The past:   load --history                 what backfill asked for; also beside --hour, or --from and --to
                        A file of the past of which neither raw nor staged is left is removed.

            A file that is already loaded is skipped, by its hash. The affected hours are sealed at the end, and their \
            run files added to the coverage ledger. SENTIMENT_MODEL (environment, .env, pipeline/config.env) says which \
            model the views show, TAKER_FEE_<EXCHANGE> what takers pay, FOCUS_ASSETS of which coins funding is forecast.

            \(endings)
            """,
        version: packageVersion)

    private static let endings = ExitStatus.help(
        [.data: "a file is not as it should be (the others are loaded)", .io: "a file or the database failed"],
        locked: true, signals: "the current file or hour")

    @Argument(help: "Staged files; - reads their paths from standard input.")
    var files: [String] = []

    @OptionGroup var warehouse: WarehouseOptions

    @Option(help: "The sentiment model that the views show, in place of SENTIMENT_MODEL: seed-v1 or v2.")
    var model: SentimentModel?

    @OptionGroup var span: SpanOptions
    @OptionGroup var archive: ArchiveOptions

    @Flag(help: "All staged files of the past.")
    var history = false

    @OptionGroup var clock: ClockOptions
    @OptionGroup var lock: LockOptions

    func validate() throws {
        guard files.isEmpty != (span.hours == nil && !history) else {
            throw ValidationError("name staged files, or --hour, or --from and --to, or --history")
        }
    }

    func run() throws {
        try warehouse.running("load") {
            let work = try work()
            try refuseNothing(work)
            let settings = try Settings.load(for: "load")
            let model = try model ?? settings.sentimentModel()
            let fees = try settings.takerFees()
            let assets = try settings.focusAssets()
            let lock = try warehouse.lock("load", patience: lock.patience)
            defer { withExtendedLifetime(lock) {} }
            let stop = StopRequest()
            warnOfEmptyDatabase()
            let database = try Warehouse(path: warehouse.path)
            if let model { try database.show(model) }
            try database.setTakerFees(fees.byExchange)
            try database.setForecastAssets(assets)
            let loading = Loading(
                warehouse: database, paths: archive.paths, now: { clock.time }, isStopped: { stop.isMade })
            let errors = try loading.run(work)
            try OutcomeKeeper(database).refresh()
            tellOfOlderRules(database, work)
            for error in errors { Diagnostics.report("load", error.message + (error.advice.map { ": \($0)" } ?? "")) }
            try stop.endIfMade("load", "files or hours are left")
            if let worst = errors.map(\.status).max(by: { $0.rawValue < $1.rawValue }) { throw worst.code }
        }
    }

    /// Throws when there is nothing to load for the named hours, not even the run files of hours in which all exchanges
    /// failed.
    private func refuseNothing(_ work: Work) throws {
        guard let hours = work.hours, let first = hours.first, let last = hours.last, work.files.isEmpty, !history,
            !archive.paths.hasRun(in: first...last)
        else { return }
        let span = first == last ? "of \(first)" : "from \(first) to \(last)"
        Diagnostics.report("load", "there is no staged file \(span): 'make transform' makes them from raw")
        throw ExitStatus.usage.code
    }

    /// Warns of a database of 0 bytes, which counts as new: what it may have held comes back from raw.
    private func warnOfEmptyDatabase() {
        guard FileSystem.exists(warehouse.path), FileSystem.size(of: warehouse.path) == 0 else { return }
        Diagnostics.report(
            "load",
            "\(warehouse.path): is empty, and begins anew: 'make reprocess' makes the other hours again from raw")
    }

    /// Says that the hour after an upgrade cannot be compared with earlier ones.
    private func tellOfOlderRules(_ database: Warehouse, _ work: Work) {
        guard let hour = work.hours?.last,
            let older = try? Health(database).hoursOfOlderRules(from: hour.advanced(by: -24)), older > 0  // only advice
        else { return }
        Diagnostics.report(
            "load",
            "\(older) of the last 24 hours are of older rules, and no change is told: 'make reprocess' mends them")
    }

    private func work() throws -> Work {
        guard files.isEmpty else {
            return Work(files: files == ["-"] ? Array(sequence(state: ()) { _ in readLine() }) : files, hours: nil)
        }
        let exchanges = try archive.exchanges()
        let hours = span.hours.map { Array($0.hours) } ?? []
        let files = hours.flatMap { hour in
            exchanges.flatMap { exchange in Feed.ofHours.map { archive.paths.stagedFile(exchange, hour, $0) } }
        }
        return Work(
            files: files.filter(FileSystem.exists), hours: hours, past: history ? exchanges : [])
    }
}

/// What a call of the program asks for.
struct Work {
    var files: [String]
    /// The hours that were named; `nil` means those of the files.
    var hours: [Hour]?
    /// The exchanges of which all staged files of the past are loaded.
    var past: [Exchange] = []
}
