import PerpCore
import Sealing

/// The price that spreads and bases are measured at.
enum MidPrice {
    /// A quote that is wider than this fraction of its middle says little.
    static let widestQuote = 0.005

    /// The middle of bid and ask where both are quoted and close, else the mark price.
    static func of(_ instrument: GuardedInstrument) -> Double? {
        middle(bid: instrument.ticker.bidPrice, ask: instrument.ticker.askPrice)
            ?? instrument.ticker.markPrice
    }

    /// The middle of bid and ask where both are quoted and close, else the last price.
    static func of(_ spot: SpotTicker) -> (price: Double, isLast: Bool)? {
        if let middle = middle(bid: spot.bidPrice, ask: spot.askPrice) { return (middle, false) }
        return spot.lastPrice.flatMap { $0 > 0 ? ($0, true) : nil }
    }

    private static func middle(bid: Double?, ask: Double?) -> Double? {
        guard let bid, let ask, bid > 0, ask >= bid else { return nil }
        let middle = (bid + ask) / 2
        return (ask - bid) / middle <= widestQuote ? middle : nil
    }
}
