import PerpCore

/// An exchange and an hour: what one raw or staged file is about.
public struct ExchangeHour: Hashable, Sendable, Comparable {
    /// The hour, in which the first request was sent.
    public let hour: Hour
    /// The exchange that was asked.
    public let exchange: Exchange
    /// Whose file it is.
    public let feed: Feed

    /// Names the file of a feed.
    public init(_ exchange: Exchange, _ hour: Hour, _ feed: Feed = .live) {
        self.exchange = exchange
        self.hour = hour
        self.feed = feed
    }

    /// By hour, then in the fixed order of exchanges, then by feed.
    public static func < (left: ExchangeHour, right: ExchangeHour) -> Bool {
        (left.hour, left.exchange, left.feed) < (right.hour, right.exchange, right.feed)
    }
}
