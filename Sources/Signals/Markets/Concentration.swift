import PerpCore
import Sealing

/// How concentrated volume, or open interest, is on few venues.
public struct Concentration: Hashable, Sendable {
    public enum Degree: String, Hashable, Sendable, CaseIterable {
        case high = "High"
        case moderate = "Moderate"
        case low = "Low"
    }

    /// One venue's part.
    public struct ExchangeShare: Hashable, Sendable {
        public var exchange: Exchange
        /// 0 to 1.
        public var share: Double
    }

    /// By size, the largest first, then by venue id.
    public let shares: [ExchangeShare]
    /// Percent of the three largest.
    public let top3: Double
    /// Herfindahl-Hirschman index: the sum of the squares of the shares in percent, up to 10 000.
    public let hhi: Double
    /// Venues of equal size that would be as concentrated.
    public var effectiveExchanges: Double { 10_000 / hhi }
    public var level: Degree { hhi > 2500 ? .high : hhi > 1500 ? .moderate : .low }
    /// Percent on decentralized venues.
    public let dexPercent: Double

    /// Of dollars by venue; `nil` when they sum to zero.
    public init?(_ amounts: [(exchange: Exchange, dollars: Double)]) {
        let amounts = amounts.sorted { $0.exchange.id < $1.exchange.id }
        let total = amounts.reduce(0) { $0 + $1.dollars }
        guard total > 0 else { return nil }
        shares = amounts.map { ExchangeShare(exchange: $0.exchange, share: $0.dollars / total) }
            .sorted { ($1.share, $0.exchange.id) < ($0.share, $1.exchange.id) }
        top3 = 100 * shares.prefix(3).reduce(0) { $0 + $1.share }
        hhi = shares.reduce(0) { $0 + (100 * $1.share) * (100 * $1.share) }
        dexPercent = 100 * shares.filter { $0.exchange.custody == .decentralized }.reduce(0) { $0 + $1.share }
    }

    /// Of the venues' volume in one hour.
    public static func ofVolume(_ rows: [ExchangeSummary]) -> Concentration? {
        Concentration(rows.compactMap { row in row.volumeUSDForShares.map { (row.exchange, $0) } })
    }

    /// Of the venues' open interest in one hour.
    public static func ofOpenInterest(_ rows: [ExchangeSummary]) -> Concentration? {
        Concentration(rows.compactMap { row in row.openInterestUSD.map { (row.exchange, $0) } })
    }
}

/// How a venue is used, told from its open interest over volume.
public enum TradingStyle: String, Hashable, Sendable, CaseIterable {
    case dayTrading = "day trading"
    case balanced
    case positionHolding = "position holding"

    public init(openInterestToVolume: Double) {
        self = openInterestToVolume < 0.3 ? .dayTrading : openInterestToVolume <= 0.5 ? .balanced : .positionHolding
    }
}
