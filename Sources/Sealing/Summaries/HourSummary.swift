import PerpCore

/// What sealing an hour makes: the rows to store, and what later hours look back on.
public struct HourSummary: Hashable, Sendable {
    /// The sealed hour, in UTC.
    public var hour: Hour
    /// One row for each exchange that is enabled or was ever loaded, in the order of `Exchange`.
    public var exchanges: [ExchangeSummary]
    /// One row per model: `seed-v1`, then `v2`.
    public var markets: [MarketSummary]
    /// Six rows per model; none of an insufficient hour.
    public var scores: [ModelScore]
    /// One row per exchange that reports liquidations, in the order of `Exchange`.
    public var liquidations: [LiquidationSummary]
    /// One row per window of `MarketLiquidation.windows`; none when no exchange reports.
    public var marketLiquidations: [MarketLiquidation]
    /// Kept in memory by a bulk pass; `OpenInterestSnapshot(hour:exchanges:)` makes it again from tickers.
    public var openInterest: OpenInterestSnapshot
    /// Values that the field guards set aside, by exchange and symbol.
    public var findings: [FieldFinding]
    /// Totals by exchange and class of asset, coins among them.
    public var classes: [ClassSummary]
    /// What the series of the market and of the coins go on from; empty when it was not asked for.
    public var scopes: [ScopeMeasure] = []

    /// Takes the rows as they are; `HourSummarizer` makes them.
    public init(
        hour: Hour, exchanges: [ExchangeSummary], markets: [MarketSummary], scores: [ModelScore],
        liquidations: [LiquidationSummary], marketLiquidations: [MarketLiquidation],
        openInterest: OpenInterestSnapshot, findings: [FieldFinding] = [], classes: [ClassSummary] = []
    ) {
        self.hour = hour
        self.exchanges = exchanges
        self.markets = markets
        self.scores = scores
        self.liquidations = liquidations
        self.marketLiquidations = marketLiquidations
        self.openInterest = openInterest
        self.findings = findings
        self.classes = classes
    }

    /// The row of `model`.
    public func market(_ model: SentimentModel) -> MarketSummary? {
        markets.first { $0.model == model }
    }

    /// The row of a window of 1, 4 or 24 hours.
    public func marketLiquidation(windowHours: Int) -> MarketLiquidation? {
        marketLiquidations.first { $0.windowHours == windowHours }
    }
}
