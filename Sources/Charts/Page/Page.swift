import PerpCore

/// A page of the site: one HTML file that asks for nothing else.
public struct Page: Sendable {
    /// An entry of the navigation.
    public struct Entry: Hashable, Sendable {
        /// What it says.
        public let text: String
        /// Where it leads.
        public let link: PageLink
        /// Whether it is this page.
        public let isCurrent: Bool

        /// An entry.
        public init(_ text: String, _ link: PageLink, isCurrent: Bool = false) {
            (self.text, self.link, self.isCurrent) = (text, link, isCurrent)
        }
    }

    /// A number that is shown large at the start of a page.
    public struct KeyFigure: Hashable, Sendable {
        /// What it is, with its unit.
        public let name: String
        /// The number as text; `nil` when it is not known.
        public let value: String?
        /// What to know of it, such as its change; may be empty.
        public let note: String
        /// A page that says how it came about; `nil` when there is none.
        public let explanation: PageLink?

        /// A key figure.
        public init(_ name: String, _ value: String?, note: String = "", explanation: PageLink? = nil) {
            (self.name, self.value, self.note, self.explanation) = (name, value, note, explanation)
        }
    }

    /// A part of the page, with its heading.
    public struct Section: Sendable {
        /// The heading.
        public let heading: String
        /// What to know before its figures; may be empty.
        public let note: String
        /// Text as a program prints it, before its figures; may be empty.
        public let text: String
        /// Its figures.
        public let figures: [Figure]

        /// A part.
        public init(_ heading: String, note: String = "", text: String = "", figures: [Figure]) {
            (self.heading, self.note, self.text, self.figures) = (heading, note, text, figures)
        }
    }

    /// The name of the page.
    public let title: String
    /// The time that the page is of; `nil` when it has none.
    public let asOf: Timestamp?
    /// The other pages.
    public let navigation: [Entry]
    /// What a reader must know before all else, such as which exchanges are missing.
    public var notices: [String]
    /// The numbers that come first.
    public let keyFigures: [KeyFigure]
    /// The parts.
    public let sections: [Section]
    /// Whether funding is on the page, so that the reader can choose its unit.
    public let hasFunding: Bool

    /// A page.
    public init(
        title: String, asOf: Timestamp?, navigation: [Entry], notices: [String] = [], keyFigures: [KeyFigure] = [],
        sections: [Section], hasFunding: Bool
    ) {
        (self.title, self.asOf, self.navigation, self.notices) = (title, asOf, navigation, notices)
        (self.keyFigures, self.sections, self.hasFunding) = (keyFigures, sections, hasFunding)
    }

    /// The page's file.
    public var html: String {
        let document = Markup.element("html", ["lang": "en"], head, .element("body", [:], header, main, footer))
        return "<!DOCTYPE html>\n\(document.source)\n"
    }

    // MARK: - Head

    /// The name under which each page says of when it is, in milliseconds: so a file is known to be a page of ours.
    private static let identity = "perps-warehouse.page"

    /// How many bytes at the start of a page say that it is one.
    public static let beginning = 256

    /// The instant of a page that begins with some text; `nil` for any other file, and for a page of no instant.
    public static func instant(ofPageBeginning text: String) -> Timestamp? {
        guard let milliseconds = content(ofPageBeginning: text).flatMap({ Int64($0) }) else { return nil }
        return Timestamp(milliseconds: milliseconds)
    }

    /// Whether a file that begins with some text is a page.
    public static func isPage(beginning text: String) -> Bool { content(ofPageBeginning: text) != nil }

    private static func content(ofPageBeginning text: String) -> Substring? {
        let parts = text.split(separator: "\"", omittingEmptySubsequences: false)
        guard let name = parts.firstIndex(of: Substring(identity)), name + 2 < parts.count else { return nil }
        return parts[name + 2]
    }

    /// What the page may do: show itself. Style and script are allowed by their hashes, so that nothing else can run even if it
    /// got in. The icon is an empty one within the page: without it a browser asks the server for one.
    static let policy =
        "default-src 'none'; style-src 'sha256-\(SHA256.base64(of: StyleSheet.source))'; "
        + "script-src 'sha256-\(SHA256.base64(of: PageScript.source))'; img-src data:; base-uri 'none'; form-action 'none'"

    private var head: Markup {
        .element(
            "head", [:], .element("meta", ["charset": "utf-8"]),
            .element("meta", ["name": Self.identity, "content": asOf.map { "\($0.milliseconds)" } ?? ""]),
            .element("meta", ["http-equiv": "Content-Security-Policy", "content": Self.policy]),
            .element("meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"]),
            .element("meta", ["name": "color-scheme", "content": "light dark"]),
            .element("meta", ["name": "referrer", "content": "no-referrer"]),
            .element("link", ["rel": "icon", "href": "data:,"]),
            .element("title", [:], text: "\(title) · Perps Warehouse"),
            .element("style", [:], Markup(trusted: StyleSheet.source)))
    }

    // MARK: - Body

    private var header: Markup {
        let entries = navigation.map {
            Markup.element(
                "li", [:],
                .element("a", ["href": $0.link.address, "aria-current": $0.isCurrent ? "page" : nil], .name($0.text)))
        }
        let pages =
            entries.isEmpty
            ? Markup.empty : .element("nav", ["aria-label": "Pages"], .element("ul", [:], entries))
        return .element(
            "header", [:], .element("a", ["class": "skip", "href": "#page.main"], text: "Skip to content"),
            .element("span", ["class": "site"], text: "Perps Warehouse"), pages)
    }

    private var main: Markup {
        let time = asOf.map { Markup.element("p", ["class": "origin"], text: "as of \(TimeText.minute($0)) UTC") }
        let warnings = notices.map { Markup.element("p", ["class": "notice"], .text("! \($0)")) }
        return .element(
            "main", ["id": "page.main"],
            [.element("h1", [:], .name(title)), time ?? .empty] + warnings + [numbers, data, unitSwitch] + parts)
    }

    private var numbers: Markup {
        guard !keyFigures.isEmpty else { return .empty }
        return .element(
            "dl", ["class": "key"],
            keyFigures.map {
                .element(
                    "div", [:], .element("dt", [:], .name($0.name)),
                    .element("dd", ["class": $0.value == nil ? "h" : nil], Self.linked($0)),
                    $0.note.isEmpty ? .empty : .element("dd", ["class": "note"], text: $0.note))
            })
    }

    /// The page's own numbers and notices as JSON; the figures have their own.
    private var data: Markup {
        .element("script", ["type": "application/json", "id": "page.data"], Markup(trusted: json))
    }

    /// The page's own numbers, as the text that is shown, and its notices, as JSON that is safe within HTML.
    public var json: String {
        let numbers = keyFigures.map { figure in
            JSONSource.object([
                ("name", JSONSource.string(figure.name)), ("value", figure.value.map(JSONSource.string) ?? "null"),
                ("note", figure.note.isEmpty ? nil : JSONSource.string(figure.note)),
            ])
        }
        return JSONSource.object([
            ("title", JSONSource.string(title)), ("as_of_ms", asOf.map { String($0.milliseconds) }),
            ("notices", JSONSource.array(notices.map(JSONSource.string))), ("numbers", JSONSource.array(numbers)),
        ])
    }

    /// The number, which leads to the page that says how it came about.
    private static func linked(_ figure: KeyFigure) -> Markup {
        let text = Markup.text(figure.value ?? "n/a")
        guard let link = figure.explanation else { return text }
        return .element("a", ["href": link.address, "title": "how this number came about"], text)
    }

    /// Three buttons, which the style sheet reads: no script is needed.
    private var unitSwitch: Markup {
        guard hasFunding else { return .empty }
        let buttons = FundingUnit.allCases.map { unit in
            Markup.element(
                "label", [:],
                .element(
                    "input",
                    [
                        "type": "radio", "name": "unit", "value": unit.style, "class": "choose-\(unit.style)",
                        "checked": unit == .eightHours ? "checked" : nil,
                    ]), .text(" \(unit.label)"))
        }
        return .element("fieldset", ["class": "switch"], [.element("legend", [:], text: "Funding in")] + buttons)
    }

    private var parts: [Markup] {
        var taken: Set<Anchor> = []
        return sections.map { section in
            let figures = section.figures.map { $0.html(Self.distinct($0.anchor, &taken)) }
            let note = section.note.isEmpty ? Markup.empty : .element("p", [:], text: section.note)
            let head = [.element("h2", [:], .name(section.heading)), note, Self.printed(section)]
            return .element("section", [:], head + figures)
        }
    }

    private static func printed(_ section: Section) -> Markup {
        guard !section.text.isEmpty else { return .empty }
        return .element(
            "div", ["class": "scroll", "tabindex": "0", "role": "group", "aria-label": section.heading],
            .element("pre", [:], .element("code", [:], text: section.text)))
    }

    /// The anchor, with a number behind it when it is taken: an id twice would break links.
    private static func distinct(_ anchor: Anchor, _ taken: inout Set<Anchor>) -> Anchor {
        var (result, number) = (anchor, 1)
        while !taken.insert(result).inserted {
            number += 1
            result = Anchor(distinguishing: anchor, number)
        }
        return result
    }

    private var footer: Markup {
        .element(
            "footer", [:],
            .element(
                "p", [:],
                text: "Times are UTC. Hatched, and n/a, is what is not known; it is never zero. "
                    + "Each figure holds its numbers as JSON and the query that gives them."),
            .element("script", [:], Markup(trusted: PageScript.source)))
    }
}
