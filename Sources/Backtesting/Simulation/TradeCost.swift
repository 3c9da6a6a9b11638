import PerpCore

/// What it costs to trade at an hour, once.
public struct TradeCost: Hashable, Sendable {
    /// Fraction of the traded notional: the taker's fee and half of the spread.
    public let fraction: Double
    /// Whether the spread is assumed, because none is stored or it is implausible.
    public let isSpreadAssumed: Bool

    /// The cost of a trade at a row of a contract.
    public init(_ row: ContractHour, _ contract: TradedContract, fees: TakerFees) {
        let half = row.halfSpread
        fraction = fees[contract.exchange] + (half ?? Self.assumedHalfSpread(contract.asset))
        isSpreadAssumed = half == nil
    }

    /// Half of the spread where none is known, a fraction of the price.
    static func assumedHalfSpread(_ asset: String) -> Double { ["BTC", "ETH"].contains(asset) ? 0.0001 : 0.0005 }
}
