import Charts
import PerpCore

extension MarketPage {
    /// What the factors with a direction are called; in the order in which a gauge shows them.
    private static let factorNames: [(id: String, name: String)] = [
        ("funding", "Funding"), ("price", "Price"), ("ls_bias", "Long/short"), ("conviction", "Conviction"),
        ("oi_price", "Open interest"),
    ]

    var gauge: Figure {
        let stored = Dictionary(
            rows.factors.rows.map { ($0.text("factor") ?? "", $0) }, uniquingKeysWith: { first, _ in first })
        // In the seed's model divergence is a factor as the others are, and what is missing counts as zero.
        let isSeed = rows.factors.rows.first?.text("model") == "seed-v1"
        let names = Self.factorNames + (isSeed ? [("divergence", "Divergence")] : [])
        let kept = names.map { stored[$0.id].map(Self.keptWeight) ?? 0 }
        let whole = kept.reduce(0, +)
        let factors = zip(names, kept).map { name, kept in
            ScoreGauge.Factor(
                name.name, score: stored[name.id]?.number("score"), share: kept > 0 ? kept / whole : nil)
        }
        return Figure(
            Anchor("score"), heading: "Score and its factors",
            note: "From -1, bearish, to 1, bullish. In brackets the share of a factor: "
                + (isSeed
                    ? "one that is missing counts as zero."
                    : "one that is absent, or stands on little, leaves it to the others. The further the exchanges' funding rates "
                        + "lie apart, the nearer to zero the score."),
            chart: ScoreGauge(
                title: "Score and its factors", score: market?.number("composite_score"),
                label: market?.text("sentiment") ?? "", factors: factors,
                discount: isSeed ? nil : stored["divergence"].flatMap(discount)),
            provenance: origin("market_hours, sentiment_factors"), sql: "\(rows.market.sql);\n\n\(rows.factors.sql)",
            explanation: frame.explanation(ExplainedNumber.marketName("score"), from: .market),
            commands: commands("composite"))
    }

    /// The weight of a factor as far as the evidence for it goes.
    private static func keptWeight(_ factor: StoredRow) -> Double {
        guard factor.number("score") != nil, let weight = factor.number("weight") else { return 0 }
        return weight * (factor.number("quality") ?? 1)
    }

    /// What the distance of funding rates took off the score: its own score goes from 0 to -1, and its weight is the most. Where
    /// the distance is not known, nothing was taken off, and that is not known to be right.
    private func discount(_ divergence: StoredRow) -> ScoreGauge.Discount? {
        guard let most = divergence.number("weight"), most > 0 else { return nil }
        let isKnown = market?.number("funding_divergence_percent") != nil
        return ScoreGauge.Discount(
            "Divergence", taken: isKnown ? divergence.number("score").map { -$0 * most } : nil, most: most)
    }

    var scores: Figure {
        let grid = TimeGrid(hours: frame.week)
        let lines = [Series("Score", rows.scores.placed(grid) { $0.number("composite_score") })]
        return Figure(
            Anchor("scores"), heading: "Score of the last 7 days",
            note: "Below, how many exchanges each score stands on: compare hours with equally many.",
            chart: TimeChart(
                title: "Score of the last 7 days", grid: grid,
                panels: [
                    Panel("Score", .signed(decimals: 2), .lines(lines, .symmetric)),
                    Panel("Exchanges", .number(decimals: 0), .lines(counts(grid), .linearFromZero)),
                ]),
            provenance: origin("market_hours", unit: "score from -1 to 1"), sql: rows.scores.sql)
    }

    private func counts(_ grid: TimeGrid) -> [Series] {
        [
            Series("Reported", rows.scores.placed(grid) { $0.number("exchanges_count") }),
            Series("Expected", rows.scores.placed(grid) { $0.number("exchanges_expected") }),
        ]
    }

    // MARK: - Trend and regime

    /// A row per scope and series, a column per window.
    var trends: Figure {
        var keys: [[String]] = []
        var states: [[String]: [Int64: StoredRow]] = [:]
        for row in rows.trends.rows {
            let key = [row.text("scope") ?? "", row.text("series") ?? ""]
            if states[key] == nil { keys.append(key) }
            states[key, default: [:]][row.integer("window_h") ?? 0] = row
        }
        let windows: [Int64] = [24, 72, 168]
        return Figure(
            Anchor("trends"), heading: "Trends",
            note:
                "z says how far a series went against a walk without drift, and decides the state; UNKNOWN is a window with "
                + "too few stored hours.",
            tables: [
                DataTable(
                    caption: "Trends of the market and of some coins",
                    columns: [
                        DataColumn("Scope", .names(keys.map { $0[0] })),
                        DataColumn("Series", .words(keys.map { $0[1] })),
                    ]
                        + windows.flatMap { window in
                            let list = keys.map { states[$0]?[window] }
                            return [
                                DataColumn("\(window) h", .words(list.map { $0?.text("state") })),
                                DataColumn(
                                    "z, \(window) h", .numbers(list.map { $0?.number("z") }, .signed(decimals: 2))),
                            ]
                        })
            ], provenance: origin("trends"), sql: rows.trends.sql)
    }

    var volatility: Figure {
        let list = rows.volatility.rows
        return Figure(
            Anchor("regime"), heading: "Volatility and regime",
            note: "The regime is by rank among the hours of 90 days, which needs 336 of them.",
            tables: [
                DataTable(
                    caption: "Volatility of the last day",
                    columns: [
                        .names("Scope", list, "scope"), .words("Regime", list, "regime"),
                        .numbers("Volatility", unit: "% a year", list, "sigma", .percent(decimals: 0)),
                        .numbers("Rank", list, "rank", .percent(decimals: 0)), .words("Since", list, "since_utc"),
                        .numbers("Hours ranked", list, "hours_ranked", .number(decimals: 0)),
                    ])
            ], provenance: origin("volatility"), sql: rows.volatility.sql)
    }

    /// What changed in the week; `nil` when nothing did.
    var volatilityEvents: Figure? {
        let list = Array(rows.volatilityEvents.rows.prefix(20))
        guard !list.isEmpty else { return nil }
        return Figure(
            Anchor("regime-changes"), heading: "Changes of volatility in 7 days",
            tables: [
                DataTable(
                    caption: "Changes of regime and of the usual move",
                    columns: [
                        .hours("Hour", list), .names("Scope", list, "scope"), .words("What", list, "kind"),
                        .words("From", list, "old"), .words("To", list, "new"),
                        .numbers("Volatility", unit: "% a year", list, "sigma", .percent(decimals: 0)),
                    ])
            ], provenance: origin("volatility_events"), sql: rows.volatilityEvents.sql)
    }
}
