import PerpCore
import Testing

import ExchangeAdapters
@testable import ExchangeClient
@testable import Transport

@Suite("Pacing")
struct PacingTests {
    @Test("calls of one limit keep their distance")
    func spacing() {
        var schedule = RateSchedule(RateLimit("w", limit: 2400, windowSeconds: 60, spacingSeconds: 0.1))
        let times = (0..<4).map { _ in schedule.book(weight: 1, notBefore: start) }
        #expect(times.map { $0.milliseconds - start.milliseconds } == [0, 100, 200, 300])
    }

    @Test("a full window makes the next call wait until its first call has left it")
    func window() {
        var schedule = RateSchedule(RateLimit("s", limit: 5, windowSeconds: 2))
        let times = (0..<11).map { _ in schedule.book(weight: 1, notBefore: start) }
        // The window is a tenth longer than stated: 2.2 seconds.
        #expect(
            times.map { $0.milliseconds - start.milliseconds } == [0, 0, 0, 0, 0, 2200, 2200, 2200, 2200, 2200, 4400])
    }

    @Test("a weight counts as many calls, and one above the limit takes a whole window")
    func weights() {
        var schedule = RateSchedule(RateLimit("w", limit: 100, windowSeconds: 10))
        let weights = [60, 40, 20, 500, 1]
        let times = weights.map { schedule.book(weight: $0, notBefore: start) }
        #expect(times.map { $0.milliseconds - start.milliseconds } == [0, 0, 11_000, 22_000, 33_000])
    }

    @Test("a booking that was taken back leaves room")
    func cancel() {
        var schedule = RateSchedule(RateLimit("w", limit: 2, windowSeconds: 1))
        let first = schedule.book(weight: 2, notBefore: start)
        schedule.cancel(first, weight: 2)
        #expect(schedule.book(weight: 2, notBefore: start) == start)
    }

    @Test("600 calls of one a tenth of a second take a minute, whatever waits for them")
    func aMinute() async throws {
        let clock = ManualClock()
        let limits = [RateLimit("weight", limit: 2400, windowSeconds: 60, spacingSeconds: 0.1)]
        let pacer = Pacer(limits, isOn: true, clock: clock.clock)
        for _ in 0..<600 { try await pacer.admit(weight: 1, of: "weight") }
        #expect(clock.elapsed == 59.9)
        #expect(await pacer.used["weight"]?.calls == 600)
    }

    @Test("a pause holds its own limit back and no other, and pacing that is off does not wait")
    func pauses() async throws {
        let clock = ManualClock()
        let limits = ["a", "b"].map { RateLimit($0, limit: 10, windowSeconds: 1) }
        let pacer = Pacer(limits, isOn: true, clock: clock.clock)
        await pacer.pause("a", until: start.plus(seconds: 30))
        try await pacer.admit(weight: 1, of: "b")
        #expect(clock.elapsed == 0)
        try await pacer.admit(weight: 1, of: "a")
        #expect(clock.elapsed == 30)
        let off = Pacer(limits, isOn: false, clock: clock.clock)
        await off.pause("a", until: start.plus(seconds: 90))
        for _ in 0..<50 { try await off.admit(weight: 1, of: "a") }
        #expect(clock.elapsed == 30)
    }

    struct HeaderCase: Sendable, CustomTestStringConvertible {
        let headers: [(String, String)]
        let limit: String
        /// The limit that waits, and for how many seconds; `nil` for none.
        let pause: (String, Double)?
        var testDescription: String { headers.map { "\($0.0): \($0.1)" }.joined(separator: ", ") + " on \(limit)" }
    }

    static let headerCases: [HeaderCase] = [
        HeaderCase(headers: [("X-MBX-USED-WEIGHT-1M", "1920")], limit: "weight", pause: nil),
        HeaderCase(headers: [("X-MBX-USED-WEIGHT-1M", "1921")], limit: "weight", pause: ("weight", 35)),
        // The call counts against another limit: the header still counts the minute.
        HeaderCase(headers: [("x-mbx-used-weight-1m", "1921")], limit: "data", pause: ("weight", 35)),
        HeaderCase(headers: [("x-mbx-used-weight-1m", "much")], limit: "weight", pause: nil),
        HeaderCase(
            headers: [("x-bapi-limit-status", "0"), ("x-bapi-limit-reset-timestamp", "1761231750000")], limit: "data",
            pause: ("data", 5)),
        HeaderCase(
            headers: [("x-bapi-limit-status", "590"), ("x-bapi-limit-reset-timestamp", "1761231750000")], limit: "data",
            pause: nil),
        HeaderCase(
            headers: [("ratelimit-remaining", "0"), ("ratelimit-reset", "7")], limit: "data", pause: ("data", 7)),
        HeaderCase(
            headers: [("x-gate-ratelimit-requests-remain", "1"), ("x-gate-ratelimit-reset-timestamp", "1761231748")],
            limit: "data", pause: ("data", 3)),
        // A reset far in the future is not believed.
        HeaderCase(
            headers: [("ratelimit-remaining", "0"), ("ratelimit-reset", "86400")], limit: "data", pause: ("data", 60)),
    ]

    @Test("rate-limit headers are obeyed", arguments: headerCases)
    func headers(test: HeaderCase) {
        let now = Timestamp(seconds: 1_761_231_745)  // 15:02:25
        let limits = [
            RateLimit("data", limit: 1000, windowSeconds: 300),
            RateLimit("weight", limit: 2400, windowSeconds: 60),
        ]
        let pause = LimitHeaders.pause(Headers(test.headers), limit: test.limit, among: limits, now: now)
        #expect(pause?.limit == test.pause?.0)
        #expect(pause?.until == test.pause.map { now.plus(seconds: $0.1) })
    }
}
