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
                location: warehouse.path, pastMonth: try pastMonth(database))
            print(json ? try statistics.json() : statistics.text, terminator: "")
        }
    }

    /// A month of bitcoin on the first exchange of which candles are stored.
    private func pastMonth(_ database: Warehouse) throws -> Statistics.PastMonth? {
        let past = HistoryReader(database)
        for exchange in Exchange.allCases {
            let contracts = try past.contracts(of: exchange).filter { $0.asset == "BTC" }
            let last = try contracts.compactMap { try past.lastCandle(exchange, $0.symbol) }
                .max { ($0.volumeUSD ?? 0) < ($1.volumeUSD ?? 0) }
            guard let last else { continue }
            let first = last.from.advanced(byMilliseconds: -Int64(Statistics.PastMonth.days) * 24 * Hour.milliseconds)
            return Statistics.PastMonth(
                exchange, candles: try past.candles(exchange, last.symbol, in: first..<Timestamp.latest),
                settlements: try past.settlements(exchange, last.symbol, in: first..<Timestamp.latest))
        }
        return nil
    }
}
