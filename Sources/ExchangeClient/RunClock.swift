import PerpCore

/// The clock of one run: an instant to begin at, and the time that has passed since.
///
/// A step of the machine's clock does not move it, and a simulated hour begins where the hour says.
/// Tests give a clock of their own, on which waiting takes no time.
public struct RunClock: Sendable {
    private let read: @Sendable () -> Timestamp
    private let wait: @Sendable (Timestamp) async throws -> Void

    public init(
        read: @escaping @Sendable () -> Timestamp, wait: @escaping @Sendable (Timestamp) async throws -> Void
    ) {
        self.read = read
        self.wait = wait
    }

    /// A clock that shows `start` now and then goes on as time does.
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

    public var now: Timestamp { read() }

    /// Returns at `instant`, or at once when it has passed. Throws when the task is cancelled.
    public func sleep(until instant: Timestamp) async throws {
        try Task.checkCancellation()
        try await wait(instant)
    }
}
