/// An instant, in whole UTC milliseconds after the epoch.
public struct Timestamp: Hashable, Sendable, Comparable {
    /// UTC milliseconds after the epoch.
    public let milliseconds: Int64

    /// The instant `milliseconds` after the epoch.
    public init(milliseconds: Int64) { self.milliseconds = milliseconds }
    /// The instant `seconds` after the epoch.
    public init(seconds: Int64) { milliseconds = seconds * 1000 }

    /// The last millisecond of the year 9999.
    public static let latest = Timestamp(milliseconds: 253_402_300_799_999)

    /// Whether the instant is between the epoch and the end of the year 9999. Any other is an error of its source, and
    /// calendar arithmetic with it could overflow.
    @inlinable public var isCalendarTime: Bool { milliseconds >= 0 && self <= Self.latest }

    /// The start of the minute: exchanges stamp settlements up to a second late.
    public var flooredToMinute: Timestamp {
        Timestamp(milliseconds: milliseconds.flooredDivision(by: 60_000) * 60_000)
    }

    /// The first full hour after this instant, which is never the instant itself.
    public var nextFullHour: Timestamp { Hour(containing: self).end }

    /// The instant `distance` milliseconds later; earlier when negative.
    public func advanced(byMilliseconds distance: Int64) -> Timestamp {
        Timestamp(milliseconds: milliseconds + distance)
    }

    /// Whether the two instants are at most `distance` milliseconds apart; `distance` is not negative.
    public func isWithin(_ distance: Int64, of other: Timestamp) -> Bool {
        (milliseconds - other.milliseconds).magnitude <= UInt64(distance)
    }

    /// Whether `left` is the earlier instant.
    public static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.milliseconds < right.milliseconds
    }
}

extension Timestamp: CustomStringConvertible {
    /// The instant as in `2025-10-23T15:04:05.678Z`.
    public var description: String {
        let hour = Hour(containing: self)
        let rest = Int(milliseconds - hour.startMilliseconds)
        let fraction = String(rest % 1000)
        let padding = String(repeating: "0", count: 3 - fraction.utf8.count)
        return "\(hour):\(twoDigits(rest / 60_000)):\(twoDigits(rest / 1000 % 60)).\(padding)\(fraction)Z"
    }
}

extension Timestamp {
    /// The time of day as in `15:04:05`, UTC.
    public var clock: String { String(description.dropFirst(11).prefix(8)) }

    /// Reads ISO 8601 in UTC, `2025-12-08T16:00:00.112Z`, with or without the fraction.
    /// Fraction digits after the third are dropped; `nil` when the text is not such a time.
    public init?(iso8601 text: some StringProtocol) {
        guard text.last == "Z" else { return nil }
        let parts = text.dropLast().split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 3, let hour = Hour(parts[0]),
            let minute = Int64(asciiDigits: parts[1]), minute < 60
        else { return nil }
        let seconds = parts[2].split(separator: ".", omittingEmptySubsequences: false)
        guard seconds.count <= 2, let second = Int64(asciiDigits: seconds[0]), second < 60
        else { return nil }
        var fraction: Int64 = 0
        if seconds.count == 2 {
            guard let digits = Int64(asciiDigits: (seconds[1] + "00").prefix(3)) else { return nil }
            fraction = digits
        }
        milliseconds = hour.startMilliseconds + minute * 60_000 + second * 1000 + fraction
    }
}

extension Duration {
    /// Whole milliseconds, rounded down.
    public var milliseconds: Int64 { components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000 }
}
