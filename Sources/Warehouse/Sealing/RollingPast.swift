import PerpCore
import Sealing

/// The summaries and snapshots of sealed hours, kept in memory from one sealing to the next.
///
/// It reaches a few hours further back than a history needs, so that a late event in the hour before the
/// last one does not make everything be read again.
struct RollingPast {
    private static let slack = 6

    /// Every known hour from `hoursFrom` on, ascending.
    private var hours: [PastHour]
    private var hoursFrom: Hour
    /// The snapshots of every known hour from `snapshotsFrom` on, ascending.
    private var snapshots: [OpenInterestSnapshot]
    private var snapshotsFrom: Hour

    /// - Parameter history: everything known that an hour looks back on, with all its snapshots.
    init(_ history: History, before hour: Hour) {
        hours = history.hours
        hoursFrom = hour.advanced(by: -History.summaryHours)
        snapshots = history.snapshots
        snapshotsFrom = hour.advanced(by: -History.snapshotHours)
    }

    /// The latest hour before `hour` that is kept; `nil` when there is none.
    func last(before hour: Hour) -> Hour? { hours.last { $0.hour < hour }?.hour }

    /// The first hour of which everything known is kept.
    var knownFrom: Hour { hoursFrom }

    /// What `hour` looks back on; `nil` when not all of it is kept.
    func history(before hour: Hour) -> History? {
        let first = hour.advanced(by: -History.summaryHours)
        let firstSnapshot = hour.advanced(by: -History.snapshotHours)
        guard hoursFrom <= first, snapshotsFrom <= firstSnapshot else { return nil }
        var past = hours.filter { $0.hour >= first && $0.hour < hour }
        // After a long pause in sealing, the last hour still says which exchanges belong to the market.
        if past.isEmpty, let before = hours.last(where: { $0.hour < hour }) { past = [before] }
        return History(
            hours: past,
            snapshots: snapshots.filter { $0.hour >= firstSnapshot && $0.hour < hour })
    }

    /// Adds a sealed hour and drops what was kept of it and of later hours.
    mutating func append(_ summary: HourSummary) {
        while let last = hours.last, last.hour >= summary.hour { hours.removeLast() }
        while let last = snapshots.last, last.hour >= summary.hour { snapshots.removeLast() }
        hours.append(PastHour(summary))
        snapshots.append(summary.openInterest)
        trim(before: summary.hour.advanced(by: -Self.slack))
    }

    private mutating func trim(before hour: Hour) {
        let first = hour.advanced(by: -History.summaryHours)
        if hoursFrom < first {
            hoursFrom = first
            hours.removeFirst(hours.dropLast().prefix { $0.hour < first }.count)
        }
        let firstSnapshot = hour.advanced(by: -History.snapshotHours)
        if snapshotsFrom < firstSnapshot {
            snapshotsFrom = firstSnapshot
            snapshots.removeFirst(snapshots.prefix { $0.hour < firstSnapshot }.count)
        }
    }
}
