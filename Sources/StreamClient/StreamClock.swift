import PerpCore

/// The clock of a recorder. In a simulation it runs faster than the machine's, from another start.
public struct StreamClock: Sendable {
    private let time: @Sendable () -> Timestamp
    private let wait: @Sendable (_ milliseconds: Int64) async throws -> Void
    private let speed: Double

    /// A clock that shows `start` now.
    /// - Parameter speed: how many seconds it shows per second.
    public init(startingAt start: Timestamp, speed: Double = 1) {
        let origin = ContinuousClock.now
        self.init(speed: speed) {
            let passed = (ContinuousClock.now - origin).components
            let milliseconds = Double(passed.seconds) * 1000 + Double(passed.attoseconds) / 1e15
            return start.advanced(byMilliseconds: Int64(milliseconds * speed))
        } wait: { milliseconds in
            try await Task.sleep(for: Self.duration(milliseconds: milliseconds, speed))
        }
    }

    /// A clock of a test.
    init(
        speed: Double = 1, time: @escaping @Sendable () -> Timestamp,
        wait: @escaping @Sendable (_ milliseconds: Int64) async throws -> Void
    ) {
        self.speed = speed
        self.time = time
        self.wait = wait
    }

    /// A clock of a simulation that several programs share: `2026-11-18T11,60,1795000000000` shows that hour's beginning
    /// at that time of the machine's clock in milliseconds, and runs 60 times as fast; `nil` for any other text.
    ///
    /// - Parameter systemTime: the time of the machine's clock.
    public init?(shared text: String, systemTime: Timestamp) {
        let parts = text.split(separator: ",")
        guard parts.count == 3, let hour = Hour(parts[0]), let speed = Double(parts[1]), speed > 0, speed <= 10_000,
            let origin = Int64(parts[2])
        else { return nil }
        let passed = Double(systemTime.milliseconds - origin) * speed
        self.init(startingAt: hour.startTime.advanced(byMilliseconds: Int64(passed)), speed: speed)
    }

    /// What it shows.
    public var now: Timestamp { time() }

    /// How long so many of its milliseconds last; none when they are negative.
    func duration(milliseconds: Int64) -> Duration { Self.duration(milliseconds: milliseconds, speed) }

    private static func duration(milliseconds: Int64, _ speed: Double) -> Duration {
        .nanoseconds(Int64(Double(max(milliseconds, 0)) * 1e6 / speed))
    }

    /// Waits for so many of its milliseconds.
    /// - Throws: `CancellationError` when the task is cancelled.
    public func sleep(milliseconds: Int64) async throws { try await wait(milliseconds) }
}
