/// A chart: an image with a title and a description, and tables with the same numbers.
public protocol Chart: Sendable {
    /// What the chart shows, in a few words.
    var title: String { get }
    /// What can be seen, for those who do not see it.
    var summary: String { get }
    /// The numbers of the chart.
    var tables: [DataTable] { get }
    /// The image.
    /// - Parameter id: distinct within the page.
    func drawing(_ id: Anchor) -> Drawing
}

/// What a chart draws.
public struct Drawing: Sendable {
    let width: Double
    let height: Double
    let content: Markup
    /// Where the columns of the first table's rows stand, for the read-out of a chart over time.
    let columns: Box?

    init(width: Double, height: Double, content: Markup, columns: Box? = nil) {
        (self.width, self.height, self.content, self.columns) = (width, height, content, columns)
    }

    /// The width of charts over time.
    static let width = 800.0
    /// The width of charts that a phone shows whole.
    static let narrow = 480.0

    /// The class that says how small the drawing may be shown.
    fileprivate var style: String {
        switch width {
        case ..<300: "spark"
        case ...Self.narrow: "chart narrow"
        case ...Self.width: "chart"
        case ...1000: "chart wide"
        default: "chart vast"
        }
    }
}

extension Chart {
    /// The chart as an SVG element.
    ///
    /// It scales to the width it is given. It has its own hatch, so that it can be copied out of the page; colors and fonts are
    /// classes of the page's style sheet.
    /// - Parameter id: distinct within the page; the ids within the image begin with it.
    public func svg(_ id: Anchor) -> Markup {
        let drawing = drawing(id)
        let columns = drawing.columns
        return .element(
            "svg",
            [
                "xmlns": "http://www.w3.org/2000/svg", "role": "img", "class": drawing.style,
                "viewBox": "0 0 \(Pixels.text(drawing.width)) \(Pixels.text(drawing.height))",
                "aria-labelledby": "\(id.part("title")) \(id.part("description"))",
                "data-left": columns.map { Pixels.text($0.left) }, "data-right": columns.map { Pixels.text($0.right) },
                "data-top": columns.map { Pixels.text($0.top) }, "data-bottom": columns.map { Pixels.text($0.bottom) },
            ],
            .element("title", ["id": id.part("title")], text: title),
            .element("desc", ["id": id.part("description")], text: summary),
            .element("defs", [:], Hatch.pattern(id)), drawing.content)
    }
}

/// The patterns that mean: not known, and: only a lower bound.
enum Hatch {
    static func pattern(_ id: Anchor) -> Markup {
        .element(
            "pattern",
            [
                "id": id.part("hatch"), "width": "6", "height": "6", "patternUnits": "userSpaceOnUse",
                "patternTransform": "rotate(45)",
            ], .element("path", ["class": "hatch", "d": "M0 0v6M3 0v6"]))
    }

    /// The pattern of dotted areas, which few charts have.
    static func dots(_ id: Anchor) -> Markup {
        .element(
            "defs", [:],
            .element(
                "pattern", ["id": id.part("dots"), "width": "5", "height": "5", "patternUnits": "userSpaceOnUse"],
                .element("path", ["class": "dots", "d": "M1 1h2v2h-2z"])))
    }

    /// A hatched area: not known.
    static func path(_ id: Anchor, _ outline: Outline) -> Markup { path(id.part("hatch"), outline) }

    /// A dotted area: only a lower bound.
    static func dotted(_ id: Anchor, _ outline: Outline) -> Markup { path(id.part("dots"), outline) }

    private static func path(_ pattern: String, _ outline: Outline) -> Markup {
        guard !outline.isEmpty else { return .empty }
        return .element("path", ["class": "hole", "fill": "url(#\(pattern))", "d": outline.source])
    }

    static func box(_ id: Anchor, _ box: Box) -> Markup { path(id, outline(box)) }

    static func dottedBox(_ id: Anchor, _ box: Box) -> Markup { dotted(id, outline(box)) }

    private static func outline(_ box: Box) -> Outline {
        var outline = Outline()
        outline.box(box)
        return outline
    }
}
