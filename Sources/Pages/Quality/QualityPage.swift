import Charts
import PerpCore

/// What the page of data quality is made from.
public struct QualityRows: Sendable {
    /// Hours that nobody recorded, as far as a dataset of the exchange's history can close them.
    public struct Hole: Hashable, Sendable {
        let hole: HistoryHole
        let answered: Int
        let contracts: Int
        let isClosed: Bool
        let isLost: Bool

        /// A hole, for how many contracts of how many it was answered, and whether it can still be asked for.
        public init(_ hole: HistoryHole, answered: Int, contracts: Int, isClosed: Bool, isLost: Bool) {
            (self.hole, self.answered, self.contracts) = (hole, answered, contracts)
            (self.isClosed, self.isLost) = (isClosed, isLost)
        }

        var state: String {
            if isClosed { return "closed by history" }
            if hole.exchange.historyDepth(hole.dataset) == .none { return "never told" }
            if isLost { return "gone for good" }
            return hole.recoverableUntil == nil ? "recoverable at any time" : "recoverable"
        }
    }

    /// How many of the hours are stored.
    public var storedHours = 0
    /// Which exchanges are missing in which hours, and why.
    public var missing = StoredRows.none
    /// What history can say of those hours.
    public var holes: [Hole] = []
    /// Parts of hours in which a stream was not heard.
    public var streamGaps = StoredRows.none
    /// How much of the span each stream was heard.
    public var heard = StoredRows.none
    /// What each check found when it ran last.
    public var checks = StoredRows.none
    /// How often exchanges told of the past otherwise.
    public var restatements = StoredRows.none
    /// What guards set aside in the hour.
    public var findings = StoredRows.none
    /// Fields of answers that appeared, vanished or changed.
    public var drift = StoredRows.none

    /// No rows.
    public init() {}
}

/// A run of hours in which an exchange was missing for one cause.
struct MissingRun: Hashable {
    let exchangeID: String
    let exchange: String
    let first: Hour
    var last: Hour
    let cause: String
    let reason: String?

    /// Runs of rows that are ordered by exchange, then by hour.
    static func runs(_ rows: [StoredRow]) -> [MissingRun] {
        var runs: [MissingRun] = []
        for row in rows {
            guard let hour = row.hour() else { continue }
            let (id, cause, reason) = (
                row.text("exchange_id") ?? "", row.text("cause") ?? "not known", row.text("reason")
            )
            if let last = runs.indices.last, runs[last].exchangeID == id, runs[last].cause == cause,
                runs[last].reason == reason, runs[last].last.next == hour
            {
                runs[last].last = hour
            } else {
                runs.append(
                    MissingRun(
                        exchangeID: id, exchange: row.text("exchange") ?? id, first: hour, last: hour, cause: cause,
                        reason: reason))
            }
        }
        return runs
    }

    var hours: Int { first.distance(to: last) + 1 }
}

/// The page of what is missing, what is doubtful, and what changed afterwards.
public struct QualityPage {
    let frame: SiteFrame
    let rows: QualityRows

    /// The page of an hour, from rows of the 30 days up to it.
    public init(_ frame: SiteFrame, _ rows: QualityRows) { (self.frame, self.rows) = (frame, rows) }

    /// How many rows a table has at most.
    private static let most = 200

    /// The file.
    public var page: SitePage {
        SitePage(
            .quality,
            Page(
                title: "Data quality", asOf: frame.hour.startTime, navigation: frame.navigation(.quality),
                sections: [
                    .init("Gaps", note: "Of the last 30 days.", figures: [gaps, holes]),
                    .init("Streams", figures: [heard, silences]),
                    .init("Checks", figures: [checks, findings]),
                    .init("What changed afterwards", figures: [restatements, drift]),
                ], hasFunding: false))
    }

    private func said(_ count: Int, _ none: String) -> String {
        count == 0 ? none : count > Self.most ? "The first \(Self.most) of \(count)." : ""
    }

    private var gaps: Figure {
        let all = MissingRun.runs(rows.missing.rows).sorted { ($1.last, $0.exchange) < ($0.last, $1.exchange) }
        let list = Array(all.prefix(Self.most))
        return Figure(
            Anchor("gaps"), heading: "Hours without an exchange, and why",
            note: said(
                all.count,
                "No exchange is missing in the \(Numbers.counted(rows.storedHours, "hour")) of the last 30 days that are stored."
            ),
            tables: [
                DataTable(
                    caption: "Hours without an exchange",
                    columns: [
                        DataColumn(
                            "Exchange", .links(list.map { frame.exchange($0.exchangeID, $0.exchange, from: .quality) })),
                        DataColumn("From", .times(list.map(\.first.startTime))),
                        DataColumn("To", .times(list.map(\.last.end))),
                        DataColumn("Hours", .numbers(list.map { Double($0.hours) }, .number(decimals: 0))),
                        DataColumn("Cause", .words(list.map { spoken($0.cause) })),
                        DataColumn("Reason", .names(list.map { $0.reason ?? "" })),
                    ])
            ], provenance: frame.origin("missing_hours"), sql: rows.missing.sql)
    }

    private var holes: Figure {
        let list = Array(rows.holes.prefix(Self.most))
        return Figure(
            Anchor("recoverable"), heading: "What history can still tell of them",
            note: said(rows.holes.count, "Nothing is to be asked for."),
            tables: [
                DataTable(
                    caption: "Holes by dataset",
                    columns: [
                        DataColumn(
                            "Exchange",
                            .links(
                                list.map {
                                    frame.exchange($0.hole.exchange.id, $0.hole.exchange.displayName, from: .quality)
                                })),
                        DataColumn("Dataset", .words(list.map { spoken($0.hole.dataset.rawValue) })),
                        DataColumn("From", .times(list.map(\.hole.hours.lowerBound.startTime))),
                        DataColumn("To", .times(list.map(\.hole.hours.upperBound.end))),
                        DataColumn("State", .words(list.map(\.state))),
                        DataColumn(
                            "Recoverable until",
                            .times(list.map { $0.state == "recoverable" ? $0.hole.recoverableUntil : nil })),
                        DataColumn(
                            "Contracts answered", .numbers(list.map { Double($0.answered) }, .number(decimals: 0))),
                        DataColumn("of", .numbers(list.map { Double($0.contracts) }, .number(decimals: 0))),
                    ])
            ], provenance: frame.origin("missing_hours, history_span"), sql: rows.missing.sql)
    }

    private var heard: Figure {
        let list = rows.heard.rows
        return Figure(
            Anchor("heard"), heading: "How much of 30 days the streams were heard",
            note: list.isEmpty ? "No stream was recorded: 'make record' listens." : "",
            tables: [
                DataTable(
                    caption: "Streams of liquidations",
                    columns: [
                        .names("Exchange", list, "exchange"), .words("Tells of", list, "truth"),
                        .numbers("Hours with a file", list, "hours", .number(decimals: 0)),
                        .numbers("Hours heard", list, "heard_hours", .number(decimals: 1)),
                    ])
            ], provenance: frame.origin("stream_hours"), sql: rows.heard.sql)
    }

    private var silences: Figure {
        let list = rows.streamGaps.rows
        return Figure(
            Anchor("silences"), heading: "When streams were not heard",
            note: list.isEmpty
                ? "No part of an hour with a file was missed. Hours without a file, in which no recorder ran: 'make gaps'."
                : "",
            tables: [
                DataTable(
                    caption: "Parts of hours that were not heard",
                    columns: [
                        .names("Exchange", list, "exchange"), .times("From", list, "from_ms"),
                        .times("To", list, "to_ms"),
                        .names("Reason", list, "reason"),
                    ])
            ], provenance: frame.origin("stream_gap"), sql: rows.streamGaps.sql)
    }

    private var checks: Figure {
        let list = rows.checks.rows
        return Figure(
            Anchor("checks"), heading: "Checks", note: list.isEmpty ? "None ran yet: 'make check' runs them." : "",
            tables: [
                DataTable(
                    caption: "What each check found when it ran last",
                    columns: [
                        DataColumn("Check", .words(list.map { $0.text("name").map(spoken) })),
                        .words("Severity", list, "severity"),
                        .numbers("Wrong rows", list, "rows", .number(decimals: 0)),
                        .times("Ran", list, "checked_at_ms"),
                        DataColumn("Sample", .names(list.map { String(($0.text("sample") ?? "").prefix(200)) })),
                    ])
            ], provenance: frame.origin("check_result"), sql: rows.checks.sql)
    }

    private var findings: Figure {
        let list = Array(rows.findings.rows.prefix(Self.most))
        return Figure(
            Anchor("findings"), heading: "Fields that guards set aside in this hour",
            note: said(rows.findings.rows.count, "None."),
            tables: [
                DataTable(
                    caption: "Fields that guards set aside",
                    columns: [
                        .names("Exchange", list, "exchange"), .words("Field", list, "field"),
                        .names("Reason", list, "reason"),
                        .numbers("Contracts", list, "contracts", .number(decimals: 0)),
                        .names("Such as", list, "example"),
                    ])
            ], provenance: frame.origin("field_finding"), sql: rows.findings.sql)
    }

    private var restatements: Figure {
        let list = Array(rows.restatements.rows.prefix(Self.most))
        return Figure(
            Anchor("restatements"), heading: "What exchanges told otherwise later",
            note: list.isEmpty ? "Nothing was restated." : "The value that was learnt first stays the one that counts.",
            tables: [
                DataTable(
                    caption: "Restated values",
                    columns: [
                        .names("Exchange", list, "exchange"), .words("Dataset", list, "dataset"),
                        .words("Field", list, "field"),
                        .numbers("Values", list, "restated", .number(decimals: 0)),
                        .times("Last learnt", list, "last_learnt_ms"),
                    ])
            ], provenance: frame.origin("restatements"), sql: rows.restatements.sql)
    }

    private var drift: Figure {
        let list = rows.drift.rows
        return Figure(
            Anchor("drift"), heading: "Fields of answers that changed in 30 days",
            note: list.isEmpty ? "None is known." : "",
            tables: [Self.driftTable(list)], provenance: frame.origin("schema_drift"), sql: rows.drift.sql)
    }

    static func driftTable(_ list: [StoredRow]) -> DataTable {
        DataTable(
            caption: "Fields of answers that changed",
            columns: [
                .names("Exchange", list, "exchange"), .names("Endpoint", list, "endpoint"),
                .names("Field", list, "field"),
                .words("Type", list, "type"), .words("What", list, "change"), .hours("First", list, "first_hour"),
                .hours("Last", list, "last_hour"),
            ])
    }
}
