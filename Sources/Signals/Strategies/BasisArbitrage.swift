import PerpCore

/// 12. The perpetual is away from its spot and funding does not work against the carry.
enum BasisArbitrage {
    static let neededBasis = 0.15
    static let noticedBasis = 0.10

    static func detect(_ context: MarketContext, _ slack: Slack, _ rules: RuleSet) -> Detection {
        let rows = context.bases.filter { isCandidate($0, slack, rules) }
        let best = rows.max { $0.basis.magnitude < $1.basis.magnitude }
        var conditions = Conditions()
        conditions.check(
            "basis of 0.15 % that funding does not work against",
            context.bases.isEmpty ? nil : slack.atLeast(best?.basis.magnitude, neededBasis) ?? false)
        return Detection(
            .basisArbitrage, context, fires: conditions.areMet,
            confidence: best.map { confidence($0.basis.magnitude) } ?? 0, direction: .neutral,
            conditions: conditions,
            metrics: [
                Metric("basis", best?.basis, "%"), Metric("funding 8 h", best?.fundingRate8h, "%"),
            ],
            message: message(best))
    }

    private static func isCandidate(
        _ row: MarketContext.VenueBasis, _ slack: Slack, _ rules: RuleSet
    ) -> Bool {
        guard slack.above(row.basis.magnitude, noticedBasis) == true else { return false }
        guard rules == .v2 else { return true }
        return row.fundingRate8h.map { row.basis * $0 >= 0 } ?? false
    }

    private static func confidence(_ basis: Double) -> Int {
        basis > 0.30 ? 100 : basis > 0.20 ? 85 : basis > 0.15 ? 70 : 50
    }

    private static func message(_ best: MarketContext.VenueBasis?) -> [String] {
        guard let best else { return ["No basis above 0.1 % with funding on its side."] }
        let type = best.basis > 0 ? "Cash-and-carry" : "Reverse cash-and-carry"
        return [
            "\(type) in \(best.asset.printable) on \(best.venueName).",
            "Basis \(Phrases.percent(best.basis, 3)), funding \(Phrases.funding(best.fundingRate8h)).",
        ]
    }
}
