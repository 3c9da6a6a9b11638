import Foundation
import PerpCore
import Testing

@testable import Charts

@Suite("Pages")
struct PageTests {
    private let source = Samples().page.html

    private func page() throws -> Element { try Element.read(source) }

    @Test("an id is there once, and what refers to one finds it")
    func ids() throws {
        let elements = try page().all
        let ids = elements.compactMap { $0["id"] }
        #expect(Set(ids).count == ids.count)
        let links = elements.compactMap { $0["href"] }.filter { $0.hasPrefix("#") }.map { String($0.dropFirst()) }
        let labels = elements.compactMap { $0["aria-labelledby"] }.flatMap { $0.split(separator: " ").map(String.init) }
        let hatches = elements.compactMap { $0["fill"] }.filter { $0.hasPrefix("url(#") }.map { String($0.dropFirst(5).dropLast()) }
        #expect(Set(links + labels + hatches).subtracting(ids).isEmpty)
        #expect(!links.isEmpty && !labels.isEmpty && !hatches.isEmpty)
    }

    @Test("headings are in order, and there are the landmarks")
    func structure() throws {
        let elements = try page().all
        let levels = elements.compactMap { $0.name.count == 2 && $0.name.hasPrefix("h") ? Int($0.name.dropFirst()) : nil }
        #expect(levels.first == 1 && levels.filter { $0 == 1 }.count == 1)
        for (level, next) in zip(levels, levels.dropFirst()) { #expect(next <= level + 1) }
        for landmark in ["header", "nav", "main", "footer"] { #expect(elements.filter { $0.name == landmark }.count == 1) }
        #expect(elements[0]["lang"] == "en")
    }

    @Test("each image has a role, a title and a description, and a table follows it")
    func images() throws {
        let figures = try page().all.filter { $0["class"] == "figure" }
        let images = figures.filter { figure in figure.all.contains { $0.name == "svg" } }
        #expect(images.count == Samples().charts.count + 2)
        for figure in images {
            let svg = try #require(figure.all.first { $0.name == "svg" })
            #expect(svg["role"] == "img" && svg["viewBox"] != nil)
            #expect(svg.children.prefix(2).map(\.name) == ["title", "desc"] && svg.children.prefix(2).allSatisfy { !$0.text.isEmpty })
            #expect(figure.all.contains { $0.name == "details" && $0.all.contains { $0.name == "table" } })
        }
    }

    @Test("each table has a caption and heads with scopes, each control its label")
    func labels() throws {
        let elements = try page().all
        for table in elements.filter({ $0.name == "table" }) {
            #expect(table.children.first?.name == "caption")
            #expect(table.all.filter { $0.name == "th" }.allSatisfy { $0["scope"] != nil })
        }
        for label in elements.filter({ $0.name == "label" }) {
            #expect(label.all.contains { $0.name == "input" } && !label.text.isEmpty)
        }
        #expect(elements.filter { $0["tabindex"] != nil }.allSatisfy { $0["role"] == "group" && $0["aria-label"] != nil })
    }

    @Test("nothing is asked for, and no attribute has style or script")
    func requests() throws {
        for element in try page().all {
            #expect(element["src"] == nil && element["style"] == nil)
            #expect(element.attributes.allSatisfy { !$0.name.hasPrefix("on") })
            if let address = element["href"] { #expect(["#", "./", "../", "data:,"].contains { address.hasPrefix($0) }, "\(address)") }
            if element.name == "script" { #expect(element["type"] == "application/json" || element.attributes.isEmpty) }
        }
        #expect(!StyleSheet.source.contains("url(") && !StyleSheet.source.contains("@import"))
    }

    @Test("style and script of the page are those that its policy allows")
    func policy() throws {
        let elements = try page().all
        let policy = try #require(elements.first { $0["http-equiv"] == "Content-Security-Policy" }?["content"])
        #expect(policy.hasPrefix("default-src 'none'; "))
        let style = try #require(elements.first { $0.name == "style" }?.text)
        let script = try #require(elements.first { $0.name == "script" && $0["type"] == nil }?.text)
        #expect(policy.contains("style-src 'sha256-\(SHA256.base64(of: style))'"))
        #expect(policy.contains("script-src 'sha256-\(SHA256.base64(of: script))'"))
    }

    @Test("style and script are the same in HTML and in XML")
    func plain() {
        for text in [StyleSheet.source, PageScript.source] {
            #expect(!text.contains("<") && !text.contains("&") && !text.contains("]]>") && !text.contains("\r"))
        }
    }

    @Test("the same values make the same bytes")
    func same() { #expect(Samples().page.html == source) }

    @Test("a figure says when, of how many exchanges, and from where")
    func origin() throws {
        let captions = try page().all.filter { $0.name == "figcaption" }.map(\.text)
        #expect(
            captions.first == "incomplete · as of 2025-10-23 15:00 UTC · 7 of 8 exchanges · source: funding_rates · "
                + "how these numbers came about")
        #expect(Provenance(asOf: nil, unit: "", source: "x").parts == ["source: x"])
    }

    @Test("the unit switch is there where funding is, and eight hours are chosen")
    func unitSwitch() throws {
        let inputs = try page().all.filter { $0.name == "input" }
        #expect(inputs.map { $0["class"] } == ["choose-u1", "choose-u8", "choose-uy"])
        #expect(inputs.map { $0["checked"] } == [nil, "checked", nil])
        let other = Page(title: "A", asOf: nil, navigation: [], sections: [], hasFunding: false)
        #expect(!other.html.contains("<input"))
    }

    @Test("a coin's month in five panels, a heat map of 30 coins on 23 exchanges and a calendar fit into 500 kB")
    func size() {
        #expect(Self.large.html.utf8.count <= 500_000)
    }

    /// As much as a page is meant to hold.
    private static var large: Page {
        let grid = TimeGrid(hours: Hour("2025-09-24T00")!...Hour("2025-10-23T23")!)
        var random = SplitMix64(seed: 1)
        func values() -> [Double?] { (0..<grid.count).map { _ in Double.random(in: 1e8...9e8, using: &random) } }
        func chart(_ content: Panel.Content, _ format: ValueFormat) -> TimeChart {
            TimeChart(title: "A chart", grid: grid, panels: [Panel("A panel", format, content)])
        }
        let panels = TimeChart(
            title: "A coin", grid: grid,
            panels: [
                Panel("Price", .price, .lines([Series("Mark", values())], .linear)),
                Panel("Funding", .fundingRate8h, .lines([Series("Mean", values().map { $0.map { $0 / 1e12 } })], .linear)),
                Panel("Open interest", .dollars, .lines([Series("Sum", values())], .linear)),
                Panel(
                    "Liquidations", .dollars,
                    .liquidations(
                        (0..<grid.count).map { _ in
                            LiquidationBar(longComplete: 1.234567e6, longSampled: 2e5, shortComplete: 7e5, shortSampled: 1e5)
                        })),
            ])
        let cells = (0..<30).map { _ in (0..<23).map { _ in HeatMap.Cell.value(Double.random(in: -0.001...0.001, using: &random)) } }
        let map = HeatMap(
            title: "Funding", rowTitle: "Coin", rows: (0..<30).map { "COIN\($0)" }, columns: (0..<23).map { "Exchange \($0)" },
            cells: cells, format: .fundingRate8h)
        let charts: [any Chart] = [panels, map, Samples().calendar]
        return Page(
            title: "Large", asOf: nil, navigation: [],
            sections: [.init("All", figures: charts.map { Samples().figure($0, "a") })], hasFunding: true)
    }
}

@Suite("Hostile names")
struct HostileNameTests {
    @Test("whatever a name is, the page has the same elements", arguments: HostileNames.all)
    func structure(name: String) throws {
        #expect(try Self.counted(Samples(hostile: name)) == Self.usual.get())
    }

    private static let usual = Result { try counted(Samples()) }

    /// How often each element is there with its attributes. A text in a legend may take another line, which is no other
    /// element; marks of events have a label only where there is room for it; a long head of a row has the class that wraps it.
    private static func counted(_ samples: Samples) throws -> [String: Int] {
        try Element.read(samples.page.html).all.filter { $0["class"] != "over" }.reduce(into: [:]) { counts, element in
            let names = element.attributes.map(\.name).filter { element.name != "th" || $0 != "class" }
            counts["\(element.name) \(names.joined(separator: " "))", default: 0] += 1
        }
    }

    @Test("the JSON of a figure has the exact name", arguments: HostileNames.all)
    func json(name: String) throws {
        let figure = Samples(hostile: name).figure(Samples(hostile: name).heatMap, "heat-map")
        let element = try Element.read(figure.html.source)
        let script = try #require(element.all.first { $0.name == "script" })
        let json = try JSONSerialization.jsonObject(with: Data(script.text.utf8)) as? [String: Any]
        let columns = (json?["tables"] as? [[String: Any]])?.first?["columns"] as? [[String: Any]]
        // Compared by code points: equal text in Swift may have others.
        let first = (columns?.first?["values"] as? [String])?.first
        #expect(first.map { Array($0.unicodeScalars) } == Array((name + "BTC").unicodeScalars))
        #expect(!script.text.contains("<") && !script.text.contains("&"))
    }

    @Test("a name of wide letters is cut before it leaves its place, a usual one is not")
    func widths() {
        #expect(Label.cut("BABYDOGE", width: 84) == "BABYDOGE")
        // Seven of twelve pixels, the last of which gives way.
        #expect(Label.cut(String(repeating: "W", count: 200), width: 84) == "WWWWW…")
    }

    @Test("in an image a name is never longer than its place", arguments: HostileNames.all)
    func images(name: String) throws {
        for (_, chart) in Samples(hostile: name).charts {
            let texts = try Element.read(chart.svg(Anchor("x")).source).all.filter { $0.name == "text" }.map(\.text)
            #expect(texts.allSatisfy { $0.count <= 70 })
        }
    }
}
