import PerpCore

/// The events that an exchange's latest file states, in ascending order, each with the first hour of its run.
///
/// The next hour's file states mostly the same ones: one pass over both lists finds what is new and what
/// is gone.
struct OpenLiquidations {
    typealias Event = LiquidationRuns.Event
    typealias Values = LiquidationRuns.Values

    struct OpenRun {
        var event: Event
        var values: Values
        var from: Hour
    }

    private(set) var runs: [OpenRun]

    /// - Parameter runs: in any order.
    init(_ runs: [OpenRun]) {
        self.runs = runs.sorted { $0.event < $1.event }
    }

    /// Advances to the file of a later hour.
    /// - Parameter stated: what the file states, ascending.
    /// - Returns: the runs that end before that file, and those that begin with it.
    mutating func advance(
        to hour: Hour, stating stated: [(event: Event, values: Values)]
    ) -> (ended: [OpenRun], begun: [OpenRun]) {
        var ended: [OpenRun] = []
        var begun: [OpenRun] = []
        var after: [OpenRun] = []
        after.reserveCapacity(stated.count)
        var index = 0
        for (event, values) in stated {
            while index < runs.count, runs[index].event < event {
                ended.append(runs[index])
                index += 1
            }
            if index < runs.count, runs[index].event == event {
                index += 1
                if runs[index - 1].values == values {
                    after.append(runs[index - 1])
                    continue
                }
                ended.append(runs[index - 1])
            }
            begun.append(OpenRun(event: event, values: values, from: hour))
            after.append(begun[begun.count - 1])
        }
        ended += runs[index...]
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
