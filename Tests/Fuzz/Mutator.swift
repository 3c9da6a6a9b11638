import PerpCore
extension SplitMix64 {
    /// A number from 0 up to `limit`, which is left out.
    mutating func below(_ limit: Int) -> Int { Int.random(in: 0..<max(1, limit), using: &self) }
}

/// Changes bytes as damage and malice do.
struct Mutator {
    var dice: SplitMix64

    /// What no text may grow beyond.
    static let longest = 1 << 18

    /// Damage that knows nothing of the format.
    mutating func damage(_ bytes: inout [UInt8]) {
        guard !bytes.isEmpty else { return bytes = [UInt8(truncatingIfNeeded: dice.next())] }
        let at = dice.below(bytes.count)
        let length = min(1 + dice.below(1 << dice.below(10)), bytes.count - at)
        switch dice.below(7) {
        case 0: bytes[at] ^= 1 << UInt8(dice.below(8))
        case 1: bytes[at] = UInt8(truncatingIfNeeded: dice.next())
        case 2: bytes.removeSubrange(at..<at + length)
        case 3: bytes.removeLast(bytes.count - at)
        case 4: bytes.insert(contentsOf: bytes[at..<at + length], at: dice.below(bytes.count))
        case 5:
            let other = dice.below(bytes.count - length + 1)
            for step in 0..<length { bytes.swapAt(at + step, other + step) }
        default: bytes.insert(contentsOf: Self.pieces[dice.below(Self.pieces.count)], at: at)
        }
    }

    /// Damage to JSON: what a value, a name or a nesting may be that nobody expects.
    mutating func twist(_ bytes: inout [UInt8]) {
        let at = dice.below(bytes.count)
        switch dice.below(6) {
        case 0, 1: replaceNumber(&bytes, from: at)
        case 2, 3: replaceString(&bytes, from: at)
        case 4: nest(&bytes, from: at)
        default: damage(&bytes)
        }
        if bytes.count > Self.longest { bytes.removeLast(bytes.count - Self.longest) }
    }

    private mutating func replaceNumber(_ bytes: inout [UInt8], from at: Int) {
        guard let start = bytes[at...].firstIndex(where: Self.isDigit) else { return damage(&bytes) }
        let end = bytes[start...].firstIndex { !Self.isDigit($0) && $0 != UInt8(ascii: ".") } ?? bytes.endIndex
        bytes.replaceSubrange(start..<end, with: Self.numbers[dice.below(Self.numbers.count)])
    }

    private mutating func replaceString(_ bytes: inout [UInt8], from at: Int) {
        let quote = UInt8(ascii: "\"")
        guard let start = bytes[at...].firstIndex(of: quote),
            let end = bytes[(start + 1)...].firstIndex(of: quote)
        else { return damage(&bytes) }
        if dice.below(4) == 0 {
            // The member or element once more: a name that stands twice.
            let stop = bytes[end...].firstIndex(of: UInt8(ascii: ",")) ?? end
            bytes.insert(contentsOf: bytes[start..<stop] + [UInt8(ascii: ",")], at: start)
        } else {
            bytes.replaceSubrange(start + 1..<end, with: Self.texts[dice.below(Self.texts.count)])
        }
    }

    private mutating func nest(_ bytes: inout [UInt8], from at: Int) {
        guard let start = bytes[at...].firstIndex(where: { $0 == UInt8(ascii: "{") || $0 == UInt8(ascii: "[") })
        else { return damage(&bytes) }
        let depth = [1, 2, 70, 1200, 40_000][dice.below(5)]
        let (open, close): ([UInt8], UInt8) =
            dice.below(2) == 0
            ? ([UInt8(ascii: "[")], UInt8(ascii: "]")) : (Array("{\"a\":".utf8), UInt8(ascii: "}"))
        let deep = (0..<depth).flatMap { _ in open } + [UInt8(ascii: "0")] + Array(repeating: close, count: depth)
        bytes.insert(contentsOf: deep, at: dice.below(3) == 0 ? start : min(start + 1, bytes.count))
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    static let numbers: [[UInt8]] = [
        "0", "-0", "-1", "1e400", "-1e400", "1e-400", "1.7976931348623157e308", "4.9e-324", "nan", "NaN", "Infinity",
        "0x10", "1,5", "1.2.3", "-", "+1", ".5", "5.", "00", "1e", "9223372036854775807", "9223372036854775808",
        "-9223372036854775809", "18446744073709551615", "18446744073709551616", "1e18", "1e19", "null", "true", "{}",
        "[]", "\"\"", "\"1e400\"", "\"-5\"", "\"inf\"", String(repeating: "9", count: 400),
        "0." + String(repeating: "0", count: 400) + "1", "1" + String(repeating: "0", count: 308),
    ].map { Array($0.utf8) }

    static let texts: [[UInt8]] =
        [
            "", " ", "../../etc/passwd", "a/b", "BTC\\nUSDT", "\\u0000", "\\ud800", "\\\"", "'; DROP TABLE ticker; --",
            "<script>alert(1)</script>", "%s%n%00", "\u{202E}BTC", "BTCUSDT", "BTC-USDT-SWAP", "1000PEPEUSDT", "kPEPE",
            "1e400", "-1", "nan", String(repeating: "9", count: 400), String(repeating: "x", count: 5000), "null",
            "1000000000000000000000000000000BTCUSDT", "-USDT-", "_", "-", "USDT", "BTC-USD-991399", "BTC-USD-250230",
        ].map { Array($0.utf8) } + [[0xFF], [0xC3], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0], [10], [13, 10]]

    private static let pieces: [[UInt8]] =
        texts + numbers + ["{", "}", "[", "]", ",", ":", "\"", "\\", "\n", "{\"a\":1}"].map { Array($0.utf8) }
}
