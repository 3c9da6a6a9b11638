import PerpCore

/// A value in a response that is a number or a time, as its bytes stand there, and the smallest change of it that is still
/// such a value: one digit.
struct Numeral {
    /// Where the value stands in the text of the file, without quotes.
    var place: Range<Int>
    /// The offset of the digit that is changed.
    var digit: Int
    /// What the digit becomes, and another one for a second look; neither is zero, so that a number keeps its length. Two
    /// numbers whose first changes cancel out have second changes that do not.
    var replacements: (UInt8, UInt8)

    /// How many digits, from the first that is not zero, may be the one that is changed: the change is then larger than
    /// rounding, and than the milliseconds and minutes that times are cut to.
    private static let significant = 8

    /// `nil` when the bytes are no decimal number, no percentage and no time as ISO 8601.
    init?(_ bytes: UnsafeBufferPointer<UInt8>, at place: Range<Int>) {
        guard let digit = Self.decimalDigit(bytes, place) ?? Self.minuteDigit(bytes, place) else { return nil }
        self.place = place
        self.digit = digit
        replacements =
            switch bytes[digit] {
            case UInt8(ascii: "9"): (UInt8(ascii: "8"), UInt8(ascii: "6"))
            case UInt8(ascii: "8"): (UInt8(ascii: "9"), UInt8(ascii: "5"))
            default: (bytes[digit] + 1, bytes[digit] + 2)
            }
    }

    /// The last digit that is not zero among the significant ones; in a zero its last digit.
    private static func decimalDigit(_ bytes: UnsafeBufferPointer<UInt8>, _ place: Range<Int>) -> Int? {
        var first: Int?
        var chosen: Int?
        var last: Int?
        var points = 0
        var hasExponent = false
        for offset in place {
            let byte = bytes[offset]
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                if hasExponent { continue }
                last = offset
                if byte != UInt8(ascii: "0"), first == nil { first = offset }
                if byte != UInt8(ascii: "0"), let first, offset - first < significant + points { chosen = offset }
            case UInt8(ascii: "."):
                points += 1
                if points > 1 || hasExponent { return nil }
            case UInt8(ascii: "-"), UInt8(ascii: "+"):
                let before = offset == place.lowerBound ? UInt8(ascii: "e") : bytes[offset - 1]
                if before | 0x20 != UInt8(ascii: "e") { return nil }
            case UInt8(ascii: "e"), UInt8(ascii: "E"):
                if hasExponent || last == nil { return nil }
                hasExponent = true
            case UInt8(ascii: "%"):
                if offset + 1 != place.upperBound { return nil }
            default: return nil
            }
        }
        return chosen ?? last
    }

    /// The last digit of the minutes of `2026-03-02T10:00:00Z`.
    private static func minuteDigit(_ bytes: UnsafeBufferPointer<UInt8>, _ place: Range<Int>) -> Int? {
        guard place.count >= 16 else { return nil }
        let start = place.lowerBound
        let digits = [0, 1, 2, 3, 5, 6, 8, 9, 11, 12, 14, 15]
        guard bytes[start + 4] == UInt8(ascii: "-"), bytes[start + 7] == UInt8(ascii: "-"),
            bytes[start + 13] == UInt8(ascii: ":"),
            digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[start + $0]) })
        else { return nil }
        return start + 15
    }

    /// The same value, to be changed in the other way first.
    var other: Numeral {
        var other = self
        other.replacements = (replacements.1, replacements.0)
        return other
    }

    /// The value of such bytes, a time in milliseconds and a percentage without its sign; `nil` for other bytes.
    static func value(of text: String) -> Double? {
        if let number = Double(text.hasSuffix("%") ? String(text.dropLast()) : text), number.isFinite { return number }
        let time = Timestamp(iso8601: text.hasSuffix("Z") ? text : text + "Z")
        return time.map { Double($0.milliseconds) }
    }
}
