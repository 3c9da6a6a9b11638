import PerpCore
import PipelineFiles
import Reports
import Warehouse

extension Examination {
    /// A stream that was heard less of an hour is worth a look.
    private static let enough = 0.99
    /// An hour's file is in place a minute after it, and loaded by the next run.
    private static let latest = 2

    /// Looks at the streams of the last day, where a recorder is used.
    mutating func lookAtStreams(of warehouse: Warehouse) throws {
        let current = Hour(containing: now)
        let streams = try Health(warehouse).streams(from: current.advanced(by: -24))
        for stream in streams.sorted(by: { $0.exchange < $1.exchange }) {
            let name = stream.exchange.displayName
            report.measure(
                "perps_stream_covered_ratio", stream.lastCoveredFraction, help: "Part of the last hour that was heard",
                labels: ["exchange": stream.exchange.id])
            let share = "\(Numbers.fixed(100 * stream.lastCoveredFraction, 1)) % of \(stream.last.spoken) UTC"
            let day = "\(Numbers.fixed(100 * stream.coveredFraction, 1)) % of the day"
            if !isDemo, stream.last < current.advanced(by: -Self.latest) {
                report.add(
                    "streams", .warning, "\(name): nothing of a stream is loaded since \(stream.last.spoken) UTC",
                    advice: "is the recorder running? make record, or systemctl status perps-warehouse-record")
            } else if stream.lastCoveredFraction < Self.enough {
                let reason = stream.reason.map { ": \($0)" } ?? ""
                report.add("streams", .warning, "\(name): heard \(share), \(day)\(reason)")
            } else {
                report.add("streams", .ok, "\(name): heard \(share), \(day)")
            }
        }
    }
}
