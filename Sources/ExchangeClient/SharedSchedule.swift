import ExchangeAdapters
import PerpCore

/// The calls of all processes of this machine to one exchange: one process's calls count for the others.
public protocol SharedSchedule: Sendable {
    /// Changes the schedule of a limit while no other process does.
    ///
    /// - Parameter now: the time by the caller's clock; calls that are long past are forgotten.
    /// - Returns: What `change` returns; `nil` when the schedule cannot be read or written.
    func update<Result>(_ limit: RateLimit, now: Timestamp, _ change: (inout RateSchedule) -> Result) -> Result?
}

extension RateSchedule {
    /// The calls as lines of time and weight, `1795000000000 5`.
    public var lines: String { bookings.map { "\($0.at) \($0.weight)\n" }.joined() }

    /// The schedule of a limit with the calls in lines; those that are no such line, and those that no window at `now` can
    /// hold, are left out.
    public init(_ limit: RateLimit, lines: some StringProtocol, now: Timestamp) {
        // A time far ahead comes from another clock, a simulated one.
        let horizon = Int64(limit.windowSeconds * 4000) + 3_600_000
        let bookings = lines.split(separator: "\n").compactMap { line -> Booking? in
            let words = line.split(separator: " ")
            guard words.count == 2, let at = Int64(words[0]), let weight = Int(words[1]), weight > 0,
                Timestamp(milliseconds: at).isWithin(horizon, of: now)
            else { return nil }
            return Booking(at: at, weight: weight)
        }
        self.init(limit, bookings: bookings.sorted { $0.at < $1.at })
    }
}
