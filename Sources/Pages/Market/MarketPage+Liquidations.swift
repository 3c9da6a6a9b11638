import Charts
import PerpCore

extension MarketPage {
    /// Whether all of an exchange's liquidations of the hour are in a row: it tells of each, and was heard for all of it.
    static func isWhole(_ row: StoredRow) -> Bool {
        ["complete", "aggregate"].contains(row.text("truth") ?? "") && (row.number("heard_share") ?? 1) >= 1
    }

    /// A bar per hour, from rows of the exchanges that told; `nil` where none did. A row's hour is the one after what it sums.
    static func bars(_ answer: StoredRows, _ grid: TimeGrid) -> [LiquidationBar?] {
        var bars = [LiquidationBar?](repeating: nil, count: grid.count)
        for row in answer.rows where row.text("truth") != "none" {
            guard let hour = row.hour(), let index = grid.index(of: hour.previous.startTime),
                let long = row.number("long_usd"), let short = row.number("short_usd")
            else { continue }
            let whole = isWhole(row)
            let before = bars[index]
            bars[index] = LiquidationBar(
                longComplete: (before?.longComplete ?? 0) + (whole ? long : 0),
                longSampled: (before?.longSampled ?? 0) + (whole ? 0 : long),
                shortComplete: (before?.shortComplete ?? 0) + (whole ? short : 0),
                shortSampled: (before?.shortSampled ?? 0) + (whole ? 0 : short))
        }
        return bars
    }

    /// The hours that are closed at the site's hour.
    private var closedWeek: TimeGrid { TimeGrid(hours: frame.hour.advanced(by: -168)...frame.hour.previous) }

    private func tellers(_ hour: Hour, whole: Bool) -> Int {
        rows.liquidations.rows.count {
            $0.hour() == hour && $0.text("truth") != "none" && (!whole || Self.isWhole($0))
        }
    }

    var liquidations: Figure? {
        guard !rows.liquidations.rows.isEmpty else { return nil }
        let grid = closedWeek
        var counts: [Hour: (all: Double, whole: Double)] = [:]
        for row in rows.liquidations.rows where row.text("truth") != "none" {
            guard let hour = row.hour()?.previous else { continue }
            counts[hour, default: (0, 0)].all += 1
            if Self.isWhole(row) { counts[hour, default: (0, 0)].whole += 1 }
        }
        let placed = grid.placed(counts.map { (time: $0.key.startTime, value: $0.value) })
        let tellers = [
            Series("Exchanges that tell", placed.map { $0?.all }),
            Series("of them complete", placed.map { $0?.whole }),
        ]
        return Figure(
            Anchor("liquidations"), heading: "Liquidations by hour, 7 days",
            note:
                "Longs below the axis, shorts above. What is dotted comes from feeds that tell of some events only, or that "
                + "were not heard for all of the hour: a lower bound. Most exchanges tell of none.",
            chart: TimeChart(
                title: "Liquidations by hour, 7 days", grid: grid,
                panels: [
                    Panel("Liquidations", .dollars, .liquidations(Self.bars(rows.liquidations, grid))),
                    Panel("Exchanges", .number(decimals: 0), .lines(tellers, .linearFromZero)),
                ]),
            provenance: origin(
                "liquidation_snapshots", unit: "USD an hour", exchanges: self.tellers(frame.hour, whole: false)),
            sql: rows.liquidations.sql,
            commands: commands("cascade")
                + telling.compactMap { frame.command.text("liquidations \($0) \(frame.hour)") })
    }

    /// The ids of the exchanges that told of the last closed hour.
    private var telling: [String] {
        rows.liquidations.rows.filter { $0.hour() == frame.hour && $0.text("truth") != "none" }
            .compactMap { $0.text("exchange_id") }
    }

    /// The sum of the last 24 hours as it can be said, and what is to be known of it.
    var liquidationsOfDay: (text: String?, note: String) {
        let first = frame.hour.advanced(by: -23)
        let list = rows.liquidations.rows.filter { row in
            row.text("truth") != "none" && (row.hour().map { $0 >= first && $0 <= frame.hour } ?? false)
        }
        guard !list.isEmpty else { return (nil, "nothing is known of them") }
        let sum = list.reduce(0.0) { $0 + ($1.number("long_usd") ?? 0) + ($1.number("short_usd") ?? 0) }
        let hours = Set(list.compactMap { $0.hour() }).count
        let whole = hours == 24 && list.allSatisfy(Self.isWhole)
        let names = count(list)
        let known = hours == 24 ? "" : ", \(hours) of 24 h"
        return (
            "\(whole ? "" : "at least ")\(ValueFormat.dollars.text(sum))",
            "of \(Numbers.counted(names, "exchange"))\(rows.expected.map { " of \($0)" } ?? "")\(known)"
        )
    }
}
