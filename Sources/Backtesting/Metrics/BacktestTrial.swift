import PerpCore
import Sealing
import Signals

/// A rule that was tried: every one makes the best of all less surprising.
public struct BacktestTrial: Hashable, Sendable {
    /// The run that tried it.
    public var runID: String
    /// The strategy.
    public var strategy: Strategy
    /// The direction of its trades.
    public var direction: Direction
    /// The settings of the run, as text.
    public var params: String
    /// The first day of the run.
    public var firstDay: CalendarDay
    /// The last day of the run.
    public var lastDay: CalendarDay
    /// The mean over the deviation of a day's change.
    public var dailySharpe: Double

    /// Takes a stored trial.
    public init(
        runID: String, strategy: Strategy, direction: Direction, params: String = "", firstDay: CalendarDay,
        lastDay: CalendarDay, dailySharpe: Double
    ) {
        self.runID = runID
        self.strategy = strategy
        self.direction = direction
        self.params = params
        self.firstDay = firstDay
        self.lastDay = lastDay
        self.dailySharpe = dailySharpe
    }

    /// The earlier trials of days that this run's trials share, and these: an earlier one of the same run is the same.
    static func all(_ own: [BacktestTrial], with earlier: [BacktestTrial]) -> [BacktestTrial] {
        guard let first = own.first else { return [] }
        return earlier.filter {
            $0.runID != first.runID && $0.firstDay <= first.lastDay && $0.lastDay >= first.firstDay
        } + own
    }

    /// The variance of the ratios (divisor `n - 1`); 0 for fewer than two.
    static func variance(_ trials: [BacktestTrial]) -> Double {
        let ratios = trials.map(\.dailySharpe)
        guard ratios.count > 1, let mean = mean(ratios) else { return 0 }
        return sum(ratios.map { ($0 - mean) * ($0 - mean) }) / Double(ratios.count - 1)
    }
}
