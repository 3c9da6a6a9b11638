import PerpCore

/// The headers of a response, with lower-case names, in their order.
public struct Headers: Hashable, Sendable {
    /// One header.
    public struct Header: Hashable, Sendable {
        /// The name in lower case.
        public let name: String
        /// The value as received.
        public let value: String
    }

    /// All headers, in their order.
    public let fields: [Header]

    /// The headers with these names, in any case, and values.
    public init(_ fields: [(String, String)]) {
        self.fields = fields.map { Header(name: $0.0.lowercased(), value: $0.1) }
    }

    /// The first value of a header, given in lower case; `nil` when it is absent.
    public subscript(name: String) -> String? { fields.first { $0.name == name }?.value }

    /// The headers that raw lines keep, sorted by name: date, content type and coding, and rate limits.
    public var kept: [Header] {
        fields.filter { Self.always.contains($0.name) || Self.isRateLimit($0.name) }.sorted { $0.name < $1.name }
    }

    private static let always: Set = ["date", "content-type", "content-encoding", "retry-after"]

    private static func isRateLimit(_ name: String) -> Bool {
        name.hasPrefix("x-mbx-") || name.hasPrefix("x-bapi-limit") || name.hasPrefix("ratelimit")
            || name.hasPrefix("x-ratelimit") || name.contains("-ratelimit-")
    }
}

/// The time that a `Retry-After` header states as seconds from now or as an HTTP date; `nil` when the text is neither.
///
/// Source: https://www.rfc-editor.org/rfc/rfc9110#field.retry-after
public func retryAfter(_ text: String, now: Timestamp) -> Timestamp? {
    let text = text.trimmed
    if let seconds = Double(text), text.utf8.allSatisfy({ $0 == UInt8(ascii: ".") || isDigit($0) }) {
        // More than a century is not a wait that anybody means.
        return seconds < 4e9 ? now.advanced(byMilliseconds: Int64(seconds * 1000)) : nil
    }
    return Timestamp(httpDate: text)
}

extension Timestamp {
    /// Reads `Sun, 06 Nov 1994 08:49:37 GMT`; `nil` when the text is not such a date.
    public init?(httpDate text: String) {
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let words = text.split(separator: " ").map(String.init)
        guard words.count == 6, words[0].hasSuffix(","), words[5] == "GMT" || words[5] == "UTC",
            let month = months.firstIndex(of: words[2]), words[1].utf8.count == 2, words[3].utf8.count == 4
        else { return nil }
        let number = month + 1 < 10 ? "0\(month + 1)" : "\(month + 1)"
        self.init(iso8601: "\(words[3])-\(number)-\(words[1])T\(words[4])Z")
    }
}

private func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
