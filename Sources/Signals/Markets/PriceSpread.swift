import PerpCore
import Sealing

/// How far the prices of one coin lie apart over the exchanges.
public struct PriceSpread: Hashable, Sendable {
    /// The price of the coin on one exchange.
    public struct ExchangePrice: Hashable, Sendable {
        /// The exchange that has the price.
        public var exchange: Exchange
        /// Dollars per coin.
        public var priceUSD: Double
        /// Percent away from the median of the exchanges.
        public var deviationPercent: Double
    }

    static let neededVolume = 1e6
    /// Milliseconds around the median time.
    static let longestGap = 120_000.0
    static let majors: Set<String> = ["BTC", "ETH", "SOL"]

    /// The canonical coin.
    public let asset: String
    /// By exchange id.
    public let prices: [ExchangePrice]
    /// The exchange with the lowest price.
    public var lowest: ExchangePrice { prices.min { $0.priceUSD < $1.priceUSD }! }  // never empty
    /// The exchange with the highest price.
    public var highest: ExchangePrice { prices.max { $0.priceUSD < $1.priceUSD }! }  // never empty
    /// How far the highest price is above the lowest one, in percent.
    public var percent: Double { 100 * (highest.priceUSD - lowest.priceUSD) / lowest.priceUSD }
    /// Whether the spread is wide for its coin.
    public var isWide: Bool { percent > (Self.majors.contains(asset) ? 0.1 : 0.2) }

    /// Percent left after opening and closing both legs; fees are fractions of notional.
    public func net(lowFee: Double, highFee: Double) -> Double { percent - 100 * (lowFee + highFee) * 2 }

    /// `nil` with fewer than two exchanges that have volume and were observed together.
    public init?(asset: String, exchanges: [GuardedExchange], quotes: QuoteValues) {
        let found = exchanges.compactMap { exchange in
            exchange.reference(asset).flatMap { Self.candidate(exchange.exchange, $0, quotes) }
        }
        guard let middle = Quantiles.median(found.map(\.time)) else { return nil }
        let together = found.filter { abs($0.time - middle) <= Self.longestGap }
        guard together.count >= 2, let median = Quantiles.median(together.map(\.price)) else { return nil }
        self.asset = asset
        prices = together.map {
            ExchangePrice(exchange: $0.exchange, priceUSD: $0.price, deviationPercent: 100 * ($0.price / median - 1))
        }
    }

    private static func candidate(
        _ exchange: Exchange, _ instrument: GuardedInstrument, _ quotes: QuoteValues
    ) -> (exchange: Exchange, price: Double, time: Double)? {
        guard (instrument.ticker.volumeUSD24h ?? 0) >= neededVolume, !instrument.isPriceOutlier,
            let price = MidPrice.of(instrument), let value = quotes.dollars(instrument.ticker.quote)
        else { return nil }
        return (exchange, price * value.value, Double(instrument.ticker.observedAt.milliseconds))
    }
}
