import Sealing

/// How far a mean may be from its true value when neighbours in time are alike: resamples of blocks of random length.
///
/// Source: Politis and Romano 1994, https://doi.org/10.1080/01621459.1994.10476870
public enum StationaryBootstrap {
    /// The number of resamples of an interval.
    public static let resamples = 2_000

    /// The mean length of a block for so many values: their cube root, at least 1.
    public static func blockLength(_ count: Int) -> Int {
        // The nearest whole cube root by comparison: a power function may differ between machines in its last digit.
        var length = 1
        while cube(Double(length) + 0.5) <= Double(count) { length += 1 }
        return length
    }

    private static func cube(_ value: Double) -> Double { value * value * value }

    /// The places of one resample of `count` values, `count` of them; empty without values.
    public static func places(_ count: Int, block: Int, _ draws: inout SeededDraws) -> [Int] {
        guard count > 0 else { return [] }
        var place = draws.below(count)
        var places = [place]
        places.reserveCapacity(count)
        for _ in 1..<max(count, 1) {
            place = draws.unit() < 1 / Double(block) ? draws.below(count) : (place + 1) % count
            places.append(place)
        }
        return places
    }

    /// The 95 % interval of the mean of values in the order of time; `nil` without values.
    /// - Parameters:
    ///   - seed: the text that decides the draws.
    ///   - block: the mean length of a block; the cube root of the number of values unless given.
    public static func interval(ofMean values: [Double], seed: String, block: Int? = nil) -> ClosedRange<Double>? {
        guard !values.isEmpty else { return nil }
        let block = block ?? blockLength(values.count)
        var draws = SeededDraws(seed)
        let means = (0..<resamples).map { _ in
            sum(places(values.count, block: block, &draws).map { values[$0] }) / Double(values.count)
        }.sorted()
        guard let low = Quantiles.quantile(0.025, ofSorted: means),
            let high = Quantiles.quantile(0.975, ofSorted: means)
        else { return nil }
        return low...high
    }
}
