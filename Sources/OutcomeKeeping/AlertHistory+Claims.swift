import Backtesting
import PerpCore
import Signals
import TrackRecord

extension AlertHistory {
    /// The record of each strategy and direction that makes a claim and ever fired, in the order of the strategies.
    /// - Parameter regime: the volatility regime of the hour; `nil` when it is unknown.
    public func claims(regime: String?) -> [ClaimRecord] {
        Strategy.allCases.flatMap { strategy in
            Direction.allCases.compactMap { claim(strategy, $0, regime: regime) }
        }
    }

    private func claim(_ strategy: Strategy, _ direction: Direction, regime: String?) -> ClaimRecord? {
        let counts = record.counts(strategy, direction)
        guard let claim = Claim(strategy, direction), counts.resolved + counts.open > 0 else { return nil }
        let past = recollection(strategy, direction, regime: regime, horizonHours: claim.horizon)
        let base = estimate(strategy, direction, regime: regime).base
        return ClaimRecord(
            strategy: strategy.name, title: strategy.title, direction: direction.rawValue, horizonHours: claim.horizon,
            resolved: counts.resolved, right: counts.right, open: counts.open,
            baseRate: counts.resolved > 0 ? base : nil, estimate: past.estimate, boost: past.boost,
            sentence: past.sentence)
    }
}
