import PerpCore
import Sealing

/// The tables that sealing an hour fills. The key of those whose rows name their hour stands among the row's fields.
enum SummaryTables {
    static let exchange = Table<ExchangeSummary>("exchange_summary")
    static let market = Table<MarketSummary>("market_summary")
    static let score = Table<ModelScore>("model_score")
    static let liquidation = Table<LiquidationSummary>("liquidation_summary")
    static let marketLiquidation = Table<MarketLiquidation>("market_liquidation")
    static let finding = Table<FieldFinding>("field_finding", key: ["hour"])
    static let assetClass = Table<ClassSummary>("exchange_class_summary", key: ["hour"])

    static let names = [
        exchange.name, market.name, score.name, liquidation.name, marketLiquidation.name, finding.name,
        assetClass.name,
    ]
}
