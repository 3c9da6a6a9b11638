import Explaining
import PerpCore
import PipelineFiles
import Warehouse

extension Explainer {
    /// Half an hour on both sides: exchanges settle a little late.
    private static let reach: Int64 = 30 * 60_000
    /// More statements than this are counted and not listed.
    private static let listedStatements = 5

    func settlement(_ exchange: Exchange, _ contract: String, _ time: Timestamp) throws -> Answer {
        var answer = Answer("settlement \(exchange.id) \(contract) \(time)")
        let hour = Hour(containing: time)
        guard let symbol = try symbol(contract, on: exchange, hour, &answer) else { return answer }
        let reach = time.advanced(byMilliseconds: -Self.reach)...time.advanced(byMilliseconds: Self.reach)
        let stated = try rows.settlements(exchange, symbol, in: reach)
        if let first = stated.min(by: { ($0.integer("hour") ?? 0) < ($1.integer("hour") ?? 0) }) {
            try addLive(exchange, symbol, first, of: stated, &answer)
        } else if case let told = try rows.pastSettlements(exchange, symbol, in: reach), let first = told.first {
            try addPast(exchange, symbol, first, of: told, &answer)
        } else {
            try tellUnsettled(exchange, symbol, time, &answer)
        }
        return answer
    }

    private func addLive(
        _ exchange: Exchange, _ symbol: String, _ first: StoredRow, of stated: [StoredRow], _ answer: inout Answer
    ) throws {
        addView("funding_settlements", exchange, symbol, first, &answer)
        answer.explanation.add(
            "table", [.init("table", "funding_settlement"), .init("files_that_state_it", stated.count)],
            rows: stated.prefix(Self.listedStatements).map { $0.facts() })
        answer.explanation.add("rule", [.init("page", Self.page(exchange, "funding"))])
        guard let start = first.integer("hour"),
            let origin = try origin(exchange, Hour(containing: start), .live, &answer)
        else { return }
        try addFiles(origin, symbol, first, &answer)
    }

    /// A settlement that no hour's file states, and that the exchange told when it was asked for the past.
    private func addPast(
        _ exchange: Exchange, _ symbol: String, _ first: StoredRow, of told: [StoredRow], _ answer: inout Answer
    ) throws {
        addView("funding_history", exchange, symbol, first, &answer)
        let own: Set = ["dataset", "stamp", "staged_sha256", "raw_sha256", "transform_version"]
        answer.explanation.add(
            "table",
            [.init("table", "history_settlement"), .init("values_that_were_told", told.count)],
            rows: told.prefix(Self.listedStatements).map { $0.facts(without: own) })
        answer.explanation.add(
            "rule",
            [.init("page", Self.page(exchange, "funding")), .init("common", "pipeline/docs/history.md")])
        guard let origin = Self.origin(exchange, ofPast: first) else { return }
        try addFiles(origin, symbol, first, &answer)
    }

    private static func origin(_ exchange: Exchange, ofPast row: StoredRow) -> ExplainedFiles.Origin? {
        let feed = row.text("feed").flatMap(Feed.init(rawValue:)) ?? .history
        guard let dataset = row.text("dataset"), let stamp = row.text("stamp") else { return nil }
        let folder = feed == .archive ? "\(dataset)/archive" : dataset
        guard let file = HistoryFile("history/\(exchange.id)/\(folder)/\(stamp).ndjson.gz") else { return nil }
        return ExplainedFiles.Origin(
            exchange: exchange, hour: Hour(containing: file.begunAt), feed: feed,
            stagedSHA256: row.text("staged_sha256"), rawSHA256: row.text("raw_sha256"),
            transformVersion: row.integer("transform_version"), history: file)
    }

    private func addView(
        _ view: String, _ exchange: Exchange, _ symbol: String, _ first: StoredRow, _ answer: inout Answer
    ) {
        let settledAt = first.integer("settled_at_ms") ?? 0
        answer.explanation.add(
            "view",
            [
                .init("view", view),
                .init(
                    "where",
                    "settled_at_ms = \(settledAt) AND exchange_id = '\(exchange.id)' AND symbol = '\(symbol)'"),
                .init("funding_rate", first["funding_rate"]),
                .init("state", "of the files below, the first one counts"),
            ])
    }

    private func addFiles(
        _ origin: ExplainedFiles.Origin, _ symbol: String, _ first: StoredRow, _ answer: inout Answer
    ) throws {
        let settledAt = first.integer("settled_at_ms") ?? 0
        files.addStaged(
            origin, record: "funding_settlement", where: [("symbol", symbol), ("settled_at_ms", "\(settledAt)")],
            members: ["funding_rate"], to: &answer)
        let sought = ExplainedFiles.Sought(name: "funding_rate", value: first["funding_rate"], symbol: symbol) {
            staged in
            let found = staged.fundingSettlements.first {
                $0.symbol == symbol && $0.settledAt.milliseconds == settledAt
            }
            return found.map { .number($0.fundingRate) } ?? .missing
        }
        files.addRaw(origin, [sought], to: &answer)
    }

    private func tellUnsettled(
        _ exchange: Exchange, _ symbol: String, _ time: Timestamp, _ answer: inout Answer
    ) throws {
        let day: Int64 = 24 * Hour.milliseconds
        let near = try rows.settledTimes(
            exchange, symbol, in: time.advanced(byMilliseconds: -day)...time.advanced(byMilliseconds: day))
        answer.miss(
            [
                .init("symbol", symbol),
                .init("reason", "no loaded file states a settlement within half an hour of \(time)"),
            ],
            next: near.isEmpty
                ? [
                    "make backfill FROM=\(Hour(containing: time)) TO=\(Hour(containing: time)) EXCHANGES=\(exchange.id) DATASETS=funding",
                    "FOCUS_ASSETS says whose settlements are asked",
                ] : ["stored ones of the days around: \(near.map { "\($0)" }.joined(separator: ", "))"])
    }
}
