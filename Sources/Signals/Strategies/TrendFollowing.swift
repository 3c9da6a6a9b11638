import Trends

/// 3. A strong mood that funding and price share, backed by open interest, and not new.
enum TrendFollowing {
    static func detect(_ context: MarketContext, _ slack: Slack, _ rules: RuleSet) -> Detection {
        var conditions = Conditions()
        let strong = slack.times(rules == .v2 ? 3 : 1)
        conditions.check(
            "composite beyond 0.5", points: 30, strong.above(context.composite?.magnitude, 0.5))
        conditions.check("funding and price agree", points: 30, agree(context))
        conditions.check("OI/volume above 0.4", points: 20, slack.above(context.openInterestToVolume, 0.4))
        conditions.check(
            "funding divergence below 0.003 %", points: 20, slack.below(context.divergencePercent, 0.003))
        let isJudged = context.sustained?.status == .judged
        if rules == .v2 { conditions.check("composite sustained for 5 of 6 hours", isSustained(context)) }
        let isUp = (context.composite ?? 0) > 0
        return Detection(
            .trendFollowing, context, fires: conditions.areMet, confidence: conditions.points,
            direction: isUp ? .long : .short,
            status: rules == .v2 && !isJudged ? .insufficientHistory : nil, conditions: conditions,
            metrics: [
                Metric("composite", context.composite), Metric("OI/volume", context.openInterestToVolume, "x"),
                Metric("sustained", context.sustained.map { Double($0.hours ?? 0) }, "hours"),
            ],
            message: [
                "\(isUp ? "Up" : "Down") trend: composite \(Phrases.score(context.composite)), "
                    + "OI/volume \(Phrases.times(context.openInterestToVolume)).",
                sustained(context.sustained),
                "Follow with a trailing stop.",
            ])
    }

    private static func agree(_ context: MarketContext) -> Bool? {
        guard let funding = context.fundingScore, let price = context.priceScore else { return nil }
        return funding > 0 && price > 0 || funding < 0 && price < 0
    }

    /// Whether the score is sustained on the side that it is on; `nil` where too few of the last six hours are known.
    private static func isSustained(_ context: MarketContext) -> Bool? {
        guard let row = context.sustained, row.status == .judged, let composite = context.composite else { return nil }
        return row.side != nil && row.side == ScoreSide(of: composite)
    }

    private static func sustained(_ row: SustainedHour?) -> String {
        guard let row, row.status == .judged else { return "Too few of the last 6 hours are known." }
        guard let since = row.since, let hours = row.hours else { return "Not sustained." }
        return "Sustained since \(since.spoken) UTC, \(hours) \(hours == 1 ? "hour" : "hours")."
    }
}
