import PerpCore

/// What a stored hour adds to a series.
public enum SeriesValue: Hashable, Sendable {
    /// The value itself, in the unit of the series.
    case level(Double)
    /// The change since the stored hour before, of a chain.
    case step(Step)
    /// The first hour of a chain.
    case start

    var isFinite: Bool {
        switch self {
        case .level(let value): value.isFinite
        case .step(let step): step.change.isFinite
        case .start: true
        }
    }
}

/// One stored hour of a series.
public struct SeriesRow: Hashable, Sendable {
    /// The hour, in UTC.
    public var hour: Hour
    /// What it adds.
    public var value: SeriesValue

    /// Takes a stored hour.
    public init(hour: Hour, value: SeriesValue) {
        self.hour = hour
        self.value = value
    }
}

/// The stored hours of a trailing span of fixed length, ascending; a missing hour has no row and is never filled.
public struct TrailingSeries: Hashable, Sendable {
    /// How far before its last hour it looks back.
    public let hours: Int
    /// Ascending by hour, without repetition.
    public private(set) var rows: [SeriesRow]

    /// Takes rows in ascending order of their hours.
    public init(hours: Int, rows: [SeriesRow] = []) {
        self.hours = hours
        self.rows = []
        for row in rows { append(row) }
    }

    /// Adds a later hour and drops those out of the span. A value that is not finite is not stored.
    public mutating func append(_ row: SeriesRow) {
        guard row.value.isFinite else { return }
        precondition(rows.last.map { $0.hour < row.hour } ?? true, "hours are appended in order")
        rows.append(row)
        let oldest = row.hour.advanced(by: -hours)
        let outdated = rows.prefix { $0.hour < oldest }.count
        if outdated > 0 { rows.removeFirst(outdated) }
    }

    /// The rows of `[hour - hours, hour]`, ascending.
    func rows(_ hours: Int, upTo hour: Hour) -> ArraySlice<SeriesRow> {
        let oldest = hour.advanced(by: -hours)
        let first = rows.firstIndex { $0.hour >= oldest } ?? rows.endIndex
        let end = rows.lastIndex { $0.hour <= hour }.map { $0 + 1 } ?? rows.startIndex
        return rows[first..<max(first, end)]
    }
}
