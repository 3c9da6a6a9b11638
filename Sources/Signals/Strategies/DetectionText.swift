import PerpCore

/// A detection in words, for messages and reports.
extension Detection {
    /// `Liquidation Cascade Risk - SHORT - 88%`, with the coin where it is about one.
    public var title: String {
        let name = scope == Self.market ? strategy.title : "\(strategy.title) (\(scope.printable))"
        return "\(name) - \(direction.rawValue) - \(final)%"
    }

    /// One line per condition: `met: OI/volume above 0.6`, `not met: ...`, `unknown: ...`.
    public var conditionLines: [String] {
        conditions.map { condition in
            let state = !condition.isKnown ? "unknown" : condition.isMet ? "met" : "not met"
            return "\(state): \(condition.name)"
        }
    }

    /// One line per metric, dollars short and all else with three decimals: `cascade score 0.680`.
    public var metricLines: [String] { metrics.map(\.line) }
}

extension Metric {
    /// `funding 8 h 0.018 %`, `liquidations 1 h $45.2M`, `basis n/a`.
    public var line: String {
        guard let value else { return "\(name) n/a" }
        if unit == "USD" { return "\(name) \(Numbers.dollars(value))" }
        return "\(name) \(Numbers.fixed(value, 3))" + (unit.isEmpty ? "" : " \(unit)")
    }
}
