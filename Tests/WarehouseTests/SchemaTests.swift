import Foundation
import GRDB
import PerpCore
import Testing
import Sealing
import WarehouseSQL

@testable import Warehouse

@Suite("The schema")
struct SchemaTests {
    private static let seedColumns = [
        "market_snapshots": [
            "timestamp", "composite_score", "funding_rate", "total_volume", "total_oi", "price_change",
            "long_pct",
            "sentiment", "strength", "oi_vol_ratio", "funding_divergence", "exchanges_count", "cex_volume",
            "dex_volume", "created_at",
        ],
        "exchange_snapshots": [
            "id", "timestamp", "exchange", "exchange_type", "volume", "open_interest", "funding_rate",
            "price_change", "markets", "num_trades",
        ],
        "sentiment_factors": [
            "timestamp", "funding_score", "price_score", "ls_bias_score", "conviction_score",
            "divergence_score",
            "oi_price_score",
        ],
        "liquidation_snapshots": [
            "id", "timestamp", "exchange", "total_liquidations", "long_liquidations", "short_liquidations",
            "liquidation_count", "cascade_risk_score",
        ],
    ]

    @Test("the seed's names have exactly the seed's columns", arguments: seedColumns.keys.sorted())
    func seedNames(name: String) throws {
        let columns = try Warehouse().read { database in
            try String.fetchAll(database, sql: "SELECT name FROM pragma_table_info(?)", arguments: [name])
        }
        #expect(columns == Self.seedColumns[name])
    }

    @Test("every SQL file of the folders is compiled in")
    func filesAreListed() throws {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../pipeline/sql").standardizedFileURL
        func names(_ kind: String) throws -> [String] {
            try FileManager.default.contentsOfDirectory(atPath: folder.appendingPathComponent(kind).path)
                .filter { $0.hasSuffix(".sql") }.map { String($0.dropLast(4)) }.sorted()
        }
        #expect(try names("migrations") == WarehouseSQL.migrations.map(\.name))
        #expect(try names("views") == WarehouseSQL.views.map(\.name).sorted())
        #expect(try names("checks") == WarehouseSQL.checks.map(\.name))
        #expect(try names("rollups").count == WarehouseSQL.rollUps.count)
        #expect(try names("queries") == Set(WarehouseSQL.queries.keys.map { $0.prefix { $0 != "." } }).sorted().map(String.init))
    }

    @Test("each query is used, and each that is used is there")
    func queriesAreUsed() throws {
        let sources = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../Sources/Warehouse").standardizedFileURL
        var used: Set<String> = []
        let files = try #require(FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil))
        for case let file as URL in files where file.pathExtension == "swift" {
            let text = try String(contentsOf: file, encoding: .utf8)
            used.formUnion(text.matches(of: /WarehouseSQL.query\(\s*"([a-z_.]+)"/).map { String($0.1) })
        }
        #expect(used == Set(WarehouseSQL.queries.keys))
    }

    @Test("tables have the columns of their records, of the same types")
    func fieldsAreColumns() throws {
        try expectColumns(of: FactTables.ticker)
        try expectColumns(of: FactTables.longShort)
        try expectColumns(of: FactTables.spotTicker)
        try expectColumns(of: FactTables.rejection)
        try expectColumns(of: FactTables.streamRejection)
        try expectColumns(of: FactTables.liquidationTotal)
        try expectColumns(of: FactTables.fundingSettlement)
        try expectColumns(of: FactTables.instrument)
        try expectColumns(of: HistoryTables.candle.rows)
        try expectColumns(of: HistoryTables.openInterest.rows)
        try expectColumns(of: HistoryTables.settlement.rows)
        try expectColumns(of: HistoryTables.longShort.rows)
        try expectColumns(of: HistoryTables.rejection)
        try expectColumns(of: SummaryTables.exchange)
        try expectColumns(of: SummaryTables.market)
        try expectColumns(of: SummaryTables.score)
        try expectColumns(of: SummaryTables.liquidation)
        try expectColumns(of: SummaryTables.marketLiquidation)
        try expectColumns(of: SummaryTables.finding)
        try expectColumns(of: SummaryTables.assetClass)
        try expectColumns(of: BacktestTables.run)
        try expectColumns(of: BacktestTables.event)
        try expectColumns(of: BacktestTables.trade)
        try expectColumns(of: BacktestTables.hour)
        try expectColumns(of: BacktestTables.metric)
        try expectColumns(of: BacktestTables.trial)
        try expectColumns(of: OutcomeStore.table)
        try expectColumns(of: WeightStore.table)
    }

    /// The table holds the key and the fields and nothing else, each with the field's type; what may be missing may be NULL.
    private func expectColumns<Record>(of table: RecordTable<Record>) throws {
        let rows = try Warehouse().read {
            try Row.fetchAll($0, sql: "SELECT name, type, \"notnull\" FROM pragma_table_info(?)", arguments: [table.name])
        }
        let stored = Dictionary(
            uniqueKeysWithValues: rows.map { ($0["name"] as String, ($0["type"] as String, $0["notnull"] as Bool)) })
        #expect(Set(stored.keys) == Set(table.columns), "\(table.name)")
        for field in table.fields {
            let column = try #require(stored["\(field.name)"])
            #expect(column.0 == field.type.sqlType, "\(table.name).\(field.name)")
            if field.isOptional { #expect(!column.1, "\(table.name).\(field.name) may be missing") }
        }
    }

    @Test("the view of tickers and the description of the tables name every field of a ticker")
    func fieldsAreSeen() throws {
        let docs = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../pipeline/docs/schema.md").standardizedFileURL
        let schema = try String(contentsOf: docs, encoding: .utf8)
        let view = try Warehouse().read { try String.fetchAll($0, sql: "SELECT name FROM pragma_table_info('tickers')") }
        for field in FactTables.ticker.fields {
            #expect(view.contains("\(field.name)"), "the view lacks \(field.name)")
            #expect(schema.contains("\(field.name)"), "schema.md lacks \(field.name)")
        }
    }

    @Test("the examples of the documentation run")
    func documentedQueries() throws {
        let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../pipeline/docs/schema.md").standardizedFileURL
        let code = try String(contentsOf: page, encoding: .utf8).split(separator: "\n")
            .filter { $0.hasPrefix("    ") && !$0.hasPrefix("    sqlite3") }.joined(separator: "\n")
        let warehouse = try LoadTests.loaded(LoadTests.files())
        let queries = code.split(separator: ";").filter { $0.contains("SELECT") }
        #expect(queries.count > 15)
        for query in queries { _ = try warehouse.read { try Row.fetchAll($0, sql: String(query)) } }
    }

    @Test("every view is documented and can be read", arguments: WarehouseSQL.views.map(\.name))
    func viewsAreReadable(name: String) throws {
        let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../pipeline/docs/schema.md").standardizedFileURL
        #expect(try String(contentsOf: page, encoding: .utf8).contains("`\(name)`"))
        let warehouse = try LoadTests.loaded(LoadTests.files())
        _ = try warehouse.read { try Row.fetchAll($0, sql: "SELECT * FROM \(name)") }
    }

    @Test("every table is strict, and views and indices of the seed stand")
    func strict() throws {
        let warehouse = try Warehouse()
        let loose = try warehouse.read { database in
            try String.fetchAll(
                database,
                sql: """
                    SELECT name FROM pragma_table_list
                    WHERE schema = 'main' AND type = 'table' AND strict = 0 AND name NOT LIKE 'sqlite_%'
                        AND name <> 'grdb_migrations'
                    """)
        }
        #expect(loose.isEmpty)
        let indices = try warehouse.read { database in
            try String.fetchAll(
                database,
                sql:
                    "SELECT tbl_name || ' ' || name FROM sqlite_schema WHERE type = 'index' AND name LIKE 'idx_%'"
            )
        }
        #expect(
            Set(indices) == [
                "market_summary idx_market_timestamp", "exchange_summary idx_exchange_timestamp",
                "exchange idx_exchange_type", "model_score idx_sentiment_timestamp",
                "liquidation_summary idx_liquidation_timestamp",
            ])
    }

    @Test("the queries of the seed document run unchanged")
    func seedQueries() throws {
        let warehouse = try LoadTests.loaded(LoadTests.files())
        let queries = [
            """
            SELECT composite_score, timestamp
            FROM market_snapshots
            WHERE timestamp > (strftime('%s', 'now') - 86400)
            ORDER BY timestamp;
            """,
            """
            SELECT
                COUNT(*) as opportunities,
                AVG(price_change) as avg_move
            FROM market_snapshots
            WHERE composite_score BETWEEN -0.2 AND 0.2
              AND oi_vol_ratio BETWEEN 0.3 AND 0.5;
            """,
        ]
        for query in queries { _ = try warehouse.read { try Row.fetchAll($0, sql: query) } }
        let row = try warehouse.read { database in
            try Row.fetchOne(database, sql: "SELECT * FROM market_snapshots ORDER BY timestamp DESC LIMIT 1")
        }
        #expect(row?["sentiment"] == "⚪ NEUTRAL")
        #expect(row?["created_at"] == "2025-10-23 12:00:00")
    }

    @Test("a file on disk opens with its settings, again, and read only")
    func settings() throws {
        let folder = try Samples.folder()
        defer { try? FileManager.default.removeItem(at: folder) }  // the system clears it otherwise
        let path = folder.appendingPathComponent("market_history.db").path
        #expect(throws: WarehouseError.missing(path: path)) { try Warehouse(path: path, for: .reading) }
        for _ in 0..<2 {
            let warehouse = try Warehouse(path: path)
            let found = try warehouse.read { database in
                try ["journal_mode", "auto_vacuum", "foreign_keys", "cache_size"].map {
                    try String.fetchOne(database, sql: "PRAGMA \($0)") ?? ""
                }
            }
            #expect(found == ["wal", "2", "1", "-65536"])
        }
        let staged = Samples.staged(.gate, Samples.hour(0))
        let writer = try Warehouse(path: path)
        _ = try writer.load(staged, from: Samples.file(staged))
        let reader = try Warehouse(path: path, for: .reading)
        #expect(try reader.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM ticker") } == 2)
        #expect(throws: DatabaseError.self) { try reader.execute("DELETE FROM ticker") }
    }

    @Test("a view whose text changed is made again, and people's own stay")
    func views() throws {
        let warehouse = try Warehouse()
        try warehouse.execute(
            "DROP VIEW tickers; CREATE VIEW tickers AS SELECT 1; CREATE VIEW stray AS SELECT 2")
        try Schema.migrate(warehouse.queue, path: ":memory:")
        let columns = try warehouse.read {
            try Int.fetchOne($0, sql: "SELECT count(*) FROM pragma_table_info('tickers')")
        }
        #expect(columns == 30)
        #expect(
            try warehouse.read {
                try Int.fetchOne($0, sql: "SELECT count(*) FROM sqlite_schema WHERE name = 'stray'")
            } == 1)
    }

    @Test("a new database is as if its schema had been made step by step")
    func newDatabase() throws {
        func content(_ queue: DatabaseQueue) throws -> [String] {
            try queue.read { database in
                try ["sqlite_schema", "grdb_migrations", "exchange", "sqlite_stat1", "setting"].flatMap { table in
                    try Row.fetchAll(database, sql: "SELECT * FROM \(table)").map { row in
                        row.filter { $0.0 != "rootpage" }.map { "\($0.0)=\($0.1)" }.joined(separator: " ")
                    }
                }.sorted()
            }
        }
        let stepwise = try DatabaseQueue(configuration: Warehouse.configuration(.writing))
        try Schema.update(stepwise, path: ":memory:")
        #expect(try content(Warehouse().queue) == content(stepwise))
        #expect(
            try Warehouse().queue.read { try Int.fetchOne($0, sql: "SELECT page_size FROM pragma_page_size") } == Warehouse.pageSize)
    }

    @Test("a database of a newer program is refused")
    func newer() throws {
        let warehouse = try Warehouse()
        try warehouse.execute("INSERT INTO grdb_migrations VALUES ('9999_future')")
        #expect(throws: WarehouseError.newerSchema(path: "x")) {
            try Schema.migrate(warehouse.queue, path: "x")
        }
    }

    @Test("queries use the clustering whatever the database holds")
    func plans() throws {
        let warehouse = try Warehouse()
        func plan(_ query: String) throws -> [String] {
            try warehouse.read {
                try Row.fetchAll($0, sql: "EXPLAIN QUERY PLAN \(query)").map { $0["detail"] }
            }
        }
        let series = try plan("SELECT hour, exchange, mark_price FROM tickers WHERE symbol = 'BTCUSDT'")
        #expect(
            series.contains { $0.contains("SEARCH t USING PRIMARY KEY (hour=? AND listing_id=?)") },
            "\(series)")
        let hour = try plan("SELECT symbol, mark_price FROM tickers WHERE hour = 1761177600")
        #expect(hour.contains { $0.contains("SEARCH t USING PRIMARY KEY (hour=?)") }, "\(hour)")
        let span = try plan("SELECT avg(mark_price) FROM tickers WHERE hour BETWEEN 1761177600 AND 1761264000")
        #expect(span.first?.contains("SEARCH h USING INTEGER PRIMARY KEY") == true, "\(span)")
        #expect(span.contains { $0.contains("SEARCH t USING PRIMARY KEY (hour=?)") }, "\(span)")
        let versions = try plan(
            WarehouseSQL.query("instrument_versions.open", ["columns": "status"]).replacing("= ?", with: "= 'okx'"))
        #expect(versions == ["SEARCH instrument USING INDEX instrument_valid_to (exchange_id=? AND valid_to=?)"])
        let coin = try plan("SELECT hour, mark_price FROM tickers WHERE asset = 'BTC' AND hour > 1761177600")
        #expect(coin.contains { $0.contains("SEARCH t USING PRIMARY KEY (hour=? AND listing_id=?)") }, "\(coin)")
    }

    @Test(
        "the first, the last and the newest hours are found by the key, not by reading all rows",
        arguments: ["tickers", "reference_perpetuals", "long_short_ratios"])
    func hoursByKey(view: String) throws {
        let warehouse = try Warehouse()
        for query in [
            "SELECT max(hour) FROM \(view)", "SELECT min(hour) FROM \(view)",
            "SELECT hour, symbol FROM \(view) ORDER BY hour DESC LIMIT 3",
        ] {
            let plan = try warehouse.read {
                try Row.fetchAll($0, sql: "EXPLAIN QUERY PLAN \(query)").map { $0["detail"] as String }
            }
            // SQLite stops at the first row only when `hour` is the outermost loop, in the order of its key.
            #expect(plan.first?.contains(/^(SEARCH|SCAN) h/) == true, "\(plan)")
            #expect(!plan.contains { $0.contains("TEMP B-TREE FOR ORDER BY") }, "\(plan)")
        }
    }
}
