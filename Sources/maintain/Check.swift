import ArgumentParser
import CommandSupport
import PerpCore
import PipelineFiles
import Reports
import Warehouse
import WarehouseCommands

/// Runs the data-quality checks and stores what they found.
struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Data-quality checks: each returns wrong rows.",
        discussion: """
            Over the last seven days in the warehouse, or --from and --to, or --all. What was found is stored in the table \
            check_result.

            \(endings)
            """)

    private static let endings = ExitStatus.help(
        [
            .done: "no errors (there may be warnings)", .data: "a check of severity error has wrong rows",
            .io: "the database is missing or failed",
        ],
        locked: true)

    @OptionGroup var warehouse: WarehouseOptions

    @OptionGroup var span: SpanOptions

    @Flag(help: "Check all hours.")
    var all = false

    @Flag(help: "Print JSON.")
    var json = false

    @Flag(help: "Only look: do not store what was found, and take no lock.")
    var dryRun = false

    @OptionGroup var clock: ClockOptions

    private static let usualHours = 7 * 24
    private static let patience = Duration.seconds(60)

    func validate() throws {
        if all && span.hours != nil { throw ValidationError("--all goes without a span") }
    }

    func run() throws {
        try warehouse.running("maintain") {
            let database = try Warehouse(path: warehouse.path, for: .reading)
            let hours = try hours(of: database)
            let findings = try Checks(database).run(over: hours)
            let report = CheckReport(
                hours: hours,
                findings: findings.map {
                    CheckReport.Finding(
                        name: $0.name, severity: $0.severity.rawValue, meaning: $0.meaning, rows: $0.rows,
                        columns: $0.columns, sample: $0.sample)
                })
            print(json ? try report.json() : report.text, terminator: "")
            if !dryRun { try keep(findings) }
            if report.hasErrors { throw ExitStatus.data.code }
        }
    }

    /// Stores the findings. Only this needs the lock: others may write while the checks read.
    private func keep(_ findings: [CheckFinding]) throws {
        let lock = try warehouse.lock("maintain check", patience: Self.patience)
        defer { withExtendedLifetime(lock) {} }
        try Checks(Warehouse(path: warehouse.path)).store(findings, at: clock.time)
    }

    private func hours(of database: Warehouse) throws -> ClosedRange<Hour> {
        let known = try AskedHours("maintain", in: database).recorded(span.hours)
        if span.hours != nil { return known }
        let first = known.upperBound.advanced(by: 1 - Self.usualHours)
        return all || first < known.lowerBound ? known : first...known.upperBound
    }
}
