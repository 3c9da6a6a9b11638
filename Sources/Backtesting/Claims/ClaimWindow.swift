import PerpCore

/// The hours from an entry to the end of a horizon, on one contract.
struct ClaimWindow: Hashable {
    /// A horizon ends at the first stored hour at or after its end, at most so many hours later.
    static let longestWait = 6

    /// How it ended.
    enum Status: String, Hashable {
        case resolved
        /// The contract fell silent: closed at its last mark.
        case delisted
        /// The data end before it does.
        case open
        /// No hour near its end is stored.
        case unresolved
    }

    /// The place of the entry's row.
    let entry: Int
    /// The place of the row at its end; `nil` without one.
    let exit: Int?
    /// The hour in which it is known how it ended; `nil` while the data end before.
    let knownAt: Hour?
    let status: Status

    init(_ history: ContractHistory, entry: Int, horizon: Int, knownAt end: Hour) {
        self.entry = entry
        let due = history.rows[entry].hour.advanced(by: horizon)
        let next = history.firstIndex(from: due)
        if let last = history.lastBeforeSilence(from: entry, knownAt: end), history.rows[last].hour < due {
            exit = last
            knownAt = history.rows[last].hour.advanced(by: ContractHistory.longestSilence + 1)
            status = .delisted
        } else if next == history.rows.count {
            exit = nil
            knownAt = nil
            status = .open
        } else {
            let isInTime = due.distance(to: history.rows[next].hour) <= Self.longestWait
            exit = isInTime ? next : nil
            knownAt = history.rows[next].hour
            status = isInTime ? .resolved : .unresolved
        }
    }
}
