import PerpCore

/// 12. The perpetual is away from its spot and funding does not work against the carry.
enum BasisArbitrage {
    static let neededBasis = 0.15
    static let noticedBasis = 0.10

    static func detect(_ context: MarketContext, _ slack: Slack, _ rules: RuleSet) -> Detection {
        let best = best(context, slack, rules)
        var conditions = Conditions()
        conditions.check(
            "basis of 0.15 % that funding does not work against",
            context.bases.isEmpty ? nil : slack.atLeast(best?.percent.magnitude, neededBasis) ?? false)
        var detection = Detection(
            .basisArbitrage, context, fires: conditions.areMet,
            confidence: best.map { confidence($0.percent.magnitude) } ?? 0, direction: .neutral,
            conditions: conditions,
            metrics: [
                Metric("basis", best?.percent, "%"), Metric("funding 8 h", best?.fundingPercent8h, "%"),
            ],
            message: message(best))
        detection.legs = best?.legs(sellsPerpetual: (best?.percent ?? 0) > 0)
        return detection
    }

    /// The widest basis that funding does not work against; `nil` without one.
    static func best(_ context: MarketContext, _ slack: Slack, _ rules: RuleSet) -> MarketContext.ExchangeBasis? {
        context.bases.filter { isCandidate($0, slack, rules) }
            .max { $0.percent.magnitude < $1.percent.magnitude }
    }

    private static func isCandidate(
        _ row: MarketContext.ExchangeBasis, _ slack: Slack, _ rules: RuleSet
    ) -> Bool {
        guard slack.above(row.percent.magnitude, noticedBasis) == true else { return false }
        guard rules == .v2 else { return true }
        return row.fundingPercent8h.map { row.percent * $0 >= 0 } ?? false
    }

    private static func confidence(_ basis: Double) -> Int {
        basis > 0.30 ? 100 : basis > 0.20 ? 85 : basis > 0.15 ? 70 : 50
    }

    private static func message(_ best: MarketContext.ExchangeBasis?) -> [String] {
        guard let best else { return ["No basis above 0.1 % with funding on its side."] }
        let type = best.percent > 0 ? "Cash-and-carry" : "Reverse cash-and-carry"
        return [
            "\(type) in \(best.asset.printable) on \(best.exchangeName).",
            "Basis \(Phrases.percent(best.percent, 3)), funding \(Phrases.funding(best.fundingPercent8h)).",
        ]
    }
}
