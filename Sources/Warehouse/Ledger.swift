import GRDB
import PerpCore

/// Keeps `hour`, `exchange_hour` and `load_log`: what is expected, loaded and to be summarised.
final class Ledger {
    /// How many later hours look back on an hour: 30 days of trailing figures, each of which may
    /// itself reach a day and an hour back.
    static let lookBack = 720 + 25

    private let loaded: Statement
    private let insertHour: Statement
    private let sealed: Statement
    private let unseal: Statement
    private let dirtyLater: Statement
    private let upsert: Statement
    private let insertEndpoint: Statement
    private let deleteEndpoints: Statement
    private let insertLog: Statement
    private let readOrigin: Statement
    private let writeOrigin: Statement
    /// `nil` is not looked up yet. Forgotten with the other prepared state when a transaction is rolled back.
    private var origin: Origin?

    init(_ database: Database) throws {
        loaded = try Statement(
            database,
            "SELECT staged_sha256, instruments FROM exchange_hour WHERE hour = ? AND exchange_id = ?")
        insertHour = try Statement(
            database, "INSERT INTO hour (hour, hour_utc, end_utc) VALUES (?, ?, ?) ON CONFLICT DO NOTHING")
        sealed = try Statement(database, "SELECT 1 FROM hour WHERE hour = ? AND sealed = 1")
        unseal = try Statement(database, "UPDATE hour SET sealed = 0, dirty = 1 WHERE hour = ?")
        dirtyLater = try Statement(
            database, "UPDATE hour SET dirty = 1 WHERE hour > ? AND hour <= ? AND dirty = 0")
        upsert = try Statement(
            database,
            """
            INSERT INTO exchange_hour (hour, exchange_id, expected, outcome, staged_sha256, raw_sha256,
                transform_version, responses, responses_ok, instruments, tickers, long_shorts,
                liquidation_events, liquidation_totals, spot_tickers, settlements, rejections, liquidations,
                observed_from_ms, observed_to_ms, events_from_ms, events_to_ms, unclassed)
            VALUES (?, ?, 1, 'loaded', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT DO UPDATE SET expected = 1, outcome = 'loaded', cause = NULL,
                reason = NULL,
                staged_sha256 = excluded.staged_sha256, raw_sha256 = excluded.raw_sha256,
                transform_version = excluded.transform_version, responses = excluded.responses,
                responses_ok = excluded.responses_ok, instruments = excluded.instruments,
                tickers = excluded.tickers, long_shorts = excluded.long_shorts,
                liquidation_events = excluded.liquidation_events,
                liquidation_totals = excluded.liquidation_totals, spot_tickers = excluded.spot_tickers,
                settlements = excluded.settlements, rejections = excluded.rejections,
                liquidations = excluded.liquidations, observed_from_ms = excluded.observed_from_ms,
                observed_to_ms = excluded.observed_to_ms, events_from_ms = excluded.events_from_ms,
                events_to_ms = excluded.events_to_ms, unclassed = excluded.unclassed
            """)
        insertEndpoint = try Statement(
            database,
            """
            INSERT INTO exchange_hour_endpoint (hour, exchange_id, endpoint, position, ok, failed, rows, rejected,
                unlisted)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """)
        deleteEndpoints = try Statement(
            database, "DELETE FROM exchange_hour_endpoint WHERE hour = ? AND exchange_id = ?")
        readOrigin = try Statement(database, "SELECT value FROM setting WHERE name = 'origin'")
        writeOrigin = try Statement(database, "INSERT INTO setting (name, value) VALUES ('origin', ?)")
        insertLog = try Statement(
            database,
            """
            INSERT INTO load_log (loaded_at_ms, hour, exchange_id, path, staged_sha256, raw_sha256,
                transform_version, rows, rejections)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """)
    }

    /// The file whose facts are in the warehouse, and whether it had a list of instruments.
    func loadedFile(_ exchange: Exchange, _ hour: Hour) throws -> (stagedSHA256: String, hasList: Bool)? {
        loaded.bind(1, hour.start)
        loaded.bind(2, exchange.id)
        defer { loaded.reset() }
        guard try loaded.step(), let hash = loaded.optionalText(0) else { return nil }
        return (hash, (loaded.optionalInteger(1) ?? 0) > 0)
    }

    /// Refuses a file of another origin than what is loaded; the first file decides.
    func claim(_ staged: StagedHour) throws {
        let file: Origin = staged.source.isSimulated ? .simulated : .real
        if let origin {
            guard origin == file else {
                throw WarehouseError.otherOrigin(exchange: staged.exchange, hour: staged.hour, file: file)
            }
            return
        }
        defer { readOrigin.reset() }
        if try readOrigin.step() {
            origin = try readOrigin.choice(0, "setting", "value")
            return try claim(staged)
        }
        writeOrigin.bind(1, file.rawValue)
        try writeOrigin.run()
        origin = file
    }

    /// Makes the hour one that the warehouse knows about.
    func know(_ hour: Hour) throws {
        insertHour.bind(1, hour.start)
        insertHour.bind(2, hour.spoken + ":00")
        insertHour.bind(3, hour.next.spoken + ":00")
        try insertHour.run()
    }

    /// Whether the hour's summary stands on its facts.
    func isSealed(_ hour: Hour) throws -> Bool {
        sealed.bind(1, hour.start)
        defer { sealed.reset() }
        return try sealed.step()
    }

    /// Marks an hour whose facts change: the views hide it until it is sealed again.
    func touch(_ hour: Hour) throws {
        try know(hour)
        unseal.bind(1, hour.start)
        try unseal.run()
        dirtyLater.bind(1, hour.start)
        dirtyLater.bind(2, hour.advanced(by: Self.lookBack).start)
        try dirtyLater.run()
    }

    func recordLoaded(_ staged: StagedHour, _ file: LoadedFile) throws {
        let source = staged.source
        upsert.bind(1, staged.hour.start)
        upsert.bind(2, staged.exchange.id)
        upsert.bind(3, file.stagedSHA256)
        upsert.bind(4, source.rawSHA256)
        upsert.bind(5, source.transformVersion)
        upsert.bind(6, source.responses)
        upsert.bind(7, source.responsesOK)
        upsert.bind(8, staged.instruments.count)
        upsert.bind(9, staged.tickers.count)
        upsert.bind(10, staged.longShortRatios.count)
        upsert.bind(11, staged.liquidations.count)
        upsert.bind(12, staged.liquidationTotals.count)
        upsert.bind(13, staged.spotTickers.count)
        upsert.bind(14, staged.fundingSettlements.count)
        upsert.bind(15, staged.rejections.count)
        upsert.bind(16, source.liquidations.rawValue)
        upsert.bind(17, source.observedFrom?.milliseconds)
        upsert.bind(18, source.observedTo?.milliseconds)
        upsert.bind(19, staged.liquidations.map(\.occurredAt.milliseconds).min())
        upsert.bind(20, staged.liquidations.map(\.occurredAt.milliseconds).max())
        upsert.bind(21, unclassed(staged))
        try upsert.run()
        try recordEndpoints(staged)
        try log(staged, file)
    }

    /// Tickers and settlements whose class no answer of the hour states.
    private func unclassed(_ staged: StagedHour) -> Int {
        guard staged.source.knowsClasses else { return 0 }
        return staged.tickers.count { $0.assetClass == nil }
            + staged.fundingSettlements.count { staged.instruments.named($0.symbol)?.isClassStated != true }
    }

    private func recordEndpoints(_ staged: StagedHour) throws {
        try removeEndpoints(staged.exchange, staged.hour)
        for (position, endpoint) in staged.source.endpoints.enumerated() {
            insertEndpoint.bind(1, staged.hour.start)
            insertEndpoint.bind(2, staged.exchange.id)
            insertEndpoint.bind(3, endpoint.name)
            insertEndpoint.bind(4, position)
            insertEndpoint.bind(5, endpoint.count.ok)
            insertEndpoint.bind(6, endpoint.count.failed)
            insertEndpoint.bind(7, endpoint.count.rows)
            insertEndpoint.bind(8, endpoint.count.rejected)
            insertEndpoint.bind(9, endpoint.count.unlisted)
            try insertEndpoint.run()
        }
    }

    func removeEndpoints(_ exchange: Exchange, _ hour: Hour) throws {
        deleteEndpoints.bind(1, hour.start)
        deleteEndpoints.bind(2, exchange.id)
        try deleteEndpoints.run()
    }

    private func log(_ staged: StagedHour, _ file: LoadedFile) throws {
        insertLog.bind(1, file.loadedAt.milliseconds)
        insertLog.bind(2, staged.hour.start)
        insertLog.bind(3, staged.exchange.id)
        insertLog.bind(4, file.path)
        insertLog.bind(5, file.stagedSHA256)
        insertLog.bind(6, staged.source.rawSHA256)
        insertLog.bind(7, staged.source.transformVersion)
        insertLog.bind(8, staged.recordCount)
        insertLog.bind(9, staged.rejections.count)
        try insertLog.run()
    }
}
