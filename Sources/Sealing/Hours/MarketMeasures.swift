import PerpCore

/// The market at one hour, over the exchanges that reported.
struct MarketMeasures: Hashable, Sendable {
    /// Dollars traded in the rolling day; `nil` if no exchange has a volume.
    var volumeUSD: Double?
    /// Dollars of open interest, one side; `nil` if no exchange has any.
    var openInterestUSD: Double?
    var centralizedVolumeUSD: Double?
    var decentralizedVolumeUSD: Double?
    /// Open interest over the volume of the same instruments.
    var openInterestToVolume: Double?
    /// Percent per eight hours.
    var fundingPercent8h: Double?
    /// Percent against a day ago.
    var priceChangePercent: Double?
    /// Shares of volume behind the two, 0 to 1.
    var fundingCoverage: Double?
    var priceCoverage: Double?
    /// Whether an exchange's funding was weighted by volume.
    var hasImputedOpenInterest: Bool
    var exchangesCount: Int

    /// Takes one row per exchange, in any order; failed exchanges count nothing.
    init(_ rows: [ExchangeSummary]) {
        let rows = rows.filter { $0.status != .failed }.sorted { $0.exchange.id < $1.exchange.id }
        volumeUSD = Total.of(rows.map(\.volumeUSD))
        openInterestUSD = Total.of(rows.map(\.openInterestUSD))
        centralizedVolumeUSD = Total.of(rows.filter { $0.exchange.custody == .centralized }.map(\.volumeUSD))
        decentralizedVolumeUSD = Total.of(rows.filter { $0.exchange.custody == .decentralized }.map(\.volumeUSD))
        openInterestToVolume = ratio(openInterestUSD, Total.of(rows.map(\.matchedVolumeUSD)))
        fundingPercent8h = Self.fundingPercent8h(rows, openInterestToVolume: openInterestToVolume)
        priceChangePercent = Self.priceChange(rows)
        fundingCoverage = Self.coverage(rows, \.fundingCoverage, of: volumeUSD)
        priceCoverage = Self.coverage(rows, \.priceCoverage, of: volumeUSD)
        hasImputedOpenInterest = rows.contains { $0.fundingBasis == .volume }
        exchangesCount = rows.count
    }

    /// The weight of an exchange's mean funding rate in that of the market: open interest, imputed
    /// from its volume where the exchange has none; volume for all where the market has none.
    static func fundingWeight(of row: ExchangeSummary, openInterestToVolume: Double?) -> Double? {
        guard row.fundingPercent8h != nil, let weight = row.fundingWeightUSD else { return nil }
        guard let openInterestToVolume else {
            return row.fundingCoverage.flatMap { coverage in row.volumeUSD.map { coverage * $0 } }
        }
        return row.fundingBasis == .volume ? openInterestToVolume * weight : weight
    }

    private static func fundingPercent8h(_ rows: [ExchangeSummary], openInterestToVolume: Double?) -> Double? {
        var mean = WeightedMean()
        for row in rows {
            guard let rate = row.fundingPercent8h,
                let weight = fundingWeight(of: row, openInterestToVolume: openInterestToVolume)
            else { continue }
            mean.add(rate, weight: weight)
        }
        return mean.value
    }

    private static func priceChange(_ rows: [ExchangeSummary]) -> Double? {
        var mean = WeightedMean()
        for row in rows {
            guard let change = row.priceChangePercent, let volume = row.volumeUSD else { continue }
            mean.add(change, weight: volume)
        }
        return mean.value
    }

    private static func coverage(
        _ rows: [ExchangeSummary], _ share: KeyPath<ExchangeSummary, Double?>, of volume: Double?
    ) -> Double? {
        let covered = rows.reduce(0.0) { $0 + ($1.volumeUSD ?? 0) * ($1[keyPath: share] ?? 0) }
        return ratio(covered, volume)
    }
}
