import ArgumentParser
import CommandSupport
import PerpCore
import Reports
import Sealing
import Warehouse
import WarehouseCommands

/// Prints an overview of one stored hour.
struct HourOverview: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hour",
        abstract:
            "The market at one hour: mood, funding and its forecast, structure, liquidations, strategies, anomalies.",
        discussion: Report.sealedEndings)

    @Option(help: "The hour: 2025-10-23T15. The latest sealed one when left out.", transform: Hour.argument)
    var hour: Hour?

    @Option(help: "The sentiment model: v2, seed-v1; SENTIMENT_MODEL's when left out.")
    var model: SentimentModel?

    @OptionGroup var warehouse: WarehouseOptions

    @Flag(help: "Print JSON.")
    var json = false

    @Flag(help: "Print Markdown.")
    var markdown = false

    func validate() throws {
        if json && markdown { throw ValidationError("--json or --markdown") }
    }

    func run() throws {
        try warehouse.running("report") {
            let fees = try Settings.load(for: "report").takerFees()
            let database = try Warehouse(path: warehouse.path, for: .reading)
            let hour = try AskedHours("report", in: database).stored(hour)
            let sealed = SealedHours(database)
            let model = try model ?? database.sentimentModel()
            let report = HourReport(
                try sealed.hour(hour), model: model,
                settlements: try sealed.settlements(days: 7, before: hour),
                alerts: try AlertStore(database).alerts(at: hour).map {
                    HourReport.Told(key: $0.key, confidence: $0.confidence, decision: $0.decision)
                },
                record: try AlertRecord(database, at: hour),
                closedHour: try LiquidationReport(.init(hour: hour, hours: 1, model: model), from: database),
                hasHistory: try HistoryReader(database).tells(of: hour.advanced(by: -25)...hour.advanced(by: -23)),
                intervalChanges: try sealed.intervalChanges(inDayThrough: hour),
                trends: try sealed.trends(at: hour), forecasts: try ForecastReader(database).forecasts(at: hour),
                next8: try ForecastReader(database).next8(at: hour), fees: fees)
            print(json ? try report.json() : markdown ? report.markdown : report.text, terminator: "")
        }
    }
}
