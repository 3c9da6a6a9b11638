import CSQLite
import Foundation
import GRDB
import PerpCore

/// The SQLite database with the history of the market: its connection, its settings, loading and sealing.
///
/// Everything else that is done with it has a type of its own, which takes the connection: `AlertStore`, `BacktestStore`,
/// `Checks`, `ContentTransfer`, `ContractHours`, `CoverageLedger`, `ForecastReader`, `Health`, `HistoryReader`, `Integrity`,
/// `LoadedFacts`, `Retention`, `SchemaDrift`, `SealedHours`. A file that need not be a sound database is a `WarehouseFile`.
///
/// One value is one connection. A writer must hold the warehouse's lock; readers take none, and
/// see sealed hours through the views whatever is being written.
public final class Warehouse {
    /// What a connection is opened for.
    public enum Purpose: Sendable {
        /// The live database: write-ahead log, one writer, readers never wait.
        case writing
        /// Queries only; the database and its schema must exist.
        case reading
        /// A database beside the live one that can be made again: it survives a killed program, but not a power cut,
        /// because nothing is synced.
        case scratch
    }

    /// The path as it was given; `:memory:` for a database in memory.
    public let path: String
    let queue: DatabaseQueue
    /// Whether the database is filled from nothing, so that what follows from all rows is found once, at the end.
    let isScratch: Bool
    /// Whether `transaction` is running.
    private(set) var isInTransaction = false
    /// Prepared statements and their state, made when something is first loaded.
    private var savepointStorage: (begin: Statement, release: Statement)?
    var loaderStorage: FactLoader?
    var streamsStorage: StreamLoader?
    var historyStorage: HistoryLoader?
    var reconstructionStorage: ReconstructionStore?
    var intervalsStorage: FundingIntervalStore?
    var summariesStorage: SealingStore?
    var trendsStorage: TrendStore?
    var forecastsStorage: ForecastStore?
    /// Statements that a program asks again and again, by their text.
    private var preparedStorage: [String: Statement] = [:]
    var recentFacts = RecentFacts()

    /// Opens the database at a path. Unless it is opened for reading, it is created or migrated as needed.
    /// - Throws: `WarehouseError` when it is missing, not a file, or of another schema version; otherwise an error of
    ///   the database.
    public init(path: String, for purpose: Purpose = .writing) throws {
        if purpose == .reading, !FileManager.default.fileExists(atPath: path) {
            throw WarehouseError.missing(path: path)
        }
        var isFolder: ObjCBool = false
        if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue {
            throw WarehouseError.noFile(path: path)
        }
        self.path = path
        isScratch = purpose == .scratch
        queue = try DatabaseQueue(path: path, configuration: Self.configuration(purpose))
        if purpose == .reading {
            try Schema.check(queue, path: path)
        } else {
            try Schema.migrate(queue, path: path)
        }
    }

    /// Creates an empty database in memory.
    /// - Throws: an error of the database.
    public init() throws {
        path = Self.inMemory
        isScratch = false
        queue = try DatabaseQueue(configuration: Self.configuration(.writing))
        try Schema.migrate(queue, path: path)
    }

    deinit { forgetPreparedState() }

    /// Closes the connection. The last connection leaves a single file, without a log.
    /// - Throws: an error of the database.
    public func close() throws {
        forgetPreparedState()
        try queue.close()
    }

    /// The path of a database in memory.
    static let inMemory = ":memory:"

    /// The size of a page in bytes.
    static let pageSize = 8192

    /// Runs `body` in one transaction: all of it is written, or nothing.
    /// - Throws: what `body` throws, or an error of the database; nothing is then written.
    public func transaction<Result>(_ body: () throws -> Result) throws -> Result {
        try execute("BEGIN IMMEDIATE")
        isInTransaction = true
        defer { isInTransaction = false }
        do {
            let result = try body()
            try queue.inDatabase { _ in try loaderStorage?.liquidations.writeDeferred() }
            try execute("COMMIT")
            return result
        } catch {
            try? execute("ROLLBACK")  // some errors have rolled back already
            forgetPreparedState()
            throw error
        }
    }

    /// Runs `body`, which reads much, on one consistent state of the database.
    /// - Throws: what `body` throws, or an error of the database.
    public func reading<Result>(_ body: () throws -> Result) throws -> Result {
        try execute("BEGIN")
        defer { try? execute("COMMIT") }  // some errors have rolled back already, and nothing was written
        return try body()
    }

    /// Runs queries on one consistent state of the database.
    /// - Throws: what `body` throws, or an error of the database.
    func read<Result>(_ body: (Database) throws -> Result) throws -> Result {
        try queue.inDatabase { database in
            guard !database.isInsideTransaction else { return try body(database) }
            var result: Result?
            try database.inTransaction(.deferred) {
                result = try body(database)
                return .commit
            }
            return result!  // the transaction has run
        }
    }

    /// The size in bytes of the database and its write-ahead log.
    /// - Throws: an error of the database.
    public func fileSize() throws -> Int64 {
        let pages = try read { database in
            try Int64.fetchOne(
                database, sql: "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")
        }
        let log = try? FileManager.default.attributesOfItem(atPath: path + "-wal")  // there may be none
        return (pages ?? 0) + ((log?[.size] as? NSNumber)?.int64Value ?? 0)
    }

    // MARK: - Internals

    func execute(_ sql: String) throws {
        try queue.inDatabase { try $0.execute(sql: sql) }
    }

    /// A unit of work: a transaction of its own, or a savepoint inside the caller's.
    func unit<Result>(_ body: (Database) throws -> Result) throws -> Result {
        try queue.inDatabase { database in
            let savepoint = database.isInsideTransaction ? try savepoint(database) : nil
            try savepoint?.begin.run() ?? database.execute(sql: "BEGIN IMMEDIATE")
            let inMemory = savepoint == nil ? nil : loaderStorage?.liquidations.deferredRuns
            do {
                let result = try body(database)
                try savepoint?.release.run() ?? database.execute(sql: "COMMIT")
                return result
            } catch {
                // Some errors have rolled back already, and then there is nothing left to undo.
                try? database.execute(sql: savepoint == nil ? "ROLLBACK" : "ROLLBACK TO unit; RELEASE unit")
                forgetPreparedState()
                if let inMemory, database.isInsideTransaction { try loader(database).liquidations.write(inMemory) }
                throw error
            }
        }
    }

    private func savepoint(_ database: Database) throws -> (begin: Statement, release: Statement) {
        if let savepointStorage { return savepointStorage }
        let savepoint = (
            begin: try Statement(database, "SAVEPOINT unit"), release: try Statement(database, "RELEASE unit")
        )
        savepointStorage = savepoint
        return savepoint
    }

    /// A statement that is prepared once for a connection: asking an hour anew must not cost preparing it. It must not be
    /// asked again while its rows are read.
    func prepared(_ sql: String, _ database: Database) throws -> Statement {
        if let known = preparedStorage[sql] { return known }
        let statement = try Statement(database, sql)
        preparedStorage[sql] = statement
        return statement
    }

    func forgetPreparedState() {
        savepointStorage = nil
        loaderStorage = nil
        streamsStorage = nil
        historyStorage = nil
        reconstructionStorage = nil
        intervalsStorage = nil
        summariesStorage = nil
        trendsStorage = nil
        forecastsStorage = nil
        preparedStorage = [:]
        recentFacts = RecentFacts()
    }

    /// Rows come in the order of the tables: what was written is not read again soon. SQLite takes up to twice as much for changed
    /// pages.
    static let scratchCache = "PRAGMA cache_size = -8192"  // KiB
    /// Savepoints would copy every page that they touch into a temporary file.
    static let sortsInMemory = "PRAGMA temp_store = MEMORY"

    /// Once, before the first connection of the process.
    private static let prepareLibrary: Void = csqlite_leave_out_memory_statistics()

    static func configuration(_ purpose: Purpose) -> Configuration {
        prepareLibrary
        var configuration = Configuration()
        configuration.readonly = purpose == .reading
        // A scratch database is checked once, at the end: see `integrityProblems`.
        configuration.foreignKeysEnabled = purpose != .scratch
        configuration.busyMode = .timeout(10)
        configuration.allowsUnsafeTransactions = true  // a transaction may hold many files
        configuration.label = "warehouse"
        configuration.prepareDatabase { database in
            try database.execute(sql: "PRAGMA cache_size = -65536; \(sortsInMemory)")  // KiB
            switch purpose {
            case .reading:
                break
            case .writing:
                // The first three only work in an empty file, and in this order.
                try database.execute(
                    sql: """
                        PRAGMA page_size = \(pageSize);
                        PRAGMA auto_vacuum = INCREMENTAL;
                        PRAGMA journal_mode = WAL;
                        PRAGMA synchronous = NORMAL;
                        """)
            case .scratch:
                try database.execute(
                    sql: """
                        PRAGMA page_size = \(pageSize);
                        PRAGMA auto_vacuum = INCREMENTAL;
                        PRAGMA journal_mode = TRUNCATE;
                        PRAGMA synchronous = OFF;
                        \(scratchCache);
                        """)
            }
        }
        return configuration
    }
}
