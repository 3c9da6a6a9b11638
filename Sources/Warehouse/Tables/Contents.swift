import GRDB
import PerpCore

extension Warehouse {
    /// The tables that can be made again from raw.
    static let derivedTables: [String] = [
        "exchange", "hour", "extract_run", "extract_run_venue", "extract_run_endpoint", "exchange_hour",
        "exchange_hour_endpoint", "instrument", "ticker", "long_short", "liquidation", "liquidation_total",
        "spot_ticker", "funding_settlement", "rejection", "exchange_summary", "market_summary", "model_score",
        "liquidation_summary", "market_liquidation", "field_finding", "exchange_class_summary",
    ]

    /// A query for the rows of a derived table in the order of their natural keys, without
    /// surrogate numbers: equal databases give equal rows.
    static func naturalRows(of table: String) -> String {
        guard table == "ticker" else {
            return "SELECT * FROM \(table) ORDER BY \(naturalKey(of: table))"
        }
        return """
            SELECT t.hour, l.exchange_id, l.symbol, l.asset, l.asset_class, l.quote, l.kind, l.contract,
                \(FactTables.ticker.fieldList(prefix: "t."))
            FROM ticker AS t JOIN listing AS l USING (listing_id)
            ORDER BY t.hour, l.exchange_id, l.symbol, l.asset, l.asset_class, l.quote, l.kind, l.contract
            """
    }

    private static func naturalKey(of table: String) -> String {
        switch table {
        case "exchange": "exchange_id"
        case "hour": "hour"
        case "extract_run": "hour, started_ms"
        case "extract_run_venue": "hour, started_ms, exchange_id"
        case "extract_run_endpoint": "hour, started_ms, exchange_id, endpoint"
        case "exchange_hour", "exchange_summary", "liquidation_summary": "hour, exchange_id"
        case "exchange_hour_endpoint": "hour, exchange_id, endpoint"
        case "instrument": "exchange_id, symbol, valid_from"
        case "long_short": "hour, exchange_id, symbol, population, period, observed_at_ms"
        case "liquidation": "occurred_at_ms, exchange_id, symbol, side, price, quantity, id, hour"
        case "liquidation_total": "from_ms, to_ms, exchange_id, symbol, hour"
        case "spot_ticker": "hour, exchange_id, symbol"
        case "funding_settlement": "settled_at_ms, exchange_id, symbol, hour"
        case "rejection": "hour, exchange_id, number"
        case "market_summary": "hour, model"
        case "model_score": "hour, model, factor"
        case "market_liquidation": "hour, window_hours"
        case "field_finding": "hour, exchange_id, symbol, field, reason"
        case "exchange_class_summary": "hour, exchange_id, asset_class"
        default: preconditionFailure("'\(table)' is no derived table")
        }
    }
}
