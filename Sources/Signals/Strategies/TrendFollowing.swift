/// 3. A strong mood that funding and price share, backed by open interest, and not new.
enum TrendFollowing {
    static let neededHours = 5
    static let longestStep = 2

    static func detect(_ context: MarketContext, _ slack: Slack, _ rules: RuleSet) -> Detection {
        var conditions = Conditions()
        let strong = slack.times(rules == .v2 ? 3 : 1)
        conditions.check(
            "composite beyond 0.5", points: 30, strong.above(context.composite?.magnitude, 0.5))
        conditions.check("funding and price agree", points: 30, agree(context))
        conditions.check("OI/volume above 0.4", points: 20, slack.above(context.openInterestToVolume, 0.4))
        conditions.check(
            "funding divergence below 0.003 %", points: 20, slack.below(context.divergencePercent, 0.003))
        let hasHistory = hasHistory(context)
        let sustained = sustainedHours(context, strong)
        if rules == .v2 {
            conditions.check("5 of the last 6 hours beyond 0.5", hasHistory ? sustained >= neededHours : nil)
        }
        let isUp = (context.composite ?? 0) > 0
        return Detection(
            .trendFollowing, context, fires: conditions.areMet, confidence: conditions.points,
            direction: isUp ? .long : .short,
            status: rules == .v2 && !hasHistory ? .insufficientHistory : nil, conditions: conditions,
            metrics: [
                Metric("composite", context.composite), Metric("OI/volume", context.openInterestToVolume, "x"),
                Metric("sustained", Double(sustained), "hours"),
            ],
            message: [
                "\(isUp ? "Up" : "Down") trend: composite \(Phrases.score(context.composite)), "
                    + "OI/volume \(Phrases.times(context.openInterestToVolume)).",
                "Sustained in \(sustained) of the last 6 hours.",
                "Follow with a trailing stop.",
            ])
    }

    private static func agree(_ context: MarketContext) -> Bool? {
        guard let funding = context.fundingScore, let price = context.priceScore else { return nil }
        return funding > 0 && price > 0 || funding < 0 && price < 0
    }

    private static func hasHistory(_ context: MarketContext) -> Bool {
        let hours = context.recentScores.map(\.hour)
        return hours.count >= neededHours
            && zip(hours, hours.dropFirst()).allSatisfy { $0.distance(to: $1) <= longestStep }
    }

    private static func sustainedHours(_ context: MarketContext, _ slack: Slack) -> Int {
        guard let composite = context.composite else { return 0 }
        return context.recentScores.count {
            $0.composite * composite > 0 && slack.above($0.composite.magnitude, 0.5) == true
        }
    }
}
