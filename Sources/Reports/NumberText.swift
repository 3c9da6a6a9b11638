/// Numbers as people read them.
enum NumberText {
    /// With so many decimals, halves away from zero: `0.125`.
    static func fixed(_ value: Double, _ decimals: Int) -> String {
        guard value.isFinite else { return "\(value)" }
        var scale = 1.0
        for _ in 0..<decimals { scale *= 10 }
        let scaled = (abs(value) * scale).rounded()
        guard scaled < 9e15 else { return "\(value)" }
        let digits = String(Int64(scaled))
        let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.utf8.count)) + digits
        let sign = value < 0 && scaled > 0 ? "-" : ""
        if decimals == 0 { return sign + padded }
        return "\(sign)\(padded.dropLast(decimals)).\(padded.suffix(decimals))"
    }

    /// A share of 0 to 1 as percent: `72.7%`.
    static func percent(_ share: Double) -> String { fixed(share * 100, 1) + "%" }

    /// Billions of dollars: `$238.50B`.
    static func billions(_ dollars: Double) -> String { "$" + fixed(dollars / 1e9, 2) + "B" }

    /// Dollars in the unit that fits: `$12.5M`, `$2.3B`.
    static func millions(_ dollars: Double) -> String {
        abs(dollars) < 1e9 ? "$" + fixed(dollars / 1e6, 1) + "M" : "$" + fixed(dollars / 1e9, 1) + "B"
    }
}
