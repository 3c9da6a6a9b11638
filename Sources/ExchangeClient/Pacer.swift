import ExchangeAdapters
import PerpCore
import Transport

/// Delays calls to one exchange so that they keep its rate limits.
actor Pacer {
    private let clock: RunClock
    /// By name of the limit. Empty when limits do not apply.
    private var schedules: [String: RateSchedule] = [:]
    private var pauses: [String: Timestamp] = [:]
    private let limits: [RateLimit]
    /// Calls and weight so far, by name of the limit.
    private(set) var used: [String: (calls: Int, weight: Int)] = [:]

    /// - Parameter isOn: when `false`, calls are only counted and never wait.
    init(_ limits: [RateLimit], isOn: Bool, clock: RunClock) {
        self.clock = clock
        self.limits = isOn ? limits : []
        if isOn { for limit in limits { schedules[limit.name] = RateSchedule(limit) } }
    }

    /// Waits until a call of `weight` may be sent.
    ///
    /// - Throws: `CancellationError` when the task is cancelled.
    func admit(weight: Int, of name: String) async throws {
        if schedules[name] != nil {
            while true {
                let earliest = max(clock.now, pauses[name] ?? clock.now)
                // The schedule is there: it was looked up above and is never removed.
                let at = schedules[name]!.book(weight: weight, notBefore: earliest)
                do {
                    try await clock.sleep(until: at)
                } catch {
                    schedules[name]!.cancel(at, weight: weight)  // as above
                    throw error
                }
                // A pause may have come while this call waited; then it is booked again behind it.
                if at >= pauses[name] ?? at { break }
                schedules[name]!.cancel(at, weight: weight)  // as above
            }
        }
        let before = used[name] ?? (calls: 0, weight: 0)
        used[name] = (calls: before.calls + 1, weight: before.weight + weight)
    }

    /// Stops the calls of a limit until `instant`.
    func pause(_ name: String, until instant: Timestamp) {
        pauses[name] = max(instant, pauses[name] ?? instant)
    }

    /// Pauses as the headers of a response ask.
    func obey(_ headers: Headers, of name: String) {
        guard let pause = LimitHeaders.pause(headers, limit: name, among: limits, now: clock.now) else { return }
        self.pause(pause.limit, until: pause.until)
    }
}
