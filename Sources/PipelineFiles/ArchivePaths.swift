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

    /// The raw file of an exchange and hour: `raw/2025-10-23/15/okx.ndjson.gz`.
    public func rawFile(_ exchange: Exchange, _ hour: Hour) -> String { "\(rawFolder(hour))/\(Self.name(exchange))" }

    /// The staged file of an exchange and hour: `staged/2025-10-23/15/okx.ndjson.gz`.
    public func stagedFile(_ exchange: Exchange, _ hour: Hour) -> String {
        "\(staged)/\(hour.path)/\(Self.name(exchange))"
    }

    /// The raw file of an exchange's stream in an hour: `raw/2025-10-23/15/okx.stream.ndjson.gz`.
    public func streamFile(_ exchange: Exchange, _ hour: Hour) -> String {
        "\(rawFolder(hour))/\(exchange.id).stream.ndjson.gz"
    }

    /// The same file while the hour is being recorded, which nobody takes for data.
    public func streamPart(_ exchange: Exchange, _ hour: Hour) -> String {
        "\(rawFolder(hour))/stream/\(exchange.id).part"
    }

    /// The staged file of an exchange's stream in an hour.
    public func stagedStreamFile(_ exchange: Exchange, _ hour: Hour) -> String {
        "\(staged)/\(hour.path)/\(exchange.id).stream.ndjson.gz"
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
    /// The lock that is held while an hour is extracted.
    public func rawLock(_ hour: Hour) -> String { "\(rawFolder(hour))/.lock" }

    static func name(_ exchange: Exchange) -> String { "\(exchange.id).ndjson.gz" }

    /// The exchange and the hour that a path of any stage names; `nil` when the path is not that of a data file.
    public static func parse(_ path: String) -> (exchange: Exchange, hour: Hour)? {
        let parts = path.split(separator: "/")
        guard parts.count >= 3, let file = parts.last, file.hasSuffix(".ndjson.gz"),
            let exchange = Exchange(rawValue: String(file.dropLast(".ndjson.gz".utf8.count))),
            let hour = Hour("\(parts[parts.count - 3])T\(parts[parts.count - 2])")
        else { return nil }
        return (exchange, hour)
    }
}
