import Sealing

/// Weights that are not negative and sum to 1.
public enum Simplex {
    /// The nearest weights to `values`: what is too much is taken evenly from all, and what would be negative is 0.
    ///
    /// Source: Duchi et al. 2008, https://doi.org/10.1145/1390156.1390191
    public static func projection(of values: [Double]) -> [Double] {
        var sum = 0.0
        var excess = 0.0
        for (place, value) in values.sorted(by: >).enumerated() {
            sum += value
            let share = (sum - 1) / Double(place + 1)
            if value - share > 0 { excess = share }
        }
        return values.map { max(0, $0 - excess) }
    }

    /// How much weight lies elsewhere: the sum of the absolute differences, 0 to 2.
    public static func distance(_ left: [Double], _ right: [Double]) -> Double {
        zip(left, right).reduce(0) { $0 + abs($1.0 - $1.1) }
    }
}
