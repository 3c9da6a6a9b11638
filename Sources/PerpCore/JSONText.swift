#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// JSON for people and for other programs: keys in alphabetical order, so that equal values give equal bytes. What is `nil`
/// is left out. Records of staged files are not written with it: see `JSONLine`.
public enum JSONText {
    /// A line per value, and a newline at the end.
    /// - Parameter snakeCase: whether `openInterest` becomes `open_interest`.
    /// - Throws: `EncodingError` when a number is not finite.
    public static func pretty(_ value: some Encodable, snakeCase: Bool = false) throws -> String {
        let encoder = JSONEncoder()
        if snakeCase { encoder.keyEncodingStrategy = .convertToSnakeCase }
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self) + "\n"
    }

    /// All in one line, without a newline.
    /// - Throws: `EncodingError` when a number is not finite.
    public static func compact(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }
}
