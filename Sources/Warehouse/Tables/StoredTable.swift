/// A table of the warehouse, and what becomes of its rows. Every list of tables is taken from `StoredTable.all`.
struct StoredTable: Sendable {
    /// Where the rows come from.
    enum RowOrigin: Sendable {
        /// Files of `staged/`: a rebuild loads them again.
        case files
        /// Sealing an hour.
        case sealing
        /// Nowhere else: a rebuild takes them over as they are.
        case here
    }

    let name: String
    let origin: RowOrigin
    /// The columns that order the rows, besides what their surrogate numbers stand for; empty where no digest is taken.
    let naturalKey: String
    /// Whether the rows of an hour go when retention removes the hour. Rows that are about another time than their hour,
    /// or hold for many hours, go by rules of their own.
    let goesWithHour: Bool

    private init(_ name: String, _ origin: RowOrigin, by naturalKey: String = "", goesWithHour: Bool = false) {
        self.name = name
        self.origin = origin
        self.naturalKey = naturalKey
        self.goesWithHour = goesWithHour
    }

    /// Parents before their children.
    static let all = [
        StoredTable("exchange", .files, by: "exchange_id"),
        StoredTable("hour", .files, by: "hour", goesWithHour: true),
        StoredTable("extract_run", .files, by: "hour, started_ms", goesWithHour: true),
        StoredTable("extract_run_venue", .files, by: "hour, started_ms, exchange_id", goesWithHour: true),
        StoredTable("extract_run_endpoint", .files, by: "hour, started_ms, exchange_id, endpoint", goesWithHour: true),
        StoredTable("exchange_hour", .files, by: "hour, exchange_id", goesWithHour: true),
        StoredTable("exchange_hour_endpoint", .files, by: "hour, exchange_id, endpoint", goesWithHour: true),
        StoredTable("instrument", .files, by: "exchange_id, symbol, valid_from"),
        StoredTable("ticker", .files, by: "hour", goesWithHour: true),
        StoredTable(
            "long_short", .files, by: "hour, exchange_id, symbol, population, period, observed_at_ms",
            goesWithHour: true),
        StoredTable(
            "liquidation", .files, by: "occurred_at_ms, exchange_id, symbol, side, price, quantity, id, hour"),
        StoredTable(
            "liquidation_total", .files, by: "from_ms, to_ms, exchange_id, symbol, hour", goesWithHour: true),
        StoredTable("spot_ticker", .files, by: "hour, exchange_id, symbol", goesWithHour: true),
        StoredTable(
            "funding_settlement", .files, by: "settled_at_ms, exchange_id, symbol, hour", goesWithHour: true),
        StoredTable("rejection", .files, by: "hour, exchange_id, number", goesWithHour: true),
        StoredTable("stream_hour", .files, by: "hour, exchange_id", goesWithHour: true),
        StoredTable("stream_gap", .files, by: "hour, exchange_id, from_ms", goesWithHour: true),
        StoredTable(
            "stream_liquidation", .files,
            by: "occurred_at_ms, exchange_id, symbol, side, price, quantity, id, hour", goesWithHour: true),
        StoredTable("stream_rejection", .files, by: "hour, exchange_id, number", goesWithHour: true),
        StoredTable("history_file", .files, by: "exchange_id, dataset, stamp"),
        StoredTable("history_contract", .files, by: "exchange_id, symbol, asset"),
        StoredTable("candle", .files, by: "price_kind, from_ms, version"),
        StoredTable("open_interest", .files, by: "observed_at_ms, version"),
        StoredTable("history_settlement", .files, by: "settled_at_ms, version"),
        StoredTable("history_long_short", .files, by: "population, period, observed_at_ms, version"),
        StoredTable("history_liquidation", .files, by: "occurred_at_ms, side, price, quantity, id"),
        StoredTable("history_span", .files, by: "exchange_id, dataset, symbol, from_ms, to_ms"),
        StoredTable("history_rejection", .files, by: "number"),
        StoredTable("funding_interval", .files, by: "exchange_id, symbol, from_ms"),
        StoredTable("reconstructed_hour", .files, by: "exchange_id, hour"),
        StoredTable("reconstruction_due", .files),
        StoredTable("funding_interval_due", .files, by: "exchange_id, symbol"),
        StoredTable(
            ForecastStore.table.name, .files, by: "hour, exchange_id, symbol, target", goesWithHour: true),
        // What the next hours go on from; it says nothing that the forecasts do not.
        StoredTable("forecast_checkpoint", .files), StoredTable("forecast_state", .files),
        StoredTable("forecast_lesson", .files), StoredTable("forecast_due", .files),
        StoredTable(OutcomeStore.table.name, .files, by: "decided, key"), StoredTable("outcome_progress", .files),
        StoredTable(SummaryTables.exchange.name, .sealing, by: "hour, exchange_id", goesWithHour: true),
        StoredTable(SummaryTables.market.name, .sealing, by: "hour, model", goesWithHour: true),
        StoredTable(SummaryTables.score.name, .sealing, by: "hour, model, factor", goesWithHour: true),
        StoredTable(SummaryTables.liquidation.name, .sealing, by: "hour, exchange_id", goesWithHour: true),
        StoredTable(SummaryTables.marketLiquidation.name, .sealing, by: "hour, window_hours", goesWithHour: true),
        StoredTable(
            SummaryTables.finding.name, .sealing, by: "hour, exchange_id, symbol, field, reason", goesWithHour: true),
        StoredTable(
            SummaryTables.assetClass.name, .sealing, by: "hour, exchange_id, asset_class", goesWithHour: true),
        // Hours that older versions sealed have none: it is nothing to compare databases by.
        StoredTable("hour_hash", .sealing, goesWithHour: true),
        StoredTable("series_hour", .sealing, by: "hour, scope", goesWithHour: true),
        StoredTable("trend_hour", .sealing, by: "hour, scope, series, window_h", goesWithHour: true),
        StoredTable("sustained_hour", .sealing, by: "hour, model", goesWithHour: true),
        StoredTable("volatility_hour", .sealing, by: "hour, scope", goesWithHour: true),
        StoredTable("volatility_event", .sealing, by: "hour, scope, kind", goesWithHour: true),
        StoredTable("trend_due", .files),
        StoredTable("load_log", .here), StoredTable("alert", .here), StoredTable("alert_state", .here),
        StoredTable("alert_outbox", .here), StoredTable("check_result", .here), StoredTable("schema_drift", .here),
        StoredTable("exchange_day", .here), StoredTable("market_day", .here), StoredTable("setting", .here),
        StoredTable("known_class", .here), StoredTable("forecast_issued", .here),
        StoredTable("weight_proposal", .here), StoredTable("backtest_run", .here),
        StoredTable("backtest_event", .here), StoredTable("backtest_trade", .here),
        StoredTable("backtest_hour", .here), StoredTable("backtest_metric", .here),
        StoredTable("backtest_trial", .here),
    ]

    /// The tables that can be made again from raw, and that say something: not what is still to be done.
    static let derived = all.filter { $0.origin != .here && !$0.naturalKey.isEmpty }
    /// The names of the tables that only our programs read: what they go on from, what is still to be done, and what is to be
    /// sent or was answered by a receiver. No view reads them, and copies for readers leave their rows out.
    static let workings =
        all.filter { $0.origin == .files && $0.naturalKey.isEmpty }.map(\.name)
        + ["funding_interval_due", "alert_state", "alert_outbox"]
    /// The names of the tables that sealing an hour fills.
    static let sealed = all.filter { $0.origin == .sealing }.map(\.name)
    /// The names of the tables that a rebuild takes over as they are.
    static let kept = all.filter { $0.origin == .here }.map(\.name)
    /// The names of the tables whose rows the hour after them counts: they go when that one goes.
    static let countedLater: Set = ["stream_hour", "stream_gap", "stream_liquidation", "stream_rejection"]
    /// The names of the tables whose rows go with their hour, children before their parents.
    static let byHour = all.filter(\.goesWithHour).reversed().map(\.name)

    /// A query for the rows in the order of the natural key, without surrogate numbers: equal databases give equal rows.
    var naturalRows: String {
        Surrogates.byTable[name]?.naturalRows(of: name, by: naturalKey)
            ?? "SELECT * FROM \(name) ORDER BY \(naturalKey)"
    }
}
