import PerpCore

/// A market in which a backtest takes a position.
public struct TradedContract: Hashable, Sendable, Comparable {
    /// How profit and funding are counted.
    public enum Kind: Hashable, Sendable {
        case perpetual(ContractKind)
        /// Coins against cash: no funding.
        case spot
    }

    /// The exchange that lists it.
    public var exchange: Exchange
    /// The exchange's own spelling.
    public var symbol: String
    /// The canonical asset.
    public var asset: String
    /// How profit and funding are counted.
    public var kind: Kind

    /// Takes a contract; a linear perpetual unless said otherwise.
    public init(_ exchange: Exchange, _ symbol: String, asset: String, kind: Kind = .perpetual(.linear)) {
        self.exchange = exchange
        self.symbol = symbol
        self.asset = asset
        self.kind = kind
    }

    /// Whether it is the spot market.
    public var isSpot: Bool { kind == .spot }

    /// By exchange, symbol, and spot last: the order of every sum over contracts.
    public static func < (left: Self, right: Self) -> Bool {
        (left.exchange.position, left.symbol, left.isSpot ? 1 : 0)
            < (right.exchange.position, right.symbol, right.isSpot ? 1 : 0)
    }
}
