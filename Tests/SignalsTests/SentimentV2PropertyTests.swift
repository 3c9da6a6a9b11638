import PerpCore
import Testing

@testable import Sealing
@testable import Signals

@Suite("Sentiment v2, properties over random contexts")
struct V2PropertyTests {
    static let contexts = 60
    static let steps = 120

    @Test("the composite is in [-1, 1], and its discount never changes its sign")
    func bounded() {
        forEachContext { inputs in
            let sentiment = SentimentV2(inputs)
            #expect(abs(sentiment.composite) <= 1)
            #expect(sentiment.composite * sentiment.base >= 0)
            #expect(abs(sentiment.composite) >= 0.7 * abs(sentiment.base) - 1e-15)
        }
    }

    @Test("the composite never falls as funding rises")
    func funding() { expectNeverFalls(-0.1...0.1) { $0.fundingPercent8h = $1 } }

    @Test("the composite never falls as the price rises")
    func price() { expectNeverFalls(-20...20) { $0.priceChangePercent = $1 } }

    @Test("the composite never rises with the share of longs")
    func longs() { expectNeverFalls(-0.95 ... -0.05) { $0.longFraction = -$1 } }

    @Test("the composite never falls as the price of one hour rises")
    func hourlyPrice() {
        expectNeverFalls(-0.05...0.05) { inputs, value in
            guard !inputs.pairs.isEmpty else { return }
            inputs.pairs[0].markChange = value
        }
    }

    @Test("open interest strengthens the direction of the price", arguments: [-4.0, 4.0])
    func openInterest(change: Double) {
        let sign = change > 0 ? 1.0 : -1.0
        expectNeverFalls(0...1, sign) {
            $0.priceChangePercent = change
            $0.openInterestToVolume = $1
        }
        expectNeverFalls(-0.3...0.3, sign) {
            $0.priceChangePercent = change
            $0.openInterestGrowth24h = $1
        }
    }

    @Test("dispersion only ever weakens the composite")
    func dispersion() {
        forEachContext { context in
            var last = Double.infinity
            for step in 0...Self.steps {
                var inputs = context
                inputs.fundingDivergencePercent = 0.05 * Double(step) / Double(Self.steps)
                let size = abs(SentimentV2(inputs).composite)
                #expect(size <= last)
                last = size
            }
        }
    }

    @Test("the mirror image of a market has the opposite composite")
    func odd() {
        forEachContext { inputs in
            // The growth that backs a move backs its mirror image too.
            let mirrored = SentimentV2(Self.mirror(inputs)).composite
            #expect(abs(mirrored + SentimentV2(inputs).composite) <= 1e-12)
        }
    }

    @Test("a market at its neutral point scores zero")
    func neutral() {
        forEachContext { context in
            var inputs = context
            inputs.fundingPercent8h = 0.01
            inputs.priceChangePercent = 0
            let neutral = SentimentV2Factors.neutralLogit(inputs.baseline)
            inputs.longFraction = 1 / (1 + power(2.718281828459045, -neutral))
            inputs.pairs = inputs.pairs.map { .init(markChange: 0, openInterestGrowth: $0.openInterestGrowth) }
            #expect(abs(SentimentV2(inputs).composite) <= 1e-12)
        }
    }

    @Test("small steps of an input make small steps of the composite")
    func continuous() {
        forEachContext { context in
            let composites = (0...2000).map { step in
                var inputs = context
                inputs.fundingPercent8h = -0.1 + 0.0001 * Double(step)
                inputs.priceChangePercent = -20 + 0.02 * Double(step)
                return SentimentV2(inputs).composite
            }
            let largest = zip(composites, composites.dropFirst()).map { abs($0 - $1) }.max() ?? 0
            #expect(largest < 0.01)
        }
    }

    /// Sweeps one input and expects `sign * composite` never to fall, beyond rounding.
    private func expectNeverFalls(
        _ range: ClosedRange<Double>, _ sign: Double = 1, _ set: (inout SentimentInputs, Double) -> Void
    ) {
        forEachContext { context in
            var last = -Double.infinity
            for step in 0...Self.steps {
                var inputs = context
                let width = range.upperBound - range.lowerBound
                set(&inputs, range.lowerBound + width * Double(step) / Double(Self.steps))
                let value = sign * SentimentV2(inputs).composite
                #expect(value >= last - 1e-14)
                last = value
            }
        }
    }

    private func forEachContext(_ body: (SentimentInputs) -> Void) {
        var random = SplitMix64(seed: 20_251_010)
        for _ in 0..<Self.contexts { body(Self.context(&random)) }
    }

    private static func context(_ random: inout SplitMix64) -> SentimentInputs {
        var inputs = SentimentInputs()
        inputs.fundingPercent8h = random.number(-0.05...0.08)
        inputs.fundingCoverage = random.number(0...1)
        inputs.priceChangePercent = random.number(-12...12)
        inputs.priceCoverage = random.number(0...1)
        inputs.longFraction = random.number(0.2...0.8)
        inputs.longShortSeries = Int(random.number(1...6))
        inputs.baseline = .init(medianLogit: random.number(-1...1), hours: Int(random.number(0...720)))
        inputs.openInterestToVolume = random.chance(0.9) ? random.number(0.05...0.9) : nil
        inputs.openInterestGrowth24h = random.chance(0.8) ? random.number(-0.2...0.2) : nil
        inputs.fundingDivergencePercent = random.chance(0.9) ? random.number(0...0.03) : nil
        let pairs = random.chance(0.7) ? Int(random.number(0...24)) : 0
        inputs.pairs = (0..<pairs).map { _ in
            .init(markChange: random.number(-0.02...0.02), openInterestGrowth: random.number(-0.02...0.02))
        }
        return inputs
    }

    private static func mirror(_ inputs: SentimentInputs) -> SentimentInputs {
        var mirrored = inputs
        mirrored.fundingPercent8h = inputs.fundingPercent8h.map { 0.02 - $0 }
        mirrored.priceChangePercent = inputs.priceChangePercent.map { -$0 }
        mirrored.longFraction = inputs.longFraction.map { 1 - $0 }
        mirrored.baseline.medianLogit = -inputs.baseline.medianLogit
        mirrored.pairs = inputs.pairs.map { .init(markChange: -$0.markChange, openInterestGrowth: $0.openInterestGrowth) }
        return mirrored
    }
}
