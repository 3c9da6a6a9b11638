import PerpCore

/// 11. Nothing moves and funding is at its baseline: earn the spread, hold no direction.
enum DeltaNeutral {
    /// Percent per eight hours that exchanges add by default.
    static let baseline = 0.01

    static func detect(_ context: MarketContext, _ slack: Slack, _ rules: RuleSet) -> Detection {
        let carry = context.fundingPercent.map { rules == .v2 ? $0 - baseline : $0 }
        var conditions = Conditions()
        conditions.check("24 h move below 2 %", points: 25, slack.below(context.priceChangePercent?.magnitude, 2))
        conditions.check(
            "composite within 0.15 of neutral", points: 25, slack.below(context.composite?.magnitude, 0.15))
        conditions.check(
            rules == .v2 ? "funding within 0.01 % of the baseline" : "funding below 0.01 %", points: 25,
            slack.below(carry?.magnitude, 0.01))
        conditions.check(
            "OI/volume between 0.3 and 0.5", points: 15, slack.between(context.openInterestToVolume, 0.3, 0.5))
        conditions.check(
            "funding divergence below 0.003 %", points: 10, required: false,
            slack.below(context.divergencePercent, 0.003))
        return Detection(
            .deltaNeutral, context, fires: conditions.areMet, confidence: conditions.points,
            direction: .neutral, conditions: conditions,
            metrics: [
                Metric("price change 24 h", context.priceChangePercent, "%"), Metric("carry", carry, "%"),
                Metric("composite", context.composite),
            ],
            message: [
                "Calm: 24 h move \(Phrases.percent(context.priceChangePercent, 2)), "
                    + "composite \(Phrases.score(context.composite)).",
                "Carry over the baseline \(Phrases.funding(carry)).",
            ] + modestTrades(context))
    }

    /// Funding trades that pay a little, for those who hold no direction anyway.
    private static func modestTrades(_ context: MarketContext) -> [String] {
        context.fundingTrades.filter { (3...10).contains($0.netAPR) }.prefix(2).map(\.sentence)
    }
}
