/// Hours of an exchange that nobody recorded, as far as one dataset of its history can close them.
public struct HistoryHole: Hashable, Sendable {
    /// The exchange that is missing.
    public let exchange: Exchange
    /// The dataset that tells of the hours.
    public let dataset: HistoryDataset
    /// The hours, without one between them that was recorded.
    public let hours: ClosedRange<Hour>
    /// Until when the first of the hours can be asked for; `nil` when it is never lost.
    public let recoverableUntil: Timestamp?

    /// Whether the first of the hours is lost at `now`.
    public func isLost(at now: Timestamp) -> Bool { recoverableUntil.map { $0 <= now } ?? false }

    /// The holes of an exchange's missing hours, by dataset: each ends where an hour was recorded, and where what is lost at
    /// `now` meets what is not.
    ///
    /// - Parameter missing: the hours without a file; any order.
    public static func holes(of exchange: Exchange, missing: [Hour], at now: Timestamp) -> [HistoryHole] {
        let hours = Set(missing).sorted()
        return HistoryDataset.allCases.flatMap { dataset in
            let depth = exchange.historyDepth(dataset)
            var holes: [HistoryHole] = []
            for hour in hours {
                let until = depth.recoverable(hour)
                let hole = HistoryHole(
                    exchange: exchange, dataset: dataset, hours: hour...hour, recoverableUntil: until)
                if let last = holes.last, last.hours.upperBound.next == hour,
                    last.isLost(at: now) == hole.isLost(at: now)
                {
                    holes[holes.count - 1] = HistoryHole(
                        exchange: exchange, dataset: dataset, hours: last.hours.lowerBound...hour,
                        recoverableUntil: last.recoverableUntil)
                } else {
                    holes.append(hole)
                }
            }
            return holes
        }
    }

    /// Whether this hole is to be closed before another: the one that is lost first, then by dataset and exchange.
    public static func isMoreUrgent(_ left: HistoryHole, _ right: HistoryHole) -> Bool {
        let (one, other) = (left.recoverableUntil ?? .latest, right.recoverableUntil ?? .latest)
        return (one, left.dataset, left.exchange, left.hours.lowerBound)
            < (other, right.dataset, right.exchange, right.hours.lowerBound)
    }
}
