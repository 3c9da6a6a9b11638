import ArgumentParser
import CommandSupport
import PerpCore
import PipelineFiles
import Warehouse
import WarehouseCommands

/// Writes a copy for other people's tools while the pipeline runs.
struct Publish: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "A copy of the warehouse for Datasette, Grafana, DuckDB and notebooks, with what they need.",
        discussion: """
            Writes published.db into the folder of the page, by one rename, then published.json with its hour and hash; beside \
            them metadata.json for Datasette, grafana.json, published.sql for DuckDB and questions.ipynb. Programs that have \
            the old copy open keep it until they open it again.

            \(endings)
            """)

    private static let endings = ExitStatus.help([
        .io: "the database is missing, of another schema or cannot be copied", .locked: "another run publishes there",
    ])

    @OptionGroup var warehouse: WarehouseOptions

    @Option(help: "Where the copy goes; warehouse/page when left out.")
    var folder: String?

    @OptionGroup var clock: ClockOptions

    func run() throws {
        try warehouse.running("maintain") {
            guard FileSystem.exists(warehouse.path) else { throw WarehouseError.missing(path: warehouse.path) }
            let folder = folder ?? "\(warehouse.folder)/page"
            let lock = try Lock("\(folder)/.publish.lock", purpose: "maintain publish")
            defer { withExtendedLifetime(lock) {} }
            let note = try Publication(warehouse: warehouse.path, folder: folder, time: clock.time).publish()
            let hour = note.hour.map { "up to \($0)" } ?? "without a sealed hour"
            print("\(folder)/\(note.file): \(hour), \(megabytes(note.sizeBytes)), SHA-256 \(note.sha256)")
        }
    }
}
