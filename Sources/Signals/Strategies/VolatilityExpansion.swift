import Sealing

/// 9. Exchanges disagree about funding while the price stands still: a move is due, either way.
enum VolatilityExpansion {
    static func detect(_ context: MarketContext, _ slack: Slack) -> Detection {
        let gap = difference(context.fundingScore, context.priceScore)
        var conditions = Conditions()
        conditions.check("24 h move below 3 %", points: 30, slack.below(context.priceChangePercent?.magnitude, 3))
        conditions.check(
            "funding divergence above 0.006 %", points: 30, slack.above(context.divergencePercent, 0.006))
        conditions.check("funding and price scores 0.5 apart", points: 25, slack.above(gap?.magnitude, 0.5))
        conditions.check(
            "OI/volume between 0.35 and 0.6", points: 15, required: false,
            slack.between(context.openInterestToVolume, 0.35, 0.6))
        return Detection(
            .volatilityExpansion, context, fires: conditions.areMet, confidence: conditions.points,
            direction: .both, conditions: conditions,
            metrics: [
                Metric("funding divergence", context.divergencePercent, "%"),
                Metric("funding less price score", gap),
                Metric("price change 24 h", context.priceChangePercent, "%"),
            ],
            message: [
                "A larger move is due, on either side.",
                "Funding divergence \(Phrases.plainPercent(context.divergencePercent, 4)).",
                "Funding score less price score: \(Phrases.score(gap)).",
            ])
    }
}
