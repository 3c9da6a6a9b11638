import PerpCore

/// Where the numbers of a figure come from, and how much of the market is in them.
public struct Provenance: Hashable, Sendable {
    /// The time that the numbers are of; `nil` when they have none, such as a list of rules.
    public let asOf: Timestamp?
    /// How many exchanges are in the numbers; `nil` where that means nothing.
    public let exchanges: Int?
    /// How many there should be; `nil` where that means nothing.
    public let exchangesExpected: Int?
    /// The unit of the numbers in words: `USD, one side`; empty when tables say it.
    public let unit: String
    /// The view or table: `funding_rates`.
    public let source: String

    /// The origin of a figure's numbers.
    public init(asOf: Timestamp?, exchanges: Int? = nil, exchangesExpected: Int? = nil, unit: String, source: String) {
        (self.asOf, self.exchanges, self.exchangesExpected) = (asOf, exchanges, exchangesExpected)
        (self.unit, self.source) = (unit, source)
    }

    /// `as of 2025-10-23 15:00 UTC`, `7 of 8 exchanges`, `unit: USD`, `source: market_hours`.
    var parts: [String] {
        var parts = [asOf.map { "as of \(TimeText.minute($0)) UTC" }].compactMap { $0 }
        if let exchanges {
            parts.append(
                exchangesExpected.map { "\(exchanges) of \(Numbers.counted($0, "exchange"))" }
                    ?? Numbers.counted(exchanges, "exchange"))
        }
        if !unit.isEmpty { parts.append("unit: \(unit)") }
        return parts + ["source: \(source)"]
    }

    /// Whether an exchange is missing.
    var isIncomplete: Bool {
        guard let exchanges, let exchangesExpected else { return false }
        return exchanges < exchangesExpected
    }
}

/// A figure of a page: a chart with its tables, or tables alone, and all that is needed to check it years later.
public struct Figure: Sendable {
    /// The figure's anchor; two figures of a page may not share it.
    public let anchor: Anchor
    /// Its heading.
    public let heading: String
    /// What to know when reading it; may be empty.
    public let note: String
    /// The chart; `nil` for tables alone, which are then not folded.
    public let chart: (any Chart)?
    /// The tables; those of the chart when there is one.
    public let tables: [DataTable]
    /// Where the numbers come from.
    public let provenance: Provenance
    /// The query that gives the numbers; empty when there is none.
    public let sql: String
    /// A page that says how a number came about; `nil` when there is none.
    public let explanation: PageLink?
    /// What to run to see how the other numbers came about, a line each; may be empty.
    public let commands: [String]

    /// A figure with a chart.
    public init(
        _ anchor: Anchor, heading: String, note: String = "", chart: any Chart, provenance: Provenance, sql: String,
        explanation: PageLink? = nil, commands: [String] = []
    ) {
        (self.anchor, self.heading, self.note, self.chart) = (anchor, heading, note, chart)
        (self.tables, self.provenance, self.sql, self.explanation) = (chart.tables, provenance, sql, explanation)
        self.commands = commands
    }

    /// A figure of tables alone.
    public init(
        _ anchor: Anchor, heading: String, note: String = "", tables: [DataTable], provenance: Provenance, sql: String,
        explanation: PageLink? = nil, commands: [String] = []
    ) {
        (self.anchor, self.heading, self.note, chart) = (anchor, heading, note, nil)
        (self.tables, self.provenance, self.sql, self.explanation) = (tables, provenance, sql, explanation)
        self.commands = commands
    }

    /// The figure as HTML, with a heading of the third level.
    public var html: Markup { html(anchor) }

    /// The figure as HTML under another anchor.
    func html(_ anchor: Anchor) -> Markup {
        .element(
            "section", ["class": "figure", "id": anchor.description],
            [title(anchor), notes, image(anchor)]
                + (chart == nil ? openTables(anchor) : [foldedTables(anchor)])
                + [chart == nil ? .element("p", ["class": "origin"], origin) : .empty, query, ways, data(anchor)])
    }

    // MARK: - Parts

    private func title(_ anchor: Anchor) -> Markup {
        .element(
            "div", ["class": "title"], .element("h3", [:], .name(heading)),
            .element("a", ["class": "anchor", "href": "#\(anchor)", "aria-label": "Link to: \(heading)"], text: "#"))
    }

    private var notes: Markup { note.isEmpty ? .empty : .element("p", [:], text: note) }

    private func image(_ anchor: Anchor) -> Markup {
        guard let chart else { return .empty }
        return .element(
            "figure", [:], scroller("Chart: \(heading)", chart.svg(anchor)), .element("figcaption", [:], origin))
    }

    /// What is too wide for a phone scrolls by itself, also by keyboard.
    private func scroller(_ label: String, _ content: Markup) -> Markup {
        .element("div", ["class": "scroll", "tabindex": "0", "role": "group", "aria-label": label], content)
    }

    private func openTables(_ anchor: Anchor) -> [Markup] {
        tables.enumerated().map {
            scroller("Table: \($1.caption)", $1.html(id: "\(anchor.part("table"))-\($0 + 1)", switches: chart == nil))
        }
    }

    private func foldedTables(_ anchor: Anchor) -> Markup {
        let rows = tables.map { Numbers.counted($0.rowCount, "row") }.joined(separator: ", ")
        return .element(
            "details", [:], [.element("summary", [:], text: "Table (\(rows))")] + openTables(anchor))
    }

    private var origin: Markup {
        let parts = Markup.text(provenance.parts.joined(separator: " · "))
        let flag = provenance.isIncomplete ? Markup.element("strong", [:], text: "incomplete") + .text(" · ") : .empty
        let way = explanation.map {
            Markup.text(" · ") + .element("a", ["href": $0.address], text: "how these numbers came about")
        }
        return flag + parts + (way ?? .empty)
    }

    private var query: Markup { sql.isEmpty ? .empty : folded("SQL", sql) }

    private var ways: Markup { commands.isEmpty ? .empty : folded("Explain", commands.joined(separator: "\n")) }

    /// Text that opens on demand.
    private func folded(_ name: String, _ text: String) -> Markup {
        .element(
            "details", [:], .element("summary", [:], text: name),
            .element(
                "div", ["class": "scroll", "tabindex": "0", "role": "group", "aria-label": "\(name): \(heading)"],
                .element("pre", [:], .element("code", [:], text: text))))
    }

    /// The numbers as JSON: columns, of which the page's script reads too.
    private func data(_ anchor: Anchor) -> Markup {
        .element(
            "script", ["type": "application/json", "id": anchor.part("data")], Markup(trusted: json))
    }

    /// The figure's numbers as JSON of columns, safe within HTML.
    public var json: String {
        let tables = tables.map { table in
            JSONSource.object([
                ("caption", JSONSource.string(table.caption)), ("rows", String(table.rowCount)),
                ("columns", table.json),
            ])
        }
        return JSONSource.object([
            ("title", JSONSource.string(heading)),
            ("as_of_ms", provenance.asOf.map { String($0.milliseconds) }),
            ("exchanges", provenance.exchanges.map(String.init)),
            ("exchanges_expected", provenance.exchangesExpected.map(String.init)),
            ("unit", provenance.unit.isEmpty ? nil : JSONSource.string(provenance.unit)),
            ("source", JSONSource.string(provenance.source)), ("tables", JSONSource.array(tables)),
        ])
    }
}
