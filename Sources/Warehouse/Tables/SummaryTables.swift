import PerpCore
import Sealing

/// The tables that sealing an hour fills. Rows that state their hour have it among their fields, and not as a key.
enum SummaryTables {
    static let exchange = RecordTable<ExchangeSummary>("exchange_summary")
    static let market = RecordTable<MarketSummary>("market_summary")
    static let score = RecordTable<ModelScore>("model_score")
    static let liquidation = RecordTable<LiquidationSummary>("liquidation_summary")
    static let marketLiquidation = RecordTable<MarketLiquidation>("market_liquidation")
    static let finding = RecordTable<FieldFinding>("field_finding", key: ["hour"])
    static let assetClass = RecordTable<ClassSummary>("exchange_class_summary", key: ["hour"])
}

/// The same tables with the fields that sealing looks back on: of an exchange more than a week ago what is usual of it, of liquidations what
/// a cascade is measured against.
enum LookedBackOn {
    static let exchange = SummaryTables.exchange.with(
        "hour", "exchange_id", "volume", "open_interest", "volume_whole", "open_interest_whole"
    )
    static let liquidation = SummaryTables.liquidation.with(
        "hour", "exchange_id", "truth", "long_usd", "short_usd", "count", "oi_share", "heard_share")
    static let marketLiquidation = SummaryTables.marketLiquidation.with("hour", "window_hours", "oi_share", "coverage")
}
