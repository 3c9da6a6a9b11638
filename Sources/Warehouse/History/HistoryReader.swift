import GRDB
import PerpCore
import WarehouseSQL

/// What exchanges told of the past, each fact as it was learnt first.
public struct HistoryReader {
    let warehouse: Warehouse

    /// Uses a connection.
    public init(_ warehouse: Warehouse) { self.warehouse = warehouse }

    // MARK: - Facts

    /// The candles of a contract whose hours begin in a span, ascending.
    /// - Throws: an error of the database.
    public func candles(
        _ exchange: Exchange, _ symbol: String, _ price: CandlePrice = .last, in span: Range<Timestamp>
    ) throws -> [Candle] {
        try warehouse.read { database in
            let query = try Self.query(HistoryTables.candle, time: "from_ms", also: "AND t.price_kind = ?5", database)
            var found: [Candle] = []
            try query.forEachRow(exchange, symbol, span.lowerBound, span.upperBound, price) {
                found.append(try $0.record())
            }
            return found
        }
    }

    /// The newest candle of a contract's trades; `nil` without one.
    /// - Throws: an error of the database.
    public func lastCandle(_ exchange: Exchange, _ symbol: String) throws -> Candle? {
        let newest = try warehouse.read { database in
            try Statement(database, WarehouseSQL.query("history.last_candle")).first(
                exchange, symbol, as: Timestamp.self)
        }
        return try newest.flatMap { newest in
            try candles(exchange, symbol, in: newest..<newest.advanced(byMilliseconds: 1)).last
        }
    }

    /// Whether an hour of a span was put together from what exchanges told later.
    /// - Throws: an error of the database.
    public func tells(of hours: ClosedRange<Hour>) throws -> Bool {
        try warehouse.read { database in
            try Statement(database, "SELECT 1 FROM reconstructed_hour WHERE hour BETWEEN ? AND ? LIMIT 1")
                .hasRow(hours.lowerBound, hours.upperBound)
        }
    }

    /// The open interest of a contract in a span, ascending.
    /// - Throws: an error of the database.
    public func openInterest(
        _ exchange: Exchange, _ symbol: String, in span: Range<Timestamp>
    ) throws -> [OpenInterest] {
        try facts(HistoryTables.openInterest, time: "observed_at_ms", exchange, symbol, span)
    }

    /// The settlements of a contract in a span, ascending. Live files may state some of them as well, and count then.
    /// - Throws: an error of the database.
    public func settlements(
        _ exchange: Exchange, _ symbol: String, in span: Range<Timestamp>
    ) throws -> [FundingSettlement] {
        try facts(HistoryTables.settlement, time: "settled_at_ms", exchange, symbol, span)
    }

    /// How the holders of a contract were split in a span, by time and population.
    /// - Throws: an error of the database.
    public func longShortRatios(
        _ exchange: Exchange, _ symbol: String, in span: Range<Timestamp>
    ) throws -> [LongShortRatio] {
        try facts(HistoryTables.longShort, time: "observed_at_ms", exchange, symbol, span)
    }

    /// The contracts of an exchange of which anything of the past is stored, by symbol.
    /// - Throws: an error of the database.
    public func contracts(of exchange: Exchange) throws -> [(symbol: String, asset: String)] {
        try warehouse.read { database in
            try Statement(
                database, "SELECT symbol, asset FROM history_contract WHERE exchange_id = ? ORDER BY symbol, asset"
            ).map(exchange) { ($0, $1) }
        }
    }

    private func facts<Record: HistoryFact>(
        _ table: HistoryTable<Record>, time: String, _ exchange: Exchange, _ symbol: String, _ span: Range<Timestamp>
    ) throws -> [Record] {
        try warehouse.read { database in
            let query = try Self.query(table, time: time, database)
            var found: [Record] = []
            try query.forEachRow(exchange, symbol, span.lowerBound, span.upperBound) { found.append(try $0.record()) }
            return found
        }
    }

    private static func query<Record>(
        _ table: HistoryTable<Record>, time: String, also: String = "", _ database: Database
    ) throws -> Statement {
        try Statement(
            database,
            WarehouseSQL.query(
                "history.rows",
                [
                    "fields": table.rows.fieldList(prefix: "t."), "table": table.rows.name, "time": "t.\(time)",
                    "also": also,
                ]))
    }

    // MARK: - Spans

    /// The spans of a dataset for which an exchange answered whole, by symbol, ascending and merged. The empty symbol stands
    /// for answers about all contracts, which are in the spans of no other.
    /// - Throws: an error of the database.
    public func spans(_ exchange: Exchange, _ dataset: HistoryDataset) throws -> [String: [Range<Timestamp>]] {
        try stored(exchange, dataset, nil).mapValues(\.merged)
    }

    /// The spans of a dataset for which an exchange answered whole about a contract, or about all, ascending and merged.
    /// - Throws: an error of the database.
    public func spans(_ exchange: Exchange, _ dataset: HistoryDataset, of symbol: String) throws -> [Range<Timestamp>] {
        try stored(exchange, dataset, symbol).values.flatMap(\.self).merged
    }

    private func stored(
        _ exchange: Exchange, _ dataset: HistoryDataset, _ symbol: String?
    ) throws -> [String: [Range<Timestamp>]] {
        try warehouse.read { database in
            var found: [String: [Range<Timestamp>]] = [:]
            try Statement(database, WarehouseSQL.query("history.spans")).forEach(exchange, dataset, symbol) {
                (symbol: String, from: Timestamp, to: Timestamp) in
                if from < to { found[symbol, default: []].append(from..<to) }
            }
            return found
        }
    }

    // MARK: - Files

    /// The files that are loaded, sorted.
    /// - Throws: an error of the database.
    public func files() throws -> [LoadedHistory] {
        try warehouse.read { database in
            try Statement(database, WarehouseSQL.query("history.loaded")).map {
                (
                    exchange: Exchange, dataset: HistoryDataset, stamp: String, raw: String, version: Int,
                    staged: String,
                    learnt: Timestamp, records: Int, isIncomplete: Bool
                ) in
                LoadedHistory(
                    key: HistoryKey(exchange, dataset, stamp: stamp),
                    raw: LoadedRaw(rawSHA256: raw, transformVersion: version, stagedSHA256: staged), learnt: learnt,
                    records: records, isIncomplete: isIncomplete)
            }.sorted { $0.key < $1.key }
        }
    }

    /// What is stored of a file, with the file; `nil` when it is not loaded. Facts that an earlier file states as well are
    /// with that one. For a file whose raw is gone this is all that is left of it: a rebuild loads it like a file.
    /// - Throws: an error of the database.
    public func stagedFile(_ key: HistoryKey) throws -> (staged: StagedHour, file: LoadedFile)? {
        try warehouse.read { database in
            guard case (let id, var staged, var file)? = try source(key, database) else { return nil }
            switch key.dataset {
            case .candles, .markCandles, .indexCandles: staged.candles = try rows(HistoryTables.candle, id, database)
            case .openInterest: staged.openInterests = try rows(HistoryTables.openInterest, id, database)
            case .funding: staged.fundingSettlements = try rows(HistoryTables.settlement, id, database)
            case .longShort: staged.longShortRatios = try rows(HistoryTables.longShort, id, database)
            case .liquidations: staged.liquidations = try liquidations(id, database)
            }
            staged.historySpans = try Statement(
                database,
                "SELECT symbol, from_ms, to_ms FROM history_span WHERE file_id = ? ORDER BY symbol, from_ms, to_ms"
            ).map(id) { HistorySpan(symbol: $0, from: $1, to: $2) }
            let rejections = try Statement(
                database,
                "SELECT \(HistoryTables.rejection.fieldList()) FROM history_rejection WHERE file_id = ? ORDER BY number"
            )
            try rejections.forEachRow(id) { staged.rejections.append(try $0.record()) }
            file.path = "history of the live warehouse/\(key.stamp)"
            return (staged, file)
        }
    }

    private func source(
        _ key: HistoryKey, _ database: Database
    ) throws -> (id: Int64, staged: StagedHour, file: LoadedFile)? {
        var found: (id: Int64, staged: StagedHour, file: LoadedFile)?
        try Statement(database, WarehouseSQL.query("history.source_of_file")).forEach(
            key.exchange, key.dataset, key.stamp
        ) {
            (
                id: Int64, hour: Hour, stagedSHA256: String, rawSHA256: String, version: Int, isSimulated: Bool,
                responses: Int, responsesOK: Int, observedFrom: Timestamp?, observedTo: Timestamp?, feed: Feed
            ) in
            var staged = StagedHour(
                exchange: key.exchange, hour: hour,
                source: Source(
                    rawSHA256: rawSHA256, transformVersion: version, responses: responses, responsesOK: responsesOK,
                    endpoints: [], liquidations: .none, observedFrom: observedFrom, observedTo: observedTo,
                    isSimulated: isSimulated))
            staged.history = key.dataset
            staged.isOfArchives = feed == .archive
            let file = LoadedFile(path: "", stagedSHA256: stagedSHA256, loadedAt: Timestamp(milliseconds: 0))
            found = (id, staged, file)
        }
        return found
    }

    private func rows<Record>(_ table: HistoryTable<Record>, _ file: Int64, _ database: Database) throws -> [Record] {
        let query = try Statement(
            database,
            WarehouseSQL.query(
                "history.rows_of_file",
                [
                    "fields": table.rows.fieldList(prefix: "t."), "table": table.rows.name,
                    "key": table.keyNames.map { "t.\($0)" }.joined(separator: ", "),
                ]))
        var found: [Record] = []
        try query.forEachRow(file) { found.append(try $0.record()) }
        return found
    }

    private func liquidations(_ file: Int64, _ database: Database) throws -> [Liquidation] {
        try Statement(database, WarehouseSQL.query("history.liquidations_of_file")).map(file) {
            symbol, asset, side, price, contracts, base, value, occurredAt, id in
            Liquidation(
                symbol: symbol, asset: asset, side: side, price: price, quantityContracts: contracts,
                quantityBase: base,
                valueUSD: value, occurredAt: occurredAt, id: id)
        }
    }
}

extension Sequence<Range<Timestamp>> {
    /// The spans ascending, those that touch or overlap as one.
    var merged: [Range<Timestamp>] {
        var merged: [Range<Timestamp>] = []
        for span in sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if let last = merged.last, span.lowerBound <= last.upperBound {
                merged[merged.count - 1] = last.lowerBound..<Swift.max(last.upperBound, span.upperBound)
            } else {
                merged.append(span)
            }
        }
        return merged
    }
}
