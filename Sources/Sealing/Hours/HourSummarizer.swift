import PerpCore

/// Seals an hour: everything that is stored about it besides what the exchanges said.
///
/// A pure function: the same input, with its exchanges in any order, gives the same rows.
public enum HourSummarizer {
    /// Returns the rows to store for an hour.
    public static func summarize(_ input: HourInput) -> HourSummary {
        let exchanges = Presence.exchanges(input)
        let guarded = FieldGuards.apply(to: exchanges)
        var rows = guarded.map { ExchangeMeasures.summary(of: $0, hour: input.hour) }
        for index in rows.indices {
            Presence.complete(&rows[index], exchanges[index], guarded[index], input.history)
            LongFraction.note(exchanges[index], in: &rows[index])
        }
        let openInterest = OpenInterestSnapshot(hour: input.hour, exchanges: guarded)
        let market = MarketMeasures(rows)
        let liquidations = LiquidationMeasures(
            hour: input.hour, exchanges: exchanges, rows: rows, market: market, history: input.history)
        let sentiment = SentimentMeasures(
            hour: input.hour, exchanges: exchanges, guarded: guarded, rows: rows, market: market,
            openInterest: openInterest, history: input.history)
        let (seedRow, seedScores) = sentiment.seedV1()
        let (row, scores) = sentiment.v2()
        var summary = HourSummary(
            hour: input.hour, exchanges: rows.sorted { $0.exchange < $1.exchange },
            markets: [seedRow, row], scores: seedScores + scores,
            liquidations: liquidations.byExchange(), marketLiquidations: liquidations.ofMarket(),
            openInterest: openInterest, findings: guarded.flatMap(\.findings),
            classes: guarded.sorted { $0.exchange < $1.exchange }.flatMap(ExchangeMeasures.classes))
        summary.scopes = ScopeMeasure.all(
            market: openInterest, fundingPercent8h: row.fundingPercent, exchanges: guarded)
        return summary
    }
}
