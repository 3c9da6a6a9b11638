import Foundation
import PerpCore
import Sealing
@testable import Signals
import Testing

@testable import Reports

/// One phrase, one number.
@Suite("Liquidations against volume")
struct VolumeShareTests {
    private static let hour = Hour("2025-10-23T15")!  // a valid hour

    private static func venue(
        _ exchange: Exchange, volume: Double, liquidations: LiquidationWindow = .unknown
    ) -> ExchangeFacts {
        var ticker = Ticker(
            symbol: "BTC", asset: "BTC", kind: .linear, contract: .perpetual, quote: "USDT",
            observedAt: hour.startTime.advanced(byMilliseconds: 120_000))
        ticker.markPrice = 60_000
        ticker.lastPrice = 60_000
        ticker.volumeUSD24h = volume
        ticker.openInterestUSD = volume / 2
        ticker.fundingRate = 0.0001
        ticker.fundingIntervalHours = 8
        ticker.priceChange24h = 0.02
        return ExchangeFacts(exchange: exchange, status: .ok, tickers: [ticker], liquidations: liquidations)
    }

    /// OKX, Gate.io and Bitget trade 24, 12 and 12 billion in a day, 2 in an hour; 118.4 million of it were
    /// liquidations, 5.92 %. Binance trades as much again, and tells of none.
    private static let input = HourInput(
        hour: hour,
        exchanges: [
            venue(.binance, volume: 48e9),
            venue(.okx, volume: 24e9, liquidations: LiquidationWindow(coverageClass: .sampled, longUSD: 80e6, count: 10)),
            venue(.gate, volume: 12e9, liquidations: LiquidationWindow(coverageClass: .complete, shortUSD: 38e6, count: 4)),
            venue(.bitget, volume: 12e9, liquidations: LiquidationWindow(coverageClass: .sampled, shortUSD: 0.4e6, count: 1)),
        ], history: History())

    private static let phrase = "5.92 % of the volume of the 3 reporting exchanges in that hour (prorated from 24 h)"

    @Test("alert, report of the hour and report of liquidations say the same of one hour")
    func same() throws {
        let sealed = SealedHour(sealing: Self.input)
        let context = MarketContext(sealed)
        let alert = Strategy.liquidationCascade.detect(context).message
        #expect(alert.contains("Liquidations in the last hour: >= $118.4M, \(Self.phrase)."), "\(alert)")
        let hour = HourReport(SealedHour(sealing: Self.input), model: .v2, settlements: [:], alerts: [])
        #expect(hour.text.contains("long $80.0M, short $38.4M), \(Self.phrase), cascade"), "\(hour.text)")
        let liquidations = LiquidationReport(
            .init(hour: Self.hour, hours: 1), rows: [PastHour(sealed.summary)], counts: [:])
        #expect(liquidations.text.contains("Liq/Volume:          \(Self.phrase)\n"), "\(liquidations.text)")
        // The seed's ratio, 118.4 million of 96 billion, has its own name.
        #expect(liquidations.text.contains("Liq/Day's Volume:    0.12 % of a day's market volume\n"))
    }

    @Test("JSON has both ratios under names of their own, and the dollars they are of")
    func json() throws {
        let sealed = HourSummarizer.summarize(Self.input)
        let report = LiquidationReport(.init(hour: Self.hour, hours: 1), rows: [PastHour(sealed)], counts: [:])
        let aggregate = try object(report.json())["aggregate"] as? [String: Any]
        #expect(aggregate?["reporting_volume_usd"] as? Double == 2e9)
        #expect(aggregate?["volume_share"] as? Double == 118.4e6 / 2e9)
        #expect(aggregate?["daily_volume_usd"] as? Double == 96e9)
        #expect(aggregate?["daily_volume_share"] as? Double == 118.4e6 / 96e9)
        let hour = try object(HourReport(SealedHour(sealing: Self.input), model: .v2, settlements: [:], alerts: []).json())
        let window = (hour["liquidations"] as? [[String: Any]])?.first { $0["window_hours"] as? Int == 1 }
        #expect(window?["volume_share"] as? Double == 118.4e6 / 2e9)
        #expect(window?["volume_usd"] as? Double == 2e9)
        #expect(window?["reporting_exchanges"] as? Int == 3)
    }

    private func object(_ json: String) throws -> [String: Any] {
        try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any] ?? [:]
    }
}
