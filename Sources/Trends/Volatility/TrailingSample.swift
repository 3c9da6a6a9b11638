import PerpCore
import Sealing

/// The values of a trailing span of fixed length, kept in order of size so that a new hour moves them instead of sorting.
public struct TrailingSample: Hashable, Sendable {
    /// One value and its hour.
    public struct Entry: Hashable, Sendable {
        /// The hour by which it leaves the span, in UTC.
        public var hour: Hour
        /// In the unit of the sample.
        public var value: Double

        /// Takes a finite value.
        public init(hour: Hour, value: Double) {
            self.hour = hour
            self.value = value
        }
    }

    /// Ascending by hour.
    public private(set) var entries: [Entry]
    private var sorted: [Double]

    /// Takes entries in ascending order of their hours.
    public init(_ entries: [Entry] = []) {
        self.entries = entries
        sorted = entries.map(\.value).sorted()
    }

    /// How many values there are.
    public var count: Int { sorted.count }

    /// Adds a value of a later hour.
    public mutating func append(_ entry: Entry) {
        precondition(entries.last.map { $0.hour < entry.hour } ?? true, "hours are appended in order")
        entries.append(entry)
        sorted.insert(entry.value, at: place(notBelow: entry.value))
    }

    /// Drops the values of hours before `hour`.
    public mutating func drop(before hour: Hour) {
        let outdated = entries.prefix { $0.hour < hour }
        guard !outdated.isEmpty else { return }
        for entry in outdated { sorted.remove(at: place(notBelow: entry.value)) }
        entries.removeFirst(outdated.count)
    }

    /// The share of values below `value`, 0 to 1, equal ones counted half; `nil` without values.
    public func rank(of value: Double) -> Double? {
        guard !sorted.isEmpty else { return nil }
        let below = place(notBelow: value)
        let equal = place(above: value) - below
        return (Double(below) + 0.5 * Double(equal)) / Double(sorted.count)
    }

    /// The quantile `share` (0 to 1), interpolated; `nil` without values.
    public func quantile(_ share: Double) -> Double? { Quantiles.quantile(share, ofSorted: sorted) }

    /// The mean of the two values in the middle when their number is even; `nil` without values.
    public var median: Double? {
        guard !sorted.isEmpty else { return nil }
        let upper = sorted.count / 2
        return sorted.count.isMultiple(of: 2) ? (sorted[upper - 1] + sorted[upper]) / 2 : sorted[upper]
    }

    private func place(notBelow value: Double) -> Int { sorted.partitioningIndex { $0 >= value } }
    private func place(above value: Double) -> Int { sorted.partitioningIndex { $0 > value } }
}
