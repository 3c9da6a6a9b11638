/// 1. A neutral mood with a move that is neither flat nor a trend: buy low, sell high.
enum RangeTrading {
    static func detect(_ context: MarketContext, _ slack: Slack) -> Detection {
        var conditions = Conditions()
        conditions.check(
            "composite within 0.2 of neutral", points: 25, slack.atMost(context.composite?.magnitude, 0.2))
        conditions.check(
            "24 h move of 3 to 6 %", points: 25, slack.within(context.priceChangePercent?.magnitude, 3...6))
        conditions.check("OI/volume 0.3 to 0.5", points: 25, slack.within(context.openInterestToVolume, 0.3...0.5))
        conditions.check(
            "funding divergence below 0.005 %", points: 25, slack.below(context.divergencePercent, 0.005))
        let bias = Bias.direction(context.priceScore, beyond: 0.2)
        return Detection(
            .rangeTrading, context, fires: conditions.areMet, confidence: conditions.points, direction: bias,
            conditions: conditions,
            metrics: [
                Metric("composite", context.composite), Metric("price change 24 h", context.priceChangePercent, "%"),
                Metric("OI/volume", context.openInterestToVolume, "x"),
            ],
            message: [
                "The market ranges: 24 h move \(Phrases.percent(context.priceChangePercent, 2)), "
                    + "composite \(Phrases.score(context.composite)).",
                "Bias inside the range: \(bias.rawValue).",
                "Hold for hours to days, aim for 2-5 %.",
            ])
    }
}
