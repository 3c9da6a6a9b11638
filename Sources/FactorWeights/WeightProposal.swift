import PerpCore
import Sealing

/// Other weights with the evidence for and against them: a row of `weight_proposal`. It changes nothing by itself.
public struct WeightProposal: Hashable, Sendable {
    /// What became of a proposal.
    public enum Status: String, Hashable, Sendable, CaseIterable {
        case refused, proposed, accepted, withdrawn
    }

    /// Why weights are not proposed: the first rule that failed.
    public enum Refusal: Hashable, Sendable, CustomStringConvertible {
        /// There are fewer than six whole blocks.
        case blocks(Int)
        /// The gain over the standard weights is not beyond chance; `nil` when the weights never differed.
        case gain(t: Double?)
        /// The weights gained in too few blocks.
        case share(Double)
        /// The score itself did not predict outside of what was learned from; `nil` when it was always 0.
        case score(t: Double?)
        /// The last weights are too far from one of the two before them.
        case stability(distance: Double)

        /// What was asked for and what was found.
        public var description: String {
            switch self {
            case .blocks(let count):
                "needs \(leastBlocks) blocks of \(WalkForward.blockDays) days (\(leastDays) days), has \(count)"
            case .gain(let t):
                "needs a t of \(leastGain) for the gain, has \(Numbers.known(t) { Numbers.fixed($0, 2) })"
            case .share(let share):
                "needs a gain in \(Numbers.percent(leastShare)) of the blocks, has \(Numbers.percent(share))"
            case .score(let t):
                "needs a t of \(leastScore) for the score, has \(Numbers.known(t) { Numbers.fixed($0, 2) })"
            case .stability(let distance):
                "needs weights that move by at most \(largestMove) between blocks, has \(Numbers.fixed(distance, 3))"
            }
        }
    }

    static let leastBlocks = 6
    static let leastDays = WalkForward.firstDays + leastBlocks * WalkForward.blockDays
    static let leastGain = 2.0
    static let leastShare = 0.6
    static let leastScore = 1.0
    static let largestMove = 0.2
    /// How many of the weights before the last ones must be near to them.
    static let compared = 2

    /// The first hour that was learned from; `nil` without hours.
    public var from: Hour?
    /// The last hour with a known outcome.
    public var to: Hour?
    /// How many whole blocks the weights were tried on.
    public var blocks: Int
    /// Those of the last block: what is proposed was tried. The standard ones without a block.
    public var weights: FactorWeights
    /// The evidence for each factor behind `weights`; empty without a block.
    public var t: [Double]
    /// The mean gain of an hour over the standard weights, in units of the outcome; `nil` without a block.
    public var gainMean: Double?
    /// The mean gain in robust standard errors; `nil` when nothing was gained or lost.
    public var gainT: Double?
    /// The share of blocks with a gain, 0 to 1; `nil` without a block.
    public var shareOfBlocks: Double?
    /// How well the score predicted in the blocks, in robust standard errors.
    public var scoreT: Double?
    /// The first rule that failed; `nil` when all hold.
    public var refusal: Refusal?
    /// The hash of the facts, as it was given.
    public var factsHash: String
    /// The version of the code, as it was given.
    public var codeVersion: String

    /// Tries other weights on the past.
    /// - Parameter hours: ascending, all with a known outcome.
    public init(_ hours: [FactorHour], factsHash: String, codeVersion: String) {
        let blocks = WalkForward(hours).blocks
        from = hours.first?.hour
        to = hours.last?.hour
        self.blocks = blocks.count
        weights = blocks.last?.weights ?? .standard
        t = blocks.last?.t ?? []
        let gains = blocks.flatMap(\.gains)
        gainMean = mean(gains)
        gainT = NeweyWest.t(gains, lag: FactorWeights.lag)
        shareOfBlocks = mean(blocks.map { $0.gains.reduce(0, +) > 0 ? 1 : 0 })
        scoreT = NeweyWest.t(blocks.flatMap(\.products), lag: FactorWeights.lag)
        self.factsHash = factsHash
        self.codeVersion = codeVersion
        refusal = firstFailure(of: blocks)
    }

    /// `proposed`, or `refused` when a rule failed.
    public var status: Status { refusal == nil ? .proposed : .refused }

    /// How much weight is moved from the standard ones, 0 to 2.
    public var move: Double { Simplex.distance(weights.values, FactorWeights.standard.values) }

    private func firstFailure(of blocks: [WalkForward.Block]) -> Refusal? {
        if blocks.count < Self.leastBlocks { return .blocks(blocks.count) }
        guard let gainT, gainT >= Self.leastGain else { return .gain(t: gainT) }
        guard let shareOfBlocks, shareOfBlocks >= Self.leastShare else { return .share(shareOfBlocks ?? 0) }
        guard let scoreT, scoreT >= Self.leastScore else { return .score(t: scoreT) }
        let distances = blocks.dropLast().suffix(Self.compared).map {
            Simplex.distance($0.weights.values, weights.values)
        }
        let distance = distances.max() ?? 0
        return distance > Self.largestMove ? .stability(distance: distance) : nil
    }

    /// The name of the model that it would be: `v2.w` and eight hexadecimal digits of a hash of all that it was made of and
    /// found. Equal inputs give the same name, whenever they are looked at.
    public var id: String { "v2.w" + hash.text.prefix(8) }

    /// A hash of the row as text, numbers by their bits.
    private var hash: Fingerprint {
        let numbers: [Double?] = weights.values + t + [gainMean, gainT, shareOfBlocks, scoreT]
        let fields =
            [FactorWeights.version, from.map(\.description) ?? "", to.map(\.description) ?? "", String(blocks)]
            + numbers.map { $0.map { String($0.bitPattern, radix: 16) } ?? "" }
            + [refusal.map(\.description) ?? "", factsHash, codeVersion]
        var hash = Fingerprint()
        hash.add(fields.joined(separator: "|"))
        return hash
    }
}
