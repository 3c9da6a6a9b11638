import AlertDelivery
import Backtesting
import OutcomeKeeping
import PerpCore
import Replaying
import Signals
import TrackRecord
import Warehouse

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The table of a replay.
extension Replay {
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
        /// The lines of the message, what came of earlier alerts among them; the table leaves them out.
        var message: [String]
    }

    /// Everything that would have been told, and every episode of a tier that is not sent. With `all`
    /// also what was held back.
    func rows(_ hours: ClosedRange<Hour>, all: Bool, progress: () -> Void = {}) throws -> [Row] {
        var rows: [Row] = []
        // What comes of replayed alerts is told to later ones from the hour on in which it is known.
        var past = AlertHistory()
        var judge = OutcomeJudge(
            warehouse, in: hours.lowerBound.advanced(by: -OutcomeJudge.lookBack)...hours.upperBound)
        try forEachHour(
            in: hours,
            before: { evaluation in
                past.advance(to: evaluation.hour)
                evaluation.recall { past.recalled($0, regime: $1) }
            }
        ) { step in
            rows += step.decisions.filter { all || Self.isTold($0, step) }.map { Row($0, step.hour) }
            for decision in step.decisions where decision.sentReason.map(BacktestEvent.isEvent) ?? false {
                let alert = try judge.followed(decision.detection, at: step.hour, regime: step.evaluation.regime)
                past.add([alert].compactMap(\.self))
            }
            progress()
        }
        return rows
    }

    private static func isTold(_ decision: AlertDecision, _ step: Step) -> Bool {
        switch decision.outcome {
        case .send: true
        case .held(.tierOff, _): step.memory.states[decision.detection.key]?.since == step.hour
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
            status: detection.status?.rawValue, decision: decision.word, message: detection.message)
    }
}
