import PerpCore

/// The clock of a recorder. In a simulation it runs faster than the machine's, from another start.
public struct StreamClock: Sendable {
    private let start: Timestamp
    private let origin = ContinuousClock.now
    private let speed: Double

    /// A clock that shows `start` now.
    /// - Parameter speed: how many seconds it shows per second.
    public init(startingAt start: Timestamp, speed: Double = 1) {
        self.start = start
        self.speed = speed
    }

    /// What it shows.
    public var now: Timestamp {
        let passed = (ContinuousClock.now - origin).components
        let milliseconds = Double(passed.seconds) * 1000 + Double(passed.attoseconds) / 1e15
        return start.advanced(byMilliseconds: Int64(milliseconds * speed))
    }

    /// Waits for so many of its milliseconds.
    /// - Throws: `CancellationError` when the task is cancelled.
    public func sleep(milliseconds: Int64) async throws {
        try await Task.sleep(for: .nanoseconds(Int64(Double(max(milliseconds, 0)) * 1e6 / speed)))
    }
}
