/// What one field of one record holds, in the form that both a staged line and a table can take.
public enum FieldValue: Hashable, Sendable {
    /// The field is unknown: left out of a staged line, NULL in a table.
    case missing
    case number(Double)
    case integer(Int64)
    case text(String)
}

/// How a field is written, in staged files and in tables.
public enum FieldType: Hashable, Sendable {
    /// A JSON number; `REAL`.
    case number
    /// A JSON number without a fraction; `INTEGER`. Truth values are 0 and 1, hours are epoch seconds.
    case integer
    /// UTC milliseconds, as an integer.
    case time
    /// A JSON string; `TEXT`.
    case text

    /// The type of a column.
    public var sqlType: String {
        switch self {
        case .number: "REAL"
        case .integer, .time: "INTEGER"
        case .text: "TEXT"
        }
    }
}

/// A value that can stand in a field.
public protocol FieldConvertible: Sendable {
    static var fieldType: FieldType { get }
    /// Whether the field may be missing.
    static var isOptional: Bool { get }
    var fieldValue: FieldValue { get }
    /// Reads a value back; `nil` when it is missing or not one of this type.
    init?(fieldValue: FieldValue)
}

extension FieldConvertible {
    @inlinable public static var isOptional: Bool { false }
}

extension Double: FieldConvertible {
    @inlinable public static var fieldType: FieldType { .number }
    @inlinable public var fieldValue: FieldValue { .number(self) }
    @inlinable
    public init?(fieldValue: FieldValue) {
        guard case .number(let value) = fieldValue else { return nil }
        self = value
    }
}

extension Int64: FieldConvertible {
    @inlinable public static var fieldType: FieldType { .integer }
    @inlinable public var fieldValue: FieldValue { .integer(self) }
    @inlinable
    public init?(fieldValue: FieldValue) {
        guard case .integer(let value) = fieldValue else { return nil }
        self = value
    }
}

extension Int: FieldConvertible {
    @inlinable public static var fieldType: FieldType { .integer }
    @inlinable public var fieldValue: FieldValue { .integer(Int64(self)) }
    @inlinable
    public init?(fieldValue: FieldValue) {
        guard let value = Int64(fieldValue: fieldValue) else { return nil }
        self = Int(value)
    }
}

/// 0 and 1.
extension Bool: FieldConvertible {
    @inlinable public static var fieldType: FieldType { .integer }
    @inlinable public var fieldValue: FieldValue { .integer(self ? 1 : 0) }
    @inlinable
    public init?(fieldValue: FieldValue) {
        guard let value = Int64(fieldValue: fieldValue) else { return nil }
        self = value != 0
    }
}

extension String: FieldConvertible {
    @inlinable public static var fieldType: FieldType { .text }
    @inlinable public var fieldValue: FieldValue { .text(self) }
    @inlinable
    public init?(fieldValue: FieldValue) {
        guard case .text(let value) = fieldValue else { return nil }
        self = value
    }
}

/// Milliseconds after the epoch.
extension Timestamp: FieldConvertible {
    @inlinable public static var fieldType: FieldType { .time }
    @inlinable public var fieldValue: FieldValue { .integer(milliseconds) }
    @inlinable
    public init?(fieldValue: FieldValue) {
        guard case .integer(let value) = fieldValue else { return nil }
        self.init(milliseconds: value)
    }
}

/// Epoch seconds of the hour's first instant.
extension Hour: FieldConvertible {
    @inlinable public static var fieldType: FieldType { .integer }
    @inlinable public var fieldValue: FieldValue { .integer(start) }
    @inlinable
    public init?(fieldValue: FieldValue) {
        guard case .integer(let value) = fieldValue else { return nil }
        self.init(containing: value)
    }
}

extension Optional: FieldConvertible where Wrapped: FieldConvertible {
    @inlinable public static var fieldType: FieldType { Wrapped.fieldType }
    @inlinable public static var isOptional: Bool { true }
    @inlinable public var fieldValue: FieldValue { map(\.fieldValue) ?? .missing }
    @inlinable
    public init?(fieldValue: FieldValue) {
        if case .missing = fieldValue {
            self = Self.none
        } else {
            guard let value = Wrapped(fieldValue: fieldValue) else { return nil }
            self = .some(value)
        }
    }
}

extension Packed: FieldConvertible {
    @inlinable public static var fieldType: FieldType { .number }
    @inlinable public static var isOptional: Bool { true }
    @inlinable public var fieldValue: FieldValue { stored.isNaN ? .missing : .number(stored) }
    @inlinable
    public init?(fieldValue: FieldValue) {
        switch fieldValue {
        case .missing: self.init()
        case .number(let value): self.init(wrappedValue: value)
        default: return nil
        }
    }
}

/// One word of a closed list.
extension FieldConvertible where Self: RawRepresentable, RawValue == String {
    @inlinable public static var fieldType: FieldType { .text }
    @inlinable public var fieldValue: FieldValue { .text(rawValue) }
    @inlinable
    public init?(fieldValue: FieldValue) {
        guard case .text(let word) = fieldValue else { return nil }
        self.init(rawValue: word)
    }
}

/// Words of a closed list with a space between them; empty text for none.
extension Array: FieldConvertible where Element: FieldConvertible & RawRepresentable<String> {
    public static var fieldType: FieldType { .text }
    public var fieldValue: FieldValue { .text(map(\.rawValue).joined(separator: " ")) }
    public init?(fieldValue: FieldValue) {
        guard case .text(let text) = fieldValue else { return nil }
        self = []
        if text.isEmpty { return }
        // By bytes: the separator is one, and splitting by characters is slow.
        for word in text.utf8.split(separator: UInt8(ascii: " ")) {
            guard let element = Element(rawValue: String(Substring(word))) else { return nil }
            append(element)
        }
    }
}
