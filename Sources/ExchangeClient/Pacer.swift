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
    /// Where the calls of all processes are booked; `nil` when only this one makes any.
    private let shared: (any SharedSchedule)?
    /// Calls and weight so far, by name of the limit.
    private(set) var used: [String: (calls: Int, weight: Int)] = [:]

    /// - Parameters:
    ///   - isOn: when `false`, calls are only counted and never wait.
    ///   - shared: where the calls of all processes are booked; `nil` when only this one makes any.
    init(_ limits: [RateLimit], isOn: Bool, clock: RunClock, shared: (any SharedSchedule)? = nil) {
        self.clock = clock
        self.shared = shared
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
                let at = book(weight, of: name, notBefore: earliest)
                do {
                    try await clock.sleep(until: at)
                } catch {
                    cancel(at, weight, of: name)
                    throw error
                }
                // A pause may have come while this call waited; then it is booked again behind it.
                if at >= pauses[name] ?? at { break }
                cancel(at, weight, of: name)
            }
        }
        let before = used[name] ?? (calls: 0, weight: 0)
        used[name] = (calls: before.calls + 1, weight: before.weight + weight)
    }

    private func book(_ weight: Int, of name: String, notBefore earliest: Timestamp) -> Timestamp {
        update(name) { $0.book(weight: weight, notBefore: earliest) }
    }

    private func cancel(_ at: Timestamp, _ weight: Int, of name: String) {
        update(name) { $0.cancel(at, weight: weight) }
    }

    /// Changes the schedule of a limit, with the calls of other processes where they are known.
    private func update<Result>(_ name: String, _ change: (inout RateSchedule) -> Result) -> Result {
        if let shared, let limit = limits.first(where: { $0.name == name }),
            let result = shared.update(limit, now: clock.now, { change(&$0) })
        {
            return result
        }
        return change(&schedules[name]!)  // the schedule is there: `admit` looked it up, and none is removed
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
