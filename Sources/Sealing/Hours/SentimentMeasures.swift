import PerpCore

/// The market row and the factor scores of an hour, once for each model.
struct SentimentMeasures {
    static let neededExchanges = 3
    static let neededCoverage = 0.5
    static let neededQuality = 0.5
    static let pairHours = 24

    let hour: Hour
    /// The enabled exchanges, guarded and as sent, and their rows, all in byte order of their ids.
    let exchanges: [ExchangeFacts]
    let guarded: [GuardedExchange]
    let rows: [ExchangeSummary]
    let market: MarketMeasures
    let openInterest: OpenInterestSnapshot
    let history: History

    /// The figures that both models share: growth, coverage, counts, volumes.
    private let common: MarketSummary
    private let coverage: MarketCoverage
    private let dayGrowth: OpenInterestGrowth?
    /// A growth of less of the usual open interest is told, and no condition is met by it.
    private static let wholeGrowthShare = 0.9

    init(
        hour: Hour, exchanges: [ExchangeFacts], guarded: [GuardedExchange], rows: [ExchangeSummary],
        market: MarketMeasures, openInterest: OpenInterestSnapshot, history: History
    ) {
        self.hour = hour
        self.exchanges = exchanges
        self.guarded = guarded
        self.rows = rows
        self.market = market
        self.openInterest = openInterest
        self.history = history
        let lastHour = history.snapshot(at: hour.previous).flatMap {
            OpenInterestGrowth.overHour(from: $0, to: openInterest)
        }
        let lastDay = history.snapshot(dayBefore: hour).flatMap {
            OpenInterestGrowth.overDay(from: $0, to: openInterest)
        }
        let coverage = MarketCoverage(hour: hour, rows: rows, history: history)
        self.coverage = coverage
        dayGrowth = lastDay
        common = MarketSummary(
            hour: hour, model: .v2, status: .insufficient, totalVolumeUSD: market.volumeUSD,
            totalOpenInterestUSD: market.openInterestUSD, cexVolumeUSD: market.centralizedVolumeUSD,
            dexVolumeUSD: market.decentralizedVolumeUSD, fundingCoverage: market.fundingCoverage,
            priceCoverage: market.priceCoverage, openInterestGrowth24h: lastDay?.growth,
            openInterestGrowth1h: lastHour?.growth,
            markChange1h: lastHour?.markChange, exchangesCount: market.exchangesCount,
            coverage: coverage.volumeShare, completeness: coverage.holes)
    }

    /// Whether the hour has enough behind it for either model.
    private var hasEnoughExchanges: Bool {
        market.exchangesCount >= Self.neededExchanges && common.completeness.gateCoverage >= Self.neededCoverage
            && (market.volumeUSD ?? 0) > 0
    }

    func seedV1() -> (MarketSummary, [ModelScore]) {
        let reporting = rows.filter { $0.status != .failed }.sorted { $0.exchange < $1.exchange }
        let seed = SentimentSeedV1(
            exchanges: reporting.map {
                SentimentSeedV1.ExchangeInput(
                    volumeUSD: $0.volumeUSD ?? 0, openInterestUSD: $0.openInterestUSD,
                    fundingPercent: $0.seedFundingPercent, priceChangePercent: $0.seedPriceChangePercent)
            },
            longShortRatio: LongFraction.seedRatio(hour: hour, exchanges: exchanges))
        var row = common
        row.model = .seedV1
        row.totalVolumeUSD = market.volumeUSD == nil ? nil : seed.volumeUSD
        row.openInterestToVolume = seed.openInterestToVolume
        row.fundingPercent = seed.fundingPercent
        row.priceChangePercent = seed.priceChangePercent
        row.fundingDivergencePercent = seed.divergencePercent
        row.longFraction = seed.longFraction
        row.longShortSeries = seed.longFraction == nil ? 0 : 1
        guard hasEnoughExchanges else { return (row, []) }
        score(&row, seed.composite)
        return (row, scores(of: seed))
    }

    func v2() -> (MarketSummary, [ModelScore]) {
        let inputs = sentimentInputs()
        let sentiment = SentimentV2(inputs)
        var row = common
        row.totalVolumeUSD = coverage.totalVolume
        row.totalOpenInterestUSD = coverage.totalOpenInterest
        row.openInterestToVolume = market.openInterestToVolume
        row.fundingPercent = market.fundingPercent8h
        row.priceChangePercent = market.priceChangePercent
        row.fundingDivergencePercent = inputs.fundingDivergencePercent
        row.longFraction = inputs.longFraction
        row.longShortSeries = inputs.longShortSeries
        row.quality = sentiment.quality
        row.flags = sentiment.flags + (isGrowthPartial ? [.growthPartial] : [])
        guard hasEnoughExchanges, sentiment.quality >= Self.neededQuality else { return (row, []) }
        score(&row, sentiment.composite)
        row.confidence = sentiment.confidence(coverage: row.coverage)
        return (row, scores(of: sentiment))
    }

    /// Whether the day's growth is that of a part of the market: an exchange is missing at one of its ends.
    private var isGrowthPartial: Bool {
        guard let dayGrowth, let then = history.snapshot(dayBefore: hour) else { return false }
        let missingThen = history.at(then.hour)?.market(.v2) { $0.completeness.exchangesMissingOpenInterest } ?? 0
        return missingThen > 0 || common.completeness.exchangesMissingOpenInterest > 0
            || dayGrowth.matchedUSD < Self.wholeGrowthShare * (then.totalOpenInterestUSD ?? 0)
    }

    private func sentimentInputs() -> SentimentInputs {
        var inputs = SentimentInputs()
        inputs.fundingPercent8h = market.fundingPercent8h
        inputs.fundingCoverage = market.fundingCoverage
        inputs.priceChangePercent = market.priceChangePercent
        inputs.priceCoverage = market.priceCoverage
        let longShortRows = longShortRows()
        let longShare = LongFraction(longShortRows)
        inputs.longFraction = longShare.fraction
        inputs.longShortSeries = longShare.series
        inputs.baseline = longShortBaseline(of: longShortRows)
        inputs.openInterestToVolume = market.openInterestToVolume
        inputs.openInterestGrowth24h = common.openInterestGrowth24h
        inputs.fundingDivergencePercent = FundingDispersion.divergence(
            FundingDispersion.assets.map { FundingDispersion.references(of: $0, in: guarded) })
        inputs.pairs = hourlyPairs()
        inputs.hasImputedOpenInterest = market.hasImputedOpenInterest
        return inputs
    }

    /// The exchanges whose accounts were told of in at least half as many of the last 30 days' hours as those of any other.
    /// A new one waits: it would move the fraction, and take away the hours that it is compared with.
    private func longShortRows() -> [ExchangeSummary] {
        var hours: [Exchange: Int] = [:]
        history.trailing(History.summaryHours, before: hour).withUnsafeBufferPointer { past in
            for index in past.indices {
                for share in past[index].longShares { hours[share.exchange, default: 0] += 1 }
            }
        }
        let telling = rows.filter { $0.longFractionBTC != nil || $0.longFractionETH != nil }
        let most = telling.map { hours[$0.exchange, default: 0] }.max() ?? 0
        return telling.filter { 2 * hours[$0.exchange, default: 0] >= most }
    }

    private func longShortBaseline(of rows: [ExchangeSummary]) -> SentimentInputs.LongShortBaseline {
        let now = LongFractions.all(rows)
        guard !now.isEmpty else { return .none }
        let logits = history.trailing(History.summaryHours, before: hour) { past in
            LongFraction.share(of: past.pointee.longShares, over: now).map(logit)
        }
        guard let median = Quantiles.median(logits) else { return .none }
        return SentimentInputs.LongShortBaseline(medianLogit: median, hours: logits.count)
    }

    /// The pairs of the last 24 hours, this hour's included, oldest first.
    private func hourlyPairs() -> [SentimentInputs.HourlyPair] {
        let earlier = history.trailing(Self.pairHours - 1, before: hour) { past in
            past.pointee.market(.v2) { $0.knowsClasses ? $0 : nil }
        }
        return (earlier + [common]).compactMap { row in
            guard let price = row.markChange1h, let openInterest = row.openInterestGrowth1h else { return nil }
            return SentimentInputs.HourlyPair(markChange: price, openInterestGrowth: openInterest)
        }
    }

    private func score(_ row: inout MarketSummary, _ composite: Double) {
        row.status = .ok
        row.compositeScore = composite
        row.sentiment = SentimentLabel(composite: composite)
        row.strength = SentimentStrength(composite: composite)
    }

    private func scores(of seed: SentimentSeedV1) -> [ModelScore] {
        SentimentSeedV1.weights.map { factor, score, weight in
            ModelScore(
                hour: hour, model: .seedV1, factor: factor, score: seed.scores[keyPath: score], quality: nil,
                weight: weight)
        }
    }

    private func scores(of sentiment: SentimentV2) -> [ModelScore] {
        SentimentFactor.allCases.map { factor in
            if factor == .divergence {
                return ModelScore(
                    hour: hour, model: .v2, factor: factor, score: sentiment.divergenceScore, quality: nil,
                    weight: SentimentV2.largestDiscount)
            }
            let weight = SentimentV2.weights.first { $0.factor == factor }?.weight ?? 0
            let part = sentiment.factor(factor)
            return ModelScore(
                hour: hour, model: .v2, factor: factor, score: part?.score, quality: part?.quality ?? 0,
                weight: weight)
        }
    }
}
