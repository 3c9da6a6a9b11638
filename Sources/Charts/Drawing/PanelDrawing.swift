import PerpCore

/// Draws one panel of a chart over time: its heading with the legend, its axis, its content, and what is not known.
struct PanelDrawing {
    let panel: Panel
    let grid: TimeGrid
    let id: Anchor
    /// Where the values stand.
    let plot: Box
    /// The place of the heading, above the plot.
    let top: Double
    let scale: ValueScale

    /// Room at the left, for the labels of axes.
    static let left = 66.0
    static let right = 8.0
    /// A line of the legend.
    private static let line = 17.0
    /// A strip below the plot in which one series' holes are shown.
    private static let strip = 7.0

    /// A panel whose plot has the given height, from `top` on.
    init(_ panel: Panel, _ grid: TimeGrid, _ id: Anchor, top: Double, height: Double) {
        (self.panel, self.grid, self.id, self.top) = (panel, grid, id, top)
        let lines = Legend(panel).lines.count
        plot = Box(
            left: Self.left, top: top + 24 + Double(lines) * Self.line,
            width: Drawing.width - Self.left - Self.right, height: height)
        scale = Self.scale(panel, ticks: height > 120 ? 5 : 3)
    }

    /// A panel within a box, for its content alone.
    init(_ panel: Panel, _ grid: TimeGrid, _ id: Anchor, plot: Box) {
        (self.panel, self.grid, self.id, self.plot, top) = (panel, grid, id, plot, plot.top)
        scale = Self.scale(panel, ticks: 2)
    }

    /// The content without axis and heading.
    var bare: Markup { holes + content }

    /// The end of the panel, with the strips of holes.
    var bottom: Double { plot.bottom + Double(strips.count) * Self.strip }

    /// The whole panel.
    var markup: Markup {
        Markup.joined([heading, Legend(panel).markup(id, top: top + 18), axis, holes, content, zero, axisAgain])
    }

    // MARK: - Around the plot

    private var heading: Markup {
        let unit = panel.format.unitSVG(panel.format.unit)
        let separator = panel.format.unit.isEmpty ? "" : ", "
        let title =
            Markup.text(Label.cut(panel.title, 60)) + .element("tspan", ["class": "unit"], .text(separator), unit)
        // A phone shows the right end first.
        return Shape.text(0, top + 12, "b", title) + Shape.text(plot.right, top + 12, "b e again", title)
    }

    private var axis: Markup {
        var grid = Outline()
        var labels: [Markup] = []
        for tick in scale.ticks {
            guard let share = scale.position(tick) else { continue }
            let y = plot.y(share)
            grid.move(plot.left, y)
            grid.line(plot.right, y)
            labels.append(Shape.text(plot.left - 6, y + 4, "e q", axisLabel(tick)))
        }
        return Shape.path("grid", grid) + .joined(labels)
    }

    /// The labels of the axis where a phone begins, which shows the right half first.
    private var axisAgain: Markup {
        .joined(
            scale.ticks.compactMap { tick in
                scale.position(tick).map {
                    Shape.text(Drawing.width / 2 + 4, plot.y($0) + 4, "q over again", axisLabel(tick))
                }
            })
    }

    /// The label of a tick. Both sides of liquidations are dollars; below the axis they are not negative.
    private func axisLabel(_ tick: Double) -> Markup {
        if case .liquidations = panel.content { return panel.format.axis(tick.magnitude, step: scale.step) }
        let step = scale.kind == .logarithmic ? tick : scale.step
        return panel.format.axis(tick, step: step)
    }

    /// The line at zero, where the axis has one within.
    private var zero: Markup {
        guard scale.kind != .logarithmic, scale.low <= 0, scale.high >= 0, let share = scale.position(0) else {
            return .empty
        }
        return Shape.line("zero", (plot.left, plot.y(share)), (plot.right, plot.y(share)))
    }

    private static func scale(_ panel: Panel, ticks: Int) -> ValueScale {
        switch panel.content {
        case .lines(let series, let kind):
            ValueScale(kind, of: series.flatMap { $0.values.compactMap { $0 } }, ticks: ticks)
        case .stack(let series): ValueScale(.linearFromZero, of: sums(series), ticks: ticks)
        case .liquidations(let bars):
            ValueScale(.symmetric, of: bars.compactMap { $0 }.flatMap { [$0.long, $0.short] }, ticks: ticks)
        case .fan(let fan):
            ValueScale(
                .linear, of: [fan.observed, fan.mean, fan.low, fan.high].flatMap { $0.compactMap { $0 } }, ticks: ticks)
        }
    }

    /// What is known of each span, summed.
    private static func sums(_ series: [Series]) -> [Double] {
        let count = series.map(\.values.count).max() ?? 0
        return (0..<count).map { index in series.reduce(0) { $0 + ($1.values[safe: index] ?? 0) } }
    }

    // MARK: - Holes

    /// Whether each span of a series is a hole.
    private func isHole(_ values: [Double?]) -> [Bool] { (0..<grid.count).map { values[safe: $0] == nil } }

    /// Series that have holes of their own, where others have values.
    private var strips: [(number: Int, holes: [Range<Int>])] {
        guard case .lines(let series, _) = panel.content, series.count > 1 else { return [] }
        let all = everywhere
        return series.enumerated().compactMap { number, each in
            let holes = zip(isHole(each.values), all).map { $0 && !$1 }.runs
            return holes.isEmpty ? nil : (number, holes)
        }
    }

    /// Spans in which nothing is known.
    private var everywhere: [Bool] {
        switch panel.content {
        case .lines(let series, _), .stack(let series):
            return (0..<grid.count).map { index in series.allSatisfy { $0.values[safe: index] == nil } }
        case .liquidations(let bars):
            return (0..<grid.count).map { !bars.indices.contains($0) || bars[$0] == nil }
        case .fan(let fan):
            let begin = fan.mean.firstIndex { $0 != nil } ?? grid.count
            return (0..<grid.count).map { $0 < begin ? fan.observed[safe: $0] == nil : fan.mean[safe: $0] == nil }
        }
    }

    private var holes: Markup {
        var outline = Outline()
        for run in everywhere.runs { outline.box(columns(run)) }
        let strips = strips.enumerated().map { index, strip -> Markup in
            let place = plot.bottom + 2 + Double(index) * Self.strip
            var outline = Outline()
            for run in strip.holes {
                let columns = columns(run)
                outline.box(Box(left: columns.left, top: place, width: columns.width, height: Self.strip - 2))
            }
            let mark = Box(left: plot.left - 6, top: place, width: 4, height: Self.strip - 2)
            return Shape.box("f\(strip.number % 8 + 1)", mark) + Hatch.path(id, outline)
        }
        return Hatch.path(id, outline) + .joined(strips)
    }

    /// The part of the plot that belongs to some spans.
    private func columns(_ run: Range<Int>) -> Box {
        plot.columns(Double(run.lowerBound) / Double(grid.count), Double(run.upperBound) / Double(grid.count))
    }

    private func middle(_ index: Int) -> Double { plot.x((Double(index) + 0.5) / Double(grid.count)) }

    // MARK: - Content

    private var content: Markup {
        switch panel.content {
        case .lines(let series, _):
            .joined(series.enumerated().map { line($1.values, "l\($0 % 8 + 1)", "f\($0 % 8 + 1)") })
        case .stack(let series): stack(series)
        case .liquidations(let bars): liquidations(bars)
        case .fan(let fan): fanned(fan)
        }
    }

    /// A line that ends at each hole and begins again behind it; a value between two holes is a dot.
    private func line(_ values: [Double?], _ style: String, _ dotStyle: String) -> Markup {
        let points = (0..<grid.count).map { index in
            values[safe: index].flatMap(scale.position).map { (x: middle(index), y: plot.y($0)) }
        }
        var outline = Outline()
        var dots: [Markup] = []
        for run in points.map({ $0 != nil }).runs {
            let piece = points[run].compactMap { $0 }
            if piece.count == 1 { dots.append(Shape.dot(dotStyle, piece[0].x, piece[0].y, radius: 1.8)) }
            for (index, point) in piece.enumerated() where piece.count > 1 {
                if index == 0 { outline.move(point.x, point.y) } else { outline.line(point.x, point.y) }
            }
        }
        return Shape.path(style, outline) + .joined(dots)
    }

    /// Areas above one another. Where a part is missing, the others stand without it, nothing is drawn from one side of the
    /// hole to the other, and the space above them is hatched: the total is not known.
    private func stack(_ series: [Series]) -> Markup {
        let known = (0..<grid.count).map { index in series.map { $0.values[safe: index] != nil } }
        var areas = [Outline](repeating: Outline(), count: series.count)
        var unknown = Outline()
        for run in Self.equalRuns(known) where known[run.lowerBound].contains(true) {
            var floor = [Double](repeating: 0, count: run.count)
            for (number, each) in series.enumerated() where known[run.lowerBound][number] {
                let ceiling = run.enumerated().map { floor[$0] + (each.values[safe: $1] ?? 0) }
                outline(&areas[number], run, floor, ceiling)
                floor = ceiling
            }
            if known[run.lowerBound].contains(false) {
                outline(&unknown, run, floor, floor.map { _ in scale.high })
            }
        }
        return .joined(areas.enumerated().map { Shape.path("a\($0 % 8 + 1)", $1) }) + Hatch.path(id, unknown)
    }

    /// The area between two lines over some spans, out to the ends of the spans.
    private func outline(_ outline: inout Outline, _ run: Range<Int>, _ low: [Double], _ high: [Double]) {
        let ends = columns(run)
        let middles = [ends.left] + run.map(middle) + [ends.right]
        func heights(_ values: [Double]) -> [Double] {
            ([values[0]] + values + [values[values.count - 1]]).map { plot.y(scale.position($0) ?? 0) }
        }
        let points = Array(zip(middles, heights(high))) + zip(middles, heights(low)).reversed()
        for (index, point) in points.enumerated() {
            if index == 0 { outline.move(point.0, point.1) } else { outline.line(point.0, point.1) }
        }
        outline.close()
    }

    /// Spans of neighbors with the same series known.
    private static func equalRuns(_ known: [[Bool]]) -> [Range<Int>] {
        var (runs, start): ([Range<Int>], Int) = ([], 0)
        for index in known.indices where index + 1 == known.count || known[index + 1] != known[index] {
            runs.append(start..<index + 1)
            start = index + 1
        }
        return runs
    }

    private func liquidations(_ bars: [LiquidationBar?]) -> Markup {
        var (longs, shorts, sampledLongs, sampledShorts) = (Outline(), Outline(), Outline(), Outline())
        let width = plot.width / Double(grid.count)
        for (index, bar) in bars.prefix(grid.count).enumerated() {
            guard let bar else { continue }
            func box(_ from: Double, _ to: Double, into outline: inout Outline) {
                let (high, low) = (
                    plot.y(scale.position(max(from, to)) ?? 0), plot.y(scale.position(min(from, to)) ?? 0)
                )
                guard low - high >= 0.05 else { return }
                let left = middle(index) - width * 0.4
                outline.box(Box(left: left, top: high, width: width * 0.8, height: low - high))
            }
            box(0, bar.shortComplete, into: &shorts)
            box(bar.shortComplete, bar.short, into: &sampledShorts)
            box(0, -bar.longComplete, into: &longs)
            box(-bar.longComplete, -bar.long, into: &sampledLongs)
        }
        let sampled =
            Shape.path("f1 part", sampledShorts) + Shape.path("f2 part", sampledLongs)
            + Hatch.dotted(id, sampledShorts) + Hatch.dotted(id, sampledLongs)
        return Shape.path("f1", shorts) + Shape.path("f2", longs) + sampled
            + Shape.text(plot.left + 6, plot.top + 12, "q over", "▲ shorts liquidated")
            + Shape.text(plot.left + 6, plot.bottom - 5, "q over", "▼ longs liquidated")
    }

    private func fanned(_ fan: Fan) -> Markup {
        var band = Outline()
        let both = (0..<grid.count).map { fan.low[safe: $0] != nil && fan.high[safe: $0] != nil }
        for run in both.runs {
            outline(&band, run, run.compactMap { fan.low[safe: $0] }, run.compactMap { fan.high[safe: $0] })
        }
        let begin = fan.mean.firstIndex { $0 != nil }
        let now = begin.map { index -> Markup in
            let x = columns(index..<index + 1).left
            return Shape.line("mark", (x, plot.top), (x, plot.bottom))
                + Shape.text(x + 4, plot.top + 11, "q over", "forecast")
        }
        return Shape.path("band", band) + line(fan.observed, "l1", "f1") + line(fan.mean, "l2", "f2") + (now ?? .empty)
    }
}

extension Array {
    /// The element that is there, and known.
    fileprivate subscript<Value>(safe index: Int) -> Value? where Element == Value? {
        indices.contains(index) ? self[index] : nil
    }
}

/// The names of a panel's parts with a piece of each.
struct Legend {
    private enum Sample { case line, area, dotted, band }
    private struct Item {
        let sample: Sample
        let number: Int
        let name: String

        var width: Double { 42 + Label.width(name) }
    }

    private let items: [Item]

    init(_ panel: Panel) {
        func named(_ series: [Series], _ sample: Sample) -> [Item] {
            guard series.count > 1 else { return [] }
            return series.enumerated().map {
                Item(sample: sample, number: $0 % 8 + 1, name: Label.cut($1.name, 28))
            }
        }
        switch panel.content {
        case .lines(let series, _): items = named(series, .line)
        case .stack(let series): items = named(series, .area)
        case .liquidations:
            items = [
                Item(sample: .area, number: 1, name: "shorts"), Item(sample: .area, number: 2, name: "longs"),
                Item(sample: .dotted, number: 0, name: "only a lower bound"),
            ]
        case .fan(let fan):
            items = [
                Item(sample: .line, number: 1, name: "observed"),
                Item(sample: .line, number: 2, name: "forecast, mean"),
                Item(sample: .band, number: 0, name: Label.cut(fan.interval, 28)),
            ]
        }
    }

    /// The items of each line.
    var lines: [[Int]] {
        var (lines, used): ([[Int]], Double) = ([], .infinity)
        for (index, item) in items.enumerated() {
            if used + item.width > Drawing.width {
                lines.append([])
                used = 0
            }
            lines[lines.count - 1].append(index)
            used += item.width
        }
        return lines
    }

    func markup(_ id: Anchor, top: Double) -> Markup {
        var pieces: [Markup] = []
        for (number, line) in lines.enumerated() {
            var left = 0.0
            let y = top + Double(number) * 17 + 10
            for index in line {
                pieces.append(sample(items[index], id, left, y) + Shape.text(left + 24, y, nil, items[index].name))
                left += items[index].width
            }
        }
        return .joined(pieces)
    }

    private func sample(_ item: Item, _ id: Anchor, _ left: Double, _ y: Double) -> Markup {
        let box = Box(left: left, top: y - 9, width: 18, height: 10)
        return switch item.sample {
        case .line: Shape.line("l\(item.number)", (left, y - 4), (left + 20, y - 4))
        case .area: Shape.box("f\(item.number)", box)
        case .dotted: Hatch.dottedBox(id, box)
        case .band: Shape.box("band", box)
        }
    }
}
