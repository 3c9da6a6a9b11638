import PerpCore
import Testing

@testable import Sealing
@testable import Signals

@Suite("Detections in words")
struct DetectionTextTests {
    /// The sample of the seed document: four conditions and an active cascade make 88 %.
    static let cascade: Detection = {
        var context = MarketContext(hour: Given.hour, model: .v2)
        (context.openInterestToVolume, context.fundingPercent, context.composite) = (0.65, 0.0182, 0.3)
        (context.priceChangePercent, context.coverage) = (2, 0.93)
        context.cascade = .init(
            score: 0.68, volumeShare: 0.021, reportingExchanges: 3, longUSD: 30e6, shortUSD: 15.2e6, coverage: 0.41,
            isFloor: true)
        return Strategy.liquidationCascade.detect(context)
    }()

    @Test("the message of the seed's sample")
    func message() {
        #expect(
            Self.cascade.message == [
                "BUILDING RISK: longs at risk (OI/volume 0.65x).",
                "Liquidations in the last hour: >= $45.2M, 2.10 % of the volume of the 3 reporting exchanges in that hour "
                    + "(prorated from 24 h).",
                "Cascade score 0.68/1.0 (HIGH), seen through 41 % of open interest.",
                "Funding +0.0182 % / 8 h.",
                "Reduce leverage on the side of the longs.",
                "2026-01-01 15:00 UTC, model v2, 0 of 0 exchanges, coverage 93 %",
            ])
    }

    @Test("title, conditions and metrics")
    func lines() {
        #expect(Self.cascade.title == "Liquidation Cascade Risk - SHORT - 88%")
        #expect(Self.cascade.key == "liquidation_cascade:MARKET")
        #expect(
            Self.cascade.conditionLines == [
                "met: OI/volume above 0.6", "met: funding beyond 0.015 %",
                "not met: composite beyond 0.4", "not met: 24 h move above 5 %",
                "met: liquidations above 2 % of the reporting exchanges' volume", "met: cascade score above 0.5",
            ])
        #expect(
            Self.cascade.metricLines == [
                "cascade score 0.680", "liquidations 1 h $45.2M", "liquidations / reporting volume 2.100 %",
                "OI/volume 0.650 x", "funding 8 h 0.018 %",
            ])
    }

    @Test("under the seed rules the ratio is against a day's volume of the market, and has that name")
    func seedRatio() {
        var context = MarketContext(hour: Given.hour, model: .seedV1)
        context.cascade = .init(score: 0.65, volumeShare: 0.000_872, longUSD: 30e6, shortUSD: 15.2e6)
        let found = Strategy.liquidationCascade.detect(context, rules: .seedV1)
        #expect(found.message[1] == "Liquidations in the last hour: $45.2M, 0.0872 % of a day's market volume.")
        #expect(found.conditionLines[4] == "not met: liquidations above 2 % of a day's market volume")
        #expect(found.metricLines[2] == "liquidations / day's market volume 0.087 %")
    }

    @Test(
        "the denominator is said with the hours it is of",
        arguments: [
            (0.0592, 3, 1, "5.92 % of the volume of the 3 reporting exchanges in that hour (prorated from 24 h)"),
            (0.0592, 1, 4, "5.92 % of the volume of the 1 reporting exchange in those 4 hours (prorated from 24 h)"),
            (0.000_872, 2, 24, "0.0872 % of the volume of the 2 reporting exchanges in those 24 hours"),
            (nil, 2, 24, "n/a of the volume of the 2 reporting exchanges in those 24 hours"),
        ] as [(Double?, Int, Int, String)])
    func volumeShare(share: Double?, exchanges: Int, hours: Int, text: String) {
        #expect(VolumeShareText.reporting(share, exchanges: exchanges, hours: hours) == text)
    }

    @Test("a coin's detection names it, and an unknown input is said")
    func coin() {
        var context = MarketContext(hour: Given.hour, model: .v2)
        context.bases = [.init(exchangeID: "okx", asset: "BTC", percent: 0.31, fundingPercent8h: 0.01)]
        let found = Strategy.detectAll(context)
        let basis = found.first { $0.strategy == .basisArbitrage }
        #expect(basis?.title == "Basis Arbitrage (BTC) - NEUTRAL - 100%")
        let range = found.first { $0.strategy == .rangeTrading }
        #expect(range?.fires == false)
        #expect(range?.unknown.count == 4)
        #expect(range?.conditionLines.allSatisfy { $0.hasPrefix("unknown: ") } == true)
    }

    @Test(
        "numbers with fixed decimals",
        arguments: [(0.0182, 4, "0.0182"), (-0.004, 2, "0.00"), (-1.5, 0, "-2"), (12, 1, "12.0"), (.nan, 1, "n/a")])
    func fixed(value: Double, decimals: Int, text: String) { #expect(Numbers.fixed(value, decimals) == text) }

    @Test(
        "dollars",
        arguments: [(45.2e6, "$45.2M"), (238.5e9, "$238.50B"), (1_200, "$1.2K"), (12, "$12")])
    func dollars(value: Double, text: String) { #expect(Numbers.dollars(value) == text) }

    @Test("a count and its noun agree", arguments: [(0, "0 hours"), (1, "1 hour"), (2, "2 hours")])
    func counted(count: Int, text: String) { #expect(Numbers.counted(count, "hour") == text) }

    @Test("every strategy has a message of 2 to 6 lines, whatever is unknown", arguments: Strategy.allCases)
    func messages(strategy: Strategy) {
        let lines = strategy.detect(MarketContext(hour: Given.hour, model: .v2)).message
        #expect((2...6).contains(lines.count))
        #expect(lines.allSatisfy { !$0.isEmpty && !$0.contains("nil") && !$0.contains(" nan") })
    }
}
