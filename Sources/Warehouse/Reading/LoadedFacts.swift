import GRDB
import PerpCore
import Sealing
import WarehouseSQL

/// The number of liquidations of an exchange, by side.
public struct LiquidationSideCounts: Hashable, Sendable {
    /// The number of longs that were liquidated.
    public var long: Int64
    /// The number of shorts that were liquidated.
    public var short: Int64

    /// Creates the counts of both sides.
    public init(long: Int64, short: Int64) {
        self.long = long
        self.short = short
    }
}

/// The facts of hours as files stated them, whether the hours are sealed or not.
public struct LoadedFacts {
    let warehouse: Warehouse

    /// Uses a connection.
    public init(_ warehouse: Warehouse) { self.warehouse = warehouse }

    /// The facts of the expected exchanges in an hour, in the fixed order; empty for an unknown hour.
    /// - Throws: an error of the database.
    public func exchangeFacts(at hour: Hour) throws -> [ExchangeFacts] {
        try warehouse.queue.inDatabase { try warehouse.summaries($0).reader.exchangeFacts(at: hour) }
    }

    /// The facts of an exchange and hour as they were loaded, with the file that they came from; `nil` when none are.
    ///
    /// For an hour whose raw file is gone this is all that is left of it: a rebuild loads it like a file.
    /// - Throws: an error of the database.
    public func stagedHour(
        _ exchange: Exchange, _ hour: Hour, _ feed: Feed = .live
    ) throws -> (staged: StagedHour, file: LoadedFile)? {
        if feed == .stream { return try stagedStream(exchange, hour) }
        return try warehouse.read { database in
            guard let file = try loadedSource(database, exchange, hour) else { return nil }
            var staged = StagedHour(exchange: exchange, hour: hour, source: file.source)
            let reader = try HourReader(database, listings: try warehouse.loader(database).listings)
            let facts = try reader.exchangeFacts(at: hour).first { $0.exchange == exchange }
            staged.tickers = facts?.tickers ?? []
            staged.longShortRatios = facts?.longShortRatios ?? []
            staged.spotTickers = facts?.spotTickers ?? []
            if file.hasList { staged.instruments = try instruments(database, exchange, hour) }
            staged.liquidations = try liquidations(database, exchange, hour)
            staged.liquidationTotals = try rows(
                database, FactTables.liquidationTotal, "symbol, from_ms", exchange, hour)
            staged.fundingSettlements = try rows(
                database, FactTables.fundingSettlement, "symbol, settled_at_ms", exchange, hour)
            staged.rejections = try rows(database, FactTables.rejection, "number", exchange, hour)
            return (staged, file.loaded)
        }
    }

    private func stagedStream(_ exchange: Exchange, _ hour: Hour) throws -> (staged: StagedHour, file: LoadedFile)? {
        try warehouse.read { database in
            let isSimulated = try Warehouse.origin(database) == .simulated
            var found: (staged: StagedHour, file: LoadedFile)?
            try Statement(database, WarehouseSQL.query("stream.file")).forEach(hour, exchange) {
                (
                    stagedSHA256: String, rawSHA256: String, version: Int, coverage: LiquidationCoverage,
                    priceKind: LiquidationPrice, covered: Int64, messages: Int64, duplicates: Int64, responses: Int,
                    responsesOK: Int, observedFrom: Timestamp?, observedTo: Timestamp?
                ) in
                let source = Source(
                    rawSHA256: rawSHA256, transformVersion: version, responses: responses, responsesOK: responsesOK,
                    endpoints: [], liquidations: coverage, observedFrom: observedFrom, observedTo: observedTo,
                    isSimulated: isSimulated)
                var staged = StagedHour(exchange: exchange, hour: hour, source: source)
                staged.stream = StreamRecord(
                    priceKind: priceKind, coveredMilliseconds: covered, gaps: [], messages: messages,
                    duplicates: duplicates)
                let file = LoadedFile(path: "", stagedSHA256: stagedSHA256, loadedAt: Timestamp(milliseconds: 0))
                found = (staged, file)
            }
            guard var (staged, file) = found else { return nil }
            try Statement(database, WarehouseSQL.query("stream.gaps")).forEach(hour, exchange) { from, to, reason in
                staged.stream?.gaps.append(.init(from: from, to: to, reason: reason))
            }
            try Statement(database, WarehouseSQL.query("stream.stated")).forEach(hour, exchange) {
                symbol, asset, side, price, contracts, base, value, occurredAt, id in
                staged.liquidations.append(
                    Liquidation(
                        symbol: symbol, asset: asset, side: side, price: price, quantityContracts: contracts,
                        quantityBase: base, valueUSD: value, occurredAt: occurredAt, id: id))
            }
            staged.rejections = try rows(database, FactTables.streamRejection, "number", exchange, hour)
            file.path = "streams of the live warehouse"
            return (staged, file)
        }
    }

    /// What REST and streams state of the closed hours before an hour, by exchange and the hour that seals the closed one.
    /// Only closed hours of which a file of any stream is loaded: in all others REST is the only feed.
    /// - Throws: an error of the database.
    public func liquidationFeeds(hours: Int, before hour: Hour) throws -> [Exchange: [Hour: LiquidationFeeds]] {
        try warehouse.read { database in
            let recorded: [Hour] = try Statement(database, WarehouseSQL.query("stream.hours")).map(
                hour.advanced(by: -hours), hour
            ) { $0 }
            let reader = try HourReader(database, listings: try warehouse.loader(database).listings)
            var result: [Exchange: [Hour: LiquidationFeeds]] = [:]
            for hour in recorded.map(\.next) {
                for (exchange, feeds) in try reader.liquidationFeeds(at: hour) {
                    result[exchange, default: [:]][hour] = feeds
                }
            }
            return result
        }
    }

    /// The events of the `hours` before an hour by exchange, closed hour and side, each counted once. The key of a closed
    /// hour is the hour after it, which seals it. Published sums win over events; hours whose sums have no counts are left
    /// out.
    ///
    /// Time is the first part of the tables' keys, so the span is read quickly in a database of any age.
    /// - Parameter feeds: what both feeds state of the hours; an hour that counts the stream has the stream's events.
    /// - Throws: an error of the database.
    public func liquidationCounts(
        hours: Int, before hour: Hour, feeds: [Exchange: [Hour: LiquidationFeeds]] = [:]
    ) throws -> [Exchange: [Hour: LiquidationSideCounts]] {
        let span = (from: hour.advanced(by: -hours).startMilliseconds, to: hour.startMilliseconds)
        return try warehouse.read { database in
            let events = try Self.counts(
                WarehouseSQL.query("liquidation_counts.events", ["asset": UnstatedClasses.liquidationAsset]),
                span, database)
            let published = try Self.counts(
                WarehouseSQL.query("liquidation_counts.published"), span, database)
            let streamed = try Self.counts(WarehouseSQL.query("liquidation_counts.streamed"), span, database)
            return
                events
                .merging(published) { events, published in events.merging(published) { $1 } }
                .merging(streamed.hours { feeds[$0]?[$1]?.counted == .stream }) { $0.merging($1) { $1 } }
                .mapValues { $0.compactMapValues(\.self) }
        }
    }

    private func loadedSource(
        _ database: Database, _ exchange: Exchange, _ hour: Hour
    ) throws -> (source: Source, loaded: LoadedFile, hasList: Bool)? {
        let row = try Row.fetchOne(
            database,
            sql: WarehouseSQL.query("facts.loaded_source"),
            arguments: [hour.start, exchange.id])
        guard let row, let coverage = LiquidationCoverage(rawValue: try row.value("liquidations")) else { return nil }
        let endpoints = try Row.fetchAll(
            database,
            sql: WarehouseSQL.query("facts.endpoints"),
            arguments: [hour.start, exchange.id])
        let isSimulated = try Warehouse.origin(database) == .simulated
        let source = try Source(
            rawSHA256: row.value("raw_sha256"), transformVersion: row.value("transform_version"),
            responses: row.value("responses"),
            responsesOK: row.value("responses_ok"),
            endpoints: endpoints.map {
                try (
                    $0.value("endpoint"),
                    .init(
                        ok: $0.value("ok"), failed: $0.value("failed"), rows: $0.value("rows"),
                        rejected: $0.value("rejected"),
                        unlisted: $0.value("unlisted"))
                )
            },
            liquidations: coverage, observedFrom: time(row.value("observed_from_ms")),
            observedTo: time(row.value("observed_to_ms")), isSimulated: isSimulated
        )
        let file = try LoadedFile(
            path: row.value("path") ?? "", stagedSHA256: row.value("staged_sha256"),
            loadedAt: Timestamp(milliseconds: row.value("loaded_at_ms") ?? 0))
        return (source, file, (try row.value("instruments") as Int) > 0)
    }

    private func instruments(_ database: Database, _ exchange: Exchange, _ hour: Hour) throws -> [Instrument] {
        let query = try Statement(
            database, WarehouseSQL.query("facts.instruments", ["columns": FactTables.instrument.fieldList()]))
        var instruments: [Instrument] = []
        try query.forEachRow(exchange, hour) { instruments.append(try $0.record()) }
        return instruments
    }

    private func liquidations(_ database: Database, _ exchange: Exchange, _ hour: Hour) throws
        -> [Liquidation]
    {
        try Row.fetchAll(
            database,
            sql: WarehouseSQL.query("facts.liquidations"),
            arguments: [hour.start, exchange.id]
        ).map { row in
            let id: String = try row.value("id")
            return try Liquidation(
                symbol: row.value("symbol"), asset: row.value("asset"), side: choice(row, "side"),
                price: row.value("price"), quantityContracts: row.value("in_contracts") ? row.value("quantity") : nil,
                quantityBase: row.value("quantity_base"), valueUSD: row.value("value_usd"),
                occurredAt: Timestamp(milliseconds: row.value("occurred_at_ms")),
                id: id.isEmpty || id.hasPrefix("#") ? nil : id)
        }
    }

    /// The rows of a table that a file stated.
    private func rows<Record>(
        _ database: Database, _ table: RecordTable<Record>, _ order: String, _ exchange: Exchange, _ hour: Hour
    ) throws -> [Record] {
        let query = try Statement(
            database,
            "SELECT \(table.fieldList()) FROM \(table.name) WHERE hour = ? AND exchange_id = ? ORDER BY \(order)")
        var records: [Record] = []
        try query.forEachRow(hour, exchange) { records.append(try $0.record()) }
        return records
    }

    private func time(_ milliseconds: Int64?) -> Timestamp? {
        milliseconds.map(Timestamp.init(milliseconds:))
    }

    private func choice<Value: RawRepresentable<String>>(_ row: Row, _ column: String) throws -> Value {
        let text: String = try row.value(column)
        guard let value = Value(rawValue: text) else {
            throw WarehouseError.unreadable(table: "instrument", column: column, value: text)
        }
        return value
    }

    /// The counts of a query; `nil` for an hour whose rows have no counts.
    private static func counts(
        _ sql: String, _ span: (from: Int64, to: Int64), _ database: Database
    ) throws -> [Exchange: [Hour: LiquidationSideCounts?]] {
        var result: [Exchange: [Hour: LiquidationSideCounts?]] = [:]
        try Statement(database, sql).forEach(span.from, span.to) {
            (exchange: Exchange, hoursSinceEpoch: Int64, long: Int64?, short: Int64?) in
            let counts = long.flatMap { long in short.map { LiquidationSideCounts(long: long, short: $0) } }
            let hour = Hour(containing: hoursSinceEpoch * Hour.seconds).next
            result[exchange, default: [:]].updateValue(counts, forKey: hour)
        }
        return result
    }
}

extension [Exchange: [Hour: LiquidationSideCounts?]] {
    /// The hours of each exchange that a condition holds for.
    fileprivate func hours(where isWanted: (Exchange, Hour) -> Bool) -> Self {
        reduce(into: [:]) { kept, exchange in
            kept[exchange.key] = exchange.value.filter { isWanted(exchange.key, $0.key) }
        }
    }
}
