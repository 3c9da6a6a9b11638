import Forecasts
import PerpCore
import Sealing
import Signals
import Trends

extension HourReport {
    /// - Parameters:
    ///   - stored: the hour's rows, and what they were made from.
    ///   - settlements: those of the last 7 days, by exchange.
    ///   - alerts: what was decided about the hour.
    ///   - record: what came of the alerts so far, as it was known in the hour.
    ///   - closedHour: the liquidations of the closed hour before it, exchange by exchange.
    ///   - hasHistory: whether history tells of the hour a day before, which was not recorded then.
    ///   - intervalChanges: contracts whose interval of funding changed in the last day.
    ///   - trends: what the history of hours says; `nil` is unknown.
    ///   - forecasts: those of the hour, by asset.
    ///   - next8: the funding that is forecast for the next eight hours, a fraction, by exchange and symbol.
    ///   - fees: what net rates are after.
    public init(
        _ stored: SealedHour, model: SentimentModel, settlements: [Exchange: [FundingSettlement]], alerts: [Told],
        record: AlertRecord? = nil, closedHour: LiquidationReport? = nil, hasHistory: Bool = false,
        intervalChanges: [FundingIntervalChange] = [], trends: HourTrends? = nil,
        forecasts: [String: [FundingForecast]]? = nil, next8: [Exchange: [String: Double]] = [:],
        fees: TakerFees = TakerFees()
    ) {
        let finder = FundingSpreads(takerFees: fees)
        let (input, sealed) = (stored.input, stored.summary)
        let guarded = FieldGuards.apply(to: input.exchanges)
        let context = MarketContext(
            stored, model: model, settlements: settlements, spreads: finder, trends: trends, next8: next8)
        let detections = Strategy.detectAll(context, rules: RuleSet(model))
        let row = sealed.market(model)
        let spreads = finder.find(in: guarded, settlements: settlements).filter { !$0.isThin }
        self.init(
            hour: input.hour, model: model.rawValue, status: (row?.status ?? .insufficient).rawValue,
            venuesReporting: row?.exchangesCount ?? 0, venuesEnabled: sealed.exchanges.count,
            summary: Summary(sealed, row, input.history, model, hasHistory: hasHistory),
            sentiment: Sentiment(sealed, row), course: trends.map { Course($0, model: model) },
            funding: Funding(
                rate: row?.fundingPercent, divergence: row?.fundingDivergencePercent,
                venues: sealed.exchanges.filter { $0.status != .failed }.map { Funding.ExchangeFunding($0, guarded) },
                spreads: spreads.prefix(5).map { Funding.Spread($0) }),
            intervalChanges: intervalChanges.byVolume.map { IntervalChange($0) },
            forecasts: forecasts.map { Forecast.find(in: $0, guarded) },
            structure: Structure(sealed.exchanges, SpotBasis.find(in: input.exchanges, guarded: guarded)),
            liquidations: sealed.marketLiquidations.map { Liquidations($0) },
            liquidationVenues: closedHour?.venues, openInterestSplit: closedHour?.aggregate?.openInterestSplit,
            firing: detections.filter(\.fires).map { Detected($0) },
            nearest: detections.nearest(3).map { Detected($0) },
            alerts: alerts, record: record,
            anomalies: Anomalies(input, summary: sealed).find().map {
                Doubt(kind: $0.kind.rawValue, severity: $0.severity.rawValue, text: $0.text)
            },
            quality: Quality(sealed, row, input.exchanges))
    }
}

extension HourReport.Summary {
    init(
        _ sealed: HourSummary, _ row: MarketSummary?, _ history: History, _ model: SentimentModel, hasHistory: Bool
    ) {
        let past = history.dayBefore(sealed.hour)
        let holes = row?.completeness ?? MarketCompleteness()
        func names(_ rows: [ExchangeSummary], _ isLacking: (ExchangeSummary) -> Bool) -> [String] {
            rows.filter(isLacking).map(\.exchange.displayName)
        }
        func either(_ isLacking: (ExchangeSummary) -> Bool) -> [String] {
            let lacking = Set(names(sealed.exchanges, isLacking) + names(past?.exchanges ?? [], isLacking))
            return Exchange.allCases.map(\.displayName).filter(lacking.contains)
        }
        self.init(
            volumeUSD: row?.totalVolumeUSD, openInterestUSD: row?.totalOpenInterestUSD,
            markets: sealed.exchanges.reduce(0) { $0 + $1.markets }, priceChange: row?.priceChangePercent,
            volumeChange24h: holes.volumeChangePercent24h, openInterestChange24h: holes.openInterestChangePercent24h,
            volumeComparedWithout: either(\.lacksVolume), openInterestComparedWithout: either(\.lacksOpenInterest),
            notCompared: Self.notCompared(past, hasHistory: hasHistory), reportedVolumeUSD: holes.reportedVolumeUSD,
            reportedOpenInterestUSD: holes.reportedOpenInterestUSD,
            carriedVolumeUSD: model == .v2 ? holes.carriedVolumeUSD : nil,
            carriedOpenInterestUSD: model == .v2 ? holes.carriedOpenInterestUSD : nil,
            carriedAgeHours: model == .v2 ? holes.carriedAgeHours : nil,
            volumeAbsent: names(sealed.exchanges, \.lacksVolume),
            openInterestAbsent: names(sealed.exchanges, \.lacksOpenInterest),
            totalsWithout: names(sealed.exchanges) { !$0.isInGates }, oiVolRatio: row?.openInterestToVolume)
    }

    /// Why an hour has nothing to be compared with; `nil` where it has. What was recorded is compared with what was recorded
    /// only, so that a backfill changes nothing.
    private static func notCompared(_ past: PastHour?, hasHistory: Bool) -> String? {
        guard let past else { return hasHistory ? "history only" : "no hour a day before" }
        return past.knowsClasses ? nil : "older rules: make reprocess"
    }
}

extension HourReport.Sentiment {
    init(_ sealed: HourSummary, _ row: MarketSummary?) {
        self.init(
            composite: row?.compositeScore, label: row?.sentiment?.rawValue, strength: row?.strength?.rawValue,
            confidence: row?.confidence,
            factors: sealed.scores.filter { $0.model == row?.model }.map {
                Factor(name: $0.factor.rawValue, score: $0.score, weight: $0.weight, quality: $0.quality)
            })
    }
}

extension HourReport.Funding.ExchangeFunding {
    init(_ row: ExchangeSummary, _ guarded: [GuardedExchange]) {
        let ticker = guarded.first { $0.exchange == row.exchange }?.reference("BTC")?.ticker
        self.init(
            exchange: row.exchange.displayName, rate: row.fundingPercent8h, basis: row.fundingBasis?.rawValue,
            coverage: row.fundingCoverage, btcRate8h: ticker?.fundingPercent8h,
            btcAPR: ticker?.fundingRate.flatMap { rate in
                ticker?.fundingIntervalHours.map { FundingAPR.percent(rate: rate, intervalHours: $0) }
            },
            btcIntervalHours: ticker?.fundingIntervalHours)
    }
}

extension HourReport.Funding.Spread {
    init(_ spread: FundingSpread) {
        self.init(
            asset: spread.asset, short: spread.short.exchange.displayName, long: spread.long.exchange.displayName,
            netAPR: spread.netAPR, grossAPR: spread.grossAPR, breakEvenDays: spread.breakEvenDays,
            capacityUSD: spread.capacityUSD, shortTakerFee: spread.short.takerFee, longTakerFee: spread.long.takerFee,
            holdDays: spread.holdDays)
    }
}

extension HourReport.IntervalChange {
    init(_ change: FundingIntervalChange) {
        let (before, now) = (change.previousRate.map { 100 * $0 }, change.rate.map { 100 * $0 })
        self.init(
            exchange: change.exchange.displayName, symbol: change.symbol, asset: change.asset, hour: "\(change.hour)",
            previousHours: change.previousHours, hours: change.hours, evidence: change.evidence.rawValue,
            previousRate: before, previousRate8h: before.map { $0 * 8 / change.previousHours },
            previousAPR: change.previousAPR, rate: now, rate8h: now.map { $0 * 8 / change.hours }, apr: change.apr,
            volumeUSD: change.volumeUSD24h, text: change.sentence)
    }
}

extension HourReport.Forecast {
    /// Those of the contract that stands for the asset on each exchange, or else of the first one that has any.
    static func find(in forecasts: [String: [FundingForecast]], _ guarded: [GuardedExchange]) -> [HourReport.Forecast] {
        ["BTC", "ETH"].flatMap { asset in
            Exchange.allCases.compactMap { exchange in
                let rows = (forecasts[asset] ?? []).filter { $0.exchange == exchange }
                let reference = guarded.first { $0.exchange == exchange }?.reference(asset)?.ticker.symbol
                let next = rows.filter { $0.target == .next }.sorted { $0.symbol < $1.symbol }
                guard let forecast = next.first(where: { $0.symbol == reference }) ?? next.first else { return nil }
                let sum = rows.first { $0.target == .next8 && $0.symbol == forecast.symbol }
                return HourReport.Forecast(forecast, asset: asset, next8: sum)
            }
        }
    }

    private init(_ forecast: FundingForecast, asset: String, next8: FundingForecast?) {
        func percent(_ rate: Double?) -> Double? { rate.map { 100 * $0 } }
        self.init(
            asset: asset, exchange: forecast.exchange.displayName, symbol: forecast.symbol,
            settlesAt: "\(forecast.settlesAt)", leadHours: forecast.leadHours, intervalHours: forecast.intervalHours,
            rate: 100 * forecast.rate, low: percent(forecast.low), high: percent(forecast.high),
            displayed: percent(forecast.displayed), lastSettled: percent(forecast.lastSettled),
            method: forecast.method.rawValue, pastErrors: forecast.residuals, next8h: percent(next8?.rate),
            flags: forecast.flags.map(\.rawValue))
    }
}

extension HourReport.Structure {
    init(_ rows: [ExchangeSummary], _ bases: [SpotBasis]) {
        let volume = Concentration.ofVolume(rows)
        self.init(
            shares: (volume?.shares ?? []).map { share in
                let ratio = rows.first { $0.exchange == share.exchange }?.openInterestToVolume
                return Share(
                    exchange: share.exchange.displayName, share: share.share,
                    style: ratio.map { TradingStyle(openInterestToVolume: $0).rawValue })
            },
            top3: volume?.top3, dexPercent: volume?.dexPercent, hhi: volume?.hhi,
            concentration: volume?.level.rawValue,
            bases: ["BTC", "ETH"].compactMap { asset in
                MarketBasis(bases, asset: asset).map {
                    Basis(
                        asset: asset, median: $0.medianPercent, smallest: $0.smallestPercent,
                        largest: $0.largestPercent,
                        venues: $0.exchangeCount, structure: $0.structure.rawValue)
                }
            })
    }
}

extension HourReport.Liquidations {
    init(_ row: MarketLiquidation) {
        self.init(
            windowHours: row.windowHours, totalUSD: row.totalUSD, longUSD: row.longUSD, shortUSD: row.shortUSD,
            isFloor: row.flags.contains(.floor), volumeUSD: row.volumeUSD, volumeShare: row.volumeShare,
            reportingExchanges: row.reportingExchanges, score: row.score,
            level: row.level?.rawValue,
            coverage: row.coverage)
    }
}

extension HourReport.Detected {
    init(_ detection: Detection) {
        self.init(
            key: detection.key, title: detection.title, tier: detection.tier, confidence: detection.final,
            direction: detection.direction.rawValue)
    }
}

extension HourReport.Quality {
    init(_ sealed: HourSummary, _ row: MarketSummary?, _ facts: [ExchangeFacts]) {
        self.init(
            coverage: row?.coverage ?? 0, openInterestCoverage: row?.completeness.openInterestCoverage,
            unknownExchanges: row?.completeness.unknownExchanges ?? 0, quality: sealed.market(.v2)?.quality,
            flags: (row?.flags ?? []).map(\.rawValue),
            venues: sealed.exchanges.filter { $0.status != .ok }.map {
                ExchangeQuality(exchange: $0.exchange.displayName, status: $0.status.rawValue, reason: $0.reason)
            },
            marketsWithoutDollars: facts.sorted { $0.exchange < $1.exchange }.compactMap(MarketsWithoutDollars.init),
            findings: sealed.findings.count)
    }
}

extension HourReport.Quality.MarketsWithoutDollars {
    /// `nil` when all markets of the exchange are priced in dollars.
    init?(_ facts: ExchangeFacts) {
        let markets = facts.tickers.filter { $0.contract == .perpetual && !facts.notTrading.contains($0.symbol) }
        let others = markets.filter { $0.openInterestUSD == nil && !FieldGuards.dollarQuotes.contains($0.quote) }
        guard !others.isEmpty else { return nil }
        self.init(
            exchange: facts.exchange.displayName, markets: others.count, ofMarkets: markets.count,
            quotes: Set(others.map(\.quote)).sorted())
    }
}
