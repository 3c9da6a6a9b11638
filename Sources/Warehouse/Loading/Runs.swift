import PerpCore

/// What a venue said of one thing, in a maximal run of its lists in which it said the same.
///
/// A list is what one file says of all things of a kind: its instruments, its liquidations.
struct Run<Values: Hashable>: Hashable {
    var from: Hour
    /// The next hour with a list in which the values were different or absent; `nil` when the run
    /// reaches the venue's latest list.
    var to: Hour?
    var values: Values

    func covers(_ hour: Hour) -> Bool {
        from <= hour && (to.map { hour < $0 } ?? true)
    }
}

/// The change of one thing's runs when one hour's list is added, replaced or taken away.
///
/// Only the runs at the neighbouring lists are concerned. All others keep their values and bounds,
/// which is why the rows do not depend on the order of loading.
struct RunEdit {
    /// The venue's nearest lists before and after the hour.
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

    /// The runs after the edit, in place of those that `touches` names, ascending by time.
    func apply<Values>(to runs: [Run<Values>], values: Values?) -> [Run<Values>] {
        let left = previous.flatMap { hour in runs.first { $0.covers(hour) } }
        let right = next.flatMap { hour in runs.first { $0.covers(hour) } }
        var lists: [(hour: Hour, values: Values?)] = []
        if let previous { lists.append((previous, left?.values)) }
        if isList { lists.append((hour, values)) }
        if let next { lists.append((next, right?.values)) }

        var result: [Run<Values>] = []
        for place in lists.indices {
            guard let values = lists[place].values else { continue }
            let following = place + 1 < lists.count ? lists[place + 1].hour : nil
            let isFirst = lists[place].hour == previous
            let isLast = lists[place].hour == next
            let end = isLast ? right?.to : following
            if place > 0, lists[place - 1].values == values, !result.isEmpty {
                result[result.count - 1].to = end
            } else {
                let from = isFirst ? (left?.from ?? lists[place].hour) : lists[place].hour
                result.append(Run(from: from, to: end, values: values))
            }
        }
        return result
    }
}
