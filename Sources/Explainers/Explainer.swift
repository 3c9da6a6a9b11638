import Explaining
import PerpCore
import Warehouse

/// Goes back from a number of the warehouse to the bytes that it was made from.
package struct Explainer {
    let database: Warehouse
    let rows: ExplainedRows
    let files: ExplainedFiles

    package init(_ database: Warehouse, files: ExplainedFiles) {
        self.database = database
        self.files = files
        rows = ExplainedRows(database)
    }

    /// - Throws: an error of the database or of a file.
    package func answer(to question: Question) throws -> Answer {
        switch question {
        case .ticker(let exchange, let contract, let column, let hour):
            try ticker(exchange, contract, column, hour)
        case .longShort(let exchange, let contract, let hour): try longShort(exchange, contract, hour)
        case .settlement(let exchange, let contract, let time): try settlement(exchange, contract, time)
        case .liquidations(let exchange, let hour): try liquidations(exchange, hour)
        case .spread(let kind, let asset, let exchanges, let hour): try spread(kind, asset, between: exchanges, hour)
        case .market(let figure, let hour): try market(figure, hour)
        }
    }

    /// What is left of an hour that was recorded and is no longer in the warehouse; `nil` for any other hour.
    func removed(_ hour: Hour) throws -> Answer? {
        guard let first = try CoverageLedger(database).span()?.lowerBound, hour < first else { return nil }
        let isRolledUp = try rows.isRolledUp(hour)
        guard isRolledUp || files.hasRaw(hour) else { return nil }
        var answer = Answer("\(hour)")
        answer.miss(
            [
                .init("hour", "\(hour)"), .init("first_hour", "\(first)"),
                .init(
                    "reason", "removed from the warehouse: WAREHOUSE_DAYS of the settings says how long hours are kept"),
            ],
            next: [
                files.hasRaw(hour)
                    ? "make reprocess HOUR=\(hour)  makes it again from its raw files, which are there"
                    : "its raw files are removed too: make restore BACKUP=…  brings a copy back that still has the hour",
                isRolledUp
                    ? "SELECT * FROM exchange_day WHERE day = \(hour.start - hour.start % 86400) has what is kept of its day"
                    : nil,
            ].compactMap(\.self))
        return answer
    }

    // MARK: - What all of them need

    /// What is to be said of an hour that is loaded and not sealed; `nil` for a sealed one.
    func unsealed(_ hour: Hour) throws -> String? {
        try SealedHours(database).hours(from: hour, through: hour).isEmpty
            ? "the hour is not sealed, so views do not show it: 'make load HOUR=\(hour)' seals it" : nil
    }

    /// The page of an exchange's rules.
    static func page(_ exchange: Exchange, _ section: String) -> String {
        "pipeline/docs/exchanges/\(exchange.id).md#\(section)"
    }

    /// The files of an exchange's hour; `nil`, with the reason in the answer, when nothing of it is loaded.
    func origin(
        _ exchange: Exchange, _ hour: Hour, _ feed: Feed = .live, _ answer: inout Answer
    ) throws -> ExplainedFiles.Origin? {
        let ledger = try rows.ledger(exchange, hour, feed)
        guard let ledger, let staged = ledger.text("staged_sha256") else {
            try tellAbsence(exchange, hour, ledger, &answer)
            return nil
        }
        return ExplainedFiles.Origin(
            exchange: exchange, hour: hour, feed: feed, stagedSHA256: staged, rawSHA256: ledger.text("raw_sha256"),
            transformVersion: ledger.integer("transform_version"))
    }

    private func tellAbsence(
        _ exchange: Exchange, _ hour: Hour, _ ledger: StoredRow?, _ answer: inout Answer
    ) throws {
        let absence = try rows.absences(exchange, hour).first
        let cause = absence?.text("cause") ?? "never_asked"
        let why = absence?.text("reason") ?? "the ledger does not know \(exchange.id) in this hour"
        answer.miss(
            [.init("exchange", exchange.id), .init("hour", "\(hour)"), .init("cause", cause), .init("reason", why)],
            next: Absence.next(cause, exchange, hour))
    }

    /// The symbol that a word means in an hour; `nil`, with the nearest ones in the answer, when there is none.
    func symbol(
        _ contract: String, on exchange: Exchange, _ hour: Hour, _ answer: inout Answer
    ) throws -> String? {
        let known = try rows.contracts(of: exchange)
        if known.contains(contract) { return contract }
        for asset in [contract, contract.uppercased()] {
            guard let (symbol, when) = try reference(exchange, of: asset, hour) else { continue }
            answer.explanation.add(
                "contract",
                [
                    .init("asset", asset), .init("symbol", symbol),
                    .init("why", "the reference perpetual of \(asset) on \(exchange.id) in \(when)"),
                    .init("rule", "pipeline/docs/signals.md#field-guards-and-means"),
                ])
            return symbol
        }
        if let symbol = known.first(where: { $0.lowercased() == contract.lowercased() }) { return symbol }
        let near = KnownWords.nearest(to: contract, among: known)
        answer.miss(
            [
                .init("exchange", exchange.id), .init("contract", contract),
                .init(
                    "reason", "\(exchange.id) has no contract of that name, and no reference perpetual of such an asset"
                ),
            ],
            next: near.isEmpty
                ? ["SELECT DISTINCT symbol FROM listing WHERE exchange_id = '\(exchange.id)' lists them"]
                : ["did you mean \(near.joined(separator: ", "))?"])
        return nil
    }

    /// The perpetual that stands for an asset in an hour, or in the latest sealed one where that one is not sealed.
    private func reference(
        _ exchange: Exchange, of asset: String, _ hour: Hour
    ) throws -> (symbol: String, when: String)? {
        if let symbol = try rows.referencePerpetual(exchange, of: asset, hour) { return (symbol, "this hour") }
        let sealed = SealedHours(database)
        guard try sealed.hours(from: hour, through: hour).isEmpty, let latest = try sealed.span()?.upperBound,
            let symbol = try rows.referencePerpetual(exchange, of: asset, latest)
        else { return nil }
        return (symbol, "\(latest): this hour is not sealed")
    }

    /// Adds how a file was loaded.
    func addLoading(_ origin: ExplainedFiles.Origin, to facts: inout [Explanation.Fact]) throws {
        guard let staged = origin.stagedSHA256,
            let loading = try rows.loading(origin.exchange, origin.hour, stagedSHA256: staged)
        else { return }
        facts += loading.facts(without: ["path"])
    }
}

/// What can be done about an hour that is missing.
enum Absence {
    static func next(_ cause: String, _ exchange: Exchange, _ hour: Hour) -> [String] {
        let span = "FROM=\(hour) TO=\(hour) EXCHANGES=\(exchange.id)"
        let past = [
            "make backfill \(span)  asks for what the exchange still tells of it; prices and books of the instant are gone",
            "make gaps HOUR=\(hour)  says until when it can be asked",
        ]
        switch cause {
        case "awaited": return ["make load HOUR=\(hour)  loads the file that is there"]
        case "rejected":
            return [
                "SELECT * FROM rejection WHERE hour = \(hour.start) AND exchange_id = '\(exchange.id)' has the reasons",
                "make reprocess HOUR=\(hour)  makes it again after the adapter has been corrected",
            ]
        case "not_asked", "never_asked":
            return ["EXCHANGES in .env or pipeline/config.env says who is asked"] + past
        case "machine_off": return ["make schedule  prints a timer that runs every hour"] + past
        default:
            return [
                "raw/\(hour.path)/failed/\(exchange.id).ndjson.gz has its answers, raw/\(hour.path)/run/ the reports of the runs"
            ] + past
        }
    }
}
