import PerpCore

/// What became of a detection in one hour.
public struct AlertDecision: Hashable, Sendable {
    /// Whether an alert is sent, and why or why not.
    public enum Verdict: Hashable, Sendable {
        case send(AlertReason)
        /// Not sent; `for` is what it would have been sent for, `nil` where it did not get so far.
        case held(HoldReason, for: AlertReason?)
    }

    /// The detection that was decided on.
    public var detection: Detection
    /// Whether the alert is sent or held.
    public var outcome: Verdict
    /// Why the hour may not alert, where that is the reason.
    public var gate: GateReason?

    /// Why the alert is sent; `nil` when it is held.
    public var sentReason: AlertReason? {
        if case .send(let reason) = outcome { reason } else { nil }
    }
}

/// An episode that is over, for the digest of the next message.
public struct EndedEpisode: Hashable, Sendable {
    /// Strategy and scope: `breakout:MARKET`.
    public var key: String
    /// The hour in which the episode ended, in UTC.
    public var hour: Hour
}

/// What an evaluated hour leads to.
public struct AlertOutcome: Hashable, Sendable {
    /// The states to store, by key.
    public var states: [String: AlertState]
    /// In the order of sending.
    public var decisions: [AlertDecision]
    /// Episodes that ended; empty when nothing is sent, since an end is never told alone.
    public var digest: [EndedEpisode]

    /// The alerts to put into the outbox together with the states.
    public func outbox(hour: Hour, now: Timestamp) -> [OutboxAlert] {
        decisions.compactMap { decision in
            decision.sentReason.map {
                OutboxAlert(
                    key: decision.detection.key, hour: hour, reason: $0, createdAt: now,
                    confidence: decision.detection.final, direction: decision.detection.direction,
                    status: decision.detection.status)
            }
        }
    }
}
