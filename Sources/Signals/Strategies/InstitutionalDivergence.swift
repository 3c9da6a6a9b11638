import PerpCore
import Sealing

/// 14. The basis of the exchanges that institutions are said to use, against that of the others.
///
/// Nothing proves who trades where. While no exchange of the first group is collected, the strategy stays silent.
enum InstitutionalDivergence {
    static let asset = "BTC"
    /// The id of the exchange that the seed-v1 rules look at alone.
    static let kraken = "kraken-futures"
    /// Exchange ids of the two groups.
    static let institutional = [kraken, "coinbase"]
    static let retail = [Exchange.binance, .bybit].map(\.id)
    /// Percent; exceeded, not reached.
    static let neededSpread = 0.20

    static func detect(_ context: MarketContext, _ slack: Slack, _ rules: RuleSet) -> Detection {
        let rows = context.bases(of: asset)
        let first = rows.filter { institutional.contains($0.exchangeID) }.map(\.percent)
        let second = rows.filter { retail.contains($0.exchangeID) }.map(\.percent)
        let spread = rules == .v2 ? difference(mean(first), mean(second)) : seedSpread(rows)
        var conditions = Conditions()
        conditions.check("group bases 0.20 % apart", slack.above(spread?.magnitude, neededSpread))
        let fires = conditions.areMet
        return Detection(
            .institutionalDivergence, context, fires: fires,
            confidence: fires ? SpreadConfidence.points(spread?.magnitude) : 0,
            direction: !fires ? .neutral : (spread ?? 0) > 0 ? .long : .short, conditions: conditions,
            metrics: [Metric("spread of bases", spread, "%")],
            message: [
                "Kraken and Coinbase \(Phrases.percent(mean(first), 3)), "
                    + "Binance and Bybit \(Phrases.percent(mean(second), 3)).",
                first.isEmpty
                    ? "No exchange of the first group is collected." : "Spread \(Phrases.percent(spread, 3)).",
                "The groups are a label, not a fact about who trades there.",
            ])
    }

    /// The larger gap, in percent, between Kraken and one of the others; `nil` without either side.
    private static func seedSpread(_ rows: [MarketContext.ExchangeBasis]) -> Double? {
        guard let first = rows.first(where: { $0.exchangeID == kraken })?.percent else { return nil }
        return rows.filter { retail.contains($0.exchangeID) }.map { first - $0.percent }
            .max { $0.magnitude < $1.magnitude }
    }
}
