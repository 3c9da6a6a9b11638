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
