import PerpCore
import Testing

@testable import Sealing
@testable import Signals

@Suite("Cascade scores")
struct CascadeTests {
    static let usual = CascadeScore.UsualShares(q90: 0.0002, q99: 0.0012)

    @Test(
        "the seed formula",
        arguments: [
            (8.2e6, 4.3e6, 238.5e9, 0.2, CascadeLevel.low),
            // Sums of tenths can exceed a limit by rounding; the seed's do.
            (30e6, 10e6, 240e9, 0.30000000000000004, .moderate), (0, 0, 240e9, 0, .low), (1, 0, 0, 0.3, .low),
        ])
    func seed(long: Double, short: Double, volume: Double, score: Double, level: CascadeLevel) {
        let found = CascadeSeedV1.score(longUSD: long, shortUSD: short, volumeUSD24h: volume)
        #expect(found == score)
        #expect(CascadeLevel(score: found) == level)
    }

    /// hours, total, share of longs, volume in the window, open interest seen and unseen.
    @Test(
        "the calibration episodes",
        arguments: [
            Episode("ordinary hour", 1, 12.5e6, 0.60, 10e9, 150e9, 0, .low),
            Episode("busy hour", 1, 40e6, 0.75, 12e9, 150e9, 0.109716, .low),
            Episode("average hour of a 1.5 bn day", 1, 62.5e6, 0.80, 14.6e9, 150e9, 0.219688, .low),
            Episode("peak hour of a 1.5 bn day", 1, 350e6, 0.85, 22e9, 150e9, 0.625879, .high),
            Episode("through 20 %", 1, 70e6, 0.85, 4.4e9, 30e9, unseen: 120e9, 0.559803, .high),
            Episode("1 bn in an hour", 1, 1e9, 0.95, 30e9, 200e9, 0.817006, .critical),
            Episode("2025-10-10 peak hour", 1, 7e9, 0.88, 100e9, 200e9, 0.940000, .critical),
            Episode("through 20 % again", 1, 1.4e9, 0.88, 20e9, 40e9, unseen: 160e9, 0.840762, .critical),
            Episode("through 10 %", 1, 0.7e9, 0.88, 10e9, 20e9, unseen: 180e9, 0.594508, .high),
            Episode("ordinary day", 24, 300e6, 0.60, 240e9, 150e9, 0.054232, .low),
            Episode("less ordinary day", 24, 500e6, 0.60, 240e9, 150e9, 0.098762, .low),
            Episode("big day", 24, 1.5e9, 0.80, 350e9, 150e9, 0.318486, .moderate),
            Episode("bigger day", 24, 2e9, 0.85, 400e9, 150e9, 0.377531, .moderate),
            Episode("2025-10-10", 24, 19e9, 0.88, 500e9, 200e9, 0.892162, .critical),
        ])
    func episode(_ episode: Episode) throws {
        let cascade = CascadeScore(hours: episode.hours, exchanges: episode.venues) { _ in
            episode.hours == 1 ? Self.usual : nil
        }
        let score = try #require(cascade.score)
        #expect(abs(score - episode.score) <= 5.1e-7)
        #expect(CascadeLevel(score: score) == episode.level)
    }

    @Test("what an exchange without a volume closed is in the total, and in no share of volume")
    func withoutVolume() {
        let cascade = CascadeScore(
            hours: 1,
            exchanges: [
                .init(coverageClass: .complete, longUSD: 10e6, volumeUSD: 1e9, openInterestUSD: 4e9),
                .init(coverageClass: .complete, longUSD: 90e6, volumeUSD: nil, openInterestUSD: nil),
            ]
        ) { _ in nil }
        #expect(cascade.totalUSD == 100e6)
        #expect(isClose(cascade.volumeShare, 0.01))
        #expect(isClose(cascade.openInterestShare, 0.0025))
    }

    @Test("W1: two venues of three, one of them sampled")
    func partialCoverage() {
        let cascade = CascadeScore(
            hours: 1,
            exchanges: [
                .init(
                    coverageClass: .sampled, longUSD: 70e6, shortUSD: 20e6, volumeUSD: 6e9, openInterestUSD: 27e9),
                .init(
                    coverageClass: .complete, longUSD: 26e6, shortUSD: 9e6, volumeUSD: 2.5e9, openInterestUSD: 9e9),
                .init(coverageClass: .none, volumeUSD: 4e9, openInterestUSD: 84e9),
            ]
        ) { _ in .init(q90: 0.0002, q99: 0.005) }
        #expect(cascade.totalUSD == 125e6)
        #expect(isClose(cascade.volumeShare, 0.0147058823529))
        #expect(isClose(cascade.openInterestShare, 0.00347222222222))
        #expect(isClose(cascade.imbalance, 0.536))
        #expect(isClose(cascade.volumePart, 0.619812786139))
        #expect(isClose(cascade.openInterestPart, 0.619788758288))
        #expect(isClose(cascade.historyPart, 0.886717247441))
        #expect(isClose(cascade.severity, 0.673185268651))
        #expect(isClose(cascade.coverage, 0.1875))
        #expect(isClose(cascade.coverageFactor, 0.866025403784))
        #expect(cascade.sizeFactor == 1)
        #expect(isClose(cascade.score, 0.515368060989))
    }

    @Test("W2: one small venue without history")
    func smallVenue() {
        let cascade = CascadeScore(
            hours: 1,
            exchanges: [
                .init(coverageClass: .complete, longUSD: 6e6, shortUSD: 1.5e6, volumeUSD: 1.2e9, openInterestUSD: 9e9)
            ]
        ) { _ in nil }
        #expect(isClose(cascade.volumeShare, 0.00625))
        #expect(isClose(cascade.openInterestShare, 0.000833333333333))
        #expect(isClose(cascade.imbalance, 0.6))
        #expect(isClose(cascade.volumePart, 0.353985162890))
        #expect(isClose(cascade.openInterestPart, 0.309894379144))
        #expect(cascade.historyPart == nil)
        #expect(isClose(cascade.severity, 0.334695445001))
        #expect(cascade.coverageFactor == 1)
        #expect(cascade.sizeFactor == 0.75)
        #expect(isClose(cascade.score, 0.225919425376))
    }

    @Test("W3: the seed's sample is no cascade")
    func seedSample() {
        let cascade = CascadeScore(
            hours: 1,
            exchanges: [
                .init(
                    coverageClass: .complete, longUSD: 8.2e6, shortUSD: 4.3e6, volumeUSD: 238.5e9 / 24,
                    openInterestUSD: 63.2e9)
            ]
        ) { _ in nil }
        #expect(isClose(cascade.volumeShare, 0.00125786163522))
        #expect(isClose(cascade.openInterestShare, 0.000197784810127))
        #expect(isClose(cascade.imbalance, 0.312))
        #expect(cascade.score == 0)
    }

    @Test("no score is known when less than 5 % of open interest is seen")
    func noEvidence() {
        let cascade = CascadeScore(
            hours: 1,
            exchanges: [
                .init(coverageClass: .complete, longUSD: 1e6, volumeUSD: 1e9, openInterestUSD: 2e9),
                .init(coverageClass: .none, volumeUSD: 1e9, openInterestUSD: 98e9),
            ]
        ) { _ in nil }
        #expect(cascade.coverage == 0.02)
        #expect(cascade.score == nil)
    }

    @Test("nothing liquidated in view scores zero")
    func quiet() {
        let venue = CascadeScore.ExchangeWindow(coverageClass: .complete, volumeUSD: 1e9, openInterestUSD: 2e9)
        #expect(CascadeScore(hours: 1, exchanges: [venue]) { _ in nil }.score == 0)
    }

    @Test("the score is in [0, 1] and grows with the total at a fixed imbalance")
    func growsWithTotal() {
        var last = 0.0
        for step in 0...400 {
            let total = 1e4 * power(10, Double(step) / 57)
            let score = Self.score(total: total, long: 0.7)
            #expect(score >= last && score <= 1)
            last = score
        }
    }

    @Test("the score grows with the imbalance at a fixed total")
    func growsWithImbalance() {
        var last = 0.0
        for step in 0...400 {
            let score = Self.score(total: 300e6, long: 0.5 + Double(step) / 800)
            #expect(score >= last - 1e-15 && score <= 1)
            last = score
        }
    }

    @Test("what is usual needs 168 earlier hours of like coverage")
    func usualNeedsHistory() {
        let alike = (1...168).map { (oiShare: Double($0) / 168e4, coverage: 0.3) }
        #expect(CascadeScore.UsualShares.among(alike, coverage: 0.46) == nil)
        #expect(CascadeScore.UsualShares.among(Array(alike.dropLast()), coverage: 0.3) == nil)
        let usual = CascadeScore.UsualShares.among(alike, coverage: 0.4)
        // (168 - 1) * 0.9 = 150.3: between the 151st and the 152nd value.
        #expect(isClose(usual?.q90, 151.3 / 168e4))
        #expect(isClose(usual?.q99, 166.33 / 168e4))
    }

    static func score(total: Double, long: Double) -> Double {
        Episode("", 1, total, long, 20e9, 150e9, 0, .low).score(usual)
    }

    struct Episode: CustomTestStringConvertible {
        let name: String
        let hours: Int
        let venues: [CascadeScore.ExchangeWindow]
        let score: Double
        let level: CascadeLevel
        var testDescription: String { name }

        init(
            _ name: String, _ hours: Int, _ total: Double, _ long: Double, _ volume: Double,
            _ openInterest: Double, unseen: Double = 0, _ score: Double, _ level: CascadeLevel
        ) {
            self.name = name
            self.hours = hours
            self.score = score
            self.level = level
            venues = [
                .init(
                    coverageClass: .complete, longUSD: total * long, shortUSD: total * (1 - long), volumeUSD: volume,
                    openInterestUSD: openInterest),
                .init(coverageClass: .none, volumeUSD: 0, openInterestUSD: unseen),
            ]
        }

        func score(_ usual: CascadeScore.UsualShares) -> Double {
            CascadeScore(hours: hours, exchanges: venues) { _ in usual }.score ?? .nan
        }
    }
}
