import PerpCore
import Sealing
import Signals
import Warehouse

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The rules over the history, hour by hour, with only what was known then. Writes nothing.
struct Replay {
    /// A line of the table.
    struct Row: Codable, Hashable {
        /// The hour, `2025-10-23T15`.
        var time: String
        var strategy: String
        var scope: String
        var tier: Int
        var direction: String
        var confidence: Int
        var status: String?
        /// Why it would have been sent, or why not.
        var decision: String
    }

    let warehouse: Warehouse
    let rules: AlertRules
    let model: SentimentModel
    var fees = TakerFees()

    /// Everything that would have been told, and every episode of a tier that is not sent. With `all`
    /// also what was held back.
    func rows(_ hours: ClosedRange<Hour>, all: Bool, progress: () -> Void = {}) throws -> [Row] {
        let stored = SealedHours(warehouse)
        var history = try stored.rollingHistory(before: hours.lowerBound)
        var states: [String: AlertState] = [:]
        var outbox: [OutboxAlert] = []
        var rows: [Row] = []
        var recent: [Hour: [ExchangeFacts]] = [:]
        for hour in try stored.hours(from: hours.lowerBound, through: hours.upperBound) {
            let sealed = try stored.hour(hour, after: history)
            let evaluation = try HourEvaluation(
                sealed, model: model,
                settlements: try stored.settlements(days: HourEvaluation.settlementDays, before: hour), fees: fees
            ) { try recent[$0] ?? LoadedFacts(warehouse).exchangeFacts(at: $0) }
            recent = recent.filter { $0.key > hour.advanced(by: -ExchangeSummary.standInHours) }
            recent[hour] = sealed.input.exchanges
            outbox.removeAll { Hour(containing: $0.createdAt).day < hour.day }
            let outcome = rules.evaluate(
                states, entering: evaluation.entering, staying: evaluation.staying, gate: evaluation.gate,
                outbox: outbox, now: hour.end)
            states = outcome.states
            for var alert in outcome.outbox(hour: hour, now: hour.end) {
                alert.state = .delivered
                states[alert.key]?.markDelivered(alert)
                outbox.append(alert)
            }
            rows += outcome.decisions.filter { all || isTold($0, states, hour) }.map { Row($0, hour) }
            history.append(evaluation.summary)
            progress()
        }
        return rows
    }

    private func isTold(_ decision: AlertDecision, _ states: [String: AlertState], _ hour: Hour) -> Bool {
        switch decision.outcome {
        case .send: true
        case .held(.tierOff, _): states[decision.detection.key]?.since == hour
        case .held: false
        }
    }

    static func json(_ rows: [Row]) throws -> String {
        try JSONText.pretty(rows)
    }

    static func text(_ rows: [Row]) -> String {
        let head = ["TIME (UTC)", "STRATEGY", "DIRECTION", "CONFIDENCE", "STATUS", "DECISION"]
        let lines =
            [head]
            + rows.map {
                [
                    $0.time, $0.scope == Detection.market ? $0.strategy : "\($0.strategy) \($0.scope)", $0.direction,
                    "\($0.confidence)%", $0.status ?? "-", $0.decision,
                ]
            }
        let widths = head.indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
        return lines.map { line in
            let cells = zip(line, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }
            var text = cells.joined(separator: "  ")
            while text.last == " " { text.removeLast() }
            return text + "\n"
        }.joined()
    }
}

extension Replay.Row {
    init(_ decision: AlertDecision, _ hour: Hour) {
        let detection = decision.detection
        self.init(
            time: "\(hour)", strategy: detection.strategy.name, scope: detection.scope, tier: detection.tier,
            direction: detection.direction.rawValue, confidence: detection.final,
            status: detection.status?.rawValue, decision: decision.word)
    }
}
