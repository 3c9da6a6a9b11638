import PerpCore
import Testing

@testable import Sealing
@testable import Signals

@Suite("Sentiment seed-v1")
struct SeedV1Tests {
    @Test("the worked example, equal to the last bit")
    func worked() {
        let seed = SentimentSeedV1(
            exchanges: [
                SentimentSeedV1.ExchangeInput(volumeUSD: 90e9, openInterestUSD: 27e9, fundingPercent: 0.0080, priceChangePercent: 3.0),
                SentimentSeedV1.ExchangeInput(volumeUSD: 40e9, openInterestUSD: 9e9, fundingPercent: 0.0100, priceChangePercent: 2.9),
                SentimentSeedV1.ExchangeInput(volumeUSD: 12e9, openInterestUSD: 8e9, fundingPercent: 0.00125, priceChangePercent: 3.2),
                SentimentSeedV1.ExchangeInput(volumeUSD: 10e9, openInterestUSD: nil, fundingPercent: nil, priceChangePercent: 3.1),
            ], longShortRatio: 2.08)
        #expect(seed.volumeUSD == 152e9)
        #expect(seed.fundingPercent == 0.007467105263157894)
        #expect(seed.priceChangePercent == 2.996052631578947)
        #expect(seed.openInterestToVolume == 0.2894736842105263)
        #expect(seed.divergencePercent == 0.003888098524200145)
        #expect(seed.longFraction == 0.6753246753246753)
        #expect(seed.scores.funding == 0.7467105263157894)
        #expect(seed.scores.price == 0.2996052631578947)
        #expect(seed.scores.longShort == -0.41600000000000004)
        #expect(seed.scores.conviction == 0)
        #expect(seed.scores.divergence == -0.3888098524200145)
        #expect(seed.scores.openInterestPrice == 0)
        #expect(seed.composite == 0.22776494864850402)
        #expect(SentimentLabel(composite: seed.composite) == .neutral)
        #expect(SentimentStrength(composite: seed.composite) == .neutral)
    }

    @Test(
        "the funding score jumps at 0.01",
        arguments: [(0.0099, 0.9900000000000001), (0.01, 1), (0.0101, 0.20199999999999999), (0.05, 1)])
    func funding(rate: Double, score: Double) { #expect(SentimentSeedV1.fundingScore(rate) == score) }

    @Test("the price score jumps at 2", arguments: [(2.0, 1.0), (2.01, 0.20099999999999998)])
    func price(change: Double, score: Double) { #expect(SentimentSeedV1.priceScore(change) == score) }

    @Test(
        "the long/short score jumps at its limits",
        arguments: [
            (1.5, -0.1), (1.51, -0.302), (2.5, -0.5), (2.51, -0.502), (0.67, 0.06599999999999999),
            (0.66, 0.3074), (0.4, 0.4998), (0.39, 0.52),
        ])
    func longShort(ratio: Double, score: Double) { #expect(SentimentSeedV1.longShortScore(ratio) == score) }

    @Test(
        "the conviction score jumps at 0.5",
        arguments: [(0.5, 0.0), (0.5001, 0.667), (0.25, 0), (0.24, -0.06666666666666674)])
    func conviction(ratio: Double, score: Double) { #expect(SentimentSeedV1.convictionScore(ratio) == score) }

    @Test("no data at all scores -0.15, as in the seed")
    func empty() {
        let seed = SentimentSeedV1(exchanges: [], longShortRatio: nil)
        #expect(seed.scores.conviction == -1)
        #expect(seed.composite == -0.15)
    }

    @Test(
        "labels and strengths exceed their limits",
        arguments: [
            (0.3, SentimentLabel.neutral, SentimentStrength.neutral), (0.31, .bullish, .weak),
            (-0.5, .bearish, .weak), (-0.51, .bearish, .moderate), (0.7, .bullish, .moderate),
            (0.71, .bullish, .strong),
        ])
    func labels(composite: Double, label: SentimentLabel, strength: SentimentStrength) {
        #expect(SentimentLabel(composite: composite) == label)
        #expect(SentimentStrength(composite: composite) == strength)
    }
}
