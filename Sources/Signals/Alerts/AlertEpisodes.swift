import PerpCore

extension AlertRules {
    /// A key's state after the hour, and the detection that speaks for it.
    struct Step {
        var state: AlertState
        /// `nil` when the detector did not fire.
        var detection: Detection?
    }

    /// Moves every key on by one hour. A key that has seen this hour stays as it is.
    func steps(
        _ states: [String: AlertState], entering: [Detection], staying: [Detection], gate: AlertGate
    ) -> [Step] {
        let hour = gate.hour
        let events = Set(entering.filter(\.strategy.isEvent).map(\.key))
        let undecided = Set(staying.filter(\.isUndecided).map(\.key))
        let entering = byKey(entering)
        let staying = byKey(staying)
        let keys = Set(states.keys).union(entering.keys).sorted()
        return keys.compactMap { key in
            let state = states[key]
            if let state, state.touched >= hour { return nil }
            if events.contains(key) { return happen(state, hour, entering[key]) }
            if let state, state.isActive {
                // What is unknown, or missing, ends no episode: its state stays as it is.
                let isUnknown = undecided.contains(key) || !gate.isWhole
                if entering[key] == nil, staying[key] == nil, isUnknown { return nil }
                return stay(state, hour, entering[key], staying[key])
            }
            return enter(state, hour, entering[key])
        }
    }

    private func byKey(_ detections: [Detection]) -> [String: Detection] {
        Dictionary(detections.filter(\.fires).map { ($0.key, $0) }) { first, _ in first }
    }

    private func enter(_ state: AlertState?, _ hour: Hour, _ detection: Detection?) -> Step? {
        detection.map { begin(state, hour, $0) }
    }

    /// An event is an episode of one hour: the next one is new, and its end is nothing to tell.
    private func happen(_ state: AlertState?, _ hour: Hour, _ detection: Detection?) -> Step? {
        if let detection { return begin(state, hour, detection) }
        guard var next = state, next.isActive else { return nil }
        next.touched = hour
        next.setEpisode(since: nil)
        return Step(state: next, detection: nil)
    }

    /// A detection below its tier's floor does not begin an episode, but is reported.
    private func begin(_ state: AlertState?, _ hour: Hour, _ detection: Detection) -> Step {
        var next = state ?? AlertState(key: detection.key, touched: hour)
        next.touched = hour
        guard detection.adjusted >= settings.floor(tier: detection.tier) else {
            return Step(state: next, detection: detection)
        }
        next.setEpisode(since: hour)
        take(detection, into: &next)
        return Step(state: next, detection: detection)
    }

    /// The state of a key after a detection between two sealed hours.
    func rise(_ state: AlertState?, _ hour: Hour, _ detection: Detection) -> Step {
        guard var next = state, next.isActive else { return begin(state, hour, detection) }
        next.touched = max(next.touched, hour)
        take(detection, into: &next)
        return Step(state: next, detection: detection)
    }

    private func stay(
        _ state: AlertState, _ hour: Hour, _ entering: Detection?, _ staying: Detection?
    ) -> Step {
        var next = state
        next.touched = hour
        if let detection = entering ?? staying {
            next.misses = 0
            take(detection, into: &next)
            return Step(state: next, detection: detection)
        }
        next.misses += 1
        guard next.misses >= Self.missesToExit else { return Step(state: next, detection: nil) }
        if next.sentInEpisode > 0 { next.ended = hour }
        next.setEpisode(since: nil)
        return Step(state: next, detection: nil)
    }

    private func take(_ detection: Detection, into state: inout AlertState) {
        state.direction = detection.direction
        state.confidence = detection.final
        state.status = detection.status
    }
}
