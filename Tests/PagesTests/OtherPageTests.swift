import Charts
import PerpCore
import Testing

@testable import Pages

@Suite("Other pages")
struct OtherPageTests {
    private let hour = Hour("2025-10-23T15")!  // a literal

    private var frame: SiteFrame { SiteFrame(hour: hour, assets: ["a/b"], exchangeIDs: ["okx"]) }

    private func absence(_ distance: Int, _ cause: String, _ reason: String? = nil) -> [(String, Any?)] {
        [
            ("hour", hour.advanced(by: distance).start), ("exchange_id", "okx"), ("exchange", "OKX"), ("cause", cause),
            ("reason", reason),
        ]
    }

    @Test("hours in a row of one cause are one run")
    func runs() {
        let rows = stored([
            absence(-5, "down", "503"), absence(-4, "down", "503"), absence(-3, "down", "timeout"), absence(-1, "down", "timeout"),
        ])
        let runs = MissingRun.runs(rows.rows)
        #expect(runs.map(\.hours) == [2, 1, 1])
        #expect(runs[0].first == hour.advanced(by: -5) && runs[0].last == hour.advanced(by: -4))
    }

    @Test("a hole says whether it can still be asked for")
    func holes() throws {
        let holes = HistoryHole.holes(of: .okx, missing: [hour], at: hour.end)
        let lasting = try #require(holes.first { $0.recoverableUntil == nil && $0.exchange.historyDepth($0.dataset) != .none })
        let passing = try #require(holes.first { $0.recoverableUntil != nil && !$0.isLost(at: hour.end) })
        func state(_ hole: HistoryHole, isClosed: Bool = false, isLost: Bool = false) -> String {
            QualityRows.Hole(hole, answered: 0, contracts: 1, isClosed: isClosed, isLost: isLost).state
        }
        #expect(state(lasting) == "recoverable at any time" && state(passing) == "recoverable")
        #expect(state(passing, isLost: true) == "gone for good")
        #expect(state(passing, isClosed: true, isLost: true) == "closed by history")
    }

    @Test("a calendar has a state per hour: what was recorded, what is missing, and nothing before and after")
    func calendar() {
        var rows = ExchangeRows()
        rows.exchanges = stored([[("exchange_id", "okx"), ("exchange", "OKX"), ("status", "ok")]])
        rows.recorded = stored((-3...0).map { [("hour", hour.advanced(by: $0).start), ("exchange_id", "okx")] })
        rows.missing = stored([absence(-2, "banned", "HTTP 418"), absence(-1, "partial", "openInterest"), absence(-15, "machine_off")])
        let states = ExchangePages(frame, rows).states("okx", hour.day...hour.day)
        #expect(states.count == 24)
        #expect(states[0] == .missing(cause: "machine off"))
        #expect(states[11] == .outside)
        #expect(
            Array(states[12...15]) == [
                .complete, .missing(cause: "banned: HTTP 418"), .partial(share: nil, cause: "partial: openInterest"), .complete,
            ])
        #expect(states[16...].allSatisfy { $0 == .outside })
    }

    @Test("files are named by anchors, and links go up and down the folders")
    func places() {
        #expect(SitePage.Place.market.path == "index.html")
        #expect(SitePage.Place.coin("a/b").path == "coin/a_2f_b.html")
        #expect(SitePage.Place.market.link(to: .coin("a/b")).address == "./coin/a_2f_b.html")
        #expect(SitePage.Place.coin("a/b").link(to: .market).address == "../index.html")
        #expect(SitePage.Place.coin("a/b").link(to: .exchange("okx")).address == "../exchange/okx.html")
        #expect(frame.coin("a/b", from: .market).link != nil && frame.coin("other", from: .market).link == nil)
    }

    @Test("a span ends in the site's hour, begins as long before, and its points are evenly apart")
    func spans() throws {
        let spans = CoinSpan.all(through: hour, since: hour.advanced(by: -7000))
        #expect(spans.map(\.name) == ["24 h", "7 d", "30 d", "All"])
        #expect(spans.map(\.step) == [1, 2, 8, 48])
        #expect(spans.map(\.grid.count) == [25, 85, 91, 147])
        for span in spans {
            #expect(span.hours.last == hour && span.hours.count == span.grid.count)
            #expect(span.hours.indices.allSatisfy { span.index(of: span.hours[$0]) == $0 })
            #expect(span.step == 1 || span.index(of: hour.previous) == nil)
            #expect(span.index(of: hour) == span.grid.count - 1 && span.part(of: hour) == span.grid.count - 1)
            #expect(span.hours.map(\.startTime) == span.grid.times, "a point stands where its hour begins")
        }
        #expect(CoinSpan.all(through: hour, since: hour).map(\.name) == ["24 h"])
        // Half a year is told day by day.
        #expect(CoinSpan.all(through: hour, since: hour.advanced(by: 1 - 24 * 180)).last?.step == 24)
    }

    @Test("assets with two markets have a page, and those of the focus")
    func assets() {
        let contracts = stored(["ETH", "DOGE", "DOGE", "XRP"].map { [("asset", $0)] })
        #expect(CoinRows.assets(contracts) == ["DOGE", "ETH"])
    }

    @Test("an hour without a snapshot is a hole of a coin")
    func coinHoles() throws {
        var rows = CoinRows()
        rows.spans = CoinSpan.all(through: hour, since: hour)
        rows.exchanges = stored([[("exchange_id", "okx"), ("exchange", "OKX"), ("status", "ok")]])
        rows.hours = rows.spans[0].hours
        rows.series = [
            CoinSeries(
                asset: "a/b", exchangeID: "okx",
                points: rows.hours.map { hour in
                    var point = CoinPoint()
                    if hour == self.hour { point.markPrice = 10 } else if hour == self.hour.advanced(by: -2) { point.markPrice = 12 }
                    return point
                })
        ]
        let figure = CoinPages(frame, rows).panels("a/b", rows.spans[0])
        let chart = try #require(figure.chart as? TimeChart)
        guard case .lines(let lines, _) = chart.panels[0].content else { return }
        #expect(lines.map(\.name) == ["OKX"])
        #expect(lines[0].values.suffix(3) == [12, nil, 10])
        #expect(lines[0].values.dropLast(3).allSatisfy { $0 == nil })
    }

    @Test("a record says what an alert would say, and whether it is used")
    func record() {
        var rows = SignalRows()
        rows.record = [
            ClaimRecord(
                strategy: "trend_following", title: "Trend following", direction: "LONG", horizonHours: 24, resolved: 8, right: 6,
                open: 2, baseRate: 0.5, estimate: 0.59, boost: 0, sentence: "Fired 8 times, 6 right within 24 h.")
        ]
        let html = SignalsPage(frame, rows).page.page.html
        for text in ["Fired 8 times, 6 right within 24 h.", ">59%<", ">50%<", "nothing is added"] {
            #expect(html.contains(text), "\(text)")
        }
    }

    @Test("a listed coin of which nothing is there leads to its older page where there is one, and is n/a")
    func missingCoins() {
        let frame = SiteFrame(hour: hour, assets: ["BTC"], missing: ["ETH": true, "OLD": false])
        #expect(frame.missingAssets == ["ETH", "OLD"])
        #expect(frame.coin("ETH", from: .coins).link != nil && frame.coin("OLD", from: .coins).link == nil)
        let html = CoinPages(frame, CoinRows()).list.page.html
        #expect(html.contains("its page is of the last hour in which it was there"))
    }

    @Test("the coins with the largest open interest stand first, those without any last")
    func largestFirst() throws {
        var rows = CoinRows()
        rows.contracts = stored([
            [("asset", "AAVE"), ("open_interest_usd", 1.0)], [("asset", "BTC"), ("open_interest_usd", 2.0)],
            [("asset", "BTC"), ("open_interest_usd", 3.0)], [("asset", "ADA"), ("open_interest_usd", nil)],
        ])
        let frame = SiteFrame(hour: hour, assets: ["AAVE", "ADA", "BTC"], missing: ["ACE": false])
        let names = CoinPages(frame, rows).list.page.html.split(separator: "<th scope=\"row\"").dropFirst()
        let first = ["BTC", "AAVE", "ACE", "ADA"]
        #expect(names.count == first.count)
        for (name, row) in zip(first, names) { #expect(row.prefix(120).contains(">\(name)<"), "\(row.prefix(120))") }
    }

    @Test("numbers with a page of their own are those of the largest contracts of the focus, and are linked from the coin")
    func explained() throws {
        let contracts = stored([
            [("asset", "BTC"), ("exchange_id", "okx"), ("symbol", "BTC-USDT-SWAP"), ("mark_price", 10.0), ("funding_rate_8h", nil)],
            [("asset", "BTC"), ("exchange_id", "gate"), ("symbol", "BTC_USDT"), ("mark_price", 10.0)],
            [("asset", "DOGE"), ("exchange_id", "gate"), ("symbol", "DOGE_USDT"), ("mark_price", 1.0)],
        ])
        let numbers = ExplainedNumber.all(contracts, focus: ["BTC"], count: 1)
        #expect(numbers.map(\.name) == ["market-funding", "market-open-interest", "market-score", "market-volume", "BTC-price-1"])
        #expect(numbers.last?.subject == .contract(exchangeID: "okx", symbol: "BTC-USDT-SWAP", column: "mark_price"))
        let frame = SiteFrame(hour: hour, assets: ["BTC"], explained: numbers)
        var rows = CoinRows()
        rows.contracts = contracts
        let html = CoinPages(frame, rows).page("BTC").page.html
        #expect(html.contains("href=\"../explain/BTC-price-1.html\"") && !html.contains("BTC-price-2"))
        #expect(html.contains("make explain WHAT=&quot;gate BTC_USDT funding 2025-10-23T15&quot;") || html.contains("make explain WHAT=\"gate BTC_USDT funding 2025-10-23T15\""))
    }

    @Test("a command is offered only where a shell takes the name as it is")
    func commands() {
        let command = ExplainCommand(data: nil)
        #expect(ExplainCommand(data: ".demo").text("oi x") == "make explain DATA=\".demo\" WHAT=\"oi x\"")
        #expect(ExplainCommand(data: "a$b").text("oi x")?.contains("DATA=… ") == true)
        let dated = stored([[("exchange_id", "okx"), ("symbol", "BTC-1"), ("contract", "dated")]]).rows
        #expect(command.texts(dated, "funding", hour).first?.contains("BTC-1 open interest") == true)
        #expect(command.text("okx BTC-USDT-SWAP funding 2025-10-23T15") != nil)
        for name in ["a$b", "a`b`", "a\"b", "a\\b", "a!b"] { #expect(command.text("okx \(name) funding 2025-10-23T15") == nil, "\(name)") }
        #expect(command.text("okx", "two words", "funding", hour) == nil)
    }

    @Test("gains go on flat between trades, and begin at nothing")
    func gains() {
        let grid = TimeGrid(start: hour.day.hour(0).startTime, step: 24 * Hour.milliseconds, count: 4)
        let rows = stored([
            [("day", hour.day.hour(0).start + 86400), ("equity", 1100.0), ("capital", 1000.0)],
            [("day", hour.day.hour(0).start + 3 * 86400), ("equity", 900.0), ("capital", 1000.0)],
        ])
        let gains = SignalsPage.gains(rows.rows, grid)
        #expect(zip(gains, [0, 0.1, 0.1, -0.1]).allSatisfy { abs($0 - $1) < 1e-12 }, "\(gains)")
    }

    @Test("without alerts, backtest and forecasts a page says that there is no evidence")
    func noEvidence() {
        let html = SignalsPage(frame, SignalRows()).page.page.html
        #expect(html.contains("No evidence.") && html.contains("Nothing fires in this hour."))
    }

    @Test("a backtest is shown with its span and its verdicts, in basis points")
    func backtest() {
        var rows = SignalRows()
        rows.backtest = stored([
            [
                ("run_id", "r"), ("from_hour", hour.advanced(by: -99).start), ("to_hour", hour.start), ("hours_stored", 98),
                ("hours_expected", 100), ("asset", "BTC"),
            ]
        ])
        rows.metrics = stored([
            [
                ("strategy", "trend_following"), ("direction", "LONG"), ("verdict", "no_evidence"), ("n", 12), ("mean_bp", -3.5),
                ("t", nil),
            ]
        ])
        let html = SignalsPage(frame, rows).page.page.html
        #expect(html.contains("98 of 100 hours stored"))
        for text in ["trend following", "no evidence", ">-3.5<"] { #expect(html.contains(text), "\(text)") }
    }
}
