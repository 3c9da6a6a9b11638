import PerpCore

/// Panels above one another that share one axis of time, with marks of what happened: prices, funding, open interest,
/// liquidations of a coin, or one of them alone. Without a panel it is a time line of events.
public struct TimeChart: Chart {
    /// What the chart shows.
    public let title: String
    /// What is to be seen, before what the numbers say; may be empty.
    public let note: String
    /// The spans that each panel has a value for.
    public let grid: TimeGrid
    /// From the top down.
    public let panels: [Panel]
    /// What happened; those outside of the grid are in the table only.
    public let events: [EventMark]

    /// Panels over a grid.
    public init(title: String, note: String = "", grid: TimeGrid, panels: [Panel], events: [EventMark] = []) {
        (self.title, self.note, self.grid) = (title, note, grid)
        self.panels = panels
        self.events = events.sorted { ($0.time, $0.kind.rawValue, $0.text) < ($1.time, $1.kind.rawValue, $1.text) }
    }

    /// What can be seen, in sentences.
    public var summary: String {
        let span = "From \(grid.spoken(grid.start)) to \(TimeText.minute(grid.end)) UTC."
        let said = panels.flatMap { panel in
            panel.columns.map { "\(prefix(panel, $0)): \(Self.sentence($0.values, grid, panel.format))" }
        }
        let marks = events.isEmpty ? [] : ["\(Numbers.counted(events.count, "event"))."]
        return ([note, span].filter { !$0.isEmpty } + said + marks).joined(separator: " ")
    }

    /// The numbers of the chart.
    public var tables: [DataTable] {
        var tables: [DataTable] = []
        if !panels.isEmpty {
            let columns = panels.flatMap { panel in
                panel.columns.map { DataColumn(prefix(panel, $0), .numbers(padded($0.values), panel.format)) }
            }
            tables.append(
                DataTable(caption: title, columns: [DataColumn("Start", .grid(grid))] + columns))
        }
        if !events.isEmpty || panels.isEmpty {
            tables.append(
                DataTable(
                    caption: "\(title): events",
                    columns: [
                        DataColumn("Time", .times(events.map(\.time))),
                        DataColumn("Kind", .words(events.map(\.kind.rawValue))),
                        DataColumn("Event", .names(events.map(\.text))),
                    ]))
        }
        return tables
    }

    /// The image.
    public func drawing(_ id: Anchor) -> Drawing {
        let height = panels.count > 1 ? 104.0 : 190
        let lanes = EventLanes(events, grid, top: 4)
        var top = lanes.bottom
        let drawings = panels.map { panel -> PanelDrawing in
            let drawing = PanelDrawing(panel, grid, id, top: top, height: height)
            top = drawing.bottom + 16
            return drawing
        }
        let plots = drawings.map(\.plot)
        let bottom = drawings.last?.bottom ?? lanes.bottom
        let first = plots.first ?? lanes.box
        let columns = Box(left: first.left, top: first.top, width: first.width, height: bottom - first.top)
        let axis = timeAxis(plots.isEmpty ? [lanes.box] : plots, bottom: bottom)
        return Drawing(
            width: Drawing.width, height: bottom + 26,
            content: (panels.contains(where: \.hasLowerBounds) ? Hatch.dots(id) : .empty) + axis
                + .joined(drawings.map(\.markup)) + lanes.markup(through: plots),
            columns: panels.isEmpty ? nil : columns)
    }

    private func timeAxis(_ plots: [Box], bottom: Double) -> Markup {
        var lines = Outline()
        var labels: [Markup] = []
        for tick in TimeTicks(grid).ticks {
            let x = plots[0].x(grid.position(tick.time))
            for plot in plots {
                lines.move(x, plot.top)
                lines.line(x, plot.bottom)
            }
            // The last label would leave the drawing.
            let style = x > Drawing.width - 30 ? "e q" : "m q"
            labels.append(Shape.text(min(x, Drawing.width), bottom + 19, style, tick.label))
        }
        return Shape.path("grid", lines) + .joined(labels) + Shape.text(0, bottom + 19, "q", "UTC")
    }

    /// The column's name; with the panel's when there are several.
    private func prefix(_ panel: Panel, _ series: Series) -> String {
        panels.count == 1 && panel.columns.count > 1
            ? series.name
            : panel.columns.count == 1 ? panel.title : "\(panel.title): \(series.name)"
    }

    private func padded(_ values: [Double?]) -> [Double?] {
        (0..<grid.count).map { $0 < values.count ? values[$0] : nil }
    }

    /// What a list of values says: the last one, the least and the greatest, how many are not known.
    private static func sentence(_ values: [Double?], _ grid: TimeGrid, _ format: ValueFormat) -> String {
        let known = values.prefix(grid.count).compactMap { $0 }
        guard let last = known.last, let least = known.min(), let most = known.max() else { return "nothing is known." }
        let holes = grid.count - known.count
        let unknown = holes == 0 ? "" : ", \(holes) of \(grid.count) not known"
        let unit = format == .fundingRate8h ? " \(format.unit)" : ""
        return "last \(format.text(last)), from \(format.text(least)) to \(format.text(most))\(unit)\(unknown)."
    }
}

/// Marks of events, a lane per kind.
struct EventLanes {
    private let kinds: [EventMark.Kind]
    private let events: [EventMark]
    private let grid: TimeGrid
    let box: Box

    private static let lane = 18.0

    init(_ events: [EventMark], _ grid: TimeGrid, top: Double) {
        let shown = events.filter { $0.time >= grid.start && $0.time <= grid.end }
        kinds = EventMark.Kind.allCases.filter { kind in shown.contains { $0.kind == kind } }
        (self.events, self.grid) = (shown, grid)
        let left = PanelDrawing.left
        box = Box(
            left: left, top: top, width: Drawing.width - left - PanelDrawing.right,
            height: Double(kinds.count) * Self.lane)
    }

    var bottom: Double { kinds.isEmpty ? box.top : box.bottom + 8 }

    /// The marks, and lines from them through the panels.
    func markup(through plots: [Box]) -> Markup {
        .joined(kinds.enumerated().map { lane(Double($0), $1, plots) })
    }

    private func lane(_ number: Double, _ kind: EventMark.Kind, _ plots: [Box]) -> Markup {
        let y = box.top + (number + 0.5) * Self.lane
        let marks = events.filter { $0.kind == kind }
        var pieces = [Shape.text(0, y + 4, "q", Self.short(kind)), Shape.line("grid", (box.left, y), (box.right, y))]
        for (index, event) in marks.enumerated() {
            let x = box.x(grid.position(event.time))
            let next = index + 1 < marks.count ? box.x(grid.position(marks[index + 1].time)) : box.right
            let text = Label.cut(event.text, 30)
            let label = Label.width(text) < next - x - 14 ? Shape.text(x + 9, y + 4, "over", text) : .empty
            let title = Markup.element("title", [:], text: "\(TimeText.minute(event.time)) \(event.text)")
            let lines = plots.map { Shape.line("mark", (x, $0.top), (x, $0.bottom)) }
            pieces.append(.joined(lines) + .element("g", ["class": "event"], title, Self.shape(kind, x, y)) + label)
        }
        return .joined(pieces)
    }

    private static func short(_ kind: EventMark.Kind) -> String {
        kind == .intervalChange ? "interval" : kind.rawValue
    }

    /// A shape per kind: a triangle up or down, a diamond, a disc, a cross, a square.
    private static func shape(_ kind: EventMark.Kind, _ x: Double, _ y: Double) -> Markup {
        let r = 5.0
        var outline = Outline()
        switch kind {
        case .listing: outline = .through([(x - r, y + r - 1), (x, y - r), (x + r, y + r - 1)])
        case .delisting: outline = .through([(x - r, y - r + 1), (x, y + r), (x + r, y - r + 1)])
        case .intervalChange: outline = .through([(x, y - r), (x + r, y), (x, y + r), (x - r, y)])
        case .alert: return Shape.dot("glyph", x, y, radius: r - 0.5)
        case .outage:
            for (from, to) in [(-4.0, 4.0), (4, -4)] {
                outline.move(x + from, y - 4)
                outline.line(x + to, y + 4)
            }
            return Shape.path("cross", outline)
        case .restatement: outline = .through([(x - 4, y - 4), (x + 4, y - 4), (x + 4, y + 4), (x - 4, y + 4)])
        }
        outline.close()
        return Shape.path("glyph", outline)
    }
}
