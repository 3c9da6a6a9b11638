import Sealing
/// 14. The basis of venues that institutions are said to use, against that of the others.
///
/// Nothing proves who trades where; while no venue of the first group is collected it stays silent.
enum InstitutionalDivergence {
    static let asset = "BTC"
    static let institutional = ["kraken", "coinbase_intx"]
    static let retail = ["binance", "bybit"]
    static let neededSpread = 0.20

    static func detect(_ context: MarketContext, _ slack: Slack, _ rules: RuleSet) -> Detection {
        let rows = context.bases(of: asset)
        let first = rows.filter { institutional.contains($0.venue) }.map(\.basis)
        let second = rows.filter { retail.contains($0.venue) }.map(\.basis)
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
                "Kraken and Coinbase INTX \(Phrases.percent(mean(first), 3)), "
                    + "Binance and Bybit \(Phrases.percent(mean(second), 3)).",
                first.isEmpty
                    ? "No venue of the first group is collected." : "Spread \(Phrases.percent(spread, 3)).",
                "The groups are a label, not a fact about who trades there.",
            ])
    }

    /// The larger gap between Kraken and one of the others.
    private static func seedSpread(_ rows: [MarketContext.VenueBasis]) -> Double? {
        guard let kraken = rows.first(where: { $0.venue == "kraken" })?.basis else { return nil }
        return rows.filter { retail.contains($0.venue) }.map { kraken - $0.basis }
            .max { $0.magnitude < $1.magnitude }
    }
}
