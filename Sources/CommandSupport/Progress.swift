import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A line on the terminal that shows the progress of long work; shows nothing elsewhere.
public final class Progress: Sendable {
    private struct Counts {
        var done = 0
        var shownAt: ContinuousClock.Instant
    }

    private let name: String
    private let total: Int
    private let isShown: Bool
    private let startedAt = ContinuousClock.now
    private let state: Mutex<Counts>

    /// Starts the clock at nothing done.
    /// - Parameter total: how many items there are; the line is hidden for fewer than two.
    public init(_ name: String, total: Int) {
        self.name = name
        self.total = total
        isShown = Diagnostics.isTerminal && total > 1
        state = Mutex(Counts(shownAt: startedAt))
    }

    /// Adds items that are done, and shows the line at most ten times a second.
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
        return "\(name): \(done) of \(total), \(Int(rate)) per second, \(Int(left.rounded(.up))) s left"
    }
}
