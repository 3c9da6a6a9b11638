import PerpCore
import Sealing

/// A perpetual against the spot of the same coin on the same exchange.
public struct SpotBasis: Hashable, Sendable {
    /// The exchange that lists both.
    public var exchange: Exchange
    /// The canonical coin.
    public var asset: String
    /// The perpetual, as the exchange spells it.
    public var perpetual: String
    /// The spot market, as the exchange spells it.
    public var spot: String
    /// Percent of the spot price; positive when the perpetual is above.
    public var percent: Double
    /// Percent per eight hours; `nil` without an interval.
    public var fundingPercent8h: Double?
    /// Dollars traded in the rolling day; `nil` is unknown.
    public var perpetualVolumeUSD: Double?
    /// Dollars of spot traded in the rolling day; `nil` when unknown.
    public var spotVolumeUSD: Double?
    /// Whether a token was taken for a dollar without a price.
    public var isQuoteAssumed: Bool
    /// Whether the spot price is that of its last trade.
    public var isSpotLast: Bool

    /// Both legs are observed within this time, in milliseconds.
    static let longestGap: Int64 = 60_000

    /// Percent: both prices in dollars.
    public static func percent(perpetualUSD: Double, spotUSD: Double) -> Double {
        100 * (perpetualUSD - spotUSD) / spotUSD
    }

    /// One row per exchange and coin that have both legs within a minute; by exchange id, then by coin.
    public static func find(in exchanges: [ExchangeFacts], guarded: [GuardedExchange]) -> [SpotBasis] {
        let quotes = QuoteValues(exchanges)
        let exchanges = exchanges.sorted { $0.exchange.id < $1.exchange.id }
        return exchanges.flatMap { facts -> [SpotBasis] in
            guard let guarded = guarded.first(where: { $0.exchange == facts.exchange }) else { return [] }
            let assets = Set(facts.spotTickers.map(\.asset)).sorted()
            return assets.compactMap { find($0, in: facts, guarded: guarded, quotes: quotes) }
        }
    }

    private static func find(
        _ asset: String, in facts: ExchangeFacts, guarded: GuardedExchange, quotes: QuoteValues
    ) -> SpotBasis? {
        guard let perpetual = guarded.reference(asset), !perpetual.isPriceOutlier,
            let spot = spot(asset, in: facts, quote: perpetual.ticker.quote),
            let perpetualPrice = MidPrice.of(perpetual), let spotPrice = MidPrice.of(spot),
            let perpetualValue = quotes.dollars(perpetual.ticker.quote),
            let spotValue = quotes.dollars(spot.quote),
            perpetual.ticker.observedAt.isWithin(longestGap, of: spot.observedAt)
        else { return nil }
        return SpotBasis(
            exchange: facts.exchange, asset: asset, perpetual: perpetual.symbol, spot: spot.symbol,
            percent: percent(
                perpetualUSD: perpetualPrice * perpetualValue.value,
                spotUSD: spotPrice.price * spotValue.value),
            fundingPercent8h: perpetual.ticker.fundingPercent8h,
            perpetualVolumeUSD: perpetual.ticker.volumeUSD24h, spotVolumeUSD: spot.volumeUSD24h,
            isQuoteAssumed: perpetual.ticker.quote != spot.quote
                && (perpetualValue.isAssumed || spotValue.isAssumed),
            isSpotLast: spotPrice.isLast)
    }

    /// The spot market in the perpetual's quote, else the one with the largest volume.
    private static func spot(_ asset: String, in facts: ExchangeFacts, quote: String) -> SpotTicker? {
        let markets = facts.spotTickers.filter { $0.asset == asset && $0.quote != asset }
            .sorted { ($1.volumeUSD24h ?? 0, $0.symbol) < ($0.volumeUSD24h ?? 0, $1.symbol) }
        return markets.first { $0.quote == quote } ?? markets.first
    }
}

extension MarketContext.ExchangeBasis {
    /// The mark price of a coin's reference perpetual against the exchange's own index of spot prices, in percent; `nil`
    /// without either.
    public init?(_ asset: String, byIndexOf exchange: GuardedExchange) {
        guard let perpetual = exchange.reference(asset), !perpetual.isPriceOutlier,
            let mark = perpetual.ticker.markPrice, let index = perpetual.ticker.indexPrice
        else { return nil }
        self.init(
            exchangeID: exchange.exchange.id, asset: asset,
            percent: SpotBasis.percent(perpetualUSD: mark, spotUSD: index),
            fundingPercent8h: perpetual.ticker.fundingPercent8h)
    }

    /// What the strategies see of a basis.
    public init(_ basis: SpotBasis) {
        self.init(
            exchangeID: basis.exchange.id, asset: basis.asset, percent: basis.percent,
            fundingPercent8h: basis.fundingPercent8h)
        perpetual = basis.perpetual
        spot = basis.spot
        perpetualVolumeUSD = basis.perpetualVolumeUSD
    }
}
