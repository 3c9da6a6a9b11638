import GRDB
import PerpCore

extension Warehouse {
    /// The facts of an exchange and hour as they were loaded; `nil` when none are.
    ///
    /// For an hour whose raw file is gone this is all that is left of it, and a rebuild loads it as it
    /// would a file.
    public func facts(_ exchange: Exchange, _ hour: Hour) throws -> (staged: StagedHour, file: LoadedFile)? {
        try read { database in
            guard let file = try loadedSource(database, exchange, hour) else { return nil }
            var staged = StagedHour(exchange: exchange, hour: hour, source: file.source)
            let reader = try HourReader(database, listings: try loader(database).listings)
            let venue = try reader.venueHours(at: hour).first { $0.exchange == exchange }
            staged.tickers = venue?.tickers ?? []
            staged.longShortRatios = venue?.longShortRatios ?? []
            staged.spotTickers = venue?.spotTickers ?? []
            if file.hasList { staged.instruments = try instruments(database, exchange, hour) }
            staged.liquidations = try liquidations(database, exchange, hour)
            staged.liquidationTotals = try liquidationTotals(database, exchange, hour)
            staged.fundingSettlements = try settlements(database, exchange, hour)
            staged.rejections = try rejections(database, exchange, hour)
            return (staged, file.loaded)
        }
    }

    private func loadedSource(
        _ database: Database, _ exchange: Exchange, _ hour: Hour
    ) throws -> (source: Source, loaded: LoadedFile, hasList: Bool)? {
        let row = try Row.fetchOne(
            database,
            sql: """
                SELECT h.*, l.path, l.loaded_at_ms FROM exchange_hour AS h
                LEFT JOIN load_log AS l ON l.load_id = (
                    SELECT max(load_id) FROM load_log WHERE hour = h.hour AND exchange_id = h.exchange_id)
                WHERE h.hour = ? AND h.exchange_id = ? AND h.staged_sha256 IS NOT NULL
                """,
            arguments: [hour.start, exchange.id])
        guard let row, let coverage = LiquidationCoverage(rawValue: row["liquidations"]) else { return nil }
        let endpoints = try Row.fetchAll(
            database,
            sql: """
                SELECT endpoint, ok, failed, rows, rejected, unlisted FROM exchange_hour_endpoint
                WHERE hour = ? AND exchange_id = ? ORDER BY position
                """,
            arguments: [hour.start, exchange.id])
        let source = Source(
            rawSHA256: row["raw_sha256"], transformVersion: row["transform_version"],
            responses: row["responses"],
            responsesOK: row["responses_ok"],
            endpoints: endpoints.map {
                (
                    $0["endpoint"],
                    .init(
                        ok: $0["ok"], failed: $0["failed"], rows: $0["rows"], rejected: $0["rejected"],
                        unlisted: $0["unlisted"])
                )
            },
            liquidations: coverage, observedFrom: time(row["observed_from_ms"]),
            observedTo: time(row["observed_to_ms"])
        )
        let file = LoadedFile(
            path: row["path"] ?? "", stagedSHA256: row["staged_sha256"],
            loadedAt: Timestamp(milliseconds: row["loaded_at_ms"] ?? 0))
        return (source, file, (row["instruments"] as Int) > 0)
    }

    private func instruments(_ database: Database, _ exchange: Exchange, _ hour: Hour) throws -> [Instrument] {
        try Row.fetchAll(
            database,
            sql: """
                SELECT * FROM instrument WHERE exchange_id = ?1 AND valid_from <= ?2
                    AND (valid_to IS NULL OR valid_to > ?2) ORDER BY symbol
                """,
            arguments: [exchange.id, hour.start]
        ).map { row in
            Instrument(
                symbol: row["symbol"], asset: row["asset"],
                assetClass: (row["asset_class"] as String?).flatMap(AssetClass.init(rawValue:)),
                isClassStated: row["class_stated"], base: row["base"],
                quote: row["quote"], settle: row["settle"], kind: try choice(row, "kind"),
                contract: try choice(row, "contract"),
                status: try choice(row, "status"), contractMultiplier: row["contract_multiplier"],
                unitMultiplier: row["unit_multiplier"], fundingIntervalHours: row["funding_interval_hours"],
                listedAt: time(row["listed_at_ms"]))
        }
    }

    private func liquidations(_ database: Database, _ exchange: Exchange, _ hour: Hour) throws
        -> [Liquidation]
    {
        try Row.fetchAll(
            database,
            sql: """
                SELECT l.* FROM exchange_hour AS h
                JOIN liquidation AS l
                    ON l.occurred_at_ms BETWEEN h.events_from_ms AND h.events_to_ms AND l.exchange_id = h.exchange_id
                    AND l.hour <= h.hour AND (l.until IS NULL OR l.until > h.hour)
                WHERE h.hour = ? AND h.exchange_id = ? ORDER BY l.symbol, l.occurred_at_ms
                """,
            arguments: [hour.start, exchange.id]
        ).map { row in
            let id: String = row["id"]
            return Liquidation(
                symbol: row["symbol"], asset: row["asset"], side: try choice(row, "side"),
                price: row["price"], quantityContracts: row["in_contracts"] ? row["quantity"] : nil,
                quantityBase: row["quantity_base"], valueUSD: row["value_usd"],
                occurredAt: Timestamp(milliseconds: row["occurred_at_ms"]),
                id: id.isEmpty || id.hasPrefix("#") ? nil : id)
        }
    }

    private func liquidationTotals(
        _ database: Database, _ exchange: Exchange, _ hour: Hour
    ) throws -> [LiquidationTotal] {
        try rows(database, "liquidation_total", "symbol, from_ms", exchange, hour).map { row in
            LiquidationTotal(
                symbol: row["symbol"], asset: row["asset"], from: Timestamp(milliseconds: row["from_ms"]),
                to: Timestamp(milliseconds: row["to_ms"]), longUSD: row["long_usd"],
                shortUSD: row["short_usd"],
                longCount: row["long_count"], shortCount: row["short_count"])
        }
    }

    private func settlements(_ database: Database, _ exchange: Exchange, _ hour: Hour) throws
        -> [FundingSettlement]
    {
        try rows(database, "funding_settlement", "symbol, settled_at_ms", exchange, hour).map { row in
            FundingSettlement(
                symbol: row["symbol"], asset: row["asset"],
                settledAt: Timestamp(milliseconds: row["settled_at_ms"]),
                fundingRate: row["funding_rate"], fundingIntervalHours: row["funding_interval_hours"])
        }
    }

    private func rejections(_ database: Database, _ exchange: Exchange, _ hour: Hour) throws -> [Rejection] {
        try rows(database, "rejection", "number", exchange, hour).map { row in
            Rejection(
                endpoint: row["endpoint"], row: row["row"], symbol: row["symbol"], field: row["field"],
                reason: row["reason"], value: row["value"])
        }
    }

    private func rows(
        _ database: Database, _ table: String, _ order: String, _ exchange: Exchange, _ hour: Hour
    ) throws -> [Row] {
        try Row.fetchAll(
            database, sql: "SELECT * FROM \(table) WHERE hour = ? AND exchange_id = ? ORDER BY \(order)",
            arguments: [hour.start, exchange.id])
    }

    private func time(_ milliseconds: Int64?) -> Timestamp? {
        milliseconds.map(Timestamp.init(milliseconds:))
    }

    private func choice<Value: RawRepresentable<String>>(_ row: Row, _ column: String) throws -> Value {
        let text: String = row[column]
        guard let value = Value(rawValue: text) else {
            throw WarehouseError.unreadable(table: "instrument", column: column, value: text)
        }
        return value
    }
}
