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
                + "longs pay. Hatched is not known; an empty cell is a coin that the exchange does not list.",
            chart: map.chart, provenance: origin("reference_perpetuals", exchanges: map.exchanges),
            sql: rows.references.sql)
    }

    /// What settled, what is shown and what is forecast, where there is a forecast.
    var fundingTable: Figure? {
        let standing = Set(rows.references.rows.map { [$0.text("exchange_id") ?? "", $0.text("symbol") ?? ""] })
        let list = rows.forecasts.rows.filter {
            standing.contains([$0.text("exchange_id") ?? "", $0.text("symbol") ?? ""])
        }
        guard !list.isEmpty else { return nil }
        return Figure(
            Anchor("settled-and-predicted"), heading: "Settled, shown and forecast",
            note:
                "The last settled rate, what the exchange shows for the next settlement, and our forecast with the interval "
                + "that holds at least 80 % of outcomes by past errors (n/a: fewer than 100 of them). The method is model only "
                + "where that has beaten the exchange's own estimate.",
            tables: [
                DataTable(
                    caption: "Funding: settled, shown and forecast",
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
                        .numbers("Settled", list, "last_settled_8h", .fundingRate8h),
                        .numbers("Shown", list, "displayed_8h", .fundingRate8h),
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
