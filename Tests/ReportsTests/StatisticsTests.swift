import PerpCore
import Sealing
import Testing

@testable import Reports

@Suite("Statistics")
struct StatisticsTests {
    private static let start = Hour("2025-10-23T00")!  // a valid hour

    private func hour(
        _ number: Int, _ status: MarketStatus = .ok, label: SentimentLabel = .neutral, cascade: Double? = nil,
        okx: ExchangeStatus = .ok
    ) -> PastHour {
        let hour = Self.start.advanced(by: number)
        let isGood = status == .ok
        let market = MarketSummary(
            hour: hour, model: .v2, status: status, compositeScore: isGood ? 0.125 : nil,
            sentiment: isGood ? label : nil, strength: isGood ? .neutral : nil, totalVolumeUSD: 238.5e9,
            totalOpenInterestUSD: 63.2e9, openInterestToVolume: 0.27, exchangesCount: 8, coverage: 0.9, quality: 0.8)
        let liquidation = LiquidationSummary(
            hour: hour, exchange: .gate, coverageClass: .sampled, longUSD: 8.2e6, shortUSD: 4.3e6, totalUSD: 12.5e6,
            count: 223, openInterestShare: nil, seedCascadeScore: 0.2, cascadeScore: cascade)
        let total = MarketLiquidation(
            hour: hour, windowHours: 1, longUSD: 8.2e6, shortUSD: 4.3e6, totalUSD: 12.5e6, count: 223,
            volumeUSD: nil, openInterestUSD: nil, volumeShare: nil, openInterestShare: nil, imbalance: 0.312,
            coverage: 1,
            reportingExchanges: 1, seedScore: 0.35, score: cascade, level: cascade.map(CascadeLevel.init(score:))
        )
        return PastHour(
            hour: hour,
            exchanges: [
                ExchangeSummary(hour: hour, exchange: .okx, status: okx),
                ExchangeSummary(hour: hour, exchange: .gate, status: .partial),
            ],
            markets: [market], liquidations: [liquidation], marketLiquidations: [total])
    }

    private func statistics(_ hours: [PastHour]) -> Statistics {
        Statistics(hours: hours, model: .v2, fileSizeBytes: 24_576, location: "data/market_history.db")
    }

    @Test("hours 0-4, 6, 7, 10 ok and 8 insufficient")
    func gaps() {
        let hours = [0, 1, 2, 3, 4, 6, 7].map { hour($0) } + [hour(8, .insufficient), hour(10)]
        let found = statistics(hours)
        #expect(found.marketSnapshots.totalRecords == 8)
        #expect(found.marketSnapshots.timeSpanHours == 10)
        let coverage = found.coverage
        #expect(coverage.expectedHours == 11)
        #expect(coverage.presentHours == 8)
        #expect(coverage.insufficientHours == 1)
        #expect(coverage.missingHours == 2)
        #expect(
            coverage.gaps.map(\.text) == ["2025-10-23 05:00 - 05:00 (1 h)", "2025-10-23 09:00 - 09:00 (1 h)"])
        #expect(found.text.contains("• Present: 8 (72.7%)\n"))
        #expect(found.text.contains("Ratio: 0.27x\n   • Averages Over: 8 of 11 hours (72.7%); see Coverage\n"))
        #expect(found.text.contains("• Gaps Without Any Exchange: 2, longest 1 h\n"))
        #expect(found.text.contains("• Time Span: 10.0 hours (0.4 days)\n"))
    }

    @Test("168 hourly rows span 167.0 hours")
    func week() {
        #expect(statistics((0..<168).map { hour($0) }).text.contains("• Time Span: 167.0 hours (7.0 days)\n"))
    }

    @Test("the text is laid out as the seed's")
    func layout() {
        let expected = """
            ================================================================================
            📊 MARKET HISTORY DATABASE STATISTICS
            ================================================================================

            📈 Market Snapshots:
               • Total Records: 1
               • First Snapshot: 2025-10-23 00:00 UTC
               • Last Snapshot: 2025-10-23 00:00 UTC
               • Time Span: 0.0 hours (0.0 days)

            📊 Average Metrics:
               • Composite Score: 0.125
               • Volume: $238.50B
               • Open Interest: $63.20B
               • OI/Vol Ratio: 0.27x

            💭 Sentiment Distribution:
               • 🟢 BULLISH: 0 (0.0%)
               • ⚪ NEUTRAL: 1 (100.0%)
               • 🔴 BEARISH: 0 (0.0%)

            🏢 Exchange Data:
               • Unique Exchanges: 2
               • Total Records: 2
               • Failed Records: 0

            ⚠️  Liquidation Data:
               • Total Records: 1
               • Total Liquidations: >= $12.5M
               • Avg Cascade Risk: 0.35/1.0
               • Cascade Events: 0 (0 hours HIGH, 0 hours CRITICAL)

            💾 Database:
               • File Size: 24.0 KB
               • Location: data/market_history.db

            📡 Coverage:
               • Expected Hours: 1
               • Present: 1 (100.0%)
               • Insufficient: 0
               • Hours Without Any Exchange: 0
               • Exchange Hours Missing: 0 of 2, partial: 1
               • Gaps Without Any Exchange: 0
               • Mean Coverage: 90.0%
               • Mean Quality: 80.0%
               • Uptime OKX: 100.0%, last success 2025-10-23 00:00 UTC, 0 failures in 24 h
               • Uptime Gate.io: 100.0%, last success 2025-10-23 00:00 UTC, 0 failures in 24 h

            """
        #expect(statistics([hour(0, cascade: 0.35)]).text == expected)
    }

    @Test(
        "one lower or missing hour does not split a cascade event",
        arguments: [
            ([0.6, 0.6, 0.6], 1), ([0.6, 0.4, 0.6], 1), ([0.6, nil, 0.8], 1), ([0.6, 0.4, 0.5, 0.6], 2),
            ([0.5, 0.5], 0), ([0.51], 1),
        ] as [([Double?], Int)])
    func events(scores: [Double?], count: Int) {
        let hours = scores.enumerated().map { hour($0, cascade: $1) }
        #expect(statistics(hours).liquidationData.cascadeEvents == count)
    }

    @Test("HIGH is above 0.5 and CRITICAL above 0.7")
    func levels() {
        let found = statistics([0.5, 0.6, 0.7, 0.71].enumerated().map { hour($0, cascade: $1) })
        #expect(found.liquidationData.highHours == 2)
        #expect(found.liquidationData.criticalHours == 1)
        #expect(found.text.contains("• Cascade Events: 1 (2 hours HIGH, 1 hour CRITICAL)\n"))
    }

    @Test("failed rows count as failures, not as records")
    func failures() {
        let found = statistics((0..<30).map { hour($0, okx: $0 < 10 ? .failed : .ok) })
        #expect(found.exchangeData.totalRecords == 50)
        #expect(found.exchangeData.failedRecords == 10)
        let okx = found.coverage.uptime[0]
        #expect(okx.exchange == "OKX")
        #expect(okx.uptime == 20.0 / 30.0)
        #expect(okx.failuresIn24h == 4)  // hours 6 to 9
    }

    @Test("an empty database says so, and its JSON holds zeros")
    func empty() throws {
        let found = statistics([])
        #expect(found.text == "No market snapshots recorded yet\n")
        #expect(try found.json().contains("\"total_records\" : 0"))
    }

    @Test(
        "numbers are rounded for reading",
        arguments: [
            (0.125, 3, "0.125"), (-0.0004, 3, "0.000"), (-1.5, 0, "-2"), (12.05, 1, "12.1"),
            (0.005, 2, "0.01"),
        ])
    func rounding(value: Double, decimals: Int, text: String) {
        #expect(Numbers.fixed(value, decimals) == text)
    }
}
