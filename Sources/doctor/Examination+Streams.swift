import PerpCore
import PipelineFiles
import Reports
import Warehouse

extension Examination {
    /// A stream that was heard less of an hour is worth a look.
    private static let enough = 0.99
    /// An hour's file is in place a minute after it, and loaded by the next run.
    private static let latest = 2
    private static let toRecord = "make record, or systemctl start perps-warehouse-record"

    /// Looks at the recorder, and at the streams of the last day.
    mutating func lookAtStreams(of warehouse: Warehouse) throws {
        let expected = enabled.filter(\.hasLiquidationStream)
        guard !expected.isEmpty else { return }
        let health = Health(warehouse)
        let streams = try health.streams(from: Hour(containing: now).advanced(by: -24))
            .sorted { $0.exchange < $1.exchange }
        let holder = Lock.holder(of: paths.recorderLock)
        lookAtRecorder(holder, last: try health.lastStreamHour(), expected)
        for stream in streams { lookAt(stream, isRecording: holder != nil) }
        guard !streams.isEmpty else { return }
        for exchange in expected where !streams.contains(where: { $0.exchange == exchange }) {
            report.add(
                "streams", isDemo ? .info : .warning, "\(exchange.displayName): no file of its stream in the last day",
                advice: "what record writes on standard error says why; it listens to the exchanges of EXCHANGES")
        }
    }

    /// Whether the recorder is running, and what its absence means.
    private mutating func lookAtRecorder(_ holder: String?, last: Hour?, _ expected: [Exchange]) {
        report.measure(
            "perps_recorder_running", holder == nil ? 0 : 1, help: "Whether a recorder of streams is running")
        switch (holder, last) {
        case (let holder?, let last?):
            report.add("streams", .ok, "the recorder is running: \(holder); last loaded hour \(last.spoken) UTC")
        case (let holder?, nil):
            report.add("streams", .ok, "the recorder is running: \(holder); none of its hours is loaded yet")
        case (nil, let last?):
            report.add(
                "streams", isDemo ? .info : .warning,
                "the recorder is not running: nothing is heard now; last loaded hour \(last.spoken) UTC",
                advice: Self.toRecord)
        case (nil, nil):
            let only = expected.filter { $0.liquidationSources.rest == .none }.map(\.displayName)
            let missing =
                only.isEmpty ? "" : ": no liquidations of \(only.joined(separator: ", ")), which come by stream only"
            report.add("streams", .info, "no recorder ever ran\(missing)", advice: Self.toRecord)
        }
    }

    private mutating func lookAt(_ stream: StreamHealth, isRecording: Bool) {
        measure(stream)
        let name = stream.exchange.displayName
        let share = "\(Numbers.fixed(100 * stream.lastCoveredFraction, 1)) % of \(stream.last.spoken) UTC"
        let day = "\(Numbers.fixed(100 * stream.coveredFraction, 1)) % of the day"
        let isLate = stream.last < Hour(containing: now).advanced(by: -Self.latest)
        // Where no recorder is running, that has been said, and it is the reason of all that follows.
        if isLate, isRecording {
            report.add(
                "streams", .warning, "\(name): nothing of a stream is loaded since \(stream.last.spoken) UTC",
                advice: "make hourly loads what is recorded; what record writes on standard error says the rest")
        } else if !isLate, stream.lastCoveredFraction < Self.enough {
            let reason = stream.reason.map { ": \($0)" } ?? ""
            let wait = "record connects again by itself; if it lasts, see the exchange's status page; make gaps has all"
            report.add(
                "streams", isRecording ? .warning : .info, "\(name): heard \(share), \(day)\(reason)",
                advice: isRecording ? wait : nil)
        } else {
            report.add("streams", .ok, "\(name): heard \(share), \(day)")
        }
    }

    private mutating func measure(_ stream: StreamHealth) {
        let figures: [(name: String, value: Double, help: String)] = [
            ("covered_ratio", stream.lastCoveredFraction, "Part of the last loaded hour in which a stream was heard"),
            (
                "covered_seconds", Double(stream.lastCoveredMilliseconds) / 1000,
                "Seconds of the last loaded hour in which a stream was heard"
            ),
            ("messages", Double(stream.messages), "Messages of a stream that were kept in its last loaded hour"),
            (
                "duplicates", Double(stream.duplicates),
                "Liquidations that a stream stated again in its last loaded hour"
            ),
            ("gaps", Double(stream.gaps), "Parts of the last loaded hour in which a stream was not heard"),
            (
                "last_hour_seconds", Double(stream.last.start), "Beginning of the last loaded hour of a stream"
            ),
        ]
        for figure in figures {
            report.measure(
                "perps_stream_\(figure.name)", figure.value, help: figure.help,
                labels: ["exchange": stream.exchange.id])
        }
    }
}
