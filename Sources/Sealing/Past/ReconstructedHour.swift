import PerpCore

/// An exchange's hour that was put together from what it told later: the row of `reconstructed_hour`. The measures are those
/// of a live hour, over the contracts of which anything was told.
public struct ReconstructedHour: Hashable, Sendable {
    /// The hour, in UTC.
    public var hour: Hour
    /// The exchange.
    public var exchange: Exchange
    /// Perpetuals on coins with a price.
    public var markets: Int
    /// Those of them with a whole day's volume.
    public var volumeMarkets: Int
    /// Dollars traded in the day before; `nil` when no contract has a whole day.
    public var volumeUSD: Double?
    /// Perpetuals with open interest.
    public var openInterestMarkets: Int
    /// Dollars, one side; `nil` without any.
    public var openInterestUSD: Double?
    /// Percent per eight hours of the rates that were settled; positive when longs paid.
    public var fundingPercent8h: Double?
    /// What the mean was weighted by; `nil` without a mean.
    public var fundingBasis: FundingBasis?
    /// Dollars: the sum of the weights.
    public var fundingWeightUSD: Double?
    /// Percent against a day before, weighted by volume.
    public var priceChangePercent: Double?

    /// Measures an hour; `nil` without a contract on a coin.
    ///
    /// - Parameter tickers: made by `PastContract`.
    public init?(_ exchange: Exchange, _ hour: Hour, tickers: [Ticker]) {
        let facts = ExchangeFacts(exchange: exchange, status: .ok, tickers: tickers)
        guard let guarded = FieldGuards.apply(to: [facts]).first, guarded.status != .failed else { return nil }
        let row = ExchangeMeasures.summary(of: guarded, hour: hour)
        guard row.markets > 0 else { return nil }
        self.hour = hour
        self.exchange = exchange
        markets = row.markets
        volumeUSD = row.volumeUSD
        openInterestUSD = row.openInterestUSD
        volumeMarkets = 0
        openInterestMarkets = 0
        fundingPercent8h = row.fundingPercent8h
        fundingBasis = row.fundingBasis
        fundingWeightUSD = row.fundingWeightUSD
        priceChangePercent = row.priceChangePercent
        var (volumes, interests) = (0, 0)
        guarded.forEachPerpetual { instrument in
            if instrument.ticker.volumeUSD24h != nil { volumes += 1 }
            if instrument.ticker.openInterestUSD != nil { interests += 1 }
        }
        volumeMarkets = volumes
        openInterestMarkets = interests
    }

    private init(unreadAt hour: Hour) {
        self.hour = hour
        exchange = .binance
        markets = 0
        volumeMarkets = 0
        openInterestMarkets = 0
    }
}

extension ReconstructedHour: FieldRecord {
    /// A record without values, which reading fills.
    public static let unread = ReconstructedHour(unreadAt: Hour(containing: Int64(0)))

    /// The fields of the table `reconstructed_hour`.
    public static let fields: [Field<ReconstructedHour>] = [
        Field("hour", \.hour, unit: "epoch seconds"),
        Field("exchange_id", \.exchange, unit: "id of the exchange"),
        Field("markets", \.markets, unit: "perpetuals on coins with a price"),
        Field("volume_markets", \.volumeMarkets, unit: "those with a whole day's volume"),
        Field("volume_usd", \.volumeUSD, unit: "dollars in the day before"),
        Field("open_interest_markets", \.openInterestMarkets, unit: "those with open interest"),
        Field("open_interest_usd", \.openInterestUSD, unit: "dollars, one side"),
        Field("funding_8h_percent", \.fundingPercent8h, unit: "percent per eight hours, settled"),
        Field("funding_basis", \.fundingBasis, unit: "oi or volume"),
        Field("funding_weight_usd", \.fundingWeightUSD, unit: "dollars"),
        Field("price_change_percent", \.priceChangePercent, unit: "percent against a day before"),
    ]
}
