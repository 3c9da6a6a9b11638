import PerpCore
import Signals

/// The results of a strategy in one direction.
///
/// Events tell how often the claim held; trades, where there is money in it, tell what was left. Amounts are in basis
/// points of the notional, and for a claim without money in percentage points of success above the base rate.
public struct BacktestMetric: Hashable, Sendable {
    /// The strategy.
    public var strategy: Strategy
    /// The direction of its events.
    public var direction: Direction
    /// The claim of its events.
    public var claim: Claim
    /// Events whose outcome is known.
    public var count = 0
    /// The same, with overlapping windows counted for their new part.
    public var effectiveCount = 0.0
    /// Trades by status; empty for a claim without money.
    public var trades: [TradeStatus: Int] = [:]
    /// The mean of what closed trades left, or of the events' values without money; `nil` without any.
    public var mean: Double?
    /// The median of the same.
    public var median: Double?
    /// The share that left more than nothing, or in which the claim held; `nil` without any.
    public var hit: Double?
    /// The 95 % interval of `hit`.
    public var hitInterval: ClosedRange<Double>?
    /// The mean base rate of the events; `nil` without any.
    public var baseShare: Double?
    /// The mean value of the events less the mean base value; `nil` without any.
    public var excess: Double?
    /// Standard errors by which the events' values are above the base; `nil` without variance.
    public var eventT: Double?
    /// The share of shifts that did as well; `nil` with fewer than 96 eligible hours, and for pairs.
    public var shift: Double?
    /// The share of false discoveries among the rows of the run; `nil` with fewer than 20 events.
    public var q: Double?
    /// The 95 % interval of `mean`.
    public var interval: ClosedRange<Double>?
    /// Gains over losses of closed trades; `nil` without losses.
    public var profitFactor: Double?
    /// The mean of what prices made, a closed trade; `nil` without trades, as the following two.
    public var gross: Double?
    /// The mean of what funding made, a closed trade.
    public var funding: Double?
    /// The mean of fees and spreads, a closed trade.
    public var cost: Double?
    /// The equity of the row's trades; `nil` without money, as the following.
    public var total: Double?
    /// The annualised mean over the deviation of all hours.
    public var sharpe: Double?
    /// Standard errors by which the mean of all hours is above zero, robust against overlap.
    public var sharpeT: Double?
    /// `sharpeT` annualised.
    public var robustSharpe: Double?
    /// The largest loss since a peak, a fraction of the peak.
    public var largestDrawdown: Double?
    /// The share of hours with a position.
    public var exposure: Double?
    /// Traded notional over capital, a year.
    public var turnover: Double?
    /// The mean of the trades' worst excursions, a fraction; hourly marks only.
    public var meanWorst: Double?
    /// The worst of them.
    public var worst: Double?
    /// The ratio of a day's mean and deviation.
    public var dailySharpe: Double?
    /// The probability to be better than the best of all rules tried; `nil` with fewer than 60 days.
    public var deflated: Double?
    /// All of it in a word.
    public var verdict = Verdict.tooFew

    init(strategy: Strategy, direction: Direction, claim: Claim) {
        self.strategy = strategy
        self.direction = direction
        self.claim = claim
    }

    /// The evidence for the verdict.
    var evidence: Verdict.Evidence {
        Verdict.Evidence(
            count: count, effectiveCount: effectiveCount, q: q, interval: interval, shift: shift, deflated: deflated,
            isTraded: claim.isTraded)
    }
}
