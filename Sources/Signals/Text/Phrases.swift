import PerpCore

/// Pieces of message lines: numbers with their units, `n/a` where nothing is known.
public enum Phrases {
    /// A percentage with its sign: `+1.50 %`.
    public static func percent(_ value: Double?, _ decimals: Int) -> String {
        Numbers.known(value) { Numbers.signed($0, decimals) + " %" }
    }

    /// A percentage that is positive without a sign: `1.50 %`.
    public static func plainPercent(_ value: Double?, _ decimals: Int) -> String {
        Numbers.known(value) { Numbers.fixed($0, decimals) + " %" }
    }

    /// Marks dollars that are a lower bound: `>= `.
    public static func floor(_ isFloor: Bool) -> String { isFloor ? ">= " : "" }

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
