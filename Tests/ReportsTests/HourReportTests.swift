@testable import Forecasts
import Foundation
import PerpCore
import Sealing
@testable import Signals
import Testing

@testable import Reports

@Suite("The report of an hour")
struct HourReportTests {
    static let hour = Hour("2025-10-23T15")!  // a valid hour

    private static func venue(
        _ exchange: Exchange, volume: Double, openInterest: Double, fundingRate: Double, interval: Double = 8
    ) -> ExchangeFacts {
        var ticker = Ticker(
            symbol: "BTC", asset: "BTC", kind: .linear, contract: .perpetual, quote: "USDT",
            observedAt: hour.startTime.advanced(byMilliseconds: 120_000))
        ticker.lastPrice = 60_000
        ticker.markPrice = 60_000
        ticker.indexPrice = 59_970
        ticker.volumeUSD24h = volume
        ticker.openInterestUSD = openInterest
        ticker.openInterestBase = openInterest / 60_000
        ticker.fundingRate = fundingRate
        ticker.fundingIntervalHours = interval
        ticker.priceChange24h = 0.02
        return ExchangeFacts(exchange: exchange, status: .ok, tickers: [ticker])
    }

    /// Binance, OKX and Hyperliquid with 6, 3 and 1 billion traded and half as much open; Gate.io is away.
    static func report(dayAgo: Int? = 24, alerts: [HourReport.Told] = [], closedHour: LiquidationReport? = nil)
        -> HourReport
    {
        let venues = [
            venue(.binance, volume: 6e9, openInterest: 3e9, fundingRate: 0.0001),
            venue(.okx, volume: 3e9, openInterest: 1.5e9, fundingRate: 0.0002),
            venue(.hyperliquid, volume: 1e9, openInterest: 0.5e9, fundingRate: 0.000_012_5, interval: 1),
            ExchangeFacts(exchange: .gate, status: .failed, reason: "timed out"),
        ]
        // A day ago the three had 4, 3 and 1 billion of volume and 3, 2.75 and 0.5 of open interest; Gate.io 2 and 1.
        let figures: [(Exchange, Double, Double)] = [
            (.binance, 4e9, 3e9), (.okx, 3e9, 2.75e9), (.gate, 2e9, 1e9), (.hyperliquid, 1e9, 0.5e9),
        ]
        let past = dayAgo.map { back in
            PastHour(
                hour: hour.advanced(by: -back),
                exchanges: figures.map { exchange, volume, openInterest in
                    ExchangeSummary(
                        hour: hour.advanced(by: -back), exchange: exchange, status: .ok, volumeUSD: volume,
                        openInterestUSD: openInterest, openInterestCoverage: 1, usualVolumeUSD: volume, usualOpenInterestUSD: openInterest)
                },
                markets: [
                    MarketSummary(
                        hour: hour.advanced(by: -back), model: .v2, status: .ok, totalVolumeUSD: 10e9, totalOpenInterestUSD: 7.25e9,
                        coverage: 1)
                ], liquidations: [], marketLiquidations: [])
        }
        let history = History(hours: past.map { [$0] } ?? [], snapshots: [])
        return HourReport(
            SealedHour(sealing: HourInput(hour: hour, exchanges: venues, history: history)), model: .v2, settlements: [:], alerts: alerts,
            closedHour: closedHour)
    }

    @Test("the funding forecast of BTC and ETH, by exchange; without any it says so, and unread it is left out")
    func forecasts() throws {
        let venues = [Self.venue(.binance, volume: 6e9, openInterest: 3e9, fundingRate: 0.0001)]
        func report(_ forecasts: [String: [FundingForecast]]?) -> HourReport {
            HourReport(
                SealedHour(sealing: HourInput(hour: Self.hour, exchanges: venues, history: History(hours: [], snapshots: []))),
                model: .v2, settlements: [:], alerts: [], forecasts: forecasts)
        }
        func forecast(_ symbol: String, _ target: ForecastTarget, interval: Int, low: Double? = nil) -> FundingForecast {
            FundingForecast(
                hour: Self.hour, exchange: .binance, symbol: symbol, target: target,
                settlesAt: Self.hour.next.startTime, leadHours: 1, method: .displayed, intervalHours: interval,
                formula: .clamped(), rate: 0.0001, low: low, high: low.map { _ in 0.00012 }, displayed: 0.00011,
                lastSettled: nil, defaultRate: 0.0001, trained: 0, residuals: 12, flags: [.intervalChanged])
        }
        // The contract that stands for BTC on the exchange is `BTC`; ETH has none, so its first is taken.
        let found = report([
            "BTC": [forecast("AAA", .next, interval: 4), forecast("BTC", .next, interval: 4, low: 0.00009), forecast("BTC", .next8, interval: 4)],
            "ETH": [forecast("ZZZ", .next, interval: 8), forecast("MMM", .next, interval: 8)], "SOL": [forecast("SOL", .next, interval: 8)],
        ])
        #expect(found.forecasts?.map(\.symbol) == ["BTC", "MMM"])
        #expect(found.forecasts?[0].next8h == 0.01)
        #expect(
            found.text.contains(
                """
                🔮 Funding forecast, per interval:
                   • BTC Binance: +0.0100% at 16:00 in 1 h, every 4 h (+0.0090% to +0.0120%); shows +0.0110%, last n/a; by the exchange's own estimate; the interval has just changed
                   • ETH Binance: +0.0100% at 16:00 in 1 h, every 8 h (no range: needs 100 settled forecasts, has 12); shows +0.0110%, last n/a; by the exchange's own estimate; the interval has just changed

                """))
        #expect(report([:]).text.contains("   • none: no settlement of BTC or ETH is stored with an exchange's next one\n"))
        #expect(!report(nil).text.contains("Funding forecast"))
        #expect(try !report(nil).json().contains("\"forecasts\""))
    }

    @Test("totals, and their change against a day ago")
    func summary() {
        let report = Self.report()
        #expect(report.venuesReporting == 3)
        #expect(report.venuesEnabled == 4)
        // Nothing stands in for Gate.io, which was last there a day ago.
        #expect(report.summary.volumeUSD == nil && report.summary.reportedVolumeUSD == 10e9)
        #expect(report.summary.openInterestUSD == nil && report.summary.reportedOpenInterestUSD == 5e9)
        #expect(report.summary.oiVolRatio == 0.5)
        #expect(report.summary.markets == 3)
        #expect(report.summary.priceChange == 2)
        // The three that both hours have: from 8 to 10 billion, and from 6.25 to 5.
        #expect(report.summary.volumeChange24h == 25)
        #expect(report.summary.openInterestChange24h.map { abs($0 + 20) < 1e-9 } == true)
    }

    @Test("markets whose quote is no dollar are counted per exchange, with what they are priced in")
    func marketsWithoutDollars() throws {
        func market(_ symbol: String, quote: String, openInterestUSD: Double? = nil, _ contract: ContractTerm = .perpetual)
            -> Ticker
        {
            var ticker = Ticker(
                symbol: symbol, asset: "BTC", kind: .linear, contract: contract, quote: quote,
                observedAt: Self.hour.startTime)
            ticker.markPrice = 60_000
            ticker.openInterestBase = 10
            ticker.openInterestUSD = openInterestUSD
            return ticker
        }
        func report(_ builderMarkets: [Ticker]) throws -> HourReport {
            // BTCUSDT of Binance states no open interest: its quote is a dollar all the same.
            let exchanges = [
                ExchangeFacts(
                    exchange: .hyperliquid, status: .ok,
                    tickers: [market("BTC", quote: "USDC", openInterestUSD: 6e5)] + builderMarkets, notTrading: ["old:BTC"]),
                ExchangeFacts(exchange: .binance, status: .ok, tickers: [market("BTCUSDT", quote: "USDT")]),
            ]
            return HourReport(
                SealedHour(
                    sealing: HourInput(hour: Self.hour, exchanges: exchanges, history: History(hours: [], snapshots: []))),
                model: .v2, settlements: [:], alerts: [])
        }
        let three = try report([
            market("flx:BTC", quote: "USDH"), market("hyna:BTC", quote: "USDE"), market("km:BTC", quote: "USDH"),
            market("old:BTC", quote: "USDH"), market("km:BTC-DATED", quote: "USDH", .dated),
        ])
        #expect(
            three.quality.marketsWithoutDollars == [
                .init(exchange: "HyperLiquid", markets: 3, ofMarkets: 4, quotes: ["USDE", "USDH"])
            ])
        #expect(three.text.contains("HyperLiquid: 3 of 4 markets have no dollar value (quoted in USDE, USDH)\n"))
        let json = try three.json()
        for line in [#""markets_without_dollars" : ["#, #""markets" : 3"#, #""of_markets" : 4"#, #""USDE""#] {
            #expect(json.contains(line), "\(line)")
        }
        #expect(try report([market("km:BTC", quote: "USDH")]).text.contains("1 of 2 markets has no dollar value (quoted in USDH)"))
        let none = try report([])
        #expect(none.quality.marketsWithoutDollars.isEmpty && !none.text.contains("no dollar value"))
    }

    @Test("a day ago is that hour or one beside it, and else unknown", arguments: [(23, true), (25, true), (22, false)])
    func dayAgo(back: Int, isKnown: Bool) {
        #expect((Self.report(dayAgo: back).summary.volumeChange24h != nil) == isKnown)
    }

    @Test("funding for eight hours and for a year, on each contract's own interval")
    func funding() throws {
        let funding = Self.report().funding
        #expect(funding.venues.map(\.exchange) == ["Binance", "OKX", "HyperLiquid"])
        // 0.0001 x 3 x 365 = 10.95 %; 0.0000125 an hour is as much.
        for (venue, rate, apr) in zip(funding.venues, [0.01, 0.02, 0.01]).map({ ($0, $1, $1 * 1095) }) {
            #expect(abs((venue.btcRate8h ?? .nan) - rate) < 1e-12)
            #expect(abs((venue.btcAPR ?? .nan) - apr) < 1e-9)
            #expect(abs((venue.rate ?? .nan) - rate) < 1e-12)
            #expect(venue.coverage == 1)
        }
        #expect(funding.venues.map(\.btcIntervalHours) == [8, 8, 1])
        // Weighted by open interest: (3 x 0.01 + 1.5 x 0.02 + 0.5 x 0.01) / 5.
        #expect(abs((funding.rate ?? .nan) - 0.013) < 1e-12)
    }

    @Test("net rates are after the fees of both exchanges, which are said")
    func fees() throws {
        // 10.95 % between OKX and HyperLiquid; 2 x (0.05 % + 0.045 %) = 0.19 % in 7 days are 9.907 % a year.
        let report = Self.report()
        let spread = try #require(report.funding.spreads.first)
        #expect([spread.short, spread.long] == ["OKX", "HyperLiquid"])
        #expect(abs(spread.netAPR - (10.95 - 0.19 * 365 / 7)) < 1e-9)
        #expect([spread.shortTakerFee, spread.longTakerFee, spread.holdDays] == [0.0005, 0.00045, 7])
        #expect(
            report.text.contains(
                "short OKX / long HyperLiquid BTC: net +1.04% a year after fees of 0.050% + 0.045% per leg, held 7 d, "
                    + "gross +10.95%, even after 6.3 d, capacity $1.0M\n"))
        let json = try report.json()
        for line in [#""short_taker_fee" : 0.0005"#, #""long_taker_fee" : 0.00045"#, #""hold_days" : 7"#] {
            #expect(json.contains(line), "\(line)")
        }
    }

    @Test("shares of volume, and how concentrated they are")
    func structure() {
        let structure = Self.report().structure
        #expect(structure.shares.map(\.exchange) == ["Binance", "OKX", "HyperLiquid"])
        #expect(structure.shares.map(\.share) == [0.6, 0.3, 0.1])
        // Half a day's volume is held: 0.5 is the last value of the middle.
        #expect(structure.shares.map(\.style) == ["balanced", "balanced", "balanced"])
        #expect(structure.top3.map { abs($0 - 100) < 1e-9 } == true)
        #expect(structure.dexPercent.map { abs($0 - 10) < 1e-9 } == true)
        // 60² + 30² + 10².
        #expect(structure.hhi.map { abs($0 - 4600) < 1e-6 } == true)
        #expect(structure.concentration == "High")
    }

    @Test("the closed hour's liquidations stand exchange by exchange, with the feed that counts")
    func liquidations() throws {
        func exchange(_ exchange: Exchange, _ openInterestUSD: Double) -> ExchangeSummary {
            ExchangeSummary(hour: Self.hour, exchange: exchange, status: .ok, openInterestUSD: openInterestUSD)
        }
        let row = PastHour(
            hour: Self.hour, exchanges: [exchange(.bybit, 3e9), exchange(.hyperliquid, 1e9)], markets: [],
            liquidations: [
                LiquidationSummary(
                    hour: Self.hour, exchange: .bybit, coverageClass: .complete, longUSD: 2e6, shortUSD: 1.5e6, totalUSD: 3.5e6,
                    count: 30, openInterestShare: nil, seedCascadeScore: 0, cascadeScore: nil)
            ], marketLiquidations: [])
        let heard = LiquidationFeeds(
            rest: LiquidationWindow(coverageClass: .sampled, longUSD: 0.5e6),
            stream: LiquidationWindow(coverageClass: .complete, longUSD: 2e6, shortUSD: 1.5e6),
            heardMilliseconds: 3_600_000)
        let report = Self.report(
            closedHour: LiquidationReport(
                .init(hour: Self.hour, hours: 1), rows: [row], counts: [.bybit: [Self.hour: (20, 10)]],
                feeds: [.bybit: [Self.hour: heard]]))
        let lines = [
            "Bybit: $3.5M (long $2.0M in 20, short $1.5M in 10), complete, stream, heard 3600 of 3600 s; "
                + "not counted: REST $500.0K",
            "Open interest by coverage: 75.0% complete, 0.0% sampled, 25.0% none (HyperLiquid)",
        ]
        for line in lines {
            #expect(report.text.contains("   • \(line)\n"))
            #expect(report.markdown.contains("- \(line)\n"))
        }
        let json = try report.json()
        #expect(json.contains("\"liquidation_venues\"") && json.contains("\"complete_share\" : 0.75"))
    }

    @Test("an exchange that is away is named with its reason")
    func quality() {
        let quality = Self.report().quality
        #expect(quality.venues == [.init(exchange: "Gate.io", status: "failed", reason: "timed out")])
        #expect(quality.findings == 0)
        #expect(quality.flags.contains("cold_start"))
    }

    @Test("without an exchange there is nothing to score, and the text says so")
    func nothing() throws {
        let report = HourReport(
            SealedHour(
                sealing: HourInput(
                    hour: Self.hour, exchanges: [ExchangeFacts(exchange: .okx, status: .failed, reason: "503")],
                    history: History())), model: .v2, settlements: [:], alerts: [])
        #expect(report.status == "insufficient")
        #expect(report.text.contains("   • insufficient data: no score\n"))
        #expect(report.text.contains("   • Volume 24h: n/a (in 24 h: n/a (no hour a day before))\n"))
        #expect(report.text.contains("   • OKX: failed (503)\n"))
        #expect(report.text.contains("2025-10-23 15:00 UTC, model v2, 0 of 1 exchanges\n"))
        #expect(try !report.json().contains("volume_usd"))
    }

    @Test("the text has the figures in their units")
    func text() {
        let report = Self.report(alerts: [.init(key: "breakout:MARKET", confidence: 75, decision: "new")])
        for line in [
            "📊 MARKET REPORT 2025-10-23 15:00 UTC, model v2, 3 of 4 exchanges", "   • Volume 24h: n/a, Gate.io absent; $10.00B reported (in 24 h: +25.00%, without Gate.io)",
            "   • Open Interest: n/a, Gate.io absent; $5.00B reported (in 24 h: -20.00%, without Gate.io)", "   • OI/Vol Ratio: 0.50x",
            "   • Price 24h: +2.00%, markets: 3",
            "   • Binance: +0.0100% / 8 h; BTC +0.0100% / 8 h, +10.95% a year, every 8 h; coverage 100.0%",
            "   • HyperLiquid: +0.0100% / 8 h; BTC +0.0100% / 8 h, +10.95% a year, every 1 h; coverage 100.0%",
            "   • Binance: 60.0% of volume, balanced", "   • Top 3: 100.0%, HHI 4600 (High), DEX 10.0%",
            "   • breakout:MARKET 75%: new", "   • Gate.io: failed (timed out)",
        ] {
            #expect(report.text.contains(line + "\n"), "\(line)")
        }
    }

    @Test("intervals of funding that changed in the last day have a section of their own, where there are any")
    func intervalChanges() throws {
        let input = HourInput(
            hour: Self.hour, exchanges: [ExchangeFacts(exchange: .okx, status: .failed)], history: History())
        func report(_ changes: [FundingIntervalChange]) -> HourReport {
            HourReport(SealedHour(sealing: input), model: .v2, settlements: [:], alerts: [], intervalChanges: changes)
        }
        func change(_ number: Int) -> FundingIntervalChange {
            FundingIntervalChange(
                exchange: .bybit, symbol: "A\(number)USDT", asset: "A\(number)", hour: Self.hour, previousHours: 8, hours: 1,
                evidence: .settlements, previousRate: 0.0001, rate: 0.0001, volumeUSD24h: 1e9 - Double(number))
        }
        let none = report([])
        #expect(!none.text.contains("intervals changed") && none.intervalChanges.isEmpty)
        let ten = report((0..<10).reversed().map(change))
        #expect(ten.text.contains("🔁 Funding intervals changed in the last day:\n   • 2025-10-23T15: Bybit A0USDT: 8 h to 1 h. Was "))
        #expect(ten.text.contains("   • and 2 more\n") && !ten.text.contains("A8USDT"))
        #expect(ten.markdown.contains("Bybit A0USDT: 8 h to 1 h"))
        let json = try ten.json()
        for line in [#""symbol" : "A9USDT""#, #""previous_hours" : 8"#, #""evidence" : "settlements""#] {
            #expect(json.contains(line), "\(line)")
        }
        // 0.01 % each hour is 0.08 % in eight, and 87.6 % a year.
        #expect(abs((ten.intervalChanges[0].rate8h ?? 0) - 0.08) < 1e-12 && abs((ten.intervalChanges[0].apr ?? 0) - 87.6) < 1e-9)
    }

    @Test("Markdown has the same lines, and no markup of others")
    func markdown() throws {
        var report = Self.report()
        report.quality.venues[0].reason = "status 503: <!DOCTYPE html> *now* [x](y) a_b\u{1B}[2J"
        let lines = report.markdown.split(separator: "\n")
        #expect(lines.first == "# Market report 2025-10-23 15:00 UTC, model v2, 3 of 4 exchanges")
        #expect(lines.count { $0.hasPrefix("## ") } == 10)
        #expect(lines.contains("- Volume 24h: n/a, Gate.io absent; $10.00B reported (in 24 h: +25.00%, without Gate.io)"))
        #expect(
            lines.last == #"- Gate.io: failed (status 503: &lt;!DOCTYPE html> \*now\* \[x\](y) a\_b?\[2J)"#)
        #expect(lines.count == report.text.split(separator: "\n").count - 2)
    }

    @Test("JSON keys are those of the records, in snake case")
    func json() throws {
        let object = try JSONSerialization.jsonObject(with: Data(Self.report().json().utf8)) as? [String: Any]
        let summary = object?["summary"] as? [String: Any]
        #expect(summary?["reported_volume_usd"] as? Double == 10e9)
        #expect(object?["venues_enabled"] as? Int == 4)
        #expect(object?["hour"] as? String == "2025-10-23T15")
    }
}
