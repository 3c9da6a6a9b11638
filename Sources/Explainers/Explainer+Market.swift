import Explaining
import PerpCore
import Warehouse

extension Explainer {
    func market(_ figure: MarketFigure, _ hour: Hour) throws -> Answer {
        var answer = Answer("\(figure.rawValue) \(hour)")
        guard let market = try rows.market(hour) else {
            answer.miss(
                [
                    .init("hour", "\(hour)"),
                    .init("reason", "the hour is not sealed: nothing of it is loaded, or not all is"),
                ],
                next: [
                    "make load HOUR=\(hour)  seals what is loaded",
                    "make gaps HOUR=\(hour)  says who is missing, and why",
                ])
            return answer
        }
        switch figure {
        case .composite: try addComposite(market, hour, &answer)
        case .funding: try addFunding(market, hour, &answer)
        case .volume: try addSum(market, hour, Sum.volume, &answer)
        case .openInterest: try addSum(market, hour, Sum.openInterest, &answer)
        case .cascade: try addCascade(hour, &answer)
        }
        return answer
    }

    private func addView(_ market: StoredRow, _ columns: [String], _ hour: Hour, _ answer: inout Answer) {
        let names = ["hour_utc", "model", "status"] + columns
        answer.explanation.add(
            "view",
            [.init("view", "market_hours"), .init("where", "hour = \(hour.start)")]
                + names.map { Explanation.Fact($0, market[$0]) })
    }

    private func addNext(_ words: String, _ hour: Hour, _ exchanges: [StoredRow], _ answer: inout Answer) {
        let first = exchanges.first { $0.text("status") != "failed" }?.text("exchange_id") ?? "okx"
        answer.explanation.add(
            "further",
            [
                .init("bytes", "make explain WHAT=\"\(first) BTC \(words) \(hour)\""),
                .init("rows", "of exchange_summary"),
            ])
    }

    // MARK: - Score

    private func addComposite(_ market: StoredRow, _ hour: Hour, _ answer: inout Answer) throws {
        let model = market.text("model") ?? ""
        addView(
            market, ["composite_score", "sentiment", "strength", "quality", "coverage", "confidence", "flags"], hour,
            &answer)
        let factors = try rows.factors(hour, model: model)
        let sum = FactorSum(factors, isV2: model == "v2")
        answer.explanation.add(
            "table", [.init("table", "model_score"), .init("made_as", sum.calculation), .init("gives", sum.score)],
            rows: factors.map { $0.facts() })
        answer.explanation.add(
            "rule",
            [
                .init(
                    "page",
                    model == "v2" ? "pipeline/docs/signals.md#sentiment-v2" : "pipeline/docs/seed-v1.md#sentiment")
            ])
        answer.explanation.add(
            "inputs",
            [
                "funding_percent", "price_change_percent", "long_fraction", "oi_vol_ratio", "oi_growth_24h",
                "funding_divergence_percent", "funding_coverage", "price_coverage",
            ].map { .init($0, market[$0]) })
        let exchanges = try rows.exchanges(hour)
        answer.explanation.add(
            "exchanges", [.init("table", "exchange_summary")],
            rows: exchanges.map { exchange in
                Self.facts(
                    exchange,
                    ["exchange_id", "status", "cause", "volume", "open_interest", "funding_rate", "price_change"])
            })
        addNext("funding", hour, exchanges, &answer)
    }

    private static func facts(_ row: StoredRow, _ names: [String]) -> [Explanation.Fact] {
        names.map { Explanation.Fact($0, row[$0]) }
    }

    // MARK: - Funding

    private func addFunding(_ market: StoredRow, _ hour: Hour, _ answer: inout Answer) throws {
        addView(market, ["funding_percent", "funding_coverage"], hour, &answer)
        let exchanges = try rows.exchanges(hour)
        let isV2 = market.text("model") == "v2"
        answer.explanation.add(
            "rule",
            [
                .init(
                    "page",
                    isV2 ? "pipeline/docs/signals.md#field-guards-and-means" : "pipeline/docs/seed-v1.md#sentiment"),
                .init("unit", isV2 ? "percent for eight hours" : "percent for each exchange's own interval"),
                .init(
                    "made_as",
                    "mean of the exchanges' rates, weighted by open interest; by volume where it is not known"),
            ])
        answer.explanation.add(
            "exchanges", [.init("table", "exchange_summary")],
            rows: exchanges.map { exchange in
                Self.facts(
                    exchange,
                    [
                        "exchange_id", "status", "cause", "funding_rate", "funding_basis", "funding_weight",
                        "funding_coverage",
                    ])
            })
        addNext("funding", hour, exchanges, &answer)
    }

    // MARK: - Sums

    /// A total of the market: its columns, and those of the exchanges' figures.
    private struct Sum {
        var total: String
        var reported: String
        var carried: String
        var coverage: String
        var figure: String
        var usual: String
        var lastHour: String
        var words: String

        static let volume = Sum(
            total: "total_volume", reported: "total_volume_reported", carried: "volume_carried_usd",
            coverage: "volume_coverage", figure: "volume", usual: "usual_volume", lastHour: "last_volume_hour",
            words: "volume")
        static let openInterest = Sum(
            total: "total_oi", reported: "total_oi_reported", carried: "oi_carried_usd", coverage: "oi_coverage",
            figure: "open_interest", usual: "usual_open_interest", lastHour: "last_open_interest_hour",
            words: "open interest")
    }

    private func addSum(_ market: StoredRow, _ hour: Hour, _ sum: Sum, _ answer: inout Answer) throws {
        addView(market, [sum.total, sum.reported, sum.carried, "carried_age_h", sum.coverage], hour, &answer)
        answer.explanation.add(
            "rule", [.init("page", "pipeline/docs/signals.md#like-with-like"), .init("unit", "dollars of coins")])
        let exchanges = try rows.exchanges(hour)
        var reported = 0.0
        var standing: [[Explanation.Fact]] = []
        for exchange in exchanges {
            if let figure = exchange.number(sum.figure) {
                reported += figure
                continue
            }
            standing.append(try absent(exchange, sum, isCarried: market.number(sum.carried) != nil))
        }
        answer.explanation.add(
            "exchanges", [.init("table", "exchange_summary"), .init("sum", reported)],
            rows: exchanges.filter { $0.number(sum.figure) != nil }.map { exchange in
                Self.facts(exchange, ["exchange_id", "status", sum.figure, sum.usual])
            })
        if !standing.isEmpty { answer.explanation.add("absent", rows: standing) }
        addNext(sum.words, hour, exchanges, &answer)
    }

    /// Who is absent and why, and the figure that may stand in: that of its last hour, for six hours.
    private func absent(_ row: StoredRow, _ sum: Sum, isCarried: Bool) throws -> [Explanation.Fact] {
        var facts = Self.facts(row, ["exchange_id", "cause", "reason", sum.usual])
        let last = row.integer(sum.lastHour).map { Hour(containing: $0) }
        let exchange = row.text("exchange_id").flatMap(Exchange.init(rawValue:))
        var figure: FieldValue = .missing
        if isCarried, let last, let exchange { figure = try rows.figures(exchange, last)?[sum.figure] ?? .missing }
        facts.append(.init("stands_in", figure))
        facts.append(.init("of_hour", figure == .missing ? nil : last.map { "\($0)" }))
        return facts
    }

    // MARK: - Cascade

    private func addCascade(_ hour: Hour, _ answer: inout Answer) throws {
        answer.explanation.add(
            "table", [.init("table", "market_liquidation"), .init("where", "hour = \(hour.start)")],
            rows: try rows.windows(hour).map { $0.facts(without: ["hour"]) })
        answer.explanation.add(
            "rule",
            [
                .init("page", "pipeline/docs/signals.md#cascade-score-v2"),
                .init("seed_score", "pipeline/docs/seed-v1.md#cascade-score"),
            ])
        let exchanges = try rows.liquidatedExchanges(hour)
        answer.explanation.add(
            "exchanges",
            [.init("table", "liquidation_summary"), .init("span", "the closed hour from \(hour.previous) to \(hour)")],
            rows: exchanges.map { $0.facts() })
        if let largest = exchanges.first?.text("exchange_id") {
            answer.explanation.add(
                "further", [.init("events", "make explain WHAT=\"liquidations \(largest) \(hour)\"")])
        }
    }
}

/// The score that the stored factors make, as their page says: the stored one is printed beside it.
struct FactorSum {
    /// How it is made, in words; the numbers are in the rows.
    let calculation: String
    /// -1 to 1; `nil` when nothing is known.
    let score: Double?

    init(_ factors: [StoredRow], isV2: Bool) {
        guard isV2 else {
            calculation = "sum(weight * score), a missing factor as 0"
            score =
                factors.isEmpty
                ? nil : factors.reduce(0) { $0 + ($1.number("weight") ?? 0) * ($1.number("score") ?? 0) }
            return
        }
        calculation = "sum(weight * quality * score) / sum(weight * quality) * (1 + 0.3 * divergence)"
        var (sum, weight, dispersion) = (0.0, 0.0, 0.0)
        for factor in factors {
            guard let value = factor.number("score"), let own = factor.number("weight") else { continue }
            if factor.text("factor") == "divergence" {
                dispersion = value
            } else if let quality = factor.number("quality") {
                sum += own * quality * value
                weight += own * quality
            }
        }
        score = weight > 0 ? sum / weight * (1 + 0.3 * dispersion) : nil
    }
}
