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
        guard let row, let coverage = LiquidationCoverage(rawValue: try row.value("liquidations")) else { return nil }
        let endpoints = try Row.fetchAll(
            database,
            sql: """
                SELECT endpoint, ok, failed, rows, rejected, unlisted FROM exchange_hour_endpoint
                WHERE hour = ? AND exchange_id = ? ORDER BY position
                """,
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
        try Row.fetchAll(
            database,
            sql: """
                SELECT * FROM instrument WHERE exchange_id = ?1 AND valid_from <= ?2
                    AND (valid_to IS NULL OR valid_to > ?2) ORDER BY symbol
                """,
            arguments: [exchange.id, hour.start]
        ).map { row in
            try Instrument(
                symbol: row.value("symbol"), asset: row.value("asset"),
                assetClass: (row.value("asset_class") as String?).flatMap(AssetClass.init(rawValue:)),
                isClassStated: row.value("class_stated"), base: row.value("base"),
                quote: row.value("quote"), settle: row.value("settle"), kind: choice(row, "kind"),
                contract: choice(row, "contract"),
                status: choice(row, "status"), contractMultiplier: row.value("contract_multiplier"),
                unitMultiplier: row.value("unit_multiplier"), fundingIntervalHours: row.value("funding_interval_hours"),
                listedAt: time(row.value("listed_at_ms")))
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
            let id: String = try row.value("id")
            return try Liquidation(
                symbol: row.value("symbol"), asset: row.value("asset"), side: choice(row, "side"),
                price: row.value("price"), quantityContracts: row.value("in_contracts") ? row.value("quantity") : nil,
                quantityBase: row.value("quantity_base"), valueUSD: row.value("value_usd"),
                occurredAt: Timestamp(milliseconds: row.value("occurred_at_ms")),
                id: id.isEmpty || id.hasPrefix("#") ? nil : id)
        }
    }

    private func liquidationTotals(
        _ database: Database, _ exchange: Exchange, _ hour: Hour
    ) throws -> [LiquidationTotal] {
        try rows(database, "liquidation_total", "symbol, from_ms", exchange, hour).map { row in
            try LiquidationTotal(
                symbol: row.value("symbol"), asset: row.value("asset"),
                from: Timestamp(milliseconds: row.value("from_ms")),
                to: Timestamp(milliseconds: row.value("to_ms")), longUSD: row.value("long_usd"),
                shortUSD: row.value("short_usd"),
                longCount: row.value("long_count"), shortCount: row.value("short_count"))
        }
    }

    private func settlements(_ database: Database, _ exchange: Exchange, _ hour: Hour) throws
        -> [FundingSettlement]
    {
        try rows(database, "funding_settlement", "symbol, settled_at_ms", exchange, hour).map { row in
            try FundingSettlement(
                symbol: row.value("symbol"), asset: row.value("asset"),
                settledAt: Timestamp(milliseconds: row.value("settled_at_ms")),
                fundingRate: row.value("funding_rate"), fundingIntervalHours: row.value("funding_interval_hours"))
        }
    }

    private func rejections(_ database: Database, _ exchange: Exchange, _ hour: Hour) throws -> [Rejection] {
        try rows(database, "rejection", "number", exchange, hour).map { row in
            try Rejection(
                endpoint: row.value("endpoint"), row: row.value("row"), symbol: row.value("symbol"),
                field: row.value("field"),
                reason: row.value("reason"), value: row.value("value"))
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
        let text: String = try row.value(column)
        guard let value = Value(rawValue: text) else {
            throw WarehouseError.unreadable(table: "instrument", column: column, value: text)
        }
        return value
    }
}
