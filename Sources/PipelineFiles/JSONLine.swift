import JSONReader
import PerpCore

/// Writes one flat JSON object per line into a buffer, key by key.
struct JSONLine {
    let buffer: ByteBuffer
    private var isFirst = true

    init(into buffer: ByteBuffer) {
        self.buffer = buffer
        buffer.append(UInt8(ascii: "{"))
    }

    /// Continues an object whose beginning, `{"a":1`, is the text of another buffer.
    init(into buffer: ByteBuffer, beginning: ByteBuffer) {
        self.buffer = buffer
        buffer.append(beginning.bytes)
        isFirst = false
    }

    /// Continues an object whose beginning is already in the buffer.
    init(continuing buffer: ByteBuffer) {
        self.buffer = buffer
        isFirst = false
    }

    func end() { buffer.append("}\n" as StaticString) }

    mutating func key(_ name: StaticString) {
        // In one step: this is called some twenty times per record.
        let count = name.utf8CodeUnitCount
        var target = buffer.reserve(count + 4)
        if !isFirst {
            target.pointee = UInt8(ascii: ",")
            target += 1
        }
        target.pointee = UInt8(ascii: "\"")
        (target + 1).update(from: name.utf8Start, count: count)
        target[count + 1] = UInt8(ascii: "\"")
        target[count + 2] = UInt8(ascii: ":")
        buffer.advance(by: isFirst ? count + 3 : count + 4)
        isFirst = false
    }

    mutating func add(_ name: StaticString, _ value: String) {
        key(name)
        buffer.appendJSON(value)
    }

    /// Leaves out a number that is not finite: it is not a value.
    mutating func add(_ name: StaticString, _ value: Double) {
        guard value.isFinite else { return }
        key(name)
        Decimal.append(value, to: buffer)
    }

    mutating func add(_ name: StaticString, _ value: Bool) {
        key(name)
        for byte in (value ? "true" : "false").utf8 { buffer.append(byte) }
    }

    mutating func add(_ name: StaticString, _ value: Int64) {
        key(name)
        buffer.append(decimal: value)
    }

    mutating func add(_ name: StaticString, _ value: Timestamp) { add(name, value.milliseconds) }

    // Unknown values are left out.

    mutating func add(_ name: StaticString, _ value: Double?) {
        if let value { add(name, value) }
    }

    mutating func add(_ name: StaticString, _ value: Int64?) {
        if let value { add(name, value) }
    }

    mutating func add(_ name: StaticString, _ value: Timestamp?) {
        if let value { add(name, value) }
    }

    mutating func add(_ name: StaticString, _ value: String?) {
        if let value { add(name, value) }
    }

    /// Adds the fields of a record, without those that are unknown or have their usual value.
    mutating func add<Record>(_ fields: [Field<Record>], of record: UnsafePointer<Record>) {
        // Through the buffer: a field taken out of the array would be copied with its closures.
        fields.withUnsafeBufferPointer { fields in
            for index in fields.indices {
                switch fields[index].value(in: record) {
                case .missing: continue
                case .number(let value): add(fields[index].name, value)
                case .integer(let value): if !fields[index].isUsual(value) { add(fields[index].name, value) }
                case .text(let value): add(fields[index].name, value)
                }
            }
        }
    }
}

extension ByteBuffer {
    func append(decimal value: Int64) {
        guard value != 0 else { return append(UInt8(ascii: "0")) }
        if value < 0 { append(UInt8(ascii: "-")) }
        var rest = value.magnitude
        let room = reserve(20)
        var length = 0
        while rest > 0 {
            room[19 - length] = UInt8(ascii: "0") + UInt8(rest % 10)
            rest /= 10
            length += 1
        }
        room.update(from: room + (20 - length), count: length)
        advance(by: length)
    }

    /// Appends a string with quotes, escaped only where JSON requires it.
    func appendJSON(_ text: String) {
        var text = text
        text.withUTF8 { appendJSON($0) }
    }

    func appendJSON(_ text: UnsafeBufferPointer<UInt8>) {
        append(UInt8(ascii: "\""))
        var plain = 0
        for index in text.indices where text[index] < 0x20 || text[index] == 0x22 || text[index] == 0x5C {
            append(UnsafeBufferPointer(rebasing: text[plain..<index]))
            appendEscape(text[index])
            plain = index + 1
        }
        append(UnsafeBufferPointer(rebasing: text[plain...]))
        append(UInt8(ascii: "\""))
    }

    private func appendEscape(_ byte: UInt8) {
        switch byte {
        case 0x22: append("\\\"" as StaticString)
        case 0x5C: append("\\\\" as StaticString)
        case 0x0A: append("\\n" as StaticString)
        case 0x0D: append("\\r" as StaticString)
        case 0x09: append("\\t" as StaticString)
        default:
            append("\\u00" as StaticString)
            append(hexDigit(byte >> 4))
            append(hexDigit(byte & 15))
        }
    }
}

func hexDigit(_ value: UInt8) -> UInt8 {
    value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
}
