import Foundation
import GRDB
import PerpCore
import Testing
import WarehouseSQL

@testable import Warehouse

@Suite("What readers are told")
struct PublishingTests {
    @Test("every table and view says what it holds, and no word is of one that is gone")
    func relations() throws {
        let names = try NamedRows(Warehouse()).names()
        #expect(Set(SchemaWords.ours.relations.keys) == Set(names))
        for (name, relation) in SchemaWords.ours.relations { #expect(!relation.description.isEmpty, "\(name)") }
    }

    @Test("a comment of a column is of a column that is there")
    func columns() throws {
        let warehouse = try Warehouse()
        for (name, relation) in SchemaWords.ours.relations {
            let columns = Set(try NamedRows(warehouse).columns(of: name))
            #expect(Set(relation.columns.keys).isSubset(of: columns), "\(name)")
        }
    }

    @Test("what names mean is what schema.md says of names")
    func names() throws {
        let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../pipeline/docs/schema.md").standardizedFileURL
        let lines = try String(contentsOf: page, encoding: .utf8).split(separator: "\n", omittingEmptySubsequences: false)
        let table = lines.drop { !$0.hasPrefix("| a name, or an end of a name") }.dropFirst(2).prefix { $0.hasPrefix("|") }
        let known = Set(SchemaWords.names.map(\.name))
        let documented = table.flatMap { row in
            row.split(separator: "|").flatMap { $0.matches(of: /`([a-z_0-9]+)`/).map { String($0.1) } }
        }.filter { $0.hasPrefix("_") || ["hour", "hour_utc", "exchange", "exchange_id", "coverage"].contains($0) }
        #expect(documented.count > 15)
        for name in documented { #expect(known.contains(name), "\(name)") }
    }

    @Test("comments are read from the SQL as it was changed, step by step")
    func comments() {
        let words = SchemaWords(
            migrations: [
                """
                -- A note of the file.

                -- What was eaten.
                -- Grain: meal.
                CREATE TABLE meal (
                    meal_id INTEGER NOT NULL,  -- a number
                    price   REAL NOT NULL
                        CHECK (price > 0),     -- dollars; free: none
                    tip     REAL,              -- likewise, for the waiter
                    PRIMARY KEY (meal_id)
                ) STRICT;
                """,
                """
                ALTER TABLE meal ADD COLUMN guests INTEGER;  -- people
                ALTER TABLE meal RENAME TO dinner;
                -- Gone soon.
                CREATE TABLE snack (
                    snack_id INTEGER
                );
                DROP TABLE snack;
                """,
            ], views: [("dinners", "-- Dinners\n-- by hour.\nCREATE VIEW dinners AS SELECT 1;\n")])
        #expect(words.relations.keys.sorted() == ["dinner", "dinners"])
        #expect(words.relations["dinner"]?.description == "What was eaten. Grain: meal.")
        #expect(
            words.relations["dinner"]?.columns == [
                "meal_id": "a number", "price": "dollars; free: none",
                "tip": "dollars; free: none, for the waiter", "guests": "people",
            ])
        #expect(words.relations["dinners"]?.description == "Dinners by hour.")
        #expect(words.meaning(of: "guests", in: "dinners") == "people")
        #expect(words.meaning(of: "short_exchange_id", in: "dinners") == "as in files and settings")
        #expect(words.meaning(of: "change_percent", in: "dinners") == "percent")
        #expect(words.meaning(of: "absent_hour", in: "dinners") == nil)
    }

    @Test("no view reads the tables whose rows are left out")
    func workings() {
        for view in WarehouseSQL.views {
            for table in StoredTable.workings {
                #expect(!view.sql.contains(try! Regex("\\b\(table)\\b")), "\(view.name)")  // a pattern of ours
            }
        }
    }

    @Test("the questions and the panels have titles, and run", arguments: ReaderQuestion.all)
    func questions(question: ReaderQuestion) throws {
        #expect(question.title.hasSuffix("?"))
        #expect(question.sql.hasPrefix("SELECT"))
        let warehouse = try LoadTests.loaded(LoadTests.files())
        _ = try warehouse.read { try Row.fetchAll($0, sql: question.sql) }
    }

    @Test("a panel gives a time and reals, which its program does not take for whole numbers", arguments: DashboardPanel.all)
    func panels(panel: DashboardPanel) throws {
        let warehouse = try LoadTests.loaded(LoadTests.files())
        let sql = panel.sql.replacing("$__from", with: "0").replacing("$__to", with: "9000000000000")
        let rows = try warehouse.read { try Row.fetchAll($0, sql: sql) }
        for row in rows {
            #expect(row.columnNames.first == "time")
            for value in row.databaseValues.dropFirst() {
                if case .int64 = value.storage { Issue.record("\(panel.title): a whole number") }
            }
        }
    }

    // MARK: - Rows of any view

    private static func rows(_ name: String, in hours: ClosedRange<Hour>? = nil, of warehouse: Warehouse) throws -> [[FieldValue]] {
        var rows: [[FieldValue]] = []
        try NamedRows(warehouse).forEach(of: name, in: hours) { rows.append($0) }
        return rows
    }

    @Test("values come with the types that they are stored with")
    func types() throws {
        let warehouse = try Warehouse()
        try warehouse.execute(
            "CREATE VIEW \"a \"\"b\" AS SELECT 1 AS i, 1.0 AS r, NULL AS n, '' AS e, x'00ff' AS b, 'a' AS \"x y\"")
        #expect(try NamedRows(warehouse).columns(of: "a \"b") == ["i", "r", "n", "e", "b", "x y"])
        let values: [FieldValue] = [.integer(1), .number(1), .missing, .text(""), .text("00ff"), .text("a")]
        #expect(try Self.rows("a \"b", of: warehouse) == [values])
    }

    @Test("hours choose rows by seconds, by milliseconds, and where hour is text by timestamp")
    func hours() throws {
        let warehouse = try Warehouse()
        // 2025-10-23T00 is 1761177600.
        try warehouse.execute(
            """
            CREATE VIEW a AS SELECT 1761177599 AS hour UNION ALL SELECT 1761177600 UNION ALL SELECT 1761181199
                UNION ALL SELECT 1761181200;
            CREATE VIEW b AS SELECT 1000 * hour AS settled_at_ms FROM a;
            CREATE VIEW c AS SELECT 'noon' AS hour, hour AS timestamp FROM a;
            CREATE VIEW d AS SELECT hour AS number FROM a;
            """)
        let hour = Samples.hour(0)...Samples.hour(0)
        for view in ["a", "b", "c"] { #expect(try Self.rows(view, in: hour, of: warehouse).count == 2, "\(view)") }
        #expect(try NamedRows(warehouse).timeColumn(of: "d") == nil)
        #expect(try NamedRows(warehouse).timeColumn(of: "sentiment_24h")?.name == "timestamp")
        #expect(try NamedRows(warehouse).timeColumn(of: "tickers")?.name == "hour")
        #expect(try NamedRows(warehouse).timeColumn(of: "exchange") == nil)
    }
}
