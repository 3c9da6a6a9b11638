import ArgumentParser
import CommandSupport
import Pages
import PerpCore
import PipelineFiles
import Warehouse
import WarehouseCommands

/// Writes the pages of a sealed hour. It only reads the database.
@main
struct MakePages: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "page",
        abstract: "The market, its coins and exchanges, signals and data quality as static pages.",
        discussion: """
            The pages of one hour, as files that ask for nothing else. A file whose content stays the same is not written, \
            and a file of what is gone is removed; each is written to a temporary name and renamed.

            \(endings)
            """,
        version: packageVersion)

    static let endings = ExitStatus.help([
        .usage: "wrong usage (hours of which nothing is recorded too)",
        .unavailable: "hours are recorded, but none is sealed yet", .io: "the database or a file is missing or failed",
        .locked: "another run has been making pages there for a minute",
    ])

    @Option(help: "The hour: 2025-10-23T15. The latest sealed one when left out.", transform: Hour.argument)
    var hour: Hour?

    @Option(help: "The folder of the pages; page/ beside the database when left out.")
    var output: String?

    @Option(help: "How many contracts of each coin of FOCUS_ASSETS have their numbers explained, the largest first.")
    var explained = 1

    @Option(help: "Make the page of each smaller coin once in so many hours, some in each; 1 makes all.")
    var every = 1

    @OptionGroup var warehouse: WarehouseOptions

    @OptionGroup var archive: ArchiveFolders

    @Option(help: "The folder that make is told as DATA, for the commands on the pages.")
    var data = "."

    @OptionGroup var clock: ClockOptions

    func validate() throws {
        guard explained >= 0 else { throw ValidationError("--explained is a count") }
        guard output != "" else { throw ValidationError("--output names a folder") }
        guard (1...24).contains(every) else { throw ValidationError("--every is a number of hours, 1 to 24") }
    }

    func run() throws {
        try warehouse.running("page") {
            let stored = try Settings.load(for: "page")
            let settings = SiteSettings(
                fees: try stored.takerFees(), focus: try stored.focusAssets(), explained: explained,
                archive: archive.paths, data: data == "." ? nil : data, everyHours: every)
            let database = try Warehouse(path: warehouse.path, for: .reading)
            let path = output ?? "\(warehouse.folder)/page"
            let lock = try Lock("\(path)/.page.lock", purpose: "page", patience: .seconds(60))
            defer { withExtendedLifetime(lock) {} }
            let folder = SiteFolder(path)
            let made = try SiteMaker(database, now: clock.time, settings).makePages(in: folder) {
                try AskedHours("page", in: database).stored(hour)
            }
            try folder.removeOthers()
            let result = folder.result
            print("\(made): \(result)")
        }
    }
}
