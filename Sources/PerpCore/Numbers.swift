/// Numbers formatted for reports and messages, without a locale and without Foundation.
public enum Numbers {
    /// The value with a fixed number of decimals: `fixed(0.0182, 4)` is `0.0182`; `n/a` when it is not finite.
    public static func fixed(_ value: Double, _ decimals: Int) -> String {
        guard value.isFinite else { return "n/a" }
        var scale = 1.0
        for _ in 0..<decimals { scale *= 10 }
        let scaled = (value.magnitude * scale).rounded()
        guard scaled < 9e15 else { return "\(value)" }
        return digits(Int64(scaled), decimals: decimals, isNegative: value < 0)
    }

    /// A whole number of units of which the last digits are decimals; zero has no sign. Pages have a hundred thousand of them.
    private static func digits(_ whole: Int64, decimals: Int, isNegative: Bool) -> String {
        String(unsafeUninitializedCapacity: decimals + 24) { buffer in
            var (rest, count) = (whole, 0)
            func put(_ byte: UInt8) {
                buffer[count] = byte
                count += 1
            }
            // From the last digit on, turned around at the end.
            repeat {
                if count == decimals, decimals > 0 { put(UInt8(ascii: ".")) }
                put(UInt8(ascii: "0") + UInt8(rest % 10))
                rest /= 10
            } while rest > 0 || count < decimals + (decimals > 0 ? 2 : 1)
            if isNegative, whole > 0 { put(UInt8(ascii: "-")) }
            var digits = buffer[..<count]
            digits.reverse()
            return count
        }
    }

    /// The value with a fixed number of decimals and a sign, also when it is positive: `+1.50`.
    public static func signed(_ value: Double, _ decimals: Int) -> String {
        let text = fixed(value, decimals)
        return value > 0 ? "+" + text : text
    }

    /// Dollars with a unit that fits the size: `$45.2M`, `$238.50B`.
    public static func dollars(_ value: Double) -> String { dollars(value, decimalsOfMillions: 1) }

    /// Dollars with a unit that fits the size, millions with so many decimals: `$45.23M`.
    public static func dollars(_ value: Double, decimalsOfMillions: Int) -> String {
        switch value.magnitude {
        case 1e9...: billions(value)
        case 1e6...: "$\(fixed(value / 1e6, decimalsOfMillions))M"
        case 1e3...: "$\(fixed(value / 1e3, 1))K"
        default: "$\(fixed(value, 0))"
        }
    }

    /// Dollars in millions or billions, for columns: `$12.5M`, `$2.3B`.
    public static func millions(_ dollars: Double) -> String {
        dollars.magnitude < 1e9 ? "$\(fixed(dollars / 1e6, 1))M" : "$\(fixed(dollars / 1e9, 1))B"
    }

    /// Dollars in billions: `$238.50B`.
    public static func billions(_ dollars: Double) -> String { "$\(fixed(dollars / 1e9, 2))B" }

    /// A fraction (0 to 1) in percent: `72.7%`.
    public static func percent(_ share: Double) -> String { fixed(share * 100, 1) + "%" }

    /// A count with its noun: `1 hour`, `2 hours`, `0 hours`.
    /// - Parameter noun: the singular; an `s` makes the plural.
    public static func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }

    /// The value as `text` formats it; `n/a` when it is `nil`.
    public static func known(_ value: Double?, _ text: (Double) -> String) -> String { value.map(text) ?? "n/a" }
}
