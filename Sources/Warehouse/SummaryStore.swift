import GRDB
import PerpCore

/// Writes and reads what sealing an hour makes.
final class SummaryStore {
    static let tables = [
        "exchange_summary", "market_summary", "model_score", "liquidation_summary", "market_liquidation",
        "field_finding",
    ]

    private let database: Database
    private let deletions: [Statement]
    private let exchange: Statement
    private let market: Statement
    private let score: Statement
    private let liquidation: Statement
    private let marketLiquidation: Statement
    private let finding: Statement
    private let seal: Statement

    init(_ database: Database) throws {
        self.database = database
        func insert(_ table: String, _ columns: [String]) throws -> Statement {
            let places = Array(repeating: "?", count: columns.count).joined(separator: ", ")
            return try Statement(
                database, "INSERT INTO \(table) (\(columns.joined(separator: ", "))) VALUES (\(places))")
        }
        deletions = try Self.tables.map { try Statement(database, "DELETE FROM \($0) WHERE hour = ?") }
        exchange = try insert("exchange_summary", ExchangeSummary.columns)
        market = try insert("market_summary", MarketSummary.columns)
        score = try insert("model_score", ModelScore.columns)
        liquidation = try insert("liquidation_summary", LiquidationSummary.columns)
        marketLiquidation = try insert("market_liquidation", MarketLiquidation.columns)
        finding = try insert("field_finding", ["hour", "exchange_id", "symbol", "field", "reason"])
        seal = try Statement(database, "UPDATE hour SET sealed = 1, dirty = 0 WHERE hour = ?")
    }

    /// Replaces the hour's rows and seals it.
    func write(_ summary: HourSummary) throws {
        for deletion in deletions {
            deletion.bind(1, summary.hour.start)
            try deletion.run()
        }
        for row in summary.exchanges { try row.bind(to: exchange).run() }
        for row in summary.markets { try row.bind(to: market).run() }
        for row in summary.scores { try row.bind(to: score).run() }
        for row in summary.liquidations { try row.bind(to: liquidation).run() }
        for row in summary.marketLiquidations { try row.bind(to: marketLiquidation).run() }
        for row in Set(summary.findings) {
            finding.bind(1, summary.hour.start)
            finding.bind(2, row.exchange.id)
            finding.bind(3, row.symbol)
            finding.bind(4, row.field)
            finding.bind(5, row.reason.rawValue)
            try finding.run()
        }
        seal.bind(1, summary.hour.start)
        try seal.run()
    }

    /// The rows of the sealed hours in a span, both ends included, ascending.
    func pastHours(from first: Hour, through last: Hour) throws -> [PastHour] {
        var hours: [Hour: PastHour] = [:]
        func rows(_ table: String, _ columns: [String], order: String, _ body: (Statement) throws -> Void)
            throws
        {
            let query = try Statement(
                database,
                """
                SELECT \(columns.map { "s." + $0 }.joined(separator: ", ")) FROM \(table) AS s
                JOIN hour AS h ON h.hour = s.hour AND h.sealed = 1
                \(order.contains("position") ? "JOIN exchange AS e ON e.exchange_id = s.exchange_id" : "")
                WHERE s.hour BETWEEN ? AND ? ORDER BY s.hour, \(order)
                """)
            query.bind(1, first.start)
            query.bind(2, last.start)
            try query.forEachRow(body)
        }
        func past(_ hour: Hour, _ change: (inout PastHour) -> Void) {
            var row =
                hours[hour]
                ?? PastHour(hour: hour, exchanges: [], markets: [], liquidations: [], marketLiquidations: [])
            change(&row)
            hours[hour] = row
        }
        try rows("exchange_summary", ExchangeSummary.columns, order: "e.position") { row in
            let value = try ExchangeSummary(row)
            past(value.hour) { $0.exchanges.append(value) }
        }
        try rows("market_summary", MarketSummary.columns, order: "s.model") { row in
            let value = try MarketSummary(row)
            past(value.hour) { $0.markets.append(value) }
        }
        try rows("liquidation_summary", LiquidationSummary.columns, order: "e.position") { row in
            let value = try LiquidationSummary(row)
            past(value.hour) { $0.liquidations.append(value) }
        }
        try rows("market_liquidation", MarketLiquidation.columns, order: "s.window_hours") { row in
            let value = try MarketLiquidation(row)
            past(value.hour) { $0.marketLiquidations.append(value) }
        }
        return hours.values.sorted { $0.hour < $1.hour }
    }

    /// The factors of the sealed hours in a span, both ends included.
    func scores(from first: Hour, through last: Hour) throws -> [ModelScore] {
        var scores: [ModelScore] = []
        let query = try Statement(
            database,
            """
            SELECT \(ModelScore.columns.map { "s." + $0 }.joined(separator: ", ")) FROM model_score AS s
            JOIN hour AS h ON h.hour = s.hour AND h.sealed = 1
            WHERE s.hour BETWEEN ? AND ? ORDER BY s.hour, s.model
            """)
        query.bind(1, first.start)
        query.bind(2, last.start)
        try query.forEachRow { scores.append(try ModelScore($0)) }
        return scores
    }
}
