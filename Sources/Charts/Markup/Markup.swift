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
        var source = "<"
        source.reserveCapacity(2 * name.utf8CodeUnitCount + 5 + children.reduce(32) { $0 + $1.source.utf8.count })
        name.withUTF8Buffer { source += String(decoding: $0, as: UTF8.self) }
        for (name, value) in attributes {
            guard let value else { continue }
            source += " "
            name.withUTF8Buffer { source += String(decoding: $0, as: UTF8.self) }
            source += "=\""
            source += escaped(value)
            source += "\""
        }
        if children.isEmpty, empties.contains("\(name)") { return Markup(trusted: source + "/>") }
        source += ">"
        for child in children { source += child.source }
        source += "</"
        name.withUTF8Buffer { source += String(decoding: $0, as: UTF8.self) }
        source += ">"
        return Markup(trusted: source)
    }

    /// An element with text in it.
    /// - Parameter attributes: names and values; one whose value is `nil` is left out.
    public static func element(
        _ name: StaticString, _ attributes: KeyValuePairs<StaticString, String?> = [:], text content: String
    ) -> Markup {
        element(name, attributes, [.text(content)])
    }

    /// A cell of a table with text and nothing else to say, as `element` makes it.
    static func cell(_ content: String) -> Markup { Markup(trusted: "<td>" + escaped(content) + "</td>") }

    /// A name that somebody else chose, in HTML: its writing direction does not reach what stands beside it.
    public static func name(_ name: String) -> Markup { element("bdi", [:], text: name) }

    /// The pieces of both.
    public static func + (left: Markup, right: Markup) -> Markup { Markup(trusted: left.source + right.source) }

    /// Elements that never have children: those of HTML that must not be closed by a tag, and shapes.
    private static let empties: Set<String> = [
        "br", "circle", "input", "line", "link", "meta", "path", "rect", "use",
    ]

    private static func escaped(_ text: String) -> String {
        if text.utf8.allSatisfy(isPlain) { return text }
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

    /// Whether a byte stands for itself: most texts of a page are of such bytes only.
    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "&"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\""), UInt8(ascii: "'"): false
        default: byte >= 0x20 && byte < 0x7F
        }
    }
}
