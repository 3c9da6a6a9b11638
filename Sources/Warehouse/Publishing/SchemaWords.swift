import WarehouseSQL

/// What tables, views and columns mean, in the words of the comments that stand beside their SQL.
///
/// Taken from the SQL that makes them, so that a description cannot be of another schema. `pipeline/docs/schema.md` has the
/// same scheme of names; a test holds the two together.
public struct SchemaWords: Sendable {
    /// What a table or view holds.
    public struct Relation: Hashable, Sendable {
        /// What a row is, and what to know before asking.
        public var description: String
        /// What columns mean that have a comment of their own, by name.
        public var columns: [String: String] = [:]
    }

    /// Tables and views by name.
    public private(set) var relations: [String: Relation] = [:]
    /// What a column's name means where all tables that have it say the same.
    private let shared: [String: String]

    /// The words of the warehouse's own schema.
    public static let ours = SchemaWords(
        migrations: WarehouseSQL.migrations.map(\.sql), views: WarehouseSQL.views.map { ($0.name, $0.sql) })

    /// Reads the comments of migrations, in their order, and of the files of views.
    init(migrations: [String], views: [(name: String, sql: String)]) {
        var reader = TableComments()
        for sql in migrations { reader.read(sql) }
        let all = reader.relations.values.flatMap(\.columns)
        shared = Dictionary(grouping: all, by: \.key).compactMapValues { same in
            Set(same.map(\.value)).count == 1 ? same.first?.value : nil
        }
        relations = reader.relations
        for view in views {
            let comment = view.sql.split(separator: "\n").prefix { $0.hasPrefix("--") }
            relations[view.name] = Relation(description: SQLComment.joined(comment))
        }
    }

    /// What a column of a table or view means: its own comment, or what its name says; `nil` when neither tells.
    public func meaning(of column: String, in relation: String) -> String? {
        relations[relation]?.columns[column] ?? Self.meaning(ofName: column) ?? shared[column]
    }

    /// What a name, or the end of a name, means everywhere. Longer ends come first. The views of the seed-v1 model, which do
    /// not follow it, have no such names.
    static let names: [(name: String, meaning: String)] = [
        ("hour_utc", "the hour as text, UTC"), ("hour", "the first instant of an hour, in epoch seconds"),
        ("_utc", "a time as text, UTC"), ("_ms", "UTC milliseconds"), ("exchange_id", "as in files and settings"),
        ("exchange", "the exchange's name, as people read it"),
        ("_rate_annualized", "a fraction of notional per year"),
        ("_rate_8h", "a fraction of notional for 8 hours"), ("_rate", "a fraction of notional per interval"),
        ("_apr", "percent per year, simple"), ("_percent", "percent"), ("_bps", "parts of ten thousand"),
        ("_fraction", "from 0 to 1"), ("_share", "from 0 to 1"), ("coverage", "from 0 to 1"),
        ("_usd", "dollars"), ("_base", "coins"), ("_contracts", "the exchange's contracts"),
        ("_price", "quote units for one coin"), ("_hours", "hours"), ("_h", "hours"),
    ]

    private static func meaning(ofName column: String) -> String? {
        names.first { known in
            known.name.hasPrefix("_") || known.name == "coverage"
                ? column.hasSuffix(known.name)
                : column == known.name || (known.name != "hour" && column.hasSuffix("_\(known.name)"))
        }?.meaning
    }
}

/// Comments as one line of text.
private enum SQLComment {
    static func joined(_ lines: some Sequence<Substring>) -> String {
        lines.map { String($0.drop { "- ".contains($0) }) }.joined(separator: " ")
    }

    /// The comment behind SQL on a line; `nil` without one.
    static func behind(_ line: Substring) -> String? {
        guard let start = line.firstRange(of: " -- ") else { return nil }
        return String(line[start.upperBound...])
    }
}

/// The comments above tables, and behind their columns, of migrations that are read one after the other.
private struct TableComments {
    private(set) var relations: [String: SchemaWords.Relation] = [:]
    /// The comment that the next statement may belong to.
    private var above: [Substring] = []
    /// The table whose columns are being read, and the last of them.
    private var table: String?
    private var column: String?
    private var lastComment = ""

    mutating func read(_ sql: String) {
        for line in sql.split(separator: "\n", omittingEmptySubsequences: false) { read(line) }
    }

    private mutating func read(_ line: Substring) {
        let words = line.split { " (;".contains($0) }.map(String.init)
        if table != nil { return readColumn(line, words) }
        if line.hasPrefix("--") { return above.append(line) }
        switch words.prefix(2) {
        case ["CREATE", "TABLE"] where words.count > 2:
            table = words[2]
            relations[words[2]] = SchemaWords.Relation(description: SQLComment.joined(above))
        case ["DROP", "TABLE"] where words.count > 2: relations[words[2]] = nil
        case ["ALTER", "TABLE"] where words.count > 5: alter(words, line)
        default: break
        }
        if !line.hasPrefix("ALTER") || !line.contains("ADD COLUMN") { column = nil }
        above = []
    }

    private mutating func alter(_ words: [String], _ line: Substring) {
        switch words[3...4] {
        case ["RENAME", "TO"]:
            relations[words[5]] = relations.removeValue(forKey: words[2])
        case ["ADD", "COLUMN"]:
            column = words[5]
            keep(SQLComment.behind(line), in: words[2])
        default: break
        }
    }

    private mutating func readColumn(_ line: Substring, _ words: [String]) {
        if line.hasPrefix(")") {
            (table, column) = (nil, nil)
            return
        }
        guard let table, let first = words.first, !first.hasPrefix("--") else { return }
        if first.first?.isLowercase == true { column = first }
        keep(SQLComment.behind(line), in: table)
    }

    /// Keeps what is said of the last column, once; "likewise" is what the comment before said.
    private mutating func keep(_ comment: String?, in table: String) {
        guard let comment, let column, relations[table]?.columns[column] == nil else { return }
        let text = comment.hasPrefix("likewise") ? lastComment + comment.dropFirst("likewise".count) : comment
        lastComment = text
        relations[table]?.columns[column] = text
    }
}
