import PerpCore
import Sealing

/// The change of a measure between two adjacent stored hours.
public struct Step: Hashable, Sendable {
    /// The longest gap that a step may bridge, in hours.
    public static let longestGap = 6

    /// Hours between the two; 1 when none is missing.
    public var gapHours: Int
    /// The logarithmic change over the whole gap.
    public var change: Double

    /// Takes the change over a gap of at least one hour.
    public init(gapHours: Int, change: Double) {
        self.gapHours = gapHours
        self.change = change
    }
}

/// The steps from stored hour to stored hour, one at a time: no level is averaged over exchanges, so one that fails moves
/// nothing.
///
/// An hour that cannot be compared with the last stored one is not stored; after more than six hours the chain begins anew.
public struct Chain: Hashable, Sendable {
    /// What is compared.
    public enum Measure: Hashable, Sendable {
        /// The price.
        case price
        /// Open interest with the price taken out.
        case openInterest
    }

    /// What is compared.
    public let measure: Measure
    /// The last stored hour, which the next one is compared with; `nil` before the first.
    public private(set) var last: ScopeSnapshot?

    /// Continues after a stored hour; begins without one.
    public init(_ measure: Measure, after last: ScopeSnapshot? = nil) {
        self.measure = measure
        self.last = last
    }

    /// The value of a later hour; `nil` when it is not stored.
    public mutating func append(_ now: ScopeSnapshot) -> SeriesValue? {
        guard measure == .price ? now.hasPrice : now.hasOpenInterest else { return nil }
        guard let then = last, then.hour.distance(to: now.hour) <= Step.longestGap else {
            last = now
            return .start
        }
        precondition(then.hour < now.hour, "hours are appended in order")
        let change = measure == .price ? now.priceChange(since: then) : now.openInterestChange(since: then)
        guard let change, change.isFinite else { return nil }
        last = now
        return .step(Step(gapHours: then.hour.distance(to: now.hour), change: change))
    }
}
