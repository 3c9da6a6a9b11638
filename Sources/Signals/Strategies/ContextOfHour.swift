import PerpCore
import Sealing
import Trends

extension MarketContext {
    /// The context of a sealed hour.
    ///
    /// - Parameters:
    ///   - sealed: the hour's rows, and what they were made from.
    ///   - settlements: those of the last 7 days, by exchange; without them no funding rate counts
    ///     as persistent.
    ///   - trends: what the history of hours says; without it trends are unknown.
    ///   - next8: the funding that is forecast for the next eight hours, a fraction, by exchange and symbol.
    public init(
        _ sealed: SealedHour, model: SentimentModel = .v2,
        settlements: [Exchange: [FundingSettlement]] = [:], spreads: FundingSpreads = FundingSpreads(),
        trends: HourTrends? = nil, next8: [Exchange: [String: Double]] = [:]
    ) {
        let (input, summary) = (sealed.input, sealed.summary)
        self.init(hour: sealed.hour, model: model)
        exchangesEnabled = summary.exchanges.count
        if let row = summary.market(model) { take(row) }
        let isPartial = summary.market(.v2)?.flags.contains(.growthPartial) ?? false
        openInterestGrowth24h = isPartial ? nil : summary.market(model)?.openInterestGrowth24h
        quality = summary.market(.v2)?.quality
        fundingScore = Self.score(.funding, model, summary)
        priceScore = Self.score(.price, model, summary)
        usualVolumeUSD = Self.usualVolume(before: summary, model, input.history)
        sustained = trends?.sustained(model)
        if let trends { trend = TrendContext(trends) }
        cascade = Self.cascade(summary, model)
        intervalChanges = sealed.intervalChanges.byVolume
        let guarded = FieldGuards.apply(to: input.exchanges)
        bases = SpotBasis.find(in: input.exchanges, guarded: guarded).map { ExchangeBasis($0) }
        let hasSpot = Set(bases(of: InstitutionalDivergence.asset).map(\.exchangeID))
        indexBases = guarded.filter { !hasSpot.contains($0.exchange.id) }
            .compactMap { ExchangeBasis(InstitutionalDivergence.asset, byIndexOf: $0) }
        switch model {
        case .v2:
            fundingTrades = spreads.find(in: guarded, settlements: settlements)
                .filter { !$0.isThin }.map { FundingTrade($0, next8: next8) }
        case .seedV1:
            fundingTrades = Self.seedTrades(summary.exchanges)
        }
    }

    /// The context of a moment: its liquidations, and everything else as the last sealed hour has it.
    ///
    /// - Parameters:
    ///   - score: that of the hour that ends at `now`.
    ///   - heard: the number of exchanges whose streams were up in it.
    ///   - largest: the assets with the most dollars, the largest first.
    public init(
        live score: CascadeScore, heard: Int, largest: [AssetLiquidations], at now: Timestamp, after past: PastHour
    ) {
        self.init(hour: past.hour, model: .v2)
        liveAt = now
        exchangesEnabled = past.exchanges.count
        if let row = past.market(.v2) { take(row) }
        quality = past.market(.v2)?.quality
        cascade = Cascade(
            score: score.score, volumeShare: score.volumeShare, reportingExchanges: heard, longUSD: score.longUSD,
            shortUSD: score.shortUSD, coverage: score.coverage, isFloor: true)
        cascade?.largest = largest
    }

    private mutating func take(_ row: MarketSummary) {
        coverage = row.coverage
        exchangesReporting = row.exchangesCount
        exchangesUnknown = row.completeness.unknownExchanges
        composite = row.compositeScore
        fundingPercent = row.fundingPercent
        priceChangePercent = row.priceChangePercent
        openInterestToVolume = row.openInterestToVolume
        divergencePercent = row.fundingDivergencePercent
        longFraction = row.longFraction
        // A total with a stand-in in it is no measure to decide by, and neither is a part's growth.
        volumeUSD = row.completeness.exchangesMissingVolume == 0 ? row.totalVolumeUSD : nil
    }

    private static func score(
        _ factor: SentimentFactor, _ model: SentimentModel, _ summary: HourSummary
    ) -> Double? {
        summary.scores.first { $0.model == model && $0.factor == factor }?.score
    }

    /// The median of 30 days. In an hour before an exchange began, it counts with what it says now: else each new exchange
    /// would make the market look busier than usual.
    private static func usualVolume(before summary: HourSummary, _ model: SentimentModel, _ history: History) -> Double?
    {
        // Without copies of rows, which are long: there are thousands in an hour's past.
        let now = summary.exchanges.map { (exchange: $0.exchange, volume: $0.wholeVolumeUSD ?? 0) }
        let volumes = history.trailing(History.summaryHours, before: summary.hour) { past -> Double? in
            past.pointee.wholeVolumeUSD(model).map { total in
                now.reduce(total) { past.pointee.knowsVolume(of: $1.exchange) ? $0 : $0 + $1.volume }
            }
        }
        return volumes.count >= History.neededHours ? Quantiles.median(volumes) : nil
    }

    private static func cascade(_ summary: HourSummary, _ model: SentimentModel) -> Cascade? {
        guard let row = summary.marketLiquidation(windowHours: 1) else { return nil }
        let volume = summary.market(model)?.completeness.reportedVolumeUSD
        return Cascade(
            score: row.score(of: model),
            volumeShare: model == .v2 ? row.volumeShare : ratio(row.totalUSD, volume),
            reportingExchanges: row.reportingExchanges, longUSD: row.longUSD, shortUSD: row.shortUSD,
            coverage: row.coverage,
            isFloor: row.flags.contains(.floor))
    }

    /// The seed-v1 pairs of exchanges: mean funding rates 0.005 % apart, three times a day for a year.
    private static func seedTrades(_ rows: [ExchangeSummary]) -> [FundingTrade] {
        let known = rows.filter { $0.seedFundingPercent != nil }
        let trades = known.flatMap { short in
            known.compactMap { long -> FundingTrade? in
                guard let spread = difference(short.seedFundingPercent, long.seedFundingPercent), spread > 0.005
                else { return nil }
                return FundingTrade(
                    asset: "BTC", shortExchangeID: short.exchange.id, longExchangeID: long.exchange.id,
                    netAPR: spread * 3 * 365)
            }
        }
        return trades.sorted {
            ($1.netAPR, $0.shortExchangeID, $0.longExchangeID) < ($0.netAPR, $1.shortExchangeID, $1.longExchangeID)
        }
    }
}
