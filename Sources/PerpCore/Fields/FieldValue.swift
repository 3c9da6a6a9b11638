/// The value of one field of one record, in a form that both a staged line and a table can take.
public enum FieldValue: Hashable, Sendable {
    /// The field is unknown: left out of a staged line, NULL in a table.
    case missing
    /// A number in the field's unit.
    case number(Double)
    /// A whole number: a count, a time in milliseconds, an hour in epoch seconds, or 0 and 1.
    case integer(Int64)
    /// Text as it is stored.
    case text(String)
}

/// How a field is written in staged files and in tables.
public enum FieldType: Hashable, Sendable {
    /// A JSON number; `REAL`.
    case number
    /// A JSON number without a fraction; `INTEGER`. Truth values are 0 and 1, hours are epoch seconds.
    case integer
    /// UTC milliseconds, as an integer.
    case time
    /// A JSON string; `TEXT`.
    case text

    /// The type of the field's column in SQLite.
    public var sqlType: String {
        switch self {
        case .number: "REAL"
        case .integer, .time: "INTEGER"
        case .text: "TEXT"
        }
    }
}

/// A value that a field can hold.
public protocol FieldConvertible: Sendable {
    /// How fields of this type are written.
    static var fieldType: FieldType { get }
    /// Whether the field may be missing.
    static var isOptional: Bool { get }
    /// The value as it is stored.
    var fieldValue: FieldValue { get }
    /// Reads a stored value; `nil` when it is missing or of another type.
    init?(fieldValue: FieldValue)
}

extension FieldConvertible {
    /// Values are required, unless the type says otherwise.
    @inlinable public static var isOptional: Bool { false }
}

extension Double: FieldConvertible {
    /// Written as a JSON number.
    @inlinable public static var fieldType: FieldType { .number }
    /// The number itself.
    @inlinable public var fieldValue: FieldValue { .number(self) }
    /// Reads a number; `nil` for any other value.
    @inlinable
    public init?(fieldValue: FieldValue) {
        guard case .number(let value) = fieldValue else { return nil }
        self = value
    }
}

extension Int64: FieldConvertible {
    /// Written as an integer.
    @inlinable public static var fieldType: FieldType { .integer }
    /// The integer itself.
    @inlinable public var fieldValue: FieldValue { .integer(self) }
    /// Reads an integer; `nil` for any other value.
    @inlinable
    public init?(fieldValue: FieldValue) {
        guard case .integer(let value) = fieldValue else { return nil }
        self = value
    }
}

extension Int: FieldConvertible {
    /// Written as an integer.
    @inlinable public static var fieldType: FieldType { .integer }
    /// The integer in 64 bits.
    @inlinable public var fieldValue: FieldValue { .integer(Int64(self)) }
    /// Reads an integer; `nil` for any other value.
    @inlinable
    public init?(fieldValue: FieldValue) {
        guard let value = Int64(fieldValue: fieldValue) else { return nil }
        self = Int(value)
    }
}

/// 0 and 1.
extension Bool: FieldConvertible {
    /// Written as an integer.
    @inlinable public static var fieldType: FieldType { .integer }
    /// 1 for `true`, 0 for `false`.
    @inlinable public var fieldValue: FieldValue { .integer(self ? 1 : 0) }
    /// Reads 0 as `false` and any other integer as `true`; `nil` for any other value.
    @inlinable
    public init?(fieldValue: FieldValue) {
        guard let value = Int64(fieldValue: fieldValue) else { return nil }
        self = value != 0
    }
}

extension String: FieldConvertible {
    /// Written as text.
    @inlinable public static var fieldType: FieldType { .text }
    /// The text itself.
    @inlinable public var fieldValue: FieldValue { .text(self) }
    /// Reads text; `nil` for any other value.
    @inlinable
    public init?(fieldValue: FieldValue) {
        guard case .text(let value) = fieldValue else { return nil }
        self = value
    }
}

/// Milliseconds after the epoch.
extension Timestamp: FieldConvertible {
    /// Written as UTC milliseconds.
    @inlinable public static var fieldType: FieldType { .time }
    /// UTC milliseconds after the epoch.
    @inlinable public var fieldValue: FieldValue { .integer(milliseconds) }
    /// Reads milliseconds; `nil` for any other value, and for what is no time of the calendar.
    @inlinable
    public init?(fieldValue: FieldValue) {
        guard case .integer(let value) = fieldValue else { return nil }
        self.init(milliseconds: value)
        guard isCalendarTime else { return nil }
    }
}

/// Epoch seconds of the hour's first instant.
extension Hour: FieldConvertible {
    /// Written as an integer.
    @inlinable public static var fieldType: FieldType { .integer }
    /// Epoch seconds of the hour's first instant.
    @inlinable public var fieldValue: FieldValue { .integer(start) }
    /// Reads epoch seconds and rounds them down to the hour; `nil` for any other value.
    @inlinable
    public init?(fieldValue: FieldValue) {
        guard case .integer(let value) = fieldValue else { return nil }
        self.init(containing: value)
    }
}

extension Optional: FieldConvertible where Wrapped: FieldConvertible {
    /// Written as the wrapped value is.
    @inlinable public static var fieldType: FieldType { Wrapped.fieldType }
    /// A field of this type may be missing.
    @inlinable public static var isOptional: Bool { true }
    /// The wrapped value; `missing` for `nil`.
    @inlinable public var fieldValue: FieldValue {
        // Not `map(\.fieldValue)`: in generic code that makes a key path for each value.
        switch self {
        case .some(let value): value.fieldValue
        case nil: .missing
        }
    }
    /// Reads a missing value as a `nil` of the wrapped type; fails when a present value is not of that type.
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
    /// Written as a JSON number.
    @inlinable public static var fieldType: FieldType { .number }
    /// A field of this type may be missing.
    @inlinable public static var isOptional: Bool { true }
    /// The number; `missing` when it is unknown.
    @inlinable public var fieldValue: FieldValue { stored.isNaN ? .missing : .number(stored) }
    /// Reads a number, or a missing value as unknown; `nil` for any other value.
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
    /// Written as text.
    @inlinable public static var fieldType: FieldType { .text }
    /// The word itself.
    @inlinable public var fieldValue: FieldValue { .text(rawValue) }
    /// Reads a word of the list; `nil` for any other value.
    @inlinable
    public init?(fieldValue: FieldValue) {
        guard case .text(let word) = fieldValue else { return nil }
        self.init(rawValue: word)
    }
}

/// Words of a closed list with a space between them; empty text for none.
extension Array: FieldConvertible where Element: FieldConvertible & RawRepresentable<String> {
    /// Written as text.
    public static var fieldType: FieldType { .text }
    /// The words with a space between them; empty text for an empty list.
    public var fieldValue: FieldValue { .text(map(\.rawValue).joined(separator: " ")) }
    /// Reads words with a space between them; `nil` when one of them is not on the list.
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
