import Backtesting
import PerpCore
import Replaying
import Sealing
import Signals
import Trends
import Warehouse

/// An alert of a replay that begins a setup, before its markets are looked up.
struct ReplayedEvent {
    var event: BacktestEvent
    /// The two markets of a pair or a carry; `nil` for other strategies.
    var legs: TradeLegs?
}

/// Replays hours with everything sent: no tier is off, and no budget runs out.
struct EventReplay {
    let warehouse: Warehouse
    let model: SentimentModel
    /// The asset in which signals about the whole market are traded.
    let asset: String
    let fees: TakerFees
    var detectors: Detectors = HourEvaluation.strategies

    /// Detectors, episodes, gates and cooldowns as `alert` has them.
    static let rules = AlertRules(
        settings: AlertSettings(deliveredTiers: [1, 2, 3], keyDaily: .max, hourly: .max, daily: .max, hardDaily: .max))

    /// A replay of a connection's hours.
    func replay(of warehouse: Warehouse) -> Replay {
        Replay(warehouse: warehouse, rules: Self.rules, model: model, fees: fees, detectors: detectors)
    }

    /// The events of a span in the order of time.
    func events(in hours: ClosedRange<Hour>, progress: () -> Void = {}) throws -> [ReplayedEvent] {
        var events: [ReplayedEvent] = []
        try replay(of: warehouse).forEachHour(in: hours) { step in
            events += step.decisions.compactMap { event($0, step.evaluation) }
            progress()
        }
        return events
    }

    private func event(_ decision: AlertDecision, _ evaluation: HourEvaluation) -> ReplayedEvent? {
        guard let reason = decision.sentReason, BacktestEvent.isEvent(reason) else { return nil }
        let detection = decision.detection
        let trends = evaluation.trends
        let scope = detection.scope == Detection.market ? nil : detection.scope
        let market = trends?.volatility(of: TrendScope.market)
        let own = trends?.volatility(of: scope ?? asset) ?? market
        let event = BacktestEvent(
            key: detection.key, decided: evaluation.hour, strategy: detection.strategy, direction: detection.direction,
            asset: scope, confidence: detection.confidence, adjusted: detection.adjusted, sigma24: own?.sigma,
            regime: market?.regime?.rawValue,
            trend72: trends?.trend(.price, .swing, of: TrendScope.market)?.state.rawValue)
        return ReplayedEvent(
            event: event, legs: detection.legs)
    }
}
