import PerpCore
import Sealing

/// 8. Leverage is high and positions are being closed by force: the next ones may follow.
enum LiquidationCascade {
    /// 1 h scores above this are an active cascade.
    static let activeScore = 0.5
    static let extremeScore = 0.7
    static let seedScore = 0.6
    static let volumeShare = 0.02
    /// The confidence of a live score at its limit, in percent: the floor of its tier.
    static let liveConfidence = 60.0
    /// Percent of confidence per 1.0 of score above the limit: certain at 1.0.
    static let liveConfidencePerScore = 80.0

    /// What liquidations say while they happen: the score alone decides, since what else the strategy looks at is as old as
    /// the last sealed hour.
    static func detectLive(_ context: MarketContext) -> Detection {
        var detection = detect(context, .enter, .v2)
        let score = context.cascade?.score ?? 0
        detection.fires = Strategy.isCascade(score)
        let confidence = liveConfidence + liveConfidencePerScore * (score - activeScore)
        detection.confidence = max(detection.confidence, min(100, Int(confidence.rounded())))
        return detection
    }

    static func detect(_ context: MarketContext, _ slack: Slack, _ rules: RuleSet) -> Detection {
        // An active cascade ends at 0.4, so its limits give way twice as far.
        let scoreSlack = slack.times(2)
        let score = context.cascade?.score
        let isActive = scoreSlack.above(score, rules == .v2 ? activeScore : seedScore)
        let isLarge = slack.above(context.cascade?.volumeShare, volumeShare)
        var conditions = Conditions()
        func note(_ name: String, _ isMet: Bool?) {
            conditions.check(name, points: 17, required: false, isMet)
        }
        note("OI/volume above 0.6", slack.above(context.openInterestToVolume, 0.6))
        note("funding beyond 0.015 %", slack.above(context.fundingPercent?.magnitude, 0.015))
        note("composite beyond 0.4", slack.above(context.composite?.magnitude, 0.4))
        note("24 h move above 5 %", slack.above(context.priceChangePercent?.magnitude, 5))
        note(
            "liquidations above 2 % of \(rules == .v2 ? "the reporting exchanges' volume" : "a day's market volume")",
            isLarge)
        note("cascade score above \(rules == .v2 ? activeScore : seedScore)", isActive)
        let count = conditions.metCount
        let isExtreme = rules == .v2 && scoreSlack.above(score, extremeScore) == true
        let earnsBonus = isActive == true && (rules == .v2 || isLarge == true)
        let longsAtRisk = longsAtRisk(context, isActive: rules == .v2 && isActive == true)
        let status = rules == .v2 ? status(context) : seedStatus(context)
        return Detection(
            .liquidationCascade, context, fires: count >= 4 || count >= 3 && isExtreme,
            confidence: min(min(conditions.points, 100) + (earnsBonus ? 20 : 0), 100),
            direction: longsAtRisk ? .short : .long, status: status, conditions: conditions,
            metrics: [
                Metric("cascade score", score),
                Metric("liquidations 1 h", context.cascade?.totalUSD, "USD"),
                Metric(
                    rules == .v2 ? "liquidations / reporting volume" : "liquidations / day's market volume",
                    context.cascade?.volumeShare.map { 100 * $0 }, "%"),
                Metric("OI/volume", context.openInterestToVolume, "x"),
                Metric("funding 8 h", context.fundingPercent, "%"),
            ],
            message: message(context, status, longsAtRisk: longsAtRisk, rules))
    }

    /// In an active cascade the side that is liquidated more (on a tie the shorts), else the side
    /// that the mood leans to.
    private static func longsAtRisk(_ context: MarketContext, isActive: Bool) -> Bool {
        guard isActive, let cascade = context.cascade else { return (context.composite ?? 0) > 0 }
        return cascade.longUSD > cascade.shortUSD
    }

    private static func hasData(_ context: MarketContext) -> Bool {
        context.cascade?.score != nil && (context.cascade?.totalUSD ?? 0) > 0
    }

    private static func status(_ context: MarketContext) -> DetectionStatus {
        guard hasData(context), let score = context.cascade?.score else { return .riskIndicators }
        return score > extremeScore ? .activeCascade : score > activeScore ? .buildingRisk : .elevatedRisk
    }

    private static func seedStatus(_ context: MarketContext) -> DetectionStatus {
        guard hasData(context), let cascade = context.cascade else { return .riskIndicators }
        if (cascade.volumeShare ?? 0) > volumeShare { return .activeCascade }
        return (cascade.score ?? 0) > seedScore ? .buildingRisk : .elevatedRisk
    }

    private static func message(
        _ context: MarketContext, _ status: DetectionStatus, longsAtRisk: Bool, _ rules: RuleSet
    ) -> [String] {
        let side = longsAtRisk ? "longs" : "shorts"
        return [
            "\(status.rawValue): \(side) at risk (OI/volume \(Phrases.times(context.openInterestToVolume)))."
        ] + evidence(context, rules) + [
            "Funding \(Phrases.funding(context.fundingPercent)).",
            "Reduce leverage on the side of the \(side).",
        ]
    }

    private static func evidence(_ context: MarketContext, _ rules: RuleSet) -> [String] {
        guard hasData(context), let cascade = context.cascade, let score = cascade.score else {
            return ["No liquidation data confirms it."]
        }
        let floor = Phrases.floor(cascade.isFloor)
        let level = CascadeLevel(score: score).rawValue
        let share =
            rules == .v2
            ? VolumeShareText.reporting(cascade.volumeShare, exchanges: cascade.reportingExchanges, hours: 1)
            : VolumeShareText.market(cascade.volumeShare)
        return [
            "Liquidations in the last hour: \(floor)\(Numbers.dollars(cascade.totalUSD)), \(share).",
            "Cascade score \(Numbers.fixed(score, 2))/1.0 (\(level)), seen through "
                + "\(Phrases.plainPercent(cascade.coverage.map { 100 * $0 }, 0)) of open interest.",
        ] + largest(cascade)
    }

    private static func largest(_ cascade: MarketContext.Cascade) -> [String] {
        guard !cascade.largest.isEmpty else { return [] }
        let parts = cascade.largest.map { "\($0.asset.printable) \(Numbers.dollars($0.totalUSD))" }
        return ["Most of it: \(parts.joined(separator: ", "))."]
    }
}
