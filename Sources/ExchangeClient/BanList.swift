import Foundation
import PerpCore

/// A time before which a venue wants no call from us.
public struct Ban: Codable, Hashable, Sendable {
    /// The venue's id.
    public let exchange: String
    /// Host, and port where the URL names one: a venue's hosts count calls apart.
    public let host: String
    /// When it ends, UTC milliseconds.
    public let untilMilliseconds: Int64
    /// What the venue said, one line.
    public let reason: String

    enum CodingKeys: String, CodingKey {
        case exchange, host, reason
        case untilMilliseconds = "until_ms"
    }

    public init(exchange: Exchange, host: String, until: Timestamp, reason: String) {
        self.exchange = exchange.id
        self.host = host
        untilMilliseconds = until.milliseconds
        self.reason = reason
    }

    public var until: Timestamp { Timestamp(milliseconds: untilMilliseconds) }
}

/// The bans in force, remembered in a small file from run to run.
///
/// The file is `{"bans": [{"exchange", "host", "reason", "until_ms"}]}`. Of two programs that
/// write it in the same instant one may forget the other's ban; the venue then says it again.
public actor BanList {
    private struct File: Codable {
        var bans: [Ban]
    }

    /// A ban that ends later than this is not believed: another clock wrote it.
    private static let longest: Int64 = 7 * 86_400_000

    private let path: String
    private var bans: [Ban]
    /// Why the file could not be read; `nil` when it could, or is not there yet.
    public let readError: String?

    public init(path: String) {
        self.path = path
        do {
            bans = try Self.read(path)
            readError = nil
        } catch {
            bans = []
            readError = "\(path): the bans of earlier runs cannot be read: \(error)"
        }
    }

    /// The bans in a file, also those that have ended; none when there is no file.
    public static func read(_ path: String) throws -> [Ban] {
        guard FileManager.default.fileExists(atPath: path) else { return [] }
        return try JSONDecoder().decode(File.self, from: Data(contentsOf: URL(fileURLWithPath: path))).bans
    }

    /// The ban of a host that is in force; `nil` when there is none.
    public func ban(of exchange: Exchange, host: String, now: Timestamp) -> Ban? {
        bans.filter { $0.exchange == exchange.id && $0.host == host }
            .filter { $0.until > now && $0.untilMilliseconds - now.milliseconds <= Self.longest }
            .max { $0.until < $1.until }
    }

    /// Notes a ban and writes the file: with what other programs have written, and without what ended.
    ///
    /// The ban holds in this run even when the file cannot be written.
    public func note(_ ban: Ban, now: Timestamp) throws {
        // What cannot be read is replaced: it holds nothing that could be kept.
        let others = ((try? Self.read(path)) ?? []) + bans
        var latest: [Ban] = []
        for candidate in others + [ban] where candidate.until > now {
            if let place = latest.firstIndex(where: { $0.exchange == candidate.exchange && $0.host == candidate.host }) {
                if latest[place].until <= candidate.until { latest[place] = candidate }
            } else {
                latest.append(candidate)
            }
        }
        bans = latest
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let url = URL(fileURLWithPath: path)
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try encoder.encode(File(bans: latest)).write(to: url, options: .atomic)
    }
}
