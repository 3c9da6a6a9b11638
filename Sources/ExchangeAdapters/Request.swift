import JSONReader
import PerpCore

/// One HTTP call to an exchange.
public struct Request: Hashable, Sendable {
    /// An HTTP method.
    public enum Method: String, Sendable {
        /// A call without a body.
        case get = "GET"
        /// A call with a JSON body.
        case post = "POST"
    }

    /// The endpoint's id in the adapter's table: `"tickers"`.
    public var endpoint: String
    /// The HTTP method.
    public var method: Method
    /// Scheme, the exchange's host, path and query.
    public var url: String
    /// The JSON to send; `nil` for a GET.
    public var body: String?
    /// The cost of the call in units of its limit.
    public var weight: Int
    /// The name of the rate limit that it counts against.
    public var limit: String
}

/// A response with its request: some bodies name neither symbol nor time.
public struct Response {
    /// The endpoint's id in the adapter's table.
    public let endpoint: String
    /// The URL as sent, with any host.
    public let url: String
    /// The JSON that was sent; `nil` for a GET.
    public let requestBody: String?
    /// The contract that was asked about, in a file of the past; `nil` elsewhere.
    public let symbol: String?
    /// The time of receipt by our clock.
    public let receivedAt: Timestamp
    /// The parsed body, valid until the parser's next parse.
    public let body: JSONValue

    /// A response whose body has been parsed.
    public init(
        endpoint: String, url: String, requestBody: String? = nil, symbol: String? = nil, receivedAt: Timestamp,
        body: JSONValue
    ) {
        self.symbol = symbol
        self.endpoint = endpoint
        self.url = url
        self.requestBody = requestBody
        self.receivedAt = receivedAt
        self.body = body
    }

    /// The contract that was asked about, by the line or else by a parameter of the URL.
    ///
    /// - Throws: `AdapterError` when neither names one.
    func askedSymbol(_ parameter: String = "symbol") throws(AdapterError) -> String {
        guard let symbol = symbol ?? self.parameter(parameter) else {
            throw .unexpectedShape(expected: "a request that names its contract")
        }
        return symbol
    }

    /// The value of a parameter in the URL's query, still percent-encoded; `nil` when it is absent.
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
