import Explaining
import PerpCore
import Sealing
import Warehouse

extension Explainer {
    // MARK: - A field of a contract

    /// What follows from other fields in the views, and how.
    private static let derived: [String: (formula: String, fields: [String])] = [
        "funding_rate_8h": (
            "funding_rate * 8 / funding_interval_hours", ["funding_rate", "funding_interval_hours"]
        ),
        "funding_apr": (
            "100 * funding_rate * 8760 / funding_interval_hours", ["funding_rate", "funding_interval_hours"]
        ),
    ]

    func ticker(_ exchange: Exchange, _ contract: String, _ column: String, _ hour: Hour) throws -> Answer {
        var answer = Answer("\(exchange.id) \(contract) \(column) \(hour)")
        guard let origin = try origin(exchange, hour, .live, &answer),
            let symbol = try symbol(contract, on: exchange, hour, &answer)
        else { return answer }
        guard let row = try rows.ticker(exchange, symbol, hour) else {
            answer.miss(
                [
                    .init("symbol", symbol), .init("hour", "\(hour)"),
                    .init("reason", "the loaded file of this hour has no ticker of it: not listed, or not trading"),
                ],
                next: [
                    "SELECT hour_utc FROM tickers WHERE exchange_id = '\(exchange.id)' AND symbol = '\(symbol)' LIMIT 9"
                ])
            return answer
        }
        try addView(exchange, symbol, column, hour, &answer)
        let fields = Self.derived[column]?.fields ?? [column]
        try addTable(row, fields, origin, &answer)
        try addRule(exchange, symbol, column, hour, &answer)
        try addFiles(origin, symbol, row, fields, to: &answer)
        if fields.contains(where: { row[$0] == .missing }) {
            try tellUnstated(exchange, row, fields.filter { row[$0] == .missing }, hour, &answer)
        }
        return answer
    }

    /// Adds the staged line of a ticker, and the bytes of those fields that it has.
    func addFiles(
        _ origin: ExplainedFiles.Origin, _ symbol: String, _ row: StoredRow, _ fields: [String],
        to answer: inout Answer
    ) throws {
        files.addStaged(
            origin, record: "ticker", where: [("symbol", symbol)], members: fields, to: &answer)
        let units = row.number("unit_multiplier") ?? 1
        let sought = fields.filter { row[$0] != .missing }.map { name in
            ExplainedFiles.Sought(name: name, value: row[name], symbol: symbol, units: units) { staged in
                Self.field(name, of: staged.tickers.first { $0.symbol == symbol })
            }
        }
        files.addRaw(origin, sought, to: &answer)
    }

    private static func field(_ name: String, of ticker: Ticker?) -> FieldValue {
        guard let ticker, let field = Ticker.measures.first(where: { "\($0.name)" == name }) else { return .missing }
        return withUnsafePointer(to: ticker) { field.value(in: $0) }
    }

    private func addView(
        _ exchange: Exchange, _ symbol: String, _ column: String, _ hour: Hour, _ answer: inout Answer
    ) throws {
        var facts: [Explanation.Fact] = [
            .init("view", "tickers"),
            .init("where", "hour = \(hour.start) AND exchange_id = '\(exchange.id)' AND symbol = '\(symbol)'"),
        ]
        if let view = try rows.view(exchange, symbol, hour) {
            facts += [.init(column, view[column]), .init("hour_utc", view["hour_utc"])]
        } else {
            facts.append(.init("state", try unsealed(hour)))
        }
        answer.explanation.add("view", facts)
    }

    private func addTable(
        _ row: StoredRow, _ fields: [String], _ origin: ExplainedFiles.Origin, _ answer: inout Answer
    ) throws {
        var facts: [Explanation.Fact] = [
            .init("table", "ticker"), .init("hour", row["hour"]), .init("listing_id", row["listing_id"]),
        ]
        facts += ["asset", "quote", "kind", "contract", "unit_multiplier"].map { .init($0, row[$0]) }
        facts += fields.map { .init($0, row[$0]) }
        try addLoading(origin, to: &facts)
        answer.explanation.add("table", facts)
    }

    private func addRule(
        _ exchange: Exchange, _ symbol: String, _ column: String, _ hour: Hour, _ answer: inout Answer
    ) throws {
        let isFunding = column.contains("funding") || column.contains("apr")
        var facts: [Explanation.Fact] = [
            .init("page", Self.page(exchange, isFunding ? "funding" : "prices-volume-open-interest")),
            .init("common", "pipeline/docs/exchanges/README.md#rules-for-all-of-them"),
        ]
        if let field = Ticker.measures.first(where: { "\($0.name)" == column }) {
            facts.append(.init("unit", "\(field.unit)"))
        }
        if let derived = Self.derived[column] { facts.append(.init("formula", derived.formula)) }
        let findings = try rows.findings(exchange, symbol, hour)
        if !findings.isEmpty { facts.append(.init("guards", "pipeline/docs/signals.md#field-guards-and-means")) }
        answer.explanation.add("rule", facts, rows: findings.map { $0.facts() })
    }

    /// Why a contract has none of some fields, whatever its exchange states; `nil` when nothing speaks against them.
    private static func reason(_ row: StoredRow, _ fields: [String]) -> String? {
        if row.text("contract") == "dated", fields.allSatisfy({ $0.contains("funding") }) {
            return "a contract with an end has no funding"
        }
        let (quote, asset) = (row.text("quote") ?? "", row.text("asset") ?? "")
        if fields.allSatisfy({ $0.hasSuffix("_usd") || $0.hasSuffix("_usd_24h") }),
            !FieldGuards.dollarQuotes.contains(quote)
        {
            return
                "it is quoted in \(quote), which is not taken for a dollar; coins of \(asset) are told where the exchange does"
        }
        return nil
    }

    private func tellUnstated(
        _ exchange: Exchange, _ row: StoredRow, _ fields: [String], _ hour: Hour, _ answer: inout Answer
    ) throws {
        let failed = try rows.endpoints(exchange, hour)
        let reason = Self.reason(row, fields) ?? "the answers of this hour state none for this contract"
        answer.miss(
            [
                .init("field", fields.joined(separator: ", ")),
                .init("reason", failed.isEmpty ? reason : "\(reason); not all calls succeeded"),
            ],
            next: [
                "\(Self.page(exchange, "not-available")) says what the exchange does not tell",
                "SELECT * FROM rejection WHERE hour = \(hour.start) AND exchange_id = '\(exchange.id)' has what was set aside",
            ])
        if !failed.isEmpty { answer.explanation.add("endpoints", rows: failed.map { $0.facts() }) }
    }

    // MARK: - Long and short

    func longShort(_ exchange: Exchange, _ contract: String, _ hour: Hour) throws -> Answer {
        var answer = Answer("\(exchange.id) \(contract) long_short \(hour)")
        guard let origin = try origin(exchange, hour, .live, &answer),
            let symbol = try symbol(contract, on: exchange, hour, &answer)
        else { return answer }
        let ratios = try rows.longShort(exchange, symbol, hour)
        guard !ratios.isEmpty else {
            answer.miss(
                [
                    .init("symbol", symbol),
                    .init("reason", "the loaded file has no ratio of it: FOCUS_ASSETS says whose are asked"),
                ],
                next: ["\(Self.page(exchange, "longshort")) says what the exchange tells"])
            return answer
        }
        answer.explanation.add(
            "view",
            [
                .init("view", "long_short_ratios"),
                .init("where", "hour = \(hour.start) AND exchange_id = '\(exchange.id)' AND symbol = '\(symbol)'"),
                .init("state", "a fact that an earlier hour's file states too stands in that hour alone"),
            ])
        var facts = [Explanation.Fact("table", "long_short")]
        try addLoading(origin, to: &facts)
        answer.explanation.add("table", facts, rows: ratios.map { $0.facts() })
        answer.explanation.add("rule", [.init("page", Self.page(exchange, "longshort"))])
        files.addStaged(
            origin, record: "long_short", where: [("symbol", symbol)], members: ["population", "long_fraction"],
            to: &answer)
        files.addRaw(origin, ratios.map { sought($0, symbol) }, to: &answer)
        return answer
    }

    private func sought(_ ratio: StoredRow, _ symbol: String) -> ExplainedFiles.Sought {
        let (population, period) = (ratio.text("population"), ratio.text("period"))
        return ExplainedFiles.Sought(
            name: "long_fraction of \(population ?? "")", value: ratio["long_fraction"], symbol: symbol
        ) { staged in
            let found = staged.longShortRatios.first {
                $0.symbol == symbol && $0.population.rawValue == population && $0.period == period
            }
            return found.map { .number($0.longFraction) } ?? .missing
        }
    }
}
