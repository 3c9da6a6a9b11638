import PerpCore
import Reports
import Warehouse

extension Examination {
    /// How long before a fact is lost to warn, in milliseconds.
    private static let warning: Int64 = 24 * Hour.milliseconds

    /// Looks for hours that nobody recorded and of which an exchange will not tell much longer.
    mutating func lookAtHoles(of warehouse: Warehouse) throws {
        guard let span = try CoverageLedger(warehouse).span() else { return }
        let open = try HistoryHoles(warehouse).states(in: span, of: enabled, at: now)
            .filter { !$0.isClosed && !$0.hole.isLost(at: now) }
        let pressing = open.map(\.hole).filter { hole in
            hole.recoverableUntil.map { $0.milliseconds - now.milliseconds <= Self.warning } ?? false
        }.sorted(by: HistoryHole.isMoreUrgent)
        report.measure(
            "perps_recoverable_holes", Double(open.count),
            help: "Runs of missing hours, by exchange and dataset, that the exchange can still be asked for")
        report.measure(
            "perps_pressing_holes", Double(pressing.count),
            help: "Those of them that begin to be lost within a day")
        for (dataset, holes) in Dictionary(grouping: pressing, by: \.dataset).sorted(by: { $0.key < $1.key }) {
            let until = holes.compactMap(\.recoverableUntil).min() ?? now
            let names = Set(holes.map(\.exchange)).sorted().map(\.displayName).joined(separator: ", ")
            report.add(
                "history", isDemo ? .info : .warning,
                "\(dataset.rawValue) of missing hours can be asked for until \(until.description.prefix(16)) only: \(names)",
                advice: "make backfill asks for what is lost first; make hourly does so by itself with BACKFILL_CALLS")
        }
        if pressing.isEmpty {
            let what =
                open.isEmpty ? "no missing hour could be asked for" : "nothing is lost within a day; make gaps has all"
            report.add("history", .ok, what)
        }
    }
}
