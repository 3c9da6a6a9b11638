import Sealing

/// 13. Perpetuals stand away from spot on most exchanges: trade the perpetual against the spot.
enum ContangoBackwardation {
    static let asset = "BTC"
    static let neededBasis = 0.20
    static let neededExchanges = 3

    static func detect(_ context: MarketContext, _ slack: Slack, _ rules: RuleSet) -> Detection {
        let bases = context.bases(of: asset).map(\.percent)
        let middle = rules == .v2 ? Quantiles.median(bases) : mean(bases)
        let isWide = slack.above(middle?.magnitude, neededBasis)
        var conditions = Conditions()
        conditions.check("BTC basis beyond 0.20 %", isWide)
        if rules == .v2 { conditions.check("3 venues with a basis", bases.count >= neededExchanges) }
        let isContango = (middle ?? 0) > 0
        let fires = conditions.areMet
        var detection = Detection(
            .contangoBackwardation, context, fires: fires,
            confidence: fires ? SpreadConfidence.points(middle?.magnitude) : 0,
            direction: fires ? direction(isContango: isContango, rules) : .neutral, conditions: conditions,
            metrics: [
                Metric("basis", middle, "%"), Metric("venues", Double(bases.count)),
            ],
            message: [
                "\(isContango ? "Contango" : "Backwardation"): BTC basis \(Phrases.percent(middle, 3)).",
                "\(Phrases.percent(bases.min(), 3)) to \(Phrases.percent(bases.max(), 3)) "
                    + "over \(bases.count) venues.",
                "\(isContango ? "Short" : "Long") the perpetual against the spot.",
            ])
        detection.legs = largest(context)?.legs(sellsPerpetual: isContango)
        return detection
    }

    /// Where the perpetual trades the most, the first of two as large: the pair by which the claim is judged.
    private static func largest(_ context: MarketContext) -> MarketContext.ExchangeBasis? {
        context.bases(of: asset).reduce(nil) { best, next in
            best.map { ($0.perpetualVolumeUSD ?? 0) >= (next.perpetualVolumeUSD ?? 0) } ?? false ? best : next
        }
    }

    private static func direction(isContango: Bool, _ rules: RuleSet) -> Direction {
        switch rules {
        case .v2: isContango ? .short : .long
        case .seedV1: isContango ? .bullish : .bearish
        }
    }
}
