import PerpCore

/// What a run of the backtest is told.
public struct BacktestSettings: Hashable, Sendable {
    /// The rules that made a stored row.
    public static let version = "backtest-1"

    /// Dollars of a position, and of each leg of a pair.
    public var notional = 10_000.0
    /// Dollars that the equity begins with; nothing is compounded.
    public var capital = 100_000.0
    /// The asset in which a signal about the whole market is traded.
    public var asset = "BTC"
    /// The sentiment model whose alerts are tested.
    public var model = "v2"
    /// What a taker pays on each exchange.
    public var fees = TakerFees()

    /// The usual settings.
    public init() {}
}
