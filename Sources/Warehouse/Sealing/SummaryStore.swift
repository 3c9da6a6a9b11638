import GRDB
import PerpCore
import Sealing
import WarehouseSQL

/// Writes and reads the rows that sealing an hour makes.
final class SummaryStore {
    private let database: Database
    private let deletions: [Statement]
    private let exchange: Insert<ExchangeSummary>
    private let market: Insert<MarketSummary>
    private let score: Insert<ModelScore>
    private let liquidation: Insert<LiquidationSummary>
    private let marketLiquidation: Insert<MarketLiquidation>
    private let finding: Insert<FieldFinding>
    private let assetClass: Insert<ClassSummary>
    private let usual: Statement
    private let unsealNext: Statement
    private let seal: Statement
    private let hash: Statement
    /// The queries for the rows of one hour, by table, made when they are first asked.
    private var rowsOfHour: [String: Statement] = [:]

    init(_ database: Database) throws {
        self.database = database
        deletions = try StoredTable.sealed.map { try Statement(database, "DELETE FROM \($0) WHERE hour = ?") }
        exchange = try SummaryTables.exchange.insert(database)
        market = try SummaryTables.market.insert(database)
        score = try SummaryTables.score.insert(database)
        liquidation = try SummaryTables.liquidation.insert(database)
        marketLiquidation = try SummaryTables.marketLiquidation.insert(database)
        finding = try SummaryTables.finding.insert(database)
        assetClass = try SummaryTables.assetClass.insert(database)
        usual = try Statement(
            database,
            "SELECT exchange_id, usual_volume, usual_open_interest, absent_since, blocked_since FROM exchange_summary "
                + "WHERE hour = ? ORDER BY exchange_id")
        unsealNext = try Statement(
            database,
            "UPDATE hour SET dirty = 1 WHERE hour = (SELECT min(hour) FROM hour WHERE hour > ?) AND dirty = 0")
        seal = try Statement(database, "UPDATE hour SET sealed = 1, dirty = 0 WHERE hour = ?")
        hash = try Statement(database, "INSERT INTO hour_hash (hour, summaries) VALUES (?, ?)")
    }

    /// The values of a row that the next hour's row depends on, however late that hour is.
    private struct HandedOn: Equatable {
        var exchange: String
        var usualVolume: Double?
        var usualOpenInterest: Double?
        var absentSince: Int64?
        var blockedSince: Int64?
    }

    private func handedOn(by hour: Hour) throws -> [HandedOn] {
        var rows: [HandedOn] = []
        try usual.forEach(hour) {
            rows.append(
                HandedOn(exchange: $0, usualVolume: $1, usualOpenInterest: $2, absentSince: $3, blockedSince: $4))
        }
        return rows
    }

    /// Replaces the rows of the hour and seals it. The next hour is marked dirty when a value that it depends on changes.
    func write(_ summary: HourSummary) throws {
        let before = try handedOn(by: summary.hour)
        for deletion in deletions { try deletion.run(summary.hour) }
        for row in summary.exchanges { try exchange.run(row) }
        for row in summary.markets { try market.run(row) }
        for row in summary.scores { try score.run(row) }
        for row in summary.liquidations { try liquidation.run(row) }
        for row in summary.marketLiquidations { try marketLiquidation.run(row) }
        for row in Set(summary.findings) { try finding.run(row, summary.hour) }
        for row in summary.classes { try assetClass.run(row, summary.hour) }
        try hash.run(summary.hour, Self.hash(of: summary))
        if try handedOn(by: summary.hour) != before { try unsealNext.run(summary.hour) }
        try seal.run(summary.hour)
    }

    private static func hash(of summary: HourSummary) -> Int64 {
        var hash = SummaryHash()
        hash.add(summary.exchanges, of: SummaryTables.exchange)
        hash.add(summary.markets, of: SummaryTables.market)
        hash.add(summary.scores, of: SummaryTables.score)
        hash.add(summary.liquidations, of: SummaryTables.liquidation)
        hash.add(summary.marketLiquidations, of: SummaryTables.marketLiquidation)
        hash.add(Set(summary.findings), of: SummaryTables.finding)
        hash.add(summary.classes, of: SummaryTables.assetClass)
        return hash.stored
    }

    /// The rows of the sealed hours in a span, both ends included, ascending.
    func pastHours(from first: Hour, through last: Hour) throws -> [PastHour] {
        var hours = try sealedHours(from: first, through: last)
        try read(SummaryTables.exchange, from: first, into: \.exchanges, of: &hours)
        try read(SummaryTables.market, from: first, into: \.markets, of: &hours)
        try read(SummaryTables.liquidation, from: first, into: \.liquidations, of: &hours)
        try read(SummaryTables.marketLiquidation, from: first, into: \.marketLiquidations, of: &hours)
        try readLongFractions(from: first, into: &hours)
        sort(&hours)
        if hours.isEmpty, let before = try lastHour(before: first) { return [before] }
        return hours
    }

    /// What sealing an hour and those soon after it looks back on: fields and rows that it does not look at are left out.
    /// - Parameter last: the last hour to be read, `hour` itself or one before it.
    func past(forSealing hour: Hour, through last: Hour) throws -> RollingPast {
        let first = hour.advanced(by: -History.summaryHours)
        let day = hour.advanced(by: -History.snapshotHours)
        var hours = try sealedHours(from: first, through: last)
        try read(SummaryTables.market, from: day, and: "AND model = 'v2'", into: \.markets, of: &hours)
        try read(LookedBackOn.liquidation, from: first, into: \.liquidations, of: &hours)
        try read(LookedBackOn.marketLiquidation, from: first, into: \.marketLiquidations, of: &hours)
        try readLongFractions(from: first, into: &hours)
        var (exchangesFrom, older) = try readExchanges(before: hour, into: &hours)
        sort(&hours)
        if !hours.contains(where: { $0.hour < hour }), let before = try lastHour(before: first) {
            hours.insert(before, at: 0)
            exchangesFrom = before.hour
        }
        return RollingPast(hours, from: first, exchangesFrom: exchangesFrom, olderOf: older)
    }

    /// Reads the rows of exchanges of a week, and what older ones say of exchanges whose week does not tell what is usual.
    /// - Returns: the first hour with the rows of all exchanges, and the exchanges with older ones.
    private func readExchanges(before hour: Hour, into hours: inout [PastHour]) throws -> (Hour, Set<Exchange>) {
        let week = hour.advanced(by: -History.exchangeHoursOfSealing)
        // The last hour before says who belongs to the market, even after a pause of more than a week.
        let first = hours.last { $0.hour < hour }.map { min($0.hour, week) } ?? week
        try read(SummaryTables.exchange, from: first, into: \.exchanges, of: &hours)
        let lacking = RollingPast.lacking(in: hours.filter { $0.hour < hour }, from: first)
        if !lacking.isEmpty {
            let names = lacking.map { "'\($0.id)'" }.sorted().joined(separator: ", ")
            try read(
                LookedBackOn.exchange, from: hours[0].hour,
                and: "AND hour < \(first.start) AND exchange_id IN (\(names))",
                into: \.exchanges, of: &hours)
        }
        return (first, lacking)
    }

    private func sort(_ hours: inout [PastHour]) {
        for index in hours.indices {
            hours[index].exchanges.sort { $0.exchange < $1.exchange }
            hours[index].liquidations.sort { $0.exchange < $1.exchange }
        }
    }

    /// The last sealed hour before `hour`, with its exchanges only; `nil` when there is none. After a long pause in sealing it
    /// still says which exchanges belong to the market.
    private func lastHour(before hour: Hour) throws -> PastHour? {
        let query = try Statement(database, "SELECT max(hour) FROM hour WHERE hour < ? AND sealed = 1")
        guard let stored = try query.first(hour, as: Hour?.self), let last = stored else { return nil }
        var hours = try sealedHours(from: last, through: last)
        try read(SummaryTables.exchange, from: last, into: \.exchanges, of: &hours)
        return hours.first
    }

    private func readLongFractions(from first: Hour, into hours: inout [PastHour]) throws {
        try read(
            "exchange_summary", ["hour", "exchange_id", "long_share_btc", "long_share_eth"], from: first,
            and: "AND (long_share_btc IS NOT NULL OR long_share_eth IS NOT NULL)", into: \.longShares, of: &hours
        ) { row in
            LongFractions(exchange: try row.value(1), btc: row.optionalNumber(2), eth: row.optionalNumber(3))
        }
    }

    /// The sealed hours of a span, without rows.
    private func sealedHours(from first: Hour, through last: Hour) throws -> [PastHour] {
        let query = try Statement(
            database, "SELECT hour FROM hour WHERE hour BETWEEN ? AND ? AND sealed = 1 ORDER BY hour")
        return try query.map(first, last) { (hour: Hour) in
            PastHour(hour: hour, exchanges: [], markets: [], liquidations: [], marketLiquidations: [])
        }
    }

    private func read<Record>(
        _ table: RecordTable<Record>, from first: Hour, and condition: String = "",
        into field: WritableKeyPath<PastHour, [Record]>, of hours: inout [PastHour]
    ) throws {
        try read(table.name, table.columns, from: first, and: condition, into: field, of: &hours) { row in
            try row.record(table.fields)
        }
    }

    /// Hands a table's rows to the hours that they belong to; both are in ascending order.
    private func read<Row>(
        _ table: String, _ columns: [String], from first: Hour, and condition: String = "",
        into field: WritableKeyPath<PastHour, [Row]>, of hours: inout [PastHour], _ row: (Statement) throws -> Row
    ) throws {
        guard let last = hours.last?.hour else { return }
        let query = try Statement(
            database,
            WarehouseSQL.query(
                "summary_store.rows",
                [
                    "columns": columns.joined(separator: ", "), "table": table, "condition": condition,
                    "order": columns.contains("exchange_id") ? ", exchange_id" : "",
                ]))
        // The rows of an hour are collected first, so that the arrays of hundreds of hours have no spare capacity.
        var gathered: [Row] = []
        var index = 0
        func hand() {
            if !gathered.isEmpty { hours[index][keyPath: field] = Array(gathered[...]) }
            gathered.removeAll(keepingCapacity: true)
        }
        try query.forEachRow(first, last) { statement in
            let hour: Hour = try statement.value(0)
            while index < hours.count, hours[index].hour < hour {
                hand()
                index += 1
            }
            if index < hours.count, hours[index].hour == hour { gathered.append(try row(statement)) }
        }
        hand()
    }

    /// The rows of a sealed hour, as sealing wrote them; of its open interest nothing is stored.
    func summary(of hour: Hour) throws -> HourSummary {
        func rows<Record>(_ table: RecordTable<Record>) throws -> [Record] {
            let query = try rowsOfHour[table.name] ?? Statement(database, table.rowsOfHour)
            rowsOfHour[table.name] = query
            var rows: [Record] = []
            try query.forEachRow(hour) { rows.append(try $0.record(behind: table.key.count)) }
            return rows
        }
        return HourSummary(
            hour: hour, exchanges: try rows(SummaryTables.exchange).sorted { $0.exchange < $1.exchange },
            markets: try rows(SummaryTables.market), scores: try rows(SummaryTables.score).inOrder,
            liquidations: try rows(SummaryTables.liquidation).sorted { $0.exchange < $1.exchange },
            marketLiquidations: try rows(SummaryTables.marketLiquidation),
            openInterest: OpenInterestSnapshot(hour: hour, exchanges: [], totalOpenInterestUSD: nil),
            findings: try rows(SummaryTables.finding),
            classes: try rows(SummaryTables.assetClass).inOrder)
    }

    /// The factors of the sealed hours in a span, both ends included.
    func scores(from first: Hour, through last: Hour) throws -> [ModelScore] {
        var scores: [ModelScore] = []
        let query = try Statement(
            database,
            WarehouseSQL.query(
                "summary_store.scores",
                ["columns": SummaryTables.score.fieldList(prefix: "s.")]))
        try query.forEachRow(first, last) { scores.append(try $0.record()) }
        return scores
    }
}

extension [ModelScore] {
    /// By model, then in the order in which a composite adds its factors.
    fileprivate var inOrder: [ModelScore] {
        SentimentModel.allCases.flatMap { model in
            SentimentFactor.allCases.flatMap { factor in filter { $0.model == model && $0.factor == factor } }
        }
    }
}

extension [ClassSummary] {
    /// By exchange, then by class, what the exchange itself lists first.
    fileprivate var inOrder: [ClassSummary] {
        Exchange.allCases.flatMap { exchange in
            AssetClass.allCases.flatMap { name in
                let rows = filter { $0.exchange == exchange && $0.assetClass == name }
                return rows.filter(\.isCore) + rows.filter { !$0.isCore }
            }
        }
    }
}
