/// One HTTP call to send.
public struct Call: Hashable, Sendable {
    /// `GET` or `POST`.
    public let method: String
    /// Scheme, host, path and query.
    public let url: String
    /// The JSON to send; `nil` for a GET.
    public let body: String?
    /// Headers in addition to the usual ones.
    public let headers: [String: String]
    /// The cost of the call in units of its limit.
    public let weight: Int
    /// The name of the rate limit that it counts against.
    public let limit: String

    /// A call, by default a GET without extra headers and of weight 1.
    public init(
        method: String = "GET", url: String, body: String? = nil, headers: [String: String] = [:], weight: Int = 1,
        limit: String
    ) {
        self.method = method
        self.url = url
        self.body = body
        self.headers = headers
        self.weight = weight
        self.limit = limit
    }
}
