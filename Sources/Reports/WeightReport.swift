import PerpCore

/// Other weights of the sentiment's factors, with the evidence for and against them.
public struct WeightReport: Hashable, Sendable, Codable {
    /// One factor.
    public struct Factor: Hashable, Sendable, Codable {
        var name: String
        /// Shares of the composite, 0 to 1: the proposed one and that of v2.
        var weight: Double
        var standard: Double
        /// Evidence that it predicts, in robust standard errors; `nil` is unknown.
        var t: Double?

        /// Takes the weights and the evidence.
        public init(name: String, weight: Double, standard: Double, t: Double?) {
            self.name = name
            self.weight = weight
            self.standard = standard
            self.t = t
        }
    }

    var id: String
    /// `refused`, `proposed`, `accepted`, `withdrawn`.
    var status: String
    /// The first rule that failed; `nil` when all hold.
    var reason: String?
    var from: Hour?
    var to: Hour?
    /// Hours with a known outcome.
    var hours: Int
    /// Blocks of 30 days on which the weights were tried.
    var blocks: Int
    var factors: [Factor]
    /// The mean gain of an hour over v2's weights, in units of the usual move of a day, and in robust standard errors.
    var gainMean: Double?
    var gainT: Double?
    /// The share of blocks with a gain, 0 to 1.
    var shareOfBlocks: Double?
    /// How well the score predicted in the blocks, in robust standard errors.
    var scoreT: Double?
    /// How much weight is moved, 0 to 2.
    var move: Double

    /// Takes the evidence; what is `nil` is unknown.
    public init(
        id: String, status: String, reason: String?, from: Hour?, to: Hour?, hours: Int, blocks: Int, factors: [Factor],
        gainMean: Double?, gainT: Double?, shareOfBlocks: Double?, scoreT: Double?, move: Double
    ) {
        self.id = id
        self.status = status
        self.reason = reason
        self.from = from
        self.to = to
        self.hours = hours
        self.blocks = blocks
        self.factors = factors
        self.gainMean = gainMean
        self.gainT = gainT
        self.shareOfBlocks = shareOfBlocks
        self.scoreT = scoreT
        self.move = move
    }

    /// The report for a terminal.
    public var text: String {
        let width = factors.map(\.name.utf8.count).max() ?? 0
        let rows = factors.map { factor in
            "   \(factor.name.padded(to: width))  \(Numbers.fixed(factor.weight, 3))  \(Numbers.fixed(factor.standard, 3))  "
                + "\(Numbers.known(factor.t) { Numbers.signed($0, 2) })\n"
        }
        return "\(id): \(status)" + (reason.map { ": \($0)" } ?? "") + "\n\(learned)\n"
            + "   \("factor".padded(to: width))  weight v2     evidence (t)\n" + rows.joined() + "\(gain)\n\(advice)\n"
    }

    /// The report as JSON, with keys in snake_case; what is unknown is left out.
    ///
    /// - Throws: `EncodingError` when a number is not finite.
    public func json() throws -> String { try JSONText.pretty(self, snakeCase: true) }

    private var learned: String {
        guard let from, let to else { return "No hour has a score and a known outcome." }
        return "From \(from.spoken) to \(to.spoken) UTC, \(Numbers.counted(hours, "hour")) with a known outcome, "
            + "\(Numbers.counted(blocks, "block")) of 30 days"
    }

    private var gain: String {
        guard blocks > 0 else { return "Nothing was tried yet." }
        return "Gain over v2, in hours that were not learned from: t \(number(gainT)), "
            + "in \(Numbers.known(shareOfBlocks, Numbers.percent)) of the blocks; the score itself: t \(number(scoreT)); "
            + "moved: \(Numbers.fixed(move, 3))"
    }

    private func number(_ value: Double?) -> String { Numbers.known(value) { Numbers.fixed($0, 2) } }

    private var advice: String {
        switch status {
        case "proposed": "Nothing changes by itself: 'make accept-weights ID=\(id)' sets its score beside that of v2."
        case "accepted":
            "Its score stands beside that of v2, in the view proposed_sentiment; alerts go on with their model."
        default: "Nothing changes."
        }
    }
}
