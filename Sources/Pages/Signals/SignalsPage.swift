import Charts
import PerpCore

/// What the page of signals is made from.
public struct SignalRows: Sendable {
    /// What one detector says of the hour.
    public struct Detected: Hashable, Sendable {
        let key: String
        let fires: Bool
        let confidence: Int
        let direction: String
        let message: String
        let unmet: [String]
        let unknown: [String]

        /// - Parameters:
        ///   - confidence: percent, 0 to 100.
        ///   - message: one line.
        ///   - unmet: conditions that are known and not met.
        ///   - unknown: conditions that cannot be judged.
        public init(
            key: String, fires: Bool, confidence: Int, direction: String, message: String, unmet: [String],
            unknown: [String]
        ) {
            (self.key, self.fires, self.confidence, self.direction) = (key, fires, confidence, direction)
            (self.message, self.unmet, self.unknown) = (message, unmet, unknown)
        }
    }

    /// What the detectors say of the hour.
    public var detections: [Detected] = []
    /// The market's facts of the hour.
    public var facts = StoredRows.none
    /// What became of those that fire.
    public var decisions = StoredRows.none
    /// The record of each strategy and direction that ever fired.
    public var record: [ClaimRecord] = []
    /// Whether the record changes confidences: only while its estimates are better than the base rates.
    public var isRecordUsed = false
    /// Alerts of 30 days with what came of them.
    public var alerts = StoredRows.none
    /// What came of all alerts, by strategy and direction.
    public var outcomes = StoredRows.none
    /// The latest backtest; no row without one.
    public var backtest = StoredRows.none
    /// What that backtest found.
    public var metrics = StoredRows.none
    /// The equity of its keys, day by day.
    public var equity = StoredRows.none
    /// How good forecasts of 30 days were.
    public var skill = StoredRows.none
    /// How good they were day by day.
    public var errorDays = StoredRows.none
    /// Proposed weights of the score.
    public var proposals = StoredRows.none

    /// No rows.
    public init() {}
}

/// The page of what fires, and of how good the signals were.
public struct SignalsPage {
    let frame: SiteFrame
    let rows: SignalRows

    /// The page of an hour.
    public init(_ frame: SiteFrame, _ rows: SignalRows) { (self.frame, self.rows) = (frame, rows) }

    /// The file.
    public var page: SitePage {
        SitePage(
            .signals,
            Page(
                title: "Signals", asOf: frame.hour.startTime, navigation: frame.navigation(.signals),
                sections: [
                    .init("This hour", figures: [firing, near]), .init("Alerts", figures: [alerts, record]),
                    .init("Backtest", figures: [backtest, equity].compactMap { $0 }),
                    .init("Forecasts", figures: [skill, errors].compactMap { $0 }),
                    .init("Proposed weights", figures: [proposals]),
                ], hasFunding: false))
    }

    // MARK: - This hour

    private var firing: Figure {
        let list = rows.detections.filter(\.fires)
        return Figure(
            Anchor("firing"), heading: "What fires",
            note: list.isEmpty
                ? "Nothing fires in this hour." : "Whether an alert was sent also depends on what was sent before.",
            tables: [table("What fires", list)],
            provenance: frame.origin("the strategies, from the facts of the hour; alert"), sql: rows.decisions.sql)
    }

    private var near: Figure {
        let list = rows.detections.filter { !$0.fires && $0.confidence > 0 }
            .sorted { ($1.confidence, $0.key) < ($0.confidence, $1.key) }.prefix(10)
        return Figure(
            Anchor("near"), heading: "What is near", note: list.isEmpty ? "Nothing comes near." : "The surest first.",
            tables: [table("What is near", Array(list))],
            provenance: frame.origin("the strategies, from the facts of the hour"),
            sql:
                "-- The strategies find them in these facts and in the rows of the exchanges: make report HOUR=\(frame.hour)\n"
                + rows.facts.sql)
    }

    private func table(_ caption: String, _ list: [SignalRows.Detected]) -> DataTable {
        let decided = Dictionary(
            rows.decisions.rows.map { ($0.text("key") ?? "", $0.text("decision") ?? "") },
            uniquingKeysWith: { first, _ in first })
        return DataTable(
            caption: caption,
            columns: [
                DataColumn("Signal", .names(list.map(\.key))),
                DataColumn(
                    "Confidence", unit: "%", .numbers(list.map { Double($0.confidence) }, .number(decimals: 0))),
                DataColumn("Direction", .words(list.map(\.direction))),
                DataColumn("What became of it", .words(list.map { decided[$0.key].map(spoken) ?? "no alert" })),
                DataColumn("Says", .names(list.map(\.message))),
                DataColumn("Not met", .words(list.map { $0.unmet.map(spoken).joined(separator: ", ") })),
                DataColumn("Not known", .words(list.map { $0.unknown.map(spoken).joined(separator: ", ") })),
            ])
    }

    // MARK: - Alerts

    private var alerts: Figure {
        let list = rows.alerts.rows
        return Figure(
            Anchor("alerts"), heading: "Alerts of 30 days",
            note: list.isEmpty ? "None was raised." : "Alerts that began or turned, with what came of them.",
            tables: [MarketPage.alertTable("Alerts of 30 days", list)],
            provenance: frame.origin("alert, alert_outcome"),
            sql: rows.alerts.sql)
    }

    private var record: Figure {
        let list = rows.record
        var values: [[String]: Double] = [:]
        for row in rows.outcomes.rows {
            values[[row.text("strategy") ?? "", row.text("direction") ?? ""]] = row.number("value_bp")
        }
        return Figure(
            Anchor("record"), heading: "Record of each strategy",
            note: list.isEmpty
                ? "No outcome is known yet: no evidence."
                : "Outcomes weigh half after half a year, and what overlaps counts for its new part. Points are added to a "
                    + "confidence from 20 weighted outcomes on, and only while the estimates of the last hundred alerts were "
                    + "better than chance: \(rows.isRecordUsed ? "they are" : "they are not, so nothing is added").",
            tables: [
                DataTable(
                    caption: "Record of each strategy",
                    columns: [
                        DataColumn("Strategy", .words(list.map(\.title))),
                        DataColumn("Direction", .words(list.map(\.direction))),
                        DataColumn("Within", unit: "h", whole(list.map(\.horizonHours))),
                        DataColumn("Judged", whole(list.map(\.resolved))),
                        DataColumn("Right", whole(list.map(\.right))), DataColumn("Open", whole(list.map(\.open))),
                        DataColumn("By chance", .numbers(list.map(\.baseRate), .percent(decimals: 0))),
                        DataColumn("Estimated", .numbers(list.map(\.estimate), .percent(decimals: 0))),
                        DataColumn("Points added", whole(list.map(\.boost))),
                        DataColumn(
                            "Mean value",
                            .numbers(
                                list.map { values[[$0.strategy, $0.direction]].map { $0 / 10_000 } },
                                .basisPoints(decimals: 0))),
                        DataColumn("Says", .names(list.map(\.sentence))),
                    ])
            ], provenance: frame.origin("alert_outcome"), sql: rows.outcomes.sql)
    }

    private func whole(_ numbers: [Int]) -> DataColumn.Values {
        .numbers(numbers.map(Double.init), .number(decimals: 0))
    }

    // MARK: - Backtest, forecasts, weights

    private var backtest: Figure {
        let list = rows.metrics.rows
        let run = rows.backtest.rows.first
        let last = run?.hour("to_hour")
        var note = "None was run yet: 'make backtest' runs one. No evidence."
        if let run, let first = run.hour("from_hour"), let last {
            note =
                "From \(first.spoken) to \(last.spoken), \(run.integer("hours_stored") ?? 0) of "
                + "\(run.integer("hours_expected") ?? 0) hours stored; signals about the whole market are traded in "
                + "\(run.text("asset") ?? ""). Money is after funding and costs. No evidence is a result."
        }
        return Figure(
            Anchor("backtest"), heading: "The latest backtest", note: note,
            tables: [
                DataTable(
                    caption: "The latest backtest",
                    columns: [
                        DataColumn("Strategy", .words(list.map { $0.text("strategy").map(spoken) })),
                        .words("Direction", list, "direction"),
                        DataColumn("Verdict", .words(list.map { $0.text("verdict").map(spoken) })),
                        .numbers("Events", list, "n", .number(decimals: 0)),
                        .numbers("Effective", list, "n_eff", .number(decimals: 1)),
                        bps("Mean", list, "mean_bp"), bps("Low", list, "ci_low"), bps("High", list, "ci_high"),
                        .numbers("Came true", list, "hit", .percent(decimals: 0)),
                        .numbers("By chance", list, "base_rate", .percent(decimals: 0)),
                        bps("Above chance", list, "excess_bp"), .numbers("t", list, "t", .signed(decimals: 2)),
                        .numbers("q", list, "q", .number(decimals: 3)),
                        .numbers("Sharpe ratio", list, "sharpe", .signed(decimals: 2)),
                        .numbers("Worst loss", list, "max_drawdown", .percent(decimals: 1)),
                    ])
            ], provenance: frame.origin("backtest_run, backtest_metric", at: last),
            sql: [rows.backtest.sql, rows.metrics.sql].filter { !$0.isEmpty }.joined(separator: ";\n\n"))
    }

    /// How many lines can be told apart.
    private static let lines = 8
    /// How many points a line has at most.
    private static let points = 180

    /// What each key's trades made of the capital; flat between trades. `nil` without a trade.
    var equity: Figure? {
        guard let run = rows.backtest.rows.first, let first = run.hour("from_hour"), let last = run.hour("to_hour"),
            !rows.equity.rows.isEmpty
        else { return nil }
        let days = Int(last.day.number - first.day.number) + 1
        let step = (days + Self.points - 1) / Self.points
        let grid = TimeGrid(
            start: first.day.hour(0).startTime, step: Int64(step) * 24 * Hour.milliseconds,
            count: (days + step - 1) / step)
        let gains = rows.equity.grouped(by: "key").map { (key: $0.key, values: Self.gains($0.value, grid)) }
        let shown = gains.sorted { (abs($1.values.last ?? 0), $0.key) < (abs($0.values.last ?? 0), $1.key) }
            .prefix(Self.lines)
        return Figure(
            Anchor("equity"), heading: "What trades made of the capital",
            note:
                "Of each strategy and asset by itself, after funding and costs; flat while nothing is held. "
                + (gains.count > shown.count
                    ? "The \(shown.count) of \(gains.count) that ended furthest from where they began. " : "")
                + "A line that rises is no evidence: the verdicts are above.",
            chart: TimeChart(
                title: "What trades made of the capital", grid: grid,
                panels: [
                    Panel(
                        "Gain", .signedPercent(decimals: 2),
                        .lines(shown.map { Series($0.key, $0.values.map(Optional.some)) }, .linearFromZero))
                ]), provenance: frame.origin("backtest_hour", unit: "% of the capital", at: last), sql: rows.equity.sql)
    }

    /// The gain at the end of each span, as a fraction of the capital, from rows by day.
    static func gains(_ list: [StoredRow], _ grid: TimeGrid) -> [Double] {
        var gains = [Double](repeating: 0, count: grid.count)
        var begun = 0
        var gain = 0.0
        for row in list {
            guard let day = row.hour("day"), let equity = row.number("equity"), let capital = row.number("capital"),
                capital > 0, let index = grid.index(of: day.startTime)
            else { continue }
            if index > begun { for past in begun..<index { gains[past] = gain } }
            (begun, gain) = (index, equity / capital - 1)
        }
        for rest in begun..<grid.count { gains[rest] = gain }
        return gains
    }

    /// Values that are stored in basis points.
    private func bps(_ title: String, _ list: [StoredRow], _ name: String) -> DataColumn {
        DataColumn(title, .numbers(list.map { $0.number(name).map { $0 / 10_000 } }, .basisPoints(decimals: 1)))
    }

    private var skill: Figure {
        let list = rows.skill.rows
        return Figure(
            Anchor("skill"), heading: "Skill of forecasts of funding, 30 days",
            note: list.isEmpty
                ? "No outcome is known yet: no evidence."
                : "The share of a baseline's error that forecasts of the next settlement saved; 0 or less is no better, and a "
                    + "small skill may be luck. Intervals ask for 80 % of outcomes.",
            tables: [
                DataTable(
                    caption: "Skill of forecasts of funding",
                    columns: [
                        .names("Coin", list, "asset"), .names("Exchange", list, "exchange"),
                        .names("Contract", list, "symbol"), .numbers("Forecasts", list, "n", .number(decimals: 0)),
                        .numbers("Error", unit: "bps per 8 h", list, "error_bps", .number(decimals: 2)),
                        .numbers(
                            "Error of what is shown", unit: "bps per 8 h", list, "displayed_error_bps",
                            .number(decimals: 2)),
                        .numbers(
                            "Skill against what is shown", list, "skill_against_displayed", .signedPercent(decimals: 0)),
                        .numbers(
                            "Skill against the last settled", list, "skill_against_last", .signedPercent(decimals: 0)),
                        .numbers("Inside the interval", list, "coverage", .percent(decimals: 0)),
                        .numbers("Intervals", list, "n_intervals", .number(decimals: 0)),
                    ])
            ], provenance: frame.origin("forecast_skill"), sql: rows.skill.sql)
    }

    /// The errors of the forecasts and of what is to be beaten, day by day; `nil` before an outcome is known.
    var errors: Figure? {
        guard !rows.errorDays.rows.isEmpty else { return nil }
        let first = frame.hour.advanced(by: -719).day
        let grid = TimeGrid(
            start: first.hour(0).startTime, step: 24 * Hour.milliseconds,
            count: Int(frame.hour.day.number - first.number) + 1)
        func line(_ name: String, _ column: String) -> Series {
            Series(
                name,
                grid.placed(
                    rows.errorDays.rows.compactMap { row in
                        row.hour("day").map { (time: $0.startTime, value: row.number(column)) }
                    }
                ).map { $0 ?? nil })
        }
        return Figure(
            Anchor("errors"), heading: "Errors of forecasts of funding by day",
            note: "Mean distance from what settled, by the day of the forecast. Below the others is better.",
            chart: TimeChart(
                title: "Errors of forecasts of funding by day", grid: grid,
                panels: [
                    Panel(
                        "Error, bps per 8 h", .number(decimals: 2),
                        .lines(
                            [
                                line("Forecast", "error_bps"), line("What is shown", "displayed_error_bps"),
                                line("The last settled", "last_error_bps"),
                            ], .linearFromZero))
                ]), provenance: frame.origin("funding_forecast", unit: "bps per 8 h"), sql: rows.errorDays.sql)
    }

    private var proposals: Figure {
        let list = rows.proposals.rows
        let weights = [
            ("Funding", "weight_funding"), ("Price", "weight_price"), ("Long/short", "weight_ls_bias"),
            ("Conviction", "weight_conviction"), ("Open interest", "weight_oi_price"),
        ]
        return Figure(
            Anchor("proposals"), heading: "Weights that were learned",
            note: list.isEmpty
                ? "None was learned yet: 'make weights' learns."
                : "Refused: a rule did not hold, so there is no evidence for other weights.",
            tables: [
                DataTable(
                    caption: "Weights that were learned",
                    columns: [
                        .names("Proposal", list, "id"), .times("Made", list, "created_at_ms"),
                        .words("State", list, "status"),
                        .names("Why", list, "reason"), .hours("From", list, "from_hour"), .hours("To", list, "to_hour"),
                    ] + weights.map { .numbers($0.0, list, $0.1, .percent(decimals: 1)) } + [
                        .numbers("t of the gain", list, "gain_t", .signed(decimals: 2))
                    ])
            ], provenance: frame.origin("weight_proposal"), sql: rows.proposals.sql)
    }
}
