import PerpCore

/// Delivery times of dated futures: Fridays at 08:00 UTC.
enum DeliveryCalendar {
    private static let days: Int64 = 86_400_000
    private static let eight: Int64 = 8 * 3_600_000

    /// The last Friday of a month, 08:00 UTC, in milliseconds.
    static func lastFriday(year: Int64, month: Int64) -> Int64 {
        let next =
            month == 12
            ? CalendarDay(year: year + 1, month: 1, day: 1) : CalendarDay(year: year, month: month + 1, day: 1)
        let last = next.number - 1
        // 1970-01-01 was a Thursday, so a Friday is a day whose number leaves 1.
        let friday = last - (last - 1) % 7
        return friday * days + eight
    }

    /// Quarterly deliveries around `time`: the last one before it, then the coming ones.
    static func quarters(around time: Int64) -> (previous: Int64, coming: [Int64]) {
        let year = CalendarDay(number: time / days).date.year
        let all = (-1...1).flatMap { offset in
            [3, 6, 9, 12].map { lastFriday(year: year + offset, month: Int64($0)) }
        }
        let coming = all.filter { $0 > time }
        return (all.last { $0 <= time } ?? all[0], Array(coming.prefix(2)))
    }

    /// The coming Fridays, 08:00 UTC.
    static func weeks(after time: Int64, count: Int) -> [Int64] {
        let week = 7 * days
        let anchor = days + eight  // Friday, 1970-01-02
        let first = (time - anchor) / week + 1
        return (0..<Int64(count)).map { anchor + (first + $0) * week }
    }

    /// `251226`
    static func short(_ time: Int64) -> String {
        let (year, month, day) = CalendarDay(number: time / days).date
        return two(year % 100) + two(month) + two(day)
    }

    /// `26DEC25`
    static func spoken(_ time: Int64) -> String {
        let (year, month, day) = CalendarDay(number: time / days).date
        let months = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
        return two(day) + months[Int(month - 1)] + two(year % 100)
    }

    /// `Z25`: a letter for the month, and the year.
    static func coded(_ time: Int64) -> String {
        let (year, month, _) = CalendarDay(number: time / days).date
        return "\(Array("FGHJKMNQUVXZ")[Int(month - 1)])" + two(year % 100)
    }

    private static func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
