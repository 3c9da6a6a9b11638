import PerpCore

/// HTML or SVG that is safe to join with other markup.
///
/// There are two ways to make it: text, which is escaped, and elements, whose names and attribute names are literals of the
/// source and whose attribute values are escaped. So nothing that comes from data can become an element. What is made is
/// well-formed XML too: each element is closed.
public struct Markup: Hashable, Sendable {
    /// The text as a browser reads it.
    public let source: String

    /// For this module's own style sheet and script, and for JSON that has no `<` and no `&`.
    init(trusted source: String) { self.source = source }

    /// Nothing.
    public static let empty = Markup(trusted: "")

    /// Text with `&`, `<`, `>` and quotes escaped.
    ///
    /// Characters that steer (controls, marks of writing direction) are shown as `?`, as in all messages of the pipeline; a
    /// newline and a tab stay. The exact text is in the JSON of a figure.
    public static func text(_ text: String) -> Markup { Markup(trusted: escaped(text)) }

    /// Pieces behind one another.
    public static func joined(_ pieces: some Sequence<Markup>) -> Markup {
        Markup(trusted: pieces.reduce(into: "") { $0 += $1.source })
    }

    /// An element.
    /// - Parameter attributes: names and values; one whose value is `nil` is left out.
    public static func element(
        _ name: StaticString, _ attributes: KeyValuePairs<StaticString, String?> = [:], _ children: Markup...
    ) -> Markup {
        element(name, attributes, children)
    }

    /// An element with children from a list.
    /// - Parameter attributes: names and values; one whose value is `nil` is left out.
    public static func element(
        _ name: StaticString, _ attributes: KeyValuePairs<StaticString, String?> = [:], _ children: [Markup]
    ) -> Markup {
        var source = "<\(name)"
        for (name, value) in attributes {
            if let value { source += " \(name)=\"\(escaped(value))\"" }
        }
        if children.isEmpty, empties.contains("\(name)") { return Markup(trusted: source + "/>") }
        source += ">"
        for child in children { source += child.source }
        return Markup(trusted: source + "</\(name)>")
    }

    /// An element with text in it.
    /// - Parameter attributes: names and values; one whose value is `nil` is left out.
    public static func element(
        _ name: StaticString, _ attributes: KeyValuePairs<StaticString, String?> = [:], text content: String
    ) -> Markup {
        element(name, attributes, [.text(content)])
    }

    /// A name that somebody else chose, in HTML: its writing direction does not reach what stands beside it.
    public static func name(_ name: String) -> Markup { element("bdi", [:], text: name) }

    /// The pieces of both.
    public static func + (left: Markup, right: Markup) -> Markup { Markup(trusted: left.source + right.source) }

    /// Elements that never have children: those of HTML that must not be closed by a tag, and shapes.
    private static let empties: Set<String> = [
        "br", "circle", "input", "line", "link", "meta", "path", "rect", "use",
    ]

    private static func escaped(_ text: String) -> String {
        var result = ""
        result.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            case "\n", "\t": result.unicodeScalars.append(scalar)
            case _ where scalar.isASCII && scalar.value >= 0x20 && scalar.value < 0x7F:
                result.unicodeScalars.append(scalar)
            // XML has no such characters, and HTML calls them errors.
            case "\u{FFFE}", "\u{FFFF}": result += "?"
            case _ where scalar.properties.isNoncharacterCodePoint: result += "?"
            default: result += String(Character(scalar)).printable
            }
        }
        return result
    }
}
