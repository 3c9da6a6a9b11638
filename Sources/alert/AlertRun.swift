import AlertDelivery
import Notifiers
import OutcomeKeeping
import PerpCore
import Replaying
import Sealing
import Signals
import TrackRecord
import Warehouse

/// Evaluates one hour and stores what it led to.
struct AlertRun {
    /// What an hour led to, ready to be stored and shown.
    struct Result {
        var evaluation: HourEvaluation
        /// The detections that fire, and what became of each.
        var detections: [(detection: Detection, decision: String)]
        var alerts: [AlertRow]
        var states: [AlertStateRow]
        var outbox: [OutboxRow]

        var text: String { AlertText(evaluation: evaluation, detections: detections).text }
        /// The requests' bodies, as they would be sent.
        func payloads() throws -> [String] {
            let messages = try outbox.map { try DiscordMessage(json: $0.payload) }
            return try DiscordLimits.pack(messages).map { try $0.message.json() }
        }
    }

    let warehouse: Warehouse
    /// What the recorder decided and is still sending; `nil` without one.
    var live: AlertStore?
    let rules: AlertRules
    let model: SentimentModel
    var fees = TakerFees()

    /// Reads only. `now` is the clock of the run.
    func evaluate(_ hour: Hour, now: Timestamp) throws -> Result {
        var evaluation = try HourEvaluation(hour, of: warehouse, model: model, fees: fees)
        let history = try AlertHistory(warehouse, at: hour)
        evaluation.recall { history.recalled($0, regime: $1) }
        let store = AlertStore(warehouse)
        let midnight = AlertMemory.midnight(before: now)
        var memory = try AlertMemory(store, since: midnight)
        if let live { memory = try memory.joined(by: AlertMemory(live, since: midnight)) }
        let states = memory.states
        let outcome = rules.evaluate(
            states, entering: evaluation.entering, staying: evaluation.staying, gate: evaluation.gate,
            outbox: memory.outbox, now: now)
        let stored = Dictionary(try store.alerts(at: hour).map { ($0.key, $0.decision) }) { first, _ in first }
        let gate = evaluation.gate.reason(now: now)
        var decided = outcome.decisions.map { (detection: $0.detection, decision: $0.word) }
        let keys = Set(decided.map(\.detection.key))
        for detection in evaluation.firing where !keys.contains(detection.key) {
            // A key that saw the hour before keeps what was decided then.
            let isOld = states[detection.key].map { $0.touched >= hour } ?? false
            let decision = gate.map { AlertDecision.word($0) } ?? (isOld ? stored[detection.key] : nil) ?? "active"
            decided.append((detection, decision))
        }
        decided.sort { $0.detection.sendingOrder < $1.detection.sendingOrder }
        return Result(
            evaluation: evaluation, detections: decided,
            alerts: decided.map { detection, decision in
                var row = AlertRow(detection, decision: decision, hour: evaluation.hour, model: model)
                row.regime = evaluation.regime
                return row
            },
            states: outcome.states.values.filter { states[$0.key] != $0 }.map(\.row).sorted { $0.key < $1.key },
            outbox: try outboxRows(outcome, evaluation, now: now))
    }

    /// Stores a result in one transaction.
    func store(_ result: Result) throws {
        try AlertStore(warehouse).store(alerts: result.alerts, states: result.states, outbox: result.outbox)
    }

    private func outboxRows(
        _ outcome: AlertOutcome, _ evaluation: HourEvaluation, now: Timestamp
    ) throws -> [OutboxRow] {
        let detections = outcome.decisions.filter { $0.sentReason != nil }.map(\.detection)
        let alerts = outcome.outbox(hour: evaluation.hour, now: now)
        return try zip(alerts, detections).enumerated().map { place, pair in
            let (alert, detection) = pair
            // Ends are told once, above the first alert.
            let message = DiscordMessage(
                detection, context: evaluation.context, alert: alert.id, digest: place == 0 ? outcome.digest : [])
            return OutboxRow(alert, tier: detection.tier, payload: try message.json())
        }
    }
}
