import PerpCore

/// When a pair that is entered at any hour is closed: the same as following each position, in one pass.
struct PairWindows {
    private let simulation: Simulation
    private let sides: [Simulation.Side]
    private let rules: ExitRules
    /// The hours in which both contracts are stored, ascending, and the places of their rows.
    private let hours: [Hour]
    private let places: [[Int]]
    /// For each shared hour the first one after it at which an entry there is closed by its rates; the number of shared
    /// hours when none.
    private let goneAt: [Int]

    init(_ simulation: Simulation, _ sides: [Simulation.Side], _ rules: ExitRules) {
        self.simulation = simulation
        self.sides = sides
        self.rules = rules
        var hours: [Hour] = []
        var places: [[Int]] = []
        for row in sides.first?.history.rows ?? [] {
            let found = sides.compactMap { $0.history.index(of: row.hour) }
            guard found.count == sides.count else { continue }
            hours.append(row.hour)
            places.append(found)
        }
        self.hours = hours
        self.places = places
        goneAt =
            rules.closesWhenCarryIsGone
            ? Self.goneAt(places.map { Position.displayedCarry(sides, at: $0) })
            : [Int](repeating: hours.count, count: hours.count)
    }

    private static func goneAt(_ carries: [Double?]) -> [Int] {
        var goneAt = [Int](repeating: carries.count, count: carries.count)
        // Shared hours against the pair, in a row up to here; hours without a known rate neither break nor count.
        var against: [Int] = []
        var next = 0
        for (place, carry) in carries.enumerated() {
            guard let carry else { continue }
            if carry < 0 { against.append(place) } else { against = [] }
            guard against.count >= ExitRules.hoursAgainst else { continue }
            // Entries before the first of the last three hours are closed here, unless they were before.
            let first = against[against.count - ExitRules.hoursAgainst]
            while next < first {
                goneAt[next] = place
                next += 1
            }
        }
        return goneAt
    }

    /// What the claim made from each hour in which both contracts are observed together.
    func entries(notional: Double) -> [ClaimTable.Entry] {
        hours.indices.compactMap { index in
            guard Simulation.areTogether(sides, at: hours[index]),
                let position = simulation.position(at: hours[index], sides), let exit = exit(of: position, at: index),
                let value = position.basisPoints(closedAt: places[exit.index], notional: notional)
            else { return nil }
            return .init(hour: hours[index], knownAt: exit.knownAt, value: value, isSuccess: value > 0)
        }
    }

    private func exit(of position: Position, at index: Int) -> (index: Int, knownAt: Hour)? {
        let due = hours[index].advanced(by: rules.horizon)
        let end = min(hours.partitioningIndex { $0 >= due }, goneAt[index])
        let silence = position.lastHourBeforeSilence
        if end < hours.count, silence.map({ hours[end] <= $0.last }) ?? true { return (end, hours[end]) }
        guard let silence else { return nil }
        return (hours.partitioningIndex { $0 > silence.last } - 1, silence.knownAt)
    }
}
