#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Walks over JSON text that a parser has accepted before, byte by byte: it finds where values begin and end, which a
/// parser forgets. Text that is cut off ends the walk early and does nothing worse.
struct JSONCursor {
    let bytes: UnsafeBufferPointer<UInt8>
    /// The offset of the next byte.
    private(set) var offset: Int

    init(_ bytes: UnsafeBufferPointer<UInt8>, at offset: Int) {
        self.bytes = bytes
        self.offset = offset
    }

    /// The next byte that is not blank; `nil` at the end.
    mutating func peek() -> UInt8? {
        while offset < bytes.count {
            switch bytes[offset] {
            case 0x20, 0x09, 0x0A, 0x0D: offset += 1
            default: return bytes[offset]
            }
        }
        return nil
    }

    /// Goes behind the next byte that is not blank when it is `byte`.
    mutating func take(_ byte: UInt8) -> Bool {
        guard peek() == byte else { return false }
        offset += 1
        return true
    }

    /// Goes behind the next string and returns where its content stands, between the quotes; `nil` when none comes next.
    mutating func string() -> Range<Int>? {
        guard take(UInt8(ascii: "\"")) else { return nil }
        let start = offset
        while offset < bytes.count, bytes[offset] != UInt8(ascii: "\"") {
            offset += bytes[offset] == UInt8(ascii: "\\") ? 2 : 1
        }
        let end = min(offset, bytes.count)
        offset = min(offset + 1, bytes.count)
        return start..<end
    }

    /// Goes behind a number, `true`, `false` or `null` and returns where it stands.
    mutating func word() -> Range<Int> {
        _ = peek()
        let start = offset
        loop: while offset < bytes.count {
            switch bytes[offset] {
            case UInt8(ascii: ","), UInt8(ascii: "]"), UInt8(ascii: "}"), 0x20, 0x09, 0x0A, 0x0D: break loop
            default: offset += 1
            }
        }
        // A byte that belongs nowhere is passed over: the walk always goes on.
        if offset == start { offset = min(start + 1, bytes.count) }
        return start..<offset
    }

    /// Goes behind the next value of any kind and returns where it stands.
    mutating func value() -> Range<Int> {
        _ = peek()
        let start = offset
        var depth = 0
        repeat {
            switch peek() {
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                depth += 1
                offset += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                offset += 1
            case UInt8(ascii: ","), UInt8(ascii: ":"): offset += 1
            case UInt8(ascii: "\""): _ = string()
            case nil: return start..<offset
            default: _ = word()
            }
        } while depth > 0
        return start..<offset
    }

    /// Calls `body` before each member of an object with the place of its name; `body` goes behind the value.
    mutating func members(_ body: (inout JSONCursor, _ name: Range<Int>) -> Void) {
        guard take(UInt8(ascii: "{")) else { return }
        while let name = string(), take(UInt8(ascii: ":")) {
            body(&self, name)
            _ = take(UInt8(ascii: ","))
        }
        _ = take(UInt8(ascii: "}"))
    }

    /// Calls `body` before each element of an array with its index; `body` goes behind the value.
    mutating func elements(_ body: (inout JSONCursor, _ index: Int) -> Void) {
        guard take(UInt8(ascii: "[")) else { return }
        var index = 0
        while let next = peek(), next != UInt8(ascii: "]") {
            body(&self, index)
            index += 1
            _ = take(UInt8(ascii: ","))
        }
        _ = take(UInt8(ascii: "]"))
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// Whether the bytes of a place are those of a text.
    func equals(_ text: [UInt8], at place: Range<Int>) -> Bool {
        guard place.count == text.count, !text.isEmpty else { return place.isEmpty && text.isEmpty }
        guard let start = baseAddress else { return false }
        return text.withUnsafeBytes { memcmp(start + place.lowerBound, $0.baseAddress!, text.count) == 0 }
    }

    /// The offset of the first byte of a value, from an offset on; `nil` without one.
    func first(_ byte: UInt8, from offset: Int) -> Int? {
        guard let start = baseAddress, offset < count else { return nil }
        guard let found = memchr(start + offset, CInt(byte), count - offset) else { return nil }
        return UnsafeRawPointer(start).distance(to: UnsafeRawPointer(found))
    }

    /// The bytes of a place as text.
    func text(_ place: Range<Int>) -> String { String(decoding: self[place], as: UTF8.self) }
}
