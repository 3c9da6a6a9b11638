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
    ])

    @Option(help: "The hour: 2025-10-23T15. The latest sealed one when left out.", transform: Hour.argument)
    var hour: Hour?

    @Option(help: "The folder of the pages; page/ beside the database when left out.")
    var output: String?

    @OptionGroup var warehouse: WarehouseOptions

    @OptionGroup var clock: ClockOptions

    func run() throws {
        try warehouse.running("page") {
            let fees = try Settings.load(for: "page").takerFees()
            let database = try Warehouse(path: warehouse.path, for: .reading)
            let hour = try AskedHours("page", in: database).stored(hour)
            let folder = SiteFolder(output ?? "\(warehouse.folder)/page")
            try database.reading {
                try SiteMaker(database, hour, now: clock.time, fees: fees).makePages { try folder.put($0) }
            }
            try folder.removeOthers()
            let result = folder.result
            print("\(hour): \(result)")
        }
    }
}
