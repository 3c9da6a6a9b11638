import ArgumentParser
import PerpCore
import PipelineFiles
import Staging

/// A raw file and the staged file that it becomes.
struct RawAndStaged: Sendable {
    /// Whose file it is; `nil` leaves that to its lines.
    let identity: RawIdentity?
    let raw: String
    let staged: String

    /// A file of an archive.
    private init(_ identity: RawIdentity, _ paths: ArchivePaths) {
        self.identity = identity
        staged = identity.stagedFile(in: paths)
        switch identity {
        case .hour(let exchange, let hour, let feed): raw = paths.rawFile(exchange, hour, feed)
        case .past(let file): raw = paths.rawFile(file)
        }
    }

    /// A file by its name.
    ///
    /// - Throws: `ValidationError` when neither the name nor `output` says where the staged file is.
    init(named name: String, output: String?, paths: ArchivePaths) throws {
        identity = RawIdentity(path: name)
        raw = name
        guard let staged = output ?? identity?.stagedFile(in: paths) else {
            throw ValidationError("'\(name)' does not end in <date>/<hour>/<exchange>.ndjson.gz: give --output")
        }
        self.staged = staged
    }

    func records(_ stage: RawToStaged) throws -> StagedHour { try stage.staged(raw, as: identity) }

    /// Whether the staged file was made by this version from the same bytes.
    func isCurrent(_ reader: StagedReader) throws -> Bool {
        guard let source = reader.source(staged), source.transformVersion == transformVersion else { return false }
        return try source.rawSHA256 == sha256(of: raw)
    }

    /// The files of a span whose raw file exists.
    static func existing(in hours: ClosedRange<Hour>, of exchanges: [Exchange], paths: ArchivePaths) -> [RawAndStaged] {
        hours.hours.flatMap { hour in
            exchanges.flatMap { exchange in
                Feed.ofHours.map { RawAndStaged(.hour(exchange, hour, $0), paths) }
            }
        }
        .filter { FileSystem.exists($0.raw) }
    }

    /// All files of the past of some exchanges.
    static func past(of exchanges: [Exchange], paths: ArchivePaths) throws -> [RawAndStaged] {
        try paths.rawHistory().filter { exchanges.contains($0.exchange) }.map { RawAndStaged(.past($0), paths) }
    }
}
