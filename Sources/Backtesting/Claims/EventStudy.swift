import PerpCore

/// What followed each event, whatever position its key had.
public struct EventStudy {
    private let simulation: Simulation
    private var facts: BacktestFacts { simulation.facts }
    private var settings: BacktestSettings { simulation.settings }
    private var windows: [WindowKey: [ClaimWindow]] = [:]
    private var moves: [WindowKey: UsualMoves] = [:]
    private var tables: [TableKey: ClaimTable] = [:]

    private struct WindowKey: Hashable {
        let contract: TradedContract
        let horizon: Int
    }

    private struct TableKey: Hashable {
        let claim: Claim
        let contracts: [TradedContract]
    }

    /// Takes the facts of a run.
    public init(_ facts: BacktestFacts, _ settings: BacktestSettings) { simulation = Simulation(facts, settings) }

    /// The outcomes of all events, in their order.
    public mutating func outcomes() -> [EventOutcome] {
        var outcomes: [EventOutcome] = []
        for event in facts.events { outcomes.append(outcome(event)) }
        return outcomes
    }

    /// What followed an event.
    public mutating func outcome(_ event: BacktestEvent) -> EventOutcome {
        guard let claim = Claim(event) else { return EventOutcome(event, nil, .noClaim) }
        return claim.hasLegs ? outcomeOfPair(event, claim) : outcomeOfContract(event, claim)
    }

    private func missed(_ event: BacktestEvent, _ claim: Claim) -> EventOutcome {
        let isOver = event.decided.distance(to: facts.span.upperBound) >= Simulation.longestWait
        return EventOutcome(event, claim, isOver ? .noEntry : .waiting)
    }

    // MARK: - One contract

    private mutating func outcomeOfContract(_ event: BacktestEvent, _ claim: Claim) -> EventOutcome {
        let asset = event.asset ?? settings.asset
        guard let history = facts.largest(of: asset, at: event.decided),
            let place = history.firstIndex(in: Simulation.entryHours(of: event))
        else { return missed(event, claim) }
        let window = windows(history, claim.horizon)[place]
        var outcome = EventOutcome(event, claim, Self.status(window))
        let usual = claim.isTraded ? nil : moves(history, claim.horizon).median(at: event.decided)
        let table = table(history, claim)
        let base =
            claim.isTraded
            ? table.base(at: event.decided)
            : table.base(at: event.decided, usual: usual, isWithin: claim.kind == .rangeHolds)
        outcome.entry = history.rows[place].hour
        outcome.base = base
        outcome.resolved = window.knownAt
        guard window.exit != nil else { return outcome }
        guard let result = result(history, window, claim, usual: usual) else {
            outcome.status = claim.isTraded ? .unresolved : .noUsualMove
            return outcome
        }
        outcome.isSuccess = result.isSuccess
        outcome.value = claim.isTraded ? result.value : 100 * ((result.isSuccess ? 1 : 0) - base.share)
        return outcome
    }

    private static func status(_ window: ClaimWindow) -> EventOutcome.Status {
        switch window.status {
        case .resolved: .resolved
        case .delisted: .delisted
        case .open: .open
        case .unresolved: .unresolved
        }
    }

    /// Value in basis points (0 without money) and success of a window that has an end; `nil` when a settlement's rate or
    /// the usual move is not known.
    private func result(
        _ history: ContractHistory, _ window: ClaimWindow, _ claim: Claim, usual: Double?
    ) -> (value: Double, isSuccess: Bool)? {
        guard let exit = window.exit else { return nil }
        let leg = PositionLeg(
            history: history, entry: window.entry, side: Double(claim.side ?? 1), notional: settings.notional,
            fees: settings.fees)
        guard claim.isTraded else {
            guard let usual else { return nil }
            let isWithin = abs(leg.excursion(at: exit)) <= usual
            return (0, claim.kind == .rangeHolds ? isWithin : !isWithin)
        }
        let funding = leg.fundingSinceEntry(to: exit)
        guard !funding.isMissing else { return nil }
        let cost = leg.costDollars(at: window.entry) + leg.costDollars(at: exit)
        let value = (leg.gain(from: window.entry, to: exit) + funding.cash - cost) / settings.notional * 1e4
        return (value, value > 0)
    }

    private mutating func windows(_ history: ContractHistory, _ horizon: Int) -> [ClaimWindow] {
        let key = WindowKey(contract: history.contract, horizon: horizon)
        if let known = windows[key] { return known }
        let made = history.rows.indices.map {
            ClaimWindow(history, entry: $0, horizon: horizon, knownAt: facts.span.upperBound)
        }
        windows[key] = made
        return made
    }

    private mutating func moves(_ history: ContractHistory, _ horizon: Int) -> UsualMoves {
        let key = WindowKey(contract: history.contract, horizon: horizon)
        if let known = moves[key] { return known }
        let made = UsualMoves(history, windows(history, horizon))
        moves[key] = made
        return made
    }

    private mutating func table(_ history: ContractHistory, _ claim: Claim) -> ClaimTable {
        let key = TableKey(claim: claim, contracts: [history.contract])
        if let known = tables[key] { return known }
        let entries = windows(history, claim.horizon).compactMap { window -> ClaimTable.Entry? in
            let hour = history.rows[window.entry].hour
            guard let knownAt = window.knownAt, let exit = window.exit else { return nil }
            guard claim.isTraded else {
                let change = history.rows[exit].markPrice / history.rows[window.entry].markPrice - 1
                return .init(hour: hour, knownAt: knownAt, value: abs(change), isSuccess: false)
            }
            guard let result = result(history, window, claim, usual: nil) else { return nil }
            return .init(hour: hour, knownAt: knownAt, value: result.value, isSuccess: result.isSuccess)
        }
        let made = ClaimTable(entries)
        tables[key] = made
        return made
    }

    // MARK: - Two contracts

    private mutating func outcomeOfPair(_ event: BacktestEvent, _ claim: Claim) -> EventOutcome {
        guard let position = simulation.position(event), let legs = event.legs else { return missed(event, claim) }
        let rules = ExitRules(horizon: claim.horizon, closesWhenCarryIsGone: claim.kind == .carry)
        let trade = position.follow(event, rules, notional: settings.notional)
        var outcome = EventOutcome(event, claim, .resolved)
        switch trade.status {
        case .open: outcome.status = .open
        case .unresolved: outcome.status = .unresolved
        case .delisted: outcome.status = .delisted
        default: break
        }
        outcome.entry = trade.entry
        outcome.resolved = trade.closedAt
        outcome.base = table(legs, claim).base(at: event.decided)
        outcome.value = trade.basisPoints
        outcome.isSuccess = trade.basisPoints.map { $0 > 0 }
        return outcome
    }

    private mutating func table(_ legs: BacktestEvent.Legs, _ claim: Claim) -> ClaimTable {
        let key = TableKey(claim: claim, contracts: [legs.short, legs.long])
        if let known = tables[key] { return known }
        let rules = ExitRules(horizon: claim.horizon, closesWhenCarryIsGone: claim.kind == .carry)
        let windows = PairWindows(simulation, simulation.sides(legs) ?? [], rules)
        let made = ClaimTable(windows.entries(notional: settings.notional))
        tables[key] = made
        return made
    }
}
