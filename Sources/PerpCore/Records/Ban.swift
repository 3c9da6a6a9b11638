/// A period in which an exchange wants no request from this address.
public struct Ban: Hashable, Sendable, Codable {
    /// The exchange that announced it.
    public let exchange: Exchange
    /// Host, with the port where the URL names one: each host of an exchange counts requests separately.
    public let host: String
    /// When requests are allowed again, on our clock.
    public let until: Timestamp
    /// What the exchange said, in one line.
    public let reason: String

    /// Creates a ban that ends at `until`.
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
