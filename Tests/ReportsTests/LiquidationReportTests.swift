import Foundation
import PerpCore
import Sealing
import Testing

@testable import Reports

@Suite("The liquidation report")
struct LiquidationReportTests {
    private let last = Hour("2025-10-23T15")!  // a valid hour

    @Test("the seed document's sample: 12.5 M in an hour, longs 8.2 M, 145 and 78 trades")
    func seedSample() throws {
        let report = LiquidationReport(
            .init(hour: last, hours: 1, exchange: .okx, volumeUSD24h: 238.5e9, model: .seedV1),
            rows: [hour(last, longUSD: 8.2e6, shortUSD: 4.3e6, count: 223)], counts: [.okx: [last: (145, 78)]])
        let text = report.text
        for line in [
            "Exchange: OKX", "Status:              ✅ Success", "Time Period:         1 hour(s)",
            "Total Liquidations:  $12.50M", "  • Long Liq:        $8.20M (145 trades)",
            "  • Short Liq:       $4.30M (78 trades)", "Liquidation Count:   223", "Long/Short Ratio:    1.91x",
            "Bias:                🔴 LONGS GETTING REKT",
        ] {
            #expect(text.contains(line + "\n"), "\(line)")
        }
        // By `signals.md`, cascade score seed-v1: 0 for the rate, 0.1 for the side, 0.1 for the size.
        #expect(report.aggregate?.cascade.seedScore == 0.2)
        #expect(report.aggregate?.cascade.seedLevel == "LOW")
        #expect(report.aggregate?.dailyVolumeShare == 12.5e6 / 238.5e9)
        #expect(text.contains("Liq/Day's Volume:    0.0052 % of a day's market volume\n"))
        // OKX trades 40 billion a day, so 1.667 in an hour: 12.5 of 1666.7 million.
        #expect(report.aggregate?.volumeShare == 12.5e6 / (40e9 / 24))
        let share = "0.75 % of the volume of the 1 reporting exchange in that hour (prorated from 24 h)"
        #expect(text.contains("Liq/Volume:          \(share)\n"))
        // OKX holds 9 of 36 billion of open interest.
        #expect(report.aggregate?.marketShare == 0.25)
    }

    @Test("hours are summed, a missing one makes the sums a lower bound")
    func partial() throws {
        let rows = [hour(last.advanced(by: -2), longUSD: 1e6, shortUSD: 3e6), hour(last, longUSD: 2e6, shortUSD: 3e6)]
        // What later answers tell of the hour between is in no figure.
        let report = LiquidationReport(
            .init(hour: last, hours: 3), rows: rows,
            counts: [.okx: [last.advanced(by: -2): (1, 2), last.previous: (70, 70), last: (3, 4)]])
        let okx = try #require(report.venues.first { $0.exchange == "OKX" })
        #expect(okx.status == .partial)
        #expect(okx.hours == 2)
        #expect(okx.figures?.totalUSD == 9e6)
        #expect(okx.figures?.isFloor == true)
        #expect(okx.figures?.bias == .shorts)
        #expect(okx.figures?.longCount == 4 && okx.figures?.shortCount == 6)
        #expect(report.text.contains("SHORTS GETTING REKT (of 2 of 3 hours)"))
        #expect(report.presentHours == 2)
        #expect(report.from == "2025-10-23T12:00:00.000Z")
        #expect(report.text.contains("Hours:               2 of 3 in the warehouse"))
    }

    @Test("an exchange that publishes none says so, and makes the market's figures a floor")
    func none() throws {
        let report = LiquidationReport(
            .init(hour: last, hours: 1), rows: [hour(last, longUSD: 1, shortUSD: 0)], counts: [:])
        #expect(report.venues.map(\.status) == [.none, .success])
        let reason = "not over REST; its stream sends a part of them: run make record"
        #expect(report.text.contains("❌ No liquidation data (\(reason))"))
        #expect(report.venues.map(\.reason) == [reason, nil])
        #expect(report.aggregate?.figures.isFloor == true)
        #expect(report.text.contains("Total Liquidations:  >= $1\n"))
        #expect(report.text.contains("25.0% of open interest (1 of 2 exchanges)"))
        #expect(report.aggregate?.figures.longShortRatio == nil)
    }

    @Test("no hours, no figures")
    func empty() throws {
        let report = LiquidationReport(.init(hour: last, hours: 24), rows: [], counts: [:])
        #expect(report.aggregate == nil)
        #expect(report.text.contains("No exchange reports liquidations in this period: none of its hours is in the warehouse."))
        #expect(try !report.json().contains("aggregate"))
    }

    @Test("an exchange that tells of none over REST is the whole report, with the reason")
    func silent() {
        let report = LiquidationReport(
            .init(hour: last, hours: 1, exchange: .binance), rows: [hour(last, longUSD: 1, shortUSD: 0)], counts: [:])
        #expect(report.aggregate == nil)
        #expect(
            report.text.hasSuffix(
                "\nNo exchange reports liquidations in this period: not over REST; its stream sends a part of them: run "
                    + "make record.\n"))
    }

    @Test("live, only exchanges that tell of liquidations were asked: what share of the market they are is unknown")
    func live() {
        var row = hour(last, longUSD: 9e6, shortUSD: 1e6)
        row.exchanges.removeFirst()
        let report = LiquidationReport(.init(hour: last, hours: 1, isLive: true), rows: [row], counts: [:])
        #expect(report.aggregate?.marketShare == nil)
        #expect(report.aggregate?.cascade.score == nil)
        #expect(report.aggregate?.dailyVolumeUSD == nil)
        #expect(report.text.contains("Liq/Volume:          0.60 % of the volume of the 1 reporting exchange"))
        #expect(report.text.contains("Liq/Day's Volume:    n/a of a day's market volume\n"))
        #expect(report.text.contains("Market Coverage:     n/a of open interest (1 of 1 exchanges)\n"))
        // Nobody listened, and nobody asked the others.
        #expect(report.venues.first?.feeds == nil && report.aggregate?.openInterestSplit == nil)
        // Its own score is not of the market, and stands.
        #expect(report.venues.first?.cascade?.score != nil)
    }

    @Test("the feed that counts is named with what was heard, and the other one's figure stands beside it")
    func feeds() throws {
        // OKX counts the stream, 9 M against REST's 5; three minutes of it were not heard.
        let feeds = feed(.init(coverageClass: .sampled, longUSD: 5e6), .init(coverageClass: .sampled, longUSD: 9e6))
        let report = LiquidationReport(
            .init(hour: last, hours: 1), rows: [hour(last, longUSD: 9e6, shortUSD: 0, count: 12)],
            counts: [.okx: [last: (12, 0)]], feeds: [.okx: [last: feeds], .binance: [last: unheard]])
        #expect(report.text.contains("  • Long Liq:        $9.00M (12 trades)\n"))
        #expect(report.text.contains("Feed:                stream, heard 3420 of 3600 s\n"))
        #expect(report.text.contains("Not Counted:         REST $5.00M (the same events)\n"))
        // Binance has a file of its stream that heard nothing.
        #expect(report.venues[0].reason == "its stream was not heard: make gaps says why")
        let shown = try #require(report.venues[1].feeds)
        #expect(shown.streamHours == 1 && shown.restHours == 0 && shown.heardShare == 0.95 && shown.otherUSD == 5e6)
        let json = try report.json()
        for key in ["heard_seconds", "heard_share", "other_usd", "other_hours", "rest_hours", "stream_hours"] {
            #expect(json.contains("\"\(key)\" : "), "\(key)")
        }
    }

    @Test("hours of a period count different feeds; where REST is complete it counts")
    func mixed() throws {
        // Of three hours the first has no stream, the second counts the stream, the third REST, which is complete.
        let rows = (-2...0).map { hour(last.advanced(by: $0), longUSD: 1e6, shortUSD: 0) }
        let feeds = [
            last.previous: feed(.init(coverageClass: .sampled, longUSD: 0.25e6), .init(coverageClass: .sampled, longUSD: 1e6)),
            last: feed(.init(coverageClass: .complete, longUSD: 1e6), .init(coverageClass: .sampled, longUSD: 0.5e6)),
            // Outside the period.
            last.next: feed(nil, .init(coverageClass: .complete, longUSD: 7)),
        ]
        let report = LiquidationReport(.init(hour: last, hours: 3), rows: rows, counts: [:], feeds: [.okx: feeds])
        // Heard for 2 x 3420 of 10,800 s.
        #expect(report.text.contains("Feed:                stream 1 h, REST 2 h; stream heard 63.3% of 3 h\n"))
        #expect(report.text.contains("Not Counted:         the other feed $750.0K in 2 h (the same events)\n"))
    }

    @Test("without a stream the feed is REST")
    func restOnly() {
        let report = LiquidationReport(
            .init(hour: last, hours: 1), rows: [hour(last, longUSD: 1, shortUSD: 0)], counts: [:])
        #expect(report.text.contains("Feed:                REST; no stream recorded\n"))
        #expect(!report.text.contains("Not Counted"))
    }

    @Test("open interest splits by coverage class; an exchange without all hours of the period is sampled")
    func split() throws {
        // Binance holds 27 billion and tells of none, OKX 9 and tells of all.
        let rows = [hour(last, longUSD: 1, shortUSD: 0)]
        let whole = LiquidationReport(.init(hour: last, hours: 1), rows: rows, counts: [:])
        #expect(whole.text.contains("Open Interest:       25.0% complete, 0.0% sampled, 75.0% none (Binance)\n"))
        let partial = LiquidationReport(.init(hour: last, hours: 2), rows: rows, counts: [:])
        #expect(partial.aggregate?.openInterestSplit?.sampledUSD == 9e9)
        let split = try #require(partial.aggregate?.openInterestSplit)
        #expect([split.completeShare, split.sampledShare, split.noneShare] == [0, 0.25, 0.75])
        let one = LiquidationReport(.init(hour: last, hours: 1, exchange: .okx), rows: rows, counts: [:])
        #expect(one.aggregate?.openInterestSplit == nil)
    }

    /// What two feeds state of an hour of which the stream heard 57 minutes.
    private func feed(_ rest: LiquidationWindow?, _ stream: LiquidationWindow) -> LiquidationFeeds {
        LiquidationFeeds(rest: rest, stream: stream, heardMilliseconds: 57 * 60_000)
    }

    /// A file of a stream that heard nothing.
    private var unheard: LiquidationFeeds {
        LiquidationFeeds(rest: .unknown, stream: .unknown, heardMilliseconds: 0)
    }

    @Test("the stored score of a window is shown, as it knows what is usual")
    func stored() {
        var row = hour(last, longUSD: 9e7, shortUSD: 1e7)
        row.marketLiquidations = [
            MarketLiquidation(
                hour: last, windowHours: 1, longUSD: 9e7, shortUSD: 1e7, totalUSD: 1e8, count: nil, volumeUSD: nil,
                openInterestUSD: nil, volumeShare: nil, openInterestShare: nil, imbalance: 0.8, coverage: 0.25,
                reportingExchanges: 1, seedScore: 0, score: 0.68, level: .high)
        ]
        let report = LiquidationReport(.init(hour: last, hours: 1), rows: [row], counts: [:])
        #expect(report.aggregate?.cascade.score == 0.68)
        #expect(report.text.contains("Cascade Risk Score:  0.68/1.0 (HIGH), model v2"))
        #expect(report.aggregate?.interpretation.contains("longs") == true)
    }

    @Test("JSON keys are those of the document")
    func json() throws {
        let report = LiquidationReport(
            .init(hour: last, hours: 1), rows: [hour(last, longUSD: 2, shortUSD: 1)], counts: [:])
        let object = try JSONSerialization.jsonObject(with: Data(try report.json().utf8)) as? [String: Any]
        let aggregate = object?["aggregate"] as? [String: Any]
        let keys = ["period_hours", "present_hours", "venues", "aggregate", "from", "to", "model"]
        #expect(object?.keys.sorted() == keys.sorted())
        #expect(aggregate?["daily_volume_usd"] as? Double == 120e9)
    }

    /// Binance, which publishes none, and OKX with a quarter of the open interest.
    private func hour(_ hour: Hour, longUSD: Double, shortUSD: Double, count: Int64? = nil) -> PastHour {
        PastHour(
            hour: hour,
            exchanges: [
                ExchangeSummary(hour: hour, exchange: .binance, status: .ok, volumeUSD: 80e9, openInterestUSD: 27e9),
                ExchangeSummary(hour: hour, exchange: .okx, status: .ok, volumeUSD: 40e9, openInterestUSD: 9e9),
            ],
            markets: [
                MarketSummary(
                    hour: hour, model: .v2, status: .ok, totalVolumeUSD: 120e9, longShortSeries: 0, exchangesCount: 2,
                    coverage: 1)
            ],
            liquidations: [
                LiquidationSummary(
                    hour: hour, exchange: .okx, coverageClass: .complete, longUSD: longUSD, shortUSD: shortUSD,
                    totalUSD: longUSD + shortUSD, count: count, openInterestShare: nil, seedCascadeScore: 0, cascadeScore: nil)
            ],
            marketLiquidations: [])
    }
}
