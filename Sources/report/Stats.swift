import ArgumentParser
import CommandSupport
import PerpCore
import Reports
import Sealing
import Warehouse
import WarehouseCommands

/// Prints what the warehouse holds.
struct Stats: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Statistics of the warehouse: snapshots, averages, sentiment, liquidations, coverage.",
        discussion: Report.endings)

    @OptionGroup var warehouse: WarehouseOptions

    @Option(help: "The sentiment model: \(SentimentModel.allCases.map(\.rawValue).joined(separator: ", ")).")
    var model: SentimentModel?

    @OptionGroup var span: SpanOptions

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        try warehouse.running("report") {
            let database = try Warehouse(path: warehouse.path, for: .reading)
            if let hours = span.hours { try AskedHours("report", in: database).recorded(hours) }
            let sealed = SealedHours(database)
            var hours: [PastHour] = []
            if let span = try span.hours ?? sealed.span() {
                hours = try sealed.summaries(from: span.lowerBound, through: span.upperBound)
            }
            let statistics = Statistics(
                hours: hours, model: try model ?? database.sentimentModel(),
                fileSizeBytes: try database.fileSize(),
                location: warehouse.path)
            print(json ? try statistics.json() : statistics.text, terminator: "")
        }
    }
}
