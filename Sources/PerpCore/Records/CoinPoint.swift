/// A coin on an exchange in one hour, over its perpetuals that are priced in dollars.
public struct CoinPoint: Hashable, Sendable {
    /// The hour of the snapshot.
    public let hour: Hour
    /// The coin's name, with its class before it where it is none.
    public let asset: String
    /// The exchange's id.
    public let exchangeID: String
    /// The mark price of the contract with the largest volume, in quote units a coin.
    public var markPrice: Double?
    /// The funding rate of that contract for eight hours, a fraction of notional; positive where longs pay.
    public var fundingRate8h: Double?
    /// The sum over the contracts in dollars, one side; `nil` where none states it.
    public var openInterestUSD: Double?
    /// The volume of the contract with the largest volume, dollars of a rolling day; `nil` where it is not stated.
    public var volumeUSD24h: Double?
    /// The share of accounts that are long, 0 to 1; `nil` where it is not asked for.
    public var longFraction: Double?

    /// A point of which nothing is known yet.
    public init(hour: Hour, asset: String, exchangeID: String) {
        (self.hour, self.asset, self.exchangeID) = (hour, asset, exchangeID)
    }
}
