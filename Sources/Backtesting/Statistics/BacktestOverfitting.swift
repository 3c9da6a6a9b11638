import Sealing

/// How often the variant that was best in one half of the days is below the middle in the other half.
///
/// Source: Bailey, Borwein, Lopez de Prado and Zhu 2017, https://doi.org/10.21314/JCF.2016.322
public enum BacktestOverfitting {
    /// The blocks into which the days are cut.
    public static let blocks = 8
    /// The days below which nothing is said.
    public static let neededDays = 80

    /// What came out over all halves.
    public struct Result: Hashable, Sendable {
        /// The share of halves in which the best was at or below the middle outside, 0 to 1.
        public let probability: Double
        /// The log odds of the best variant's rank outside, a half each, in the order of the halves.
        public let logOdds: [Double]
    }

    /// The result for variants with a change for each day; `nil` with fewer than 80 days or two variants.
    /// - Parameter variants: columns of one length, in a fixed order; a tie goes to the first.
    public static func result(_ variants: [[Double]]) -> Result? {
        guard variants.count >= 2, let count = variants.map(\.count).min(), count >= neededDays else { return nil }
        let length = count / blocks
        let all = halves().map { half in
            odds(variants, inside: days(of: half, length), outside: days(of: complement(half), length))
        }
        return Result(
            probability: Double(all.count { $0 <= 0 }) / Double(all.count), logOdds: all)
    }

    /// All choices of half of the blocks, in the order of the alphabet.
    static func halves() -> [[Int]] {
        func choices(from first: Int, _ count: Int) -> [[Int]] {
            guard count > 0 else { return [[]] }
            guard first + count <= blocks else { return [] }
            return choices(from: first + 1, count - 1).map { [first] + $0 } + choices(from: first + 1, count)
        }
        return choices(from: 0, blocks / 2)
    }

    private static func complement(_ half: [Int]) -> [Int] { (0..<blocks).filter { !half.contains($0) } }

    private static func days(of half: [Int], _ length: Int) -> [Int] {
        half.flatMap { Array($0 * length..<($0 + 1) * length) }
    }

    private static func odds(_ variants: [[Double]], inside: [Int], outside: [Int]) -> Double {
        func ratios(_ days: [Int]) -> [Double] {
            variants.map { column in SharpeRatio.perStep(days.map { column[$0] }) }
        }
        let within = ratios(inside)
        let beyond = ratios(outside)
        let best = within.indices.reduce(0) { within[$1] > within[$0] ? $1 : $0 }
        let rank = Double(beyond.count { $0 < beyond[best] }) + 0.5 * Double(beyond.count { $0 == beyond[best] }) + 0.5
        let share = rank / Double(variants.count + 1)
        return ln(share / (1 - share))
    }
}
