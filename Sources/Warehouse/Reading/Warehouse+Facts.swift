import GRDB
import PerpCore
import WarehouseSQL

extension Warehouse {
    /// The facts of an exchange and hour as they were loaded, with the file that they came from; `nil` when none are.
    ///
    /// For an hour whose raw file is gone this is all that is left of it: a rebuild loads it like a file.
    /// - Throws: an error of the database.
    public func facts(_ exchange: Exchange, _ hour: Hour) throws -> (staged: StagedHour, file: LoadedFile)? {
        try read { database in
            guard let file = try loadedSource(database, exchange, hour) else { return nil }
            var staged = StagedHour(exchange: exchange, hour: hour, source: file.source)
            let reader = try HourReader(database, listings: try loader(database).listings)
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
}
