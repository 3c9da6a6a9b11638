import PerpCore
import Sealing

/// What sealing looks back on, kept in memory from one hour to the next.
///
/// It reaches a few hours further back than a history needs, so that a late event in the hour before the
/// last one does not make everything be read again.
struct RollingPast: Sendable {
    private static let slack = 6

    /// Every known hour from `hoursFrom` on, ascending, and the last one before. Hours that were sealed meanwhile are whole. Those that
    /// were read have as much as sealing looks at: markets of a day, exchanges from `exchangesFrom` on, and before that the volume and
    /// open interest of those in `olderOf`.
    private var hours: [PastHour]
    private var hoursFrom: Hour
    private let exchangesFrom: Hour
    private let olderOf: Set<Exchange>
    /// The snapshots that were looked at, and those of the hours that were sealed meanwhile.
    private var snapshots: [Hour: OpenInterestSnapshot] = [:]

    /// - Parameters:
    ///   - hours: ascending.
    ///   - first: the first hour of which everything known is in `hours`.
    ///   - exchangesFrom: the first hour with rows of all exchanges.
    ///   - exchanges: those with rows of all hours.
    init(_ hours: [PastHour], from first: Hour, exchangesFrom: Hour, olderOf exchanges: Set<Exchange>) {
        self.hours = hours
        hoursFrom = first
        self.exchangesFrom = exchangesFrom
        olderOf = exchanges
    }

    /// The latest hour before `hour` that is kept; `nil` when there is none.
    func last(before hour: Hour) -> Hour? { hours.last { $0.hour < hour }?.hour }

    /// The first hour of which everything known is kept.
    var knownFrom: Hour { hoursFrom }

    /// What `hour` looks back on; `nil` when not all of it is kept.
    /// - Parameter snapshot: reads the open interest of a stored hour.
    mutating func history(before hour: Hour, snapshot: (Hour) throws -> OpenInterestSnapshot) rethrows -> History? {
        guard let past = past(of: hour) else { return nil }
        try read(snapshot, lookedAtFrom: hour, past)
        return History(hours: past, snapshots: snapshots.values.filter { $0.hour < hour })
    }

    /// Reads the open interest that `hour` looks at, as far as it is not kept.
    mutating func readSnapshots(before hour: Hour, by read: (Hour) throws -> OpenInterestSnapshot) rethrows {
        if let past = past(of: hour) { try self.read(read, lookedAtFrom: hour, past) }
    }

    private mutating func read(
        _ snapshot: (Hour) throws -> OpenInterestSnapshot, lookedAtFrom hour: Hour, _ past: [PastHour]
    ) rethrows {
        for hour in History.snapshots(History.snapshotsOfSealing, before: hour, among: past)
        where snapshots[hour] == nil {
            snapshots[hour] = try snapshot(hour)
        }
    }

    /// The summaries that `hour` looks back on; `nil` when not all of them are kept.
    private func past(of hour: Hour) -> [PastHour]? {
        let first = hour.advanced(by: -History.summaryHours)
        guard hoursFrom <= first else { return nil }
        var past = hours.filter { $0.hour >= first && $0.hour < hour }
        // After a long pause in sealing, the last hour still says which exchanges belong to the market.
        if past.isEmpty, let before = hours.last(where: { $0.hour < hour }) { past = [before] }
        return Self.lacking(in: past, from: exchangesFrom).isSubset(of: olderOf) ? past : nil
    }

    /// The exchanges of the last hour for which the rows from `first` on do not say what is usual of them, where there are
    /// earlier hours.
    static func lacking(in past: [PastHour], from first: Hour) -> Set<Exchange> {
        guard let last = past.last, past[0].hour < first else { return [] }
        var counts = Array(repeating: (volume: 0, openInterest: 0), count: Exchange.allCases.count)
        for hour in past where hour.hour >= first { hour.addWhole(to: &counts) }
        return Set(
            last.exchanges.map(\.exchange).filter {
                let (volume, openInterest) = counts[$0.position]
                return min(volume, openInterest) < History.usualHours
            })
    }

    /// Adds a sealed hour and drops what was kept of it and of later hours.
    mutating func append(_ summary: HourSummary) {
        while let last = hours.last, last.hour >= summary.hour { hours.removeLast() }
        hours.append(PastHour(summary))
        let first = summary.hour.advanced(by: -Self.slack)
        trim(before: first.advanced(by: -History.summaryHours))
        let firstSnapshot = first.advanced(by: -History.snapshotHours)
        snapshots = snapshots.filter { $0.key >= firstSnapshot && $0.key < summary.hour }
        snapshots[summary.hour] = summary.openInterest
    }

    private mutating func trim(before first: Hour) {
        guard hoursFrom < first else { return }
        hoursFrom = first
        // The last of them may be all that comes before a pause.
        hours.removeFirst(max(0, hours.prefix { $0.hour < first }.count - 1))
    }
}

extension PastHour {
    /// Counts the exchanges whose volume, and whose open interest, is whole, by their positions.
    fileprivate func addWhole(to counts: inout [(volume: Int, openInterest: Int)]) {
        // Through the buffer: rows are long.
        exchanges.withUnsafeBufferPointer { rows in
            for place in rows.indices {
                let position = rows[place].exchange.position
                if rows[place].wholeVolumeUSD != nil { counts[position].volume += 1 }
                if rows[place].wholeOpenInterestUSD != nil { counts[position].openInterest += 1 }
            }
        }
    }
}
