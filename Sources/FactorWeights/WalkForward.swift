import PerpCore
import Sealing

/// Weights that are learned from the past and tried on the block of days that follows, block after block.
///
/// What is learned for a block ends 49 hours before it: outcomes of the last 25 hours reach into the block, and a day more
/// keeps it apart.
public struct WalkForward: Hashable, Sendable {
    /// Days that are only learned from.
    public static let firstDays = 90
    /// Days of a block.
    public static let blockDays = 30
    /// Hours before a block from which nothing is learned: the purge and the embargo.
    public static let apart = 25 + 24

    /// A block with the weights that were learned before it.
    public struct Block: Hashable, Sendable {
        /// The first hour, in UTC.
        public var start: Hour
        /// The weights that are tried.
        public var weights: FactorWeights
        /// The evidence for each factor in the hours before; 0 where it is unknown.
        public var t: [Double]
        /// What the weights gained over the standard ones in each hour: the difference of the scores times the outcome.
        public var gains: [Double]
        /// The score of each hour times its outcome.
        public var products: [Double]
    }

    /// Whole blocks, ascending.
    public let blocks: [Block]

    /// Tries the weights on all whole blocks.
    /// - Parameter hours: ascending; hours without a known outcome are left out.
    public init(_ hours: [FactorHour]) {
        guard let first = hours.first?.hour, let last = hours.last?.hour else {
            blocks = []
            return
        }
        var blocks: [Block] = []
        var start = first.advanced(by: 24 * Self.firstDays)
        var next = start.advanced(by: 24 * Self.blockDays)
        while next <= last.next {
            blocks.append(Self.block(start, next, hours))
            (start, next) = (next, next.advanced(by: 24 * Self.blockDays))
        }
        self.blocks = blocks
    }

    private static func block(_ start: Hour, _ next: Hour, _ hours: [FactorHour]) -> Block {
        let end = start.advanced(by: -apart)
        let t = evidence(hours.prefix { $0.hour < end })
        let weights = FactorWeights.moved(by: t)
        let tried = hours.drop { $0.hour < start }.prefix { $0.hour < next }
        return Block(
            start: start, weights: weights, t: t,
            gains: tried.map { (weights.score($0.scores) - FactorWeights.standard.score($0.scores)) * $0.outcome },
            products: tried.map { weights.score($0.scores) * $0.outcome })
    }

    /// How far the mean of each factor's score times the outcome is from zero, in robust standard errors; 0 when unknown.
    static func evidence(_ hours: ArraySlice<FactorHour>) -> [Double] {
        FactorWeights.factors.indices.map { factor in
            NeweyWest.t(hours.map { $0.scores[factor] * $0.outcome }, lag: FactorWeights.lag) ?? 0
        }
    }
}
