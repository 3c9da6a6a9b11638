import ExchangeAdapters
import PerpCore

/// A schedule of the calls under one rate limit. Pure: times come from the caller.
///
/// Calls do not arrive as evenly as they are sent, so windows are a tenth longer than the limit states.
public struct RateSchedule: Sendable {
    struct Booking: Sendable, Hashable {
        let at: Int64
        let weight: Int
    }

    private static let slack = 1.1

    private let limit: Int
    private let window: Int64
    private let spacing: Int64
    /// Calls of the last window, oldest first.
    private(set) var bookings: [Booking] = []
    private var last: Int64?

    /// A schedule without calls.
    public init(_ limit: RateLimit) {
        self.limit = limit.limit
        window = Int64(limit.windowSeconds * 1000 * Self.slack)
        spacing = Int64(limit.spacingSeconds * 1000)
    }

    /// A schedule with calls of a limit that were booked before, in the order of their times.
    init(_ limit: RateLimit, bookings: [Booking]) {
        self.init(limit)
        self.bookings = bookings
        last = bookings.last?.at
    }

    /// Books the first instant from `earliest` on at which a call of `weight` keeps the limit.
    ///
    /// No booking is earlier than the one before. A weight above the limit takes a whole window.
    public mutating func book(weight: Int, notBefore earliest: Timestamp) -> Timestamp {
        var at = max(earliest.milliseconds, last.map { $0 + spacing } ?? earliest.milliseconds)
        bookings.removeAll { $0.at <= earliest.milliseconds - window }
        for (index, booking) in bookings.enumerated() {
            let used = bookings[index...].reduce(0) { $0 + ($1.at > at - window ? $1.weight : 0) }
            if used + min(weight, limit) <= limit { break }
            at = max(at, booking.at + window)
        }
        bookings.append(Booking(at: at, weight: min(weight, limit)))
        last = at
        return Timestamp(milliseconds: at)
    }

    /// Cancels a booking that was not used.
    mutating func cancel(_ at: Timestamp, weight: Int) {
        let weight = min(weight, limit)
        if let index = bookings.lastIndex(where: { $0.at == at.milliseconds && $0.weight == weight }) {
            bookings.remove(at: index)
        }
    }
}
