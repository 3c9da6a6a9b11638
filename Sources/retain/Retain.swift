import ArgumentParser
import CommandSupport
import PerpCore
import PipelineFiles
import Warehouse
import WarehouseCommands

/// Removes hours that are older than they have to be kept.
@main
struct Retain: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retain",
        abstract: "Removes old hours: raw files, staged files, and rows of the warehouse.",
        discussion: """
            As set:       retain               RAW_DAYS, STAGED_DAYS, WAREHOUSE_DAYS and HISTORY_DAYS; one that is
                                               unset keeps all
            Some stages:  retain --warehouse-days 90      the stages that are named, and no other

            Hours that begin earlier than so many days ago go. Raw that was never loaded stays, unless --force is \
            given; raw that was loaded by an older transform version goes with a warning. Before rows go, their day is \
            rolled up into exchange_day and market_day, which are kept for good, as is load_log. A killed run is \
            repeated and goes on. What exchanges told of the past (raw/history) goes by HISTORY_DAYS alone, raw files \
            only: their facts stay.

            \(endings)
            """,
        version: packageVersion)

    private static let endings = ExitStatus.help(
        [.io: "a file or the database failed"], locked: true, signals: "the hour or day at hand")

    @Option(help: "Days of raw files to keep.")
    var rawDays: Int?

    @Option(help: "Days of staged files to keep.")
    var stagedDays: Int?

    @Option(help: "Days of rows to keep.")
    var warehouseDays: Int?

    @Option(help: "Days of raw files of the past to keep.")
    var historyDays: Int?

    @OptionGroup var archive: ArchiveFolders

    @OptionGroup var warehouse: WarehouseOptions

    @Flag(help: "Only say what would be removed.")
    var dryRun = false

    @Flag(help: "Remove raw that was never loaded as well.")
    var force = false

    @OptionGroup var clock: ClockOptions
    @OptionGroup var lock: LockOptions

    func validate() throws {
        for days in [rawDays, stagedDays, warehouseDays, historyDays] {
            if let days, !Settings.daysToKeep.contains(days) {
                throw ValidationError("\(days) is not \(Settings.wantedDays)")
            }
        }
    }

    func run() throws {
        try warehouse.running("retain") {
            let days = try daysToKeep()
            // A dry run changes nothing, and needs no lock.
            let held = dryRun ? nil : try warehouse.lock("retain", patience: lock.patience)
            defer { withExtendedLifetime(held) {} }
            var removal = Removal(
                paths: archive.paths, warehouse: nil, now: clock.time, isDryRun: dryRun,
                isForced: force, stop: StopRequest())
            // Staged files first: on a full disk their removal makes the room that the warehouse's log needs.
            if let staged = days.staged { try removal.run(DaysToKeep(staged: staged)) }
            removal.warehouse = try openWarehouse()
            try removal.run(DaysToKeep(raw: days.raw, warehouse: days.warehouse, history: days.history))
            try removal.stop.endIfMade("retain", "old hours are left")
        }
    }

    /// The days for the stages that the command line names, or else those of the settings.
    private func daysToKeep() throws -> DaysToKeep {
        if [rawDays, stagedDays, warehouseDays, historyDays].contains(where: { $0 != nil }) {
            return DaysToKeep(raw: rawDays, staged: stagedDays, warehouse: warehouseDays, history: historyDays)
        }
        let settings = try Settings.load(for: "retain")
        return DaysToKeep(
            raw: try settings.days("RAW_DAYS"), staged: try settings.days("STAGED_DAYS"),
            warehouse: try settings.days("WAREHOUSE_DAYS"), history: try settings.days("HISTORY_DAYS"))
    }

    /// Opens the database; `nil` when there is none: nothing is then known to be loaded.
    private func openWarehouse() throws -> Warehouse? {
        guard FileSystem.exists(warehouse.path) else { return nil }
        return try Warehouse(path: warehouse.path, for: dryRun ? .reading : .writing)
    }
}

/// How many days each stage goes back; `nil` keeps all.
struct DaysToKeep {
    var raw: Int?
    var staged: Int?
    var warehouse: Int?
    /// Of the raw files of the past.
    var history: Int?
}
