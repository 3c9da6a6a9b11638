import PerpCore
import Signals

/// A run of the backtest as a text that a trader reads in a minute.
public struct BacktestReport: Sendable {
    /// What the run was, for the head of the report.
    public struct Header: Hashable, Sendable {
        /// The name of the run.
        public var runID: String
        /// The sealed hours of the span.
        public var hoursStored: Int
        /// How the rates of settlements were got.
        public var settlements: SettlementCounts
        /// Whether settlements count only as they were learnt at the time.
        public var isAsKnown: Bool

        /// Takes what the run was.
        public init(runID: String, hoursStored: Int, settlements: SettlementCounts, isAsKnown: Bool = false) {
            self.runID = runID
            self.hoursStored = hoursStored
            self.settlements = settlements
            self.isAsKnown = isAsKnown
        }
    }

    let header: Header
    let result: Backtest.Result
    let settings: BacktestSettings

    /// Takes a run and what it found.
    public init(_ header: Header, _ result: Backtest.Result, _ settings: BacktestSettings) {
        self.header = header
        self.result = result
        self.settings = settings
    }

    /// The report: what the run was, a line for each strategy and direction in their order, where the money came from, what to
    /// compare with, regimes, and what the run cannot see.
    public var text: String {
        let parts = [
            TextLayout.banner("BACKTEST") + lines(head), section("Strategies", strategies), section("Verdict", verdict),
            section("Where the money came from", money), section("To compare with", baselines),
            section("By regime of volatility", regimes), section("What this run cannot see", limits),
        ]
        return parts.joined(separator: "\n")
    }

    private func section(_ title: String, _ content: [String]) -> String { "\(title):\n" + lines(content) }

    private func lines(_ lines: [String]) -> String { lines.map { $0.isEmpty ? "\n" : "   \($0)\n" }.joined() }

    private var hours: Int { result.span.lowerBound.distance(to: result.span.upperBound) + 1 }
    /// The days of the run in UTC, parts of days among them.
    private var days: Int { Int(result.span.upperBound.day.number - result.span.lowerBound.day.number) + 1 }

    // MARK: - Head

    private var head: [String] {
        let settled = header.settlements
        return [
            "Run \(header.runID), model \(settings.model), asset \(settings.asset.printable)",
            "\(result.span.lowerBound.spoken) to \(result.span.upperBound.spoken) UTC: "
                + "\(header.hoursStored) of \(hours) hours stored",
            "Settlements in trades: \(settled.actual) settled, \(settled.estimated) estimated",
            "Trials: M = \(result.trialCount) rules tried on these days, this run's among them",
            "PBO: \(overfitting)",
        ]
    }

    private var overfitting: String {
        if let share = result.overfitting {
            return "\(Numbers.fixed(share, 2)) (above 0.5: choosing the best row is luck)"
        }
        let rows = result.metrics.count { $0.claim.isTraded && $0.trades.keys.contains(where: \.isEntered) }
        return "unknown: needs \(BacktestOverfitting.neededDays) days and 2 rows with trades, has \(days) and \(rows)"
    }

    // MARK: - Strategies

    private var strategies: [String] {
        guard !result.metrics.isEmpty else { return ["No alert fired with a claim."] }
        let head = [
            "#", "strategy", "direction", "n", "mean bp [95 %]", "hit (base)", "t", "q", "dsr", "verdict",
        ]
        let rows = result.metrics.map { metric in
            [
                "\(metric.strategy.rawValue)", metric.strategy.name, metric.direction.rawValue, "\(metric.count)",
                mean(metric), "\(share(metric.hit)) (\(share(metric.baseShare)))", number(metric.eventT, 1),
                number(metric.q, 2), number(metric.deflated, 2), metric.verdict.rawValue,
            ]
        }
        let points = result.metrics.contains { !$0.claim.isTraded }
        return TextTable.lines([head] + rows, right: [0, 3, 6, 7, 8])
            + (points ? ["pp: a claim without money, in percentage points above the base rate."] : [])
    }

    private func mean(_ metric: BacktestMetric) -> String {
        guard let mean = metric.mean else { return "-" }
        let unit = metric.claim.isTraded ? "" : " pp"
        let interval = metric.interval.map {
            " [\(Numbers.signed($0.lowerBound, 1)), \(Numbers.signed($0.upperBound, 1))]"
        }
        return Numbers.signed(mean, 1) + unit + (interval ?? "")
    }

    private func share(_ share: Double?) -> String { share.map { Numbers.fixed(100 * $0, 0) + "%" } ?? "-" }

    private func number(_ value: Double?, _ decimals: Int) -> String {
        value.map { Numbers.fixed($0, decimals) } ?? "-"
    }

    // MARK: - Verdict

    private var verdict: [String] {
        let supported = result.metrics.filter { $0.verdict == .supported }
        var lines = supported.map { "Supported: \(name($0))." }
        if supported.isEmpty { lines.append("No evidence: no row is better than chance, costs and other hours.") }
        lines += result.metrics.filter { $0.verdict == .harmful }.map {
            "Harmful: the whole interval of \(name($0)) is below zero."
        }
        let few = result.metrics.filter { $0.verdict == .tooFew }
        if !few.isEmpty {
            lines.append(
                "Too few: \(Numbers.counted(few.count, "row")) with less than \(Verdict.neededEvents) events, or less than "
                    + "\(Verdict.neededIndependent) that do not overlap.")
        }
        if result.metrics.contains(where: { $0.claim.isTraded }), days < Verdict.neededDays {
            lines.append("No dsr: needs \(Verdict.neededDays) days, has \(days); without it no trade is supported.")
        }
        return lines
    }

    private func name(_ metric: BacktestMetric) -> String { "\(metric.strategy.name) \(metric.direction.rawValue)" }

    // MARK: - Money

    private var money: [String] {
        let traded = result.metrics.filter(\.claim.isTraded)
        let closed = traded.filter { $0.closedTrades > 0 }
        guard !closed.isEmpty else { return ["No trade was closed."] + counts(traded) }
        let head = [
            "strategy", "direction", "closed", "gross", "funding", "cost", "net", "total", "drawdown", "worst",
        ]
        let rows = closed.map { metric in
            [
                metric.strategy.name, metric.direction.rawValue, "\(metric.closedTrades)", signed(metric.gross),
                signed(metric.funding), signed(metric.cost.map { -$0 }), signed(metric.mean), percent(metric.total),
                percent(metric.largestDrawdown.map { -$0 }), percent(metric.worst),
            ]
        }
        let portfolio = result.portfolio
        return TextTable.lines([head] + rows, right: Set(2...9)) + [
            "gross, funding, cost, net: basis points a closed trade. total, drawdown: of "
                + "\(Numbers.dollars(settings.capital)). worst: of one trade.",
            "All keys together: \(percent(portfolio.total / settings.capital)), at most "
                + "\(Numbers.dollars(portfolio.largestExposure)) held at once.",
        ] + counts(traded)
    }

    /// `Not closed: 2 open, 5 overlap`, where there are any.
    private func counts(_ metrics: [BacktestMetric]) -> [String] {
        let counts = TradeStatus.allCases.filter { !$0.isClosed }.compactMap { status -> String? in
            let count = metrics.reduce(0) { $0 + ($1.trades[status] ?? 0) }
            return count > 0 ? "\(count) \(status.rawValue)" : nil
        }
        return counts.isEmpty ? [] : ["Not closed: \(counts.joined(separator: ", "))."]
    }

    private func signed(_ value: Double?) -> String { value.map { Numbers.signed($0, 1) } ?? "-" }

    private func percent(_ share: Double?) -> String { share.map { Numbers.signed(100 * $0, 2) + "%" } ?? "-" }

    // MARK: - Baselines

    private var baselines: [String] {
        let held = [("long", result.alwaysLong), ("short", result.alwaysShort)].map { side, trade -> String in
            guard let trade, trade.entry != nil else {
                return "Always \(side) in \(settings.asset.printable): unknown, no contract is stored."
            }
            let made = trade.changes.reduce(0) { $0 + $1.dollars }
            return "Always \(side) in \(settings.asset.printable), with funding and one round trip: "
                + "\(Numbers.signed(made / trade.notional * 1e4, 1)) bp."
        }
        let shifted = result.metrics.filter { $0.shift != nil }
        let rows = shifted.map { "\(name($0)): other hours did as well in \(percentOfShifts($0)) of shifts." }
        return held + rows + assumed
    }

    private func percentOfShifts(_ metric: BacktestMetric) -> String { share(metric.shift) }

    private var assumed: [String] {
        let known = result.outcomes.filter { $0.value != nil }
        let count = known.count { $0.base?.isAssumed ?? true }
        guard count > 0 else { return [] }
        return [
            "Base rate assumed (50 %) in \(count) of \(known.count) events: needs \(BaseRate.needed) closed windows before "
                + "the alert, had less."
        ]
    }

    // MARK: - Regimes

    private var regimes: [String] {
        let rows = RegimeMetric.all(result.outcomes)
        guard !rows.isEmpty else { return ["No regime has \(RegimeMetric.neededEvents) events of a row."] }
        let head = ["strategy", "direction", "regime", "n", "mean", "hit (base)"]
        let cells = rows.map { row in
            [
                row.strategy.name, row.direction.rawValue, row.regime, "\(row.count)", Numbers.signed(row.mean, 1),
                "\(share(row.hit)) (\(share(row.baseShare)))",
            ]
        }
        return TextTable.lines([head] + cells, right: [3, 4])
    }

    // MARK: - Limits

    private var limits: [String] {
        let facts =
            header.isAsKnown
            ? "Alerts are replayed with today's rules; settlements count as they were learnt at the time."
            : "Today's facts: a settlement that was learnt later counts as well (--as-known leaves it out)."
        return [
            "Prices are marks of full hours: a stop is seen at the hour's end, and closes at that mark.",
            "No slippage beyond half the spread, no limit to what a market takes, no borrowing fee for spot.",
            facts, "Only exchanges that were collected exist in it. The past is no promise.",
        ]
    }
}

extension TradeStatus {
    fileprivate var isEntered: Bool { isClosed || self == .open || self == .unresolved }
}

extension BacktestMetric {
    fileprivate var closedTrades: Int { trades.reduce(0) { $0 + ($1.key.isClosed ? $1.value : 0) } }
}

/// Columns of text.
enum TextTable {
    /// The rows with columns of one width, two blanks apart.
    /// - Parameter right: the columns whose text stands at the right.
    static func lines(_ rows: [[String]], right: Set<Int> = []) -> [String] {
        guard let head = rows.first else { return [] }
        let widths = head.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            let cells = row.indices.map { column in
                let blanks = String(repeating: " ", count: widths[column] - row[column].count)
                return right.contains(column) ? blanks + row[column] : row[column] + blanks
            }
            var line = cells.joined(separator: "  ")
            while line.last == " " { line.removeLast() }
            return line
        }
    }
}
