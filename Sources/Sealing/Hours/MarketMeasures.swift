import PerpCore

/// The market at one hour, over the venues that reported.
public struct MarketMeasures: Hashable, Sendable {
    /// Dollars traded in the rolling day; `nil` if no venue has a volume.
    public var volume: Double?
    /// Dollars of open interest, one side; `nil` if no venue has any.
    public var openInterest: Double?
    public var centralizedVolume: Double?
    public var decentralizedVolume: Double?
    /// Open interest over the volume of the same instruments.
    public var oiVolRatio: Double?
    /// Percent per eight hours.
    public var fundingRate: Double?
    /// Percent against a day ago.
    public var priceChange: Double?
    /// Shares of volume behind the two, 0 to 1.
    public var fundingCoverage: Double?
    public var priceCoverage: Double?
    /// Whether a venue's funding was weighted by volume.
    public var hasImputedOpenInterest: Bool
    public var exchangesCount: Int

    /// From one row a venue, in any order; failed venues count nothing.
    public init(_ rows: [ExchangeSummary]) {
        let rows = rows.filter { $0.status != .failed }.sorted { $0.exchange.id < $1.exchange.id }
        volume = Total.of(rows.map(\.volume))
        openInterest = Total.of(rows.map(\.openInterest))
        centralizedVolume = Total.of(rows.filter { $0.exchange.custody == .centralized }.map(\.volume))
        decentralizedVolume = Total.of(rows.filter { $0.exchange.custody == .decentralized }.map(\.volume))
        oiVolRatio = ratio(openInterest, Total.of(rows.map(\.matchedVolume)))
        fundingRate = Self.fundingRate(rows, oiVolRatio: oiVolRatio)
        priceChange = Self.priceChange(rows)
        fundingCoverage = Self.coverage(rows, \.fundingCoverage, of: volume)
        priceCoverage = Self.coverage(rows, \.priceCoverage, of: volume)
        hasImputedOpenInterest = rows.contains { $0.fundingBasis == .volume }
        exchangesCount = rows.count
    }

    /// The weight of a venue's mean funding rate in that of the market: open interest, imputed
    /// from its volume where the venue has none; volume for all where the market has none.
    public static func fundingWeight(of row: ExchangeSummary, oiVolRatio: Double?) -> Double? {
        guard row.fundingRate != nil, let weight = row.fundingWeight else { return nil }
        guard let oiVolRatio else {
            return row.fundingCoverage.flatMap { coverage in row.volume.map { coverage * $0 } }
        }
        return row.fundingBasis == .volume ? oiVolRatio * weight : weight
    }

    private static func fundingRate(_ rows: [ExchangeSummary], oiVolRatio: Double?) -> Double? {
        var mean = WeightedMean()
        for row in rows {
            guard let rate = row.fundingRate, let weight = fundingWeight(of: row, oiVolRatio: oiVolRatio)
            else { continue }
            mean.add(rate, weight: weight)
        }
        return mean.value
    }

    private static func priceChange(_ rows: [ExchangeSummary]) -> Double? {
        var mean = WeightedMean()
        for row in rows {
            guard let change = row.priceChange, let volume = row.volume else { continue }
            mean.add(change, weight: volume)
        }
        return mean.value
    }

    private static func coverage(
        _ rows: [ExchangeSummary], _ share: KeyPath<ExchangeSummary, Double?>, of volume: Double?
    ) -> Double? {
        let covered = rows.reduce(0.0) { $0 + ($1.volume ?? 0) * ($1[keyPath: share] ?? 0) }
        return ratio(covered, volume)
    }
}
