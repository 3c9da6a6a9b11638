import PerpCore

/// Checks that every row of a body is a record, or a rejection with a reason.
struct RowCheck {
    private(set) var rows = 0
    /// How many rows became records.
    private(set) var records = 0
    private(set) var rejections = 0
    /// How many rows are left out on purpose, by the rule that excludes them.
    private(set) var leftOut: [String: Int] = [:]
    private(set) var problems: [String] = []
    /// The reasons of the rejections, with their counts.
    private(set) var reasons: [String: Int] = [:]
    /// How many rows have symbols that the instruments response does not list, as the file counts them.
    private var unlisted = 0
    /// How many rejections belong to no row: one reports all unlisted symbols.
    private var summaries: Int { unlisted > 0 ? 1 : 0 }

    static let olderBucket = "a bucket older than the newest closed one"
    static let unlistedSymbol = "a symbol that the instruments response does not list"
    static let otherProduct =
        "another product than the pipeline's: for tests, spot, an index, an option, a prediction, another exchange's"
    static let factForOthers = "a row that other rows need, and no record"
    static let emptyStep = "a step that closed nothing"

    /// - Parameter calls: how many times the endpoint was requested; the first request got the rows.
    init(_ rows: [[String: Any]], exchange: Exchange, endpoint: String, calls: Int, staged: StagedLines) {
        self.rows = rows.count
        let refused = staged.all("rejection").filter { $0.text("endpoint") == endpoint }
        rejections = refused.count
        for rejection in refused {
            guard let reason = rejection.text("reason"), !reason.isEmpty else {
                problems.append("a rejection has no reason: \(rejection)")
                continue
            }
            reasons["\(rejection.text("field") ?? "body") \(reason)", default: 0] += 1
        }
        let counts = staged.counts(endpoint)
        if counts.rows != rows.count { problems.append("source says \(counts.rows) rows, the body has \(rows.count)") }
        unlisted = staged.unlisted(endpoint)
        if counts.rejected != refused.count, counts.rejected != refused.count - summaries {
            problems.append("source says \(counts.rejected) rejected, the file has \(refused.count)")
        }
        if counts.ok != calls { problems.append("source says \(counts.ok) responses, \(calls) were given") }
        guard let meaning = RowMeaning(exchange, endpoint) else {
            problems.append("no rule says what a row of \(endpoint) becomes")
            return
        }
        if case .fact = meaning {
            leftOut[Self.factForOthers] = rows.count - rejections
        } else if case .events(let record, let each) = meaning {
            countEvents(rows, record, staged.all(record), each: each, exchange: exchange, endpoint: endpoint)
        } else {
            account(rows, meaning: meaning, exchange: exchange, refused: refused, staged: staged)
        }
    }

    private mutating func countEvents(
        _ sent: [[String: Any]], _ record: String, _ found: [[String: Any]], each: Int, exchange: Exchange,
        endpoint: String
    ) {
        if exchange == .gate, endpoint == "contract_stats" {
            // The hourly run requests the bucket of the closed hour, never buckets of five minutes.
            leftOut["a bucket of another time than was asked"] = rows - rejections - found.count / each
            records = found.count / each
            return
        }
        records = found.count / each
        if record == "long_short", records < rows - rejections {
            leftOut[Self.olderBucket] = rows - rejections - records
            if records == 0, rejections == 0 { problems.append("of \(rows) buckets none is staged") }
            return
        }
        let emptySteps = exchange == .gate ? sent.filter(GateStep.closedNothing).count : 0
        if emptySteps > 0 { leftOut[Self.emptyStep] = emptySteps }
        if records + rejections + emptySteps != rows {
            problems.append("\(rows) rows became \(found.count) records and \(rejections) rejections")
        }
    }

    private mutating func account(
        _ rows: [[String: Any]], meaning: RowMeaning, exchange: Exchange, refused: [[String: Any]], staged: StagedLines
    ) {
        let instruments = staged.bySymbol("instrument")
        let tickers = staged.bySymbol("ticker")
        let refusedRows = Set(refused.compactMap { $0["row"] as? Int })
        let refusedMarkets = Set(refused.filter { $0["row"] != nil }.compactMap { $0.text("symbol") })
        // Rejections made later name a symbol but no row: the row was read, but its draft made no record.
        let refusedSymbols = Set(refused.filter { $0["row"] == nil }.compactMap { $0.text("symbol") })
        for (index, row) in rows.enumerated() {
            let symbol = meaning.symbolKey.flatMap(row.text) ?? ""
            if meaning.isUnordered ? refusedMarkets.contains(symbol) : refusedRows.contains(index) { continue }
            if instruments[symbol] == nil, tickers[symbol] == nil, BodyRows.isOtherProduct(row, exchange, symbol: symbol) {
                leftOut[Self.otherProduct, default: 0] += 1
                continue
            }
            if unlisted > 0, !instruments.isEmpty, instruments[symbol] == nil, tickers[symbol] == nil {
                leftOut[Self.unlistedSymbol, default: 0] += 1
                continue
            }
            if refusedSymbols.contains(symbol) { continue }
            if let problem = Self.problem(row, symbol, meaning, instruments, tickers) {
                problems.append("row \(index), '\(symbol)': \(problem)")
            } else {
                records += 1
            }
        }
        let named = Set(rows.compactMap { meaning.symbolKey.flatMap($0.text) })
        if case .ticker = meaning, let other = tickers.keys.first(where: { !named.contains($0) }) {
            problems.append("a ticker of '\(other)' comes from no row")
        }
        let left = leftOut[Self.unlistedSymbol] ?? 0
        if left != unlisted { problems.append("source says \(unlisted) unlisted, the body has \(left)") }
        let others = leftOut[Self.otherProduct] ?? 0
        if problems.isEmpty, records + rejections - summaries + left + others != rows.count {
            problems.append("\(rows.count) rows became \(records) records and \(rejections) rejections")
        }
    }

    /// Why a row did not become what it should; `nil` when it did.
    private static func problem(
        _ row: [String: Any], _ symbol: String, _ meaning: RowMeaning, _ instruments: [String: [String: Any]],
        _ tickers: [String: [String: Any]]
    ) -> String? {
        switch meaning {
        case .instrument: return instruments[symbol] == nil ? "is no instrument and no rejection" : nil
        case .market:
            guard let instrument = instruments[symbol] else { return "is no instrument and no rejection" }
            let isTrading = instrument.text("status") == "trading"
            if isTrading, tickers[symbol] == nil { return "is trading and has no ticker" }
            return !isTrading && tickers[symbol] != nil ? "is not trading and has a ticker" : nil
        case .ticker:
            // A ticker may say that its market is halted.
            let isHalted = ["suspended", "postOnly"].contains { row[$0] as? Bool == true }
            if isHalted, instruments[symbol]?.text("status") == "suspended" { return nil }
            return tickers[symbol] == nil ? "is no ticker and no rejection" : nil
        case .interval:
            let interval = instruments[symbol]?.number("funding_interval_hours")
            return interval == row.number("fundingIntervalHours") ? nil : "its interval is nowhere"
        case .index(_, let price, let suffix):
            let ours = tickers[symbol + suffix]?.number("index_price")
            return ours == row.number(price) ? nil : "its index price is nowhere"
        case .events, .fact: return nil
        }
    }
}
