import PerpCore

/// An exchange and an hour: what one raw or staged file is about.
public struct ExchangeHour: Hashable, Sendable, Comparable {
    /// The hour, in which the first request was sent.
    public let hour: Hour
    /// The exchange that was asked.
    public let exchange: Exchange

    /// Creates the pair.
    public init(_ exchange: Exchange, _ hour: Hour) {
        self.exchange = exchange
        self.hour = hour
    }

    /// By hour, then in the fixed order of exchanges.
    public static func < (left: ExchangeHour, right: ExchangeHour) -> Bool {
        (left.hour, left.exchange) < (right.hour, right.exchange)
    }
}
