@testable import Forecasts
import Foundation
import PerpCore
import Testing

@testable import Reports

@Suite("The record of funding forecasts")
struct ForecastReportTests {
    private static let start = Hour("2025-10-23T00")!  // a valid hour
    private static let span = start...start.advanced(by: 299)

    /// A forecast of one basis point for eight hours, all others given in basis points for eight hours.
    static func forecast(
        _ number: Int, interval: Int = 8, target: ForecastTarget = .next, displayed: Double?, realised: Double?,
        ends: Bool = false
    ) -> FundingForecast {
        let unit = target == .next ? 1e-4 * Double(interval) / 8 : 1e-4
        return FundingForecast(
            hour: start.advanced(by: number), exchange: .binance, symbol: "BTCUSDT", target: target,
            settlesAt: start.advanced(by: number + 1).startTime, leadHours: 1, method: .displayed,
            intervalHours: interval, formula: .clamped(), rate: unit, low: ends ? 0.5 * unit : nil,
            high: ends ? 1.5 * unit : nil, displayed: displayed.map { $0 * unit }, lastSettled: 4 * unit,
            habit: 3 * unit, defaultRate: 2 * unit, trained: 0, residuals: 12, flags: [],
            realised: realised.map { $0 * unit })
    }

    private func report(_ forecasts: [FundingForecast], _ target: ForecastTarget = .next) -> ForecastReport {
        var report = ForecastReport(Self.span)
        report.add(
            .init(exchange: .binance, symbol: "BTCUSDT", asset: "BTC", target: target, forecasts: forecasts))
        return report
    }

    @Test("worked by hand: errors of the forecast and of each baseline, the best of them, and too few to judge")
    func worked() throws {
        // Settled 1 and 2: errors 0, 1; displayed 0.5, 0.5; last 3, 2; habit 2, 1; default 1, 0.
        let row = try #require(
            report([
                Self.forecast(0, displayed: 0.5, realised: 1, ends: true), Self.forecast(1, displayed: 1.5, realised: 2, ends: true),
                Self.forecast(2, displayed: 9, realised: nil, ends: true),
            ]).rows.first)
        func isNear(_ value: Double?, _ wanted: Double) -> Bool { value.map { abs($0 - wanted) < 1e-9 } ?? false }
        #expect(row.settled == 2)
        #expect(isNear(row.errorBps, 0.5) && isNear(row.displayedErrorBps, 0.5) && isNear(row.lastErrorBps, 2.5))
        #expect(isNear(row.habitErrorBps, 1.5) && isNear(row.defaultErrorBps, 0.5))
        #expect(row.bestBaseline == "displayed" && isNear(row.skillAgainstBest, 0))
        // 1 is within 0.5 to 1.5, and 2 is not.
        #expect(isNear(row.coverage, 0.5) && row.intervals == 2)
        #expect(row.verdict == "needs 200 settled forecasts, has 2")
    }

    @Test("a skill that is not there, or may be chance, is no better than the venue's own estimate")
    func verdicts() {
        var random = SplitMix64(seed: 1)
        let displayed = (0..<200).map { _ in 1 + Double.random(in: 0.5...1.5, using: &random) }
        let better = (0..<200).map { Self.forecast($0, displayed: displayed[$0], realised: 1) }
        #expect(report(better).rows[0].verdict == "better than the venue's own estimate")
        #expect(report(Array(better.dropLast())).rows[0].verdict == "needs 200 settled forecasts, has 199")
        let same = (0..<200).map { Self.forecast($0, displayed: 1, realised: 1.5) }
        #expect(report(same).rows[0].verdict == "no better than the venue's own estimate")
        // Once right by far and 199 times a little worse: a skill without a t.
        let lucky = (0..<200).map { Self.forecast($0, displayed: $0 == 0 ? 99 : 1.0, realised: $0 == 0 ? 1 : 0.99) }
        #expect(report(lucky).rows[0].skillAgainstDisplayed! > 0)  // the exchange has an estimate
        #expect(report(lucky).rows[0].verdict == "no better than the venue's own estimate")
        let none = (0..<200).map { Self.forecast($0, displayed: nil, realised: 1.5) }
        #expect(report(none).rows[0].verdict == "the venue shows no estimate of its own")
    }

    @Test("eight hours that hold one settlement are no row of their own")
    func oneSettlement() {
        #expect(report([Self.forecast(0, target: .next8, displayed: 1, realised: 1)], .next8).rows.isEmpty)
        #expect(report([Self.forecast(0, interval: 1, target: .next8, displayed: 1, realised: 1)], .next8).rows.count == 1)
        #expect(report([]).rows.isEmpty)
    }

    @Test("as text: a line a contract under a line of names")
    func text() throws {
        let found = report([
            Self.forecast(0, interval: 1, displayed: 0.5, realised: 1, ends: true),
            Self.forecast(1, interval: 1, displayed: nil, realised: 2),
        ])
        #expect(
            found.text == """
                Funding forecasts from 2025-10-23 00:00 to 2025-11-04 11:00 UTC (300 h)
                Mean errors in basis points of notional for 8 h; skill: the share of an error that the forecasts saved
                   exchange  symbol   target  settled  forecast  displayed   last  habit  default  best baseline    skill  against displayed    t  inside
                   Binance   BTCUSDT  next          2     0.500      0.500  2.500  1.500    0.500      displayed  +100.0%            +100.0%  n/a  100.0%  needs 200 settled forecasts, has 2

                """)
        #expect(ForecastReport(Self.span).text.hasSuffix("   none: funding is forecast where settlements are stored\n"))
        #expect(try found.json().contains("\"skill_against_displayed\" : 1"))
    }
}
