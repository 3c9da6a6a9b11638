import PerpCore

/// The clock of one run: a start, plus the time that has passed since.
///
/// Steps of the machine's clock do not affect it, and a simulated hour starts in that hour. Tests use a clock on which
/// waiting takes no time.
public struct RunClock: Sendable {
    private let read: @Sendable () -> Timestamp
    private let wait: @Sendable (Timestamp) async throws -> Void

    /// A clock that reads and waits with the given functions.
    public init(
        read: @escaping @Sendable () -> Timestamp, wait: @escaping @Sendable (Timestamp) async throws -> Void
    ) {
        self.read = read
        self.wait = wait
    }

    /// A clock that shows `start` now and runs on from there.
    public init(startingAt start: Timestamp) {
        let origin = ContinuousClock.now
        let read: @Sendable () -> Timestamp = {
            start.advanced(byMilliseconds: (ContinuousClock.now - origin).milliseconds)
        }
        self.init(read: read) { instant in
            let left = instant.milliseconds - read().milliseconds
            if left > 0 { try await Task.sleep(for: .milliseconds(left)) }
        }
    }

    /// The current time of the clock.
    public var now: Timestamp { read() }

    /// Waits until `instant`; returns at once when it has passed.
    ///
    /// - Throws: `CancellationError` when the task is cancelled.
    public func sleep(until instant: Timestamp) async throws {
        try Task.checkCancellation()
        try await wait(instant)
    }
}
