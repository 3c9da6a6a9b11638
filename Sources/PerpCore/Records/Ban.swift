/// A time before which a venue wants no call from this address.
public struct Ban: Hashable, Sendable, Codable {
    public let exchange: Exchange
    /// Host, and port where the URL names one: a venue's hosts count calls apart.
    public let host: String
    public let until: Timestamp
    /// What the venue said, one line.
    public let reason: String

    public init(exchange: Exchange, host: String, until: Timestamp, reason: String) {
        self.exchange = exchange
        self.host = host
        self.until = until
        self.reason = reason
    }

    enum CodingKeys: String, CodingKey {
        case exchange, host, reason
        case until = "until_ms"
    }
}
