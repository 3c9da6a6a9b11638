import PerpCore

/// The events that a venue's latest file states, in ascending order, each with the first file of its run.
///
/// The next hour's file states mostly the same ones: one walk over both lists finds what is new and what
/// is gone.
struct OpenLiquidations {
    typealias Event = LiquidationRuns.Event
    typealias Values = LiquidationRuns.Values

    struct Run {
        var event: Event
        var values: Values
        var from: Hour
    }

    private(set) var runs: [Run]

    /// - Parameter runs: in any order.
    init(_ runs: [Run]) {
        self.runs = runs.sorted { $0.event < $1.event }
    }

    /// Goes on to the file of a later hour.
    /// - Parameter stated: what the file states, ascending.
    /// - Returns: the runs that end before that file, and those that begin with it.
    mutating func advance(
        to hour: Hour, stating stated: [(event: Event, values: Values)]
    ) -> (ended: [Run], begun: [Run]) {
        var ended: [Run] = []
        var begun: [Run] = []
        var after: [Run] = []
        after.reserveCapacity(stated.count)
        var place = 0
        for (event, values) in stated {
            while place < runs.count, runs[place].event < event {
                ended.append(runs[place])
                place += 1
            }
            if place < runs.count, runs[place].event == event {
                place += 1
                if runs[place - 1].values == values {
                    after.append(runs[place - 1])
                    continue
                }
                ended.append(runs[place - 1])
            }
            begun.append(Run(event: event, values: values, from: hour))
            after.append(begun[begun.count - 1])
        }
        ended += runs[place...]
        runs = after
        return (ended, begun)
    }
}

extension LiquidationRuns.Event: Comparable {
    static func < (left: Self, right: Self) -> Bool {
        if left.symbol != right.symbol { return left.symbol < right.symbol }
        if left.occurredAt != right.occurredAt { return left.occurredAt < right.occurredAt }
        if left.side != right.side { return left.side == .long }
        if left.price != right.price { return left.price < right.price }
        if left.quantity != right.quantity { return left.quantity < right.quantity }
        return left.id < right.id
    }
}
