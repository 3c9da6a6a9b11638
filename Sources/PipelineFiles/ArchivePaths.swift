import PerpCore

/// Where the files of an hour stand: one file an exchange and hour, with the same path in each stage.
public struct ArchivePaths: Hashable, Sendable {
    public let raw: String
    public let staged: String

    public init(raw: String = "raw", staged: String = "staged") {
        self.raw = raw
        self.staged = staged
    }

    public func rawFile(_ exchange: Exchange, _ hour: Hour) -> String { "\(rawFolder(hour))/\(Self.name(exchange))" }
    public func stagedFile(_ exchange: Exchange, _ hour: Hour) -> String {
        "\(staged)/\(hour.path)/\(Self.name(exchange))"
    }

    public func rawFolder(_ hour: Hour) -> String { "\(raw)/\(hour.path)" }
    /// The evidence of a venue whose essential endpoint failed for good.
    public func failedFile(_ exchange: Exchange, _ hour: Hour) -> String {
        "\(rawFolder(hour))/failed/\(Self.name(exchange))"
    }
    public func runFolder(_ hour: Hour) -> String { "\(rawFolder(hour))/run" }
    /// Whether `extract` ran in any of the hours, also where no exchange answered.
    public func hasRun(in hours: ClosedRange<Hour>) -> Bool {
        hours.hours.contains { FileSystem.exists(runFolder($0)) }
    }
    /// Held while an hour is extracted.
    public func rawLock(_ hour: Hour) -> String { "\(rawFolder(hour))/.lock" }

    static func name(_ exchange: Exchange) -> String { "\(exchange.id).ndjson.gz" }

    /// The exchange and the hour that a path of any stage names; `nil` when it names none.
    public static func parse(_ path: String) -> (exchange: Exchange, hour: Hour)? {
        let parts = path.split(separator: "/")
        guard parts.count >= 3, let file = parts.last, file.hasSuffix(".ndjson.gz"),
            let exchange = Exchange(rawValue: String(file.dropLast(".ndjson.gz".utf8.count))),
            let hour = Hour("\(parts[parts.count - 3])T\(parts[parts.count - 2])")
        else { return nil }
        return (exchange, hour)
    }
}
