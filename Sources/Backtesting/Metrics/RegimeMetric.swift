import Sealing
import Signals

/// How the events of a strategy in one direction did in one regime of volatility.
public struct RegimeMetric: Hashable, Sendable {
    /// The events below which a regime is not listed.
    public static let neededEvents = 10

    /// The strategy.
    public let strategy: Strategy
    /// The direction of its events.
    public let direction: Direction
    /// The regime at the decision.
    public let regime: String
    /// Events whose outcome is known.
    public let count: Int
    /// The mean of their values, in the unit of `EventOutcome.value`.
    public let mean: Double
    /// The share in which the claim held.
    public let hit: Double
    /// Their mean base rate.
    public let baseShare: Double

    /// The regimes with ten events or more, in the order of strategies, directions and the regimes' names. Events that need
    /// coins borrowed at an unknown price are left out.
    public static func all(_ outcomes: [EventOutcome]) -> [RegimeMetric] {
        let known = outcomes.filter { $0.value != nil && $0.event.regime != nil && !$0.isBorrowUnknown }
        let groups = Dictionary(grouping: known) {
            Group(strategy: $0.event.strategy, direction: $0.event.direction, regime: $0.event.regime ?? "")
        }
        return groups.sorted { $0.key.order < $1.key.order }.compactMap { group, rows in
            guard rows.count >= neededEvents, let mean = Sealing.mean(rows.compactMap(\.value)),
                let baseShare = Sealing.mean(rows.compactMap { $0.base?.share })
            else { return nil }
            return RegimeMetric(
                strategy: group.strategy, direction: group.direction, regime: group.regime, count: rows.count,
                mean: mean,
                hit: Double(rows.count { $0.isSuccess ?? false }) / Double(rows.count), baseShare: baseShare)
        }
    }

    private struct Group: Hashable {
        let strategy: Strategy
        let direction: Direction
        let regime: String

        var order: (Int, String, String) { (strategy.rawValue, direction.rawValue, regime) }
    }
}
