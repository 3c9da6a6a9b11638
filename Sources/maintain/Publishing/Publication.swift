import PerpCore
import PipelineFiles
import Warehouse

/// A copy of the warehouse for other people's tools, with what they need, in a folder.
struct Publication {
    /// The path of the database.
    let warehouse: String
    /// Where the copy goes: the folder of the page.
    let folder: String
    /// When it is published.
    let time: Timestamp
    /// Runs when the copy is complete and does not have its name yet; for tests.
    var beforeNaming: () throws -> Void = {}

    /// What `published.json` says.
    struct Note: Encodable, Hashable {
        /// The name of the copy.
        var file = Publication.fileName
        /// The latest sealed hour; left out when there is none.
        let hour: String?
        /// Whether the hours are real or simulated; left out when there are none.
        let origin: String?
        let publishedAt: String
        let schemaVersion: String
        /// Of the copy's bytes, lower-case hexadecimal.
        let sha256: String
        let sizeBytes: Int64
    }

    static let fileName = "published.db"
    private var path: String { "\(folder)/\(Self.fileName)" }

    /// Writes the copy, gives it its name in one step, and then says so in `published.json`. Whatever fails before that step
    /// leaves the copy that was there.
    func publish() throws -> Note {
        let temporary = FileSystem.temporaryName(of: path)
        defer { try? WarehouseFile(temporary).remove() }  // once it has its name there is nothing left to remove
        let content = try WarehouseFile(warehouse).publish(to: temporary)
        let note = Note(
            hour: content.hour?.description, origin: content.origin?.rawValue, publishedAt: time.description,
            schemaVersion: content.schemaVersion, sha256: try sha256(ofLarge: temporary),
            sizeBytes: FileSystem.size(of: temporary))
        try write(JSONText.pretty(metadata(of: temporary).json), to: "metadata.json")
        try write(JSONText.pretty(GrafanaDashboard.json), to: "grafana.json")
        try write(JSONText.pretty(Notebook.json), to: "questions.ipynb")
        try write(DuckDBScript.text, to: "published.sql")
        try beforeNaming()
        try FileSystem.putInPlace(path)
        try write(JSONText.pretty(note, snakeCase: true), to: "published.json")
        return note
    }

    private func metadata(of copy: String) throws -> DatasetteMetadata {
        let database = try Warehouse(path: copy, for: .reading)
        let rows = NamedRows(database)
        return DatasetteMetadata(relations: try rows.names().map { ($0, try rows.columns(of: $0)) })
    }

    private func write(_ text: String, to name: String) throws {
        try FileSystem.write(ByteBuffer(text.utf8), to: "\(folder)/\(name)")
    }
}
