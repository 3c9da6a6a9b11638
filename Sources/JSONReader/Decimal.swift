import CDecimal
import PerpCore

/// The strict reader and writer of decimal numbers.
public enum Decimal {
    /// Reads a text that is a decimal number as a whole; `nil` for `""`, `"1,5"`, `"0x10"`, `"nan"`,
    /// `"1.2abc"`, and for numbers beyond the range of `Double` (`"1e400"`).
    public static func read(_ bytes: UnsafeBufferPointer<UInt8>) -> Double? {
        var value = 0.0
        let isRead = bytes.withMemoryRebound(to: CChar.self) {
            guard let start = $0.baseAddress else { return false }
            return cdecimal_read(start, $0.count, &value)
        }
        return isRead ? value : nil
    }

    /// Reads a text that is a decimal number as a whole; `nil` for any other, as for bytes.
    public static func read(_ text: String) -> Double? {
        var text = text
        return text.withUTF8 { read($0) }
    }

    /// Appends the shortest text that reads back as the same number, always with a point or an exponent: `8.0`, `1e-05`.
    /// Traps when `value` is not finite.
    public static func append(_ value: Double, to buffer: ByteBuffer) {
        precondition(value.isFinite)
        let room = buffer.reserve(Int(CDECIMAL_LONGEST))
        buffer.advance(by: room.withMemoryRebound(to: CChar.self, capacity: 1) { cdecimal_write(value, $0) })
    }

    /// Whether a token begins as a JSON number does.
    static func looksLikeNumber(_ token: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let first = token.first else { return false }
        return first == UInt8(ascii: "-") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first)
    }
}
