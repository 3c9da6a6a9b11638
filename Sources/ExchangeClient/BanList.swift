import PerpCore

/// The bans in force, from earlier runs and from this one.
public actor BanList {
    /// Milliseconds. A ban that ends later than this is ignored: a wrong clock must have written it.
    private static let longest: Int64 = 7 * 86_400_000

    private var bans: [Ban]
    private let save: @Sendable (Ban) throws -> Void

    /// A list that begins with the bans of earlier runs.
    ///
    /// - Parameters:
    ///   - bans: the bans that earlier runs stored.
    ///   - save: stores a ban for later runs.
    public init(_ bans: [Ban] = [], save: @escaping @Sendable (Ban) throws -> Void = { _ in }) {
        self.bans = bans
        self.save = save
    }

    /// The ban of a host that is in force at `now`; `nil` when there is none.
    public func ban(of exchange: Exchange, host: String, now: Timestamp) -> Ban? {
        bans.filter { $0.exchange == exchange && $0.host == host }
            .filter { $0.until > now && $0.until.milliseconds - now.milliseconds <= Self.longest }
            .max { $0.until < $1.until }
    }

    /// Adds a ban, which holds in this run even when it cannot be stored.
    ///
    /// - Throws: The error of `save` when the ban cannot be stored.
    public func note(_ ban: Ban, now: Timestamp) throws {
        if let known = self.ban(of: ban.exchange, host: ban.host, now: now), known.until >= ban.until { return }
        bans.append(ban)
        try save(ban)
    }
}
