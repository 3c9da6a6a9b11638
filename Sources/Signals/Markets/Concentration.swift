import PerpCore
import Sealing

/// How concentrated volume, or open interest, is on few exchanges.
public struct Concentration: Hashable, Sendable {
    /// How concentrated a market is.
    public enum Degree: String, Hashable, Sendable, CaseIterable {
        case high = "High"
        case moderate = "Moderate"
        case low = "Low"
    }

    /// One exchange's part.
    public struct ExchangeShare: Hashable, Sendable {
        /// The exchange that has the share.
        public var exchange: Exchange
        /// 0 to 1.
        public var share: Double
    }

    /// By size, the largest first, then by exchange id.
    public let shares: [ExchangeShare]
    /// Percent of the three largest.
    public let top3: Double
    /// Herfindahl-Hirschman index: the sum of the squares of the shares in percent, up to 10 000.
    public let hhi: Double
    /// Exchanges of equal size that would be as concentrated.
    public var effectiveExchanges: Double { 10_000 / hhi }
    /// High above an index of 2500, moderate above 1500.
    public var level: Degree { hhi > 2500 ? .high : hhi > 1500 ? .moderate : .low }
    /// Percent on decentralized exchanges.
    public let dexPercent: Double

    /// Of dollars by exchange; `nil` when they sum to zero.
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

    /// Of the exchanges' volume in one hour.
    public static func ofVolume(_ rows: [ExchangeSummary]) -> Concentration? {
        Concentration(rows.compactMap { row in row.volumeUSDForShares.map { (row.exchange, $0) } })
    }

    /// Of the exchanges' open interest in one hour.
    public static func ofOpenInterest(_ rows: [ExchangeSummary]) -> Concentration? {
        Concentration(rows.compactMap { row in row.openInterestUSD.map { (row.exchange, $0) } })
    }
}

/// How an exchange is used, told from its open interest over volume.
public enum TradingStyle: String, Hashable, Sendable, CaseIterable {
    case dayTrading = "day trading"
    case balanced
    case positionHolding = "position holding"

    /// The style of an exchange with this open interest over volume, a fraction.
    public init(openInterestToVolume: Double) {
        self = openInterestToVolume < 0.3 ? .dayTrading : openInterestToVolume <= 0.5 ? .balanced : .positionHolding
    }
}
