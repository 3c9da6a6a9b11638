import PerpCore

/// A position in one contract or two, followed from its entry over the stored hours that they share.
struct Position {
    let legs: [PositionLeg]
    let entry: Hour
    /// The last hour of the data.
    let end: Hour

    private struct Walk {
        var places: [Int]
        var hour: Hour
        var worst = 0.0
        var hoursAgainst = 0
        var changes: [SimulatedTrade.Change]
        var status: TradeStatus?
    }

    /// What is left when it is closed at some rows: basis points of the notional; `nil` when a settlement's rate is not
    /// known.
    func basisPoints(closedAt places: [Int], notional: Double) -> Double? {
        var net = 0.0
        for (leg, exit) in zip(legs, places) {
            let funding = leg.fundingSinceEntry(to: exit)
            guard !funding.isMissing else { return nil }
            net += leg.gain(from: leg.entry, to: exit) + funding.cash
            net -= leg.costDollars(at: leg.entry) + leg.costDollars(at: exit)
        }
        return net / notional * 1e4
    }

    /// The trade that the rules make of it.
    func follow(_ event: BacktestEvent, _ rules: ExitRules, notional: Double) -> SimulatedTrade {
        var walk = begin()
        let silence = lastHourBeforeSilence
        while walk.status == nil, let places = next(after: walk.places, until: silence?.last ?? end) {
            let change = change(from: walk.places, to: places)
            look(&walk, at: places, rules)
            walk.changes.append(.init(hour: walk.hour, dollars: change))
        }
        return trade(event, rules, notional, walk, silence?.knownAt)
    }

    private func begin() -> Walk {
        let cost = sum(legs.map { $0.costDollars(at: $0.entry) })
        return Walk(places: legs.map(\.entry), hour: entry, changes: [.init(hour: entry, dollars: -cost)])
    }

    /// The last hour before a leg falls silent for more than a day, and the hour in which that is known.
    var lastHourBeforeSilence: (last: Hour, knownAt: Hour)? {
        let lasts = legs.compactMap { leg in
            leg.history.lastBeforeSilence(from: leg.entry, knownAt: end).map { leg.history.rows[$0].hour }
        }
        return lasts.min().map { ($0, $0.advanced(by: ContractHistory.longestSilence + 1)) }
    }

    /// The rows of the next hour in which all contracts are stored; `nil` when there is none until `last`.
    private func next(after places: [Int], until last: Hour) -> [Int]? {
        let rows = legs[0].history.rows
        var place = places[0] + 1
        while place < rows.count, rows[place].hour <= last {
            let others = legs.dropFirst().map { $0.history.index(of: rows[place].hour) }
            if !others.contains(nil) { return [place] + others.compactMap(\.self) }
            place += 1
        }
        return nil
    }

    private func change(from before: [Int], to now: [Int]) -> Double {
        var change = 0.0
        for (leg, (before, now)) in zip(legs, zip(before, now)) {
            change += leg.gain(from: before, to: now) + leg.funding(from: before, to: now).cash
        }
        return change
    }

    private func look(_ walk: inout Walk, at places: [Int], _ rules: ExitRules) {
        walk.places = places
        walk.hour = legs[0].history.rows[places[0]].hour
        let excursion = sum(zip(legs, places).map { $0.excursion(at: $1) })
        walk.worst = min(walk.worst, excursion)
        if let carry = Self.displayedCarry(legs.map { ($0.side, $0.history) }, at: places) {
            walk.hoursAgainst = carry < 0 ? walk.hoursAgainst + 1 : 0
        }
        walk.status = rules.reason(
            at: walk.hour, entry: entry, excursion: excursion, hoursAgainst: walk.hoursAgainst)
    }

    /// What the displayed rates pay a year on a leg's notional; `nil` when one is not known.
    static func displayedCarry(_ sides: [Simulation.Side], at places: [Int]) -> Double? {
        var carry = 0.0
        for ((side, history), place) in zip(sides, places) where !history.contract.isSpot {
            guard let rate = history.rows[place].displayedRateOfYear else { return nil }
            carry -= side * rate
        }
        return carry
    }

    private func trade(
        _ event: BacktestEvent, _ rules: ExitRules, _ notional: Double, _ walk: Walk, _ silenceKnownAt: Hour?
    ) -> SimulatedTrade {
        let closedAt = walk.status != nil ? walk.hour : silenceKnownAt
        let closedBy = walk.status ?? silenceKnownAt.map { _ in .delisted }
        let isClosed = closedBy != nil
        let fundings = zip(legs, walk.places).map { $0.fundingSinceEntry(to: $1) }
        var trade = SimulatedTrade(event: event, status: closedBy ?? .open, notional: notional)
        if isClosed, fundings.contains(where: \.isMissing) { trade.status = .unresolved }
        trade.legs = zip(legs, zip(walk.places, fundings)).map { Self.leg($0, exit: isClosed ? $1.0 : nil, $1.1) }
        trade.entry = entry
        trade.exit = isClosed ? walk.hour : nil
        trade.closedAt = closedAt
        trade.closedBy = closedBy
        trade.stop = rules.stop
        trade.worst = walk.worst
        trade.flags = flags(isClosed ? walk.places : nil, fundings)
        trade.changes = walk.changes
        trade.traded = sum(legs.map { $0.traded(at: $0.entry) })
        if let closedAt {
            trade.close(at: closedAt, cost: sum(zip(legs, walk.places).map { $0.costDollars(at: $1) }))
            trade.traded += sum(zip(legs, walk.places).map { $0.traded(at: $1) })
        }
        return trade
    }

    private static func leg(_ leg: PositionLeg, exit: Int?, _ funding: PositionLeg.Funding) -> SimulatedTrade.Leg {
        SimulatedTrade.Leg(
            side: leg.side > 0 ? 1 : -1, contract: leg.history.contract, entryMark: leg.entryMark,
            exitMark: exit.map { leg.history.rows[$0].markPrice },
            gross: exit.map { leg.gain(from: leg.entry, to: $0) },
            funding: exit == nil || funding.isMissing ? nil : funding.cash,
            cost: leg.costDollars(at: leg.entry) + (exit.map { leg.costDollars(at: $0) } ?? 0))
    }

    private func flags(_ exits: [Int]?, _ fundings: [PositionLeg.Funding]) -> [TradeFlag] {
        let isSpreadAssumed =
            legs.contains { $0.cost(at: $0.entry).isSpreadAssumed }
            || zip(legs, exits ?? []).contains { $0.cost(at: $1).isSpreadAssumed }
        return TradeFlag.allCases.filter { flag in
            switch flag {
            case .borrowUnknown: legs.contains { $0.side < 0 && $0.history.contract.isSpot }
            case .fundingEstimated: fundings.contains(where: \.isEstimated)
            case .spreadAssumed: isSpreadAssumed
            }
        }
    }
}

extension SimulatedTrade {
    /// Takes the cost of closing from the equity in the hour in which the trade is known to be closed.
    fileprivate mutating func close(at hour: Hour, cost: Double) {
        if let last = changes.last, last.hour == hour {
            changes[changes.count - 1].dollars = last.dollars - cost
        } else {
            changes.append(Change(hour: hour, dollars: -cost))
        }
    }
}
