import PerpCore
import Sealing

/// The composite score of an hour.
public struct HourlyScore: Hashable, Sendable {
    /// The hour of the score, in UTC.
    public var hour: Hour
    /// The composite, -1 to 1.
    public var composite: Double

    /// Takes a composite of -1 to 1.
    public init(hour: Hour, composite: Double) {
        self.hour = hour
        self.composite = composite
    }
}

/// The side of a score.
public enum ScoreSide: String, Hashable, Sendable, CaseIterable {
    /// Above zero.
    case long = "LONG"
    /// Below zero.
    case short = "SHORT"

    /// The side of a score; `nil` at zero.
    public init?(of score: Double) {
        guard score != 0 else { return nil }
        self = score > 0 ? .long : .short
    }
}

/// Whether a score has stayed on one side, in one hour.
public struct SustainedHour: Hashable, Sendable {
    /// What was found of the hour.
    public enum Status: String, Hashable, Sendable, CaseIterable {
        /// The six hours were looked at.
        case judged = "JUDGED"
        /// Fewer than five of six hours are stored, or one step is longer than two hours: the state stays as it is.
        case insufficientHistory = "INSUFFICIENT_HISTORY"
        /// A step longer than two hours ended the state.
        case gap = "GAP"
    }

    /// The hour, in UTC.
    public var hour: Hour
    /// The model whose score it is.
    public var model: SentimentModel
    /// `long` or `short` while the score is sustained; `nil` while it is not.
    public var side: ScoreSide?
    /// The hour of entry; `nil` while the score is not sustained.
    public var since: Hour?
    /// Stored hours among this one and the five before.
    public var storedRows: Int
    /// What was found of the hour.
    public var status: Status
    /// The version of the rules.
    public var version = TrendVersion.trend

    /// Hours from the entry to this one, both counted; `nil` while the score is not sustained.
    public var hours: Int? { since.map { $0.distance(to: hour) + 1 } }

    /// Takes one hour's row.
    public init(
        hour: Hour, model: SentimentModel, side: ScoreSide?, since: Hour?, storedRows: Int, status: Status
    ) {
        self.hour = hour
        self.model = model
        self.side = side
        self.since = since
        self.storedRows = storedRows
        self.status = status
    }
}

/// A score that stays on one side for hours, with a memory.
public struct SustainedScore: Hashable, Sendable {
    /// Hours looked at, the last one among them.
    public static let windowHours = 6
    /// Stored hours needed, and hours needed on the side.
    public static let neededHours = 5
    /// The longest step between stored hours.
    public static let longestStep = 2
    /// The score beyond which an hour counts for an entry.
    public static let enterScore = 0.5
    /// The score beyond which an hour counts for staying.
    public static let stayScore = 0.35

    /// The model whose score it is.
    public let model: SentimentModel
    /// The stored scores of the last six hours, ascending; an hour without a score has none.
    public private(set) var recent: [HourlyScore]
    /// `long` or `short` while the score is sustained.
    public private(set) var side: ScoreSide?
    /// The hour of entry; `nil` while the score is not sustained.
    public private(set) var since: Hour?

    /// Continues from the scores of the last six hours, ascending, and from what was stored; begins without them.
    public init(
        _ model: SentimentModel, recent: [HourlyScore] = [], side: ScoreSide? = nil, since: Hour? = nil
    ) {
        self.model = model
        self.recent = recent
        self.side = side
        self.since = since
    }

    /// Moves on to a later hour; `score` is `nil` when the hour is insufficient.
    public mutating func advance(to hour: Hour, _ score: Double?) -> SustainedHour {
        let isGap = side != nil && (recent.last?.hour).map { $0.distance(to: hour) > Self.longestStep } ?? true
        if isGap { (side, since) = (nil, nil) }
        if let score, score.isFinite { recent.append(HourlyScore(hour: hour, composite: score)) }
        recent.removeAll { $0.hour.distance(to: hour) >= Self.windowHours }
        let isJudged = isWhole(at: hour)
        if isJudged { judge(hour) }
        return SustainedHour(
            hour: hour, model: model, side: side, since: since, storedRows: recent.count,
            status: isGap ? .gap : isJudged ? .judged : .insufficientHistory)
    }

    private func isWhole(at hour: Hour) -> Bool {
        let hours = recent.map(\.hour)
        return hours.last == hour && hours.count >= Self.neededHours
            && zip(hours, hours.dropFirst()).allSatisfy { $0.distance(to: $1) <= Self.longestStep }
    }

    private mutating func judge(_ hour: Hour) {
        guard let score = recent.last?.composite else { return }
        let now = ScoreSide(of: score)
        if side != nil, now != side || count(beyond: Self.stayScore, like: score) < Self.neededHours {
            (side, since) = (nil, nil)
        }
        let enters = abs(score) > Self.enterScore && count(beyond: Self.enterScore, like: score) >= Self.neededHours
        if side == nil, enters { (side, since) = (now, hour) }
    }

    /// The stored hours on the side of a score and beyond a limit.
    private func count(beyond limit: Double, like score: Double) -> Int {
        recent.count { $0.composite * score > 0 && abs($0.composite) > limit }
    }
}
