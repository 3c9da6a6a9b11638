import PerpCore
import Sealing

/// The two sums that find a change of volatility and date its onset (Page 1954).
public struct ChangeSums: Hashable, Sendable {
    /// One sum: the log likelihood ratio of changed against usual volatility.
    public struct Sum: Hashable, Sendable {
        /// Not below 0.
        public var value: Double
        /// The last hour at which it was 0; `nil` before the first step.
        public var zeroAt: Hour?

        /// Takes a sum as it is stored.
        public init(value: Double = 0, zeroAt: Hour? = nil) {
            self.value = value
            self.zeroAt = zeroAt
        }
    }

    /// An alarm, and when the change began.
    public struct Alarm: Hashable, Sendable {
        /// Whether volatility rose.
        public var isUp: Bool
        /// The hour after the last one at which the sum was 0.
        public var onset: Hour

        /// Takes an alarm.
        public init(isUp: Bool, onset: Hour) {
            self.isUp = isUp
            self.onset = onset
        }
    }

    /// The sum at which there is an alarm, about 7 800 hours apart without a change.
    public static let alarmSum = 12.0
    /// The largest square that counts: no single hour makes an alarm.
    public static let largestSquare = 9.0

    /// Of doubled volatility.
    public private(set) var up: Sum
    /// Of halved volatility.
    public private(set) var down: Sum

    /// Continues from what was stored; begins at 0.
    public init(up: Sum = Sum(), down: Sum = Sum()) {
        self.up = up
        self.down = down
    }

    /// Begins anew at an hour that follows a gap.
    public mutating func reset(at hour: Hour) {
        up = Sum(zeroAt: hour)
        down = Sum(zeroAt: hour)
    }

    /// Adds the squared step of an hour in squares of the usual one; `start` is the stored hour before.
    public mutating func add(_ square: Double, from start: Hour, to hour: Hour) -> [Alarm] {
        let square = min(square, Self.largestSquare)
        let isUp = Self.add(0.5 * (0.75 * square - ln(4)), to: &up, start, hour)
        let isDown = Self.add(0.5 * (ln(4) - 3 * square), to: &down, start, hour)
        return [isUp.map { Alarm(isUp: true, onset: $0) }, isDown.map { Alarm(isUp: false, onset: $0) }].compactMap {
            $0
        }
    }

    /// Gives the onset when there is an alarm.
    private static func add(_ ratio: Double, to sum: inout Sum, _ start: Hour, _ hour: Hour) -> Hour? {
        let zeroAt = sum.zeroAt ?? start
        sum.value = max(0, sum.value + ratio)
        sum.zeroAt = sum.value == 0 ? hour : zeroAt
        guard sum.value >= alarmSum else { return nil }
        sum = Sum(zeroAt: hour)
        return zeroAt.next
    }
}
