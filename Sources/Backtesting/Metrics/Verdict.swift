/// A row of the backtest in a word, so that nobody reads a table of t values alone.
public enum Verdict: String, Hashable, Sendable, CaseIterable {
    case tooFew = "too few"
    case supported
    case harmful
    case unclear

    /// The events below which nothing is said.
    public static let neededEvents = 20
    /// The same, overlapping windows counted for their new part.
    public static let neededIndependent = 10
    /// The days below which there is no deflated Sharpe ratio.
    public static let neededDays = 60

    /// The evidence of a row.
    public struct Evidence: Hashable, Sendable {
        /// Events whose outcome is known.
        public var count: Int
        /// The same, with overlapping windows counted for their new part.
        public var effectiveCount: Double
        /// The share of false discoveries; `nil` when unknown.
        public var q: Double?
        /// The 95 % interval of the mean; `nil` when unknown.
        public var interval: ClosedRange<Double>?
        /// The share of shifts that did as well; `nil` when unknown.
        public var shift: Double?
        /// The probability to be better than the best of so many worthless rules; `nil` when unknown.
        public var deflated: Double?
        /// Whether there is money in the claim, so that `deflated` is needed.
        public var isTraded: Bool

        /// Takes the evidence.
        public init(
            count: Int, effectiveCount: Double, q: Double?, interval: ClosedRange<Double>?, shift: Double?,
            deflated: Double?, isTraded: Bool
        ) {
            self.count = count
            self.effectiveCount = effectiveCount
            self.q = q
            self.interval = interval
            self.shift = shift
            self.deflated = deflated
            self.isTraded = isTraded
        }
    }

    /// The word for the evidence.
    public init(_ evidence: Evidence) {
        if evidence.count < Self.neededEvents || evidence.effectiveCount < Double(Self.neededIndependent) {
            self = .tooFew
        } else if Self.isSupported(evidence) {
            self = .supported
        } else {
            self = evidence.interval.map { $0.upperBound < 0 } ?? false ? .harmful : .unclear
        }
    }

    private static func isSupported(_ evidence: Evidence) -> Bool {
        guard let q = evidence.q, let interval = evidence.interval, let shift = evidence.shift else { return false }
        let isBest = !evidence.isTraded || evidence.deflated.map { $0 >= 0.95 } ?? false
        return q <= 0.10 && interval.lowerBound > 0 && shift <= 0.05 && isBest
    }
}
