import PerpCore
import Sealing

/// What closed trades made, in basis points of the notional.
public struct TradeStatistics: Hashable, Sendable {
    /// The closed trades.
    public let count: Int
    /// The mean of what is left; `nil` without trades.
    public let mean: Double?
    /// The median of what is left; `nil` without trades.
    public let median: Double?
    /// Trades that left more than nothing.
    public let wins: Int
    /// Gains over losses; `nil` without losses.
    public let profitFactor: Double?

    /// Takes what each trade left, in the order of time.
    public init(_ nets: [Double]) {
        count = nets.count
        mean = Sealing.mean(nets)
        median = Quantiles.median(nets)
        wins = nets.count { $0 > 0 }
        let losses = -sum(nets.filter { $0 < 0 })
        profitFactor = losses > 0 ? sum(nets.filter { $0 > 0 }) / losses : nil
    }
}
