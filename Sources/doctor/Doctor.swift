import ArgumentParser
import CommandSupport
import PerpCore
import PipelineFiles
import Reports
import Warehouse
import WarehouseCommands

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Reports the state of the pipeline, and what to do about each problem.
@main
struct Doctor: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "What is missing, stale, failing or full, and what to do about it.",
        discussion: """
            Reads settings, the newest raw and run files of the last day, and the warehouse. It only writes the diary of \
            the fields that exchanges send, at most once per hour and under the lock, and METRICS_FILE, a text file for \
            a Prometheus collector.

            \(endings)
            """,
        version: packageVersion)

    private static let endings = ExitStatus.help([
        .done: "all is well", .unavailable: "something wants attention",
        .io: "a file of settings cannot be read, or METRICS_FILE cannot be written",
    ])

    @OptionGroup var warehouse: WarehouseOptions

    @OptionGroup var archive: ArchiveFolders

    @Option(help: "Write the figures to this file as well; METRICS_FILE in the settings.")
    var metrics: String?

    @Flag(help: "Print JSON.")
    var json = false

    @OptionGroup var clock: ClockOptions

    func run() throws {
        let settings = try Settings.load(for: "doctor")
        var examination = Examination(
            settings: settings, paths: archive.paths, warehousePath: warehouse.path,
            now: clock.time)
        examination.run()
        let report = examination.report
        print(json ? try report.json() : report.text(coloured: isColoured), terminator: "")
        if let file = metrics ?? settings["METRICS_FILE"] {
            try running("doctor") {
                let text = ByteBuffer(Array(report.metrics.utf8))
                try text.withBytes { bytes throws(FileError) in try FileSystem.write(bytes, to: file) }
            }
        }
        if report.complaints > 0 { throw ExitStatus.unavailable.code }
    }

    private var isColoured: Bool {
        isatty(STDOUT_FILENO) == 1 && (getenv("NO_COLOR").map { $0.pointee == 0 } ?? true)
    }
}
