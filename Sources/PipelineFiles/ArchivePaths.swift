import PerpCore

/// The paths of an archive: one file per exchange and hour, with the same relative path in each stage.
public struct ArchivePaths: Hashable, Sendable {
    /// The folder of raw files.
    public let raw: String
    /// The folder of staged files.
    public let staged: String

    /// Creates the paths below two folders.
    public init(raw: String = "raw", staged: String = "staged") {
        self.raw = raw
        self.staged = staged
    }

    /// The raw file of an exchange and hour: `raw/2025-10-23/15/okx.ndjson.gz`, of its stream `okx.stream.ndjson.gz`.
    public func rawFile(_ exchange: Exchange, _ hour: Hour, _ feed: Feed = .live) -> String {
        "\(rawFolder(hour))/\(Self.name(exchange, feed))"
    }

    /// The staged file of an exchange and hour, with the same name: `staged/2025-10-23/15/okx.ndjson.gz`.
    public func stagedFile(_ exchange: Exchange, _ hour: Hour, _ feed: Feed = .live) -> String {
        "\(staged)/\(hour.path)/\(Self.name(exchange, feed))"
    }

    /// The raw file of a stream while its hour is being recorded, which nobody takes for data.
    public func streamPart(_ exchange: Exchange, _ hour: Hour) -> String {
        "\(rawFolder(hour))/stream/\(exchange.id).part"
    }

    /// The folder of an hour's raw files.
    public func rawFolder(_ hour: Hour) -> String { "\(raw)/\(hour.path)" }

    /// The responses of an exchange whose essential endpoint failed for good.
    public func failedFile(_ exchange: Exchange, _ hour: Hour) -> String {
        "\(rawFolder(hour))/failed/\(Self.name(exchange))"
    }
    /// The folder of the run reports of an hour.
    public func runFolder(_ hour: Hour) -> String { "\(rawFolder(hour))/run" }

    /// Whether `extract` ran in any of the hours, even when no exchange responded.
    public func hasRun(in hours: ClosedRange<Hour>) -> Bool {
        hours.hours.contains { FileSystem.exists(runFolder($0)) }
    }
    /// The lock that is held while a recorder runs.
    public var recorderLock: String { "\(raw)/.record.lock" }

    /// The lock that is held while an hour is extracted.
    public func rawLock(_ hour: Hour) -> String { "\(rawFolder(hour))/.lock" }

    static func name(_ exchange: Exchange, _ feed: Feed = .live) -> String {
        feed == .live ? "\(exchange.id).ndjson.gz" : "\(exchange.id).\(feed.rawValue).ndjson.gz"
    }

    /// The exchange, the hour and the feed that a path of any stage names; `nil` when the path is not that of a data file.
    public static func parse(_ path: String) -> (exchange: Exchange, hour: Hour, feed: Feed)? {
        let parts = path.split(separator: "/")
        guard parts.count >= 3, let file = parts.last, file.hasSuffix(".ndjson.gz"),
            let hour = Hour("\(parts[parts.count - 3])T\(parts[parts.count - 2])")
        else { return nil }
        let words = file.dropLast(".ndjson.gz".utf8.count).split(separator: ".", omittingEmptySubsequences: false)
        guard let exchange = words.first.flatMap({ Exchange(rawValue: String($0)) }), words.count <= 2 else {
            return nil
        }
        if words.count == 1 { return (exchange, hour, .live) }
        return words[1] == Feed.stream.rawValue ? (exchange, hour, .stream) : nil
    }
}
