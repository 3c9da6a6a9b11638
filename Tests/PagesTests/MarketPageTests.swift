import Charts
import PerpCore
import Testing

@testable import Pages

@Suite("The page of the market")
struct MarketPageTests {
    private let hour = Hour("2025-10-23T15")!  // a literal

    private var frame: SiteFrame { SiteFrame(hour: hour, assets: ["BTC"], exchangeIDs: ["binance", "okx", "bybit"]) }

    /// An hour in which two of four exchanges are down, and the stream of one was silent for half of the hour before.
    private var rows: MarketRows {
        var rows = MarketRows()
        rows.market = stored([
            [
                ("hour", hour.start), ("status", "ok"), ("composite_score", -0.4), ("sentiment", "BEARISH"),
                ("exchanges_count", 2), ("exchanges_expected", 4), ("total_oi_reported", 3e9),
            ]
        ])
        rows.exchanges = stored([
            exchange("binance", "Binance", "ok"), exchange("okx", "OKX", "failed", "HTTP 503"),
            exchange("bybit", "Bybit", "failed", "banned"), exchange("gate", "Gate.io", "ok"),
        ])
        rows.references = stored([
            reference("BTC", "binance", 0.0001), reference("BTC", "gate", nil), reference("ETH", "binance", 0.0002),
        ])
        rows.exchangeSeries = stored([
            size(-1, "Binance", 2e9), size(-1, "OKX", 1e9), size(0, "Binance", 2e9),
        ])
        rows.liquidations = stored([
            liquidation(0, "binance", "sampled", 1, 5e6, 1e6), liquidation(0, "gate", "complete", 0.5, 2e6, 3e6),
            liquidation(-1, "gate", "complete", 1, 1e6, 0), liquidation(-1, "okx", "none", 1, 0, 0),
        ])
        rows.silences = stored([
            [("exchange_id", "gate"), ("exchange", "Gate.io"), ("covered_ms", 1_800_000), ("reason", "silent for 30 s")]
        ])
        return rows
    }

    private func exchange(_ id: String, _ name: String, _ status: String, _ reason: String? = nil) -> [(String, Any?)] {
        [("exchange_id", id), ("exchange", name), ("status", status), ("reason", reason)]
    }

    private func reference(_ asset: String, _ id: String, _ rate: Double?) -> [(String, Any?)] {
        [
            ("asset", asset), ("asset_class", "crypto"), ("exchange_id", id), ("funding_rate_8h", rate),
            ("open_interest_usd", asset == "BTC" ? 2e9 : 1e9), ("mark_price", 101.0), ("index_price", 100.0),
        ]
    }

    private func size(_ distance: Int, _ name: String, _ value: Double) -> [(String, Any?)] {
        [("hour", hour.advanced(by: distance).start), ("exchange", name), ("open_interest", value)]
    }

    private func liquidation(
        _ distance: Int, _ id: String, _ truth: String, _ heard: Double, _ long: Double, _ short: Double
    ) -> [(String, Any?)] {
        [
            ("hour", hour.advanced(by: distance).start), ("exchange_id", id), ("truth", truth), ("heard_share", heard),
            ("long_usd", long), ("short_usd", short),
        ]
    }

    private func factor(_ model: String, _ name: String, _ score: Double?, _ quality: Double?, _ weight: Double) -> [(String, Any?)] {
        [("model", model), ("factor", name), ("score", score), ("quality", quality), ("weight", weight)]
    }

    private func gauge(_ factors: [[(String, Any?)]], divergence: Double?) throws -> ScoreGauge {
        var rows = rows
        rows.market = stored([[("composite_score", -0.4), ("funding_divergence_percent", divergence)]])
        rows.factors = stored(factors)
        return try #require(MarketPage(frame, rows).gauge.chart as? ScoreGauge)
    }

    @Test("the share of a factor is that of its weight as far as evidence goes, and divergence is a discount")
    func shares() throws {
        let factors = [
            factor("v2", "funding", 0.5, 1, 0.35), factor("v2", "price", -0.2, 0.5, 0.2), factor("v2", "ls_bias", nil, 0, 0.15),
            factor("v2", "divergence", -0.5, nil, 0.3),
        ]
        // 0.35 and 0.2 * 0.5 of 0.45.
        let gauge = try gauge(factors, divergence: 0.005)
        #expect(gauge.factors.map(\.name) == ["Funding", "Price", "Long/short", "Conviction", "Open interest"])
        #expect(gauge.factors.map { $0.share.map { ($0 * 1000).rounded() } } == [778, 222, nil, nil, nil])
        #expect(gauge.discount == ScoreGauge.Discount("Divergence", taken: 0.15, most: 0.3))
        #expect(try self.gauge(factors, divergence: nil).discount?.taken == nil)
        #expect(try self.gauge([], divergence: nil).factors.allSatisfy { $0.share == nil })
    }

    @Test("in the seed's model divergence is a factor as the others are")
    func seedShares() throws {
        let gauge = try gauge(
            [factor("seed-v1", "funding", 0.5, nil, 0.92), factor("seed-v1", "divergence", -0.5, nil, 0.08)], divergence: 0.005)
        #expect(gauge.factors.last == ScoreGauge.Factor("Divergence", score: -0.5, share: 0.08))
        #expect(gauge.factors.first?.share == 0.92 && gauge.discount == nil)
    }

    @Test("what is missing is said first, with its cause")
    func notices() {
        let page = MarketPage(frame, rows).page.page
        #expect(
            page.notices == [
                "OKX is missing: HTTP 503.", "Bybit is missing: banned.",
                "The stream of Gate.io was heard for 50.0% of the hour before: silent for 30 s. Its liquidations are a lower bound.",
            ])
        #expect(page.keyFigures.last?.value == "2 of 4")
        // A total of two exchanges is not to be taken for a fall.
        for figure in page.keyFigures.prefix(4) { #expect(figure.note.hasPrefix("2 of 4 exchanges, "), "\(figure.name)") }
    }

    @Test("a cell of an absent exchange is a hole with its cause; what is not listed is empty")
    func map() throws {
        let page = MarketPage(frame, rows)
        let found = try #require(page.map("Funding", .fundingRate8h) { $0.number("funding_rate_8h") })
        #expect(found.chart.rows == ["BTC", "ETH"])
        #expect(found.chart.columns == ["Binance", "OKX", "Bybit", "Gate.io"])
        #expect(
            found.chart.cells == [
                [.value(0.0001), .missing(cause: "HTTP 503"), .missing(cause: "banned"), .missing(cause: "not stated")],
                [.value(0.0002), .missing(cause: "HTTP 503"), .missing(cause: "banned"), .absent],
            ])
        #expect(found.exchanges == 1)
        #expect(page.fundingMap?.provenance.exchanges == 1 && page.fundingMap?.provenance.exchangesExpected == 4)
    }

    @Test("an exchange that is missing is a hole in the stack, and no zero")
    func openInterest() throws {
        let figure = try #require(MarketPage(frame, rows).openInterest)
        let chart = try #require(figure.chart as? TimeChart)
        guard case .stack(let series) = chart.panels[0].content else { return }
        #expect(series.map(\.name) == ["Binance", "OKX"])
        #expect(series[0].values.suffix(2) == [2e9, 2e9])
        #expect(series[1].values.suffix(2) == [1e9, nil])
        #expect(chart.grid.count == 168 && series[0].values.count == 168)
    }

    @Test("bars stand in the hour that they sum, and only what is told whole is complete")
    func liquidations() {
        let grid = TimeGrid(hours: hour.advanced(by: -3)...hour.previous)
        let bars = MarketPage.bars(rows.liquidations, grid)
        // Two hours before: one exchange tells all, another tells nothing. An hour before: one tells some, one was half heard.
        #expect(
            bars == [
                nil, LiquidationBar(longComplete: 1e6, longSampled: 0, shortComplete: 0, shortSampled: 0),
                LiquidationBar(longComplete: 0, longSampled: 7e6, shortComplete: 0, shortSampled: 4e6),
            ])
    }

    @Test("a day of liquidations that is not whole is at least what is known")
    func dayOfLiquidations() {
        let day = MarketPage(frame, rows).liquidationsOfDay
        #expect(day.text == "at least $12.0M")
        #expect(day.note == "of 2 exchanges of 4, 2 of 24 h")
        var nothing = rows
        nothing.liquidations = .none
        #expect(MarketPage(frame, nothing).liquidationsOfDay.text == nil)
    }

    @Test("the sum of others is known where all are that were known before")
    func total() {
        let grid = TimeGrid(hours: hour.advanced(by: -3)...hour)
        #expect(MarketPage.total([[1, 2, 3, nil], [nil, 10, 10, 10]], grid) == [1, 12, 13, nil])
        #expect(MarketPage.total([[nil, nil, nil, nil]], grid) == [nil, nil, nil, nil])
    }

    @Test("concentration is the sum of squared shares in percent")
    func concentration() {
        let shares = stored([[("volume_percent", 60.0)], [("volume_percent", 30.0)], [("volume_percent", 10.0)]])
        // 3600 + 900 + 100
        #expect(MarketPage.concentration(shares.rows) == 4600)
        #expect(MarketPage.concentration([]) == nil)
    }

    @Test("the premium is the mark price over the index price")
    func premium() throws {
        let known = try #require(MarketPage.premium(rows.references.rows[0]))
        #expect(abs(known - 0.01) < 1e-12)
        #expect(MarketPage.premium(stored([[("mark_price", 1.0), ("index_price", 0.0)]]).rows[0]) == nil)
    }

    @Test("what came of an alert is said in words, and an open one is no failure")
    func outcome() {
        func said(_ status: String?, _ success: Int?) -> String {
            MarketPage.outcome(stored([[("outcome", status), ("success", success)]]).rows[0])
        }
        #expect(said("resolved", 1) == "came true")
        #expect(said("resolved", 0) == "did not come true")
        #expect(said("open", nil) == "open")
        #expect(said("no_usual_move", nil) == "no usual move")
        #expect(said(nil, nil) == "not judged yet")
    }

    @Test("coins are counted by the time to their settlement, the soonest first")
    func clocks() {
        func row(_ minutes: Int64?) -> [(String, Any?)] {
            [("next_funding_at_ms", minutes.map { hour.startMilliseconds + $0 * 60_000 })]
        }
        let left = MarketPage.hoursLeft(stored([row(300), row(60), row(60), row(nil)]).rows, hour)
        #expect(left.map(\.hours) == [1, 5] && left.map(\.coins) == [2, 1])
    }

    @Test("a page without any row is a page, with n/a in place of numbers")
    func empty() {
        let html = MarketPage(SiteFrame(hour: hour, assets: [], exchangeIDs: []), MarketRows()).page.page.html
        #expect(html.contains("n/a") && html.contains("Nothing") == false)
        #expect(!html.contains("$0"))
    }
}
