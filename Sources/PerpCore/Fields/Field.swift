/// One field of a record: its name in files and tables, its unit, its type, and where the record stores it.
///
/// This is the only place where these are stated together. Staged lines, inserts, selects and checks of the schema are
/// made from a record's list of fields.
public struct Field<Record>: Sendable {
    /// The name in snake_case: a key of a staged line, a column of a table.
    public let name: StaticString
    /// What the number counts, or what the text or time says.
    public let unit: StaticString
    /// How the value is written in staged files and tables.
    public let type: FieldType
    /// Whether the field may be missing.
    public let isOptional: Bool
    /// Whether the field is computed from others: written, but never read back.
    public let isDerived: Bool
    @usableFromInline let storage: FieldStorage
    /// Bytes from the record's start.
    @usableFromInline let offset: Int
    /// Lives for ever, as the tables of fields do: bulk paths copy fields, which must not count references.
    @usableFromInline let rest: Unmanaged<FieldRest<Record>>

    /// The value that a missing field stands for: a staged line leaves it out, and a reader adds it again. It is `missing`
    /// for most fields.
    @inlinable public var usual: FieldValue { rest._withUnsafeGuaranteedRef { $0.usual } }

    /// Creates a field that the record stores.
    ///
    /// Bulk paths read millions of fields: they find them by their offset from the start of the record, without asking the
    /// key path each time.
    /// - Parameter path: a stored property; for a property wrapper its storage, `\._lastPrice`.
    @inlinable
    public init<Value: FieldConvertible>(
        _ name: StaticString, _ path: WritableKeyPath<Record, Value>, unit: StaticString, usual: FieldValue = .missing
    ) {
        guard let offset = MemoryLayout<Record>.offset(of: path) else {
            preconditionFailure("'\(name)' is no stored property")
        }
        self.name = name
        self.unit = unit
        type = Value.fieldType
        isOptional = Value.isOptional
        isDerived = false
        storage = FieldStorage(Value.self)
        self.offset = offset
        rest = .passRetained(
            FieldRest(
                usual: usual,
                read: { record in
                    UnsafeRawPointer(record).advanced(by: offset).assumingMemoryBound(to: Value.self).pointee
                        .fieldValue
                },
                write: { record, stored in
                    guard let value = Value(fieldValue: stored) else { return false }
                    UnsafeMutableRawPointer(record).advanced(by: offset).assumingMemoryBound(to: Value.self).pointee =
                        value
                    return true
                }))
    }

    /// Creates a field that is computed from others.
    public init<Value: FieldConvertible>(
        derived name: StaticString, unit: StaticString, _ value: @escaping @Sendable (borrowing Record) -> Value
    ) {
        self.name = name
        self.unit = unit
        type = Value.fieldType
        isOptional = Value.isOptional
        isDerived = true
        storage = .other
        offset = 0
        rest = .passRetained(
            FieldRest(usual: .missing, read: { value($0.pointee).fieldValue }, write: { _, _ in true }))
    }

    /// Whether a staged line leaves this integer out.
    @inlinable
    public func isUsual(_ value: Int64) -> Bool {
        rest._withUnsafeGuaranteedRef { rest in
            guard case .integer(let usual) = rest.usual else { return false }
            return usual == value
        }
    }

    /// The value of the field in a record.
    @inlinable
    public func value(in record: UnsafePointer<Record>) -> FieldValue {
        let address = UnsafeRawPointer(record).advanced(by: offset)
        switch storage {
        case .packed:
            let value = address.assumingMemoryBound(to: Double.self).pointee
            return value.isNaN ? .missing : .number(value)
        case .number: return .number(address.assumingMemoryBound(to: Double.self).pointee)
        case .optionalNumber: return address.assumingMemoryBound(to: Double?.self).pointee.fieldValue
        case .integer: return .integer(address.assumingMemoryBound(to: Int64.self).pointee)
        case .optionalInteger: return address.assumingMemoryBound(to: Int64?.self).pointee.fieldValue
        case .other: return rest._withUnsafeGuaranteedRef { $0.read(record) }
        }
    }

    /// Sets the field of a record. Returns `false`, and sets nothing, when the value does not have the field's type; a time must be
    /// one of the calendar.
    @inlinable
    public func set(_ value: FieldValue, in record: UnsafeMutablePointer<Record>) -> Bool {
        // What is no time of the calendar is none: arithmetic with it could overflow.
        if type == .time, case .integer(let value) = value, !Timestamp(milliseconds: value).isCalendarTime {
            return false
        }
        let address = UnsafeMutableRawPointer(record).advanced(by: offset)
        switch (storage, value) {
        case (.packed, .missing): address.assumingMemoryBound(to: Double.self).pointee = .nan
        case (.packed, .number(let value)), (.number, .number(let value)):
            address.assumingMemoryBound(to: Double.self).pointee = value
        case (.optionalNumber, .missing): address.assumingMemoryBound(to: Double?.self).pointee = nil
        case (.optionalNumber, .number(let value)): address.assumingMemoryBound(to: Double?.self).pointee = value
        case (.integer, .integer(let value)): address.assumingMemoryBound(to: Int64.self).pointee = value
        case (.optionalInteger, .missing): address.assumingMemoryBound(to: Int64?.self).pointee = nil
        case (.optionalInteger, .integer(let value)): address.assumingMemoryBound(to: Int64?.self).pointee = value
        default: return rest._withUnsafeGuaranteedRef { $0.write(record, value) }
        }
        return true
    }
}

/// What a field has that counts references.
@usableFromInline
final class FieldRest<Record>: Sendable {
    @usableFromInline let usual: FieldValue
    /// Reads a field whose storage is `other`.
    @usableFromInline let read: @Sendable (UnsafePointer<Record>) -> FieldValue
    @usableFromInline let write: @Sendable (UnsafeMutablePointer<Record>, FieldValue) -> Bool

    @usableFromInline
    init(
        usual: FieldValue, read: @escaping @Sendable (UnsafePointer<Record>) -> FieldValue,
        write: @escaping @Sendable (UnsafeMutablePointer<Record>, FieldValue) -> Bool
    ) {
        self.usual = usual
        self.read = read
        self.write = write
    }
}

/// How a record stores a field, for the kinds that bulk paths meet most: these are read without a call.
@usableFromInline
enum FieldStorage: Sendable {
    /// A number that is NaN when unknown, as in `Packed`.
    case packed
    case number
    case optionalNumber
    /// Also a count, and a time, which is its milliseconds.
    case integer
    case optionalInteger
    case other

    @usableFromInline
    init(_ type: any FieldConvertible.Type) {
        switch type {
        case is Packed.Type: self = .packed
        case is Double.Type: self = .number
        case is Double?.Type: self = .optionalNumber
        case is Int64.Type, is Int.Type, is Timestamp.Type: self = .integer
        case is Int64?.Type, is Int?.Type, is Timestamp?.Type: self = .optionalInteger
        default: self = .other
        }
    }
}

/// A record that is written to and read from staged files and tables field by field.
public protocol FieldRecord: Sendable {
    /// All fields, in the order of staged lines and of tables.
    static var fields: [Field<Self>] { get }
    /// A record without values, from which reading starts: each required field is set before anybody sees it.
    static var unread: Self { get }
    /// Applies what the record's initializer promises to values that were read; called when all fields are set.
    mutating func applyLimits()
}

extension FieldRecord {
    /// Changes nothing: most records take any value.
    @inlinable public mutating func applyLimits() {}

    /// Reads a record from the values that `value` returns for its stored fields.
    /// - Parameters:
    ///   - fields: the fields to read; derived ones are skipped.
    ///   - record: what the fields that are not read keep.
    ///   - value: returns the stored value of the field at an index of `fields`; for `missing` the field's usual value
    ///     is set.
    ///   - refusal: makes the error for the field at an index, whose value does not have the field's type.
    /// - Throws: What `value` throws, and what `refusal` returns.
    @inlinable
    public static func read<Failure: Error>(
        _ fields: [Field<Self>] = Self.fields, into record: consuming Self = Self.unread,
        _ value: (Int) throws(Failure) -> FieldValue, refusal: (Int, FieldValue) -> Failure
    ) throws(Failure) -> Self {
        // By index: a field taken out of the array would be copied with its closures.
        for index in fields.indices where !fields[index].isDerived {
            var stored = try value(index)
            if case .missing = stored { stored = fields[index].usual }
            let isSet = withUnsafeMutablePointer(to: &record) { fields[index].set(stored, in: $0) }
            if !isSet { throw refusal(index, stored) }
        }
        record.applyLimits()
        return record
    }
}
