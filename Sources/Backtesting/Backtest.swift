import PerpCore
import Sealing
import Signals

/// The backtest of alerts: what followed them, what trading them would have left, and how sure that is.
public enum Backtest {
    /// What a run found.
    public struct Result: Hashable, Sendable {
        /// The first and the last hour.
        public var span: ClosedRange<Hour>
        /// What followed each event, in the order of the events.
        public var outcomes: [EventOutcome]
        /// The trades of each event that has one, in the order of the events.
        public var trades: [SimulatedTrade]
        /// One for each strategy and direction, in the order of the strategies and not of their results.
        public var metrics: [BacktestMetric]
        /// What this run adds to the trials.
        public var trials: [BacktestTrial]
        /// The number of trials that count for the deflated ratios.
        public var trialCount: Int
        /// How often the best half of the days is no better than the middle in the other; `nil` with fewer than 80 days or
        /// two rows with trades.
        public var overfitting: Double?
        /// What holding the asset made: long and short, with funding and one round trip; `nil` without a contract.
        public var alwaysLong: SimulatedTrade?
        /// The same, short.
        public var alwaysShort: SimulatedTrade?

        /// The changes of equity of a key's trades.
        public func equity(of key: String) -> HourlyEquity {
            HourlyEquity(trades.filter { $0.event.key == key }, span: span)
        }

        /// The changes of equity of all trades.
        public var portfolio: HourlyEquity { HourlyEquity(trades, span: span) }
        /// The keys with trades, in the order of their first one.
        public var keys: [String] {
            var seen: Set<String> = []
            return trades.map(\.event.key).filter { seen.insert($0).inserted }
        }
    }

    /// Runs the backtest.
    /// - Parameters:
    ///   - runID: the name of the run, made from all of its inputs.
    ///   - params: the settings of the run, as text for its trials.
    ///   - earlier: the trials of other runs.
    public static func run(
        _ facts: BacktestFacts, _ settings: BacktestSettings = BacktestSettings(), runID: String = "",
        params: String = "", earlier: [BacktestTrial] = []
    ) -> Result {
        let simulation = Simulation(facts, settings)
        var study = EventStudy(facts, settings)
        let outcomes = study.outcomes()
        let trades = simulation.trades()
        let rows = rows(outcomes, trades, span: facts.span, settings)
        var metrics = rows.map { $0.metric() }
        for index in rows.indices where metrics[index].count >= Verdict.neededEvents {
            metrics[index].shift = rows[index].shift(hours: Array(facts.span.hours)) { study.outcome($0) }
        }
        let trials = zip(rows, metrics).compactMap { trial($0, $1, runID, params) }
        let all = BacktestTrial.all(trials, with: earlier)
        judge(&metrics, rows, all)
        return Result(
            span: facts.span, outcomes: outcomes, trades: trades, metrics: metrics, trials: trials,
            trialCount: all.count,
            overfitting: BacktestOverfitting.result(rows.filter { !$0.trades.isEmpty }.map(\.equity.daily))?
                .probability,
            alwaysLong: simulation.holding(side: 1), alwaysShort: simulation.holding(side: -1))
    }

    private static func rows(
        _ outcomes: [EventOutcome], _ trades: [SimulatedTrade], span: ClosedRange<Hour>, _ settings: BacktestSettings
    ) -> [MetricRow] {
        Strategy.allCases.flatMap { strategy in
            Direction.allCases.compactMap { direction in
                let events = outcomes.filter { $0.event.strategy == strategy && $0.event.direction == direction }
                guard !events.isEmpty, let claim = Claim(strategy, direction) else { return nil }
                let own = trades.filter { $0.event.strategy == strategy && $0.event.direction == direction }
                return MetricRow(strategy, direction, claim, events, own, span: span, settings)
            }
        }
    }

    private static func trial(
        _ row: MetricRow, _ metric: BacktestMetric, _ runID: String, _ params: String
    ) -> BacktestTrial? {
        metric.dailySharpe.map {
            BacktestTrial(
                runID: runID, strategy: row.strategy, direction: row.direction, params: params,
                firstDay: row.equity.span.lowerBound.day, lastDay: row.equity.span.upperBound.day, dailySharpe: $0)
        }
    }

    /// Adds what needs all rows: the share of false discoveries, the deflated ratio and the verdict.
    private static func judge(_ metrics: inout [BacktestMetric], _ rows: [MetricRow], _ trials: [BacktestTrial]) {
        let tested = metrics.indices.filter { metrics[$0].count >= Verdict.neededEvents && metrics[$0].eventT != nil }
        let shares = FalseDiscovery.shares(
            tested.map { 1 - NormalDistribution.below(metrics[$0].eventT ?? 0) })
        for (index, share) in zip(tested, shares) { metrics[index].q = share }
        let variance = BacktestTrial.variance(trials)
        for index in metrics.indices {
            let days = rows[index].equity.daily
            if metrics[index].claim.isTraded, days.count >= Verdict.neededDays {
                metrics[index].deflated = SharpeRatio.deflated(days, trials: trials.count, variance: variance)
            }
            metrics[index].verdict = Verdict(metrics[index].evidence)
        }
    }
}

extension Simulation {
    /// Holding the asset of the whole market from the first to the last stored hour of the contract that was the largest
    /// at the first; `nil` when none is stored.
    func holding(side: Int) -> SimulatedTrade? {
        guard let start = facts.span.hours.first(where: { facts.largest(of: settings.asset, at: $0) != nil }),
            let history = facts.largest(of: settings.asset, at: start),
            let last = history.rows.last?.hour, last > start,
            let position = position(at: start, [(Double(side), history)])
        else { return nil }
        let event = BacktestEvent(
            key: "always:\(settings.asset)", decided: start, strategy: .trendFollowing,
            direction: side > 0 ? .long : .short, asset: settings.asset)
        let rules = ExitRules(horizon: start.distance(to: last))
        return position.follow(event, rules, notional: settings.notional)
    }
}
