import Warehouse

/// What Datasette shows beside a published copy: canned queries, and what tables, views and columns mean.
///
/// Source: https://docs.datasette.io/en/stable/metadata.html
struct DatasetteMetadata {
    /// The tables and views of the copy, with their columns.
    let relations: [(name: String, columns: [String])]

    var json: JSONTree {
        [
            "title": "Perps Warehouse",
            "description": "An hourly history of crypto perpetual futures. NULL is unknown, never zero.",
            "databases": [
                "published": [
                    "description":
                        "Plural names are views for asking, of sealed hours, each fact once; singular ones are tables as they were loaded.",
                    "queries": .object(queries), "tables": .object(tables),
                ]
            ],
        ]
    }

    private var queries: [String: JSONTree] {
        Dictionary(
            uniqueKeysWithValues: ReaderQuestion.all.map {
                ($0.name, ["title": .text($0.title), "sql": .text($0.sql)])
            })
    }

    private var tables: [String: JSONTree] {
        let words = SchemaWords.ours
        let emptied = Set(WarehouseFile.PublishedContent.emptiedTables)
        return Dictionary(
            uniqueKeysWithValues: relations.map { name, columns in
                var table: [String: JSONTree] = ["columns": .object(Self.meanings(of: columns, in: name, words))]
                if let relation = words.relations[name] { table["description"] = .text(relation.description) }
                if emptied.contains(name) { table["hidden"] = true }
                return (name, .object(table))
            })
    }

    private static func meanings(of columns: [String], in name: String, _ words: SchemaWords) -> [String: JSONTree] {
        let known = columns.compactMap { column in
            words.meaning(of: column, in: name).map { (column, JSONTree.text($0)) }
        }
        return Dictionary(uniqueKeysWithValues: known)
    }
}
