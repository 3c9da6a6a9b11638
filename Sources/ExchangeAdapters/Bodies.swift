import JSONReader
import PerpCore

/// The rows of a body that is a list.
func list(_ body: JSONValue) throws(AdapterError) -> JSONArray {
    guard let array = body.array else { throw .unexpectedShape(expected: "list") }
    return array
}

/// The rows in a member of a body.
func list(_ body: JSONValue, in member: StaticString) throws(AdapterError) -> JSONArray {
    var members = body.object
    guard let array = members?.value(member)?.array else { throw .unexpectedShape(expected: "list '\(member)'") }
    return array
}

/// The rows in a member of a body, where an answer without rows has `null` in their place.
func listOrNull(_ body: JSONValue, in member: StaticString) throws(AdapterError) -> [JSONValue] {
    guard let value = body.member(member) else { throw .unexpectedShape(expected: "list '\(member)'") }
    return value.isNull ? [] : Array(try list(value))
}

/// The rows in a member of a member of a body: `result.list[]`.
func list(_ body: JSONValue, in outer: StaticString, _ inner: StaticString) throws(AdapterError) -> JSONArray {
    var members = body.object
    var inside = members?.value(outer)?.object
    guard let array = inside?.value(inner)?.array else {
        throw .unexpectedShape(expected: "list '\(outer).\(inner)'")
    }
    return array
}

/// The rows of a body that is a list, or one object when the request named one instrument.
func listOrOne(_ body: JSONValue) throws(AdapterError) -> [JSONValue] {
    if let array = body.array { return Array(array) }
    guard body.object != nil else { throw .unexpectedShape(expected: "list or object") }
    return [body]
}

/// The error in an envelope whose code is not the one for success; `nil` for success or without an envelope.
func envelopeError(
    _ body: JSONValue, code: StaticString, success: String, message: StaticString
) -> String? {
    guard var members = body.object else { return nil }
    guard let found = members.value(code)?.summary else { return "the envelope has no '\(code)'" }
    return found == success ? nil : "\(found) \(members.value(message)?.string ?? "")"
}

/// The fractions of longs and of shorts for a ratio of longs to shorts.
func fractions(of ratio: Double) -> (long: Double, short: Double) {
    (ratio / (1 + ratio), 1 / (1 + ratio))
}

/// The length in milliseconds of a period such as `5m`, `1h`, `1H` or `1d`; an hour for any other text.
func length(of period: String) -> Int64 {
    let units: [Character: Int64] = ["m": 60_000, "h": 3_600_000, "H": 3_600_000, "d": 86_400_000, "D": 86_400_000]
    guard let unit = period.last.flatMap({ units[$0] }), let count = Int64(period.dropLast()),
        (1...1000).contains(count)
    else { return Hour.milliseconds }
    return count * unit
}

/// A value for a URL's query: everything except unreserved ASCII is escaped, since symbols may be Chinese.
func percentEncoded(_ text: String) -> String {
    var encoded = ""
    for byte in text.utf8 {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."),
            UInt8(ascii: "~"):
            encoded.unicodeScalars.append(Unicode.Scalar(byte))
        default:
            let digits = String(byte, radix: 16, uppercase: true)
            encoded += digits.utf8.count == 1 ? "%0\(digits)" : "%\(digits)"
        }
    }
    return encoded
}

/// The non-empty parts of a name between separators, which are ASCII. Splits bytes, because it runs for each row and
/// splitting characters is slow.
func words(_ name: String, at separator: Unicode.Scalar) -> [String] {
    name.utf8.split(separator: UInt8(ascii: separator)).map { String(Substring($0)) }
}
