import PerpCore
import Sealing

/// 14. The basis of the exchange that institutions are said to use, against that of others.
///
/// Nothing proves who trades where. Kraken Futures has no spot market: its basis is that of its mark price and its own
/// index. Without it the strategy stays silent.
enum InstitutionalDivergence {
    static let asset = "BTC"
    /// Exchange ids of the two groups.
    static let institutional = Exchange.krakenFutures.id
    static let retail = [Exchange.binance, .bybit].map(\.id)
    /// Percent; exceeded, not reached.
    static let neededSpread = 0.20

    static func detect(_ context: MarketContext, _ slack: Slack, _ rules: RuleSet) -> Detection {
        let rows = context.bases(of: asset)
        let first = institutionalBasis(context)
        let second = rows.filter { retail.contains($0.exchangeID) }.map(\.percent)
        let spread = rules == .v2 ? difference(first, mean(second)) : seedSpread(first, rows)
        var conditions = Conditions()
        conditions.check("group bases 0.20 % apart", slack.above(spread?.magnitude, neededSpread))
        let fires = conditions.areMet
        return Detection(
            .institutionalDivergence, context, fires: fires,
            confidence: fires ? SpreadConfidence.points(spread?.magnitude) : 0,
            direction: !fires ? .neutral : (spread ?? 0) > 0 ? .long : .short, conditions: conditions,
            metrics: [Metric("spread of bases", spread, "%")],
            message: [
                "Kraken Futures \(Phrases.percent(first, 3)), Binance and Bybit \(Phrases.percent(mean(second), 3)).",
                first == nil ? "No basis of Kraken Futures is known." : "Spread \(Phrases.percent(spread, 3)).",
                "The groups are a label, not a fact about who trades there.",
            ])
    }

    private static func institutionalBasis(_ context: MarketContext) -> Double? {
        (context.bases(of: asset) + context.indexBases).first { $0.exchangeID == institutional }?.percent
    }

    /// The larger gap, in percent, between the first group and one of the others; `nil` without either side.
    private static func seedSpread(_ first: Double?, _ rows: [MarketContext.ExchangeBasis]) -> Double? {
        guard let first else { return nil }
        return rows.filter { retail.contains($0.exchangeID) }.map { first - $0.percent }
            .max { $0.magnitude < $1.magnitude }
    }
}
