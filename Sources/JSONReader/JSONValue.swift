/// A value of a parsed document: a view into the parser's memory, valid until its next parse.
///
/// Source of the tape's layout: https://github.com/simdjson/simdjson/blob/master/doc/tape.md
public struct JSONValue {
    // Inlinable throughout: bulk paths read each field of each row through this.
    @usableFromInline let tape: UnsafePointer<UInt64>
    @usableFromInline let strings: UnsafePointer<UInt8>
    @usableFromInline let index: Int

    @inlinable
    init(tape: UnsafePointer<UInt64>, strings: UnsafePointer<UInt8>, index: Int) {
        self.tape = tape
        self.strings = strings
        self.index = index
    }

    /// What is at an index of the tape: the first byte of its JSON text, or of its number's type.
    @usableFromInline
    enum Tag {
        @inlinable static var object: UInt8 { UInt8(ascii: "{") }
        @inlinable static var array: UInt8 { UInt8(ascii: "[") }
        @inlinable static var string: UInt8 { UInt8(ascii: "\"") }
        @inlinable static var signed: UInt8 { UInt8(ascii: "l") }
        @inlinable static var unsigned: UInt8 { UInt8(ascii: "u") }
        @inlinable static var double: UInt8 { UInt8(ascii: "d") }
        @inlinable static var `true`: UInt8 { UInt8(ascii: "t") }
        @inlinable static var `false`: UInt8 { UInt8(ascii: "f") }
        @inlinable static var null: UInt8 { UInt8(ascii: "n") }
    }

    @inlinable var word: UInt64 { tape[index] }
    @inlinable var payload: UInt64 { word & 0x00FF_FFFF_FFFF_FFFF }
    @inlinable var tag: UInt8 { UInt8(truncatingIfNeeded: word >> 56) }

    /// The index behind this value.
    @inlinable var nextIndex: Int {
        switch tag {
        case Tag.object, Tag.array: Int(UInt32(truncatingIfNeeded: word))
        case Tag.signed, Tag.unsigned, Tag.double: index + 2
        default: index + 1
        }
    }

    @inlinable func at(_ index: Int) -> JSONValue { JSONValue(tape: tape, strings: strings, index: index) }

    /// Whether the value is `null`.
    @inlinable public var isNull: Bool { tag == Tag.null }

    /// The members of an object; `nil` for any other value.
    @inlinable public var object: JSONObject? {
        tag == Tag.object ? JSONObject(tape: tape, strings: strings, first: index + 1, end: nextIndex - 1) : nil
    }

    /// The elements of an array; `nil` for any other value.
    @inlinable public var array: JSONArray? {
        tag == Tag.array ? JSONArray(first: at(index + 1), end: nextIndex - 1) : nil
    }

    /// `true` or `false`; `nil` for any other value.
    @inlinable public var bool: Bool? {
        switch tag {
        case Tag.true: true
        case Tag.false: false
        default: nil
        }
    }

    /// The bytes of a string, with its escapes resolved; `nil` for any other value.
    @inlinable public var utf8: UnsafeBufferPointer<UInt8>? {
        guard tag == Tag.string else { return nil }
        let start = strings + Int(payload)
        let length = UnsafeRawPointer(start).loadUnaligned(as: UInt32.self)
        return UnsafeBufferPointer(start: start + 4, count: Int(length))
    }

    /// The text of a string, with its escapes resolved; `nil` for any other value.
    @inlinable public var string: String? { utf8.map { String(decoding: $0, as: UTF8.self) } }

    /// The value of a number, or of a string that is a decimal number as a whole; `nil` for any other value.
    @inlinable public var number: Double? {
        switch tag {
        case Tag.double: Double(bitPattern: tape[index + 1])
        case Tag.signed: Double(Int64(bitPattern: tape[index + 1]))
        case Tag.unsigned: Double(tape[index + 1])
        case Tag.string: utf8.flatMap(Decimal.read)
        default: nil
        }
    }

    /// The value of a whole number, or of a string that is one; `nil` for any other value.
    public var integer: Int64? {
        switch tag {
        case Tag.signed: return Int64(bitPattern: tape[index + 1])
        case Tag.double, Tag.unsigned, Tag.string:
            if let utf8, let exact = Int64(String(decoding: utf8, as: UTF8.self)) { return exact }
            return number.flatMap(Int64.init(exactly:))
        default: return nil
        }
    }

    /// The member behind this value, which is a member of an object; `nil` when it is the last one.
    public var memberBehind: (name: String, value: JSONValue)? {
        let next = nextIndex
        return at(next).string.map { ($0, at(next + 1)) }
    }

    /// The value as short JSON-like text, for messages.
    public var summary: String {
        switch tag {
        case Tag.object: "{…}"
        case Tag.array: "[…]"
        case Tag.string: string ?? ""
        case Tag.signed: "\(Int64(bitPattern: tape[index + 1]))"
        case Tag.unsigned: "\(tape[index + 1])"
        case Tag.double: "\(Double(bitPattern: tape[index + 1]))"
        case Tag.true: "true"
        case Tag.false: "false"
        case Tag.null: "null"
        default: ""
        }
    }

    /// The depth of nested arrays and objects: 0 for a number, 1 for `{}`.
    public var depth: Int {
        var deepest = 0
        var ends: [Int] = []
        var current = index
        while current < nextIndex {
            let value = at(current)
            while let end = ends.last, current >= end { ends.removeLast() }
            if value.tag == Tag.object || value.tag == Tag.array {
                ends.append(value.nextIndex)
                deepest = max(deepest, ends.count)
                current += 1
            } else {
                current = value.nextIndex
            }
        }
        return deepest
    }
}

/// The elements of an array, in order.
public struct JSONArray: Sequence, IteratorProtocol {
    @usableFromInline var element: JSONValue
    @usableFromInline let end: Int

    @inlinable
    init(first: JSONValue, end: Int) {
        element = first
        self.end = end
    }

    /// The next element; `nil` behind the last one.
    @inlinable
    public mutating func next() -> JSONValue? {
        guard element.index < end else { return nil }
        defer { element = JSONValue(tape: element.tape, strings: element.strings, index: element.nextIndex) }
        return element
    }

    /// The next element, which stays to be read; `nil` when none is left.
    public var first: JSONValue? {
        var copy = self
        return copy.next()
    }

    /// The element at an index, found by walking; `nil` behind the last one.
    public subscript(index: Int) -> JSONValue? {
        var copy = self
        for _ in 0..<index where copy.next() == nil { return nil }
        return copy.next()
    }
}

/// The members of an object.
///
/// A search begins behind the member that was found last: reading members in their order in the text is one pass, and
/// any other order is only slower.
public struct JSONObject: Sequence, IteratorProtocol {
    @usableFromInline let tape: UnsafePointer<UInt64>
    @usableFromInline let strings: UnsafePointer<UInt8>
    @usableFromInline let first: Int
    @usableFromInline let end: Int
    @usableFromInline var cursor: Int

    @inlinable
    init(tape: UnsafePointer<UInt64>, strings: UnsafePointer<UInt8>, first: Int, end: Int) {
        self.tape = tape
        self.strings = strings
        self.first = first
        self.end = end
        cursor = first
    }

    @inlinable func at(_ index: Int) -> JSONValue { JSONValue(tape: tape, strings: strings, index: index) }

    /// The value of the member with a name; `nil` when there is none.
    public mutating func value(_ name: StaticString) -> JSONValue? {
        value(of: name.utf8Start, length: name.utf8CodeUnitCount)
    }

    private mutating func value(of name: UnsafePointer<UInt8>, length: Int) -> JSONValue? {
        let beginning = KeyBeginning(of: name, length: length)
        if let found = value(of: name, beginning, from: cursor, to: end) { return found }
        return cursor == first ? nil : value(of: name, beginning, from: first, to: cursor)
    }

    /// Finds a member among those whose names are at the indices from `start` up to `end`; the cursor moves behind it.
    @inline(__always)
    private mutating func value(
        of name: UnsafePointer<UInt8>, _ beginning: KeyBeginning, from start: Int, to end: Int
    ) -> JSONValue? {
        var index = start
        while index < end {
            let value = at(index + 1)
            // A name is always a string: its text is behind its length, of four bytes.
            let key = strings + Int(tape[index] & 0x00FF_FFFF_FFFF_FFFF)
            if beginning.matches(key), equalBytes(key + 8, name + 4, beginning.length - 4) {
                cursor = value.nextIndex
                return value
            }
            index = value.nextIndex
        }
        return nil
    }

    /// The next member in the order of the text; `nil` behind the last one.
    public mutating func next() -> (name: String, value: JSONValue)? {
        guard cursor < end, let name = at(cursor).string else { return nil }
        let value = at(cursor + 1)
        cursor = value.nextIndex
        return (name, value)
    }
}

/// The length of a member's name and its first four bytes in one word, as simdjson stores them: most other names differ in
/// it.
private struct KeyBeginning {
    let length: Int
    private let word: UInt64
    /// The bits of the word that count: a short name has fewer bytes.
    private let mask: UInt64

    @inline(__always)
    init(of name: UnsafePointer<UInt8>, length: Int) {
        self.length = length
        var word = UInt64(UInt32(truncatingIfNeeded: length))
        for index in 0..<min(length, 4) { word |= UInt64(name[index]) << UInt64(32 + 8 * index) }
        self.word = word
        mask = length >= 4 ? .max : (1 << UInt64(32 + 8 * length)) - 1
    }

    /// Whether the name at an address has this length and these bytes; behind the last string there is padding.
    @inline(__always)
    func matches(_ key: UnsafePointer<UInt8>) -> Bool {
        UInt64(littleEndian: UnsafeRawPointer(key).loadUnaligned(as: UInt64.self)) & mask == word
    }
}

@inline(__always)
private func equalBytes(_ left: UnsafePointer<UInt8>, _ right: UnsafePointer<UInt8>, _ count: Int) -> Bool {
    var index = 0
    while index < count {
        if left[index] != right[index] { return false }
        index += 1
    }
    return true
}
