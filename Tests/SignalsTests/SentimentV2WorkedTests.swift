import PerpCore
import Testing

@testable import Sealing
@testable import Signals

@Suite("Sentiment v2, from venue rows to the composite")
struct V2WorkedTests {
    static let hour = Hour("2026-01-01T15")!  // a literal

    static let venues = [
        venue(.aster, 10e9, nil, 0, 0.0080, .volume, 10e9, 3.1),
        venue(.binance, 90e9, 27e9, 90e9, 0.0120, .openInterest, 27e9, 3.0),
        venue(.hyperliquid, 12e9, 8e9, 12e9, 0.0180, .openInterest, 8e9, 3.2),
        venue(.okx, 40e9, 9e9, 40e9, 0.0150, .openInterest, 9e9, 2.9),
    ]
    static let bitcoin: [FundingDispersion.ReferenceFunding] = [
        .init(percent8h: 0.008, volumeUSD: 4e9), .init(percent8h: 0.010, volumeUSD: 30e9), .init(percent8h: 0.014, volumeUSD: 6e9),
        .init(percent8h: 0.012, volumeUSD: 15e9),
    ]
    static let ether: [FundingDispersion.ReferenceFunding] = [
        .init(percent8h: 0.011, volumeUSD: 20e9), .init(percent8h: 0.016, volumeUSD: 3e9), .init(percent8h: 0.013, volumeUSD: 9e9),
    ]

    @Test("the market row, whatever the order of the venues")
    func market() {
        for rows in [Self.venues, Self.venues.reversed()] {
            let market = MarketMeasures(rows)
            #expect(market.volumeUSD == 152e9)
            #expect(isClose(market.openInterestToVolume, 0.309859154930))
            #expect(isClose(market.fundingPercent8h, 0.0133292464115))
            #expect(isClose(market.priceChangePercent, 2.99605263158))
            #expect(market.fundingCoverage == 1)
            #expect(market.priceCoverage == 1)
            #expect(market.hasImputedOpenInterest)
        }
    }

    @Test("the dispersion of funding")
    func dispersion() {
        #expect(isClose(FundingDispersion.deviation(Self.bitcoin), 0.00155812983895))
        #expect(isClose(FundingDispersion.deviation(Self.ether), 0.00155089439921))
        #expect(isClose(FundingDispersion.divergence([Self.bitcoin, Self.ether]), 0.00155451211908))
        #expect(FundingDispersion.deviation([Self.bitcoin[0]]) == nil)
    }

    @Test("A: full history")
    func fullHistory() {
        let share = LongFraction([[0.62, 0.58, 0.675], [0.66, 0.61]])
        #expect(isClose(share.fraction, 0.63))
        #expect(share.series == 5)
        var inputs = Self.marketInputs(share)
        inputs.baseline = .init(medianLogit: 0.40, hours: 720)
        #expect(isClose(SentimentV2Factors.neutralLogit(inputs.baseline), 0.324324324324))
        #expect(isClose(logit(0.63), 0.532216813747))
        inputs.openInterestGrowth24h = ln(43.05e9 / 42e9)
        #expect(isClose(inputs.openInterestGrowth24h, 0.0246926125904))
        inputs.pairs = (1...24).map {
            $0.isMultiple(of: 2)
                ? .init(markChange: -0.002, openInterestGrowth: -0.001) : .init(markChange: 0.004, openInterestGrowth: 0.003)
        }
        #expect(isClose(SentimentV2Factors.meanFlow(inputs.pairs), 0.178310329972))
        #expect(isClose(SentimentV2Factors.growthBacking(inputs.openInterestGrowth24h ?? 0), 0.728634280475))

        let sentiment = SentimentV2(inputs)
        expect(sentiment, .funding, 0.110521545883, 1)
        expect(sentiment, .price, 0.536487556912, 1)
        expect(sentiment, .longShortBias, -0.137714354682, 1)
        expect(sentiment, .conviction, 0.373285299601, 1)
        expect(sentiment, .openInterestPrice, 0.489141334643, 1)
        #expect(isClose(sentiment.divergenceScore, -0.154211034504))
        #expect(isClose(sentiment.numerator, 0.215555587605))
        #expect(isClose(sentiment.denominator, 0.92))
        #expect(isClose(sentiment.base, 0.234299551744))
        #expect(isClose(sentiment.composite, 0.223460078867))
        #expect(SentimentLabel(composite: sentiment.composite) == .neutral)
        #expect(isClose(sentiment.quality, 1))
        #expect(isClose(sentiment.confidence(coverage: 0.9), 0.858363020684))
        #expect(sentiment.flags == [.openInterestImputed])
    }

    @Test("B: cold start")
    func coldStart() {
        let share = LongFraction([[0.62, 0.675], []])
        #expect(isClose(share.fraction, 0.6475))
        #expect(share.series == 2)
        #expect(isClose(logit(0.6475), 0.608068171321))
        let sentiment = SentimentV2(Self.marketInputs(share))
        #expect(isClose(SentimentV2Factors.levelBacking(Self.marketInputs(share).openInterestToVolume ?? 0), 0.260715409595))
        expect(sentiment, .funding, 0.110521545883, 1)
        expect(sentiment, .price, 0.536487556912, 1)
        expect(sentiment, .longShortBias, -0.384541825246, 0.5)
        expect(sentiment, .conviction, 0.165439530511, 0.5)
        #expect(sentiment.factor(.openInterestPrice) == nil)
        #expect(isClose(sentiment.numerator, 0.129547380336))
        #expect(isClose(sentiment.denominator, 0.70))
        #expect(isClose(sentiment.base, 0.185067686195))
        #expect(isClose(sentiment.composite, 0.176505842393))
        #expect(isClose(sentiment.quality, 0.760869565217))
        #expect(isClose(sentiment.confidence(coverage: 0.9), 0.653102298346))
        #expect(sentiment.flags == [.coldStart, .noLongShortBaseline, .openInterestImputed])
    }

    private func expect(_ sentiment: SentimentV2, _ factor: SentimentFactor, _ score: Double, _ quality: Double) {
        #expect(isClose(sentiment.factor(factor)?.score, score))
        #expect(sentiment.factor(factor)?.quality == quality)
    }

    private static func marketInputs(_ share: LongFraction) -> SentimentInputs {
        let market = MarketMeasures(venues)
        var inputs = SentimentInputs()
        inputs.fundingPercent8h = market.fundingPercent8h
        inputs.fundingCoverage = market.fundingCoverage
        inputs.priceChangePercent = market.priceChangePercent
        inputs.priceCoverage = market.priceCoverage
        inputs.openInterestToVolume = market.openInterestToVolume
        inputs.longFraction = share.fraction
        inputs.longShortSeries = share.series
        inputs.fundingDivergencePercent = FundingDispersion.divergence([bitcoin, ether])
        inputs.hasImputedOpenInterest = market.hasImputedOpenInterest
        return inputs
    }

    private static func venue(
        _ exchange: Exchange, _ volume: Double, _ openInterest: Double?, _ matched: Double,
        _ funding: Double, _ basis: FundingBasis, _ weight: Double, _ change: Double
    ) -> ExchangeSummary {
        ExchangeSummary(
            hour: hour, exchange: exchange, status: .ok, volumeUSD: volume, openInterestUSD: openInterest,
            matchedVolumeUSD: matched, fundingPercent8h: funding, fundingBasis: basis, fundingWeightUSD: weight,
            fundingCoverage: 1, priceChangePercent: change, priceCoverage: 1)
    }
}
