import PerpCore

/// Knows the liquidations of the last hour again: a stream repeats some when it is subscribed, and two connections tell the
/// same while one replaces the other.
struct RecentEvents {
    /// So many are remembered at least, of so many hours; more than twice as many never.
    private static let most = 250_000

    private var older: Set<Int> = []
    private var newer: Set<Int> = []
    private var since = Timestamp(milliseconds: 0)

    /// Whether an event of a message is new; it is known from then on.
    /// - Parameter number: how many equal events stand before it in the message: those are different ones.
    mutating func isNew(_ event: Liquidation, of exchange: Exchange, number: Int, at now: Timestamp) -> Bool {
        if newer.count >= Self.most || now.milliseconds - since.milliseconds > RollingHour.length * 1000 {
            (older, newer, since) = (newer, [], now)
        }
        var hasher = Hasher()
        hasher.combine(exchange)
        hasher.combine(event)
        hasher.combine(number)
        let identity = hasher.finalize()
        return !older.contains(identity) && newer.insert(identity).inserted
    }
}
