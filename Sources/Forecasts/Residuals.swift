/// How far the last outcomes were above what was forecast, and the interval that follows (split conformal prediction).
///
/// Source: Vovk, Gammerman and Shafer 2005, https://doi.org/10.1007/b106715
public struct Residuals: Hashable, Sendable {
    /// How many are kept.
    public static let most = 500
    /// How many an interval needs.
    public static let least = 100

    /// Outcome less forecast, the oldest first.
    public private(set) var values: [Double] = []

    /// None yet.
    public init() {}

    /// Takes at most as many as are kept, the oldest first.
    init(_ values: [Double]) {
        precondition(values.count <= Self.most, "only the last ones are kept")
        self.values = values
    }

    /// Adds the newest.
    public mutating func add(_ residual: Double) {
        if values.count == Self.most { values.removeFirst() }
        values.append(residual)
    }

    /// What to add to a forecast for the ends of an interval that holds 80 % of outcomes; `nil` with fewer than 100.
    public var ends: (low: Double, high: Double)? {
        values.count < Self.least ? nil : Self.ends(ofSorted: values.sorted())
    }

    /// The order statistics `max(1, floor(0.1 (n + 1)))` and `min(n, ceil(0.9 (n + 1)))` of ascending values, of which there
    /// is at least one.
    static func ends(ofSorted sorted: [Double]) -> (low: Double, high: Double) {
        let next = sorted.count + 1
        let low = max(1, next / 10)
        let high = min(sorted.count, (9 * next + 9) / 10)
        return (sorted[low - 1], sorted[high - 1])
    }
}
