/// 7. Open interest builds up in a market that has not moved yet.
enum Breakout {
    static func detect(_ context: MarketContext, _ slack: Slack, _ rules: RuleSet) -> Detection {
        var conditions = Conditions()
        conditions.check("24 h move below 4 %", points: 25, slack.below(context.priceChangePercent?.magnitude, 4))
        conditions.check(
            rules == .v2 ? "OI/volume above 0.4, open interest growing" : "OI/volume above 0.4", points: 30,
            isBuilding(context, slack, rules))
        conditions.check(
            "composite within 0.3 of neutral", points: 25, slack.below(context.composite?.magnitude, 0.3))
        conditions.check(
            "funding divergence below 0.004 %", points: 20, slack.below(context.divergencePercent, 0.004))
        let bias = direction(context)
        return Detection(
            .breakout, context, fires: conditions.areMet, confidence: conditions.points, direction: bias,
            conditions: conditions,
            metrics: [
                Metric("price change 24 h", context.priceChangePercent, "%"),
                Metric("OI/volume", context.openInterestToVolume, "x"),
                Metric("OI growth 24 h", context.openInterestGrowthPercent24h, "%"),
            ],
            message: [
                "Narrow range: 24 h move \(Phrases.percent(context.priceChangePercent, 2)).",
                "Open interest \(Phrases.times(context.openInterestToVolume)) of volume, "
                    + "\(Phrases.percent(context.openInterestGrowthPercent24h, 2)) in 24 h.",
                "Bias: \(bias.rawValue). Stops above and below the range.",
            ])
    }

    private static func isBuilding(_ context: MarketContext, _ slack: Slack, _ rules: RuleSet) -> Bool? {
        let isLarge = slack.above(context.openInterestToVolume, 0.4)
        return rules == .v2 ? both(isLarge, slack.above(context.openInterestGrowth24h, 0)) : isLarge
    }

    private static func direction(_ context: MarketContext) -> Direction {
        let composite = context.composite ?? 0
        let price = context.priceScore ?? 0
        let funding = context.fundingScore ?? 0
        if composite > 0.1 || price > 0.1 && funding > 0 { return .bullish }
        if composite < -0.1 || price < -0.1 && funding < 0 { return .bearish }
        return .both
    }
}
