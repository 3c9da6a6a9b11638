/// An hour of UTC: the grain of every file and table.
public struct Hour: Hashable, Sendable, Comparable {
    /// Epoch seconds of the hour's first instant; a multiple of 3600.
    public let start: Int64

    /// Seconds per hour.
    public static let seconds: Int64 = 3600
    /// Milliseconds per hour.
    public static let milliseconds: Int64 = 3_600_000

    /// The hour that contains `seconds` after the epoch.
    public init(containing seconds: Int64) {
        start = seconds - mod(seconds, Self.seconds)
    }

    /// The hour that contains `time`.
    public init(containing time: Timestamp) {
        self.init(containing: time.milliseconds.flooredDivision(by: 1000))
    }

    /// Reads `2025-10-23T15`; `nil` when the text is not such an hour.
    public init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "T", omittingEmptySubsequences: false)
        guard parts.count == 2, let day = CalendarDay(parts[0]),
            parts[1].utf8.count == 2, let hour = Int64(asciiDigits: parts[1]), hour < 24
        else { return nil }
        start = day.start + hour * Self.seconds
    }

    /// Milliseconds after the epoch of the hour's first instant.
    public var startMilliseconds: Int64 { start * 1000 }
    /// The hour's first instant.
    public var startTime: Timestamp { Timestamp(milliseconds: startMilliseconds) }
    /// The first instant of the next hour.
    public var end: Timestamp { next.startTime }
    /// The hour after this one.
    public var next: Hour { advanced(by: 1) }
    /// The hour before this one.
    public var previous: Hour { advanced(by: -1) }
    /// The UTC day that contains the hour.
    public var day: CalendarDay { CalendarDay(containing: start) }
    /// The hour of the day, 0 to 23.
    var hourOfDay: Int { Int((start - day.start) / Self.seconds) }

    /// The hour that is `hours` hours later; earlier when negative.
    public func advanced(by hours: Int) -> Hour {
        Hour(containing: start + Int64(hours) * Self.seconds)
    }

    /// Hours from `self` to `other`; negative when `other` is earlier.
    public func distance(to other: Hour) -> Int { Int((other.start - start) / Self.seconds) }

    /// Whether `time` is within the hour, its first instant included and its end excluded.
    public func contains(_ time: Timestamp) -> Bool { Hour(containing: time) == self }

    /// Whether `left` is the earlier hour.
    public static func < (left: Hour, right: Hour) -> Bool { left.start < right.start }
}

extension Hour: CustomStringConvertible {
    /// The hour as in `2025-10-23T15`, which `init(_:)` reads back.
    public var description: String { "\(day)T\(twoDigits(hourOfDay))" }
    /// `2025-10-23/15`, the folder below `raw/` and `staged/`.
    public var path: String { "\(day)/\(twoDigits(hourOfDay))" }
    /// The hour as in `2025-10-23 15:00`, for reports.
    public var spoken: String { "\(day) \(twoDigits(hourOfDay)):00" }
}

/// A day of the proleptic Gregorian calendar in UTC.
public struct CalendarDay: Hashable, Sendable, Comparable {
    /// Days after 1970-01-01.
    public let number: Int64

    /// Seconds per day.
    public static let seconds: Int64 = 86_400

    /// The day that is `number` days after 1970-01-01.
    public init(number: Int64) { self.number = number }

    /// The day that contains the instant `seconds` after the epoch.
    public init(containing seconds: Int64) { number = seconds.flooredDivision(by: Self.seconds) }

    /// Reads `2025-10-23`; `nil` when the text is not a day of the calendar.
    public init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, parts.map(\.utf8.count) == [4, 2, 2],
            let year = Int64(asciiDigits: parts[0]), let month = Int64(asciiDigits: parts[1]),
            let day = Int64(asciiDigits: parts[2]), (1...12).contains(month), day >= 1
        else { return nil }
        self.init(year: year, month: month, day: day)
        guard date == (year, month, day) else { return nil }
    }

    /// Counts the days of a civil date, with March as the first month of the counted year.
    /// Source: https://howardhinnant.github.io/date_algorithms.html#days_from_civil
    public init(year: Int64, month: Int64, day: Int64) {
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted.flooredDivision(by: 400)
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        number = era * 146_097 + dayOfEra - 719_468
    }

    /// The civil date. Source: https://howardhinnant.github.io/date_algorithms.html#civil_from_days
    public var date: (year: Int64, month: Int64, day: Int64) {
        let shifted = number + 719_468
        let era = shifted.flooredDivision(by: 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }

    /// Epoch seconds of midnight.
    public var start: Int64 { number * Self.seconds }
    /// The day after this one.
    public var next: CalendarDay { CalendarDay(number: number + 1) }
    /// The hour of this day, from 0 to 23.
    public func hour(_ hourOfDay: Int) -> Hour { Hour(containing: start + Int64(hourOfDay) * 3600) }

    /// Whether `left` is the earlier day.
    public static func < (left: CalendarDay, right: CalendarDay) -> Bool { left.number < right.number }
}

extension CalendarDay: CustomStringConvertible {
    /// The day as in `2025-10-23`, which `init(_:)` reads back.
    public var description: String {
        let (year, month, day) = date
        let padding = String(repeating: "0", count: max(0, 4 - String(year).utf8.count))
        return "\(padding)\(year)-\(twoDigits(Int(month)))-\(twoDigits(Int(day)))"
    }
}

func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

private func mod(_ value: Int64, _ divisor: Int64) -> Int64 {
    value - value.flooredDivision(by: divisor) * divisor
}

extension Int64 {
    /// Division that rounds towards negative infinity, for times before the epoch.
    func flooredDivision(by divisor: Int64) -> Int64 {
        let quotient = self / divisor
        return self % divisor < 0 ? quotient - 1 : quotient
    }

    /// A whole number of ASCII digits only: no sign, no space.
    init?(asciiDigits text: some StringProtocol) {
        guard !text.isEmpty, text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
        else { return nil }
        self.init(text)
    }
}

extension ClosedRange<Hour> {
    /// Each hour of the span, ascending.
    public var hours: some Sequence<Hour> {
        sequence(first: lowerBound) { [upperBound] in $0 < upperBound ? $0.next : nil }
    }
}
