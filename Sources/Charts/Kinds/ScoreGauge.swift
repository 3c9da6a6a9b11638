import PerpCore

/// A score from -1 to 1, and the factors that it is made of.
public struct ScoreGauge: Chart {
    /// A factor of the score.
    public struct Factor: Hashable, Sendable {
        /// Its name.
        public let name: String
        /// From -1 to 1; `nil` when it is not known.
        public let score: Double?
        /// Its share in the score, 0 to 1; `nil` when it has none.
        public let share: Double?

        /// A factor.
        public init(_ name: String, score: Double?, share: Double?) {
            (self.name, self.score, self.share) = (name, score, share)
        }
    }

    /// What has brought the score nearer to zero, whatever its sign.
    public struct Discount: Hashable, Sendable {
        /// Its name.
        public let name: String
        /// The share of what the factors make that it took, 0 to 1; `nil` when it is not known.
        public let taken: Double?
        /// The most that it can take, 0 to 1; more than zero.
        public let most: Double

        /// A discount.
        public init(_ name: String, taken: Double?, most: Double) {
            (self.name, self.taken, self.most) = (name, taken, most)
        }
    }

    /// What the chart shows.
    public let title: String
    /// From -1 (bearish) to 1 (bullish); `nil` when the hour has no score.
    public let score: Double?
    /// What the score is called: `NEUTRAL`; empty when there is no score.
    public let label: String
    /// The factors.
    public let factors: [Factor]
    /// What is taken off what they make; `nil` in a model without it.
    public let discount: Discount?

    /// A gauge.
    public init(title: String, score: Double?, label: String, factors: [Factor], discount: Discount? = nil) {
        (self.title, self.score, self.label, self.factors, self.discount) = (title, score, label, factors, discount)
    }

    /// What can be seen, in sentences.
    public var summary: String {
        let whole = score.map { "Score \(Numbers.signed($0, 2)) from -1 to 1\(label.isEmpty ? "" : ", \(label)")." }
        let parts = factors.map { "\($0.name) \(ValueFormat.signed(decimals: 2).known($0.score))" }
        let less = discount.map { discount in
            discount.taken.map { " \(discount.name): \(Self.percent.known($0)) less, already in the score." }
                ?? " What \(discount.name.lowercased()) takes off is not known."
        }
        return "\(whole ?? "The score is not known.") Factors: \(parts.joined(separator: ", ")).\(less ?? "")"
    }

    private static let percent = ValueFormat.percent(decimals: 0)

    /// The numbers of the chart.
    public var tables: [DataTable] {
        [
            DataTable(
                caption: title,
                columns: [
                    DataColumn("Factor", .names([label.isEmpty ? "Score" : "Score: \(label)"] + factors.map(\.name))),
                    DataColumn(
                        "Score", unit: "-1 to 1", .numbers([score] + factors.map(\.score), .signed(decimals: 2))),
                    DataColumn("Share", .numbers([nil] + factors.map(\.share), Self.percent)),
                ])
        ]
            + (discount.map { discount in
                [
                    DataTable(
                        caption: "Discount of the score",
                        columns: [
                            DataColumn("Discount", .names([discount.name])),
                            DataColumn("Taken", .numbers([discount.taken], Self.percent)),
                            DataColumn("At most", .numbers([discount.most], Self.percent)),
                        ])
                ]
            } ?? [])
    }

    private static let dial = Box(left: 146, top: 14, width: 250, height: 18)

    /// The image.
    public func drawing(_ id: Anchor) -> Drawing {
        let top = Self.dial.bottom + 34
        let bottom = top + Double(factors.count) * 24
        let rows = factors.enumerated().map { row(id, $1, top: top + Double($0) * 24) }
        let less = discount.map { row(id, $0, top: bottom) } ?? .empty
        return Drawing(
            width: Drawing.narrow, height: bottom + (discount == nil ? 4 : 28), content: dial(id) + .joined(rows) + less
        )
    }

    /// The nine steps of the scale, with a pointer at the score.
    private func dial(_ id: Anchor) -> Markup {
        let box = Self.dial
        let ends = [-1.0, -0.5, 0, 0.5, 1].map { value in
            Shape.text(box.x((value + 1) / 2), box.bottom + 14, "m q", value == 0 ? "0" : Numbers.signed(value, 1))
        }
        guard let score, score.isFinite else {
            return Hatch.box(id, box) + .joined(ends) + Shape.text(0, box.top + 14, "b", "score not known")
        }
        let steps = (0..<9).map { step -> Markup in
            var outline = Outline()
            outline.box(box.columns(Double(step) / 9, Double(step + 1) / 9))
            return .element("g", ["class": "c\(step)"], Shape.path("cell", outline))
        }
        let x = box.x((min(1, max(-1, score)) + 1) / 2)
        var pointer = Outline.through([(x - 7, box.top - 10), (x + 7, box.top - 10), (x, box.top + 1)])
        pointer.close()
        let name = label.isEmpty ? title : label
        return .joined(steps) + Shape.path("glyph", pointer) + Shape.line("pointer", (x, box.top), (x, box.bottom))
            + .joined(ends) + Shape.text(0, box.top + 14, "b", Label.cut(name, 18))
            + Shape.text(box.right + 12, box.top + 15, "big", Numbers.signed(score, 2))
    }

    private func row(_ id: Anchor, _ factor: Factor, top: Double) -> Markup {
        let share = factor.share.map { " (\(Self.percent.known($0)))" } ?? ""
        return row(
            id, Label.cut(factor.name, 18) + share, factor.score, top: top, scale: ValueScale(.linear, of: [-1, 1])
        ) {
            Numbers.signed($0, 2)
        }
    }

    /// The bar of a discount has no side: it begins at the left, and ends where it takes the most.
    private func row(_ id: Anchor, _ discount: Discount, top: Double) -> Markup {
        let name = Label.cut(discount.name, 18) + " (≤ \(Self.percent.known(discount.most)))"
        let scale = ValueScale(.linear, of: [0, discount.most])
        return row(id, name, discount.taken, top: top, style: "less", scale: scale) { "\(Self.percent.known($0)) less" }
    }

    private func row(
        _ id: Anchor, _ name: String, _ value: Double?, top: Double, style: String? = nil, scale: ValueScale,
        _ number: (Double) -> String
    ) -> Markup {
        let box = Box(left: Self.dial.left, top: top, width: Self.dial.width, height: 16)
        let label = Shape.text(0, top + 13, nil, name)
        guard let value, value.isFinite else {
            return label + Hatch.box(id, box) + Shape.text(box.right + 12, top + 13, "q", "n/a")
        }
        return label + Bars.bar(value, style, scale: scale, in: box)
            + Shape.text(box.right + 12, top + 13, nil, number(value))
    }
}

/// Horizontal bars.
enum Bars {
    /// A bar from zero to the value; without a style of its own to the left in blue, to the right in orange.
    static func bar(_ value: Double, _ style: String? = nil, scale: ValueScale, in box: Box) -> Markup {
        guard let share = scale.position(value), let zero = scale.position(0) else { return .empty }
        let part = box.columns(min(share, zero), max(share, zero))
        var outline = Outline()
        outline.box(Box(left: part.left, top: part.top + 2, width: part.width, height: part.height - 4))
        return Shape.line("grid", (box.left, box.top + 8), (box.right, box.top + 8))
            + Shape.path(style ?? (value < 0 ? "minus" : "plus"), outline)
            + Shape.line("zero", (box.x(zero), box.top), (box.x(zero), box.bottom))
    }
}

/// A value per name as horizontal bars: shares of volume, concentration, what moved.
public struct NamedBars: Chart {
    /// What the chart shows.
    public let title: String
    /// What is to be seen, before what the numbers say; may be empty.
    public let note: String
    /// What the names are: `Exchange`.
    public let nameTitle: String
    /// What the values are: `Share of volume`.
    public let valueTitle: String
    /// Names with their values, from the top down; `nil` is hatched.
    public let values: [(name: String, value: Double?)]
    /// How the values are written.
    public let format: ValueFormat

    /// Bars.
    public init(
        title: String, note: String = "", nameTitle: String, valueTitle: String,
        values: [(name: String, value: Double?)],
        format: ValueFormat
    ) {
        (self.title, self.note, self.nameTitle, self.valueTitle) = (title, note, nameTitle, valueTitle)
        (self.values, self.format) = (values, format)
    }

    /// What can be seen, in sentences.
    public var summary: String {
        let said = values.prefix(5).map { "\($0.name) \(format.known($0.value))" }.joined(separator: ", ")
        let more = values.count > 5 ? " and \(values.count - 5) more" : ""
        return [note, values.isEmpty ? "No values." : "\(valueTitle): \(said)\(more)."].filter { !$0.isEmpty }
            .joined(separator: " ")
    }

    /// The numbers of the chart.
    public var tables: [DataTable] {
        [
            DataTable(
                caption: title,
                columns: [
                    DataColumn(nameTitle, .names(values.map(\.name))),
                    DataColumn(valueTitle, .numbers(values.map(\.value), format)),
                ])
        ]
    }

    private var isSigned: Bool {
        switch format {
        case .signed, .signedPercent, .basisPoints, .fundingRate8h: true
        case .number, .dollars, .percent, .price: false
        }
    }

    /// The image.
    public func drawing(_ id: Anchor) -> Drawing {
        let scale = ValueScale(.linearFromZero, of: values.compactMap(\.value))
        let rows = values.enumerated().map { row, each -> Markup in
            let box = Box(left: 146, top: 2 + Double(row) * 22, width: 250, height: 16)
            let name = Shape.text(138, box.top + 13, "e", Label.cut(each.name, width: 136))
            let number = Shape.text(box.right + 12, box.top + 13, nil, each.value.map(format.svg) ?? .text("n/a"))
            let bar =
                each.value.map { Bars.bar($0, isSigned ? nil : "f1", scale: scale, in: box) } ?? Hatch.box(id, box)
            return name + bar + number
        }
        return Drawing(width: Drawing.narrow, height: Double(values.count) * 22 + 4, content: .joined(rows))
    }
}

/// A small line without axes, for a cell or a heading.
public struct Sparkline: Chart {
    /// What the chart shows.
    public let title: String
    /// A value per span of the grid.
    public let series: Series
    /// The spans.
    public let grid: TimeGrid
    /// How the values are written.
    public let format: ValueFormat

    /// A small line.
    public init(title: String, series: Series, grid: TimeGrid, format: ValueFormat) {
        (self.title, self.series, self.grid, self.format) = (title, series, grid, format)
    }

    private var whole: TimeChart {
        TimeChart(title: title, grid: grid, panels: [Panel(series.name, format, .lines([series], .linear))])
    }

    /// What can be seen, in sentences.
    public var summary: String { whole.summary }
    /// The numbers of the chart.
    public var tables: [DataTable] { whole.tables }

    /// The image.
    public func drawing(_ id: Anchor) -> Drawing {
        let box = Box(left: 2, top: 3, width: 124, height: 26)
        return Drawing(
            width: 128, height: 32,
            content: PanelDrawing(whole.panels[0], grid, id, plot: box).bare)
    }
}
