import GRDB
import PerpCore
import WarehouseSQL

/// Rows as they are stored, for explaining a number: each is found by its key, so the age of the warehouse does not matter.
public struct ExplainedRows {
    private let warehouse: Warehouse

    /// Uses a connection.
    public init(_ warehouse: Warehouse) { self.warehouse = warehouse }

    /// The row of the view `tickers`; `nil` when the hour is not sealed or has none.
    /// - Throws: an error of the database.
    public func view(_ exchange: Exchange, _ symbol: String, _ hour: Hour) throws -> StoredRow? {
        try rows(WarehouseSQL.query("explain.view"), [hour.start, exchange.id, symbol]).first
    }

    /// The row of the table `ticker`, with its listing; `nil` without one.
    /// - Throws: an error of the database.
    public func ticker(_ exchange: Exchange, _ symbol: String, _ hour: Hour) throws -> StoredRow? {
        try rows(WarehouseSQL.query("explain.ticker"), [hour.start, exchange.id, symbol]).first
    }

    /// All symbols of an exchange, of any hour and of the past, sorted.
    /// - Throws: an error of the database.
    public func contracts(of exchange: Exchange) throws -> [String] {
        try rows(WarehouseSQL.query("explain.contracts"), [exchange.id]).compactMap { $0.text("symbol") }
    }

    /// The symbol of the perpetual that stands for an asset in a sealed hour; `nil` without one.
    /// - Throws: an error of the database.
    public func referencePerpetual(_ exchange: Exchange, of asset: String, _ hour: Hour) throws -> String? {
        try rows(WarehouseSQL.query("explain.reference"), [hour.start, exchange.id, asset]).first?.text("symbol")
    }

    /// What guards set aside of a contract in an hour.
    /// - Throws: an error of the database.
    public func findings(_ exchange: Exchange, _ symbol: String, _ hour: Hour) throws -> [StoredRow] {
        try rows(WarehouseSQL.query("explain.findings"), [hour.start, exchange.id, symbol])
    }

    /// What the ledger has of an exchange's hour; `nil` when it was never expected.
    /// - Throws: an error of the database.
    public func ledger(_ exchange: Exchange, _ hour: Hour, _ feed: Feed = .live) throws -> StoredRow? {
        let keys: StatementArguments = [hour.start, exchange.id]
        if feed == .stream { return try rows(WarehouseSQL.query("explain.stream_ledger"), keys).first }
        return try rows(WarehouseSQL.query("explain.ledger"), keys).first
    }

    /// The last loading of a staged file, by its hash; `nil` without one.
    /// - Throws: an error of the database.
    public func loading(_ exchange: Exchange, _ hour: Hour, stagedSHA256: String) throws -> StoredRow? {
        try rows(WarehouseSQL.query("explain.loading"), [hour.start, exchange.id, stagedSHA256]).first
    }

    /// Why an exchange is missing or partial in an hour.
    /// - Throws: an error of the database.
    public func absences(_ exchange: Exchange, _ hour: Hour) throws -> [StoredRow] {
        try rows(WarehouseSQL.query("explain.missing"), [hour.start, exchange.id])
    }

    /// Whether the day of an hour is kept as a roll-up, beside its hours or in their place.
    /// - Throws: an error of the database.
    public func isRolledUp(_ hour: Hour) throws -> Bool {
        try !rows(WarehouseSQL.query("explain.rolled_up"), [hour.start]).isEmpty
    }

    /// The endpoints of an exchange's hour with calls that failed or rows that were set aside.
    /// - Throws: an error of the database.
    public func endpoints(_ exchange: Exchange, _ hour: Hour) throws -> [StoredRow] {
        try rows(WarehouseSQL.query("explain.endpoints"), [hour.start, exchange.id])
    }

    /// How the holders of a contract were split, a row for each population.
    /// - Throws: an error of the database.
    public func longShort(_ exchange: Exchange, _ symbol: String, _ hour: Hour) throws -> [StoredRow] {
        try rows(WarehouseSQL.query("explain.long_short"), [hour.start, exchange.id, symbol])
    }

    /// The statements of a contract's settlements in a span, both ends included, by time and stating hour.
    /// - Throws: an error of the database.
    public func settlements(
        _ exchange: Exchange, _ symbol: String, in span: ClosedRange<Timestamp>
    ) throws -> [StoredRow] {
        try rows(
            WarehouseSQL.query("explain.settlements"),
            [span.lowerBound.milliseconds, span.upperBound.milliseconds, exchange.id, symbol])
    }

    /// The settlements of a contract in a span, both ends included, that its exchange told later, with the files that say so;
    /// of each the one that was learnt first comes first.
    /// - Throws: an error of the database.
    public func pastSettlements(
        _ exchange: Exchange, _ symbol: String, in span: ClosedRange<Timestamp>
    ) throws -> [StoredRow] {
        try rows(
            WarehouseSQL.query("explain.past_settlements"),
            [span.lowerBound.milliseconds, span.upperBound.milliseconds, exchange.id, symbol])
    }

    /// When something was settled on a contract in a span, both ends included, live or told later.
    /// - Throws: an error of the database.
    public func settledTimes(
        _ exchange: Exchange, _ symbol: String, in span: ClosedRange<Timestamp>
    ) throws -> [Timestamp] {
        try rows(
            WarehouseSQL.query("explain.settled"),
            [span.lowerBound.milliseconds, span.upperBound.milliseconds, exchange.id, symbol]
        ).compactMap { $0.integer("settled_at_ms").map(Timestamp.init(milliseconds:)) }
    }

    /// The sums of an exchange's liquidations in the closed hour before an hour; `nil` when it shows none.
    /// - Throws: an error of the database.
    public func liquidated(_ exchange: Exchange, _ hour: Hour) throws -> StoredRow? {
        try rows(WarehouseSQL.query("explain.liquidated"), [hour.start, exchange.id]).first
    }

    /// The liquidations of an exchange in the closed hour before an hour as a feed stated them, the largest first.
    /// - Throws: an error of the database.
    public func liquidations(_ exchange: Exchange, before hour: Hour, _ feed: Feed) throws -> [StoredRow] {
        let keys: StatementArguments = [
            hour.previous.startMilliseconds, hour.startMilliseconds, exchange.id,
        ]
        if feed == .stream { return try rows(WarehouseSQL.query("explain.streamed_events"), keys) }
        return try rows(WarehouseSQL.query("explain.events"), keys)
    }

    /// The sums that an exchange published of the closed hour before an hour.
    /// - Throws: an error of the database.
    public func publishedSums(_ exchange: Exchange, before hour: Hour) throws -> [StoredRow] {
        try rows(
            WarehouseSQL.query("explain.sums"), [hour.previous.startMilliseconds, hour.startMilliseconds, exchange.id])
    }

    /// The market in an hour as the model of the settings sees it; `nil` when the hour is not sealed.
    /// - Throws: an error of the database.
    public func market(_ hour: Hour) throws -> StoredRow? {
        try rows(WarehouseSQL.query("explain.market"), [hour.start]).first
    }

    /// The factors of a model in an hour, by weight.
    /// - Throws: an error of the database.
    public func factors(_ hour: Hour, model: String) throws -> [StoredRow] {
        try rows(WarehouseSQL.query("explain.factors"), [hour.start, model])
    }

    /// The exchanges of an hour in their fixed order, and for absent ones the hour whose figures may stand in.
    /// - Throws: an error of the database.
    public func exchanges(_ hour: Hour) throws -> [StoredRow] {
        try rows(WarehouseSQL.query("explain.exchanges"), [hour.start])
    }

    /// The spreads of funding of an asset in an hour, the largest first.
    /// - Throws: an error of the database.
    public func fundingSpreads(of asset: String, _ hour: Hour) throws -> [StoredRow] {
        try rows(WarehouseSQL.query("explain.funding_spreads"), [hour.start, asset])
    }

    /// The pairs of exchanges whose funding of an asset is compared in an hour, whatever their rates.
    /// - Throws: an error of the database.
    public func comparedForFunding(_ asset: String, _ hour: Hour) throws -> [(one: String, other: String)] {
        try rows(WarehouseSQL.query("explain.compared_for_funding"), [hour.start, asset]).map {
            ($0.text("exchange_id") ?? "", $0.text("other_exchange_id") ?? "")
        }
    }

    /// How far apart the prices of an asset are in an hour; `nil` when fewer than two exchanges are compared.
    /// - Throws: an error of the database.
    public func priceSpread(of asset: String, _ hour: Hour) throws -> StoredRow? {
        try rows(WarehouseSQL.query("explain.price_spread"), [hour.start, asset]).first
    }

    /// Volume and open interest of an exchange in an hour; `nil` without a row.
    /// - Throws: an error of the database.
    public func figures(_ exchange: Exchange, _ hour: Hour) throws -> StoredRow? {
        try rows(WarehouseSQL.query("explain.figures"), [hour.start, exchange.id]).first
    }

    /// The liquidations of the market in the windows before an hour, the shortest first.
    /// - Throws: an error of the database.
    public func windows(_ hour: Hour) throws -> [StoredRow] {
        try rows(WarehouseSQL.query("explain.windows"), [hour.start])
    }

    /// The liquidations of each exchange that shows them, of the closed hour before an hour, the largest first.
    /// - Throws: an error of the database.
    public func liquidatedExchanges(_ hour: Hour) throws -> [StoredRow] {
        try rows(WarehouseSQL.query("explain.liquidated_exchanges"), [hour.start])
    }

    private func rows(_ sql: String, _ arguments: StatementArguments) throws -> [StoredRow] {
        try warehouse.storedRows(sql, arguments)
    }
}
