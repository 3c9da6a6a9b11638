import PerpCore

/// What is missing of the exchanges' streams in a span, and how much was heard.
public struct StreamGaps: Hashable, Sendable, Codable {
    /// A part of time in which a stream was not heard, though it was recorded.
    public struct Hole: Hashable, Sendable, Codable {
        var exchange: Exchange
        /// The beginning, included, and the end, excluded: ISO 8601.
        var from: String
        var to: String
        var seconds: Double
        var reason: String

        init(exchange: Exchange, gap: StreamRecord.Gap) {
            self.exchange = exchange
            from = "\(gap.from)"
            to = "\(gap.to)"
            seconds = Double(gap.to.milliseconds - gap.from.milliseconds) / 1000
            reason = gap.reason
        }
    }

    /// How much of the span a stream was heard.
    public struct HeardHours: Hashable, Sendable, Codable {
        var exchange: Exchange
        /// Hours with a file of the stream.
        var recordedHours: Int
        var heardSeconds: Double
        /// The seconds as a part of the recorded hours, 0 to 1; `nil` without any.
        var share: Double?

        /// Takes hours with a file, and milliseconds in which the stream was heard.
        public init(exchange: Exchange, recordedHours: Int, heardMilliseconds: Int64) {
            self.exchange = exchange
            self.recordedHours = recordedHours
            heardSeconds = Double(heardMilliseconds) / 1000
            share = recordedHours > 0 ? heardSeconds / Double(Int64(recordedHours) * Hour.seconds) : nil
        }
    }

    /// Runs of hours without a file: of all streams (`no_recorder`), or of some while others have one (`no_stream`).
    var unrecorded: [GapReport.Gap]
    /// By exchange and time; a hole that goes on in the next hour is one.
    var holes: [Hole]
    var heard: [HeardHours]

    /// - Parameters:
    ///   - unrecorded: hours without a file, by hour; exchanges without a stream are passed over.
    ///   - gaps: parts of recorded hours, by exchange and time.
    public init(
        unrecorded: [GapReport.Absence], gaps: [(exchange: Exchange, gap: StreamRecord.Gap)], heard: [HeardHours]
    ) {
        self.unrecorded = GapReport.gaps(of: unrecorded.filter(\.exchange.hasLiquidationStream))
        holes = Self.joined(gaps).map { Hole(exchange: $0.exchange, gap: $0.gap) }
        self.heard = heard
    }

    /// Files end with their hours, and what was not heard goes on.
    private static func joined(
        _ gaps: [(exchange: Exchange, gap: StreamRecord.Gap)]
    ) -> [(exchange: Exchange, gap: StreamRecord.Gap)] {
        var joined: [(exchange: Exchange, gap: StreamRecord.Gap)] = []
        for (exchange, gap) in gaps {
            if let last = joined.last, last.exchange == exchange, last.gap.to == gap.from,
                last.gap.reason == gap.reason
            {
                joined[joined.count - 1].gap.to = gap.to
            } else {
                joined.append((exchange, gap))
            }
        }
        return joined
    }

    // MARK: - Text

    /// The number of holes that the text names; JSON has all.
    private static let shownHoles = 20

    /// A line per run of hours and per hole, and how much was heard.
    var text: String {
        let lines = unrecorded.map { gap in
            let hours = Statistics.MissingHours(from: gap.from, to: gap.to).text
            return "   • \(Self.names(gap.exchanges))  \(hours)  \(Self.words(gap.cause))\n"
        }
        let recorded = heard.map { stream in
            "   • \(stream.exchange.displayName): heard \(Numbers.known(stream.share, Numbers.percent)) of "
                + "\(stream.recordedHours) recorded h\n"
        }
        let all = lines + holeLines
        return "\nStreams\n" + (all.isEmpty ? "   none missing\n" : all.joined()) + recorded.joined()
    }

    /// The longest ones in the order of time.
    private var holeLines: [String] {
        let shared = SharedHole.all(in: holes)
        let longest = shared.indices.sorted { (-shared[$0].hole.seconds, $0) < (-shared[$1].hole.seconds, $1) }
        let shown = longest.prefix(Self.shownHoles).sorted().map { shared[$0].line }
        let rest = longest.dropFirst(Self.shownHoles).map { shared[$0].hole.seconds }
        guard let next = rest.first else { return shown }
        return shown + [
            "   • and \(Numbers.counted(rest.count, "hole")) of \(Self.seconds(next)) at most: --json has all\n"
        ]
    }

    /// Names of exchanges, or `every stream`.
    fileprivate static func names(_ exchanges: [Exchange]) -> String {
        GapReport.names(exchanges, allOf: Exchange.allCases.filter(\.hasLiquidationStream), "stream")
    }

    private static func words(_ cause: String) -> String {
        switch cause {
        case "no_recorder": "no recorder ran: make record"
        case "no_stream": "no file, while others were recorded: see what record says of it"
        default: cause
        }
    }

    fileprivate static func seconds(_ seconds: Double) -> String { Numbers.fixed(seconds, seconds < 10 ? 1 : 0) + " s" }
}

/// Holes of several streams that began and ended together for one reason, such as a recorder that was started or ended.
private struct SharedHole {
    var exchanges: [Exchange]
    /// The first one of them.
    let hole: StreamGaps.Hole
    private let from: Int64
    private let to: Int64

    /// Milliseconds that beginnings and ends may be apart.
    private static let apart: Int64 = 5000

    private init?(_ hole: StreamGaps.Hole) {
        guard let from = Timestamp(iso8601: hole.from), let to = Timestamp(iso8601: hole.to) else { return nil }
        (self.exchanges, self.hole) = ([hole.exchange], hole)
        (self.from, self.to) = (from.milliseconds, to.milliseconds)
    }

    /// By time, then in the fixed order of exchanges.
    static func all(in holes: [StreamGaps.Hole]) -> [SharedHole] {
        var shared: [SharedHole] = []
        for hole in holes.compactMap(Self.init).sorted(by: { ($0.from, $0.hole.exchange) < ($1.from, $1.hole.exchange) }
        ) {
            let near = shared.indices.reversed().prefix { hole.from - shared[$0].from <= apart }
            if let same = near.first(where: { shared[$0].isTogether(with: hole) }) {
                shared[same].exchanges = (shared[same].exchanges + hole.exchanges).sorted()
            } else {
                shared.append(hole)
            }
        }
        return shared
    }

    private func isTogether(with other: SharedHole) -> Bool {
        hole.reason == other.hole.reason && abs(to - other.to) <= Self.apart && !exchanges.contains(other.hole.exchange)
    }

    /// `Bybit  2025-10-23 04:10:05 - 04:12:00 (115 s)  silent for 30 s`; the day is repeated when it is another one.
    var line: String {
        let (first, last) = (Self.spoken(hole.from), Self.spoken(hole.to))
        let end = first.prefix(10) == last.prefix(10) ? String(last.suffix(8)) : last
        return "   • \(StreamGaps.names(exchanges))  \(first) - \(end) (\(StreamGaps.seconds(hole.seconds)))  "
            + "\(hole.reason.printable)\n"
    }

    /// `2025-10-23 15:00:07` of `2025-10-23T15:00:07.250Z`.
    private static func spoken(_ time: String) -> String { String(time.prefix(19)).replacing("T", with: " ") }
}
