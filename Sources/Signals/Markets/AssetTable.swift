import PerpCore

/// One coin over all venues.
public struct AssetRow: Hashable, Sendable {
    /// A venue and its funding rate.
    public struct Side: Hashable, Sendable {
        public var exchange: Exchange
        /// Percent per eight hours.
        public var rate8h: Double
    }

    public let asset: String
    /// Dollars in the rolling day, and of open interest.
    public let volume: Double
    public let openInterest: Double?
    /// Percent against a day ago, weighted by volume.
    public let priceChange: Double?
    /// Percent per eight hours, weighted by open interest.
    public let fundingRate: Double?
    /// Open interest over the volume of the same instruments.
    public let oiVolRatio: Double?
    /// Where a long pays least, and where a short receives most.
    public let bestLong: Side?
    public let bestShort: Side?
    /// Percent between the venues' prices.
    public let priceSpread: Double?
}

/// The coins with the largest volume.
public enum AssetTable {
    static let smallestVolume = 1e6

    /// At most `limit` coins, by volume, then by name.
    public static func rows(
        _ venues: [GuardedVenue], quotes: QuoteValues, limit: Int = 20
    ) -> [AssetRow] {
        var instruments: [String: [GuardedInstrument]] = [:]
        for venue in venues {
            for instrument in venue.perpetuals {
                instruments[instrument.asset, default: []].append(instrument)
            }
        }
        let volumes = instruments.compactMapValues { Total.of($0.map(\.ticker.volumeUSD24h)) }
        let largest = volumes.filter { $0.value >= smallestVolume }
            .sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(limit)
        return largest.map { asset, volume in
            row(asset, volume, instruments[asset] ?? [], venues, quotes)
        }
    }

    private static func row(
        _ asset: String, _ volume: Double, _ instruments: [GuardedInstrument], _ venues: [GuardedVenue],
        _ quotes: QuoteValues
    ) -> AssetRow {
        var change = WeightedMean()
        var funding = WeightedMean()
        var openInterest = Total()
        var matched = Total()
        for ticker in instruments.map(\.ticker) {
            if let moved = ticker.priceChange24h { change.add(moved, weight: ticker.volumeUSD24h ?? 0) }
            guard let dollars = ticker.openInterestUSD else { continue }
            openInterest.add(dollars)
            matched.add(ticker.volumeUSD24h)
            if let rate = ticker.fundingRate8h { funding.add(rate, weight: dollars) }
        }
        let sides = sides(asset, venues)
        return AssetRow(
            asset: asset, volume: volume, openInterest: openInterest.value,
            priceChange: change.value.map { 100 * $0 }, fundingRate: funding.value.map { 100 * $0 },
            oiVolRatio: ratio(openInterest.value, matched.value),
            bestLong: sides.min { $0.rate8h < $1.rate8h }, bestShort: sides.max { $0.rate8h < $1.rate8h },
            priceSpread: PriceSpread(asset: asset, venues: venues, quotes: quotes)?.percent)
    }

    private static func sides(_ asset: String, _ venues: [GuardedVenue]) -> [AssetRow.Side] {
        venues.compactMap { venue in
            venue.reference(asset)?.ticker.fundingRate8h.map {
                AssetRow.Side(exchange: venue.exchange, rate8h: 100 * $0)
            }
        }
    }
}
