import PerpCore

// What a backtest found, as it is stored and printed: one list of fields for both.

/// A run of the backtest, named by its inputs.
public struct BacktestRunRow: Hashable, Sendable {
    /// The hash of all that follows, but for `createdAt`.
    public var runID: String
    /// When it was first stored; no input.
    public var createdAt: Timestamp
    /// The first hour.
    public var fromHour: Hour
    /// The last hour, included.
    public var toHour: Hour
    /// The asset in which signals about the whole market are traded.
    public var asset: String
    /// The sentiment model.
    public var model: String
    /// The rules of the strategies.
    public var rulesVersion: String
    /// The rules of the backtest.
    public var backtestVersion: String
    /// The version of the programs.
    public var codeVersion: String
    /// All else that was set.
    public var params: String
    /// The hours of the span.
    public var hoursExpected: Int
    /// Those of them that are sealed.
    public var hoursStored: Int
    /// Settlements in trades whose settled rate is stored.
    public var settlementsActual: Int
    /// Those for which the last displayed rate stands, or none is known.
    public var settlementsEstimated: Int
    /// The hash of the events and of what is stored of their contracts.
    public var factsHash: String

    /// Takes what is always known; the rest is unknown until it is set.
    public init(
        runID: String, createdAt: Timestamp, fromHour: Hour, toHour: Hour, asset: String, model: String,
        rulesVersion: String, backtestVersion: String, codeVersion: String, params: String, hoursExpected: Int,
        hoursStored: Int, settlementsActual: Int, settlementsEstimated: Int, factsHash: String
    ) {
        self.runID = runID
        self.createdAt = createdAt
        self.fromHour = fromHour
        self.toHour = toHour
        self.asset = asset
        self.model = model
        self.rulesVersion = rulesVersion
        self.backtestVersion = backtestVersion
        self.codeVersion = codeVersion
        self.params = params
        self.hoursExpected = hoursExpected
        self.hoursStored = hoursStored
        self.settlementsActual = settlementsActual
        self.settlementsEstimated = settlementsEstimated
        self.factsHash = factsHash
    }
}

extension BacktestRunRow: FieldRecord {
    /// A row without values, which reading fills.
    public static let unread = BacktestRunRow(
        runID: "", createdAt: Timestamp(milliseconds: 0), fromHour: Hour(containing: 0), toHour: Hour(containing: 0),
        asset: "", model: "", rulesVersion: "", backtestVersion: "", codeVersion: "", params: "", hoursExpected: 0,
        hoursStored: 0, settlementsActual: 0, settlementsEstimated: 0, factsHash: "")

    /// The columns of the table `backtest_run`, in their order.
    public static let fields: [Field<BacktestRunRow>] = [
        Field("run_id", \.runID, unit: "hash of all inputs"),
        Field("created_at_ms", \.createdAt, unit: "UTC milliseconds"),
        Field("from_hour", \.fromHour, unit: "epoch seconds"),
        Field("to_hour", \.toHour, unit: "epoch seconds"),
        Field("asset", \.asset, unit: "canonical asset"),
        Field("model", \.model, unit: "v2 or seed-v1"),
        Field("rules_version", \.rulesVersion, unit: "version"),
        Field("backtest_version", \.backtestVersion, unit: "version"),
        Field("code_version", \.codeVersion, unit: "version"),
        Field("params", \.params, unit: "JSON"),
        Field("hours_expected", \.hoursExpected, unit: "hours"),
        Field("hours_stored", \.hoursStored, unit: "hours"),
        Field("settlements_actual", \.settlementsActual, unit: "settlements"),
        Field("settlements_estimated", \.settlementsEstimated, unit: "settlements"),
        Field("facts_hash", \.factsHash, unit: "16 hexadecimal digits"),
    ]
}

/// An alert that began a setup, and what followed it.
public struct BacktestEventRow: Hashable, Sendable {
    /// The run.
    public var runID: String
    /// Strategy and scope: `breakout:MARKET`.
    public var key: String
    /// The hour of the alert.
    public var decided: Hour
    /// The strategy: `breakout`.
    public var strategy: String
    /// What it recommended: `LONG`.
    public var direction: String
    /// Percent, the sum of the rule's points.
    public var confidence: Int
    /// Percent, with trend and volatility.
    public var adjusted: Int
    /// The regime of volatility; `nil` when unknown.
    public var regime: String?
    /// The trend of the price over 72 hours; `nil` when unknown.
    public var trend72: String?
    /// What was claimed; `nil` for nothing.
    public var claim: String?
    /// The hours for which it was claimed.
    public var horizonHours: Int?
    /// The hour of the entry; `nil` without one.
    public var entry: Hour?
    /// The hour in which the outcome is known; `nil` while it is not.
    public var resolved: Hour?
    /// Basis points; without money percentage points above the base rate; `nil` unless known.
    public var valueBasisPoints: Double?
    /// Whether the claim held; `nil` unless known.
    public var isSuccess: Bool?
    /// How often the claim holds at any hour, as it was known; `nil` without a contract.
    public var baseRate: Double?
    /// Whether it is known what followed.
    public var status: String

    /// Takes what is always known; the rest is unknown until it is set.
    public init(
        runID: String, key: String, decided: Hour, strategy: String, direction: String, confidence: Int, adjusted: Int,
        status: String
    ) {
        self.runID = runID
        self.key = key
        self.decided = decided
        self.strategy = strategy
        self.direction = direction
        self.confidence = confidence
        self.adjusted = adjusted
        self.status = status
    }
}

extension BacktestEventRow: FieldRecord {
    /// A row without values, which reading fills.
    public static let unread = BacktestEventRow(
        runID: "", key: "", decided: Hour(containing: 0), strategy: "", direction: "", confidence: 0, adjusted: 0,
        status: "")

    /// The columns of the table `backtest_event`, in their order.
    public static let fields: [Field<BacktestEventRow>] = [
        Field("run_id", \.runID, unit: "hash of all inputs"),
        Field("key", \.key, unit: "strategy and scope"),
        Field("decided", \.decided, unit: "epoch seconds"),
        Field("strategy", \.strategy, unit: "strategy"),
        Field("direction", \.direction, unit: "direction"),
        Field("confidence", \.confidence, unit: "percent"),
        Field("adjusted", \.adjusted, unit: "percent"),
        Field("regime", \.regime, unit: "regime"),
        Field("trend_72", \.trend72, unit: "trend"),
        Field("claim", \.claim, unit: "claim"),
        Field("horizon_h", \.horizonHours, unit: "hours"),
        Field("entry", \.entry, unit: "epoch seconds"),
        Field("resolved", \.resolved, unit: "epoch seconds"),
        Field("value_bp", \.valueBasisPoints, unit: "basis points; without money percentage points above the base"),
        Field("success", \.isSuccess, unit: "0 or 1"),
        Field("base_rate", \.baseRate, unit: "fraction"),
        Field("status", \.status, unit: "status"),
    ]
}

/// One contract of a trade of an event, or why there is no trade.
public struct BacktestTradeRow: Hashable, Sendable {
    /// The run.
    public var runID: String
    /// Strategy and scope.
    public var key: String
    /// The hour of the alert.
    public var decided: Hour
    /// 0 for the only contract, or the sold one of a pair; 1 for the bought one.
    public var leg: Int
    /// 1 for long, -1 for short; `nil` without a trade.
    public var side: Int?
    /// The exchange; `nil` without a trade.
    public var exchangeID: String?
    /// The exchange's own spelling; `nil` without a trade.
    public var symbol: String?
    /// How it ended, or why there is none.
    public var status: String
    /// The hour of the entry.
    public var entry: Hour?
    /// Quote units per coin.
    public var entryMark: Double?
    /// The hour at whose marks it was closed; `nil` while open.
    public var exit: Hour?
    /// Quote units per coin; `nil` while open.
    public var exitMark: Double?
    /// Dollars of the leg at the entry.
    public var notional: Double
    /// Dollars made by the price; `nil` while open.
    public var gross: Double?
    /// Dollars received; `nil` while open, or when a rate is not known.
    public var funding: Double?
    /// Dollars of fees and spreads.
    public var cost: Double?
    /// Dollars that are left of the leg.
    public var net: Double?
    /// What is left of the whole trade, in basis points of a leg's notional.
    public var basisPoints: Double?
    /// The loss at which it is closed, a fraction; `nil` without a stop.
    public var stop: Double?
    /// The worst excursion of the whole trade, at hourly marks.
    public var worstBasisPoints: Double?
    /// What to know about it: words with a blank between them.
    public var flags: String

    /// Takes what is always known; the rest is unknown until it is set.
    public init(runID: String, key: String, decided: Hour, leg: Int, status: String, notional: Double, flags: String) {
        self.runID = runID
        self.key = key
        self.decided = decided
        self.leg = leg
        self.status = status
        self.notional = notional
        self.flags = flags
    }
}

extension BacktestTradeRow: FieldRecord {
    /// A row without values, which reading fills.
    public static let unread = BacktestTradeRow(
        runID: "", key: "", decided: Hour(containing: 0), leg: 0, status: "", notional: 0, flags: "")

    /// The columns of the table `backtest_trade`, in their order.
    public static let fields: [Field<BacktestTradeRow>] = [
        Field("run_id", \.runID, unit: "hash of all inputs"),
        Field("key", \.key, unit: "strategy and scope"),
        Field("decided", \.decided, unit: "epoch seconds"),
        Field("leg", \.leg, unit: "0 or 1"),
        Field("side", \.side, unit: "1 or -1"),
        Field("exchange_id", \.exchangeID, unit: "exchange"),
        Field("symbol", \.symbol, unit: "the exchange's own spelling"),
        Field("status", \.status, unit: "status"),
        Field("entry", \.entry, unit: "epoch seconds"),
        Field("entry_mark", \.entryMark, unit: "quote units per coin"),
        Field("exit", \.exit, unit: "epoch seconds"),
        Field("exit_mark", \.exitMark, unit: "quote units per coin"),
        Field("notional", \.notional, unit: "dollars"),
        Field("gross", \.gross, unit: "dollars"),
        Field("funding", \.funding, unit: "dollars"),
        Field("cost", \.cost, unit: "dollars"),
        Field("net", \.net, unit: "dollars"),
        Field("bp", \.basisPoints, unit: "basis points"),
        Field("stop", \.stop, unit: "fraction"),
        Field("worst_bp", \.worstBasisPoints, unit: "basis points"),
        Field("flags", \.flags, unit: "words"),
    ]
}

/// The equity of a key's trades in an hour with a position or a change.
public struct BacktestHourRow: Hashable, Sendable {
    /// The run.
    public var runID: String
    /// Strategy and scope.
    public var key: String
    /// The hour.
    public var hour: Hour
    /// Dollars, from the capital on.
    public var equity: Double
    /// Dollars of the hour.
    public var pnl: Double
    /// Dollars of the legs that are held, at their entry.
    public var position: Double

    /// Takes what is always known; the rest is unknown until it is set.
    public init(runID: String, key: String, hour: Hour, equity: Double, pnl: Double, position: Double) {
        self.runID = runID
        self.key = key
        self.hour = hour
        self.equity = equity
        self.pnl = pnl
        self.position = position
    }
}

extension BacktestHourRow: FieldRecord {
    /// A row without values, which reading fills.
    public static let unread = BacktestHourRow(
        runID: "", key: "", hour: Hour(containing: 0), equity: 0, pnl: 0, position: 0)

    /// The columns of the table `backtest_hour`, in their order.
    public static let fields: [Field<BacktestHourRow>] = [
        Field("run_id", \.runID, unit: "hash of all inputs"),
        Field("key", \.key, unit: "strategy and scope"),
        Field("hour", \.hour, unit: "epoch seconds"),
        Field("equity", \.equity, unit: "dollars"),
        Field("pnl", \.pnl, unit: "dollars"),
        Field("position", \.position, unit: "dollars"),
    ]
}

/// The results of a strategy in one direction.
public struct BacktestMetricRow: Hashable, Sendable {
    /// The run.
    public var runID: String
    /// The strategy.
    public var strategy: String
    /// The direction of its events.
    public var direction: String
    /// The horizon of its claim.
    public var horizonHours: Int
    /// Events whose outcome is known.
    public var count: Int
    /// The same, overlapping ones counted for their new part.
    public var effectiveCount: Double
    /// What closed trades left on average; without money the mean value of events, in percentage points.
    public var meanBasisPoints: Double?
    /// The median of the same.
    public var medianBasisPoints: Double?
    /// The share that left more than nothing.
    public var hit: Double?
    /// The lower end of its 95 % interval.
    public var hitLow: Double?
    /// The upper end.
    public var hitHigh: Double?
    /// The mean base rate of the events.
    public var baseRate: Double?
    /// The mean of the events above the base.
    public var excessBasisPoints: Double?
    /// Standard errors above the base.
    public var eventT: Double?
    /// The share of shifted events that did as well.
    public var shift: Double?
    /// The share of false discoveries.
    public var q: Double?
    /// The lower end of the 95 % interval of the mean.
    public var intervalLow: Double?
    /// The upper end.
    public var intervalHigh: Double?
    /// Gains over losses; `nil` without losses.
    public var profitFactor: Double?
    /// What prices made, a closed trade.
    public var grossBasisPoints: Double?
    /// What funding made.
    public var fundingBasisPoints: Double?
    /// Fees and spreads.
    public var costBasisPoints: Double?
    /// What all trades made, open ones included.
    public var total: Double?
    /// The mean over the deviation of all hours, a year.
    public var sharpe: Double?
    /// The same from a robust error.
    public var robustSharpe: Double?
    /// Standard errors above zero.
    public var sharpeT: Double?
    /// The largest loss since a peak.
    public var largestDrawdown: Double?
    /// The share of hours with a position.
    public var exposure: Double?
    /// Traded dollars over the capital, a year.
    public var turnover: Double?
    /// The deflated Sharpe ratio.
    public var deflatedSharpe: Double?
    /// All of it in a word.
    public var verdict: String

    /// Takes what is always known; the rest is unknown until it is set.
    public init(
        runID: String, strategy: String, direction: String, horizonHours: Int, count: Int, effectiveCount: Double,
        verdict: String
    ) {
        self.runID = runID
        self.strategy = strategy
        self.direction = direction
        self.horizonHours = horizonHours
        self.count = count
        self.effectiveCount = effectiveCount
        self.verdict = verdict
    }
}

extension BacktestMetricRow: FieldRecord {
    /// A row without values, which reading fills.
    public static let unread = BacktestMetricRow(
        runID: "", strategy: "", direction: "", horizonHours: 0, count: 0, effectiveCount: 0, verdict: "")

    /// The columns of the table `backtest_metric`, in their order.
    public static let fields: [Field<BacktestMetricRow>] = [
        Field("run_id", \.runID, unit: "hash of all inputs"),
        Field("strategy", \.strategy, unit: "strategy"),
        Field("direction", \.direction, unit: "direction"),
        Field("horizon_h", \.horizonHours, unit: "hours"),
        Field("n", \.count, unit: "events"),
        Field("n_eff", \.effectiveCount, unit: "events"),
        Field("mean_bp", \.meanBasisPoints, unit: "basis points; without money percentage points"),
        Field("median_bp", \.medianBasisPoints, unit: "as mean_bp"),
        Field("hit", \.hit, unit: "fraction"),
        Field("hit_low", \.hitLow, unit: "fraction"),
        Field("hit_high", \.hitHigh, unit: "fraction"),
        Field("base_rate", \.baseRate, unit: "fraction"),
        Field("excess_bp", \.excessBasisPoints, unit: "as mean_bp"),
        Field("t", \.eventT, unit: "standard errors"),
        Field("p_shift", \.shift, unit: "fraction"),
        Field("q", \.q, unit: "fraction"),
        Field("ci_low", \.intervalLow, unit: "as mean_bp"),
        Field("ci_high", \.intervalHigh, unit: "as mean_bp"),
        Field("profit_factor", \.profitFactor, unit: "ratio"),
        Field("gross_bp", \.grossBasisPoints, unit: "basis points"),
        Field("funding_bp", \.fundingBasisPoints, unit: "basis points"),
        Field("cost_bp", \.costBasisPoints, unit: "basis points"),
        Field("total", \.total, unit: "fraction of the capital"),
        Field("sharpe", \.sharpe, unit: "ratio a year"),
        Field("sharpe_robust", \.robustSharpe, unit: "ratio a year"),
        Field("sharpe_t", \.sharpeT, unit: "standard errors"),
        Field("max_drawdown", \.largestDrawdown, unit: "fraction"),
        Field("exposure", \.exposure, unit: "fraction of hours"),
        Field("turnover", \.turnover, unit: "ratio a year"),
        Field("dsr", \.deflatedSharpe, unit: "probability"),
        Field("verdict", \.verdict, unit: "words"),
    ]
}

/// A rule that was tried.
public struct BacktestTrialRow: Hashable, Sendable {
    /// The run.
    public var runID: String
    /// The strategy.
    public var strategy: String
    /// The direction of its trades.
    public var direction: String
    /// The settings of the run.
    public var params: String
    /// Midnight of the first day.
    public var firstDay: Hour
    /// Midnight of the last day.
    public var lastDay: Hour
    /// The mean over the deviation of a day's change.
    public var dailySharpe: Double

    /// Takes what is always known; the rest is unknown until it is set.
    public init(
        runID: String, strategy: String, direction: String, params: String, firstDay: Hour, lastDay: Hour,
        dailySharpe: Double
    ) {
        self.runID = runID
        self.strategy = strategy
        self.direction = direction
        self.params = params
        self.firstDay = firstDay
        self.lastDay = lastDay
        self.dailySharpe = dailySharpe
    }
}

extension BacktestTrialRow: FieldRecord {
    /// A row without values, which reading fills.
    public static let unread = BacktestTrialRow(
        runID: "", strategy: "", direction: "", params: "", firstDay: Hour(containing: 0), lastDay: Hour(containing: 0),
        dailySharpe: 0)

    /// The columns of the table `backtest_trial`, in their order.
    public static let fields: [Field<BacktestTrialRow>] = [
        Field("run_id", \.runID, unit: "hash of all inputs"),
        Field("strategy", \.strategy, unit: "strategy"),
        Field("direction", \.direction, unit: "direction"),
        Field("params", \.params, unit: "JSON"),
        Field("first_day", \.firstDay, unit: "epoch seconds of midnight"),
        Field("last_day", \.lastDay, unit: "epoch seconds of midnight"),
        Field("daily_sharpe", \.dailySharpe, unit: "ratio"),
    ]
}
