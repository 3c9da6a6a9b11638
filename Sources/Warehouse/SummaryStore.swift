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
        try pastHours(from: first, through: last, venuesFrom: first, markets: "")
    }

    /// What sealing an hour looks at: see `History.venueHoursOfSealing`.
    func pastHours(forSealing hour: Hour) throws -> [PastHour] {
        try pastHours(
            from: hour.advanced(by: -History.summaryHours), through: hour.previous,
            venuesFrom: hour.advanced(by: -History.venueHoursOfSealing), markets: "AND model = 'v2'")
    }

    private func pastHours(
        from first: Hour, through last: Hour, venuesFrom: Hour, markets: String
    ) throws -> [PastHour] {
        var hours = try sealedHours(from: first, through: last).map {
            PastHour(hour: $0, exchanges: [], markets: [], liquidations: [], marketLiquidations: [])
        }
        try read("exchange_summary", ExchangeSummary.columns, from: venuesFrom, into: \.exchanges, of: &hours) {
            try ExchangeSummary($0)
        }
        try read(
            "market_summary", MarketSummary.columns, from: first, and: markets, into: \.markets, of: &hours
        ) { try MarketSummary($0) }
        try read("liquidation_summary", LiquidationSummary.columns, from: first, into: \.liquidations, of: &hours) {
            try LiquidationSummary($0)
        }
        try read("market_liquidation", MarketLiquidation.columns, from: first, into: \.marketLiquidations, of: &hours) {
            try MarketLiquidation($0)
        }
        for place in hours.indices {
            hours[place].exchanges.sort { $0.exchange < $1.exchange }
            hours[place].liquidations.sort { $0.exchange < $1.exchange }
        }
        return hours
    }

    private func sealedHours(from first: Hour, through last: Hour) throws -> [Hour] {
        let query = try Statement(
            database, "SELECT hour FROM hour WHERE hour BETWEEN ? AND ? AND sealed = 1 ORDER BY hour")
        query.bind(1, first.start)
        query.bind(2, last.start)
        var hours: [Hour] = []
        try query.forEachRow { hours.append(Hour(containing: $0.integer(0))) }
        return hours
    }

    /// Hands a table's rows to the hours that they belong to; both are in ascending order.
    private func read<Row>(
        _ table: String, _ columns: [String], from first: Hour, and condition: String = "",
        into field: WritableKeyPath<PastHour, [Row]>, of hours: inout [PastHour], _ row: (Statement) throws -> Row
    ) throws {
        guard let last = hours.last?.hour else { return }
        let query = try Statement(
            database,
            """
            SELECT \(columns.joined(separator: ", ")) FROM \(table)
            WHERE hour BETWEEN ? AND ? \(condition) ORDER BY hour
            """)
        query.bind(1, first.start)
        query.bind(2, last.start)
        // An hour's rows are gathered first: hundreds of hours have no room to spare.
        var gathered: [Row] = []
        var place = 0
        func hand() {
            if !gathered.isEmpty { hours[place][keyPath: field] = Array(gathered[...]) }
            gathered.removeAll(keepingCapacity: true)
        }
        try query.forEachRow { statement in
            let hour = statement.integer(0)
            while place < hours.count, hours[place].hour.start < hour {
                hand()
                place += 1
            }
            if place < hours.count, hours[place].hour.start == hour { gathered.append(try row(statement)) }
        }
        hand()
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
