import PerpCore

@testable import Charts

/// A chart of each kind, and a page with all of them, from numbers that a formula gives. What others choose, such as names, is
/// one text, so that a test can choose a hostile one.
struct Samples {
    /// A name that stands for all that exchanges choose; `nil` for usual names.
    var hostile: String?

    private func name(_ usual: String) -> String { hostile.map { $0 + usual } ?? usual }

    static let hours = Hour("2025-10-21T16")!...Hour("2025-10-23T15")!
    var grid: TimeGrid { TimeGrid(hours: Self.hours) }

    /// A wave with a drift, without the operating system's sine: a parabola per half turn.
    private func wave(_ index: Int, _ period: Int) -> Double {
        let share = Double(index % period) / Double(period) * 2
        return share < 1 ? 4 * share * (1 - share) : -4 * (share - 1) * (2 - share)
    }

    private func values(_ base: Double, _ size: Double, _ period: Int, holes: Set<Int> = []) -> [Double?] {
        (0..<grid.count).map { holes.contains($0) ? nil : base + size * wave($0, period) + size * 0.01 * Double($0) }
    }

    // MARK: - Charts

    /// Three lines; one has a hole of its own, all have one together, and one value stands between two holes.
    var lines: TimeChart {
        let gone: Set = [20, 21, 22]
        return TimeChart(
            title: "Funding of BTC", grid: grid,
            panels: [
                Panel(
                    "Funding", .fundingRate8h,
                    .lines(
                        [
                            Series(name("Binance"), values(0.0001, 0.00012, 30, holes: gone)),
                            Series(name("OKX"), values(0.00005, 0.0002, 24, holes: gone.union([35, 36, 38, 39]))),
                            Series(name("HyperLiquid"), values(-0.00003, 0.0001, 17, holes: gone)),
                        ], .linearFromZero))
            ])
    }

    var stack: TimeChart {
        TimeChart(
            title: "Open interest by exchange", note: "One side counted once.", grid: grid,
            panels: [
                Panel(
                    "Open interest", .dollars,
                    .stack([
                        Series(name("Binance"), values(24e9, 1e9, 40)),
                        Series(name("OKX"), values(9e9, 4e8, 31, holes: [12, 13, 14, 15])),
                        Series(name("Bybit"), values(12e9, 8e8, 25, holes: [30])),
                        Series(name("HyperLiquid"), values(6e9, 9e8, 36)),
                    ]))
            ])
    }

    var bars: [LiquidationBar?] {
        (0..<grid.count).map { index in
            if (18...20).contains(index) { return nil }
            let size = index == 33 ? 40.0 : 1 + 3 * (1 + wave(index, 13))
            return LiquidationBar(
                longComplete: size * 2.1e6, longSampled: size * 0.7e6, shortComplete: size * 0.9e6,
                shortSampled: index % 5 == 0 ? 0 : size * 0.3e6)
        }
    }

    var liquidations: TimeChart {
        TimeChart(
            title: "Liquidations by hour", grid: grid, panels: [Panel("Liquidations", .dollars, .liquidations(bars))])
    }

    var fan: TimeChart {
        let observed = (0..<grid.count).map { $0 < 36 && $0 != 10 ? 0.0001 + 0.0001 * wave($0, 22) : nil }
        let mean = (0..<grid.count).map { $0 >= 36 ? 0.00008 + 0.000002 * Double($0 - 36) : nil }
        func moved(_ by: Double) -> [Double?] {
            mean.enumerated().map { index, value in value.map { $0 + by * Double(index - 34) } }
        }
        return TimeChart(
            title: "Forecast of funding", grid: grid,
            panels: [
                Panel(
                    "Funding of BTC on Binance", .fundingRate8h,
                    .fan(
                        Fan(
                            observed: observed, mean: mean, low: moved(-0.00001), high: moved(0.000013),
                            interval: "10 to 90 %")))
            ])
    }

    var events: [EventMark] {
        [
            EventMark(Timestamp(iso8601: "2025-10-21T20:00:00Z")!, .listing, name("BTC-PERP") + " on Extended"),
            EventMark(Timestamp(iso8601: "2025-10-22T08:00:00Z")!, .intervalChange, name("SOLUSDT") + ": 8 h to 4 h"),
            EventMark(Timestamp(iso8601: "2025-10-22T10:00:00Z")!, .intervalChange, name("SOL_USDT") + ": 8 h to 1 h"),
            EventMark(Timestamp(iso8601: "2025-10-23T01:30:00Z")!, .alert, "liquidation cascade"),
            EventMark(Timestamp(iso8601: "2025-10-22T12:00:00Z")!, .outage, name("Bybit") + " not reachable"),
        ]
    }

    var timeline: TimeChart { TimeChart(title: "Listings and intervals", grid: grid, panels: [], events: events) }

    var panels: TimeChart {
        TimeChart(
            title: name("SOL"), grid: grid,
            panels: [
                Panel("Price", .price, .lines([Series("Mark price", values(182, 6, 44, holes: [18, 19, 20]))], .linear)),
                lines.panels[0], stack.panels[0], liquidations.panels[0],
                Panel(
                    "Long accounts", .percent(decimals: 1),
                    .lines([Series("Long fraction", values(0.55, 0.04, 28))], .linear)),
            ], events: events)
    }

    var logarithmic: TimeChart {
        TimeChart(
            title: "Volume of all coins", grid: grid,
            panels: [
                Panel(
                    "Volume", .dollars,
                    .lines(
                        [
                            Series(name("Binance"), (0..<grid.count).map { 1e6 * Double($0 * $0 + 1) }),
                            Series(name("dYdX"), values(4e5, 2e5, 20)),
                        ], .logarithmic))
            ])
    }

    var heatMap: HeatMap {
        let coins = ["BTC", "ETH", "SOL", "DOGE", "XRP", "PEPE", "HYPE"].map(name)
        let exchanges = ["Binance", "OKX", "Bybit", "Gate.io", "Bitget", "HyperLiquid", "Aster", "dYdX v4", "Kraken"].map(name)
        let cells = coins.indices.map { row in
            exchanges.indices.map { column -> HeatMap.Cell in
                if column == 4 { return .missing(cause: name("HTTP 429")) }
                if (row * 5 + column) % 11 == 10 { return .absent }
                return .value(0.0001 + 0.0005 * wave(row * 9 + column * 4, 37))
            }
        }
        return HeatMap(
            title: "Funding by coin and exchange", rowTitle: "Coin", rows: coins, columns: exchanges, cells: cells,
            format: .fundingRate8h, limit: 0.0005)
    }

    var calendar: CoverageCalendar {
        let states = (0..<24 * 14).map { index -> CoverageCalendar.State in
            switch index {
            case ..<5, 322...: .outside
            case 60..<66: .missing(cause: name("banned (HTTP 418)"))
            case 120..<123, 171: .partial(share: 0.4, cause: name("openInterest: HTTP 429"))
            case 200..<212: .missing(cause: "the machine was off")
            case 250: .partial(share: nil, cause: name("timeout"))
            default: .complete
            }
        }
        return CoverageCalendar(
            title: "What was recorded of " + name("Binance"), days: CalendarDay("2025-10-10")!...CalendarDay("2025-10-23")!,
            states: states)
    }

    var gauge: ScoreGauge {
        ScoreGauge(
            title: "Sentiment", score: -0.37, label: "BEARISH",
            factors: [
                .init("Funding", score: 0.12, share: 0.25), .init("Open interest", score: -0.44, share: 0.2),
                .init("Price momentum", score: -0.81, share: 0.2), .init("Long/short", score: nil, share: nil),
                .init("Dispersion", score: 0, share: 0.15), .init("Liquidations", score: -0.6, share: 0.2),
            ], discount: .init("Divergence", taken: 0.12, most: 0.3))
    }

    var shares: NamedBars {
        NamedBars(
            title: "Shares of volume", nameTitle: "Exchange", valueTitle: "Share of volume",
            values: [
                (name("Binance"), 0.412), (name("OKX"), 0.181), (name("Bybit"), nil), (name("Gate.io"), 0.09),
            ], format: .percent(decimals: 1))
    }

    var sparkline: Sparkline {
        Sparkline(title: "Score in two days", series: lines.panels[0].columns[1], grid: grid, format: .fundingRate8h)
    }

    /// Each chart with the name of its golden file.
    var charts: [(name: String, chart: any Chart)] {
        [
            ("lines", lines), ("logarithmic", logarithmic), ("stack", stack), ("liquidations", liquidations), ("fan", fan),
            ("timeline", timeline), ("panels", panels), ("heat-map", heatMap), ("calendar", calendar), ("gauge", gauge),
            ("shares", shares), ("sparkline", sparkline),
        ]
    }

    // MARK: - Page

    var provenance: Provenance {
        Provenance(
            asOf: Timestamp(iso8601: "2025-10-23T15:00:00Z")!, exchanges: 7, exchangesExpected: 8, unit: "",
            source: "funding_rates")
    }

    var contracts: DataTable {
        DataTable(
            caption: "Contracts of " + name("SOL"),
            columns: [
                DataColumn(
                    "Contract",
                    .links(
                        (0..<14).map {
                            .init(name("SOL-\($0)"), PageLink(folders: [Anchor("coin")], page: Anchor(name("SOL-\($0)"))))
                        })),
                DataColumn("Exchange", .names((0..<14).map { $0 == 3 ? nil : name("Binance") })),
                DataColumn("Mark price", unit: "USDT per coin", .numbers((0..<14).map { 180 + Double($0) }, .price)),
                DataColumn("Funding", .numbers((0..<14).map { $0 == 5 ? nil : 0.0001 * Double($0 - 4) }, .fundingRate8h)),
                DataColumn("Next settlement", .times((0..<14).map { $0 == 2 ? nil : Self.hours.upperBound.end })),
                DataColumn("Basis", .numbers((0..<14).map { 0.0001 * Double($0 - 6) }, .basisPoints(decimals: 1))),
            ])
    }

    func figure(_ chart: any Chart, _ anchor: String) -> Figure {
        Figure(
            Anchor(name(anchor)), heading: chart.title, chart: chart, provenance: provenance,
            sql: "SELECT asset, exchange, funding_rate_8h\nFROM latest_tickers\nWHERE asset = '\(name("BTC"))' AND volume_usd_24h > 1e6",
            explanation: PageLink(up: 1, page: Anchor("explain"), part: Anchor(name(anchor))))
    }

    var page: Page {
        let figures = charts.map { figure($0.chart, $0.name) }
        let first = [("gauge", gauge as any Chart), ("sparkline", sparkline)].map { figure($0.1, $0.0) }
        let table = Figure(
            Anchor("contracts"), heading: "Contracts of " + name("SOL"), tables: [contracts], provenance: provenance,
            sql: "SELECT * FROM latest_tickers")
        return Page(
            title: "Market of " + name("coins"), asOf: Self.hours.upperBound.startTime,
            navigation: [
                .init("Market", PageLink(page: Anchor("index")), isCurrent: true),
                .init(name("SOL"), PageLink(folders: [Anchor("coin")], page: Anchor(name("SOL")))),
                .init("Signals", PageLink(page: Anchor("signals"))), .init("Data quality", PageLink(page: Anchor("quality"))),
            ],
            notices: [name("Bitget") + " is missing since 2025-10-23 13:00: HTTP 429."],
            keyFigures: [
                .init("Open interest, USD", "$51.2B", note: "+1.4% in 24 h"), .init("Volume in 24 h, USD", "$168.4B"),
                .init("Liquidations in 24 h, USD", "at least $312.0M", note: "3 of 8 complete"), .init("Score", nil),
            ],
            sections: [
                .init("Sentiment", figures: first),
                .init("Charts", note: "All that there are.", figures: figures + [table]),
            ], hasFunding: true)
    }
}
