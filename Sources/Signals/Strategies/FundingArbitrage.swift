import PerpCore

/// 4. Short the perpetual that pays funding, long the one that does not, after fees.
enum FundingArbitrage {
    static let neededAPR = 8.0

    static func detect(_ context: MarketContext, _ slack: Slack, _ rules: RuleSet) -> Detection {
        let trades = context.fundingTrades
        let best = trades.first
        var conditions = Conditions()
        conditions.check("best net APR above 8 %", slack.above(best?.netAPR, neededAPR))
        conditions.check(
            "3 trades that pay, or 2 above 8 %",
            trades.isEmpty ? nil : hasSeveral(trades, slack, rules))
        let confidence = min(max(Int(((best?.netAPR ?? 0) * 5).rounded(.down)), 0), 100)
        var detection = Detection(
            .fundingArbitrage, context, fires: conditions.areMet, confidence: confidence,
            direction: .neutral, conditions: conditions,
            metrics: [
                Metric("net APR", best?.netAPR, "%"), Metric("break even", best?.breakEvenDays, "days"),
                Metric("capacity", best?.capacityUSD, "USD"),
            ],
            message: message(trades))
        detection.legs = best?.legs
        return detection
    }

    private static func hasSeveral(_ trades: [FundingTrade], _ slack: Slack, _ rules: RuleSet) -> Bool {
        let paying = rules == .v2 ? trades.count { $0.netAPR > 0 } : trades.count
        return paying >= 3 || trades.count { slack.above($0.netAPR, neededAPR) == true } >= 2
    }

    private static func message(_ trades: [FundingTrade]) -> [String] {
        guard let best = trades.first else { return ["No pair of exchanges to compare."] }
        let others = trades.dropFirst().prefix(2).map {
            "Also \($0.sides) \($0.asset.printable): \($0.yield)."
        }
        return [
            best.sentence,
            "Break even after \(Phrases.days(best.breakEvenDays)), "
                + "capacity \(Phrases.dollars(best.capacityUSD)).",
        ] + others
    }
}
