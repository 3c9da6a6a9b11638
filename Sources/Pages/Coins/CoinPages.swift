import Charts
import PerpCore

/// What the pages of coins are made from.
public struct CoinRows: Sendable {
    /// The spans of the pages.
    public var spans: [CoinSpan] = []
    /// The spans' hours, each once, in their order.
    public var hours: [Hour] = []
    /// What the coins did on each exchange in those hours.
    public var series: [CoinSeries] = []
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

    /// The assets with the most open interest that is known.
    /// - Parameter contracts: a row for each market.
    public static func largest(_ contracts: StoredRows, count: Int) -> Set<String> {
        let sizes = contracts.grouped(by: "asset").mapValues {
            $0.reduce(0) { $0 + ($1.number("open_interest_usd") ?? 0) }
        }
        return Set(sizes.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(count).map(\.key))
    }

    /// The assets that have a page: those with two markets, and those in the focus.
    /// - Parameter contracts: a row for each market.
    public static func assets(_ contracts: StoredRows, focus: [String] = ["BTC", "ETH", "SOL"]) -> [String] {
        var counts: [String: Int] = [:]
        for row in contracts.rows { counts[row.text("asset") ?? "", default: 0] += 1 }
        return counts.filter { $0.value >= 2 || focus.contains($0.key) }.keys.sorted()
    }
}

/// A page per coin, and the list of them.
public struct CoinPages: Sendable {
    let frame: SiteFrame
    let rows: CoinRows
    private let series: [String: [CoinSeries]]
    /// Where the points of each span are in a series.
    private let places: [CoinSpan: [Int]]
    private let contracts: [String: [StoredRow]]
    private let liquidations: [String: [StoredRow]]
    private let events: [String: [StoredRow]]
    private let names: [String: String]

    /// The pages of an hour.
    public init(_ frame: SiteFrame, _ rows: CoinRows) {
        (self.frame, self.rows) = (frame, rows)
        series = Dictionary(grouping: rows.series, by: \.asset)
        let numbers = Dictionary(uniqueKeysWithValues: rows.hours.enumerated().map { ($1, $0) })
        places = Dictionary(
            rows.spans.map { ($0, $0.hours.compactMap { numbers[$0] }) }, uniquingKeysWith: { first, _ in first })
        contracts = rows.contracts.grouped(by: "asset")
        liquidations = rows.liquidations.grouped(by: "asset")
        events = rows.events.grouped(by: "asset")
        names = Dictionary(
            rows.exchanges.rows.map { ($0.text("exchange_id") ?? "", $0.text("exchange") ?? "") },
            uniquingKeysWith: { first, _ in first })
    }

    private func name(_ id: String) -> String { names[id] ?? id }

    // MARK: - The list

    private func sum(_ list: [StoredRow], _ name: String) -> Double? {
        let known = list.compactMap { $0.number(name) }
        return known.isEmpty ? nil : known.reduce(0, +)
    }

    /// The list of all coins, the largest first.
    public var list: SitePage {
        let sizes = contracts.mapValues { sum($0, "open_interest_usd") }
        func size(_ asset: String) -> Double { (sizes[asset] ?? nil) ?? -1 }
        let assets = (frame.assets + frame.missingAssets).sorted { (size($1), $0) < (size($0), $1) }
        let lists = assets.map { contracts[$0] ?? [] }
        let largest = lists.map { $0.first { $0.text("contract") == "perpetual" } ?? $0.first }
        func known(_ count: ([StoredRow]) -> Int) -> DataColumn.Values {
            .numbers(lists.map { $0.isEmpty ? nil : Double(count($0)) }, .number(decimals: 0))
        }
        let table = DataTable(
            caption: "Coins and other assets with two markets or more",
            columns: [
                DataColumn("Asset", .links(assets.map { frame.coin($0, from: .coins) })),
                DataColumn("Price", .numbers(largest.map { $0?.number("mark_price") }, .price)),
                DataColumn(
                    "In 24 h", .numbers(largest.map { $0?.number("price_change_24h") }, .signedPercent(decimals: 2))),
                DataColumn("Funding", .numbers(largest.map { $0?.number("funding_rate_8h") }, .fundingRate8h)),
                DataColumn("Open interest", .numbers(lists.map { sum($0, "open_interest_usd") }, .dollars)),
                DataColumn("Volume in 24 h", .numbers(lists.map { sum($0, "volume_usd_24h") }, .dollars)),
                DataColumn("Markets", known(\.count)),
                DataColumn("Exchanges", known { Set($0.compactMap { $0.text("exchange_id") }).count }),
            ])
        let there = Set(rows.contracts.rows.compactMap { $0.text("exchange_id") }).count
        let figure = Figure(
            Anchor("coins"), heading: "Coins",
            note: "The largest open interest first. Price and funding are of the contract with the largest volume."
                + (frame.everyHours > 1 ? " The pages of smaller coins are made every \(frame.everyHours) hours." : "")
                + (frame.missingAssets.isEmpty
                    ? ""
                    : " n/a: an exchange that lists it is missing; its page is of the last hour in which it was there."),
            tables: [table], provenance: frame.origin("tickers", exchanges: there),
            sql: rows.contracts.sql)
        return SitePage(
            .coins,
            Page(
                title: "Coins", asOf: frame.hour.startTime, navigation: frame.navigation(.coins),
                sections: [.init("All coins", figures: [figure])], hasFunding: true))
    }

    // MARK: - One coin

    /// The page of an asset.
    public func page(_ asset: String) -> SitePage {
        let list = contracts[asset] ?? []
        return SitePage(
            .coin(asset),
            Page(
                title: asset, asOf: frame.hour.startTime, navigation: frame.navigation(.coin(asset)),
                notices: notices(asset),
                keyFigures: keyFigures(asset, list),
                sections: rows.spans.map { .init($0.name, figures: [panels(asset, $0)]) } + [
                    .init("Contracts", figures: [table(asset, list)])
                ], hasFunding: true))
    }

    private func keyFigures(_ asset: String, _ list: [StoredRow]) -> [Page.KeyFigure] {
        let place = list.firstIndex { $0.text("contract") == "perpetual" } ?? 0
        let largest = list.indices.contains(place) ? list[place] : nil
        let contract = largest.map { "\($0.text("symbol") ?? "") on \($0.text("exchange") ?? "")" } ?? ""
        let missing = completeness(asset)
        func sums(_ column: String) -> String {
            ["of \(list.count { $0.number(column) != nil }) of \(Numbers.counted(list.count, "contract"))", missing]
                .filter { !$0.isEmpty }.joined(separator: ", ")
        }
        return [
            .init(
                "Price", largest?.number("mark_price").map(ValueFormat.price.text), note: contract,
                explanation: way(asset, "price", place)),
            .init("In 24 h", largest?.number("price_change_24h").map(ValueFormat.signedPercent(decimals: 2).text)),
            .init(
                "Funding, % per 8 h", largest?.number("funding_rate_8h").map { Numbers.signed($0 * 100, 4) },
                note: contract, explanation: way(asset, "funding", place)),
            .init(
                "Open interest, USD", sum(list, "open_interest_usd").map(ValueFormat.dollars.text),
                note: sums("open_interest_usd")),
            .init(
                "Volume in 24 h, USD", sum(list, "volume_usd_24h").map(ValueFormat.dollars.text),
                note: sums("volume_usd_24h")),
        ]
    }

    /// The way to the page that says how a number of a contract came about.
    private func way(_ asset: String, _ figure: String, _ place: Int) -> PageLink? {
        frame.explanation(ExplainedNumber.coinName(asset, figure, place), from: .coin(asset))
    }

    /// Exchanges that list the asset, as far as the spans tell.
    private func listing(_ asset: String) -> Set<String> { Set((series[asset] ?? []).map(\.exchangeID)) }

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
        func explained(_ title: String, _ name: String, _ format: ValueFormat, _ figure: String) -> DataColumn {
            DataColumn(
                title, .numbers(list.map { $0.number(name) }, format),
                explanations: list.indices.map { way(asset, figure, $0) })
        }
        return Figure(
            Anchor("contracts"), heading: "Contracts",
            note: list.indices.contains { way(asset, "price", $0) != nil }
                ? "A number that is a link leads to the bytes that it was made from." : "",
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
                        explained("Mark price", "mark_price", .price, "price"),
                        explained("Funding", "funding_rate_8h", .fundingRate8h, "funding"),
                        .numbers("Interval", unit: "h", list, "funding_interval_hours", .number(decimals: 0)),
                        .hoursLeft("Settles in", list, "next_funding_at_ms", from: frame.hour),
                        explained("Volume in 24 h", "volume_usd_24h", .dollars, "volume"),
                        explained("Open interest", "open_interest_usd", .dollars, "open-interest"),
                        .numbers(
                            "Open interest in coins", unit: "coins", list, "open_interest_base", .number(decimals: 1)),
                        .numbers("Coins a unit", list, "unit_multiplier", .number(decimals: 0)),
                    ])
            ],
            provenance: frame.origin(
                "tickers", exchanges: present(asset).count, of: max(listing(asset).count, present(asset).count)),
            sql: rows.contracts.sql, commands: frame.command.texts(list, "funding", frame.hour))
    }

    // MARK: - Panels

    /// What an asset did on each exchange in a span, the exchange with the most open interest first.
    private func inSpan(_ asset: String, _ span: CoinSpan) -> [CoinSeries] {
        let places = places[span] ?? []
        let list = (series[asset] ?? []).map { series in
            CoinSeries(
                asset: asset, exchangeID: series.exchangeID,
                points: places.map { series.points.indices.contains($0) ? series.points[$0] : CoinPoint() })
        }
        let sized = list.filter { $0.points.contains { $0 != CoinPoint() } }.map {
            (series: $0, size: $0.points.compactMap(\.openInterestUSD).max() ?? 0)
        }
        return sized.sorted { ($1.size, $0.series.exchangeID) < ($0.size, $1.series.exchangeID) }.map(\.series)
    }

    func panels(_ asset: String, _ span: CoinSpan) -> Figure {
        let order = inSpan(asset, span)
        func lines(_ count: Int, _ list: [CoinSeries], _ value: (CoinPoint) -> Double?) -> [Series] {
            list.prefix(count).map { Series(name($0.exchangeID), $0.points.map(value)) }
        }
        var panels = [
            Panel("Price", .price, .lines(lines(1, order) { $0.markPrice }, .linear)),
            Panel("Funding", .fundingRate8h, .lines(lines(3, order) { $0.fundingRate8h }, .linearFromZero)),
            Panel("Open interest", .dollars, .stack(stack(order, span))),
        ]
        if span.hasLiquidations, let bars = bars(asset, span) {
            panels.append(Panel("Liquidations", .dollars, .liquidations(bars)))
        }
        let split = order.filter { $0.points.contains { $0.longFraction != nil } }
        if !split.isEmpty {
            panels.append(
                Panel("Long accounts", .percent(decimals: 1), .lines(lines(3, split) { $0.longFraction }, .linear)))
        }
        return Figure(
            Anchor("span-\(span.name)"), heading: "\(asset), \(span.name)",
            note:
                "Snapshots \(span.resolution) of perpetual contracts in USD, USDT or USDC: price of the exchange with the most "
                + "open interest in the span, funding of the first three, "
                + "marks for listings and changes of interval."
                + (span.hasLiquidations ? " Liquidations are sums; dotted is a lower bound." : ""),
            chart: TimeChart(
                title: "\(asset), \(span.name)", grid: span.grid, panels: panels, events: marks(asset, span)),
            provenance: frame.origin(
                "tickers, liquidations, long_short_ratios", unit: "on the axes", exchanges: present(asset).count,
                of: max(order.count, present(asset).count)),
            sql: sql(asset, span))
    }

    /// The four largest exchanges, and the sum of the others.
    private func stack(_ order: [CoinSeries], _ span: CoinSpan) -> [Series] {
        let lists = order.map { $0.points.map(\.openInterestUSD) }
        let alone = order.count > 5 ? 4 : order.count
        var stack = zip(order, lists).prefix(alone).map { Series(name($0.exchangeID), $1) }
        if alone < order.count {
            stack.append(
                Series("\(order.count - alone) others", MarketPage.total(Array(lists[alone...]), span.grid)))
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

    /// The queries that give the points of a span.
    private func sql(_ asset: String, _ span: CoinSpan) -> String {
        let (first, last) = (span.hours[0].start, span.hours[span.hours.count - 1].start)
        let name = "'\(asset.replacing("'", with: "''"))'"
        let points = """
            SELECT hour_utc, exchange, symbol, mark_price, funding_rate_8h, open_interest_usd, volume_usd_24h
            FROM tickers
            WHERE asset = \(name) AND contract = 'perpetual' AND core = 1 AND quote IN ('USDT', 'USDC', 'USD')
                AND hour BETWEEN \(first) AND \(last)
            ORDER BY hour, exchange, symbol
            """
        let accounts = """
            SELECT hour_utc, exchange, long_fraction
            FROM long_short_ratios
            WHERE asset = \(name) AND population = 'accounts' AND hour BETWEEN \(first) AND \(last)
            ORDER BY hour, exchange, observed_at_ms
            """
        let liquidations = """
            SELECT hour, exchange_id, sum(long_usd) AS long_usd, sum(short_usd) AS short_usd
            FROM (
            \(rows.liquidations.sql)
            )
            WHERE asset = \(name)
            GROUP BY hour, exchange_id
            """
        return ([points, accounts] + (span.hasLiquidations ? [liquidations] : [])).joined(separator: ";\n\n")
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
