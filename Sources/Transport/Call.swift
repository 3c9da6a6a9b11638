/// One HTTP call, as it is to be sent.
public struct Call: Hashable, Sendable {
    /// `GET` or `POST`.
    public let method: String
    /// Scheme, host, path and query.
    public let url: String
    /// The JSON to send; `nil` for a GET.
    public let body: String?
    /// Headers beside the usual ones.
    public let headers: [String: String]
    /// What the call costs of its limit, in the exchange's own terms.
    public let weight: Int
    /// The name of the limit that it draws on.
    public let limit: String

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
