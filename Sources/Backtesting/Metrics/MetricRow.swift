import PerpCore
import Sealing
import Signals

/// The events and trades of a strategy in one direction, on their way to a metric.
struct MetricRow {
    let strategy: Strategy
    let direction: Direction
    let claim: Claim
    /// All outcomes, in the order of time; those that need coins borrowed at an unknown price are left out.
    let outcomes: [EventOutcome]
    let trades: [SimulatedTrade]
    let equity: HourlyEquity
    let settings: BacktestSettings

    init(
        _ strategy: Strategy, _ direction: Direction, _ claim: Claim, _ outcomes: [EventOutcome],
        _ trades: [SimulatedTrade], span: ClosedRange<Hour>, _ settings: BacktestSettings
    ) {
        self.strategy = strategy
        self.direction = direction
        self.claim = claim
        self.outcomes = outcomes.filter { !$0.isBorrowUnknown }
        self.trades = trades.filter { !$0.flags.contains(.borrowUnknown) }
        self.settings = settings
        equity = HourlyEquity(self.trades, span: span)
    }

    private var known: [EventOutcome] { outcomes.filter { $0.value != nil } }
    private var closed: [SimulatedTrade] { trades.filter { $0.status.isClosed } }

    /// The text that decides the draws of a kind: `trades|3|LONG|24|v2`.
    func seed(_ kind: String) -> String {
        "\(kind)|\(strategy.rawValue)|\(direction.rawValue)|\(claim.horizon)|\(settings.model)"
    }

    /// The metric, less what needs the other rows of the run.
    func metric() -> BacktestMetric {
        var metric = BacktestMetric(strategy: strategy, direction: direction, claim: claim)
        addEvents(to: &metric)
        if claim.isTraded {
            addTrades(to: &metric)
            addHours(to: &metric)
        }
        return metric
    }

    private func addEvents(to metric: inout BacktestMetric) {
        let known = known
        let values = known.compactMap(\.value)
        let times = known.compactMap(\.entry).map { equity.span.lowerBound.distance(to: $0) }
        let base = mean(known.compactMap { $0.base?.meanBasisPoints }) ?? 0
        metric.count = known.count
        metric.effectiveCount = OverlapRobust.effectiveCount(at: times, horizon: claim.horizon)
        metric.baseShare = mean(known.compactMap { $0.base?.share })
        metric.excess = mean(values).map { $0 - base }
        metric.eventT = OverlapRobust.eventT(values, at: times, horizon: claim.horizon, base: base)
        guard !claim.isTraded else { return }
        let wins = known.count { $0.isSuccess ?? false }
        metric.mean = mean(values)
        metric.median = Quantiles.median(values)
        metric.hit = known.isEmpty ? nil : Double(wins) / Double(known.count)
        metric.hitInterval = Proportion.wilson(wins, of: known.count)
        metric.interval = StationaryBootstrap.interval(ofMean: values, seed: seed("events"))
    }

    private func addTrades(to metric: inout BacktestMetric) {
        for trade in trades { metric.trades[trade.status, default: 0] += 1 }
        let closed = closed
        let nets = closed.compactMap(\.basisPoints)
        let statistics = TradeStatistics(nets)
        metric.mean = statistics.mean
        metric.median = statistics.median
        metric.hit = nets.isEmpty ? nil : Double(statistics.wins) / Double(nets.count)
        metric.hitInterval = Proportion.wilson(statistics.wins, of: nets.count)
        metric.interval = StationaryBootstrap.interval(ofMean: nets, seed: seed("trades"))
        metric.profitFactor = statistics.profitFactor
        metric.gross = mean(closed.compactMap { trade in trade.gross.map { $0 / trade.notional * 1e4 } })
        metric.funding = mean(closed.compactMap { trade in trade.funding.map { $0 / trade.notional * 1e4 } })
        metric.cost = mean(closed.map { $0.cost / $0.notional * 1e4 })
        metric.meanWorst = mean(closed.compactMap(\.worst))
        metric.worst = closed.compactMap(\.worst).min()
    }

    private func addHours(to metric: inout BacktestMetric) {
        let hours = Double(equity.changes.count)
        metric.total = equity.total / settings.capital
        metric.sharpe = SharpeRatio.annualised(hourly: equity.changes)
        metric.sharpeT = NeweyWest.t(equity.changes, lag: max(claim.horizon, 24))
        metric.robustSharpe = metric.sharpeT.map { $0 * (SharpeRatio.hoursOfYear / hours).squareRoot() }
        metric.largestDrawdown = Drawdown.largest(equity.changes, capital: settings.capital)
        metric.exposure = equity.exposedShare
        metric.turnover = sum(trades.map(\.traded)) / settings.capital / (hours / SharpeRatio.hoursOfYear)
        metric.dailySharpe = SharpeRatio.perStep(equity.daily)
    }

    /// Whether the events stand at better hours than the same events moved in time.
    /// - Parameter outcome: what the claim of an event would have made, had it been decided at another hour.
    func shift(hours: [Hour], outcome: (BacktestEvent) -> EventOutcome) -> Double? {
        guard !claim.hasLegs, let first = known.first?.event, known.allSatisfy({ $0.event.asset == first.asset })
        else { return nil }
        var places: [Hour: Int] = [:]
        var values: [Double] = []
        for hour in hours {
            var event = first
            event.decided = hour
            guard let value = outcome(event).value else { continue }
            places[hour] = values.count
            values.append(value)
        }
        let events = known.compactMap { places[$0.event.decided] }
        return ShiftedBaseline.result(values, events: events, seed: seed("shift"))?.probability
    }
}
