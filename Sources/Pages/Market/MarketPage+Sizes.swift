import Charts
import PerpCore

extension MarketPage {
    /// How many series a stack may have.
    private static let stacked = 8

    /// The exchanges by open interest in the week's last row of each, the largest first.
    private var largestExchanges: [String] {
        var last: [String: Double] = [:]
        for row in rows.exchangeSeries.rows {
            if let value = row.number("open_interest") { last[row.text("exchange") ?? ""] = value }
        }
        return last.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map(\.key)
    }

    var openInterest: Figure? {
        let grid = TimeGrid(hours: frame.week)
        let groups = rows.exchangeSeries.grouped(by: "exchange")
        let names = largestExchanges
        guard !names.isEmpty else { return nil }
        let lists = names.map { name in
            StoredRows(sql: "", rows: groups[name] ?? []).placed(grid) { $0.number("open_interest") }
        }
        let alone = names.count > Self.stacked ? Self.stacked - 1 : names.count
        var series = zip(names, lists).prefix(alone).map { Series($0, $1) }
        if alone < names.count {
            series.append(Series("\(names.count - alone) others", Self.total(Array(lists[alone...]), grid)))
        }
        return Figure(
            Anchor("open-interest"), heading: "Open interest by exchange, 7 days",
            note:
                "Coins only, one side counted once. Where an exchange is missing, or has fewer contracts than before, its part "
                + "and the total are not known.",
            chart: TimeChart(
                title: "Open interest by exchange, 7 days", grid: grid,
                panels: [Panel("Open interest", .dollars, .stack(series))]),
            provenance: origin("exchange_hours", unit: "USD, one side", exchanges: openInterestExchanges),
            sql: rows.exchangeSeries.sql,
            explanation: frame.explanation(ExplainedNumber.marketName("open-interest"), from: .market),
            commands: commands("open interest")
                + commands(rows.references.texts("exchange_id"), largestCoins.first, "open interest"))
    }

    private var openInterestExchanges: Int {
        rows.exchanges.rows.count {
            $0.text("status") != "failed" && $0.number("open_interest") != nil && $0.integer("open_interest_whole") == 1
        }
    }

    /// The sum in each span where all of those are known that were known before it in the week.
    static func total(_ lists: [[Double?]], _ grid: TimeGrid) -> [Double?] {
        let first = lists.map { $0.firstIndex { $0 != nil } ?? grid.count }
        return (0..<grid.count).map { index in
            let begun = lists.indices.filter { first[$0] <= index }
            guard !begun.isEmpty else { return nil }
            var sum = 0.0
            for list in begun {
                guard let value = lists[list][index] else { return nil }
                sum += value
            }
            return sum
        }
    }

    var openInterestChanges: Figure? {
        let list = rows.openInterestChanges.rows
        guard !list.isEmpty else { return nil }
        return Figure(
            Anchor("open-interest-changes"), heading: "How open interest changed",
            note: "In dollars, so that price moves it too. n/a: one of the two hours is missing or not comparable.",
            tables: [
                DataTable(
                    caption: "Open interest and its change",
                    columns: [
                        .names("Exchange", list, "exchange"),
                        .numbers("Open interest", list, "open_interest_usd", .dollars),
                        .percents("In 1 h", list, "change_1h_percent", .signedPercent(decimals: 2)),
                        .percents("In 24 h", list, "change_24h_percent", .signedPercent(decimals: 2)),
                    ])
            ], provenance: origin("open_interest_changes", exchanges: count(list, "exchange")),
            sql: rows.openInterestChanges.sql)
    }

    // MARK: - Volume

    private var sharesNow: [StoredRow] { rows.shares.rows.filter { $0.hour() == frame.hour } }

    var shares: Figure? {
        let list = sharesNow
        guard !list.isEmpty else { return nil }
        let absent = rows.exchanges.rows.filter { $0.text("status") == "failed" }
        let values = list.map { (name: $0.text("exchange") ?? "", value: $0.fraction(percent: "volume_percent")) }
        return Figure(
            Anchor("volume-shares"), heading: "Shares of volume",
            note: "Of what was reported in a rolling day; an absent exchange raises the others' shares.",
            chart: NamedBars(
                title: "Shares of volume", nameTitle: "Exchange", valueTitle: "Share of volume",
                values: values + absent.map { (name: $0.text("exchange") ?? "", value: nil) },
                format: .percent(decimals: 1)),
            provenance: origin("market_shares", unit: "% of reported volume", exchanges: list.count),
            sql: rows.shares.sql, explanation: frame.explanation(ExplainedNumber.marketName("volume"), from: .market),
            commands: commands("volume") + commands(rows.references.texts("exchange_id"), largestCoins.first, "volume"))
    }

    /// The sum of squared shares in percent: 10 000 is one exchange.
    static func concentration(_ shares: [StoredRow]) -> Double? {
        let known = shares.compactMap { $0.number("volume_percent") }
        return known.isEmpty ? nil : known.reduce(0) { $0 + $1 * $1 }
    }

    var concentration: Figure? {
        let hours = [frame.hour, frame.hour.advanced(by: -24)]
        let lists = hours.map { hour in rows.shares.rows.filter { $0.hour() == hour } }
        let indices = lists.map(Self.concentration)
        guard indices[0] != nil else { return nil }
        func share(_ type: String) -> [Double?] {
            lists.map { list in
                list.isEmpty
                    ? nil
                    : list.filter { $0.text("exchange_type") == type }
                        .compactMap { $0.fraction(percent: "volume_percent") }.reduce(0, +)
            }
        }
        return Figure(
            Anchor("concentration"), heading: "Concentration of volume",
            note:
                "The Herfindahl index: above 2500 is high, 1500 to 2500 moderate. Compare hours with equally many exchanges.",
            tables: [
                DataTable(
                    caption: "Concentration now and a day ago",
                    columns: [
                        DataColumn("Hour", .times(hours.map(\.startTime))),
                        DataColumn("Index", .numbers(indices, .number(decimals: 0))),
                        DataColumn(
                            "Level",
                            .words(indices.map { $0.map { $0 > 2500 ? "High" : $0 > 1500 ? "Moderate" : "Low" } })),
                        DataColumn(
                            "Equal exchanges", .numbers(indices.map { $0.map { 10_000 / $0 } }, .number(decimals: 1))),
                        DataColumn("Centralized", .numbers(share("CEX"), .percent(decimals: 1))),
                        DataColumn("Decentralized", .numbers(share("DEX"), .percent(decimals: 1))),
                        DataColumn(
                            "Exchanges",
                            .numbers(lists.map { $0.isEmpty ? nil : Double($0.count) }, .number(decimals: 0))),
                    ])
            ], provenance: origin("market_concentration", exchanges: sharesNow.count), sql: rows.shares.sql)
    }

    // MARK: - Movers

    /// The coins whose price changed most in a day, by the perpetual with the largest volume of each.
    private var moved: [StoredRow] {
        var best: [String: StoredRow] = [:]
        for row in rows.references.rows where MarketRows.isCoin(row) && (row.number("volume_usd_24h") ?? 0) >= 1e6 {
            let asset = row.text("asset") ?? ""
            guard row.number("price_change_24h") != nil else { continue }
            if let other = best[asset], other.number("volume_usd_24h") ?? 0 >= row.number("volume_usd_24h") ?? 0 {
                continue
            }
            best[asset] = row
        }
        return best.values.sorted {
            ($1.number("price_change_24h") ?? 0, $0.text("asset") ?? "")
                < ($0.number("price_change_24h") ?? 0, $1.text("asset") ?? "")
        }
    }

    var movers: Figure {
        let all = moved
        let list = all.count <= 20 ? all : Array(all.prefix(10) + all.suffix(10))
        return Figure(
            Anchor("movers"), heading: "Movers in 24 h",
            note:
                "The ten that rose and the ten that fell most, of coins with a perpetual that trades a million dollars a day.",
            tables: [
                DataTable(
                    caption: "Movers in 24 h",
                    columns: [
                        DataColumn("Coin", .links(list.map { frame.coin($0.text("asset") ?? "", from: .market) })),
                        .numbers("Change", list, "price_change_24h", .signedPercent(decimals: 2)),
                        .names("Exchange", list, "exchange"), .names("Contract", list, "symbol"),
                        .numbers("Price", list, "price", .price),
                        .numbers("Volume in 24 h", list, "volume_usd_24h", .dollars),
                        .numbers("Open interest", list, "open_interest_usd", .dollars),
                        .numbers("Funding", list, "funding_rate_8h", .fundingRate8h),
                    ])
            ], provenance: origin("reference_perpetuals", exchanges: count(rows.references.rows)),
            sql: rows.references.sql)
    }

    // MARK: - Classes

    var classes: Figure {
        let list = rows.classes.rows
        return Figure(
            Anchor("classes"), heading: "Totals by class of asset",
            note: "A market that somebody else runs on an exchange stands apart: it is in no other total.",
            tables: [
                DataTable(
                    caption: "Totals by class of asset",
                    columns: [
                        .words("Class", list, "asset_class"),
                        DataColumn("Run by", .words(list.map { $0.integer("core") == 0 ? "others" : "the exchange" })),
                        .numbers("Exchanges", list, "exchanges", .number(decimals: 0)),
                        .numbers("Markets", list, "markets", .number(decimals: 0)),
                        .numbers("Volume in 24 h", list, "volume_usd", .dollars),
                        .numbers("Open interest", list, "open_interest_usd", .dollars),
                    ])
            ], provenance: origin("class_totals"), sql: rows.classes.sql)
    }
}
