import PerpCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The bans that exchanges have announced, remembered from run to run in `raw/.state/bans.json`:
/// `{"bans": [{"exchange", "host", "reason", "until_ms"}]}`.
public enum BanFile {
    private struct StoredBans: Codable {
        var bans: [Ban]
    }

    /// All bans in the file, including those that have ended; empty when there is no file.
    /// - Throws: `FormatError` when the file is not a list of bans, `FileError` when it cannot be read.
    public static func read(in paths: ArchivePaths) throws -> [Ban] {
        let path = path(in: paths)
        guard FileSystem.exists(path) else { return [] }
        let content = ByteBuffer()
        try FileSystem.read(path, into: content)
        do {
            return try JSONDecoder().decode(StoredBans.self, from: Data(content.array)).bans
        } catch {
            throw FormatError(path: path, reason: "is not a list of bans: \(error)")
        }
    }

    /// Adds a ban to those of other programs, and removes bans that ended before `now`.
    ///
    /// Each exchange is requested by its own process: a lock makes them write one after the other. A file that cannot be
    /// read is replaced.
    /// - Throws: `LockedError` when the lock is not free within five seconds, `FileError` when the file cannot be written.
    public static func add(_ ban: Ban, now: Timestamp, in paths: ArchivePaths) throws {
        let lock = try Lock("\(paths.raw)/.state/.bans.lock", purpose: "a ban", patience: .seconds(5))
        defer { withExtendedLifetime(lock) {} }
        let others = ((try? read(in: paths)) ?? []).filter { $0.exchange != ban.exchange || $0.host != ban.host }
        let bans = (others + [ban]).filter { $0.until > now }
        let bytes = ByteBuffer(Array(try JSONText.pretty(StoredBans(bans: bans)).utf8))
        try FileSystem.write(bytes, to: path(in: paths))
    }

    /// The path of the list, in the folder of raw files.
    public static func path(in paths: ArchivePaths) -> String { "\(paths.raw)/.state/bans.json" }
}
