import ArgumentParser
import CommandSupport
import PerpCore
import Reports
import Warehouse
import WarehouseCommands

/// Prints which exchanges are missing in which hours.
struct Gaps: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Hours and exchanges that are missing, and why.",
        discussion: """
            Between the first and the last hour that the warehouse knows, or --from and --to. An hour without any run \
            is one in which the machine was off; hours after the last run are no gap yet: 'doctor' says how late they are. \
            Of streams: hours without a file, and parts of hours that were not heard. Then what 'backfill' can still ask \
            the exchanges for, and until when, and what is gone for good.

            \(Report.endings)
            """)

    @OptionGroup var warehouse: WarehouseOptions

    @OptionGroup var span: SpanOptions

    @OptionGroup var clock: ClockOptions

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        try warehouse.running("report") {
            let database = try Warehouse(path: warehouse.path, for: .reading)
            let hours = try AskedHours("report", in: database).recorded(span.hours)
            let ledger = CoverageLedger(database)
            let report = GapReport(
                hours: hours,
                absences: try ledger.missingHours(in: hours).map {
                    GapReport.Absence(hour: $0.hour, exchange: $0.exchange, cause: $0.cause, reason: $0.reason)
                },
                venues: try ledger.coverage(in: hours).map {
                    GapReport.ExchangeHours(
                        exchange: $0.exchange, expectedHours: $0.expectedHours, loadedHours: $0.loadedHours,
                        firstHour: $0.firstLoaded)
                }, streams: try streams(in: hours, ledger), history: try history(in: hours, database))
            print(json ? try report.json() : report.text, terminator: "")
        }
    }

    private func history(in hours: ClosedRange<Hour>, _ database: Warehouse) throws -> HistoryGaps {
        HistoryGaps(
            try HistoryHoles(database).states(in: hours, of: Exchange.allCases, at: clock.time).map {
                HistoryGaps.Hole(
                    $0.hole, answered: $0.answered, of: $0.contracts, isClosed: $0.isClosed, at: clock.time)
            })
    }

    private func streams(in hours: ClosedRange<Hour>, _ ledger: CoverageLedger) throws -> StreamGaps {
        StreamGaps(
            unrecorded: try ledger.unrecordedHours(in: hours).map {
                GapReport.Absence(hour: $0.hour, exchange: $0.exchange, cause: $0.cause, reason: $0.reason)
            },
            gaps: try ledger.unheardStreams(in: hours).map { ($0.exchange, $0.gap) },
            heard: try ledger.heardStreams(in: hours).map {
                StreamGaps.HeardHours(
                    exchange: $0.exchange, recordedHours: $0.recordedHours, heardMilliseconds: $0.heardMilliseconds)
            })
    }
}
