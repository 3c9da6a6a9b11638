import OutcomeKeeping
import PerpCore
import Reports
import Sealing
import TrackRecord
import Warehouse

extension AlertRecord {
    /// What came of the stored alerts, as it was known in an hour.
    /// - Throws: an error of the database.
    init(_ warehouse: Warehouse, at hour: Hour) throws {
        let regime = try SealedHours(warehouse).trends(at: hour)?.volatility(of: TrendScope.market)?.regime?.rawValue
        let history = try AlertHistory(warehouse, at: hour)
        self.init(
            historyOff: !history.judgement.isOn, score: history.judgement.score.map(Score.init),
            rows: history.claims(regime: regime))
    }
}

extension AlertRecord.Score {
    fileprivate init(_ score: BrierScore) {
        self.init(
            alerts: score.count, brier: score.score, brierOfBaseRates: score.ofBaseRates, skill: score.skill,
            reliability: score.reliability, resolution: score.resolution, uncertainty: score.uncertainty)
    }
}
