import PerpCore

/// Spans of equal length that follow one another, such as the hours of a week. Every series of a chart has a value, or `nil`,
/// for each of them, so that what is missing is never left out by mistake.
public struct TimeGrid: Hashable, Sendable {
    /// The start of the first span.
    public let start: Timestamp
    /// The length of a span in milliseconds; positive.
    public let step: Int64
    /// How many spans; at least one.
    public let count: Int

    /// Spans of `step` milliseconds.
    public init(start: Timestamp, step: Int64, count: Int) {
        precondition(step > 0 && count > 0, "a grid has spans, and they have a length")
        (self.start, self.step, self.count) = (start, step, count)
    }

    /// The hours of a span, both ends included.
    public init(hours: ClosedRange<Hour>) {
        self.init(
            start: hours.lowerBound.startTime, step: Hour.milliseconds,
            count: hours.lowerBound.distance(to: hours.upperBound) + 1)
    }

    /// The days of a span, both ends included.
    public init(days: ClosedRange<CalendarDay>) {
        self.init(
            start: Timestamp(seconds: days.lowerBound.start), step: CalendarDay.seconds * 1000,
            count: Int(days.upperBound.number - days.lowerBound.number) + 1)
    }

    /// The end of the last span.
    public var end: Timestamp { start.advanced(byMilliseconds: step * Int64(count)) }

    /// The start of each span.
    public var times: [Timestamp] { (0..<count).map { start.advanced(byMilliseconds: step * Int64($0)) } }

    /// The number of the span that contains `time`; `nil` outside.
    public func index(of time: Timestamp) -> Int? {
        guard time >= start, time < end else { return nil }
        return Int((time.milliseconds - start.milliseconds) / step)
    }

    /// A value per span: of two rows of one span the later in the list counts, a span without a row is `nil`.
    public func placed<Value>(_ rows: some Sequence<(time: Timestamp, value: Value?)>) -> [Value?] {
        var values = [Value?](repeating: nil, count: count)
        for row in rows {
            if let index = index(of: row.time) { values[index] = row.value }
        }
        return values
    }

    /// Where a time stands: 0 at the start, 1 at the end.
    func position(_ time: Timestamp) -> Double {
        Double(time.milliseconds - start.milliseconds) / Double(step * Int64(count))
    }

    /// A time of the grid in words: `2025-10-23 15:00`, and the day alone where spans are days or longer.
    func spoken(_ time: Timestamp) -> String {
        if step % (CalendarDay.seconds * 1000) == 0 { return "\(CalendarDay(containing: time.milliseconds / 1000))" }
        return TimeText.minute(time)
    }
}

/// Times in words, UTC.
enum TimeText {
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// `2025-10-23 15:04`.
    static func minute(_ time: Timestamp) -> String {
        let text = time.description
        return "\(text.prefix(10)) \(text.dropFirst(11).prefix(5))"
    }

    /// `Oct 23`.
    static func day(_ day: CalendarDay) -> String { "\(month(day)) \(day.date.day)" }

    /// `Oct`.
    static func month(_ day: CalendarDay) -> String { months[Int(day.date.month) - 1] }
}

/// The labels of an axis of time.
struct TimeTicks: Hashable, Sendable {
    struct Tick: Hashable, Sendable {
        let time: Timestamp
        let label: String
    }

    let ticks: [Tick]

    private static let hour: Int64 = 3_600_000
    private static let day: Int64 = 86_400_000

    /// Round times of UTC within a grid, at most `count`; whole hours at the finest.
    init(_ grid: TimeGrid, count: Int = 8) {
        let span = grid.step * Int64(grid.count)
        let steps = [1, 2, 3, 6, 12, 24, 48].map { $0 * Self.hour } + [7 * Self.day]
        if let step = steps.first(where: { span / $0 <= Int64(count) }) {
            ticks = Self.even(grid, step)
        } else {
            let months =
                [1, 2, 3, 6, 12, 24, 60, 120].first { span / (Int64($0) * 30 * Self.day) <= Int64(count) } ?? 600
            ticks = Self.months(grid, months)
        }
    }

    /// Ticks at multiples of a step; those of weeks are on Mondays.
    private static func even(_ grid: TimeGrid, _ step: Int64) -> [Tick] {
        // The epoch was a Thursday.
        let offset = step == 7 * day ? 4 * day : 0
        let before = (grid.start.milliseconds - offset) / step * step + offset
        return stride(from: before, through: grid.end.milliseconds, by: Int64.Stride(step)).compactMap { milliseconds in
            let time = Timestamp(milliseconds: milliseconds)
            guard time >= grid.start else { return nil }
            let midnight = milliseconds % day == 0
            let label =
                midnight
                ? TimeText.day(CalendarDay(containing: milliseconds / 1000)) : String(time.clock.prefix(5))
            return Tick(time: time, label: label)
        }
    }

    /// Ticks at the first day of every so many months.
    private static func months(_ grid: TimeGrid, _ step: Int) -> [Tick] {
        let first = CalendarDay(containing: grid.start.milliseconds / 1000).date
        var number = Int(first.year) * 12 + Int(first.month) - 1
        number -= number % step
        var ticks: [Tick] = []
        while true {
            let day = CalendarDay(year: Int64(number / 12), month: Int64(number % 12 + 1), day: 1)
            let time = Timestamp(seconds: day.start)
            guard time <= grid.end else { return ticks }
            let label = number % 12 == 0 || step >= 12 ? "\(day.date.year)" : TimeText.month(day)
            if time >= grid.start { ticks.append(Tick(time: time, label: label)) }
            number += step
        }
    }
}
