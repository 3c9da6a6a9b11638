import CDecimal
import JSONReader
import PerpCore
import Testing

@Suite("Decimal numbers")
struct DecimalTests {
    @Test(
        "whole decimal texts are read",
        arguments: [
            ("0", 0.0), ("-0.5", -0.5), ("64000.50", 64000.5), ("1e3", 1000), ("0E-10", 0), ("1.87001775e-10", 1.87001775e-10),
            ("0007", 7), ("3631161834.2844824791", 3631161834.2844825), ("1e-400", 0), ("-1.5E+2", -150),
            ("0.00000000000000000000000000000000000000000000000000123", 1.23e-51),
        ])
    func read(text: String, value: Double) { #expect(Decimal.read(text) == value) }

    @Test(
        "anything else is refused",
        arguments: [
            "", " 1", "1 ", "1,5", "0x10", "nan", "inf", "-inf", "1.2abc", "+1", ".5", "5.", "1e", "1e+", "--1", "1_000", "1e400", "-1e999", "١",
        ])
    func refused(text: String) { #expect(Decimal.read(text) == nil) }

    @Test(
        "numbers are written in their shortest form, always as reals",
        arguments: [
            (8.0, "8.0"), (0.1, "0.1"), (1e-05, "1e-05"), (64000.5, "64000.5"), (-0.0, "-0.0"), (4563880000000, "4.56388e+12"), (0, "0.0"), (1e22, "1e+22"),
            (0.30000000000000004, "0.30000000000000004"), (123456789012345680, "123456789012345680.0"),
        ])
    func written(value: Double, text: String) {
        let buffer = ByteBuffer()
        Decimal.append(value, to: buffer)
        #expect(buffer.text == text)
    }

    @Test("decimals of any length and size are written and read as the standard library does")
    func againstStandardLibrary() {
        var random = SplitMix64(seed: 11)
        let buffer = ByteBuffer()
        for _ in 0..<50_000 {
            let digits = random.next() % [10, 1000, 1_000_000, 1_000_000_000_000, 100_000_000_000_000_000].randomElement(using: &random)!
            let text = "\(Bool.random(using: &random) ? "-" : "")\(digits)e\(Int.random(in: -18...18, using: &random))"
            guard let value = Double(text) else { continue }
            buffer.removeAll()
            Decimal.append(value, to: buffer)
            let plain = withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(CDECIMAL_LONGEST)) { room in
                let count = cdecimal_write_any(value, room.baseAddress!)
                return String(decoding: room.prefix(count).map(UInt8.init(bitPattern:)), as: UTF8.self)
            }
            #expect(buffer.text == plain)
            #expect(Decimal.read(plain)?.bitPattern == value.bitPattern)
        }
    }

    @Test("what is written reads back as the same double, for any double")
    func roundTrip() {
        var random = SplitMix64(seed: 7)
        let buffer = ByteBuffer()
        for _ in 0..<20_000 {
            let value = Double(bitPattern: random.next())
            guard value.isFinite else { continue }
            buffer.removeAll()
            Decimal.append(value, to: buffer)
            #expect(buffer.withBytes(Decimal.read)?.bitPattern == value.bitPattern)
            #expect(Double(buffer.text) == value)
        }
    }
}
