import Charts
import PerpCore

/// What the pages of exchanges are made from: rows of all exchanges, of the 30 days up to an hour.
public struct ExchangeRows: Sendable {
    /// Each exchange in the hour, absent ones too.
    public var exchanges = StoredRows.none
    /// What was recorded, hour by hour.
    public var recorded = StoredRows.none
    /// Which exchanges are missing in which hours, and why.
    public var missing = StoredRows.none
    /// How the calls to each endpoint went in the last 7 days.
    public var endpoints = StoredRows.none
    /// The endpoints that failed in a run of the last 7 days.
    public var refusals = StoredRows.none
    /// Fields of answers that changed.
    public var drift = StoredRows.none
    /// Volume and open interest of each hour of the week.
    public var series = StoredRows.none

    /// No rows.
    public init() {}
}

/// A page per exchange, and the list of them.
public struct ExchangePages: Sendable {
    let frame: SiteFrame
    let rows: ExchangeRows
    private let recorded: [String: [StoredRow]]
    private let missing: [String: [StoredRow]]
    private let endpoints: [String: [StoredRow]]
    private let refusals: [String: [StoredRow]]
    private let drift: [String: [StoredRow]]
    private let series: [String: [StoredRow]]

    /// The pages of an hour.
    public init(_ frame: SiteFrame, _ rows: ExchangeRows) {
        (self.frame, self.rows) = (frame, rows)
        recorded = rows.recorded.grouped(by: "exchange_id")
        missing = rows.missing.grouped(by: "exchange_id")
        endpoints = rows.endpoints.grouped(by: "exchange_id")
        refusals = rows.refusals.grouped(by: "exchange_id")
        drift = rows.drift.grouped(by: "exchange_id")
        series = rows.series.grouped(by: "exchange_id")
    }

    /// The files, each made when it is asked for.
    public var pages: [@Sendable () -> SitePage] {
        [{ list }]
            + rows.exchanges.rows.compactMap { row in
                guard let id = row.text("exchange_id"), frame.exchangeIDs.contains(id) else { return nil }
                return { page(id, row) }
            }
    }

    /// The origin of an exchange's own numbers: it is there, at least in part, or it is not.
    private func origin(_ id: String, _ source: String, unit: String = Provenance.unitsInHeads) -> Provenance {
        let isThere = rows.exchanges.rows.contains {
            $0.text("exchange_id") == id && $0.text("status") != "failed"
        }
        return frame.origin(source, unit: unit, exchanges: isThere ? 1 : 0, of: 1)
    }

    // MARK: - The list

    private var list: SitePage {
        let all = rows.exchanges.rows
        let table = DataTable(
            caption: "Exchanges",
            columns: [
                DataColumn(
                    "Exchange",
                    .links(
                        all.map {
                            frame.exchange($0.text("exchange_id") ?? "", $0.text("exchange") ?? "", from: .exchanges)
                        })),
                .words("Type", all, "exchange_type"), .words("State", all, "status"),
                DataColumn("Reason", .names(all.map { $0.text("reason") ?? $0.text("cause") ?? "" })),
                .hours("Absent since", all, "absent_since"), .numbers("Volume in 24 h", all, "volume", .dollars),
                .numbers("Open interest", all, "open_interest", .dollars),
                DataColumn(
                    "Funding", .numbers(all.map { $0.fraction(percent: "funding_rate") }, .fundingRate8h)),
                DataColumn("Markets", .numbers(all.map(Self.markets), .number(decimals: 0))),
                DataColumn(
                    "Hours there",
                    .words(all.map { there($0.text("exchange_id") ?? "") ?? "n/a" })),
            ])
        let figure = Figure(
            Anchor("exchanges"), heading: "Exchanges", tables: [table],
            provenance: frame.origin("exchange_hours"), sql: rows.exchanges.sql)
        return SitePage(
            .exchanges,
            Page(
                title: "Exchanges", asOf: frame.hour.startTime, navigation: frame.navigation(.exchanges),
                sections: [.init("All exchanges", figures: [figure])], hasFunding: true))
    }

    /// In how many hours the exchange was there, whole or in part, of how many that are stored: `71 of 72`.
    private func there(_ id: String) -> String? {
        let hours = Set((recorded[id] ?? []).compactMap { $0.hour() })
        let gone = Set((missing[id] ?? []).filter { $0.text("cause") != "partial" }.compactMap { $0.hour() })
        let all = hours.union(gone)
        return all.isEmpty ? nil : "\(all.count - gone.count) of \(all.count)"
    }

    // MARK: - One exchange

    private func page(_ id: String, _ row: StoredRow) -> SitePage {
        let name = row.text("exchange") ?? id
        let state =
            row.text("status") == "ok"
            ? [] : ["\(name): \(row.text("status") ?? ""), \(row.text("reason") ?? row.text("cause") ?? "not known")."]
        return SitePage(
            .exchange(id),
            Page(
                title: name, asOf: frame.hour.startTime, navigation: frame.navigation(.exchange(id)), notices: state,
                keyFigures: [
                    .init("Volume in 24 h, USD", row.number("volume").map(ValueFormat.dollars.text)),
                    .init("Open interest, USD", row.number("open_interest").map(ValueFormat.dollars.text)),
                    .init("Markets", Self.markets(row).map { String(Int($0)) }),
                    .init("Hours there", there(id), note: "of those of 30 days that are stored"),
                ],
                sections: [
                    .init("What it gives", figures: [given(id, name), sizes(id, name)]),
                    .init("Coverage", figures: [calendar(id, name), absences(id)]),
                    .init("Endpoints", figures: [calls(id), failures(id)]),
                    .init("Delay", figures: [delay(id, name)]), .init("Drift", figures: [changes(id)]),
                ], hasFunding: false))
    }

    /// How many markets an exchange has; of one that did not respond it is not known.
    private static func markets(_ row: StoredRow) -> Double? {
        row.text("status") == "failed" ? nil : row.number("markets")
    }

    private func given(_ id: String, _ name: String) -> Figure {
        let last = recorded[id]?.last { $0.hour() == frame.hour }
        let kinds = [
            ("Contracts", "tickers"), ("Long/short figures", "long_shorts"), ("Liquidations", "liquidation_events"),
            ("Sums of liquidations", "liquidation_totals"), ("Spot markets", "spot_tickers"),
            ("Settlements", "settlements"), ("Rows set aside", "rejections"),
        ]
        return Figure(
            Anchor("given"), heading: "Records of this hour",
            note:
                "Its feed of liquidations is \(last?.text("liquidations") ?? "not known"); an answer may tell events of hours "
                + "before once more. Contracts count dated ones, other quotes and those that others run; markets do not.",
            tables: [
                DataTable(
                    caption: "Records of this hour of \(name)",
                    columns: [
                        DataColumn("Kind", .words(kinds.map(\.0))),
                        DataColumn("Records", .numbers(kinds.map { known($0.1, last) }, .number(decimals: 0))),
                    ])
            ], provenance: origin(id, "exchange_hour"), sql: rows.recorded.sql)
    }

    /// How many records of a kind an hour has; of liquidations without a feed it is not known how many there were.
    private func known(_ kind: String, _ row: StoredRow?) -> Double? {
        let hasFeed = row?.text("liquidations") != "none"
        return kind == "liquidation_events" && !hasFeed ? nil : row?.number(kind)
    }

    private func sizes(_ id: String, _ name: String) -> Figure {
        let grid = TimeGrid(hours: frame.week)
        let own = StoredRows(sql: "", rows: series[id] ?? [])
        return Figure(
            Anchor("sizes"), heading: "Open interest and volume, 7 days",
            chart: TimeChart(
                title: "\(name): open interest and volume, 7 days", grid: grid,
                panels: [
                    Panel(
                        "Open interest", .dollars,
                        .lines(
                            [Series("Open interest", own.placed(grid) { $0.number("open_interest") })], .linearFromZero)
                    ),
                    Panel(
                        "Volume in 24 h", .dollars,
                        .lines([Series("Volume", own.placed(grid) { $0.number("volume") })], .linearFromZero)),
                ]), provenance: origin(id, "exchange_hours", unit: "USD"), sql: rows.series.sql,
            commands: ["BTC", "ETH", "SOL"].compactMap { frame.command.text(id, $0, "open interest", frame.hour) })
    }

    /// What is there of each hour of the days up to the site's hour.
    func states(_ id: String, _ days: ClosedRange<CalendarDay>) -> [CoverageCalendar.State] {
        var states = [CoverageCalendar.State](
            repeating: .outside, count: Int(days.upperBound.number - days.lowerBound.number + 1) * 24)
        let first = days.lowerBound.hour(0)
        func put(_ row: StoredRow, _ state: CoverageCalendar.State) {
            guard let hour = row.hour(), hour <= frame.hour else { return }
            let index = first.distance(to: hour)
            if states.indices.contains(index) { states[index] = state }
        }
        for row in recorded[id] ?? [] { put(row, .complete) }
        for row in missing[id] ?? [] {
            let cause = [row.text("cause").map(spoken), row.text("reason")].compactMap { $0 }.joined(separator: ": ")
            put(row, row.text("cause") == "partial" ? .partial(share: nil, cause: cause) : .missing(cause: cause))
        }
        return states
    }

    private func calendar(_ id: String, _ name: String) -> Figure {
        // From the first hour that was expected on: days before it say nothing.
        let first = ((recorded[id] ?? []) + (missing[id] ?? [])).compactMap { $0.hour()?.day }.min() ?? frame.hour.day
        let days = min(first, frame.hour.day)...frame.hour.day
        return Figure(
            Anchor("calendar"), heading: "Coverage of 30 days",
            chart: CoverageCalendar(title: "What was recorded of \(name)", days: days, states: states(id, days)),
            provenance: origin(id, "exchange_hour, missing_hours", unit: "hours"),
            sql: "\(rows.recorded.sql);\n\n\(rows.missing.sql)")
    }

    private func absences(_ id: String) -> Figure {
        let list = Array(MissingRun.runs(missing[id] ?? []).reversed().prefix(100))
        return Figure(
            Anchor("absences"), heading: "When it was missing, and why",
            note: list.isEmpty ? "It was there in all hours of 30 days that were recorded." : "",
            tables: [
                DataTable(
                    caption: "Hours without it",
                    columns: [
                        DataColumn("From", .times(list.map(\.first.startTime))),
                        DataColumn("To", .times(list.map(\.last.end))),
                        DataColumn("Hours", .numbers(list.map { Double($0.hours) }, .number(decimals: 0))),
                        DataColumn("Cause", .words(list.map { spoken($0.cause) })),
                        DataColumn("Reason", .names(list.map { $0.reason ?? "" })),
                    ])
            ], provenance: origin(id, "missing_hours"), sql: rows.missing.sql)
    }

    // MARK: - Endpoints

    private func calls(_ id: String) -> Figure {
        let list = endpoints[id] ?? []
        return Figure(
            Anchor("endpoints"), heading: "Endpoints, 7 days",
            tables: [
                DataTable(
                    caption: "How calls went",
                    columns: [
                        .names("Endpoint", list, "endpoint"),
                        .numbers("Answered", list, "answered", .number(decimals: 0)),
                        .numbers("Failed", list, "failed", .number(decimals: 0)),
                        .numbers("Hours with a failure", list, "failing_hours", .number(decimals: 0)),
                        .hours("Last failure", list, "last_failed"),
                        .numbers("Rows", list, "rows", .number(decimals: 0)),
                        .numbers("Set aside", list, "rejected", .number(decimals: 0)),
                    ])
            ], provenance: origin(id, "exchange_hour_endpoint"), sql: rows.endpoints.sql)
    }

    private func failures(_ id: String) -> Figure {
        let list = Array((refusals[id] ?? []).prefix(50))
        return Figure(
            Anchor("failures"), heading: "Failures and bans, 7 days", note: list.isEmpty ? "None is known." : "",
            tables: [
                DataTable(
                    caption: "Endpoints that failed in a run",
                    columns: [
                        .hours("Hour", list), .names("Endpoint", list, "endpoint"), .words("Cause", list, "cause"),
                        .numbers("Failed", list, "failed", .number(decimals: 0)),
                        .numbers("of calls", list, "calls", .number(decimals: 0)), .names("Said", list, "reason"),
                    ])
            ], provenance: origin(id, "extract_run_endpoint"), sql: rows.refusals.sql)
    }

    private func delay(_ id: String, _ name: String) -> Figure {
        let grid = TimeGrid(hours: frame.week)
        let own = StoredRows(sql: "", rows: recorded[id] ?? [])
        func seconds(_ column: String) -> [Double?] {
            own.placed(grid) { row in
                guard let time = row.integer(column), let hour = row.hour() else { return nil }
                return Double(time - hour.startMilliseconds) / 1000
            }
        }
        return Figure(
            Anchor("delay"), heading: "Seconds after the hour, 7 days",
            note: "When its first and its last answer of an hour came.",
            chart: TimeChart(
                title: "\(name): seconds after the hour, 7 days", grid: grid,
                panels: [
                    Panel(
                        "Seconds after the hour", .number(decimals: 0),
                        .lines(
                            [
                                Series("First answer", seconds("observed_from_ms")),
                                Series("Last answer", seconds("observed_to_ms")),
                            ], .linearFromZero))
                ]), provenance: origin(id, "exchange_hour", unit: "seconds"), sql: rows.recorded.sql)
    }

    private func changes(_ id: String) -> Figure {
        let list = drift[id] ?? []
        return Figure(
            Anchor("drift"), heading: "Fields that changed in 30 days", note: list.isEmpty ? "None is known." : "",
            tables: [QualityPage.driftTable(list)], provenance: origin(id, "schema_drift"), sql: rows.drift.sql)
    }
}
