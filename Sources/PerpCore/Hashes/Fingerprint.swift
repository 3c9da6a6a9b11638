/// A hash of text and numbers that is the same on every run and system: FNV-1a of 64 bits. It names things.
///
/// Source: http://www.isthe.com/chongo/tech/comp/fnv/
package struct Fingerprint {
    /// The hash so far.
    package private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325

    /// The hash of nothing.
    package init() {}

    /// The hash of a text's UTF-8.
    package init(_ text: String) { add(text) }

    /// Adds a text's UTF-8.
    package mutating func add(_ text: String) {
        for byte in text.utf8 { value = (value ^ UInt64(byte)) &* 0x100_0000_01b3 }
    }

    /// Adds a word, the lowest byte first.
    package mutating func add(_ word: UInt64) {
        for shift in stride(from: 0, to: 64, by: 8) {
            value = (value ^ (word >> UInt64(shift)) & 0xff) &* 0x100_0000_01b3
        }
    }

    /// Sixteen hexadecimal digits.
    package var text: String { value.hexadecimal }
}

extension UInt64 {
    /// Sixteen hexadecimal digits.
    package var hexadecimal: String {
        let digits = String(self, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
