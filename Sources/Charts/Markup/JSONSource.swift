import PerpCore

/// JSON that can stand inside of an HTML page: no `<`, `>` or `&`, and no character that steers, is in it unescaped.
enum JSONSource {
    static func string(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "<", ">", "&", "'": result += escape(UInt16(scalar.value))
            case _ where scalar.value >= 0x20 && scalar.value < 0x7F: result.unicodeScalars.append(scalar)
            case _ where isPlain(scalar): result.unicodeScalars.append(scalar)
            default: result += String(Character(scalar)).utf16.map(escape).joined()
            }
        }
        return result + "\""
    }

    /// The number with nine significant digits, so that a page stays small; `null` when it is `nil` or not finite.
    static func number(_ value: Double?) -> String {
        guard let value, value.isFinite else { return "null" }
        let rounded = rounded(value)
        if rounded.magnitude < 9e15, rounded == rounded.rounded(.towardZero) { return String(Int64(rounded)) }
        return "\(rounded)"
    }

    static func array(_ values: some Sequence<String>) -> String { "[\(values.joined(separator: ","))]" }

    /// - Parameter members: keys, which are literals, and JSON.
    static func object(_ members: [(StaticString, String?)]) -> String {
        let texts = members.compactMap { key, value in value.map { "\"\(key)\":\($0)" } }
        return "{\(texts.joined(separator: ","))}"
    }

    /// Nine significant digits.
    private static func rounded(_ value: Double) -> Double {
        var scale = 1.0
        let size = value.magnitude
        guard size > 0, size < 1e15, size > 1e-12 else { return value }
        while size * scale < 1e8 { scale *= 10 }
        guard scale > 1 else { return value.rounded() }
        return (value * scale).rounded() / scale
    }

    private static func escape(_ unit: UInt16) -> String {
        let digits = String(unit, radix: 16)
        return "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
    }

    /// Whether a character neither steers nor is missing from Unicode.
    private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: false
        default: true
        }
    }
}
