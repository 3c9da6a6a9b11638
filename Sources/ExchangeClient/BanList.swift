import PerpCore

/// The bans in force: those of earlier runs, and those that this one meets.
public actor BanList {
    /// A ban that ends later than this is not believed: another clock wrote it.
    private static let longest: Int64 = 7 * 86_400_000

    private var bans: [Ban]
    private let save: @Sendable (Ban) throws -> Void

    /// - Parameters:
    ///   - bans: what earlier runs remembered.
    ///   - save: writes a ban down for the runs to come.
    public init(_ bans: [Ban] = [], save: @escaping @Sendable (Ban) throws -> Void = { _ in }) {
        self.bans = bans
        self.save = save
    }

    /// The ban of a host that is in force; `nil` when there is none.
    public func ban(of exchange: Exchange, host: String, now: Timestamp) -> Ban? {
        bans.filter { $0.exchange == exchange && $0.host == host }
            .filter { $0.until > now && $0.until.milliseconds - now.milliseconds <= Self.longest }
            .max { $0.until < $1.until }
    }

    /// Notes a ban. It holds in this run even when it cannot be written down, which throws.
    public func note(_ ban: Ban, now: Timestamp) throws {
        if let known = self.ban(of: ban.exchange, host: ban.host, now: now), known.until >= ban.until { return }
        bans.append(ban)
        try save(ban)
    }
}
