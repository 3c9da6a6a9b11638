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
    /// Alerts of 30 days with what came of them.
    public var alerts = StoredRows.none
    /// What came of all alerts, by strategy and direction.
    public var outcomes = StoredRows.none
    /// The latest backtest; no row without one.
    public var backtest = StoredRows.none
    /// What that backtest found.
    public var metrics = StoredRows.none
    /// How good forecasts of 30 days were.
    public var skill = StoredRows.none
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
                    .init("Backtest", figures: [backtest]), .init("Forecasts", figures: [skill]),
                    .init("Proposed weights", figures: [proposals]),
                ], hasFunding: false))
    }

    private func origin(_ source: String, at hour: Hour? = nil) -> Provenance {
        Provenance(asOf: (hour ?? frame.hour).startTime, unit: "", source: source)
    }

    // MARK: - This hour

    private var firing: Figure {
        let list = rows.detections.filter(\.fires)
        return Figure(
            Anchor("firing"), heading: "What fires",
            note: list.isEmpty
                ? "Nothing fires in this hour." : "Whether an alert was sent also depends on what was sent before.",
            tables: [table("What fires", list)], provenance: origin("the strategies, from the facts of the hour"),
            sql: "")
    }

    private var near: Figure {
        let list = rows.detections.filter { !$0.fires && $0.confidence > 0 }
            .sorted { ($1.confidence, $0.key) < ($0.confidence, $1.key) }.prefix(10)
        return Figure(
            Anchor("near"), heading: "What is near", note: list.isEmpty ? "Nothing comes near." : "The surest first.",
            tables: [table("What is near", Array(list))],
            provenance: origin("the strategies, from the facts of the hour"), sql: "")
    }

    private func table(_ caption: String, _ list: [SignalRows.Detected]) -> DataTable {
        DataTable(
            caption: caption,
            columns: [
                DataColumn("Signal", .names(list.map(\.key))),
                DataColumn(
                    "Confidence", unit: "%", .numbers(list.map { Double($0.confidence) }, .number(decimals: 0))),
                DataColumn("Direction", .words(list.map(\.direction))), DataColumn("Says", .names(list.map(\.message))),
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
            tables: [MarketPage.alertTable("Alerts of 30 days", list)], provenance: origin("alert, alert_outcome"),
            sql: rows.alerts.sql)
    }

    /// What the outcomes of a strategy show. Five of them say nothing.
    static func evidence(_ row: StoredRow) -> String {
        guard let resolved = row.integer("resolved"), resolved >= 30 else { return "too few to say" }
        guard let hit = row.number("hit"), let base = row.number("base_rate"), base > 0, base < 1 else {
            return "no evidence"
        }
        // Two standard errors of a share that is the base rate.
        let error = (base * (1 - base) / Double(resolved)).squareRoot()
        return hit > base + 2 * error
            ? "better than chance" : hit < base - 2 * error ? "worse than chance" : "no evidence"
    }

    private var record: Figure {
        let list = rows.outcomes.rows
        return Figure(
            Anchor("record"), heading: "Record of each strategy",
            note: list.isEmpty
                ? "No outcome is known yet: no evidence."
                : "By chance: how often the claim comes true at any hour. Two standard errors apart count as evidence.",
            tables: [
                DataTable(
                    caption: "Record of each strategy",
                    columns: [
                        DataColumn("Strategy", .words(list.map { $0.text("strategy").map(spoken) })),
                        .words("Direction", list, "direction"),
                        .numbers("Alerts", list, "alerts", .number(decimals: 0)),
                        .numbers("Judged", list, "resolved", .number(decimals: 0)),
                        .numbers("Open", list, "open", .number(decimals: 0)),
                        .numbers("Came true", list, "hit", .percent(decimals: 0)),
                        .numbers("By chance", list, "base_rate", .percent(decimals: 0)),
                        DataColumn(
                            "Mean value",
                            .numbers(
                                list.map { $0.number("value_bp").map { $0 / 10_000 } }, .basisPoints(decimals: 0))),
                        DataColumn("Evidence", .words(list.map(Self.evidence))),
                    ])
            ], provenance: origin("alert_outcome"), sql: rows.outcomes.sql)
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
            ], provenance: origin("backtest_run, backtest_metric", at: last),
            sql: [rows.backtest.sql, rows.metrics.sql].filter { !$0.isEmpty }.joined(separator: ";\n\n"))
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
            ], provenance: origin("forecast_skill"), sql: rows.skill.sql)
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
            ], provenance: origin("weight_proposal"), sql: rows.proposals.sql)
    }
}
