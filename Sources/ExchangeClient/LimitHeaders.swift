import ExchangeAdapters
import PerpCore
import Transport

/// Reads rate-limit headers.
enum LimitHeaders {
    /// The fraction of a limit after which to pause, since other programs may share the address.
    static let fullShare = 0.8
    /// With fewer calls left than this, the next ones wait: as many may be in flight.
    static let fewLeft = 4
    /// The longest pause in milliseconds; a later reset is not believed.
    static let longestPause: Int64 = 60_000

    /// Names of headers with the calls left, and with the time of the reset.
    private static let remaining = [
        ("x-bapi-limit-status", "x-bapi-limit-reset-timestamp"),
        ("ratelimit-remaining", "ratelimit-reset"),
        ("x-ratelimit-remaining", "x-ratelimit-reset"),
        ("x-gate-ratelimit-requests-remain", "x-gate-ratelimit-reset-timestamp"),
    ]

    /// The limit to pause and until when; `nil` when no pause is needed.
    ///
    /// - Parameter name: the limit that the call counted against.
    static func pause(
        _ headers: Headers, limit name: String, among limits: [RateLimit], now: Timestamp
    ) -> (limit: String, until: Timestamp)? {
        if let used = headers["x-mbx-used-weight-1m"].flatMap(Double.init),
            let limit = minuteLimit(name, among: limits), used > fullShare * Double(limit.limit)
        {
            return (limit.name, now.nextFullMinute)
        }
        for (left, reset) in remaining {
            guard let left = headers[left].flatMap(Double.init), left < Double(fewLeft),
                let until = headers[reset].flatMap({ instant(of: $0, now: now) }), until > now
            else { continue }
            return (name, min(until, now.advanced(byMilliseconds: longestPause)))
        }
        return nil
    }

    /// The limit with a window of a minute, which the header counts; calls under limits of other windows count there too.
    private static func minuteLimit(_ name: String, among limits: [RateLimit]) -> RateLimit? {
        let minutes = limits.filter { $0.windowSeconds == 60 }
        return minutes.first { $0.name == name } ?? minutes.first
    }

    /// Reads epoch milliseconds, epoch seconds or seconds from now, distinguished by size.
    private static func instant(of text: String, now: Timestamp) -> Timestamp? {
        guard let number = Double(text), number.isFinite, (0...1e15).contains(number) else { return nil }
        if number > 1e11 { return Timestamp(milliseconds: Int64(number)) }
        if number > 1e8 { return Timestamp(milliseconds: Int64(number * 1000)) }
        return now.advanced(byMilliseconds: Int64(number * 1000))
    }
}

extension Timestamp {
    /// The start of the next minute.
    var nextFullMinute: Timestamp { flooredToMinute.advanced(byMilliseconds: 60_000) }
}
