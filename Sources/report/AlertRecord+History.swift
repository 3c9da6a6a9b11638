import Backtesting
import OutcomeKeeping
import PerpCore
import Reports
import Sealing
import Signals
import TrackRecord
import Warehouse

extension AlertRecord {
    /// What came of the stored alerts, as it was known in an hour.
    /// - Throws: an error of the database.
    init(_ warehouse: Warehouse, at hour: Hour) throws {
        let regime = try SealedHours(warehouse).trends(at: hour)?.volatility(of: TrendScope.market)?.regime?.rawValue
        let history = try AlertHistory(warehouse, at: hour)
        let rows = Strategy.allCases.flatMap { strategy in
            Direction.allCases.compactMap { Row(strategy, $0, history, regime: regime) }
        }
        self.init(historyOff: !history.judgement.isOn, score: history.judgement.score.map(Score.init), rows: rows)
    }
}

extension AlertRecord.Row {
    /// `nil` for what makes no claim, and for what never fired.
    fileprivate init?(_ strategy: Strategy, _ direction: Direction, _ history: AlertHistory, regime: String?) {
        let counts = history.record.counts(strategy, direction)
        guard let claim = Claim(strategy, direction), counts.resolved + counts.open > 0 else { return nil }
        let estimate = history.estimate(strategy, direction, regime: regime)
        let past = history.recollection(strategy, direction, regime: regime, horizonHours: claim.horizon)
        self.init(
            strategy: strategy.name, title: strategy.title, direction: direction.rawValue,
            horizonHours: claim.horizon, resolved: counts.resolved, right: counts.right, open: counts.open,
            baseRate: counts.resolved > 0 ? estimate.base : nil, estimate: past.estimate, boost: past.boost)
    }
}

extension AlertRecord.Score {
    fileprivate init(_ score: BrierScore) {
        self.init(
            alerts: score.count, brier: score.score, brierOfBaseRates: score.ofBaseRates, skill: score.skill,
            reliability: score.reliability, resolution: score.resolution, uncertainty: score.uncertainty)
    }
}
