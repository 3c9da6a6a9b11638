import Backtesting
import PerpCore
import Signals
import Warehouse

// What a run found, as rows: the warehouse does not know the backtest.

extension BacktestRows {
    /// The rows of a run.
    init(_ run: BacktestRunRow, _ result: Backtest.Result, _ settings: BacktestSettings) {
        self.init(run: run)
        events = result.outcomes.map { BacktestEventRow($0, run: run.runID) }
        trades = result.trades.flatMap { BacktestTradeRow.rows($0, run: run.runID) }
        hours = result.keys.flatMap { key in
            BacktestHourRow.rows(result.equity(of: key), key: key, run: run.runID, capital: settings.capital)
        }
        metrics = result.metrics.map { BacktestMetricRow($0, run: run.runID) }
        trials = result.trials.map { BacktestTrialRow($0) }
    }
}

extension BacktestEventRow {
    fileprivate init(_ outcome: EventOutcome, run: String) {
        let event = outcome.event
        self.init(
            runID: run, key: event.key, decided: event.decided, strategy: event.strategy.name,
            direction: event.direction.rawValue, confidence: event.confidence, adjusted: event.adjusted,
            status: outcome.status.rawValue)
        regime = event.regime
        trend72 = event.trend72
        claim = outcome.claim?.kind.rawValue
        horizonHours = outcome.claim?.horizon
        entry = outcome.entry
        resolved = outcome.resolved
        valueBasisPoints = outcome.value
        isSuccess = outcome.isSuccess
        baseRate = outcome.base?.share
    }
}

extension BacktestTradeRow {
    fileprivate static func rows(_ trade: SimulatedTrade, run: String) -> [BacktestTradeRow] {
        guard !trade.legs.isEmpty else { return [BacktestTradeRow(trade, leg: 0, run: run)] }
        return trade.legs.enumerated().map { number, leg in
            var row = BacktestTradeRow(trade, leg: number, run: run)
            row.side = leg.side
            row.exchangeID = leg.contract.exchange.id
            row.symbol = leg.contract.symbol
            row.entryMark = leg.entryMark
            row.exitMark = leg.exitMark
            row.gross = leg.gross
            row.funding = leg.funding
            row.cost = leg.cost
            row.net = leg.gross.flatMap { gross in leg.funding.map { gross + $0 - leg.cost } }
            return row
        }
    }

    private init(_ trade: SimulatedTrade, leg: Int, run: String) {
        self.init(
            runID: run, key: trade.event.key, decided: trade.event.decided, leg: leg, status: trade.status.rawValue,
            notional: trade.notional, flags: trade.flags.map(\.rawValue).joined(separator: " "))
        entry = trade.entry
        exit = trade.exit
        basisPoints = trade.basisPoints
        stop = trade.stop
        worstBasisPoints = trade.worst.map { $0 * 1e4 }
    }
}

extension BacktestHourRow {
    /// The hours in which there is a position or a change.
    fileprivate static func rows(
        _ equity: HourlyEquity, key: String, run: String, capital: Double
    ) -> [BacktestHourRow] {
        let hours = Array(equity.span.hours)
        let values = equity.equity(capital: capital)
        return hours.indices.filter { equity.changes[$0] != 0 || equity.exposure[$0] > 0 }.map { place in
            BacktestHourRow(
                runID: run, key: key, hour: hours[place], equity: values[place], pnl: equity.changes[place],
                position: equity.exposure[place])
        }
    }
}

extension BacktestMetricRow {
    fileprivate init(_ metric: BacktestMetric, run: String) {
        self.init(
            runID: run, strategy: metric.strategy.name, direction: metric.direction.rawValue,
            horizonHours: metric.claim.horizon, count: metric.count, effectiveCount: metric.effectiveCount,
            verdict: metric.verdict.rawValue)
        takeEvents(metric)
        takeTrades(metric)
    }

    private mutating func takeEvents(_ metric: BacktestMetric) {
        meanBasisPoints = metric.mean
        medianBasisPoints = metric.median
        hit = metric.hit
        hitLow = metric.hitInterval?.lowerBound
        hitHigh = metric.hitInterval?.upperBound
        baseRate = metric.baseShare
        excessBasisPoints = metric.excess
        eventT = metric.eventT
        shift = metric.shift
        q = metric.q
        intervalLow = metric.interval?.lowerBound
        intervalHigh = metric.interval?.upperBound
    }

    private mutating func takeTrades(_ metric: BacktestMetric) {
        profitFactor = metric.profitFactor
        grossBasisPoints = metric.gross
        fundingBasisPoints = metric.funding
        costBasisPoints = metric.cost
        total = metric.total
        sharpe = metric.sharpe
        robustSharpe = metric.robustSharpe
        sharpeT = metric.sharpeT
        largestDrawdown = metric.largestDrawdown
        exposure = metric.exposure
        turnover = metric.turnover
        deflatedSharpe = metric.deflated
    }
}

extension BacktestTrialRow {
    fileprivate init(_ trial: BacktestTrial) {
        self.init(
            runID: trial.runID, strategy: trial.strategy.name, direction: trial.direction.rawValue,
            params: trial.params, firstDay: trial.firstDay.hour(0), lastDay: trial.lastDay.hour(0),
            dailySharpe: trial.dailySharpe)
    }
}

extension BacktestTrial {
    /// - Throws: `WarehouseError.unreadable` when a word is none of ours: every trial counts, and none is passed over.
    init(_ row: BacktestTrialRow) throws {
        func unreadable(_ column: String, _ value: String) -> WarehouseError {
            .unreadable(table: "backtest_trial", column: column, value: value)
        }
        guard let strategy = Strategy.allCases.first(where: { $0.name == row.strategy }) else {
            throw unreadable("strategy", row.strategy)
        }
        guard let direction = Direction(rawValue: row.direction) else {
            throw unreadable("direction", row.direction)
        }
        self.init(
            runID: row.runID, strategy: strategy, direction: direction, params: row.params,
            firstDay: row.firstDay.day, lastDay: row.lastDay.day, dailySharpe: row.dailySharpe)
    }
}
