import PerpCore

/// Values of two kinds of names, such as coin and exchange, as colored cells with their numbers. Blue is negative, orange is
/// positive, and the sign stands in the cell.
public struct HeatMap: Chart {
    /// What stands in a cell.
    public enum Cell: Hashable, Sendable {
        /// A value.
        case value(Double)
        /// There should be a value, and it is not known: hatched.
        case missing(cause: String)
        /// There is nothing to know, such as a coin that an exchange does not list: empty.
        case absent
    }

    /// What the chart shows.
    public let title: String
    /// What is to be seen, before what the numbers say; may be empty.
    public let note: String
    /// What the rows are: `Coin`.
    public let rowTitle: String
    /// The names of the rows, from the top down.
    public let rows: [String]
    /// The names of the columns.
    public let columns: [String]
    /// A list per row with a cell per column.
    public let cells: [[Cell]]
    /// How the values are written.
    public let format: ValueFormat
    /// The size from which on a color is the strongest; in the values' unit.
    public let limit: Double

    /// A map of cells.
    /// - Parameter limit: `nil` for the greatest size of a value.
    public init(
        title: String, note: String = "", rowTitle: String, rows: [String], columns: [String], cells: [[Cell]],
        format: ValueFormat, limit: Double? = nil
    ) {
        precondition(
            cells.count == rows.count && cells.allSatisfy { $0.count == columns.count }, "a cell per row and column")
        (self.title, self.note, self.rowTitle, self.rows, self.columns) = (title, note, rowTitle, rows, columns)
        (self.cells, self.format) = (cells, format)
        self.limit = limit ?? cells.joined().compactMap { $0.value?.magnitude }.max() ?? 1
    }

    /// What can be seen, in sentences.
    public var summary: String {
        let values = zip(rows, cells).flatMap { row, cells in
            zip(columns, cells).compactMap { column, cell in cell.value.map { (name: "\(row) on \(column)", value: $0) }
            }
        }
        let missing = cells.joined().filter { if case .missing = $0 { true } else { false } }.count
        var said = [note, "\(Numbers.counted(rows.count, "row")) by \(Numbers.counted(columns.count, "column"))."]
        if let most = values.max(by: { $0.value < $1.value }), let least = values.min(by: { $0.value < $1.value }) {
            said.append("Highest: \(most.name), \(format.text(most.value)).")
            said.append("Lowest: \(least.name), \(format.text(least.value)).")
        }
        if format == .fundingRate8h { said.append("In \(format.unit).") }
        if missing > 0 { said.append("\(Numbers.counted(missing, "value")) not known.") }
        return said.filter { !$0.isEmpty }.joined(separator: " ")
    }

    /// The numbers of the chart.
    public var tables: [DataTable] {
        let numbers = columns.indices.map { column in
            DataColumn(columns[column], .numbers(cells.map { $0[column].value }, format))
        }
        let causes = missing
        var tables = [DataTable(caption: title, columns: [DataColumn(rowTitle, .names(rows))] + numbers)]
        if !causes.isEmpty {
            tables.append(
                DataTable(
                    caption: "\(title): what is not known, and why",
                    columns: [
                        DataColumn(rowTitle, .names(causes.map(\.row))),
                        DataColumn("Where", .names(causes.map(\.column))),
                        DataColumn("Cause", .names(causes.map(\.cause))),
                    ]))
        }
        return tables
    }

    private var missing: [(row: String, column: String, cause: String)] {
        zip(rows, cells).flatMap { row, cells in
            zip(columns, cells).compactMap { column, cell in
                if case .missing(let cause) = cell { (row, column, cause) } else { nil }
            }
        }
    }

    // MARK: - Drawing

    private static let cellHeight = 22.0
    private static let left = 92.0

    /// Wide enough for the longest number, and as wide as the drawing when there are few columns.
    private var cellWidth: Double {
        let longest = cells.joined().compactMap(\.value).map { Self.longest(format, $0) }.max() ?? 0
        return max((Drawing.width - Self.left - 40) / Double(max(1, columns.count)), Double(longest) * 6.2 + 8)
    }

    /// The longest head in pixels, and how it is written.
    private static let headWidth = 106.0
    private static func head(_ name: String) -> String { Label.cut(Label.cut(name, 16), width: headWidth) }

    /// Room for the heads, which lean at 38 degrees: all of it for one that had to be cut.
    private var header: Double {
        let widths = columns.map { name in
            let head = Self.head(name)
            return head == name ? Label.width(head) : Self.headWidth
        }
        return 16 + 0.62 * (widths.max() ?? 0)
    }

    private static func longest(_ format: ValueFormat, _ value: Double) -> Int {
        format == .fundingRate8h
            ? FundingUnit.allCases.map { $0.text(value).count }.max() ?? 0 : format.text(value).count
    }

    /// The image.
    public func drawing(_ id: Anchor) -> Drawing {
        let area = Box(
            left: Self.left, top: header, width: cellWidth * Double(columns.count),
            height: Self.cellHeight * Double(rows.count))
        // The last head leans out to the right.
        let width = max(Drawing.width, area.right + 44)
        return Drawing(
            width: width, height: area.bottom + 46,
            content: heads(area) + filled(area) + unknown(id, area) + legend(id, top: area.bottom + 14))
    }

    private func box(_ area: Box, _ row: Int, _ column: Int) -> Box {
        let width = area.width / Double(max(1, columns.count))
        return Box(
            left: area.left + Double(column) * width + 0.5, top: area.top + Double(row) * Self.cellHeight + 0.5,
            width: width - 1, height: Self.cellHeight - 1)
    }

    private func heads(_ area: Box) -> Markup {
        let names = rows.enumerated().map { row, name in
            Shape.text(area.left - 6, box(area, row, 0).top + 15, "e", Label.cut(name, width: area.left - 8))
        }
        let heads = columns.enumerated().map { column, name -> Markup in
            let x = area.left + (Double(column) + 0.5) * area.width / Double(columns.count)
            return .element(
                "text", ["transform": "translate(\(Pixels.text(x)) \(Pixels.text(area.top - 6)))rotate(-38)"],
                text: Self.head(name))
        }
        return .joined(names + heads)
    }

    /// The cells with values, grouped by color.
    private func filled(_ area: Box) -> Markup {
        var outlines = [Outline](repeating: Outline(), count: 9)
        var texts = [[Markup]](repeating: [], count: 9)
        for (row, line) in cells.enumerated() {
            for (column, cell) in line.enumerated() {
                guard let value = cell.value else { continue }
                let (step, box) = (Palette.step(of: value, limit: limit), box(area, row, column))
                outlines[step].box(box)
                texts[step].append(Shape.text(box.left + box.width / 2, box.top + 14.5, nil, format.svg(value)))
            }
        }
        return .joined(
            (0..<9).filter { !outlines[$0].isEmpty }.map {
                .element("g", ["class": "c\($0)"], Shape.path("cell", outlines[$0]), .joined(texts[$0]))
            })
    }

    private func unknown(_ id: Anchor, _ area: Box) -> Markup {
        var outline = Outline()
        for (row, line) in cells.enumerated() {
            for (column, cell) in line.enumerated() {
                if case .missing = cell { outline.box(box(area, row, column)) }
            }
        }
        return Hatch.path(id, outline)
    }

    /// The nine colors with the values in the middle of the outer ones, and the hatch.
    private func legend(_ id: Anchor, top: Double) -> Markup {
        let boxes = (0..<9).map { step -> Markup in
            var outline = Outline()
            outline.box(Box(left: Self.left + Double(step) * 26, top: top, width: 26, height: 10))
            return .element("g", ["class": "c\(step)"], Shape.path("cell", outline))
        }
        let ends: [(Double, Double)] = [(0, -limit), (4, 0), (8, limit)]
        let labels = ends.map {
            Shape.text(Self.left + ($0 + 0.5) * 26, top + 24, "m q", format.svg($1))
        }
        let right = Self.left + 9 * 26 + 30
        return .joined(boxes) + .joined(labels) + Hatch.box(id, Box(left: right, top: top, width: 26, height: 10))
            + Shape.text(right + 32, top + 9, "q", "not known; empty: nothing to know")
            + Shape.text(
                right, top + 24, "q",
                format.unit.isEmpty ? .empty : format.unitSVG(format.unit))
    }
}

extension HeatMap.Cell {
    /// The value; `nil` when there is none or it is not finite.
    var value: Double? { if case .value(let value) = self, value.isFinite { value } else { nil } }
}
