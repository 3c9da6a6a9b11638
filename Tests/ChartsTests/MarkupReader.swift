/// A strict reader of what pages are made of: elements that are closed in order, attributes in quotes, the five entities that XML
/// has and `&#39;`. What a browser would repair is a mistake here.
final class Element {
    let name: String
    let attributes: [(name: String, value: String)]
    private(set) var children: [Element] = []
    /// The text of the element and of those within, in order.
    private(set) var text = ""

    struct Mistake: Error { var what: String }

    private init(_ name: String, _ attributes: [(String, String)]) { (self.name, self.attributes) = (name, attributes) }

    subscript(attribute: String) -> String? { attributes.first { $0.name == attribute }?.value }

    /// The element and all within, in order.
    var all: [Element] { [self] + children.flatMap(\.all) }

    /// Names of elements and attributes, without what comes from data.
    var skeleton: String {
        "<\(name) \(attributes.map(\.name).joined(separator: " "))>\(children.map(\.skeleton).joined())</>"
    }

    static func read(_ source: String) throws -> Element {
        var reader = Reader(source.unicodeScalars)
        reader.skip("<!DOCTYPE html>\n")
        let root = try reader.element()
        reader.skip("\n")
        guard reader.isAtEnd else { throw Mistake(what: "text behind the last element") }
        return root
    }

    private struct Reader {
        private let scalars: [Unicode.Scalar]
        private var index = 0

        init(_ scalars: String.UnicodeScalarView) { self.scalars = Array(scalars) }

        var isAtEnd: Bool { index == scalars.count }

        func begins(_ text: String) -> Bool { scalars[index...].starts(with: text.unicodeScalars) }

        @discardableResult
        mutating func skip(_ text: String) -> Bool {
            guard begins(text) else { return false }
            index += text.unicodeScalars.count
            return true
        }

        mutating func expect(_ text: String) throws {
            guard skip(text) else {
                throw Mistake(what: "no \(text) at: \(String(String.UnicodeScalarView(scalars[index...].prefix(60))))")
            }
        }

        mutating func name() throws -> String {
            var name = String.UnicodeScalarView()
            while index < scalars.count, scalars[index].properties.isAlphabetic || "-:0123456789".unicodeScalars.contains(scalars[index]) {
                name.append(scalars[index])
                index += 1
            }
            guard !name.isEmpty else { throw Mistake(what: "an empty name") }
            return String(name)
        }

        mutating func text(until end: Unicode.Scalar) throws -> String {
            var text = String.UnicodeScalarView()
            while index < scalars.count, scalars[index] != end {
                let scalar = scalars[index]
                guard scalar != "<", scalar != ">" || end == "<" else { throw Mistake(what: "a bare \(scalar)") }
                guard scalar.value >= 0x20 || scalar == "\n" || scalar == "\t" else { throw Mistake(what: "a control") }
                if scalar == "&" { text.append(try entity()) } else { text.append(scalar) }
                index += 1
            }
            return String(text)
        }

        /// Leaves the index at the entity's last character.
        private mutating func entity() throws -> Unicode.Scalar {
            let entities: [(String, Unicode.Scalar)] = [
                ("&amp;", "&"), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"),
            ]
            for (source, meaning) in entities where begins(source) {
                index += source.unicodeScalars.count - 1
                return meaning
            }
            throw Mistake(what: "a bare &")
        }

        mutating func element() throws -> Element {
            try expect("<")
            let name = try name()
            var attributes: [(name: String, value: String)] = []
            while skip(" ") {
                let attribute = try self.name()
                guard !attributes.contains(where: { $0.name == attribute }) else { throw Mistake(what: "\(attribute) twice") }
                try expect("=\"")
                attributes.append((attribute, try text(until: "\"")))
                try expect("\"")
            }
            let element = Element(name, attributes)
            if skip("/>") { return element }
            try expect(">")
            while !begins("</") {
                guard !isAtEnd else { throw Mistake(what: "\(name) is not closed") }
                if begins("<") {
                    let child = try self.element()
                    element.children.append(child)
                    element.text += child.text
                } else {
                    element.text += try text(until: "<")
                }
            }
            try expect("</\(name)>")
            return element
        }
    }
}
