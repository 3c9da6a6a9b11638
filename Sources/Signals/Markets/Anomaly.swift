import PerpCore

/// Something in an hour that a reader should doubt or look at.
public struct Anomaly: Hashable, Sendable {
    /// The rules, in the order of reports.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        case washTrading = "wash_trading"
        case extremeFunding = "extreme_funding"
        case fundingZScore = "funding_zscore"
        case volumeZScore = "volume_zscore"
        case openInterestZScore = "oi_zscore"
        case dispersionZScore = "dispersion_zscore"
        case longShortZScore = "ls_zscore"
        case priceDeviation = "price_deviation"
        case staleFeed = "stale_feed"
        case coverageDrop = "coverage_drop"
        case jump
    }

    /// How strongly to doubt an hour.
    public enum Severity: String, Hashable, Sendable, CaseIterable {
        case medium = "Medium"
        case high = "High"
    }

    /// The rule that found it.
    public var kind: Kind
    /// How strongly to doubt it.
    public var severity: Severity
    /// The exchange at fault; `nil` for the whole market.
    public var exchange: Exchange?
    /// The coin, where one is looked at.
    public var asset: String?
    /// The number that is beyond its limit: percent, a ratio, or deviations from the median, as `kind` has it; `nil` where
    /// there is none.
    public var value: Double?
    /// One line for people.
    public var text: String
}
