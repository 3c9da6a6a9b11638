/// 5. Several signs of an excess at once: fade the crowd.
enum Contrarian {
    static func detect(_ context: MarketContext, _ slack: Slack, _ rules: RuleSet) -> Detection {
        var conditions = Conditions()
        // The share of longs moves little: its limits give way by half as much.
        let crowd = slack.times(0.5)
        func note(_ name: String, _ isMet: Bool?) {
            conditions.check(name, points: 20, required: false, isMet)
        }
        note("composite beyond 0.7", slack.above(context.composite?.magnitude, 0.7))
        note("funding and price opposed beyond 0.3", areOpposed(context, slack))
        note("funding divergence above 0.008 %", slack.above(context.divergencePercent, 0.008))
        note(
            "OI/volume above 0.6 or below 0.2",
            either(slack.above(context.openInterestToVolume, 0.6), slack.below(context.openInterestToVolume, 0.2)))
        note(
            "more than 70 % or less than 30 % long",
            either(crowd.above(context.longFraction, 0.70), crowd.below(context.longFraction, 0.30)))
        let count = conditions.metCount
        let side = direction(context, slack, crowd)
        let fires = rules == .v2 ? count >= 3 && side != .unclear : count >= 2
        return Detection(
            .contrarian, context, fires: fires, confidence: min(conditions.points, 100), direction: side,
            conditions: conditions,
            metrics: [
                Metric("conditions met", Double(count), "of 5"),
                Metric("long accounts", context.longPercent, "%"),
                Metric("composite", context.composite),
            ],
            message: [
                "Fade the crowd: \(side.rawValue).",
                "\(count) of 5 signs of excess.",
                "Crowd: \(Phrases.plainPercent(context.longPercent, 1)) of accounts are long.",
                "Small size and a tight stop.",
            ])
    }

    private static func areOpposed(_ context: MarketContext, _ slack: Slack) -> Bool? {
        let euphoria = both(slack.above(context.fundingScore, 0.3), slack.below(context.priceScore, -0.3))
        let despair = both(slack.below(context.fundingScore, -0.3), slack.above(context.priceScore, 0.3))
        return either(euphoria, despair)
    }

    private static func direction(_ context: MarketContext, _ slack: Slack, _ crowd: Slack) -> Direction {
        if crowd.above(context.longFraction, 0.70) == true { return .short }
        if crowd.below(context.longFraction, 0.30) == true { return .long }
        if slack.above(context.composite, 0.7) == true { return .short }
        if slack.below(context.composite, -0.7) == true { return .long }
        return .unclear
    }
}
