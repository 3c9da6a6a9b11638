import Sealing

/// How near probabilities were to what happened: the mean square of the difference, 0 for a prophet.
///
/// Sources: Brier 1950, https://doi.org/10.1175/1520-0493(1950)078%3C0001:VOFEIT%3E2.0.CO;2; Murphy 1973,
/// https://doi.org/10.1175/1520-0450(1973)012%3C0595:ANVPOT%3E2.0.CO;2
public struct BrierScore: Hashable, Sendable {
    /// An alert that was judged, with what was said when it was issued.
    public struct Issued: Hashable, Sendable {
        /// The estimate when the alert was issued, 0 to 1.
        public var probability: Double
        /// How often the claim comes true by chance, 0 to 1.
        public var baseRate: Double
        /// Whether the claim came true.
        public var isRight: Bool

        /// Takes an alert.
        public init(probability: Double, baseRate: Double, isRight: Bool) {
            self.probability = probability
            self.baseRate = baseRate
            self.isRight = isRight
        }

        fileprivate var outcome: Double { isRight ? 1 : 0 }
    }

    /// How many alerts were judged.
    public let count: Int
    /// The score of the estimates.
    public let score: Double
    /// The score of the base rates.
    public let ofBaseRates: Double
    /// How far from what happened the estimates were where they said the same; 0 is best.
    public let reliability: Double
    /// How far what happened differed between estimates; the more the better.
    public let resolution: Double
    /// The score of one who always says the overall frequency.
    public let uncertainty: Double

    /// Scores alerts; `nil` without one. Reliability and resolution take estimates as rounded to 0.1.
    public init?(_ issued: [Issued]) {
        guard let score = mean(issued.map { ($0.probability - $0.outcome) * ($0.probability - $0.outcome) }),
            let base = mean(issued.map { ($0.baseRate - $0.outcome) * ($0.baseRate - $0.outcome) }),
            let frequency = mean(issued.map(\.outcome))
        else { return nil }
        count = issued.count
        self.score = score
        ofBaseRates = base
        uncertainty = frequency * (1 - frequency)
        let groups = Dictionary(grouping: issued) { Int((10 * $0.probability).rounded()) }
        var reliability = 0.0
        var resolution = 0.0
        for (tenths, group) in groups.sorted(by: { $0.key < $1.key }) {
            let share = Double(group.count) / Double(issued.count)
            let right = group.reduce(0) { $0 + $1.outcome } / Double(group.count)
            reliability += share * (Double(tenths) / 10 - right) * (Double(tenths) / 10 - right)
            resolution += share * (right - frequency) * (right - frequency)
        }
        self.reliability = reliability
        self.resolution = resolution
    }

    /// The share of the base rates' score that the estimates saved; negative when they were worse, `nil` when the base rates
    /// were right each time.
    public var skill: Double? { ofBaseRates > 0 ? 1 - score / ofBaseRates : nil }
}

/// Whether history may change confidences: only while its estimates are better than the base rates.
public struct HistorySwitch: Hashable, Sendable {
    /// How many of the last judged alerts decide.
    public static let alerts = 100

    /// The last judged alerts that had an estimate, the oldest first.
    public private(set) var last: [BrierScore.Issued] = []

    /// Off: nothing was judged.
    public init() {}

    /// Adds a judged alert, in the order of resolution.
    public mutating func add(_ issued: BrierScore.Issued) {
        if last.count == Self.alerts { last.removeFirst() }
        last.append(issued)
    }

    /// The score of the last alerts; `nil` without one.
    public var score: BrierScore? { BrierScore(last) }

    /// Whether confidences are changed. Off, each boost is 0 and the report says `history_off`.
    public var isOn: Bool { score.map { $0.score < $0.ofBaseRates } ?? false }
}
