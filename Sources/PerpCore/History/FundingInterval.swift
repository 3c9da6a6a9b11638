/// From when to when a contract's funding was settled every so many hours.
public struct FundingInterval: Hashable, Sendable {
    /// What an interval is known from.
    public enum Evidence: String, Hashable, Sendable, CaseIterable {
        /// The distances of settlements, or what settlements state.
        case settlements
        /// What the list of instruments states.
        case instrument
    }

    /// The beginning of the first period of so many hours, as far as known.
    public var from: Timestamp
    /// The end of the last one; `nil` when nothing says that it ended.
    public var until: Timestamp?
    /// Hours between two settlements.
    public var hours: Double
    /// What it is known from; where both say the same, the settlements.
    public var evidence: Evidence

    /// Creates an interval.
    public init(from: Timestamp, until: Timestamp?, hours: Double, evidence: Evidence) {
        self.from = from
        self.until = until
        self.hours = hours
        self.evidence = evidence
    }
}

extension FundingInterval.Evidence: FieldConvertible {}

extension FundingInterval {
    /// A settlement, and the hours of its period where it states them.
    public struct Settled: Hashable, Sendable {
        /// When it was settled.
        public var at: Timestamp
        /// Hours; `nil` when not stated.
        public var statedHours: Double?

        /// Creates a settlement.
        public init(at: Timestamp, statedHours: Double? = nil) {
            self.at = at
            self.statedHours = statedHours
        }
    }

    /// What the list of instruments states for a span.
    public struct Stated: Hashable, Sendable {
        /// When it was stated first.
        public var from: Timestamp
        /// When it no longer was; `nil` when it still is.
        public var until: Timestamp?
        /// Hours between two settlements.
        public var hours: Double

        /// Creates a statement.
        public init(from: Timestamp, until: Timestamp?, hours: Double) {
            self.from = from
            self.until = until
            self.hours = hours
        }
    }

    /// The intervals of a contract, ascending.
    ///
    /// A settlement shows the hours that it states, or else its distance to the one before it where that is a period of
    /// `FundingSettlement.periods`: any other distance is a hole, which shows nothing. Hours count when two settlements in a
    /// row show them: a hole of a period's length changes nothing. Over the time of such a run, settlements are right; what
    /// the list of instruments states counts before the first run, and after a run where it was stated first after it: in the hour of its last settlement, or
    /// later.
    /// - Parameters:
    ///   - settlements: ascending, each time once.
    ///   - instruments: ascending, and without overlap.
    public static func intervals(settlements: [Settled], instruments: [Stated]) -> [FundingInterval] {
        let runs = Run.runs(of: settlements)
        var found = Intervals()
        for stated in instruments { found.add(stated, before: runs.first?.from) }
        for (index, run) in runs.enumerated() {
            let next = index + 1 < runs.count ? runs[index + 1].from : nil
            let newer = instruments.filter { $0.from >= run.last && $0.from < next ?? .distantFuture }
            found.add(
                FundingInterval(
                    from: run.from, until: newer.first?.from ?? next.map { _ in run.last }, hours: run.hours,
                    evidence: .settlements))
            for stated in newer { found.add(stated, before: next) }
        }
        return found.list
    }

    /// Settlements that show the same hours, without others that count between them.
    private struct Run {
        var hours: Double
        /// The beginning of the first period.
        var from: Timestamp
        /// The last settlement.
        var last: Timestamp

        static func runs(of settlements: [Settled]) -> [Run] {
            var runs: [Run] = []
            var seenOnce: Run?
            var previous: Timestamp?
            for settled in settlements {
                let shown =
                    settled.statedHours
                    ?? previous.flatMap { FundingSettlement.intervalHours(from: $0, to: settled.at) }
                previous = settled.at
                guard let hours = shown else {
                    seenOnce = nil
                    continue
                }
                if runs.last?.hours == hours {
                    runs[runs.count - 1].last = settled.at
                    seenOnce = nil
                } else if var run = seenOnce, run.hours == hours {
                    run.last = settled.at
                    runs.append(run)
                    seenOnce = nil
                } else {
                    let begin = settled.at.advanced(byMilliseconds: -Int64(hours * Double(Hour.milliseconds)))
                    seenOnce = Run(hours: hours, from: max(begin, runs.last?.last ?? begin), last: settled.at)
                }
            }
            return runs
        }
    }

    /// Intervals in their order; equal ones that touch are one.
    private struct Intervals {
        var list: [FundingInterval] = []

        /// Adds what was stated, as far as it was before an instant; `nil` for all of it.
        mutating func add(_ stated: Stated, before end: Timestamp?) {
            let until = [stated.until, end].compactMap(\.self).min()
            if let until, until <= stated.from { return }
            add(FundingInterval(from: stated.from, until: until, hours: stated.hours, evidence: .instrument))
        }

        mutating func add(_ interval: FundingInterval) {
            guard let last = list.last, last.hours == interval.hours, last.until == interval.from else {
                return list.append(interval)
            }
            list[list.count - 1].until = interval.until
            if interval.evidence == .settlements { list[list.count - 1].evidence = .settlements }
        }
    }
}

extension Timestamp {
    /// After every instant that is met.
    fileprivate static var distantFuture: Timestamp { Timestamp(milliseconds: .max) }
}
