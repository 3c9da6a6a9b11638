import Charts
import PerpCore

extension MarketPage {
    /// How many coins a map has.
    static let mapCoins = 20

    /// The coins with the most open interest that is known, the first one the largest; by volume where none is.
    var largestCoins: [String] {
        var sizes: [String: (openInterest: Double, volume: Double)] = [:]
        for row in rows.references.rows where MarketRows.isCoin(row) {
            let asset = row.text("asset") ?? ""
            sizes[asset, default: (0, 0)].openInterest += row.number("open_interest_usd") ?? 0
            sizes[asset, default: (0, 0)].volume += row.number("volume_usd_24h") ?? 0
        }
        let sorted = sizes.sorted {
            ($1.value.openInterest, $1.value.volume, $0.key) < ($0.value.openInterest, $0.value.volume, $1.key)
        }
        return sorted.prefix(Self.mapCoins).map(\.key)
    }

    /// A map of coins and exchanges. What an absent exchange would have is not known; what an exchange does not list is empty.
    func map(
        _ title: String, _ format: ValueFormat, limit: Double? = nil, _ value: (StoredRow) -> Double?
    ) -> (chart: HeatMap, exchanges: Int)? {
        let coins = largestCoins
        let columns = rows.exchanges.rows.map { (id: $0.text("exchange_id") ?? "", name: $0.text("exchange") ?? "") }
        guard !coins.isEmpty, !columns.isEmpty else { return nil }
        var cells: [String: [String: HeatMap.Cell]] = [:]
        var telling: Set<String> = []
        for row in rows.references.rows {
            guard let asset = row.text("asset"), let id = row.text("exchange_id") else { continue }
            let known = value(row)
            if known != nil { telling.insert(id) }
            cells[asset, default: [:]][id] = known.map(HeatMap.Cell.value) ?? .missing(cause: "not stated")
        }
        let causes = rows.causes
        let lists = coins.map { coin in
            columns.map { cells[coin]?[$0.id] ?? causes[$0.id].map(HeatMap.Cell.missing) ?? .absent }
        }
        let used = columns.indices.filter { column in lists.contains { $0[column] != .absent } }
        let chart = HeatMap(
            title: title, rowTitle: "Coin", rows: coins, columns: used.map { columns[$0].name },
            cells: lists.map { list in used.map { list[$0] } }, format: format, limit: limit)
        return (chart, telling.count)
    }

    var fundingMap: Figure? {
        guard
            let map = map(
                "Funding by coin and exchange", .fundingRate8h, limit: 0.0005, { $0.number("funding_rate_8h") })
        else { return nil }
        return Figure(
            Anchor("funding"), heading: "Funding by coin and exchange",
            note:
                "What the exchanges show for the next settlement, of the perpetual that stands for the coin. Positive, orange: "
                + "longs pay. Hatched is not known; an empty cell is a coin that the exchange does not list, or lists as something else.",
            chart: map.chart,
            provenance: origin("reference_perpetuals", unit: "% of notional", exchanges: map.exchanges),
            sql: rows.references.sql,
            explanation: frame.explanation(ExplainedNumber.marketName("funding"), from: .market),
            commands: commands("funding")
                + commands(rows.references.texts("exchange_id"), largestCoins.first, "funding 8h"))
    }

    /// The forecasts of the perpetuals that stand for coins.
    private var standingForecasts: [StoredRow] {
        let standing = Set(rows.references.rows.map { [$0.text("exchange_id") ?? "", $0.text("symbol") ?? ""] })
        return rows.forecasts.rows.filter {
            standing.contains([$0.text("exchange_id") ?? "", $0.text("symbol") ?? ""])
        }
    }

    /// What settled last against what is shown for the next settlement and what is forecast, a row each and their difference; of
    /// the coins whose settlements are asked for.
    var settledMap: Figure? {
        let list = standingForecasts
        let columns = rows.exchanges.rows.map { (id: $0.text("exchange_id") ?? "", name: $0.text("exchange") ?? "") }
        guard !list.isEmpty, !columns.isEmpty else { return nil }
        let lines: [(name: String, value: (StoredRow) -> Double?)] = [
            ("settled", { $0.number("last_settled_8h") }), ("shown", { $0.number("displayed_8h") }),
            ("change", Self.change),
        ]
        let coins = StoredRows(sql: "", rows: list).texts("asset")
        let causes = rows.causes
        var cells: [[HeatMap.Cell]] = []
        for coin in coins {
            let own = list.filter { $0.text("asset") == coin }
            for line in lines {
                cells.append(
                    columns.map { column in
                        guard let row = own.first(where: { $0.text("exchange_id") == column.id }) else {
                            return causes[column.id].map(HeatMap.Cell.missing) ?? .absent
                        }
                        return line.value(row).map(HeatMap.Cell.value) ?? .missing(cause: "not stored")
                    })
            }
        }
        let used = columns.indices.filter { column in cells.contains { $0[column] != .absent } }
        return Figure(
            Anchor("settled-map"), heading: "Settled against predicted",
            note:
                "For each coin whose settlements are asked for: the last settled rate, what the exchange shows for the next "
                + "settlement, and by how much that is more (change).",
            chart: HeatMap(
                title: "Funding: settled against predicted", rowTitle: "Coin",
                rows: coins.flatMap { coin in lines.map { "\(coin) \($0.name)" } },
                columns: used.map { columns[$0].name }, cells: cells.map { line in used.map { line[$0] } },
                format: .fundingRate8h, limit: 0.0005),
            provenance: origin("funding_forecasts", unit: "% of notional", exchanges: count(list)),
            sql: rows.forecasts.sql,
            commands: list.compactMap(settlementCommand))
    }

    /// The command that explains the last settled rate, as far as the interval says when that was.
    private func settlementCommand(_ row: StoredRow) -> String? {
        guard let next = row.integer("settles_at_ms"), let interval = row.number("interval_h"),
            row.number("last_settled_8h") != nil, let id = row.text("exchange_id"), let symbol = row.text("symbol"),
            !symbol.contains(where: \.isWhitespace)
        else { return nil }
        let settled = Timestamp(milliseconds: next - Int64(interval * 3_600_000))
        return frame.command.text("settlement \(id) \(symbol) \(settled)")
    }

    /// How far the rate that is shown lies above the last settled one.
    private static func change(_ row: StoredRow) -> Double? {
        guard let shown = row.number("displayed_8h"), let settled = row.number("last_settled_8h") else { return nil }
        return shown - settled
    }

    /// How long it is to the next settlements of each exchange.
    var clocks: Figure? {
        let coins = Set(largestCoins)
        let groups = StoredRows(sql: "", rows: rows.references.rows.filter { coins.contains($0.text("asset") ?? "") })
            .grouped(by: "exchange_id")
        let exchanges = rows.exchanges.rows.filter {
            groups[$0.text("exchange_id") ?? ""] != nil || $0.text("status") == "failed"
        }
        let left = exchanges.map { Self.hoursLeft(groups[$0.text("exchange_id") ?? ""] ?? [], frame.hour) }
        guard left.contains(where: { !$0.isEmpty }) else { return nil }
        return Figure(
            Anchor("clocks"), heading: "Time to the next settlement",
            note: "Of the coins above, from the start of the hour of the page; each coin's page has its contracts.",
            tables: [
                DataTable(
                    caption: "Time to the next settlement",
                    columns: [
                        DataColumn(
                            "Exchange",
                            .links(
                                exchanges.map {
                                    frame.exchange(
                                        $0.text("exchange_id") ?? "", $0.text("exchange") ?? "", from: .market)
                                })),
                        DataColumn("Soonest", unit: "h", .numbers(left.map { $0.first?.hours }, .number(decimals: 1))),
                        DataColumn("Latest", unit: "h", .numbers(left.map { $0.last?.hours }, .number(decimals: 1))),
                        DataColumn("Coins", .words(left.map { $0.isEmpty ? nil : Self.said($0) })),
                    ])
            ],
            provenance: origin("reference_perpetuals", exchanges: left.count { !$0.isEmpty }), sql: rows.references.sql)
    }

    /// How many coins settle in how many hours, the soonest first; those of which it is not stated are left out.
    static func hoursLeft(_ list: [StoredRow], _ hour: Hour) -> [(hours: Double, coins: Int)] {
        let tenths = list.compactMap { row in
            row.integer("next_funding_at_ms").map { (Double($0 - hour.startMilliseconds) / 360_000).rounded() }
        }
        return Dictionary(grouping: tenths) { $0 }.sorted { $0.key < $1.key }.map { ($0.key / 10, $0.value.count) }
    }

    private static func said(_ groups: [(hours: Double, coins: Int)]) -> String {
        groups.map { "\($0.coins) in \(ValueFormat.number(decimals: 1).text($0.hours)) h" }.joined(separator: ", ")
    }

    /// What is forecast, with what is known of its errors.
    var fundingTable: Figure? {
        let list = standingForecasts
        guard !list.isEmpty else { return nil }
        return Figure(
            Anchor("forecasts"), heading: "Forecasts of the next settlement",
            note:
                "Our forecast with the interval "
                + "that holds at least 80 % of outcomes by past errors (n/a: fewer than 100 of them). The method is model only "
                + "where that has beaten the exchange's own estimate.",
            tables: [
                DataTable(
                    caption: "Forecasts of the next settlement",
                    columns: [
                        DataColumn(
                            "Coin", .links(list.map { frame.coin($0.text("asset") ?? "", from: .market) })),
                        DataColumn(
                            "Exchange",
                            .links(
                                list.map {
                                    frame.exchange(
                                        $0.text("exchange_id") ?? "", $0.text("exchange") ?? "", from: .market)
                                })),
                        .numbers("Forecast", list, "rate_8h", .fundingRate8h),
                        .numbers("Low", list, "low_8h", .fundingRate8h),
                        .numbers("High", list, "high_8h", .fundingRate8h),
                        .words("Method", list, "method"),
                        .hoursLeft("Settles in", list, "settles_at_ms", from: frame.hour),
                        .numbers("Interval", unit: "h", list, "interval_h", .number(decimals: 0)),
                    ])
            ], provenance: origin("funding_forecasts", exchanges: count(list)), sql: rows.forecasts.sql)
    }

    // MARK: - Premium and basis

    /// Mark price over index price of an exchange's own.
    static func premium(_ row: StoredRow) -> Double? {
        guard let mark = row.number("mark_price"), let index = row.number("index_price"), index > 0 else { return nil }
        return mark / index - 1
    }

    var premiums: Figure? {
        guard let map = map("Premium by coin and exchange", .basisPoints(decimals: 1), { Self.premium($0) })
        else { return nil }
        return Figure(
            Anchor("premium"), heading: "Premium by coin and exchange",
            note:
                "The mark price against the exchange's own index price, in basis points. Positive, orange: the perpetual is dearer.",
            chart: map.chart, provenance: origin("tickers", unit: "bps", exchanges: map.exchanges),
            sql: rows.references.sql)
    }

    var bases: Figure? {
        let list = rows.bases.rows
        guard !list.isEmpty else { return nil }
        return Figure(
            Anchor("basis"), heading: "Basis to spot",
            note:
                "The perpetual against the spot market of the same exchange and quote, both observed within a minute.",
            tables: [
                DataTable(
                    caption: "Basis to spot",
                    columns: [
                        DataColumn("Coin", .links(list.map { frame.coin($0.text("asset") ?? "", from: .market) })),
                        .names("Exchange", list, "exchange"), .names("Perpetual", list, "perpetual_symbol"),
                        .numbers("Price", list, "perpetual_price", .price), .names("Spot market", list, "spot_symbol"),
                        .numbers("Spot price", list, "spot_price", .price),
                        .percents("Basis", list, "basis_percent", .basisPoints(decimals: 1)),
                    ])
            ], provenance: origin("bases", exchanges: count(list, "exchange")), sql: rows.bases.sql)
    }
}
