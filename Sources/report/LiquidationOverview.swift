import ArgumentParser
import CommandSupport
import PerpCore
import Reports
import Sealing
import Warehouse
import WarehouseCommands

/// Prints the liquidations of the last hours.
struct LiquidationOverview: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "liquidations",
        abstract: "Liquidations of the last hours in the warehouse: sums, sides, bias, cascade risk.",
        discussion: """
            The period ends with the latest hour, or --hour. Figures are lower bounds where they begin with >=. \
            'extract --liquidations' asks the exchanges now.

            \(Report.sealedEndings)
            """)

    @Option(help: "How many hours, up to a year.")
    var hours = 24

    @Option(help: "One exchange; all when left out.", transform: Exchange.argument)
    var exchange: Exchange?

    @Option(
        help: "Dollars that the market trades in a day (238.5B), for the ratio; the warehouse's figure when left out.",
        transform: Dollars.argument)
    var volume: Double?

    @Option(help: "The last hour: 2025-10-23T15. The latest sealed one when left out.", transform: Hour.argument)
    var hour: Hour?

    @Option(help: "The model of the cascade score: v2, seed-v1; SENTIMENT_MODEL's when left out.")
    var model: SentimentModel?

    @OptionGroup var warehouse: WarehouseOptions

    /// Whether the database holds a part of one hour, as `extract --liquidations` asked it.
    @Flag(help: .hidden)
    var partial = false

    @Flag(help: "Print JSON.")
    var json = false

    func validate() throws {
        guard (1...8784).contains(hours) else { throw ValidationError("--hours must be a number from 1 to 8784") }
    }

    func run() throws {
        try warehouse.running("report") {
            let database = try Warehouse(path: warehouse.path, for: .reading)
            let report = try report(from: database)
            print(json ? try report.json() : report.text, terminator: "")
        }
    }

    private func report(from database: Warehouse) throws -> LiquidationReport {
        let asked = AskedHours("report", in: database)
        let hour = try asked.stored(hour)
        let question = LiquidationReport.Question(
            hour: hour, hours: hours, exchange: exchange, volumeUSD24h: volume,
            model: try model ?? database.sentimentModel(), isLive: partial)
        try asked.recorded(question.hour.advanced(by: 1 - hours)...question.hour)
        return try LiquidationReport(question, from: database)
    }
}

extension LiquidationReport {
    /// Reads what a question is about.
    init(_ question: Question, from database: Warehouse) throws {
        let facts = LoadedFacts(database)
        let feeds = try facts.liquidationFeeds(hours: question.hours, before: question.hour)
        let counts = try facts.liquidationCounts(hours: question.hours, before: question.hour, feeds: feeds)
        self.init(
            question,
            rows: try SealedHours(database).summaries(
                from: question.rows.lowerBound, through: question.rows.upperBound),
            counts: counts.mapValues { $0.mapValues { ($0.long, $0.short) } }, feeds: feeds)
    }
}
