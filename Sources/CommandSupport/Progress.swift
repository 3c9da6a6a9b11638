import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A line on the terminal that says how far long work is; silent elsewhere.
public final class Progress: Sendable {
    private struct State {
        var done = 0
        var shownAt: ContinuousClock.Instant
    }

    private let name: String
    private let total: Int
    private let isShown: Bool
    private let startedAt = ContinuousClock.now
    private let state: Mutex<State>

    /// - Parameter total: what there is to do; 0 hides the line.
    public init(_ name: String, total: Int) {
        self.name = name
        self.total = total
        isShown = Diagnostics.isTerminal && total > 1
        state = Mutex(State(shownAt: startedAt))
    }

    /// Counts work that is done, and shows it ten times a second at most.
    public func advance(by count: Int = 1) {
        guard isShown else { return }
        state.withLock { state in
            state.done += count
            let now = ContinuousClock.now
            guard now - state.shownAt > .milliseconds(100) || state.done == total else { return }
            state.shownAt = now
            Diagnostics.write("\r\u{1B}[K" + line(done: state.done, elapsed: now - startedAt))
            if state.done == total { Diagnostics.write("\n") }
        }
    }

    private func line(done: Int, elapsed: Duration) -> String {
        let seconds = elapsed / .seconds(1)
        let rate = Double(done) / max(seconds, 0.001)
        let left = Double(total - done) / max(rate, 0.001)
        return "\(name): \(done) of \(total), \(Int(rate)) a second, \(Int(left.rounded(.up))) s left"
    }
}
