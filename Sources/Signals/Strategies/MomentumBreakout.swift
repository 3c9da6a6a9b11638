/// 10. A large move that funding follows and new positions carry.
enum MomentumBreakout {
    static func detect(_ context: MarketContext, _ slack: Slack, _ rules: RuleSet) -> Detection {
        var conditions = Conditions()
        conditions.check("24 h move above 5 %", points: 30, slack.above(context.priceChangePercent?.magnitude, 5))
        conditions.check(
            rules == .v2 && context.openInterestGrowth24h != nil
                ? "open interest grew more than 3 % in 24 h" : "OI/volume above 0.45 (growth unknown or not asked)",
            points: 30, participates(context, slack, rules))
        conditions.check("funding and price beyond 0.5 together", points: 25, agree(context, slack))
        conditions.check(
            "funding divergence below 0.003 %", points: 15, slack.below(context.divergencePercent, 0.003))
        let isUp = (context.priceChangePercent ?? 0) > 0
        return Detection(
            .momentumBreakout, context, fires: conditions.areMet, confidence: conditions.points,
            direction: isUp ? .long : .short, conditions: conditions,
            metrics: [
                Metric("price change 24 h", context.priceChangePercent, "%"),
                Metric("OI growth 24 h", context.openInterestGrowthPercent24h, "%"),
                Metric("OI/volume", context.openInterestToVolume, "x"),
            ],
            message: [
                "\(isUp ? "LONG" : "SHORT") with a move of \(Phrases.percent(context.priceChangePercent, 2)).",
                "Open interest \(Phrases.percent(context.openInterestGrowthPercent24h, 2)) in 24 h.",
                "Take partial profits on the way.",
            ])
    }

    /// Open interest that grows; its level where the growth is unknown, and under the seed-v1 rules.
    private static func participates(_ context: MarketContext, _ slack: Slack, _ rules: RuleSet) -> Bool? {
        guard rules == .v2, let growth = context.openInterestGrowth24h else {
            return slack.above(context.openInterestToVolume, 0.45)
        }
        return slack.above(growth, 0.03)
    }

    private static func agree(_ context: MarketContext, _ slack: Slack) -> Bool? {
        either(
            both(slack.above(context.fundingScore, 0.5), slack.above(context.priceScore, 0.5)),
            both(slack.below(context.fundingScore, -0.5), slack.below(context.priceScore, -0.5)))
    }
}
