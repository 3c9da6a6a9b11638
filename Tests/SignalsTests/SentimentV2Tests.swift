import PerpCore
import Testing

@testable import Sealing
@testable import Signals

@Suite("Sentiment v2")
struct V2Tests {
    @Test(
        "funding scores",
        arguments: [
            (-0.02, -0.761594), (0, -0.321513), (0.005, -0.165140), (0.0101, 0.003333), (0.03, 0.582783),
            (0.05, 0.870062),
        ])
    func funding(rate: Double, score: Double) {
        #expect(rounded(SentimentV2Factors.funding(inputs { $0.fundingPercent8h = rate })?.score) == score)
    }

    @Test(
        "price scores",
        arguments: [
            (0.5, 0.099668), (2, 0.379949), (2.01, 0.381659), (3, 0.537050), (5, 0.761594), (10, 0.964028),
        ])
    func price(change: Double, score: Double) {
        #expect(rounded(SentimentV2Factors.price(inputs { $0.priceChangePercent = change })?.score) == score)
    }

    @Test(
        "long/short scores without a baseline",
        arguments: [
            (0.4, 0.544733), (0.67, 0.260817), (1, 0), (1.5, -0.263913), (2.5, -0.544733), (4, -0.727877),
        ])
    func longShort(ratio: Double, score: Double) {
        let found = SentimentV2Factors.longShortBias(inputs { $0.longFraction = ratio / (1 + ratio) })?.score
        #expect(abs((found ?? .nan) - score) <= 5e-7)
    }

    @Test(
        "backing by growth",
        arguments: [
            (-0.10, 0.017986), (-0.05, 0.119203), (0, 0.5), (0.02, 0.689974), (0.05, 0.880797),
            (0.10, 0.982014),
        ])
    func growth(growth: Double, backing: Double) {
        #expect(rounded(SentimentV2Factors.growthBacking(growth)) == backing)
    }

    @Test(
        "backing by level",
        arguments: [
            (0.10, 0.012128), (0.25, 0.119203), (0.30, 0.231475), (0.375, 0.5), (0.50, 0.880797),
            (0.60, 0.973403),
        ])
    func level(ratio: Double, backing: Double) {
        #expect(rounded(SentimentV2Factors.levelBacking(ratio)) == backing)
    }

    @Test(
        "divergence scores",
        arguments: [
            (0.001, -0.099668), (0.002, -0.197375), (0.003, -0.291313), (0.005, -0.462117),
            (0.01, -0.761594), (0.02, -0.964028),
        ])
    func divergence(divergence: Double, score: Double) {
        #expect(rounded(SentimentV2.divergenceScore(divergence)) == score)
    }

    @Test(
        "what a scene says",
        arguments: [
            Scene("calm", 0.01, 0, 0.35, 0.50, 0, 0.002, 0.000, .neutral, .neutral, hasBaseline: false),
            Scene("bull trend", 0.03, 5, 0.40, 0.62, 0.05, 0.002, 0.491, .bullish, .weak),
            Scene("mania", 0.07, 9, 0.50, 0.68, 0.10, 0.004, 0.657, .bullish, .moderate),
            Scene("short squeeze", -0.005, 6, 0.30, 0.52, -0.06, 0.004, 0.047, .neutral, .neutral),
            Scene("slow bleed", 0.002, -3, 0.35, 0.66, 0.02, 0.002, -0.315, .bearish, .weak),
            Scene("crash day", -0.01, -10, 0.22, 0.70, -0.15, 0.012, -0.382, .bearish, .weak),
        ])
    func scene(_ scene: Scene) {
        let composite = SentimentV2(scene.inputs).composite
        #expect((composite * 1000).rounded() / 1000 == scene.composite)
        #expect(SentimentLabel(composite: composite) == scene.label)
        #expect(SentimentStrength(composite: composite) == scene.strength)
    }

    struct Scene: CustomTestStringConvertible {
        let name: String
        let inputs: SentimentInputs
        let composite: Double
        let label: SentimentLabel
        let strength: SentimentStrength
        var testDescription: String { name }

        init(
            _ name: String, _ funding: Double, _ price: Double, _ ratio: Double, _ long: Double,
            _ growth: Double, _ divergence: Double, _ composite: Double, _ label: SentimentLabel,
            _ strength: SentimentStrength, hasBaseline: Bool = true
        ) {
            self.name = name
            self.composite = composite
            self.label = label
            self.strength = strength
            inputs = SignalsTests.inputs {
                $0.fundingPercent8h = funding
                $0.priceChangePercent = price
                $0.openInterestToVolume = ratio
                $0.longFraction = long
                $0.openInterestGrowth24h = growth
                $0.fundingDivergencePercent = divergence
                if hasBaseline { $0.baseline = .init(medianLogit: 0.4, hours: 720) }
            }
        }
    }
}

/// Inputs of full quality, with what a test sets.
func inputs(_ change: (inout SentimentInputs) -> Void) -> SentimentInputs {
    var inputs = SentimentInputs()
    inputs.fundingCoverage = 1
    inputs.priceCoverage = 1
    inputs.longShortSeries = 4
    change(&inputs)
    return inputs
}

private func rounded(_ value: Double?) -> Double? { value.map { ($0 * 1e6).rounded() / 1e6 } }
