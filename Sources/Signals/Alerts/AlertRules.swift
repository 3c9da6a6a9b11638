import PerpCore

/// Turns detections into alerts: enter and exit, cooldowns, budgets. Pure; it reads no clock.
public struct AlertRules: Sendable {
    static let missesToExit = 2
    static let forgottenAfterHours = 6
    static let escalationPoints = 20
    static let reminderHours = 24

    /// Tiers, floors, cooldowns and budgets.
    public var settings: AlertSettings

    /// Takes what the operator set.
    public init(settings: AlertSettings = AlertSettings()) { self.settings = settings }

    /// What one hour leads to.
    ///
    /// - Parameters:
    ///   - states: those stored by the last run, by key.
    ///   - entering: the detections of the hour without slack.
    ///   - staying: the same detections with slack.
    ///   - outbox: at least the pending alerts and those created today.
    ///   - now: the clock of the run; in a replay the hour's end.
    public func evaluate(
        _ states: [String: AlertState], entering: [Detection], staying: [Detection], gate: AlertGate,
        outbox: [OutboxAlert], now: Timestamp
    ) -> AlertOutcome {
        let states = forget(states, before: gate.hour)
        if let reason = gate.reason(now: now) {
            return AlertOutcome(states: states, decisions: gated(entering, reason), digest: [])
        }
        let doubted = entering.filter { $0.fires && !gate.mayBegin($0) }
        let steps = steps(
            states, entering: entering.filter(gate.mayBegin), staying: staying.filter(gate.mayBegin), gate: gate)
        var next = states
        for step in steps { next[step.state.key] = step.state }
        let decisions =
            decide(steps, hour: gate.hour, outbox: outbox, now: now)
            + gated(doubted, .missingExchange)
        let digest = decisions.contains { $0.sentReason != nil } ? takeDigest(&next) : []
        return AlertOutcome(states: next, decisions: decisions, digest: digest)
    }

    /// What a detection between two sealed hours leads to. An episode may begin with it, and rise; it ends by sealed hours.
    ///
    /// - Parameters:
    ///   - gate: that of the last sealed hour.
    ///   - now: the clock; the alert belongs to its hour.
    public func evaluate(
        live detection: Detection, _ states: [String: AlertState], gate: AlertGate, outbox: [OutboxAlert],
        now: Timestamp
    ) -> AlertOutcome {
        let hour = Hour(containing: now)
        var states = forget(states, before: hour)
        guard detection.fires else { return AlertOutcome(states: states, decisions: [], digest: []) }
        if let reason = gate.reason(now: now) {
            return AlertOutcome(states: states, decisions: gated([detection], reason), digest: [])
        }
        let step = rise(states[detection.key], hour, detection)
        let told = Set(outbox.map(\.id))
        let decisions = decide([step], hour: hour, outbox: outbox, now: now).filter { decision in
            // A reason is told once an hour.
            decision.sentReason.map { !told.contains(AlertID.make(key: detection.key, hour: hour, reason: $0)) } ?? true
        }
        states[detection.key] = step.state
        return AlertOutcome(states: states, decisions: decisions, digest: [])
    }

    /// A state that nothing has touched for six hours is idle; nobody is told.
    private func forget(_ states: [String: AlertState], before hour: Hour) -> [String: AlertState] {
        states.mapValues { state in
            guard state.isActive, state.touched.distance(to: hour) >= Self.forgottenAfterHours else {
                return state
            }
            var idle = state
            idle.setEpisode(since: nil)
            return idle
        }
    }

    private func gated(_ detections: [Detection], _ reason: GateReason) -> [AlertDecision] {
        detections.filter { $0.fires && $0.adjusted >= settings.floor(tier: $0.tier) }
            .map { AlertDecision(detection: $0, outcome: .held(.gate, for: nil), gate: reason) }
            .sorted { $0.detection.sendingOrder < $1.detection.sendingOrder }
    }

    private func takeDigest(_ states: inout [String: AlertState]) -> [EndedEpisode] {
        let ended = states.values.compactMap { state in
            state.ended.map { EndedEpisode(key: state.key, hour: $0) }
        }
        for episode in ended { states[episode.key]?.ended = nil }
        return ended.sorted { $0.key < $1.key }
    }
}
