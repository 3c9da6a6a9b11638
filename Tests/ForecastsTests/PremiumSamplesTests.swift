import PerpCore
import Testing

@testable import Forecasts

@Suite("Samples of the premium")
struct PremiumSamplesTests {
    static let start = Hour("2026-01-01T00")!  // a literal

    /// Premiums in basis points from hour 0; `nil` for a missing hour.
    static func samples(_ premiums: [Double?]) -> PremiumSamples {
        var samples = PremiumSamples()
        for (place, premium) in premiums.enumerated() {
            guard let premium else { continue }
            samples.add(mark: 1 + 1e-4 * premium, index: 1, at: start.advanced(by: place))
        }
        return samples
    }

    private func hour(_ hours: Int) -> Hour { Self.start.advanced(by: hours) }

    /// A premium is a difference of prices: ten digits of it are left.
    private func isNear(_ premium: Double?, _ basisPoints: Double) -> Bool {
        premium.map { abs(1e4 * $0 - basisPoints) < 1e-10 } ?? false
    }

    @Test("worked: means of the interval, of eight hours and of a day")
    func worked() {
        let premiums = (0..<24).map { (i: Int) -> Double in
            let wave = Double((5 * i) % 7 - 3)
            return 3 + 0.2 * wave + 0.15 * Double(i)
        }
        let samples = Self.samples(premiums)
        #expect(isNear(samples.weightedMean(hours: 8, to: hour(23)), 6.1))
        #expect(isNear(samples.mean(hours: 8, to: hour(23)), 5.925))
        #expect(isNear(samples.mean(hours: 24, to: hour(23)), 4.716666666666667))
    }

    @Test("a missing hour has no weight")
    func missing() {
        // (1 x 1 + 3 x 3 + 4 x 4) / (1 + 3 + 4)
        #expect(isNear(Self.samples([1, nil, 3, 4]).weightedMean(hours: 4, to: hour(3)), 3.25))
    }

    @Test("half of the weight is enough, less is unknown")
    func half() {
        // Of the weights 1 to 8, 36 in all: 8 + 7 + 3 are half, 8 + 7 + 2 are less.
        let half: [Double?] = [nil, nil, 5, nil, nil, nil, 5, 5]
        let less: [Double?] = [nil, 5, nil, nil, nil, nil, 5, 5]
        #expect(isNear(Self.samples(half).weightedMean(hours: 8, to: hour(7)), 5))
        #expect(Self.samples(less).weightedMean(hours: 8, to: hour(7)) == nil)
        #expect(Self.samples([5]).weightedMean(hours: 1, to: hour(1)) == nil)
    }

    @Test("a mean needs half of its hours")
    func means() {
        let four: [Double?] = [1, 2, 3, 4, nil, nil, nil, nil]
        #expect(isNear(Self.samples(four).mean(hours: 8, to: hour(7)), 2.5))
        #expect(Self.samples(four).mean(hours: 8, to: hour(8)) == nil)
        #expect(Self.samples((1...11).map(Double.init)).mean(hours: 24, to: hour(10)) == nil)
        #expect(Self.samples((1...12).map(Double.init)).mean(hours: 24, to: hour(11)) != nil)
    }

    @Test("what is a day old is forgotten")
    func old() {
        var samples = Self.samples([Double](repeating: 9, count: 12))
        samples.add(mark: 1.0001, index: 1, at: hour(24))
        // Hours 1 to 11 and hour 24 are left.
        #expect(isNear(samples.mean(hours: 24, to: hour(24)), (11 * 9 + 1) / 12))
    }

    @Test("no premium without both prices, or beyond 5 %")
    func unknown() {
        var samples = PremiumSamples()
        #expect(samples.add(mark: nil, index: 1, at: hour(0)) == nil)
        #expect(samples.add(mark: 1, index: nil, at: hour(1)) == nil)
        #expect(samples.add(mark: 1, index: 0, at: hour(2)) == nil)
        #expect(samples.add(mark: 1.051, index: 1, at: hour(3)) == nil)
        #expect(samples.add(mark: 0.949, index: 1, at: hour(4)) == nil)
        #expect(samples.add(mark: 1.049, index: 1, at: hour(5)) != nil)
    }

    @Test("an exchange with one price has no premium; one that meets its index for less than a day has")
    func onePrice() {
        var always = PremiumSamples()
        for place in 0..<40 { #expect(always.add(mark: 100, index: 100, at: hour(place)) == nil) }
        var sometimes = PremiumSamples()
        sometimes.add(mark: 101, index: 100, at: hour(0))
        for place in 1...23 { #expect(sometimes.add(mark: 100, index: 100, at: hour(place)) == 0) }
        #expect(sometimes.add(mark: 100, index: 100, at: hour(24)) == nil)
        #expect(sometimes.add(mark: 101, index: 100, at: hour(25)) != nil)
        #expect(sometimes.add(mark: 100, index: 100, at: hour(26)) == 0)
    }
}
