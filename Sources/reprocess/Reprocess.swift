import ArgumentParser
import CommandSupport
import Foundation
import OutcomeKeeping
import PerpCore
import PipelineFiles
import Sealing
import Signals
import Warehouse
import WarehouseCommands

/// Makes staged files and warehouse again from raw, both stages in one process.
@main
struct Reprocess: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reprocess",
        abstract: "Makes staged files and warehouse again from raw.",
        discussion: """
            A span:      reprocess --from 2025-10-01T00 --to 2025-10-31T23 [--exchanges okx]
                         replaces those hours in index; what is current already is skipped.
            Everything:  reprocess
                         fills a scratch database beside the live one, checks it, prints which tables differ,
                         and copies it into the live file. Hours whose raw is gone are carried over. What
                         exchanges told of the past (raw/history) is made again here only.
            A proof:     reprocess --prove
                         the same without the last step: says whether every derived table is equal.

            Who reads meanwhile sees whole hours. A killed run is repeated and takes up where it was.

            \(endings)
            """,
        version: packageVersion)

    private static let endings = ExitStatus.help(
        [
            .data: "a raw file cannot be read or --prove found a difference", .io: "a file or the database failed",
        ],
        locked: true, signals: "the hours at hand")

    @OptionGroup var span: SpanOptions
    @OptionGroup var archive: ArchiveOptions

    @OptionGroup var warehouse: WarehouseOptions

    @Option(help: "Threads that turn raw into staged; one more writes the database.")
    var jobs = max(1, ProcessInfo.processInfo.activeProcessorCount)

    @Flag(help: "Compare the live database with one made from raw, and change nothing.")
    var prove = false

    @Flag(help: "Make current hours again as well.")
    var force = false

    @OptionGroup var clock: ClockOptions

    func validate() throws {
        guard (1...256).contains(jobs) else { throw ValidationError("--jobs is a number from 1 to 256") }
        if force, span.hours == nil {
            throw ValidationError("--force goes with --from and --to: everything is made again anyhow")
        }
        if prove, span.hours != nil { throw ValidationError("--prove compares everything; it takes no span") }
        if span.hours == nil, archive.isLimited { throw ValidationError("--exchanges goes with --from and --to") }
    }

    func run() throws {
        Allocator.separateLargePieces()
        let fees = try takerFees()
        let assets = try focusAssets()
        try warehouse.running("reprocess") {
            let lock = try warehouse.lock("reprocess")
            defer { withExtendedLifetime(lock) {} }
            let stop = StopRequest()
            if let hours = span.hours {
                let live = try Warehouse(path: warehouse.path)
                try live.setTakerFees(fees.byExchange)
                try live.setForecastAssets(assets)
                try reprocess(hours, in: live, stop)
            } else {
                try rebuild(fees, assets, stop)
            }
        }
    }

    private func takerFees() throws -> TakerFees {
        let settings = try Settings.load(for: "reprocess")
        return try asUsage { try settings.takerFees() }
    }

    private func focusAssets() throws -> [String] {
        let settings = try Settings.load(for: "reprocess")
        return try asUsage { try settings.focusAssets() }
    }

    private func reprocess(_ hours: ClosedRange<Hour>, in live: Warehouse, _ stop: StopRequest) throws {
        let files = Archive.files(in: hours, of: try archive.exchanges(), paths: archive.paths)
        if files.isEmpty {
            let what = "there is no raw file from \(hours.lowerBound) to \(hours.upperBound)"
            Diagnostics.report("reprocess", "\(what): what the warehouse holds of these hours is as it was")
            throw ExitStatus.usage.code
        }
        let loaded = force ? [:] : try CoverageLedger(live).loadedRaw(in: hours)
        let started = ContinuousClock.now
        let loader = Loader(
            warehouse: live, paths: archive.paths, now: clock.time, isLive: true, loadsAgain: force,
            isStopped: { stop.isMade })
        let production = Production(paths: archive.paths, loaded: loaded, writesFiles: true)
        let outcome = try loader.run(files, from: production.run(files, jobs: jobs))
        if !stop.isMade { try live.seal() }
        try OutcomeKeeper(live).refresh()
        FileSystem.syncEverything()
        try stop.endIfMade("reprocess", "hours are left")
        try finish(outcome, started)
    }

    /// A database that is damaged is replaced, and kept aside; soundness is asked of SQLite, not of equal rows.
    private func rebuild(_ fees: TakerFees, _ assets: [String], _ stop: StopRequest) throws {
        if !prove { try removeReplacement() }
        if prove, !FileSystem.exists(warehouse.path) { throw WarehouseError.missing(path: warehouse.path) }
        if !prove, FileSystem.exists(warehouse.path), let problem = try WarehouseFile(warehouse.path).damage() {
            return try replaceDamaged(problem, fees, assets, stop)
        }
        do {
            try rebuild(Warehouse(path: warehouse.path), fees, assets, stop)
        } catch  where !prove && WarehouseError.isDamage(error) {
            // It was found while it was read, and not by SQLite itself: in the scratch database, or else in the live one.
            if let problem = try scratchProblem() {
                throw WarehouseError.unsoundScratch(path: scratchPath, problem: problem)
            }
            // A page that could not be read once is no damage: that is met again.
            do {
                try rebuild(Warehouse(path: warehouse.path), fees, assets, stop)
            } catch  where WarehouseError.isDamage(error) {
                try replaceDamaged("\(error)", fees, assets, stop)
            }
        }
    }

    private var scratchPath: String { Rebuild.scratchPath(of: warehouse.path) }

    /// What is wrong with the scratch database; `nil` when it is sound, or there is none. Throws what keeps it from being read.
    private func scratchProblem() throws -> String? {
        FileSystem.exists(scratchPath) ? try WarehouseFile(scratchPath).damage() : nil
    }

    /// Fills a new database beside the damaged one, and puts it in its place when it is complete.
    private func replaceDamaged(_ problem: String, _ fees: TakerFees, _ assets: [String], _ stop: StopRequest) throws {
        Diagnostics.report("reprocess", "\(warehouse.path): is damaged (\(problem)): making a new one beside it")
        try removeReplacement()
        try fill(replacement, fees, assets, stop)
        let aside = try WarehouseFile(warehouse.path).replaceDamaged(
            by: replacement, keptAside: ".damaged-\(clock.time.milliseconds)")
        Diagnostics.report("reprocess", "\(warehouse.path): made anew; the damaged one is kept as \(aside)")
    }

    private var replacement: String { warehouse.path + ".new" }

    /// What a run that was ended left of a new database is of no use to anybody.
    private func removeReplacement() throws {
        for path in [replacement, Rebuild.scratchPath(of: replacement)] { try WarehouseFile(path).remove() }
    }

    private func fill(_ replacement: String, _ fees: TakerFees, _ assets: [String], _ stop: StopRequest) throws {
        let database = try Warehouse(path: replacement)
        let lost = try ContentTransfer(to: database).salvageKeptTables(of: warehouse.path)
        if !lost.isEmpty {
            let names = lost.joined(separator: ", ")
            Diagnostics.report("reprocess", "\(warehouse.path): cannot be read any more: \(names)")
        }
        try rebuild(database, fees, assets, stop)
        try database.close()
    }

    private func rebuild(_ live: Warehouse, _ fees: TakerFees, _ assets: [String], _ stop: StopRequest) throws {
        // A proof changes nothing; what it makes has the fees of the live database.
        if !prove {
            try live.setTakerFees(fees.byExchange)
            try live.setForecastAssets(assets)
        }
        let rebuild = Rebuild(
            live: live, paths: archive.paths, now: clock.time, jobs: jobs, isStopped: { stop.isMade })
        if prove { rebuild.removeScratch() }
        let isResumed = FileSystem.exists(rebuild.scratchPath)
        do {
            try make(rebuild, stop)
        } catch  where isResumed && WarehouseError.isOfNoUse(error) {
            // What an interrupted run left may be anything: half made, of a power cut, of another schema.
            Diagnostics.report(
                "reprocess", "\(rebuild.scratchPath): of no use: \(error): begun anew")
            rebuild.removeScratch()
            try make(rebuild, stop)
        }
    }

    private func make(_ rebuild: Rebuild, _ stop: StopRequest) throws {
        let live = rebuild.live
        let started = ContinuousClock.now
        let filled = try rebuild.fillScratch(writesFiles: !prove)
        if stop.isMade, prove { rebuild.removeScratch() }
        try stop.endIfMade("reprocess", "the warehouse is as it was")
        let checks = rebuild.beginChecks()
        // A database that holds nothing has nothing to be compared with.
        let isNew = try !prove && CoverageLedger(live).loadedRaw().isEmpty && HistoryReader(live).files().isEmpty
        let differences = isNew ? [] : try Rebuild.differences(live, filled.scratch)
        for (old, new) in differences {
            let what = old.rows == new.rows ? ", other values" : ""
            print("\(old.table): \(old.rows) rows live, \(new.rows) rows from raw\(what)")
        }
        func confirm() throws {
            // The pages that were copied go to the disk while the checks end.
            let pages = Meanwhile { [path = live.path] in try FileSystem.syncFile(path) }
            let problems = try checks.flatMap { try $0.value() }
            if let problem = problems.first {
                throw WarehouseError.unsoundScratch(path: rebuild.scratchPath, problem: problem)
            }
            try filled.files.value()
            try pages.value()
        }
        if !prove, isNew || !differences.isEmpty {
            try ContentTransfer(to: live).replaceContent(by: filled.scratch, isEmpty: isNew, confirm: confirm)
        } else {
            try confirm()
        }
        rebuild.removeScratch()
        if prove { say(differences.count) }
        try finish(filled.outcome, started)
        if prove, !differences.isEmpty { throw ExitStatus.data.code }
    }

    /// The outcome of a proof.
    private func say(_ differences: Int) {
        print(differences == 0 ? "every derived table is equal to one made from raw" : "\(differences) tables differ")
    }

    private func finish(_ outcome: Loader.LoadResult, _ started: ContinuousClock.Instant) throws {
        for failure in outcome.failures { Diagnostics.report("reprocess", failure) }
        let seconds = max((ContinuousClock.now - started) / .seconds(1), 0.001)
        let megabytes = Double(outcome.textBytes) / 1e6
        print(
            "\(outcome.files) files made again, \(outcome.current) current, \(outcome.failures.count) failed; "
                + "\(outcome.tickers) tickers, \(Int(megabytes)) MB of JSON in \(String(format: "%.1f", seconds)) s "
                + "(\(Int(megabytes / seconds)) MB/s, \(Int(Double(outcome.tickers) / seconds)) tickers/s)")
        if !outcome.failures.isEmpty { throw ExitStatus.data.code }
    }
}
