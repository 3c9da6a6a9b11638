import GRDB
import PerpCore
import WarehouseSQL

/// What the pages show: rows of views and tables, each with the query that gave them, so that a page can show it. Only sealed
/// hours are asked for.
public struct PageReader {
    let warehouse: Warehouse

    /// Uses a connection.
    public init(_ warehouse: Warehouse) { self.warehouse = warehouse }

    /// The answer to a query whose parameters are `?1`, `?2` and so on.
    func answer(_ sql: String, _ values: FieldValue...) throws -> StoredRows {
        let arguments = StatementArguments(values.map(Self.argument))
        return StoredRows(sql: Self.written(sql, values), rows: try warehouse.storedRows(sql, arguments))
    }

    /// A query as anybody can ask it: with the values in place of its parameters.
    static func written(_ sql: String, _ values: [FieldValue]) -> String {
        var text = sql
        for (index, value) in values.enumerated().reversed() {
            text = text.replacing("?\(index + 1)", with: literal(value))
        }
        while text.last?.isWhitespace == true { text.removeLast() }
        return text
    }

    private static func literal(_ value: FieldValue) -> String {
        switch value {
        case .missing: "NULL"
        case .number(let number): "\(number)"
        case .integer(let number): "\(number)"
        case .text(let text): "'\(text.replacing("'", with: "''"))'"
        }
    }

    private static func argument(_ value: FieldValue) -> (any DatabaseValueConvertible)? {
        switch value {
        case .missing: nil
        case .number(let number): number
        case .integer(let number): number
        case .text(let text): text
        }
    }
}

extension PageReader {
    // MARK: - The market

    /// The row of the market in an hour, as the model of the settings sees it.
    /// - Throws: an error of the database.
    public func market(_ hour: Hour) throws -> StoredRows {
        try answer(WarehouseSQL.query("pages.market"), hour.fieldValue)
    }

    /// The score of each sealed hour of a span, in the order of hours.
    /// - Throws: an error of the database.
    public func scores(_ hours: ClosedRange<Hour>) throws -> StoredRows {
        try answer(WarehouseSQL.query("pages.scores"), hours.lowerBound.fieldValue, hours.upperBound.fieldValue)
    }

    /// The factors of the score in an hour, the heaviest first.
    /// - Throws: an error of the database.
    public func factors(_ hour: Hour) throws -> StoredRows {
        try answer(WarehouseSQL.query("pages.factors"), hour.fieldValue)
    }

    /// Each exchange in an hour, in their fixed order, absent ones too.
    /// - Throws: an error of the database.
    public func exchanges(_ hour: Hour) throws -> StoredRows {
        try answer(WarehouseSQL.query("pages.exchanges"), hour.fieldValue)
    }

    /// Volume and open interest of each exchange that was there, hour by hour.
    /// - Throws: an error of the database.
    public func exchangeSeries(_ hours: ClosedRange<Hour>) throws -> StoredRows {
        try answer(
            WarehouseSQL.query("pages.exchange_series"), hours.lowerBound.fieldValue, hours.upperBound.fieldValue)
    }

    /// How the open interest of each exchange changed up to an hour.
    /// - Throws: an error of the database.
    public func openInterestChanges(_ hour: Hour) throws -> StoredRows {
        try answer(WarehouseSQL.query("pages.open_interest_changes"), hour.fieldValue)
    }

    /// The shares of the exchanges in an hour and a day before it.
    /// - Throws: an error of the database.
    public func shares(_ hour: Hour) throws -> StoredRows {
        try answer(WarehouseSQL.query("pages.shares"), hour.fieldValue)
    }

    /// Where the series of the market and of some coins are going.
    /// - Throws: an error of the database.
    public func trends(_ hour: Hour) throws -> StoredRows {
        try answer(WarehouseSQL.query("pages.trends"), hour.fieldValue)
    }

    /// How volatile the market and some coins are.
    /// - Throws: an error of the database.
    public func volatility(_ hour: Hour) throws -> StoredRows {
        try answer(WarehouseSQL.query("pages.volatility"), hour.fieldValue)
    }

    /// Changes of volatility in a span.
    /// - Throws: an error of the database.
    public func volatilityEvents(_ hours: ClosedRange<Hour>) throws -> StoredRows {
        try answer(
            WarehouseSQL.query("pages.volatility_events"), hours.lowerBound.fieldValue, hours.upperBound.fieldValue)
    }

    /// The perpetual that stands for each asset on each exchange in an hour.
    /// - Throws: an error of the database.
    public func references(_ hour: Hour) throws -> StoredRows {
        try answer(WarehouseSQL.query("pages.references"), hour.fieldValue)
    }

    /// The forecast of each next settlement in an hour.
    /// - Throws: an error of the database.
    public func forecasts(_ hour: Hour) throws -> StoredRows {
        try answer(WarehouseSQL.query("pages.forecasts"), hour.fieldValue)
    }

    /// Liquidations of each exchange; a row's hour is the one that follows the hour that it sums.
    /// - Throws: an error of the database.
    public func liquidations(_ hours: ClosedRange<Hour>) throws -> StoredRows {
        try answer(WarehouseSQL.query("pages.liquidations"), hours.lowerBound.fieldValue, hours.upperBound.fieldValue)
    }

    /// What being short on one exchange and long on another pays, the best first.
    /// - Throws: an error of the database.
    public func fundingSpreads(_ hour: Hour) throws -> StoredRows {
        try answer(WarehouseSQL.query("pages.funding_spreads"), hour.fieldValue)
    }

    /// How far prices lie apart over the exchanges, the widest first.
    /// - Throws: an error of the database.
    public func priceSpreads(_ hour: Hour) throws -> StoredRows {
        try answer(WarehouseSQL.query("pages.price_spreads"), hour.fieldValue)
    }

    /// How far perpetuals lie above their spot market.
    /// - Throws: an error of the database.
    public func bases(_ hour: Hour) throws -> StoredRows {
        try answer(WarehouseSQL.query("pages.bases"), hour.fieldValue)
    }

    /// The alerts that began or turned in a span, with what came of them, the latest first.
    /// - Throws: an error of the database.
    public func alerts(_ hours: ClosedRange<Hour>) throws -> StoredRows {
        try answer(WarehouseSQL.query("pages.alerts"), hours.lowerBound.fieldValue, hours.upperBound.fieldValue)
    }

    /// What is traded of each class of asset in an hour.
    /// - Throws: an error of the database.
    public func classes(_ hour: Hour) throws -> StoredRows {
        try answer(WarehouseSQL.query("pages.classes"), hour.fieldValue)
    }

    /// Which exchanges are missing or partial in an hour, and why.
    /// - Throws: an error of the database.
    public func absences(_ hour: Hour) throws -> StoredRows {
        try answer(WarehouseSQL.query("pages.absences"), hour.fieldValue)
    }

    /// The streams that were not heard for all of an hour.
    /// - Throws: an error of the database.
    public func silences(_ hour: Hour) throws -> StoredRows {
        try answer(WarehouseSQL.query("pages.silences"), hour.fieldValue)
    }
}

extension PageReader {
    // MARK: - Data quality and exchanges

    /// Which exchanges are missing in which hours of a span, and why.
    /// - Throws: an error of the database.
    public func missing(_ hours: ClosedRange<Hour>) throws -> StoredRows {
        try answer(WarehouseSQL.query("pages.missing"), hours.lowerBound.fieldValue, hours.upperBound.fieldValue)
    }

    /// The parts of hours in which a stream was not heard, the latest first.
    /// - Throws: an error of the database.
    public func streamGaps(_ hours: ClosedRange<Hour>) throws -> StoredRows {
        try answer(WarehouseSQL.query("pages.stream_gaps"), hours.lowerBound.fieldValue, hours.upperBound.fieldValue)
    }

    /// How much of a span each stream was heard.
    /// - Throws: an error of the database.
    public func heard(_ hours: ClosedRange<Hour>) throws -> StoredRows {
        try answer(WarehouseSQL.query("pages.heard"), hours.lowerBound.fieldValue, hours.upperBound.fieldValue)
    }

    /// What each check found when it ran last.
    /// - Throws: an error of the database.
    public func checks() throws -> StoredRows { try answer(WarehouseSQL.query("pages.checks")) }

    /// How often exchanges told of the past otherwise than before.
    /// - Throws: an error of the database.
    public func restatements() throws -> StoredRows { try answer(WarehouseSQL.query("pages.restatements")) }

    /// What guards set aside in an hour.
    /// - Throws: an error of the database.
    public func findings(_ hour: Hour) throws -> StoredRows {
        try answer(WarehouseSQL.query("pages.findings"), hour.fieldValue)
    }

    /// Fields of answers that appeared, vanished or changed.
    /// - Throws: an error of the database.
    public func drift(_ hours: ClosedRange<Hour>) throws -> StoredRows {
        try answer(WarehouseSQL.query("pages.drift"), hours.lowerBound.fieldValue, hours.upperBound.fieldValue)
    }

    /// What was recorded of each expected exchange, hour by hour.
    /// - Throws: an error of the database.
    public func recorded(_ hours: ClosedRange<Hour>) throws -> StoredRows {
        try answer(WarehouseSQL.query("pages.recorded"), hours.lowerBound.fieldValue, hours.upperBound.fieldValue)
    }

    /// How the calls to each endpoint went in a span.
    /// - Throws: an error of the database.
    public func endpoints(_ hours: ClosedRange<Hour>) throws -> StoredRows {
        try answer(WarehouseSQL.query("pages.endpoints"), hours.lowerBound.fieldValue, hours.upperBound.fieldValue)
    }

    /// The endpoints that failed in a run, and what the last failure said, the latest first.
    /// - Throws: an error of the database.
    public func refusals(_ hours: ClosedRange<Hour>) throws -> StoredRows {
        try answer(WarehouseSQL.query("pages.refusals"), hours.lowerBound.fieldValue, hours.upperBound.fieldValue)
    }

    // MARK: - Signals

    /// What came of the alerts of each strategy and direction, up to an hour.
    /// - Throws: an error of the database.
    public func outcomes(through hour: Hour) throws -> StoredRows {
        try answer(WarehouseSQL.query("pages.outcomes"), hour.fieldValue)
    }

    /// The backtest that reaches furthest; of those the latest.
    /// - Throws: an error of the database.
    public func backtest() throws -> StoredRows { try answer(WarehouseSQL.query("pages.run")) }

    /// What a backtest found, by strategy and direction.
    /// - Throws: an error of the database.
    public func metrics(ofRun id: String) throws -> StoredRows {
        try answer(WarehouseSQL.query("pages.metrics"), .text(id))
    }

    /// How good the forecasts of next settlements that were made in a span were.
    /// - Throws: an error of the database.
    public func skill(_ hours: ClosedRange<Hour>) throws -> StoredRows {
        try answer(WarehouseSQL.query("pages.skill"), hours.lowerBound.fieldValue, hours.upperBound.fieldValue)
    }

    /// Proposed weights of the score, the latest first.
    /// - Throws: an error of the database.
    public func proposals() throws -> StoredRows { try answer(WarehouseSQL.query("pages.proposals")) }
}
