/// One field of a record: its name in files and tables, its unit, its type, and where the record keeps it.
///
/// It is the only place where these stand together. Staged lines, inserts, selects and checks of the schema are made
/// from a record's list of fields.
public struct Field<Record>: Sendable {
    /// In snake_case: a key of a staged line, a column of a table.
    public let name: StaticString
    /// What the number counts, or what the text or time says.
    public let unit: StaticString
    public let type: FieldType
    /// Whether the field may be missing.
    public let isOptional: Bool
    /// What a field that is missing stands for: a staged line leaves it out, and a reader adds it again; `missing` for
    /// most fields.
    public let usual: FieldValue
    /// Whether the field is worked out from others: written, but never read back.
    public let isDerived: Bool
    @usableFromInline let read: @Sendable (UnsafePointer<Record>) -> FieldValue
    @usableFromInline let write: @Sendable (UnsafeMutablePointer<Record>, FieldValue) -> Bool

    /// A field that the record stores.
    ///
    /// Bulk paths read millions of fields: they are found by their distance from the start of the record, not by asking
    /// the key path each time.
    /// - Parameter path: a stored property. Of a property wrapper it is the storage, `\._lastPrice`.
    public init<Value: FieldConvertible>(
        _ name: StaticString, _ path: WritableKeyPath<Record, Value>, unit: StaticString, usual: FieldValue = .missing
    ) {
        guard let offset = MemoryLayout<Record>.offset(of: path) else {
            preconditionFailure("'\(name)' is no stored property")
        }
        self.name = name
        self.unit = unit
        self.usual = usual
        type = Value.fieldType
        isOptional = Value.isOptional
        isDerived = false
        read = { record in
            UnsafeRawPointer(record).advanced(by: offset).assumingMemoryBound(to: Value.self).pointee.fieldValue
        }
        write = { record, stored in
            guard let value = Value(fieldValue: stored) else { return false }
            UnsafeMutableRawPointer(record).advanced(by: offset).assumingMemoryBound(to: Value.self).pointee = value
            return true
        }
    }

    /// A field that is worked out from others.
    public init<Value: FieldConvertible>(
        derived name: StaticString, unit: StaticString, _ value: @escaping @Sendable (borrowing Record) -> Value
    ) {
        self.name = name
        self.unit = unit
        usual = .missing
        type = Value.fieldType
        isOptional = Value.isOptional
        isDerived = true
        read = { value($0.pointee).fieldValue }
        write = { _, _ in true }
    }

    /// What the field holds in a record.
    @inlinable
    public func value(in record: UnsafePointer<Record>) -> FieldValue { read(record) }

    /// Sets the field of a record; `false` when the value is not one of the field's type, and then nothing is set.
    @inlinable
    public func set(_ value: FieldValue, in record: UnsafeMutablePointer<Record>) -> Bool { write(record, value) }
}

/// A record that is written and read field by field.
public protocol FieldRecord: Sendable {
    /// In the order of staged lines and of tables.
    static var fields: [Field<Self>] { get }
    /// What reading starts from: each required field is set before anybody sees the record.
    static var unread: Self { get }
}

extension FieldRecord {
    /// Reads a record from what `value` gives for each stored field.
    /// - Parameter value: the stored value of a field.
    /// - Throws: what `value` throws, and what `refusal` makes of a field whose value is not one of its type.
    @inlinable
    public static func read<Failure: Error>(
        _ fields: [Field<Self>] = Self.fields, into record: consuming Self = Self.unread,
        _ value: (Field<Self>) throws(Failure) -> FieldValue, refusal: (Field<Self>, FieldValue) -> Failure
    ) throws(Failure) -> Self {
        for field in fields where !field.isDerived {
            let stored = try value(field)
            let isSet = withUnsafeMutablePointer(to: &record) { field.set(stored, in: $0) }
            if !isSet { throw refusal(field, stored) }
        }
        return record
    }
}
