import ExchangeAdapters
import PerpCore
import Transport

/// The decision after each attempt. Pure: time and random numbers come from the caller.
public struct RetryPolicy: Hashable, Sendable {
    /// The most tries per call.
    var mostAttempts = 3
    /// The first retry waits up to so many milliseconds; the span doubles with each further one.
    var firstBackoff: Int64 = 1000
    /// The longest span in milliseconds.
    var longestBackoff: Int64 = 10_000
    /// Milliseconds. When an exchange asks for a longer wait, its run ends.
    var longestWait: Int64 = 60_000

    /// Three tries, with waits of up to 1 and 2 seconds between them.
    public init() {}

    enum Decision: Hashable, Sendable {
        /// The attempt succeeded.
        case accept
        /// Try again at this time.
        case retry(at: Timestamp, CallFailure)
        /// The call has failed.
        case giveUp(CallFailure)
        /// Send the host nothing before `until`.
        case hold(until: Timestamp, CallFailure)
    }

    /// Decides what follows an attempt.
    ///
    /// - Parameters:
    ///   - number: the attempt, from 1.
    ///   - refusals: what the exchange's refusals mean.
    ///   - verdict: what a body with status 200 is; `nil` without one.
    ///   - random: 0 up to 1, for jitter.
    func decide(
        _ reply: Reply, verdict: BodyVerdict?, refusals: Refusals, number: Int, now: Timestamp, random: Double
    ) -> Decision {
        guard let failure = failure(reply, verdict: verdict, refusals: refusals) else { return .accept }
        if let until = holdEnd(reply, verdict, failure, refusals: refusals, now: now) {
            return .hold(until: until, failure)
        }
        guard number < mostAttempts, isPassing(reply, failure) else { return .giveUp(failure) }
        let span = min(firstBackoff << Int64(number - 1), longestBackoff)
        let least = failure.kind == .rateLimited ? refusals.leastWait : 0
        return .retry(at: now.advanced(byMilliseconds: least + Int64(Double(span) * random)), failure)
    }

    // MARK: - What went wrong

    /// `nil` when nothing did.
    func failure(_ reply: Reply, verdict: BodyVerdict?, refusals: Refusals) -> CallFailure? {
        let said = reply.beginning.firstLine
        switch reply.status {
        case 0: return CallFailure(.down, reply.error ?? "no response")
        case 200: return bodyFailure(reply, verdict: verdict, refusals: refusals)
        case 418: return CallFailure(.banned, "status 418: \(said)")
        case 429: return CallFailure(.rateLimited, "status 429: \(said)")
        case 403 where isBan(reply, refusals): return CallFailure(.banned, "status 403: \(said)")
        case 403, 451: return CallFailure(.blocked, "status \(reply.status): \(said)")
        case 408, 500...: return CallFailure(.down, "status \(reply.status): \(said)")
        default: return CallFailure(.refused, "status \(reply.status): \(said)")
        }
    }

    private func bodyFailure(_ reply: Reply, verdict: BodyVerdict?, refusals: Refusals) -> CallFailure? {
        if let error = reply.error { return CallFailure(.unreadable, error) }
        if verdict != .response, isHTML(reply) { return CallFailure(.unreadable, "a page of HTML with status 200") }
        switch verdict {
        case .response: return nil
        case .refusal(let text):
            let code = String(text.prefix { $0 != " " })
            if refusals.rateLimited.contains(code) { return CallFailure(.rateLimited, "error \(text)") }
            return CallFailure(refusals.unavailable.contains(code) ? .down : .refused, "error \(text)")
        case .unreadable(let reason): return CallFailure(.unreadable, reply.body.isEmpty ? "an empty body" : reason)
        case nil: return CallFailure(.unreadable, "the body was not read")
        }
    }

    /// Whether the same call may succeed a moment later.
    private func isPassing(_ reply: Reply, _ failure: CallFailure) -> Bool {
        switch failure.kind {
        case .down, .rateLimited: true
        case .banned, .blocked, .refused: false
        // A body that was cut short is requested again; HTML or a huge body would only come again.
        case .unreadable: !isHTML(reply) && !reply.isTooLarge
        }
    }

    private func isHTML(_ reply: Reply) -> Bool {
        let start = reply.body.first { $0 != 0x20 && $0 != 0x0A && $0 != 0x0D && $0 != 0x09 }
        return start == UInt8(ascii: "<") || (reply.headers["content-type"]?.hasPrefix("text/html") ?? false)
    }

    // MARK: - How long the exchange wants to be left alone

    /// Milliseconds. The length of a ban when neither a header nor the text states its end.
    private static let shortestBan: Int64 = 120_000

    private func isBan(_ reply: Reply, _ refusals: Refusals) -> Bool {
        refusals.forbiddenBan.map { reply.beginning.lowercased().contains($0.words) } ?? false
    }

    private func holdEnd(
        _ reply: Reply, _ verdict: BodyVerdict?, _ failure: CallFailure, refusals: Refusals, now: Timestamp
    ) -> Timestamp? {
        switch failure.kind {
        case .banned, .rateLimited: break
        case .down where reply.status == 503: break
        default: return nil
        }
        let announced = [
            announcedBan(reply.beginning), reply.headers["retry-after"].flatMap { retryAfter($0, now: now) },
        ]
        if let end = announced.compactMap(\.self).max(), end > now { return end }
        guard failure.kind == .banned else { return nil }
        return now.advanced(
            byMilliseconds: reply.status == 403 ? refusals.forbiddenBan?.length ?? Self.shortestBan : Self.shortestBan)
    }

    /// The time in `banned until 1529256050872`.
    private func announcedBan(_ text: String) -> Timestamp? {
        guard let word = text.lowercased().firstRange(of: "until ") else { return nil }
        let digits = text.lowercased()[word.upperBound...].prefix { $0.isASCII && $0.isNumber }
        return digits.utf8.count == 13 ? Int64(digits).map(Timestamp.init(milliseconds:)) : nil
    }
}
