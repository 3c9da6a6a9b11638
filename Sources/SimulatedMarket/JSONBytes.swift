/// Writes JSON text into a buffer of bytes, in the order of the calls.
///
/// Every value ends with a comma, which the end of its object or list removes. Names and texts are never escaped: names
/// are literals, texts the simulator's own symbols.
struct JSONBytes {
    private(set) var bytes: [UInt8] = []

    init(capacity: Int = 1024) { bytes.reserveCapacity(capacity) }

    /// The finished document.
    consuming func finished() -> [UInt8] {
        if bytes.last == comma { bytes.removeLast() }
        return bytes
    }

    // MARK: - Containers

    mutating func begin() { bytes.append(UInt8(ascii: "{")) }

    mutating func begin(_ name: StaticString) {
        key(name)
        begin()
    }

    mutating func begin(named name: [UInt8]) {
        quoted(name)
        bytes.append(UInt8(ascii: ":"))
        begin()
    }

    mutating func end() { close(UInt8(ascii: "}")) }

    mutating func list() { bytes.append(UInt8(ascii: "[")) }

    mutating func list(_ name: StaticString) {
        key(name)
        list()
    }

    mutating func endList() { close(UInt8(ascii: "]")) }

    /// Appends text that is JSON already, such as constant members, and ends with a comma.
    mutating func raw(_ text: StaticString) {
        bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    // MARK: - Members

    mutating func text(_ name: StaticString, _ value: [UInt8]) {
        key(name)
        text(value)
    }

    mutating func text(_ name: StaticString, _ value: String) {
        key(name)
        text(value)
    }

    /// A bare whole number.
    mutating func integer(_ name: StaticString, _ value: Int64) {
        key(name)
        integer(value)
    }

    /// A whole number as text.
    mutating func quotedInteger(_ name: StaticString, _ value: Int64) {
        key(name)
        quotedInteger(value)
    }

    /// A decimal as text with exactly `places` digits after the point.
    mutating func fixed(_ name: StaticString, _ value: Double, _ places: Int) {
        key(name)
        fixed(value, places)
    }

    /// A decimal as text without zeros at its end, at most `places` digits after the point.
    mutating func short(_ name: StaticString, _ value: Double, _ places: Int) {
        key(name)
        short(value, places)
    }

    mutating func short(named name: [UInt8], _ value: Double, _ places: Int) {
        quoted(name)
        bytes.append(UInt8(ascii: ":"))
        short(value, places)
    }

    /// A bare decimal without zeros at its end.
    mutating func number(_ name: StaticString, _ value: Double, _ places: Int) {
        key(name)
        digits(value, places, trimmed: true)
        bytes.append(comma)
    }

    mutating func bool(_ name: StaticString, _ value: Bool) {
        key(name)
        if value { raw("true,") } else { raw("false,") }
    }

    mutating func null(_ name: StaticString) {
        key(name)
        raw("null,")
    }

    // MARK: - Elements

    mutating func text(_ value: [UInt8]) {
        quoted(value)
        bytes.append(comma)
    }

    mutating func text(_ value: String) {
        bytes.append(quote)
        bytes.append(contentsOf: value.utf8)
        bytes.append(quote)
        bytes.append(comma)
    }

    mutating func integer(_ value: Int64) {
        whole(value)
        bytes.append(comma)
    }

    mutating func quotedInteger(_ value: Int64) {
        bytes.append(quote)
        whole(value)
        bytes.append(quote)
        bytes.append(comma)
    }

    mutating func fixed(_ value: Double, _ places: Int) {
        bytes.append(quote)
        digits(value, places, trimmed: false)
        bytes.append(quote)
        bytes.append(comma)
    }

    /// A bare decimal without zeros at its end.
    mutating func number(_ value: Double, _ places: Int) {
        digits(value, places, trimmed: true)
        bytes.append(comma)
    }

    mutating func short(_ value: Double, _ places: Int) {
        bytes.append(quote)
        digits(value, places, trimmed: true)
        bytes.append(quote)
        bytes.append(comma)
    }

    /// A decimal as text with at least one digit after the point: `70736.0`.
    mutating func pointed(_ name: StaticString, _ value: Double, _ places: Int) {
        key(name)
        bytes.append(quote)
        let start = bytes.count
        digits(value, places, trimmed: true)
        if !bytes[start...].contains(UInt8(ascii: ".")) { raw(".0") }
        bytes.append(quote)
        bytes.append(comma)
    }

    // MARK: - Parts

    private var comma: UInt8 { UInt8(ascii: ",") }
    private var quote: UInt8 { UInt8(ascii: "\"") }

    private mutating func key(_ name: StaticString) {
        bytes.append(quote)
        raw(name)
        bytes.append(quote)
        bytes.append(UInt8(ascii: ":"))
    }

    private mutating func quoted(_ value: [UInt8]) {
        bytes.append(quote)
        bytes.append(contentsOf: value)
        bytes.append(quote)
    }

    private mutating func close(_ bracket: UInt8) {
        if bytes.last == comma { bytes[bytes.count - 1] = bracket } else { bytes.append(bracket) }
        bytes.append(comma)
    }

    private mutating func whole(_ value: Int64) {
        if value < 0 { bytes.append(UInt8(ascii: "-")) }
        magnitude(value.magnitude, width: 1)
    }

    /// Writes `value` rounded to `places`, from a scaled integer.
    private mutating func digits(_ value: Double, _ places: Int, trimmed: Bool) {
        var places = min(places, 18)
        var scaled = (value * powersOfTen[places]).rounded()
        while scaled.magnitude >= 9e18, places > 0 {  // too long for 64 bits: fewer digits, not a wrong number
            places -= 1
            scaled = (value * powersOfTen[places]).rounded()
        }
        guard scaled.magnitude < 9e18, scaled != 0 else {
            bytes.append(UInt8(ascii: "0"))
            if !trimmed, places > 0 {
                bytes.append(UInt8(ascii: "."))
                for _ in 0..<places { bytes.append(UInt8(ascii: "0")) }
            }
            return
        }
        if scaled < 0 { bytes.append(UInt8(ascii: "-")) }
        var number = UInt64(scaled.magnitude)
        if trimmed {
            while places > 0, number % 10 == 0 {
                number /= 10
                places -= 1
            }
        }
        magnitude(number, width: places + 1, point: places)
    }

    /// Writes the digits of `number`, at least `width` of them, with a point before the last `point`.
    private mutating func magnitude(_ number: UInt64, width: Int, point: Int = 0) {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 24) { buffer in
            var rest = number
            var index = buffer.count
            var written = 0
            while rest > 0 || written < width {
                if point > 0, written == point {
                    index -= 1
                    buffer[index] = UInt8(ascii: ".")
                }
                let next = rest / 10
                index -= 1
                buffer[index] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest &- next &* 10)
                rest = next
                written += 1
            }
            bytes.append(contentsOf: buffer[index...])
        }
    }
}
