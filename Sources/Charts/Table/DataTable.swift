import PerpCore

/// The numbers of a figure: what its table shows, and what its JSON holds.
public struct DataTable: Hashable, Sendable {
    /// What the table is about, in one sentence.
    public let caption: String
    /// All of one length; the first one heads the rows.
    public let columns: [DataColumn]

    /// A table of columns that have equally many values.
    public init(caption: String, columns: [DataColumn]) {
        precondition(Set(columns.map(\.count)).count <= 1, "columns of a table have equally many values")
        (self.caption, self.columns) = (caption, columns)
    }

    /// How many rows.
    public var rowCount: Int { columns.first?.count ?? 0 }

    /// The table as HTML: a caption, heads with units and scopes, `n/a` where a value is not known.
    /// - Parameter switches: whether funding is there in its three units. The long tables behind charts have it per eight hours
    ///   only, which keeps pages small.
    func html(id: String, switches: Bool) -> Markup {
        let heads = columns.map { column in
            Markup.element("th", ["scope": "col", "class": column.isNumeric ? "n" : nil], column.head(switches))
        }
        let rows = (0..<rowCount).map { index in
            Markup.element("tr", [:], columns.enumerated().map { $1.cell(index, isHead: $0 == 0, switches) })
        }
        return .element(
            "table", ["id": id], .element("caption", [:], text: caption),
            .element("thead", [:], .element("tr", [:], heads)), .element("tbody", [:], rows))
    }

    /// The columns as JSON.
    var json: String { JSONSource.array(columns.map(\.json)) }
}

/// A column of a table, with its unit.
public struct DataColumn: Hashable, Sendable {
    /// A link with its text.
    public struct Link: Hashable, Sendable {
        /// What is shown.
        public let text: String
        /// Where it leads; `nil` for text alone.
        public let link: PageLink?

        /// A text that leads somewhere.
        public init(_ text: String, _ link: PageLink?) { (self.text, self.link) = (text, link) }
    }

    /// What a column holds; `nil` is what is not known.
    public enum Values: Hashable, Sendable {
        /// Words of the pipeline.
        case words([String?])
        /// Names that others chose: symbols, assets, endpoints.
        case names([String?])
        /// Names that lead to a page.
        case links([Link])
        /// Numbers of one unit.
        case numbers([Double?], ValueFormat)
        /// Instants, UTC.
        case times([Timestamp?])
        /// The spans of a grid, told by their starts.
        case grid(TimeGrid)
    }

    /// The head of the column.
    public let title: String
    /// The unit, in the head and in JSON; empty when there is none.
    public let unit: String
    /// The values, in the order of the rows.
    public let values: Values
    /// Pages that say how the values came about, in the order of the rows; empty when there is none.
    public let explanations: [PageLink?]

    /// A column.
    /// - Parameters:
    ///   - unit: `nil` for the unit of the values' format.
    ///   - explanations: a link or `nil` for each value; empty when there is none.
    public init(_ title: String, unit: String? = nil, _ values: Values, explanations: [PageLink?] = []) {
        self.title = title
        self.values = values
        self.unit = unit ?? values.unit
        precondition(explanations.isEmpty || explanations.count == values.count, "a link or none for each value")
        self.explanations = explanations
    }

    var count: Int { values.count }

    var isNumeric: Bool {
        if case .numbers = values { true } else { false }
    }

    /// The title with its unit.
    fileprivate func head(_ switches: Bool) -> Markup {
        guard !unit.isEmpty else { return .name(title) }
        let unit =
            if switches, case .numbers(_, let format) = values { format.unitHTML(unit) } else { Markup.text(unit) }
        return .name(title) + .text(" ") + .element("span", ["class": "unit"], unit)
    }

    /// Numbers, which most cells have, carry no class, and neither do short heads of rows.
    fileprivate func cell(_ index: Int, isHead: Bool, _ switches: Bool) -> Markup {
        // Most cells are numbers that a figure has by the thousand.
        if case .numbers(let numbers, let format) = values, !isHead, explanations.isEmpty, !switches,
            let number = numbers[index], number.isFinite
        {
            return Markup.cell(format.text(number))
        }
        let content = content(index, switches)
        let wraps = isLong(index)
        if isHead { return .element("th", ["scope": "row", "class": wraps ? "w" : nil], content ?? .text("n/a")) }
        let text = wraps ? "w" : "t"
        let style: String? = isNumeric ? (content == nil ? "h" : nil) : content == nil ? "t h" : text
        return .element("td", ["class": style], content ?? .text("n/a"))
    }

    /// Whether a cell has a text that should take several lines where there is little room; names such as `Binance COIN-M` and
    /// times stay in one.
    private func isLong(_ index: Int) -> Bool {
        let text: String? =
            switch values {
            case .words(let words), .names(let words): words[index]
            case .links(let links): links[index].text
            case .numbers, .times, .grid: nil
            }
        return text.map { Label.width($0) > 20 * 6.6 } ?? false
    }

    /// What a cell shows, with the way to its explanation; `nil` when it is not known.
    private func content(_ index: Int, _ switches: Bool) -> Markup? {
        let shown = shown(index, switches)
        guard let shown, explanations.indices.contains(index), let link = explanations[index] else { return shown }
        return .element("a", ["href": link.address], shown)
    }

    private func shown(_ index: Int, _ switches: Bool) -> Markup? {
        switch values {
        case .words(let words): words[index].map(Markup.text)
        case .names(let names): names[index].map(Markup.name)
        case .links(let links):
            if let link = links[index].link {
                .element("a", ["href": link.address], .name(links[index].text))
            } else {
                .name(links[index].text)
            }
        case .numbers(let numbers, let format):
            numbers[index].flatMap { !$0.isFinite ? nil : switches ? format.html($0) : .text(format.text($0)) }
        case .times(let times): times[index].map { .text(TimeText.minute($0)) }
        case .grid(let grid): .text(grid.spoken(grid.start.advanced(byMilliseconds: grid.step * Int64(index))))
        }
    }

    /// The column as JSON: exact names, numbers in the unit that it states, times in UTC milliseconds. A grid is its start and
    /// its step.
    fileprivate var json: String {
        var members: [(StaticString, String?)] = [("name", JSONSource.string(title))]
        switch values {
        case .words(let words), .names(let words):
            members.append(("values", JSONSource.array(words.map { $0.map(JSONSource.string) ?? "null" })))
        case .links(let links):
            members.append(("values", JSONSource.array(links.map { JSONSource.string($0.text) })))
        case .numbers(let numbers, let format):
            let stored = unit == format.unit ? format.storedUnit : unit
            if !stored.isEmpty { members.append(("unit", JSONSource.string(stored))) }
            members.append(("values", JSONSource.array(numbers.map(JSONSource.number))))
        case .times(let times):
            members.append(("unit", JSONSource.string("UTC milliseconds")))
            members.append(("values", JSONSource.array(times.map { $0.map { String($0.milliseconds) } ?? "null" })))
        case .grid(let grid):
            members.append(("unit", JSONSource.string("UTC milliseconds")))
            members.append(("start", String(grid.start.milliseconds)))
            members.append(("step", String(grid.step)))
        }
        return JSONSource.object(members)
    }
}

extension DataColumn.Values {
    fileprivate var count: Int {
        switch self {
        case .words(let words), .names(let words): words.count
        case .links(let links): links.count
        case .numbers(let numbers, _): numbers.count
        case .times(let times): times.count
        case .grid(let grid): grid.count
        }
    }

    /// The unit that the values have by themselves.
    fileprivate var unit: String {
        switch self {
        case .words, .names, .links: ""
        case .numbers(_, let format): format.unit
        case .times, .grid: "UTC"
        }
    }
}
