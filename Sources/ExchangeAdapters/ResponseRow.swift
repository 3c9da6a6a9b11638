import JSONReader
import PerpCore

/// One row of a response, read field by field.
///
/// An absent key, `null` and `""` all mean "no value". Reading fields in the order of the text takes one pass.
struct ResponseRow {
    private var members: JSONObject

    init(_ members: JSONObject) { self.members = members }

    /// The fields of a value that should be an object.
    init(fact value: JSONValue) throws(FieldError) {
        guard let members = value.object else { throw .notText(field: "row", value: value.summary) }
        self.init(members)
    }

    /// The field's value; `nil` when it has none.
    mutating func value(_ field: StaticString) -> JSONValue? {
        guard let value = members.value(field), !value.isNull, value.utf8?.isEmpty != true else { return nil }
        return value
    }

    // MARK: - Text

    mutating func optionalString(_ field: StaticString) throws(FieldError) -> String? {
        guard let value = value(field) else { return nil }
        guard let text = value.string else { throw .notText(field: "\(field)", value: value.summary) }
        return text
    }

    /// A text that may be empty; `nil` when the key is absent or `null`.
    mutating func word(_ field: StaticString) throws(FieldError) -> String? {
        guard let value = members.value(field), !value.isNull else { return nil }
        guard let text = value.string else { throw .notText(field: "\(field)", value: value.summary) }
        return text
    }

    /// The texts of a list, or the one text that stands in its stead; other elements are left out. `nil` when the field is
    /// absent.
    mutating func optionalTexts(_ field: StaticString) throws(FieldError) -> [String]? {
        guard let value = members.value(field), !value.isNull else { return nil }
        if let list = value.array { return list.compactMap(\.string) }
        guard let text = value.string else { throw .notText(field: "\(field)", value: value.summary) }
        return text.isEmpty ? [] : [text]
    }

    mutating func string(_ field: StaticString) throws(FieldError) -> String {
        try required(try optionalString(field), field)
    }

    /// Whether the row has the key, even with `null`.
    mutating func has(_ field: StaticString) -> Bool { members.value(field) != nil }

    /// The object in a field, as a row of its own; `nil` when it is missing.
    mutating func optionalRow(_ field: StaticString) throws(FieldError) -> ResponseRow? {
        guard let value = value(field) else { return nil }
        guard let object = value.object else { throw .notText(field: "\(field)", value: value.summary) }
        return ResponseRow(object)
    }

    mutating func optionalBool(_ field: StaticString) throws(FieldError) -> Bool? {
        guard let value = value(field) else { return nil }
        guard let bool = value.bool else { throw .unknown(field: "\(field)", value: value.summary) }
        return bool
    }

    // MARK: - Numbers

    mutating func optionalNumber(_ field: StaticString) throws(FieldError) -> Double? {
        guard let value = value(field) else { return nil }
        guard let number = value.number, number.isFinite else {
            throw .notANumber(field: "\(field)", value: value.summary)
        }
        return number
    }

    mutating func number(_ field: StaticString) throws(FieldError) -> Double {
        try required(try optionalNumber(field), field)
    }

    mutating func optionalNonNegative(_ field: StaticString) throws(FieldError) -> Double? {
        guard let number = try optionalNumber(field) else { return nil }
        guard number >= 0 else { throw .negative(field: "\(field)", value: "\(number)") }
        return number
    }

    mutating func nonNegative(_ field: StaticString) throws(FieldError) -> Double {
        try required(try optionalNonNegative(field), field)
    }

    mutating func positive(_ field: StaticString) throws(FieldError) -> Double {
        let number = try nonNegative(field)
        guard number > 0 else { throw .notPositive(field: "\(field)", value: "\(number)") }
        return number
    }

    /// A positive number; `nil` when it is missing or 0, which exchanges send for "none".
    mutating func optionalPositive(_ field: StaticString) throws(FieldError) -> Double? {
        try optionalNonNegative(field).flatMap { $0 > 0 ? $0 : nil }
    }

    /// A price; `nil` when it is missing or 0, which exchanges send for "no trade" and "no quote".
    mutating func price(_ field: StaticString) throws(FieldError) -> Double? {
        try optionalPositive(field)
    }

    mutating func optionalCount(_ field: StaticString) throws(FieldError) -> Int64? {
        guard let number = try optionalNonNegative(field) else { return nil }
        guard let count = Int64(exactly: number) else { throw .notANumber(field: "\(field)", value: "\(number)") }
        return count
    }

    /// A number in percent, with or without a `%` behind it, as a fraction.
    mutating func optionalPercent(_ field: StaticString) throws(FieldError) -> Double? {
        guard let value = value(field) else { return nil }
        let text = value.string ?? ""
        let number = text.hasSuffix("%") ? Decimal.read(String(text.dropLast())) : value.number
        guard let number, number.isFinite else { throw .notANumber(field: "\(field)", value: value.summary) }
        return number / 100
    }

    // MARK: - Times

    /// A time in milliseconds after the epoch; `nil` when it is missing or 0, which exchanges send for "none".
    mutating func optionalMilliseconds(_ field: StaticString) throws(FieldError) -> Timestamp? {
        try time(field, unit: 1)
    }

    mutating func milliseconds(_ field: StaticString) throws(FieldError) -> Timestamp {
        try required(try optionalMilliseconds(field), field)
    }

    /// A time in seconds after the epoch, with or without a fraction; `nil` when it is missing or 0.
    mutating func optionalSeconds(_ field: StaticString) throws(FieldError) -> Timestamp? {
        try time(field, unit: 1000)
    }

    mutating func seconds(_ field: StaticString) throws(FieldError) -> Timestamp {
        try required(try optionalSeconds(field), field)
    }

    /// A time as ISO 8601 in UTC.
    mutating func iso8601(_ field: StaticString) throws(FieldError) -> Timestamp {
        let text = try string(field)
        guard let time = Timestamp(iso8601: text) else { throw .notATime(field: "\(field)", value: text) }
        return time
    }

    /// A time in nanoseconds after the epoch, as a whole number; `nil` when it is missing or 0.
    mutating func optionalNanoseconds(_ field: StaticString) throws(FieldError) -> Timestamp? {
        guard let value = value(field), value.integer != 0 else { return nil }
        guard let nanoseconds = value.integer, nanoseconds >= 1_000_000 else {
            throw .notATime(field: "\(field)", value: value.summary)
        }
        return Timestamp(milliseconds: nanoseconds / 1_000_000)
    }

    mutating func nanoseconds(_ field: StaticString) throws(FieldError) -> Timestamp {
        try required(try optionalNanoseconds(field), field)
    }

    /// A time as ISO 8601 that is UTC without saying so, `2026-03-02T10:00:00`; `nil` when it is missing.
    mutating func optionalZonelessTime(_ field: StaticString) throws(FieldError) -> Timestamp? {
        guard let text = try optionalString(field) else { return nil }
        guard let time = Timestamp(iso8601: text.hasSuffix("Z") ? text : text + "Z") else {
            throw .notATime(field: "\(field)", value: text)
        }
        return time
    }

    mutating func zonelessTime(_ field: StaticString) throws(FieldError) -> Timestamp {
        try required(try optionalZonelessTime(field), field)
    }

    /// The last millisecond of the year 9999.
    fileprivate static let latestTime = 253_402_300_799_999.0

    /// A length of time from a millisecond to a year, in milliseconds; `nil` when the field is absent or zero.
    ///
    /// - Parameter unit: milliseconds in one unit of the field.
    mutating func optionalLength(_ field: StaticString, unit: Double = 1) throws(FieldError) -> Int64? {
        guard let length = try optionalPositive(field) else { return nil }
        guard (1...366 * 86_400_000).contains(length * unit) else {
            throw .notATime(field: "\(field)", value: "\(length)")
        }
        return Int64(length * unit)
    }

    private mutating func time(_ field: StaticString, unit: Double) throws(FieldError) -> Timestamp? {
        guard let number = try optionalNumber(field), number != 0 else { return nil }
        let milliseconds = (number * unit).rounded(.down)
        guard milliseconds > 0, milliseconds <= Self.latestTime else {
            throw .notATime(field: "\(field)", value: "\(number)")
        }
        return Timestamp(milliseconds: Int64(milliseconds))
    }

    private func required<Value>(_ value: Value?, _ field: StaticString) throws(FieldError) -> Value {
        guard let value else { throw .missing(field: "\(field)") }
        return value
    }
}

extension JSONValue {
    /// The time that a member of an envelope states in milliseconds; `nil` when it states none that is a time.
    func statedTime(_ member: StaticString) -> Timestamp? {
        guard let milliseconds = self.member(member)?.integer, milliseconds > 0,
            Double(milliseconds) <= ResponseRow.latestTime
        else { return nil }
        return Timestamp(milliseconds: milliseconds)
    }
}
