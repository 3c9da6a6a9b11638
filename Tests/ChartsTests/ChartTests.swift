import PerpCore
import Testing

@testable import Charts

/// Charts of ten hours with a plot that is read back from what was drawn.
@Suite("Charts over time")
struct TimeChartTests {
    private let grid = TimeGrid(hours: Hour("2025-10-23T00")!...Hour("2025-10-23T09")!)

    private func drawn(_ content: Panel.Content, _ format: ValueFormat = .number(decimals: 0)) throws -> Element {
        try Element.read(
            TimeChart(title: "A title", grid: grid, panels: [Panel("Panel", format, content)]).svg(Anchor("x")).source)
    }

    private func paths(_ chart: Element, _ style: String) -> [String] {
        chart.all.filter { $0["class"] == style && $0.name == "path" }.compactMap { $0["d"] }
    }

    /// How many pieces a path has.
    private func pieces(_ path: String) -> Int { path.split(separator: "M").count }

    private func line(_ values: [Double?], _ kind: ScaleKind = .linear) -> Panel.Content { .lines([Series("A", values)], kind) }

    @Test("a line ends at a hole and begins again behind it; the hole is hatched")
    func hole() throws {
        let chart = try drawn(line([1, 2, 3, nil, nil, 6, 7, 8, 9, 10]))
        let lines = paths(chart, "l1")
        #expect(lines.count == 1 && pieces(lines[0]) == 2)
        // The plot is 66 to 792: a tenth is 72.6. Hours 3 and 4 are from 283.8 to 429.
        #expect(paths(chart, "hole").contains { $0.hasPrefix("M283.8 ") && $0.contains("h145.2v") })
    }

    @Test("points are in the middle of their hours")
    func middles() throws {
        // 0 to 10 over a plot that is 190 high, from 32 on (heading and margin: 4 + 4 + 24).
        let chart = try drawn(line([0, 10] + Array(repeating: nil, count: 8)))
        let points = try #require(paths(chart, "l1").first)
        // 66 + 36.3 = 102.3; the second is 72.6 to the right and 190 up.
        #expect(points.hasPrefix("M102.3 ") && points.hasSuffix("l72.6-190"))
    }

    @Test("a value between two holes is a dot, and zero is a value")
    func lonely() throws {
        let chart = try drawn(line([nil, 5, nil, 0, 0, nil, nil, nil, nil, nil]))
        #expect(chart.all.filter { $0.name == "circle" }.count == 1)
        #expect(pieces(try #require(paths(chart, "l1").first)) == 1)
    }

    @Test("a hole of one series among others is a strip of its own")
    func strip() throws {
        let whole: [Double?] = Array(repeating: 1, count: 10)
        let chart = try drawn(.lines([Series("A", whole), Series("B", [nil] + whole.dropFirst())], .linear))
        #expect(paths(chart, "hole").count == 1)
        #expect(chart.all.contains { $0.name == "rect" && $0["class"] == "f2" && $0["x"] == "60" })
        let none = try drawn(.lines([Series("A", whole), Series("B", whole)], .linear))
        #expect(paths(none, "hole").isEmpty)
    }

    @Test("lists that are too short are holes at their end")
    func short() throws {
        #expect(paths(try drawn(line([1, 2])), "hole").count == 1)
        #expect(paths(try drawn(line([])), "hole").first?.contains("h726v") == true)
    }

    @Test("values that are not positive are not drawn on a logarithmic axis")
    func logarithmic() throws {
        let chart = try drawn(line([1, 10, 0, 10, 100, -1, 5, 5, 5, 5], .logarithmic))
        #expect(pieces(try #require(paths(chart, "l1").first)) == 3)
    }

    @Test("where a part of a stack is missing, the total is not known and nothing bridges it")
    func stack() throws {
        let whole: [Double?] = Array(repeating: 10, count: 10)
        var broken = whole
        broken[4] = nil
        let panel = Panel("OI", .dollars, .stack([Series("A", whole), Series("B", broken)]))
        #expect(panel.columns.map(\.name) == ["A", "B", "Total"])
        #expect(panel.columns[2].values == [20, 20, 20, 20, nil, 20, 20, 20, 20, 20])
        let chart = try drawn(panel.content, .dollars)
        #expect(pieces(try #require(paths(chart, "a1").first)) == 3)
        #expect(pieces(try #require(paths(chart, "a2").first)) == 2)
        #expect(paths(chart, "hole").count == 1)
    }

    @Test("longs are below the axis and shorts above, the lower bounds behind what is complete")
    func liquidations() throws {
        let bar = LiquidationBar(longComplete: 100, longSampled: 0, shortComplete: 50, shortSampled: 50)
        let chart = try drawn(.liquidations([bar] + Array(repeating: nil, count: 9)), .dollars)
        // The legend's line puts the plot 17 lower; its middle is at 4 + 24 + 17 + 95 = 140. 100 of 104 is 91.3 high.
        let longs = try #require(paths(chart, "f2").first), shorts = try #require(paths(chart, "f1").first)
        #expect(longs.hasPrefix("M73.3 140h58") && longs.contains("v91.3") || longs.contains("v91.4"))
        #expect(shorts.hasPrefix("M73.3 94.3h58") && shorts.contains("v45.7"))
        #expect(paths(chart, "f1 part").count == 1 && paths(chart, "f2 part").isEmpty)
    }

    @Test("a forecast is no hole of what was observed, and a missing forecast is one")
    func fan() throws {
        let none = [Double?](repeating: nil, count: 5)
        let fan = Fan(
            observed: [1, 2, nil, 2, 1] + none, mean: none + [1, 1, nil, 1, 1], low: none + [0, 0, nil, 0, 0],
            high: none + [2, 2, nil, 2, 2], interval: "10 to 90 %")
        let chart = try drawn(.fan(fan))
        #expect(pieces(try #require(paths(chart, "band").first)) == 2)
        #expect(pieces(try #require(paths(chart, "hole").last)) == 2)
    }

    @Test("the description says the last value, the range and what is not known")
    func summary() {
        let chart = TimeChart(
            title: "A title", note: "A note.", grid: grid,
            panels: [Panel("Volume", .dollars, line([1e6, nil, 3e6, 2e6, 2e6, 2e6, 2e6, 2e6, 2e6, 2e6]))])
        #expect(
            chart.summary == "A note. From 2025-10-23 00:00 to 2025-10-23 10:00 UTC. "
                + "Volume: last $2.0M, from $1.0M to $3.0M, 1 of 10 not known.")
        let empty = TimeChart(title: "A title", grid: grid, panels: [Panel("Volume", .dollars, line([]))])
        #expect(empty.summary.hasSuffix("Volume: nothing is known."))
    }

    @Test("events out of the span are in the table only, and each kind has its lane")
    func events() throws {
        let events = [
            EventMark(Hour("2025-10-23T05")!.startTime, .listing, "A"), EventMark(Hour("2025-10-22T05")!.startTime, .alert, "B"),
        ]
        let chart = TimeChart(title: "A title", grid: grid, panels: [], events: events)
        let drawing = try Element.read(chart.svg(Anchor("x")).source)
        #expect(drawing.all.filter { $0["class"] == "event" }.count == 1)
        #expect(chart.tables.count == 1 && chart.tables[0].rowCount == 2)
    }

    @Test("coordinates have one decimal at most")
    func decimals() throws {
        for (_, chart) in Samples().charts {
            let element = try Element.read(chart.svg(Anchor("x")).source)
            for number in element.all.compactMap({ $0["d"] }).joined(separator: " ").split(whereSeparator: { !"0123456789.".contains($0) }) {
                #expect((number.split(separator: ".").dropFirst().first?.count ?? 0) <= 1, "\(number)")
            }
        }
    }
}

@Suite("Other charts")
struct OtherChartTests {
    private func map(_ cells: [[HeatMap.Cell]]) -> HeatMap {
        HeatMap(
            title: "A title", rowTitle: "Coin", rows: cells.indices.map { "R\($0)" },
            columns: (cells.first ?? []).indices.map { "C\($0)" }, cells: cells, format: .signed(decimals: 1))
    }

    @Test("a cell has the color of its size, a missing one is hatched, an absent one is empty")
    func heatMap() throws {
        let map = map([[.value(-2), .value(0), .value(1)], [.missing(cause: "HTTP 429"), .absent, .value(2)]])
        let chart = try Element.read(map.svg(Anchor("x")).source)
        #expect(map.limit == 2)
        func texts(_ step: Int) -> [String] {
            chart.all.filter { $0["class"] == "c\(step)" }.flatMap(\.children).filter { $0.name == "text" }.map(\.text)
        }
        #expect(texts(0) == ["-2.0"] && texts(4) == ["0.0"] && texts(6) == ["+1.0"] && texts(8) == ["+2.0"])
        // One of the map, one of the legend.
        #expect(chart.all.filter { $0["class"] == "hole" }.count == 2)
        #expect(map.tables.count == 2 && map.tables[1].rowCount == 1)
        #expect(map.summary.contains("Highest: R1 on C2, +2.0. Lowest: R0 on C0, -2.0. 1 value not known."))
    }

    @Test("a map without a value has a drawing")
    func emptyMap() throws {
        _ = try Element.read(map([[.missing(cause: "no response")]]).svg(Anchor("x")).source)
        _ = try Element.read(map([]).svg(Anchor("x")).source)
    }

    @Test("a calendar counts its hours, and its table has a row per span of one state")
    func calendar() throws {
        let day = CalendarDay("2025-10-23")!
        let states =
            Array(repeating: CoverageCalendar.State.complete, count: 3)
            + [.partial(share: 0.5, cause: "b"), .missing(cause: "a"), .missing(cause: "a")]
        let calendar = CoverageCalendar(title: "A title", days: day...day, states: states)
        #expect(calendar.states.count == 24 && calendar.causes == ["a", "b"])
        #expect(calendar.summary.contains("3 hours complete, 1 in part, 2 missing. Causes, most frequent first: a, b."))
        #expect(calendar.tables[0].rowCount == 3)
        let chart = try Element.read(calendar.svg(Anchor("x")).source)
        let letters = try #require(chart.all.first { $0["class"] == "over m" })
        #expect(letters.children.map(\.text) == ["B", "A", "A"])
    }

    @Test("more causes than letters share the last one")
    func letters() { #expect([0, 24, 25, 99].map(CoverageCalendar.letter) == ["A", "Y", "Z", "Z"]) }

    @Test("a score that is not known is hatched, and so is a factor")
    func gauge() throws {
        let gauge = ScoreGauge(title: "Sentiment", score: nil, label: "", factors: [.init("Funding", score: nil, share: nil)])
        let chart = try Element.read(gauge.svg(Anchor("x")).source)
        #expect(chart.all.filter { $0["class"] == "hole" }.count == 2)
        #expect(gauge.summary == "The score is not known. Factors: Funding n/a.")
    }

    @Test("a discount has no side: it is no factor, and its bar ends where it takes the most")
    func discount() throws {
        func gauge(_ taken: Double?) -> ScoreGauge {
            ScoreGauge(
                title: "Sentiment", score: 0.4, label: "BULLISH", factors: [.init("Funding", score: 0.5, share: 0.25)],
                discount: .init("Divergence", taken: taken, most: 0.3))
        }
        let chart = try Element.read(gauge(0.15).svg(Anchor("x")).source)
        #expect(chart.all.filter { $0.name == "text" }.suffix(2).map(\.text) == ["Divergence (≤ 30%)", "15% less"])
        #expect(chart.all.filter { $0["class"] == "plus" || $0["class"] == "minus" }.count == 1)
        #expect(chart.all.filter { $0["class"] == "less" }.count == 1)
        #expect(gauge(0.15).tables.map(\.caption) == ["Sentiment", "Discount of the score"])
        #expect(gauge(0.15).summary.hasSuffix("Factors: Funding +0.50. Divergence: 15% less, already in the score."))
        #expect(gauge(nil).summary.hasSuffix("What divergence takes off is not known."))
    }

    @Test(
        "a long text is cut, also one of many marks",
        arguments: [("Binance", "Binance"), ("HyperLiquid", "HyperLi…"), ("", "")])
    func cut(text: String, expected: String) {
        #expect(Label.cut(text, 8) == expected)
        #expect(Label.cut("e" + String(repeating: "\u{0301}", count: 300), 8).unicodeScalars.count <= 25)
    }
}

@Suite("Tables")
struct DataTableTests {
    private let table = DataTable(
        caption: "Funding",
        columns: [
            DataColumn("Coin", .names(["BTC", "<b>"])), DataColumn("Rate", .numbers([0.0001, nil], .fundingRate8h)),
            DataColumn("Price", unit: "USDT", .numbers([.nan, 0], .number(decimals: 1))),
        ])

    @Test("a table has a caption, scopes, units and no zero for what is not known")
    func html() throws {
        let element = try Element.read(table.html(id: "t", switches: true).source)
        #expect(element.all.filter { $0.name == "caption" }.map(\.text) == ["Funding"])
        #expect(element.all.filter { $0["scope"] == "col" }.map(\.text) == ["Coin", "Rate % per 1 h% per 8 h% per year", "Price USDT"])
        #expect(element.all.filter { $0["scope"] == "row" }.map(\.text) == ["BTC", "<b>"])
        #expect(element.all.filter { $0.name == "td" }.map(\.text) == ["+0.00125+0.0100+10.95", "n/a", "n/a", "0.0"])
    }

    @Test("a table behind a chart has funding per eight hours only")
    func folded() throws {
        let element = try Element.read(table.html(id: "t", switches: false).source)
        #expect(element.all.filter { $0["scope"] == "col" }.map(\.text) == ["Coin", "Rate % per 8 h", "Price USDT"])
        #expect(element.all.filter { $0.name == "td" }.map(\.text) == ["+0.0100", "n/a", "n/a", "0.0"])
    }

    @Test("JSON has columns, with units of what is stored")
    func json() {
        #expect(
            table.json == #"[{"name":"Coin","values":["BTC","\u003cb\u003e"]},"#
                + #"{"name":"Rate","unit":"fraction of notional per 8 h","values":[0.0001,null]},"#
                + #"{"name":"Price","unit":"USDT","values":[null,0]}]"#)
    }

    @Test("a grid is its start and its step")
    func grid() {
        let grid = TimeGrid(hours: Hour("2025-10-23T00")!...Hour("2025-10-23T09")!)
        let table = DataTable(caption: "A", columns: [DataColumn("Start", .grid(grid))])
        #expect(table.json == #"[{"name":"Start","unit":"UTC milliseconds","start":1761177600000,"step":3600000}]"#)
    }
}
