import JSONReader
import PerpCore

/// One HTTP call to an exchange.
public struct Request: Hashable, Sendable {
    public enum Method: String, Sendable {
        case get = "GET"
        case post = "POST"
    }

    /// The endpoint's id in the adapter's table: `"tickers"`.
    public var endpoint: String
    public var method: Method
    /// Scheme, real host, path and query.
    public var url: String
    /// The JSON to send; `nil` for a GET.
    public var body: String?
    /// What the call costs of its limit, in the exchange's own terms.
    public var weight: Int
    /// The name of the adapter's limit that it draws on.
    public var limit: String
}

/// A response with the request that it belongs to: some bodies name neither symbol nor time.
public struct Response {
    public let endpoint: String
    /// The URL as sent, whatever its host.
    public let url: String
    public let requestBody: String?
    /// Our clock.
    public let receivedAt: Timestamp
    public let body: JSONValue

    public init(endpoint: String, url: String, requestBody: String? = nil, receivedAt: Timestamp, body: JSONValue) {
        self.endpoint = endpoint
        self.url = url
        self.requestBody = requestBody
        self.receivedAt = receivedAt
        self.body = body
    }

    /// The value of a parameter of the URL's query, as it stands there; `nil` when absent.
    func parameter(_ name: String) -> String? {
        guard let query = url.utf8.firstIndex(of: UInt8(ascii: "?")).map({ url.utf8[$0...].dropFirst() }) else {
            return nil
        }
        for pair in query.split(separator: UInt8(ascii: "&")) {
            let value = pair.dropFirst(name.utf8.count)
            if pair.starts(with: name.utf8), value.first == UInt8(ascii: "=") {
                return String(Substring(value.dropFirst()))
            }
        }
        return nil
    }

    /// The last part of the URL's path: the market of `/historicalFunding/BTC-USD?limit=3`.
    var lastPathComponent: String? {
        url.prefix { $0 != "?" }.split(separator: "/").last.map(String.init)
    }
}
