/// 2. A quiet, liquid market that agrees with itself: small moves, taken often.
enum Scalping {
    /// Dollars per day that count as liquid while the market's own median is unknown.
    static let liquidVolume = 200e9

    static func detect(_ context: MarketContext, _ slack: Slack, _ rules: RuleSet) -> Detection {
        var conditions = Conditions()
        conditions.check(
            "composite within 0.15 of neutral", points: 20, slack.atMost(context.composite?.magnitude, 0.15))
        conditions.check("24 h move below 3 %", points: 25, slack.below(context.priceChangePercent?.magnitude, 3))
        conditions.check("OI/volume 0.2 to 0.35", points: 25, slack.within(context.openInterestToVolume, 0.2...0.35))
        conditions.check(
            "funding divergence below 0.003 %", points: 20, slack.below(context.divergencePercent, 0.003))
        conditions.check("liquid", points: 10, isLiquid(context, slack, rules))
        let bias = Bias.direction(context.priceScore, beyond: 0.15)
        return Detection(
            .scalping, context, fires: conditions.areMet, confidence: conditions.points, direction: bias,
            conditions: conditions,
            metrics: [
                Metric("price change 24 h", context.priceChangePercent, "%"),
                Metric("volume 24 h", context.volumeUSD, "USD"),
                Metric("OI/volume", context.openInterestToVolume, "x"),
            ],
            message: [
                "Tight range: 24 h move \(Phrases.percent(context.priceChangePercent, 2)).",
                "Volume \(Phrases.dollars(context.volumeUSD)) in 24 h.",
                "Bias: \(bias.rawValue). Aim for 0.1-0.5 % a trade.",
            ])
    }

    private static func isLiquid(_ context: MarketContext, _ slack: Slack, _ rules: RuleSet) -> Bool? {
        guard rules == .v2, let usual = context.usualVolumeUSD else {
            return slack.above(context.volumeUSD, liquidVolume)
        }
        return slack.atLeast(context.volumeUSD, usual)
    }
}
