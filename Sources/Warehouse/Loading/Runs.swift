import PerpCore

/// The values of one instrument or liquidation, in a longest run of an exchange's lists that state the same values.
///
/// A list is everything of one kind that one file states: its instruments, its liquidations.
struct Run<Values: Hashable>: Hashable {
    var from: Hour
    /// The next hour with a list in which the values were different or absent; `nil` when the run
    /// reaches the latest list of the exchange.
    var to: Hour?
    var values: Values

    func covers(_ hour: Hour) -> Bool {
        from <= hour && (to.map { hour < $0 } ?? true)
    }
}

/// The change of the runs when the list of one hour is added, replaced or removed.
///
/// Only the runs at the neighbouring lists change. All others keep their values and bounds,
/// which is why the rows do not depend on the order of loading.
struct RunEdit {
    /// The hour of the exchange's nearest list before this hour; `nil` without one.
    var previous: Hour?
    var hour: Hour
    var next: Hour?
    /// Whether the hour had a list before the edit.
    var wasList: Bool
    /// Whether the hour has a list after the edit.
    var isList: Bool

    /// Whether the edit can touch a run.
    func touches<Values>(_ run: Run<Values>) -> Bool {
        previous.map(run.covers) ?? false || next.map(run.covers) ?? false || (wasList && run.covers(hour))
    }

    /// The runs after the edit, in place of those for which `touches` is true, ascending by time.
    func apply<Values>(to runs: [Run<Values>], values: Values?) -> [Run<Values>] {
        let left = previous.flatMap { hour in runs.first { $0.covers(hour) } }
        let right = next.flatMap { hour in runs.first { $0.covers(hour) } }
        var lists: [(hour: Hour, values: Values?)] = []
        if let previous { lists.append((previous, left?.values)) }
        if isList { lists.append((hour, values)) }
        if let next { lists.append((next, right?.values)) }

        var result: [Run<Values>] = []
        for index in lists.indices {
            guard let values = lists[index].values else { continue }
            let following = index + 1 < lists.count ? lists[index + 1].hour : nil
            let isFirst = lists[index].hour == previous
            let isLast = lists[index].hour == next
            let end = isLast ? right?.to : following
            if index > 0, lists[index - 1].values == values, !result.isEmpty {
                result[result.count - 1].to = end
            } else {
                let from = isFirst ? (left?.from ?? lists[index].hour) : lists[index].hour
                result.append(Run(from: from, to: end, values: values))
            }
        }
        return result
    }
}

extension Statement {
    /// The hour that a query finds beside another one of an exchange; `nil` without one.
    func neighbour(of hour: Hour, _ exchange: Exchange) throws -> Hour? {
        try first(exchange, hour, as: Hour?.self) ?? nil
    }
}
