import PerpCore

/// One number for each factor whose weight may change, in the order of the columns.
public struct FactorNumbers<Number: Hashable & Sendable>: Hashable, Sendable {
    /// Of the funding rate.
    public var funding: Number
    /// Of the price.
    public var price: Number
    /// Of how accounts are split.
    public var longShortBias: Number
    /// Of whether open interest backs the move.
    public var conviction: Number
    /// Of open interest against price, hour by hour.
    public var openInterestPrice: Number

    /// Takes five numbers, in the order of the fields.
    public init(_ numbers: [Number]) {
        precondition(numbers.count == 5, "there is a number for each factor")
        funding = numbers[0]
        price = numbers[1]
        longShortBias = numbers[2]
        conviction = numbers[3]
        openInterestPrice = numbers[4]
    }

    /// In the order of the fields.
    public var all: [Number] { [funding, price, longShortBias, conviction, openInterestPrice] }
}

/// A row of `weight_proposal`: other weights with the evidence for and against them.
public struct WeightRow: Hashable, Sendable {
    /// What became of a proposal.
    public enum Status: String, Hashable, Sendable, CaseIterable, FieldConvertible {
        /// A rule failed.
        case refused
        /// All rules hold, and nobody has decided.
        case proposed
        /// A person wants its score beside the model's.
        case accepted
        /// A person wants it no more.
        case withdrawn
    }

    /// The name of the model that it would be: `v2.w1a2b3c4d`.
    public var id: String
    /// When it was first made.
    public var createdAt: Timestamp
    /// What became of it.
    public var status: Status
    /// The first rule that failed; `nil` when all hold.
    public var reason: String?
    /// The first hour that was learned from; `nil` without hours.
    public var from: Hour?
    /// The last hour with a known outcome.
    public var to: Hour?
    /// Blocks of 30 days on which the weights were tried.
    public var blocks: Int
    /// Shares of the composite; they sum to 1.
    public var weights: FactorNumbers<Double>
    /// Those of v2, made to sum to 1.
    public var standard: FactorNumbers<Double>
    /// Evidence that the factor predicts, in robust standard errors; `nil` without a block.
    public var t: FactorNumbers<Double?>
    /// The mean gain of an hour over v2's weights, in units of the usual move of a day; `nil` without a block.
    public var gainMean: Double?
    /// The mean gain in robust standard errors; `nil` when nothing was gained or lost.
    public var gainT: Double?
    /// The share of blocks with a gain, 0 to 1; `nil` without a block.
    public var shareOfBlocks: Double?
    /// How well the score predicted in the blocks, in robust standard errors.
    public var scoreT: Double?
    /// How much weight is moved, 0 to 2.
    public var move: Double
    /// A hash of all that was learned from.
    public var factsHash: String
    /// The version of the package.
    public var codeVersion: String
    /// The rules that made the row.
    public var version: String

    /// Takes the evidence; what is `nil` is unknown.
    public init(
        id: String, createdAt: Timestamp, status: Status, reason: String?, from: Hour?, to: Hour?, blocks: Int,
        weights: [Double], standard: [Double], t: [Double?], gainMean: Double?, gainT: Double?, shareOfBlocks: Double?,
        scoreT: Double?, move: Double, factsHash: String, codeVersion: String, version: String
    ) {
        self.id = id
        self.createdAt = createdAt
        self.status = status
        self.reason = reason
        self.from = from
        self.to = to
        self.blocks = blocks
        self.weights = FactorNumbers(weights)
        self.standard = FactorNumbers(standard)
        self.t = FactorNumbers(t)
        self.gainMean = gainMean
        self.gainT = gainT
        self.shareOfBlocks = shareOfBlocks
        self.scoreT = scoreT
        self.move = move
        self.factsHash = factsHash
        self.codeVersion = codeVersion
        self.version = version
    }
}

extension WeightRow: FieldRecord {
    /// A row without values, which reading fills.
    public static let unread = WeightRow(
        id: "", createdAt: Timestamp(milliseconds: 0), status: .refused, reason: nil, from: nil, to: nil, blocks: 0,
        weights: [Double](repeating: 0, count: 5), standard: [Double](repeating: 0, count: 5),
        t: [Double?](repeating: nil, count: 5), gainMean: nil, gainT: nil, shareOfBlocks: nil, scoreT: nil, move: 0,
        factsHash: "", codeVersion: "", version: "")

    /// The columns of the table `weight_proposal`.
    public static let fields: [Field<WeightRow>] = [
        Field("id", \.id, unit: "name of a model"),
        Field("created_at_ms", \.createdAt, unit: "UTC milliseconds"),
        Field("status", \.status, unit: "status"),
        Field("reason", \.reason, unit: "rule"),
        Field("from_hour", \.from, unit: "epoch seconds"),
        Field("to_hour", \.to, unit: "epoch seconds"),
        Field("blocks", \.blocks, unit: "blocks of 30 days"),
        Field("weight_funding", \.weights.funding, unit: "share of the composite, 0 to 1"),
        Field("weight_price", \.weights.price, unit: "share of the composite, 0 to 1"),
        Field("weight_ls_bias", \.weights.longShortBias, unit: "share of the composite, 0 to 1"),
        Field("weight_conviction", \.weights.conviction, unit: "share of the composite, 0 to 1"),
        Field("weight_oi_price", \.weights.openInterestPrice, unit: "share of the composite, 0 to 1"),
        Field("default_funding", \.standard.funding, unit: "share of the composite, 0 to 1"),
        Field("default_price", \.standard.price, unit: "share of the composite, 0 to 1"),
        Field("default_ls_bias", \.standard.longShortBias, unit: "share of the composite, 0 to 1"),
        Field("default_conviction", \.standard.conviction, unit: "share of the composite, 0 to 1"),
        Field("default_oi_price", \.standard.openInterestPrice, unit: "share of the composite, 0 to 1"),
        Field("t_funding", \.t.funding, unit: "standard errors"),
        Field("t_price", \.t.price, unit: "standard errors"),
        Field("t_ls_bias", \.t.longShortBias, unit: "standard errors"),
        Field("t_conviction", \.t.conviction, unit: "standard errors"),
        Field("t_oi_price", \.t.openInterestPrice, unit: "standard errors"),
        Field("gain_mean", \.gainMean, unit: "usual moves of a day"),
        Field("gain_t", \.gainT, unit: "standard errors"),
        Field("share_blocks", \.shareOfBlocks, unit: "0 to 1"),
        Field("score_t", \.scoreT, unit: "standard errors"),
        Field("l1", \.move, unit: "weight, 0 to 2"),
        Field("facts_hash", \.factsHash, unit: "hash"),
        Field("code_version", \.codeVersion, unit: "version"),
        Field("version", \.version, unit: "rules"),
    ]
}
