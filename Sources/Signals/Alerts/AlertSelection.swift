import PerpCore

extension AlertRules {
    /// Decides what is sent, in the order of sending, within cooldowns and budgets.
    func decide(_ steps: [Step], hour: Hour, outbox: [OutboxAlert], now: Timestamp) -> [AlertDecision] {
        var budget = AlertBudget(settings, outbox: outbox, now: now)
        let pending = Dictionary(grouping: outbox.filter { $0.state == .pending }, by: \.key)
        let candidates = steps.compactMap { step in
            step.detection.map { (step.state, $0) }
        }.sorted { $0.1.sendingOrder < $1.1.sendingOrder }
        return candidates.compactMap { state, detection in
            let sent = SentSoFar(state, pending: pending[state.key] ?? [])
            guard let outcome = outcome(state, detection, sent, hour, budget) else { return nil }
            if case .send = outcome { budget.spend(key: state.key) }
            return AlertDecision(detection: detection, outcome: outcome, gate: nil)
        }
    }

    /// `nil` when there is nothing to tell.
    private func outcome(
        _ state: AlertState, _ detection: Detection, _ sent: SentSoFar, _ hour: Hour, _ budget: AlertBudget
    ) -> AlertDecision.Verdict? {
        guard state.isActive else { return .held(.belowFloor, for: nil) }
        guard let reason = reason(detection, sent, hour) else { return nil }
        guard settings.deliveredTiers.contains(detection.tier) else { return .held(.tierOff, for: reason) }
        if !detection.strategy.isEvent, isCooling(reason, tier: detection.tier, sent, hour) {
            return .held(.cooldown, for: reason)
        }
        if let hold = budget.hold(reason, key: state.key, tier: detection.tier) {
            return .held(hold, for: reason)
        }
        return .send(reason)
    }

    /// The first reason that applies.
    private func reason(_ detection: Detection, _ sent: SentSoFar, _ hour: Hour) -> AlertReason? {
        guard sent.isInEpisode, let last = sent.last else { return .new }
        if detection.direction.isOpposite(of: last.direction) { return .flip }
        let hasRisen = (detection.status?.rank ?? 0) > (last.status?.rank ?? 0)
        if hasRisen || detection.final >= last.confidence + Self.escalationPoints { return .escalation }
        return last.hour.distance(to: hour) >= Self.reminderHours ? .reminder : nil
    }

    /// A flip cools down after flips only; an escalation does not wait.
    private func isCooling(_ reason: AlertReason, tier: Int, _ sent: SentSoFar, _ hour: Hour) -> Bool {
        let last: Hour?
        switch reason {
        case .new, .reminder: last = sent.last?.hour
        case .flip: last = sent.lastFlip
        case .escalation: last = nil
        }
        return last.map { $0.distance(to: hour) < settings.cooldown(tier: tier) } ?? false
    }
}

/// What was sent of a key: delivered, or pending in the outbox.
struct SentSoFar {
    let last: AlertState.SentMessage?
    let lastFlip: Hour?
    /// Whether the running episode has a message.
    let isInEpisode: Bool

    init(_ state: AlertState, pending: [OutboxAlert]) {
        let all = pending.map(\.sent) + [state.lastSent].compactMap { $0 }
        last = all.max { $0.hour < $1.hour }
        let flips = pending.filter { $0.reason == .flip }.map(\.hour) + [state.lastFlip].compactMap { $0 }
        lastFlip = flips.max()
        let hasPending = pending.contains { alert in state.since.map { alert.hour >= $0 } ?? false }
        isInEpisode = state.sentInEpisode > 0 || hasPending
    }
}
