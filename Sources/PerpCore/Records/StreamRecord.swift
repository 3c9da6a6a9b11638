/// What the recorder notes about one connection of a stream.
public struct StreamEvent: Hashable, Sendable {
    /// What happened.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// The connection is open; nothing is subscribed yet.
        case open
        /// The exchange accepts the subscriptions: from now on silence means that nothing happens.
        case subscribed
        /// The connection gave a sign of life up to this time.
        case alive
        /// The connection was up until this time, and then no more.
        case lost
        /// The recorder ended the connection on purpose.
        case closed
    }

    /// The connection: its name, and after a `#` its number since the recorder started.
    public var connection: String
    /// When, on our clock.
    public var at: Timestamp
    /// What happened.
    public var kind: Kind
    /// Why; `nil` where there is nothing to say.
    public var reason: String?
    /// Messages of the control channel since the last line, which are not kept; `nil` in lines that count none.
    public var controlMessages: Int64?

    /// Creates an event.
    public init(
        connection: String, at: Timestamp, kind: Kind, reason: String? = nil, controlMessages: Int64? = nil
    ) {
        self.connection = connection
        self.at = at
        self.kind = kind
        self.reason = reason
        self.controlMessages = controlMessages
    }
}

/// How much of an hour a stream was heard: the record `stream` of a staged file.
public struct StreamRecord: Hashable, Sendable {
    /// A part of the hour in which not every connection was up.
    public struct Gap: Hashable, Sendable {
        /// The beginning, included.
        public var from: Timestamp
        /// The end, excluded.
        public var to: Timestamp
        /// Why, in words of the recorder.
        public var reason: String

        /// Creates a gap.
        public init(from: Timestamp, to: Timestamp, reason: String) {
            self.from = from
            self.to = to
            self.reason = reason
        }
    }

    /// What the price of the events is.
    public var priceKind: LiquidationPrice
    /// Milliseconds of the hour in which every connection was up, 0 to 3,600,000.
    public var coveredMilliseconds: Int64
    /// The rest of the hour, ascending, without overlaps.
    public var gaps: [Gap]
    /// Messages that are kept: with liquidations, acknowledgements, errors.
    public var messages: Int64
    /// Events that were stated again by another message.
    public var duplicates: Int64

    /// Creates a record.
    public init(
        priceKind: LiquidationPrice, coveredMilliseconds: Int64, gaps: [Gap], messages: Int64, duplicates: Int64
    ) {
        self.priceKind = priceKind
        self.coveredMilliseconds = coveredMilliseconds
        self.gaps = gaps
        self.messages = messages
        self.duplicates = duplicates
    }

    /// Part of the hour, 0 to 1.
    public var coveredFraction: Double { Double(coveredMilliseconds) / Double(Hour.milliseconds) }

    /// The least part of an hour that counts as all of it.
    public static let wholeFraction = 0.999
}

/// Works out when the connections of a stream were up, from what the recorder noted.
///
/// A stream with several connections, which share its symbols, is covered while all of them are up. A connection that is
/// replaced by another of the same name is covered while either is up.
public struct StreamCoverage {
    /// A connection's span of being up.
    private struct Span {
        var from: Int64
        /// The last sign of life; the end of an open span.
        var to: Int64
        var isOpen = true
        var reason: String?
    }

    private let hour: Hour
    private var spans: [String: [Span]] = [:]

    /// Coverage of an hour of which nothing was noted yet.
    public init(hour: Hour) { self.hour = hour }

    /// Takes an event; those of a connection are in the order of time.
    public mutating func add(_ event: StreamEvent) {
        let at = event.at.milliseconds
        switch event.kind {
        case .open: break
        case .subscribed: begin(event.connection, at)
        case .alive:
            begin(event.connection, at)
            extend(event.connection, at)
        case .lost, .closed:
            extend(event.connection, at)
            end(event.connection, event.reason ?? event.kind.rawValue)
        }
    }

    /// Takes a message of a connection, which is a sign of its life.
    public mutating func add(messageOf connection: String, at: Timestamp) { extend(connection, at.milliseconds) }

    private mutating func begin(_ connection: String, _ at: Int64) {
        if spans[connection]?.last?.isOpen == true { return }
        spans[connection, default: []].append(Span(from: at, to: at))
    }

    private mutating func extend(_ connection: String, _ at: Int64) {
        guard let last = spans[connection]?.indices.last, spans[connection]![last].isOpen else { return }
        spans[connection]![last].to = max(spans[connection]![last].to, at)
    }

    private mutating func end(_ connection: String, _ reason: String) {
        guard let last = spans[connection]?.indices.last else { return }
        spans[connection]![last].isOpen = false
        spans[connection]![last].reason = reason
    }

    /// The record of the hour.
    /// - Parameter priceKind: what the price of the events is.
    /// - Parameter names: of the connections that belong to the stream; those that were never up make the hour a gap.
    public func record(
        _ priceKind: LiquidationPrice, names: Set<String> = [], messages: Int64, duplicates: Int64
    ) -> StreamRecord {
        let (start, end) = (hour.startMilliseconds, hour.startMilliseconds + Hour.milliseconds)
        let byName = Dictionary(grouping: spans.keys) { String($0.prefix { $0 != "#" }) }
        var gaps: [StreamRecord.Gap] = []
        for name in names.union(byName.keys).sorted() {
            let spans = (byName[name] ?? []).flatMap { self.spans[$0] ?? [] }.sorted {
                ($0.from, $0.to) < ($1.from, $1.to)
            }
            gaps += Self.gaps(between: spans, from: start, to: end)
        }
        if byName.isEmpty, names.isEmpty {
            gaps = [.init(from: hour.startTime, to: Timestamp(milliseconds: end), reason: Self.notRecorded)]
        }
        let merged = Self.merged(gaps)
        let missing = merged.reduce(0) { $0 + $1.to.milliseconds - $1.from.milliseconds }
        return StreamRecord(
            priceKind: priceKind, coveredMilliseconds: Hour.milliseconds - missing, gaps: merged, messages: messages,
            duplicates: duplicates)
    }

    /// The reason of time before the first connection.
    private static let notRecorded = "not recorded"

    private static func gaps(between spans: [Span], from start: Int64, to end: Int64) -> [StreamRecord.Gap] {
        var gaps: [StreamRecord.Gap] = []
        var covered = start
        var reason = notRecorded
        func add(until next: Int64) {
            guard next > covered else { return }
            gaps.append(
                .init(from: Timestamp(milliseconds: covered), to: Timestamp(milliseconds: next), reason: reason))
        }
        for span in spans where span.to > span.from {
            add(until: min(span.from, end))
            if span.to > covered {
                covered = min(span.to, end)
                reason = span.reason ?? "no sign of life"
            }
        }
        add(until: end)
        return gaps
    }

    /// The gaps of several connections as those of one: where they overlap, the reason is that of the first.
    private static func merged(_ gaps: [StreamRecord.Gap]) -> [StreamRecord.Gap] {
        var merged: [StreamRecord.Gap] = []
        for gap in gaps.sorted(by: {
            ($0.from.milliseconds, $0.to.milliseconds) < ($1.from.milliseconds, $1.to.milliseconds)
        }) {
            guard let last = merged.last, gap.from.milliseconds <= last.to.milliseconds else {
                merged.append(gap)
                continue
            }
            if gap.to.milliseconds > last.to.milliseconds { merged[merged.count - 1].to = gap.to }
        }
        return merged
    }
}
