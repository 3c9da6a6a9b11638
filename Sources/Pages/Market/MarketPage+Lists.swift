import Charts
import PerpCore

extension MarketPage {
    /// Which assets a list is about.
    enum Assets {
        case coins
        case others

        func has(_ row: StoredRow) -> Bool { MarketRows.isCoin(row) == (self == .coins) }

        var suffix: String { self == .coins ? "" : " of other classes" }
        var anchor: String { self == .coins ? "" : "-classes" }
    }

    // MARK: - Spreads

    func fundingSpreads(of assets: Assets) -> Figure {
        let list = Array(rows.fundingSpreads.rows.filter(assets.has).prefix(15))
        var next: [[String]: Int64] = [:]
        for row in rows.references.rows {
            next[[row.text("exchange_id") ?? "", row.text("symbol") ?? ""]] = row.integer("next_funding_at_ms")
        }
        func clock(_ leg: String) -> DataColumn {
            DataColumn(
                "Settles in, \(leg)", unit: "h",
                .numbers(
                    list.map {
                        next[[$0.text("\(leg)_exchange_id") ?? "", $0.text("\(leg)_symbol") ?? ""]]
                            .map { Double($0 - frame.hour.startMilliseconds) / 3_600_000 }
                    }, .number(decimals: 1)))
        }
        return Figure(
            Anchor("funding-spreads\(assets.anchor)"), heading: "Best funding spreads\(assets.suffix)",
            note:
                "Short where funding is high, long where it is low. Net: after opening and closing both legs as a taker, held "
                + "for 7 days; rates may change meanwhile. Capacity is of the smaller leg. None below five million dollars of volume. "
                + "Strategies leave out pairs with little capacity, so that signals may name another one.",
            tables: [
                DataTable(
                    caption: "Best funding spreads\(assets.suffix)",
                    columns: [
                        DataColumn("Asset", .links(list.map { frame.coin($0.text("asset") ?? "", from: .market) })),
                        .names("Short on", list, "short_exchange"), .names("Long on", list, "long_exchange"),
                        .percents("Net a year", list, "net_apr", .signedPercent(decimals: 1)),
                        .percents("Gross a year", list, "gross_apr", .signedPercent(decimals: 1)),
                        .numbers("Capacity", list, "capacity_usd", .dollars),
                        DataColumn(
                            "Entry gap",
                            .numbers(
                                list.map { $0.number("entry_gap_bps").map { $0 / 10_000 } }, .basisPoints(decimals: 1))),
                        .numbers("Interval, short", unit: "h", list, "short_interval_hours", .number(decimals: 0)),
                        .numbers("Interval, long", unit: "h", list, "long_interval_hours", .number(decimals: 0)),
                        clock("short"), clock("long"),
                    ])
            ], provenance: origin("all_funding_spreads", exchanges: count(rows.references.rows)),
            sql: rows.fundingSpreads.sql)
    }

    func priceSpreads(of assets: Assets) -> Figure {
        let list = Array(rows.priceSpreads.rows.filter(assets.has).prefix(15))
        return Figure(
            Anchor("price-spreads\(assets.anchor)"), heading: "Widest price spreads\(assets.suffix)",
            note:
                "Between the cheapest and the dearest perpetual of an asset, of exchanges with a million dollars of its volume.",
            tables: [
                DataTable(
                    caption: "Widest price spreads\(assets.suffix)",
                    columns: [
                        DataColumn("Asset", .links(list.map { frame.coin($0.text("asset") ?? "", from: .market) })),
                        .percents("Spread", list, "spread_percent", .basisPoints(decimals: 1)),
                        .names("Cheapest on", list, "lowest_exchange"),
                        .numbers("Low at", unit: "USD per coin", list, "lowest", .price),
                        .names("Dearest on", list, "highest_exchange"),
                        .numbers("High at", unit: "USD per coin", list, "highest", .price),
                        .numbers("Exchanges", list, "venues", .number(decimals: 0)),
                    ])
            ], provenance: origin("all_price_spreads", exchanges: count(rows.references.rows)),
            sql: rows.priceSpreads.sql)
    }

    // MARK: - Alerts and anomalies

    /// What came of an alert, in words.
    static func outcome(_ row: StoredRow) -> String {
        switch (row.text("outcome"), row.integer("success")) {
        case ("resolved", 1): "came true"
        case ("resolved", 0): "did not come true"
        case (nil, _): "not judged yet"
        case (let status?, _): spoken(status)
        }
    }

    var alerts: Figure {
        let list = rows.alerts.rows
        return Figure(
            Anchor("alerts"), heading: "Alerts of 7 days, and what came of them",
            note: list.isEmpty
                ? "None was raised."
                : "Alerts that began or turned. The value is what was left of the notional, after funding and costs.",
            tables: [Self.alertTable("Alerts of 7 days", list)],
            provenance: origin("alert, alert_outcome"), sql: rows.alerts.sql)
    }

    static func alertTable(_ caption: String, _ list: [StoredRow]) -> DataTable {
        DataTable(
            caption: caption,
            columns: [
                .hours("Hour", list), .names("Alert", list, "key"), .words("Direction", list, "direction"),
                .numbers("Confidence", unit: "%", list, "confidence", .number(decimals: 0)),
                DataColumn(
                    "Message",
                    .names(list.map { $0.text("message").map { String($0.prefix { $0 != "\n" }.prefix(160)) } })),
                DataColumn("What came of it", .words(list.map(outcome))),
                DataColumn(
                    "Value",
                    .numbers(list.map { $0.number("value_bp").map { $0 / 10_000 } }, .basisPoints(decimals: 0))),
                .numbers("By chance", list, "base_rate", .percent(decimals: 0)),
            ])
    }

    var anomalies: Figure {
        let list = rows.doubts
        return Figure(
            Anchor("anomalies"), heading: "Anomalies of the hour", note: list.isEmpty ? "None was found." : "",
            tables: [
                DataTable(
                    caption: "What is to be doubted",
                    columns: [
                        DataColumn("Severity", .words(list.map(\.severity))),
                        DataColumn("Rule", .words(list.map { spoken($0.kind) })),
                        DataColumn("What", .names(list.map(\.text))),
                    ])
            ], provenance: origin("exchange_summary, market_summary"),
            sql: "-- Rules find them in these rows and in the tickers: make report HOUR=\(frame.hour)\n"
                + rows.exchanges.sql)
    }
}
