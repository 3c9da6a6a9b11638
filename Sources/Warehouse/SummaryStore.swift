import GRDB
import PerpCore
import Sealing

/// Writes and reads what sealing an hour makes.
final class SummaryStore {
    static let tables = [
        "exchange_summary", "market_summary", "model_score", "liquidation_summary", "market_liquidation",
        "field_finding", "exchange_class_summary",
    ]

    private let database: Database
    private let deletions: [Statement]
    private let exchange: Statement
    private let market: Statement
    private let score: Statement
    private let liquidation: Statement
    private let marketLiquidation: Statement
    private let finding: Statement
    private let assetClass: Statement
    private let usual: Statement
    private let unsealNext: Statement
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
        assetClass = try insert(
            "exchange_class_summary", ["hour", "exchange_id", "asset_class", "markets", "volume", "open_interest"])
        usual = try Statement(
            database,
            "SELECT exchange_id, usual_volume, usual_open_interest, absent_since, blocked_since FROM exchange_summary "
                + "WHERE hour = ? ORDER BY exchange_id")
        unsealNext = try Statement(
            database,
            "UPDATE hour SET dirty = 1 WHERE hour = (SELECT min(hour) FROM hour WHERE hour > ?) AND dirty = 0")
        seal = try Statement(database, "UPDATE hour SET sealed = 1, dirty = 0 WHERE hour = ?")
    }

    /// What a row hands on to the next hour's, however late that is.
    private struct HandedOn: Equatable {
        var exchange: String
        var usualVolume: Double?
        var usualOpenInterest: Double?
        var absentSince: Int64?
        var blockedSince: Int64?
    }

    private func handedOn(by hour: Hour) throws -> [HandedOn] {
        var rows: [HandedOn] = []
        usual.bind(1, hour.start)
        try usual.forEachRow {
            rows.append(
                HandedOn(
                    exchange: $0.text(0), usualVolume: $0.optionalReal(1), usualOpenInterest: $0.optionalReal(2),
                    absentSince: $0.optionalInteger(3), blockedSince: $0.optionalInteger(4)))
        }
        return rows
    }

    /// Replaces the hour's rows and seals it. What hours behind it stand on is summarised again when it changes.
    func write(_ summary: HourSummary) throws {
        let before = try handedOn(by: summary.hour)
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
        for row in summary.classes {
            assetClass.bind(1, summary.hour.start)
            assetClass.bind(2, row.exchange.id)
            assetClass.bind(3, row.assetClass.rawValue)
            assetClass.bind(4, row.markets)
            assetClass.bind(5, row.volumeUSD)
            assetClass.bind(6, row.openInterestUSD)
            try assetClass.run()
        }
        if try handedOn(by: summary.hour) != before {
            unsealNext.bind(1, summary.hour.start)
            try unsealNext.run()
        }
        seal.bind(1, summary.hour.start)
        try seal.run()
    }

    /// The rows of the sealed hours in a span, both ends included, ascending.
    func pastHours(from first: Hour, through last: Hour) throws -> [PastHour] {
        try pastHours(from: first, through: last, venuesFrom: first, markets: "")
    }

    /// What sealing an hour looks at: see `History.exchangeHoursOfSealing`.
    func pastHours(forSealing hour: Hour) throws -> [PastHour] {
        let first = hour.advanced(by: -History.summaryHours)
        let week = hour.advanced(by: -History.exchangeHoursOfSealing)
        let hours = try pastHours(from: first, through: hour.previous, venuesFrom: week, markets: "AND model = 'v2'")
        let isYoung = hours.first.map { $0.hour >= week } ?? true
        if isYoung || Self.isEachStored(History.usualHours, in: hours) { return hours }
        // A venue was absent in the week: what is usual of it lies further back.
        return try pastHours(from: first, through: hour.previous, venuesFrom: first, markets: "AND model = 'v2'")
    }

    /// Whether every venue of the last hour has so many stored hours.
    private static func isEachStored(_ count: Int, in hours: [PastHour]) -> Bool {
        guard let last = hours.last else { return true }
        return last.exchanges.allSatisfy { row in
            hours.reduce(0) { $0 + ($1.exchange(row.exchange) { $0.wholeVolumeUSD } == nil ? 0 : 1) } >= count
        }
    }

    /// The last sealed hour before `hour`, with its venues only; `nil` when there is none.
    private func lastHour(before hour: Hour) throws -> PastHour? {
        let query = try Statement(database, "SELECT max(hour) FROM hour WHERE hour < ? AND sealed = 1")
        query.bind(1, hour.start)
        guard try query.step(), let start = query.optionalInteger(0) else { return nil }
        query.reset()
        var hours = [
            PastHour(
                hour: Hour(containing: start), exchanges: [], markets: [], liquidations: [], marketLiquidations: [])
        ]
        try read(
            "exchange_summary", ExchangeSummary.columns, from: hours[0].hour, into: \.exchanges, of: &hours
        ) { try ExchangeSummary($0) }
        return hours[0]
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
        try readLongShares(from: first, into: &hours)
        for place in hours.indices {
            hours[place].exchanges.sort { $0.exchange < $1.exchange }
            hours[place].liquidations.sort { $0.exchange < $1.exchange }
        }
        // However long nothing was sealed: who belongs to the market is not forgotten.
        if hours.isEmpty, let before = try lastHour(before: first) { return [before] }
        return hours
    }

    private func readLongShares(from first: Hour, into hours: inout [PastHour]) throws {
        try read(
            "exchange_summary", ["hour", "exchange_id", "long_share_btc", "long_share_eth"], from: first,
            and: "AND (long_share_btc IS NOT NULL OR long_share_eth IS NOT NULL)", into: \.longShares, of: &hours
        ) { row in
            LongFractions(
                exchange: try row.exchange(1, table: "exchange_summary"), btc: row.optionalReal(2),
                eth: row.optionalReal(3))
        }
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
            WHERE hour BETWEEN ? AND ? \(condition) ORDER BY hour\(columns.contains("exchange_id") ? ", exchange_id" : "")
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
