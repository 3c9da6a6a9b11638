import ArgumentParser
import CommandSupport
import PerpCore
import Reports
import Sealing
import Warehouse

/// Prints the liquidations of the last hours.
struct Liquidations: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Liquidations of the last hours in the warehouse: sums, sides, bias, cascade risk.",
        discussion:
            "The period ends with the latest hour, or --hour. Figures are lower bounds where they begin with >=.")

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

    @Option(help: "The database.")
    var warehouse = "warehouse/market_history.db"

    @Flag(
        help: """
            Ask the exchanges now, for the closed hour before this one, and only what liquidations need; the warehouse \
            and the archive are left alone.
            """)
    var live = false

    @Option(help: "With --live: the folder of raw files, whose ledger of bans is obeyed and kept.")
    var raw = "raw"

    @Flag(help: "Print JSON.")
    var json = false

    func validate() throws {
        guard (1...8784).contains(hours) else { throw ValidationError("--hours is a number from 1 to 8784") }
    }

    func run() throws {
        try answering(warehouse) {
            guard live else { return try report(from: warehouse, hours: hours) }
            let now = try LiveHour(hour, of: exchange, bans: raw)
            // One hour is all that an hour's answers tell.
            try withExtendedLifetime(now) { try report(from: now.warehouse, hours: 1) }
        }
    }

    private func report(from path: String, hours: Int) throws {
        let database = try Warehouse(path: path, for: .reading)
        guard let last = try database.sealedSpan()?.last else {
            _ = try recorded(nil, in: database)
            throw notSealed(warehouse)
        }
        let hour = try stored(hour, in: database, latest: last)
        let question = LiquidationReport.Question(
            hour: hour, hours: hours, exchange: exchange, volumeUSD24h: volume,
            model: try model ?? database.sentimentModel(), isLive: live)
        _ = try recorded(question.hour.advanced(by: 1 - hours)...question.hour, in: database)
        let counts = try database.liquidationCounts(hours: hours, before: question.hour)
        let report = LiquidationReport(
            question,
            rows: try database.summaries(from: question.rows.lowerBound, through: question.rows.upperBound),
            counts: counts.mapValues { $0.mapValues { ($0.long, $0.short) } })
        print(json ? try report.json() : report.text, terminator: "")
    }
}
