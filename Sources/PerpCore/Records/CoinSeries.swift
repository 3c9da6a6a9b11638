/// A coin on an exchange in one hour, over its perpetuals that are priced in dollars.
public struct CoinPoint: Hashable, Sendable {
    /// The mark price of the contract with the largest volume, in quote units a coin.
    public var markPrice: Double?
    /// The funding rate of that contract for eight hours, a fraction of notional; positive where longs pay.
    public var fundingRate8h: Double?
    /// The sum over the contracts in dollars, one side; `nil` where none states it.
    public var openInterestUSD: Double?
    /// The share of accounts that are long, 0 to 1; `nil` where it is not asked for.
    public var longFraction: Double?

    /// A point of which nothing is known yet.
    public init() {}
}

/// What a coin did on an exchange in some hours.
public struct CoinSeries: Hashable, Sendable {
    /// The coin's name, with its class before it where it is none.
    public let asset: String
    /// The exchange's id.
    public let exchangeID: String
    /// A point for each of the hours that were asked for, in their order; one of which nothing is known where there is none.
    public var points: [CoinPoint]

    /// A series.
    public init(asset: String, exchangeID: String, points: [CoinPoint]) {
        (self.asset, self.exchangeID, self.points) = (asset, exchangeID, points)
    }
}
