import PerpCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The bans that venues have spoken, remembered from run to run in `raw/.state/bans.json`:
/// `{"bans": [{"exchange", "host", "reason", "until_ms"}]}`.
public enum BanFile {
    private struct Content: Codable {
        var bans: [Ban]
    }

    /// All bans in the file, also those that have ended; none when there is no file.
    public static func read(in paths: ArchivePaths) throws -> [Ban] {
        let path = path(in: paths)
        guard FileSystem.exists(path) else { return [] }
        let content = ByteBuffer()
        try FileSystem.read(path, into: content)
        do {
            return try JSONDecoder().decode(Content.self, from: Data(content.array)).bans
        } catch {
            throw FormatError(path: path, reason: "is not a list of bans: \(error)")
        }
    }

    /// Writes a ban down beside those of other programs, and leaves out what ended before `now`.
    ///
    /// Each exchange is asked by a process of its own: they write one after the other. A file that cannot be read is
    /// replaced.
    public static func add(_ ban: Ban, now: Timestamp, in paths: ArchivePaths) throws {
        let lock = try Lock("\(paths.raw)/.state/.bans.lock", purpose: "a ban", patience: .seconds(5))
        defer { withExtendedLifetime(lock) {} }
        let others = ((try? read(in: paths)) ?? []).filter { $0.exchange != ban.exchange || $0.host != ban.host }
        let bans = (others + [ban]).filter { $0.until > now }
        let bytes = ByteBuffer(Array(try JSONText.pretty(Content(bans: bans)).utf8))
        try FileSystem.write(bytes, to: path(in: paths))
    }

    public static func path(in paths: ArchivePaths) -> String { "\(paths.raw)/.state/bans.json" }
}
