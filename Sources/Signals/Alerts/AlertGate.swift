import PerpCore
import Sealing

/// What the rules need to know about an hour besides its detections.
public struct AlertGate: Hashable, Sendable {
    static let longestDelay = 2 * Hour.milliseconds
    static let neededQuality = 0.6
    static let neededCoverage = 0.7

    /// The hour to evaluate, in UTC.
    public var hour: Hour
    /// Whether the hour is scored.
    public var status: MarketStatus
    /// The weight of evidence behind the score, 0 to 1; `nil` counts as 0.
    public var quality: Double?
    /// Share of the usual volume that reported, 0 to 1, without exchanges that have left the gates.
    public var coverage: Double
    /// Hours of the last 30, this one among them, that are sealed by the same rules of class.
    public var recentHours: Int
    /// Whether every exchange told all that it told in the hours before. In an hour with a hole only what is urgent may
    /// begin: half a market makes conditions that the whole has not.
    public var isWhole = true
    /// Keys whose detectors would be silent if the missing exchanges had gone on as they were.
    public var doubted: Set<String> = []

    /// Hours, this one included, in which sealed hours are counted.
    public static let recentSpan = 30
    static let neededRecentHours = 24

    /// Takes shares of 0 to 1, and the sealed hours of the last 30.
    public init(
        hour: Hour, status: MarketStatus, quality: Double?, coverage: Double, recentHours: Int = recentSpan
    ) {
        self.hour = hour
        self.status = status
        self.quality = quality
        self.coverage = coverage
        self.recentHours = recentHours
    }

    /// The gate of a sealed hour.
    /// - Parameter history: the hours before it, later ones do not count.
    public init(_ sealed: PastHour, history: History, model: SentimentModel = .v2) {
        let row = sealed.market(model)
        let earlier = history.trailing(Self.recentSpan - 1, before: sealed.hour) { past in
            past.pointee.market(.v2) { $0.knowsClasses ? past.pointee.hour : nil }
        }
        self.init(
            hour: sealed.hour, status: row?.status ?? .insufficient,
            quality: sealed.market(.v2)?.quality, coverage: row?.completeness.gateCoverage ?? 0,
            recentHours: earlier.count + 1)
        isWhole = !sealed.exchanges.contains { $0.hasFreshHole(after: history) }
    }

    /// Whether an episode of this detection may begin in the hour. An event is as true when others are missing.
    func mayBegin(_ detection: Detection) -> Bool {
        isWhole || detection.strategy.isEvent || detection.tier == 1 && !doubted.contains(detection.key)
    }

    /// Why the hour may not alert at `now`; `nil` when it may. In a replay `now` is the hour's end.
    public func reason(now: Timestamp) -> GateReason? {
        if status == .insufficient { return .insufficient }
        if now.milliseconds - hour.startMilliseconds > Self.longestDelay { return .backfilled }
        if recentHours < Self.neededRecentHours { return .coldStart }
        if (quality ?? 0) < Self.neededQuality { return .lowQuality }
        if coverage < Self.neededCoverage { return .lowCoverage }
        return nil
    }
}
