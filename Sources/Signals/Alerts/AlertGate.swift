import PerpCore

/// What the rules need to know about an hour besides its detections.
public struct AlertGate: Hashable, Sendable {
    static let longestDelay = 2 * Hour.milliseconds
    static let neededQuality = 0.6
    static let neededCoverage = 0.7

    public var hour: Hour
    public var status: MarketStatus
    /// 0 to 1; `nil` counts as none.
    public var quality: Double?
    public var coverage: Double

    public init(hour: Hour, status: MarketStatus, quality: Double?, coverage: Double) {
        self.hour = hour
        self.status = status
        self.quality = quality
        self.coverage = coverage
    }

    /// The gate of a sealed hour.
    public init(_ summary: HourSummary, model: SentimentModel = .v2) {
        let row = summary.market(model)
        self.init(
            hour: summary.hour, status: row?.status ?? .insufficient,
            quality: summary.market(.v2)?.quality, coverage: row?.coverage ?? 0)
    }

    /// Why the hour may not alert at `now`; `nil` when it may. In a replay `now` is the hour's end.
    public func reason(now: Timestamp) -> GateReason? {
        if status == .insufficient { return .insufficient }
        if now.milliseconds - hour.startMilliseconds > Self.longestDelay { return .backfilled }
        if (quality ?? 0) < Self.neededQuality { return .lowQuality }
        if coverage < Self.neededCoverage { return .lowCoverage }
        return nil
    }
}
