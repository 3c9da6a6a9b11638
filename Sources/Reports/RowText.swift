import PerpCore

/// Rows of any table or view as text for other programs, written into a buffer one after the other.
public enum RowFormat: String, CaseIterable, Sendable {
    /// A header with the names, then a line for each row. Unknown values are empty, empty text is `""`; what holds a comma, a
    /// quote or a line break stands between quotes, as in RFC 4180.
    case csv
    /// A JSON object for each row, on a line of its own. Unknown values are `null`.
    case json

    /// Appends what stands before the first row.
    public func appendHeader(_ columns: [String], to buffer: ByteBuffer) {
        guard self == .csv else { return }
        appendLine(columns.map(FieldValue.text), to: buffer)
    }

    /// Appends a row, whose values are in the order of the columns.
    public func append(_ values: [FieldValue], columns: [String], to buffer: ByteBuffer) {
        switch self {
        case .csv: appendLine(values, to: buffer)
        case .json: appendObject(values, columns, to: buffer)
        }
    }

    private func appendLine(_ values: [FieldValue], to buffer: ByteBuffer) {
        for (index, value) in values.enumerated() {
            if index > 0 { buffer.append(UInt8(ascii: ",")) }
            switch value {
            case .text(let text): buffer.appendCSV(text)
            default: buffer.append(contentsOf: (value.plainNumber ?? "").utf8)
            }
        }
        buffer.append(UInt8(ascii: "\n"))
    }

    private func appendObject(_ values: [FieldValue], _ columns: [String], to buffer: ByteBuffer) {
        buffer.append(UInt8(ascii: "{"))
        for (index, (column, value)) in zip(columns, values).enumerated() {
            if index > 0 { buffer.append(UInt8(ascii: ",")) }
            buffer.appendJSON(column)
            buffer.append(UInt8(ascii: ":"))
            switch value {
            case .text(let text): buffer.appendJSON(text)
            default: buffer.append(contentsOf: (value.plainNumber ?? "null").utf8)
            }
        }
        buffer.append("}\n" as StaticString)
    }
}

extension FieldValue {
    /// The shortest text that reads back as the same number; `nil` when it is missing, text or not finite.
    fileprivate var plainNumber: String? {
        switch self {
        case .integer(let value): String(value)
        case .number(let value): value.isFinite ? "\(value)" : nil
        case .missing, .text: nil
        }
    }
}

extension ByteBuffer {
    private static let quote = UInt8(ascii: "\"")

    /// Appends a field of CSV, between quotes where it needs them.
    fileprivate func appendCSV(_ text: String) {
        let needsQuotes = text.isEmpty || text.utf8.contains { [0x22, 0x2C, 0x0A, 0x0D].contains($0) }
        guard needsQuotes else { return append(contentsOf: text.utf8) }
        append(Self.quote)
        for byte in text.utf8 {
            if byte == Self.quote { append(Self.quote) }
            append(byte)
        }
        append(Self.quote)
    }

    /// Appends a JSON string, escaped only where JSON requires it.
    fileprivate func appendJSON(_ text: String) {
        append(Self.quote)
        for byte in text.utf8 {
            switch byte {
            case 0x22, 0x5C:
                append(UInt8(ascii: "\\"))
                append(byte)
            case 0x0A: append("\\n" as StaticString)
            case 0x0D: append("\\r" as StaticString)
            case 0x09: append("\\t" as StaticString)
            case ..<0x20:
                append("\\u00" as StaticString)
                append(contentsOf: (byte < 16 ? "0" : "").utf8)
                append(contentsOf: String(byte, radix: 16).utf8)
            default: append(byte)
            }
        }
        append(Self.quote)
    }
}
