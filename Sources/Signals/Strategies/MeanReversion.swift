/// 6. A large move that funding does not follow: expect part of it back.
enum MeanReversion {
    static let smallestScore = 0.15

    static func detect(_ context: MarketContext, _ slack: Slack, _ rules: RuleSet) -> Detection {
        let lowest = rules == .v2 ? 0.1 : 0.3
        var conditions = Conditions()
        conditions.check(
            "composite between \(lowest) and 0.6", points: 30,
            slack.between(context.composite?.magnitude, lowest, 0.6))
        conditions.check("funding against price", points: 40, areOpposed(context, slack, rules))
        conditions.check("24 h move above 3 %", points: 20, slack.above(context.priceChangePercent?.magnitude, 3))
        conditions.check(
            "OI/volume between 0.3 and 0.5", points: 10, required: false,
            slack.between(context.openInterestToVolume, 0.3, 0.5))
        let isDown = (context.priceScore ?? 0) < 0
        return Detection(
            .meanReversion, context, fires: conditions.areMet, confidence: conditions.points,
            direction: isDown ? .long : .short, conditions: conditions,
            metrics: [
                Metric("price change 24 h", context.priceChangePercent, "%"),
                Metric("funding score", context.fundingScore), Metric("price score", context.priceScore),
            ],
            message: [
                "\(isDown ? "LONG" : "SHORT") against a move of \(Phrases.percent(context.priceChangePercent, 2)).",
                "Funding \(Phrases.score(context.fundingScore)) against price "
                    + "\(Phrases.score(context.priceScore)).",
                "Aim for part of the move.",
            ])
    }

    private static func areOpposed(_ context: MarketContext, _ slack: Slack, _ rules: RuleSet) -> Bool? {
        guard let funding = context.fundingScore, let price = context.priceScore else { return nil }
        guard funding * price < 0 else { return false }
        return rules == .seedV1
            || slack.atLeast(abs(funding), smallestScore) == true
                && slack.atLeast(abs(price), smallestScore) == true
    }
}
