import GRDB
import PerpCore
import WarehouseSQL

/// Maintains `hour`, `exchange_hour` and `load_log`: what is expected, what is loaded, and which hours need sealing.
final class Ledger {
    /// The number of later hours that look back on an hour: 30 days of trailing figures, each of which may
    /// itself reach back a day and an hour.
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
    private let forecastsDue: Statement
    private let readOrigin: Statement
    private let writeOrigin: Statement
    /// The origin of what is loaded; `nil` before it is looked up. Forgotten, like all prepared state, after a rollback.
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
            WarehouseSQL.query("ledger.record_loaded"))
        insertEndpoint = try Statement(
            database,
            WarehouseSQL.query("ledger.insert_endpoint"))
        deleteEndpoints = try Statement(
            database, "DELETE FROM exchange_hour_endpoint WHERE hour = ? AND exchange_id = ?")
        forecastsDue = try Statement(database, WarehouseSQL.query("forecasts.mark"))
        readOrigin = try Statement(database, "SELECT value FROM setting WHERE name = 'origin'")
        writeOrigin = try Statement(database, "INSERT INTO setting (name, value) VALUES ('origin', ?)")
        insertLog = try Statement(
            database,
            WarehouseSQL.query("ledger.insert_log"))
    }

    /// The file whose facts are in the warehouse, and whether it had a list of instruments.
    func loadedFile(_ exchange: Exchange, _ hour: Hour) throws -> (stagedSHA256: String, hasList: Bool)? {
        guard let (hash, instruments) = try loaded.first(hour, exchange, as: (String?, Int?).self), let hash else {
            return nil
        }
        return (hash, (instruments ?? 0) > 0)
    }

    /// Throws when a file has another origin than what is loaded; the first file decides.
    func claim(_ staged: StagedHour) throws {
        let file: Origin = staged.source.isSimulated ? .simulated : .real
        if let origin {
            guard origin == file else {
                throw WarehouseError.otherOrigin(exchange: staged.exchange, hour: staged.hour, file: file)
            }
            return
        }
        if let stored = try readOrigin.first(as: Origin.self) {
            origin = stored
            return try claim(staged)
        }
        try writeOrigin.run(file)
        origin = file
    }

    /// Adds the hour to those that the warehouse knows.
    func know(_ hour: Hour) throws {
        try insertHour.run(hour, hour.spoken + ":00", hour.next.spoken + ":00")
    }

    /// Whether the hour's summaries agree with its facts.
    func isSealed(_ hour: Hour) throws -> Bool {
        try sealed.hasRow(hour)
    }

    /// Marks an hour whose facts change, and the hours that look back on it: the views hide it until it is sealed again.
    func touch(_ hour: Hour) throws {
        try know(hour)
        try unseal.run(hour)
        try dirtyLater.run(hour, hour.advanced(by: Self.lookBack))
    }

    /// Marks the forecasts of an hour, whose facts change, and of all later ones to be made again.
    func markForecasts(from hour: Hour) throws { try forecastsDue.run(hour) }

    func recordLoaded(_ staged: StagedHour, _ file: LoadedFile) throws {
        let source = staged.source
        let occurred = staged.liquidations.map(\.occurredAt)
        try upsert.run(
            staged.hour, staged.exchange, file.stagedSHA256, source.rawSHA256, source.transformVersion,
            source.responses, source.responsesOK, staged.instruments.count, staged.tickers.count,
            staged.longShortRatios.count, staged.liquidations.count, staged.liquidationTotals.count,
            staged.spotTickers.count, staged.fundingSettlements.count, staged.rejections.count, source.liquidations,
            source.observedFrom, source.observedTo, occurred.min(), occurred.max(), unclassed(staged))
        try recordEndpoints(staged)
        try log(staged, file)
    }

    /// The number of tickers and settlements whose class no response of the hour states.
    private func unclassed(_ staged: StagedHour) -> Int {
        guard staged.source.knowsClasses else { return 0 }
        return staged.tickers.count { $0.assetClass == nil }
            + staged.fundingSettlements.count { staged.instruments.named($0.symbol)?.isClassStated != true }
    }

    private func recordEndpoints(_ staged: StagedHour) throws {
        try removeEndpoints(staged.exchange, staged.hour)
        for (position, endpoint) in staged.source.endpoints.enumerated() {
            let count = endpoint.count
            try insertEndpoint.run(
                staged.hour, staged.exchange, endpoint.name, position, count.ok, count.failed, count.rows,
                count.rejected, count.unlisted)
        }
    }

    func removeEndpoints(_ exchange: Exchange, _ hour: Hour) throws {
        try deleteEndpoints.run(hour, exchange)
    }

    func log(_ staged: StagedHour, _ file: LoadedFile) throws {
        try insertLog.run(
            file.loadedAt, staged.hour, staged.exchange, file.path, file.stagedSHA256, staged.source.rawSHA256,
            staged.source.transformVersion, staged.recordCount, staged.rejections.count)
    }
}
