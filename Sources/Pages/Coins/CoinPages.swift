import Charts
import PerpCore

/// What the pages of coins are made from.
public struct CoinRows: Sendable {
    /// The spans of the pages.
    public var spans: [CoinSpan] = []
    /// The points of the spans' hours.
    public var points: [CoinPoint] = []
    /// The contracts of the hour.
    public var contracts = StoredRows.none
    /// Liquidations by coin, exchange and hour of the last week.
    public var liquidations = StoredRows.none
    /// Which exchange told of its liquidations in which hour, and how completely; a row's hour is the one after.
    public var tellers = StoredRows.none
    /// Listings, removals and changes of interval.
    public var events = StoredRows.none
    /// The exchanges of the hour, in their order.
    public var exchanges = StoredRows.none

    /// No rows.
    public init() {}

    /// The assets that have a page: those with two markets, and those in the focus.
    public static func assets(_ contracts: StoredRows, focus: [String] = ["BTC", "ETH", "SOL"]) -> [String] {
        var counts: [String: Int] = [:]
        for row in contracts.rows { counts[row.text("asset") ?? "", default: 0] += 1 }
        return counts.filter { $0.value >= 2 || focus.contains($0.key) }.keys.sorted()
    }
}

/// A page per coin, and the list of them.
public struct CoinPages {
    let frame: SiteFrame
    let rows: CoinRows
    private let points: [String: [CoinPoint]]
    private let contracts: [String: [StoredRow]]
    private let liquidations: [String: [StoredRow]]
    private let events: [String: [StoredRow]]
    private let names: [String: String]

    /// The pages of an hour.
    public init(_ frame: SiteFrame, _ rows: CoinRows) {
        (self.frame, self.rows) = (frame, rows)
        points = Dictionary(grouping: rows.points, by: \.asset)
        contracts = rows.contracts.grouped(by: "asset")
        liquidations = rows.liquidations.grouped(by: "asset")
        events = rows.events.grouped(by: "asset")
        names = Dictionary(
            rows.exchanges.rows.map { ($0.text("exchange_id") ?? "", $0.text("exchange") ?? "") },
            uniquingKeysWith: { first, _ in first })
    }

    /// The files, made one after another: all of them at once would be much.
    public var pages: some Sequence<SitePage> { [list] + frame.assets.map { page($0) } }

    private func name(_ id: String) -> String { names[id] ?? id }

    private func origin(_ source: String, exchanges: Int, of expected: Int, unit: String = "") -> Provenance {
        Provenance(
            asOf: frame.hour.startTime, exchanges: exchanges, exchangesExpected: expected, unit: unit, source: source)
    }

    // MARK: - The list

    private func sum(_ list: [StoredRow], _ name: String) -> Double? {
        let known = list.compactMap { $0.number(name) }
        return known.isEmpty ? nil : known.reduce(0, +)
    }

    private var list: SitePage {
        let lists = frame.assets.map { contracts[$0] ?? [] }
        let largest = lists.map { $0.first { $0.text("contract") == "perpetual" } ?? $0.first }
        let table = DataTable(
            caption: "Coins and other assets with two markets or more",
            columns: [
                DataColumn("Asset", .links(frame.assets.map { frame.coin($0, from: .coins) })),
                DataColumn("Price", .numbers(largest.map { $0?.number("mark_price") }, .price)),
                DataColumn(
                    "In 24 h", .numbers(largest.map { $0?.number("price_change_24h") }, .signedPercent(decimals: 2))),
                DataColumn("Funding", .numbers(largest.map { $0?.number("funding_rate_8h") }, .fundingRate8h)),
                DataColumn("Open interest", .numbers(lists.map { sum($0, "open_interest_usd") }, .dollars)),
                DataColumn("Volume in 24 h", .numbers(lists.map { sum($0, "volume_usd_24h") }, .dollars)),
                DataColumn("Markets", .numbers(lists.map { Double($0.count) }, .number(decimals: 0))),
                DataColumn(
                    "Exchanges",
                    .numbers(
                        lists.map { Double(Set($0.compactMap { $0.text("exchange_id") }).count) }, .number(decimals: 0))
                ),
            ])
        let there = Set(rows.contracts.rows.compactMap { $0.text("exchange_id") }).count
        let figure = Figure(
            Anchor("coins"), heading: "Coins", note: "Price and funding are of the contract with the largest volume.",
            tables: [table], provenance: origin("tickers", exchanges: there, of: rows.exchanges.rows.count),
            sql: rows.contracts.sql)
        return SitePage(
            .coins,
            Page(
                title: "Coins", asOf: frame.hour.startTime, navigation: frame.navigation(.coins),
                sections: [.init("All coins", figures: [figure])], hasFunding: true))
    }

    // MARK: - One coin

    /// The page of an asset.
    func page(_ asset: String) -> SitePage {
        let list = contracts[asset] ?? []
        let largest = list.first { $0.text("contract") == "perpetual" } ?? list.first
        return SitePage(
            .coin(asset),
            Page(
                title: asset, asOf: frame.hour.startTime, navigation: frame.navigation(.coin(asset)),
                notices: notices(asset),
                keyFigures: [
                    .init(
                        "Price", largest?.number("mark_price").map(ValueFormat.price.text),
                        note: largest.map { "\($0.text("symbol") ?? "") on \($0.text("exchange") ?? "")" } ?? ""),
                    .init(
                        "In 24 h", largest?.number("price_change_24h").map(ValueFormat.signedPercent(decimals: 2).text)),
                    .init(
                        "Open interest, USD", sum(list, "open_interest_usd").map(ValueFormat.dollars.text),
                        note: completeness(asset)),
                    .init(
                        "Volume in 24 h, USD", sum(list, "volume_usd_24h").map(ValueFormat.dollars.text),
                        note: completeness(asset)),
                ],
                sections: rows.spans.map { .init($0.name, figures: [panels(asset, $0)]) } + [
                    .init("Contracts", figures: [table(asset, list)])
                ], hasFunding: true))
    }

    /// Exchanges that list the asset, as far as the spans tell.
    private func listing(_ asset: String) -> Set<String> { Set((points[asset] ?? []).map(\.exchangeID)) }

    private func present(_ asset: String) -> Set<String> {
        Set((contracts[asset] ?? []).compactMap { $0.text("exchange_id") })
    }

    /// `21 of 23 exchanges` where some that list the asset are missing, so that a sum of fewer is not taken for a fall.
    private func completeness(_ asset: String) -> String {
        let (there, all) = (present(asset), listing(asset).union(present(asset)))
        return there.count < all.count ? "\(there.count) of \(Numbers.counted(all.count, "exchange"))" : ""
    }

    private func notices(_ asset: String) -> [String] {
        rows.exchanges.rows.filter {
            $0.text("status") == "failed" && listing(asset).contains($0.text("exchange_id") ?? "")
        }.map {
            "\($0.text("exchange") ?? "") is missing: \($0.text("reason") ?? $0.text("cause") ?? "not known")."
        }
    }

    private func table(_ asset: String, _ list: [StoredRow]) -> Figure {
        Figure(
            Anchor("contracts"), heading: "Contracts",
            tables: [
                DataTable(
                    caption: "Contracts of \(asset)",
                    columns: [
                        .names("Contract", list, "symbol"),
                        DataColumn(
                            "Exchange",
                            .links(
                                list.map {
                                    frame.exchange(
                                        $0.text("exchange_id") ?? "", $0.text("exchange") ?? "", from: .coin(asset))
                                })),
                        DataColumn(
                            "Kind",
                            .words(
                                list.map {
                                    let kind = "\($0.text("kind") ?? "") \($0.text("contract") ?? "")"
                                    return $0.integer("core") == 0 ? "\(kind), run by others" : kind
                                })), .names("Quote", list, "quote"),
                        .numbers("Mark price", list, "mark_price", .price),
                        .numbers("Funding", list, "funding_rate_8h", .fundingRate8h),
                        .numbers("Interval", unit: "h", list, "funding_interval_hours", .number(decimals: 0)),
                        .hoursLeft("Settles in", list, "next_funding_at_ms", from: frame.hour),
                        .numbers("Volume in 24 h", list, "volume_usd_24h", .dollars),
                        .numbers("Open interest", list, "open_interest_usd", .dollars),
                        .numbers(
                            "Open interest", unit: "coins", list, "open_interest_base", .number(decimals: 1)),
                        .numbers("Coins a unit", list, "unit_multiplier", .number(decimals: 0)),
                    ])
            ],
            provenance: origin(
                "tickers", exchanges: present(asset).count, of: max(listing(asset).count, present(asset).count)),
            sql: rows.contracts.sql)
    }

    // MARK: - Panels

    /// The exchanges with the most open interest in a span's points, the largest first.
    private func largest(_ list: [CoinPoint]) -> [String] {
        var sizes: [String: Double] = [:]
        for point in list { sizes[point.exchangeID] = max(sizes[point.exchangeID] ?? 0, point.openInterestUSD ?? 0) }
        return sizes.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map(\.key)
    }

    func panels(_ asset: String, _ span: CoinSpan) -> Figure {
        let list = (points[asset] ?? []).filter { span.index(of: $0.hour) != nil }
        let order = largest(list)
        func series(_ id: String, _ value: (CoinPoint) -> Double?) -> [Double?] {
            var values = [Double?](repeating: nil, count: span.grid.count)
            for point in list where point.exchangeID == id {
                if let index = span.index(of: point.hour) { values[index] = value(point) }
            }
            return values
        }
        var panels = [
            Panel(
                "Price", .price,
                .lines(order.prefix(1).map { Series(name($0), series($0) { $0.markPrice }) }, .linear)),
            Panel(
                "Funding", .fundingRate8h,
                .lines(order.prefix(3).map { Series(name($0), series($0) { $0.fundingRate8h }) }, .linearFromZero)),
            Panel("Open interest", .dollars, .stack(stack(order, span) { series($0) { $0.openInterestUSD } })),
        ]
        if span.hasLiquidations, let bars = bars(asset, span) {
            panels.append(Panel("Liquidations", .dollars, .liquidations(bars)))
        }
        let split = order.filter { id in list.contains { $0.exchangeID == id && $0.longFraction != nil } }
        if !split.isEmpty {
            panels.append(
                Panel(
                    "Long accounts", .percent(decimals: 1),
                    .lines(split.prefix(3).map { Series(name($0), series($0) { $0.longFraction }) }, .linear)))
        }
        return Figure(
            Anchor("span-\(span.name)"), heading: "\(asset), \(span.name)",
            note:
                "Snapshots \(span.resolution): price of the exchange with the most open interest, funding of the first three, "
                + "marks for listings and changes of interval."
                + (span.hasLiquidations ? " Liquidations are sums; hatched is a lower bound." : ""),
            chart: TimeChart(
                title: "\(asset), \(span.name)", grid: span.grid, panels: panels, events: marks(asset, span)),
            provenance: origin(
                "tickers, liquidations, long_short_ratios", exchanges: present(asset).count,
                of: max(order.count, present(asset).count)),
            sql: sql(asset, span))
    }

    /// The four largest exchanges, and the sum of the others.
    private func stack(_ order: [String], _ span: CoinSpan, _ series: (String) -> [Double?]) -> [Series] {
        let alone = order.count > 5 ? 4 : order.count
        var stack = order.prefix(alone).map { Series(name($0), series($0)) }
        if alone < order.count {
            let others = order.dropFirst(alone).map(series)
            stack.append(Series("\(others.count) others", MarketPage.total(others, span.grid)))
        }
        return stack
    }

    /// Sums of the parts of a span; `nil` where no exchange that lists the coin tells. `nil` at all when none ever tells.
    private func bars(_ asset: String, _ span: CoinSpan) -> [LiquidationBar?]? {
        struct Key: Hashable {
            let hour: Hour
            let exchangeID: String
        }
        var sums: [Key: (long: Double, short: Double)] = [:]
        for row in liquidations[asset] ?? [] {
            guard let hour = row.hour() else { continue }
            sums[Key(hour: hour, exchangeID: row.text("exchange_id") ?? "")] = (
                row.number("long_usd") ?? 0, row.number("short_usd") ?? 0
            )
        }
        let listed = listing(asset)
        var bars = [LiquidationBar?](repeating: nil, count: span.grid.count)
        var told = [Set<Hour>](repeating: [], count: span.grid.count)
        for row in rows.tellers.rows where row.text("truth") == "complete" || row.text("truth") == "sampled" {
            let id = row.text("exchange_id") ?? ""
            guard listed.contains(id), let hour = row.hour()?.previous, let part = span.part(of: hour) else { continue }
            let sum = sums[Key(hour: hour, exchangeID: id)] ?? (0, 0)
            let whole = MarketPage.isWhole(row)
            told[part].insert(hour)
            bars[part] = LiquidationBar(
                longComplete: (bars[part]?.longComplete ?? 0) + (whole ? sum.long : 0),
                longSampled: (bars[part]?.longSampled ?? 0) + (whole ? 0 : sum.long),
                shortComplete: (bars[part]?.shortComplete ?? 0) + (whole ? sum.short : 0),
                shortSampled: (bars[part]?.shortSampled ?? 0) + (whole ? 0 : sum.short))
        }
        guard bars.contains(where: { $0 != nil }) else { return nil }
        return zip(bars, told).map { bar, hours in hours.count < span.step ? bar?.lowerBound : bar }
    }

    /// What happened to the asset's contracts in a span, at most 40 of it.
    private func marks(_ asset: String, _ span: CoinSpan) -> [EventMark] {
        let all = (events[asset] ?? []).compactMap { row -> EventMark? in
            guard let time = row.time("time_ms"), span.grid.index(of: time) != nil else { return nil }
            let what = "\(row.text("symbol") ?? "") on \(row.text("exchange") ?? "")"
            switch row.text("what") {
            case "listed": return EventMark(time, .listing, what)
            case "removed": return EventMark(time, .delisting, what)
            default:
                func hours(_ name: String) -> String { row.number(name).map { "\(Numbers.fixed($0, 0)) h" } ?? "?" }
                return EventMark(time, .intervalChange, "\(what): \(hours("previous_hours")) to \(hours("hours"))")
            }
        }
        return Array(all.suffix(40))
    }

    /// A query that gives the points of a span.
    private func sql(_ asset: String, _ span: CoinSpan) -> String {
        let hours = span.hours
        return """
            SELECT hour_utc, exchange, symbol, mark_price, funding_rate_8h, open_interest_usd, volume_usd_24h
            FROM tickers
            WHERE asset = '\(asset.replacing("'", with: "''"))' AND contract = 'perpetual' AND core = 1
                AND quote IN ('USDT', 'USDC', 'USD')
                AND hour BETWEEN \(hours[0].start) AND \(hours[hours.count - 1].start)
            ORDER BY hour, exchange, symbol
            """
    }
}

extension LiquidationBar {
    /// The same, where not all that happened in the span is told of.
    fileprivate var lowerBound: LiquidationBar {
        LiquidationBar(
            longComplete: 0, longSampled: longComplete + longSampled, shortComplete: 0,
            shortSampled: shortComplete + shortSampled)
    }
}
