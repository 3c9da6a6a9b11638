import GRDB
import PerpCore

/// The rows of any table or view, for people who take them elsewhere.
public struct NamedRows {
    private let warehouse: Warehouse

    /// Uses a connection.
    public init(_ warehouse: Warehouse) { self.warehouse = warehouse }

    /// The column that says to which hour a row belongs.
    public struct TimeColumn: Hashable, Sendable {
        /// The column's name.
        public let name: String
        /// Whether it holds UTC milliseconds; else epoch seconds.
        public let isMilliseconds: Bool

        /// The first that is there: where a view has text in `hour`, it has `timestamp` too.
        private static let known = [
            TimeColumn(name: "timestamp", isMilliseconds: false), TimeColumn(name: "hour", isMilliseconds: false),
            TimeColumn(name: "from_ms", isMilliseconds: true), TimeColumn(name: "settled_at_ms", isMilliseconds: true),
            TimeColumn(name: "observed_at_ms", isMilliseconds: true),
            TimeColumn(name: "occurred_at_ms", isMilliseconds: true), TimeColumn(name: "time_ms", isMilliseconds: true),
        ]

        private init(name: String, isMilliseconds: Bool) {
            self.name = name
            self.isMilliseconds = isMilliseconds
        }

        /// The column among those of a table or view; `nil` when none of them is a time of the market.
        init?(among columns: [String]) {
            guard let column = Self.known.first(where: { columns.contains($0.name) }) else { return nil }
            self = column
        }

        /// A condition with numbers, which SQLite carries down into views.
        func condition(_ hours: ClosedRange<Hour>) -> String {
            let scale: Int64 = isMilliseconds ? 1000 : 1
            let (first, end) = (hours.lowerBound.start * scale, hours.upperBound.next.start * scale)
            return "\(name) >= \(first) AND \(name) < \(end)"
        }
    }

    /// The names of the tables and views, those of SQLite and of the migrations left out, in alphabetical order.
    /// - Throws: an error of the database.
    public func names() throws -> [String] {
        try warehouse.read { database in
            try String.fetchAll(
                database,
                sql: """
                    SELECT name FROM sqlite_schema WHERE type IN ('table', 'view')
                        AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name <> 'grdb_migrations' ORDER BY name
                    """)
        }
    }

    /// The columns of a table or view that is there, in their order, computed ones included.
    /// - Throws: an error of the database.
    public func columns(of name: String) throws -> [String] {
        try warehouse.read { try Statement($0, Self.query(name)).columnNames }
    }

    /// The time column of a table or view that is there; `nil` when it has none.
    /// - Throws: an error of the database.
    public func timeColumn(of name: String) throws -> TimeColumn? { TimeColumn(among: try columns(of: name)) }

    /// Calls `body` with each row of a table or view that is there, one after the other, from one consistent state. No more
    /// than a row is held at a time.
    /// - Parameters:
    ///   - hours: leaves out rows of other hours, by the time column; where there is none, no row is left out.
    ///   - body: takes the values with the types that they are stored with; bytes are hexadecimal text.
    /// - Throws: what `body` throws, or an error of the database.
    public func forEach(
        of name: String, in hours: ClosedRange<Hour>? = nil, row body: ([FieldValue]) throws -> Void
    ) throws {
        var sql = Self.query(name)
        if let hours, let column = try timeColumn(of: name) { sql += " WHERE \(column.condition(hours))" }
        try warehouse.read { database in
            let statement = try Statement(database, sql)
            let count = statement.columnNames.count
            try statement.forEachRow { row in try body((0..<count).map(row.anyValue)) }
        }
    }

    private static func query(_ name: String) -> String { "SELECT * FROM \(name.quotedName)" }
}

extension String {
    /// A name in SQL, whatever it holds.
    var quotedName: String {
        "\"" + split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }
}
