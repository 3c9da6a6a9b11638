import PerpCore

/// The trades of the events, key by key: fixed notional, one position a key, no compounding.
public struct Simulation {
    /// An entry is at most so many hours after the decision, and never in its hour: the mark of that made the signal.
    public static let longestWait = 2
    /// The legs of a pair are entered when they were observed within this time, in milliseconds.
    public static let widestPair: Int64 = 600_000

    let facts: BacktestFacts
    let settings: BacktestSettings

    /// Takes the facts of a run.
    public init(_ facts: BacktestFacts, _ settings: BacktestSettings) {
        self.facts = facts
        self.settings = settings
    }

    /// The trades of all events that have one, in the order of the events.
    public func trades() -> [SimulatedTrade] {
        var keys: [String] = []
        var events: [String: [BacktestEvent]] = [:]
        for event in facts.events where Claim(event)?.isTraded ?? false {
            if events[event.key] == nil { keys.append(event.key) }
            events[event.key, default: []].append(event)
        }
        return keys.flatMap { trades(of: events[$0] ?? []) }
            .sorted { BacktestEvent.isBefore($0.event, $1.event) }
    }

    /// The trades of one key, whose events are in the order of time.
    func trades(of events: [BacktestEvent]) -> [SimulatedTrade] {
        var last: (trade: SimulatedTrade, rules: ExitRules)?
        return events.indices.map { index in
            let event = events[index]
            if let last, event.decided < end(of: last.trade, last.rules) {
                return overlap(event, last.trade, last.rules)
            }
            guard let position = position(event) else { return without(event, missed(event)) }
            let rules = rules(event, entry: position.entry, later: events[(index + 1)...])
            let trade = position.follow(event, rules, notional: settings.notional)
            last = (trade, rules)
            return trade
        }
    }

    /// An event while its key has a position. From the hour on in which the other side fired it is not known whether the
    /// position will be closed by that, so that the event opens its own, before it is closed.
    private func overlap(_ event: BacktestEvent, _ trade: SimulatedTrade, _ rules: ExitRules) -> SimulatedTrade {
        let depends = rules.opposite.map { event.decided >= $0 } ?? false
        if depends, trade.closedAt == nil { return without(event, .waiting) }
        var overlap = without(event, .overlap)
        // An event between the decision and the entry of another overlaps once there is that entry.
        overlap.closedAt = [depends ? trade.closedAt : nil, trade.entry].compactMap(\.self).reduce(event.decided, max)
        return overlap
    }

    private func without(_ event: BacktestEvent, _ status: TradeStatus) -> SimulatedTrade {
        SimulatedTrade(event: event, status: status, notional: settings.notional)
    }

    /// Without an hour to enter: whether the data end before one could have come.
    private func missed(_ event: BacktestEvent) -> TradeStatus {
        event.decided.distance(to: facts.span.upperBound) >= Self.longestWait ? .noEntry : .waiting
    }

    /// The first hour of whose events the key is free. The event that closes a position opens its own.
    private func end(of trade: SimulatedTrade, _ rules: ExitRules) -> Hour {
        let last = trade.closedAt ?? facts.span.upperBound
        return trade.closedBy == .opposite ? rules.opposite ?? last : last.next
    }

    private func rules(_ event: BacktestEvent, entry: Hour, later: ArraySlice<BacktestEvent>) -> ExitRules {
        guard let claim = Claim(event) else { return ExitRules(horizon: 0) }
        guard claim.kind == .profit else {
            return ExitRules(horizon: claim.horizon, closesWhenCarryIsGone: claim.kind == .carry)
        }
        let opposite = later.first { $0.decided >= entry && Claim($0)?.side == -(claim.side ?? 0) }
        return ExitRules(
            horizon: claim.horizon, stop: ExitRules.stop(sigma24: event.sigma24), opposite: opposite?.decided)
    }

    /// The position that an event opens; `nil` when no hour in time is stored.
    func position(_ event: BacktestEvent) -> Position? {
        guard let claim = Claim(event) else { return nil }
        let hours = Self.entryHours(of: event)
        if claim.kind == .profit {
            guard let history = facts.largest(of: event.asset ?? settings.asset, at: event.decided),
                let entry = history.firstIndex(in: hours)
            else { return nil }
            return position(at: history.rows[entry].hour, [(Double(claim.side ?? 0), history)])
        }
        guard let legs = event.legs, let sides = sides(legs),
            let entry = hours.hours.first(where: { Self.areTogether(sides, at: $0) })
        else { return nil }
        return position(at: entry, sides)
    }

    /// The hours in which an event may be entered.
    static func entryHours(of event: BacktestEvent) -> ClosedRange<Hour> {
        event.decided.next...event.decided.advanced(by: longestWait)
    }

    typealias Side = (side: Double, history: ContractHistory)

    /// Both contracts of a pair, the sold one first; `nil` when one is not stored.
    func sides(_ legs: BacktestEvent.Legs) -> [Side]? {
        guard let short = facts.history(of: legs.short), let long = facts.history(of: legs.long) else { return nil }
        return [(-1, short), (1, long)]
    }

    /// Whether all contracts are stored at an hour, observed within ten minutes.
    static func areTogether(_ sides: [Side], at hour: Hour) -> Bool {
        let times = sides.compactMap { $0.history.row(at: hour)?.observedAt }
        guard times.count == sides.count, let first = times.min(), let last = times.max() else { return false }
        return first.isWithin(widestPair, of: last)
    }

    /// A position that is entered at an hour in which all contracts are stored.
    func position(at hour: Hour, _ sides: [Side]) -> Position? {
        let legs = sides.compactMap { side, history in
            history.index(of: hour).map { entry in
                PositionLeg(
                    history: history, entry: entry, side: side, notional: settings.notional, fees: settings.fees)
            }
        }
        return legs.count == sides.count ? Position(legs: legs, entry: hour, end: facts.span.upperBound) : nil
    }
}
