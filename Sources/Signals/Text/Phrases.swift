import PerpCore

/// Pieces of message lines: numbers with their units, `n/a` where nothing is known.
enum Phrases {
    static func percent(_ value: Double?, _ decimals: Int) -> String {
        Numbers.known(value) { Numbers.signed($0, decimals) + " %" }
    }

    /// A size without a sign.
    static func plainPercent(_ value: Double?, _ decimals: Int) -> String {
        Numbers.known(value) { Numbers.fixed($0, decimals) + " %" }
    }

    static func score(_ value: Double?) -> String { Numbers.known(value) { Numbers.signed($0, 3) } }

    static func times(_ value: Double?) -> String { Numbers.known(value) { Numbers.fixed($0, 2) + "x" } }

    static func dollars(_ value: Double?) -> String { Numbers.known(value, Numbers.dollars) }

    static func days(_ value: Double?) -> String {
        Numbers.known(value) { Numbers.fixed($0, 1) + " days" }
    }

    /// A funding rate: `+0.0182 % / 8 h`.
    static func funding(_ value: Double?) -> String {
        Numbers.known(value) { Numbers.signed($0, 4) + " % / 8 h" }
    }
}
