import PerpCore

/// Seals an hour: everything that is stored about it besides what the venues said.
///
/// A pure function: the same input, with its venues in any order, gives the same rows.
public enum HourSummarizer {
    public static func summarize(_ input: HourInput) -> HourSummary {
        let venues = input.venues.sorted { $0.exchange.id < $1.exchange.id }
        let guarded = FieldGuards.apply(to: venues)
        let rows = guarded.map { ExchangeMeasures.summary(of: $0, hour: input.hour) }
        let openInterest = OpenInterestSnapshot(hour: input.hour, venues: guarded)
        let market = MarketMeasures(rows)
        let liquidations = LiquidationMeasures(
            hour: input.hour, venues: venues, rows: rows, market: market, history: input.history)
        let sentiment = SentimentMeasures(
            hour: input.hour, venues: venues, guarded: guarded, rows: rows, market: market,
            openInterest: openInterest, history: input.history)
        let (seedRow, seedScores) = sentiment.seedV1()
        let (row, scores) = sentiment.v2()
        return HourSummary(
            hour: input.hour, exchanges: rows.sorted { $0.exchange < $1.exchange },
            markets: [seedRow, row], scores: seedScores + scores,
            liquidations: liquidations.byVenue(), marketLiquidations: liquidations.ofMarket(),
            openInterest: openInterest, findings: guarded.flatMap(\.findings))
    }
}
