import PerpCore

/// One HTTP call, as it is to be sent.
public struct Call: Hashable, Sendable {
    /// `GET` or `POST`.
    public let method: String
    /// Scheme, host, path and query.
    public let url: String
    /// The JSON to send; `nil` for a GET.
    public let body: String?
    /// What the call costs of its limit, in the venue's own terms.
    public let weight: Int
    /// The name of the limit that it draws on.
    public let limit: String

    public init(method: String = "GET", url: String, body: String? = nil, weight: Int = 1, limit: String) {
        self.method = method
        self.url = url
        self.body = body
        self.weight = weight
        self.limit = limit
    }
}

/// What came of sending a call once.
public struct Attempt: Sendable {
    public let call: Call
    /// Our clock.
    public let sentAt: Timestamp
    public let receivedAt: Timestamp
    /// 1 for the first try.
    public let number: Int
    public let reply: Reply
    /// Why the attempt is not an answer; `nil` when it is one.
    public let failure: Failure?
}

/// What the network gave back.
public struct Reply: Sendable {
    /// The HTTP status; 0 when no whole response came.
    public let status: Int
    /// Why there is no response, or why its body could not be decoded; `nil` when all is well.
    public let error: String?
    public let headers: Headers
    /// Bytes of the body as received, before content decoding.
    public let wireBytes: Int
    /// The body after content decoding. As received where it could not be decoded, and empty
    /// where it is larger than allowed.
    public let body: [UInt8]

    public init(status: Int, error: String? = nil, headers: Headers, wireBytes: Int, body: [UInt8]) {
        self.status = status
        self.error = error
        self.headers = headers
        self.wireBytes = wireBytes
        self.body = body
    }

    /// No whole response.
    public init(error: String) {
        self.init(status: 0, error: error, headers: Headers([]), wireBytes: 0, body: [])
    }

    /// Whether the body was longer than is received or decoded; it is then not kept.
    var isTooLarge: Bool { status != 0 && error != nil && body.isEmpty }

    /// Whether there is a body to keep, even an empty one.
    public var hasBody: Bool { status != 0 && !isTooLarge }

    /// The beginning of the body as text, for messages and for what venues only say in words.
    var beginning: String { String(decoding: body.prefix(2048), as: UTF8.self) }
}

/// What a body is to the venue's adapter.
public enum BodyVerdict: Hashable, Sendable {
    case answer
    /// An error envelope, which begins with the venue's code: `"50011 Too Many Requests"`.
    case refusal(String)
    /// Not the JSON that it should be, and why.
    case unreadable(String)
}

/// Why a call failed.
public struct Failure: Error, Hashable, Sendable, CustomStringConvertible {
    /// What the ledger counts.
    public enum Kind: String, Hashable, Sendable {
        /// No connection, a timeout, a cut connection, a status of 500 and above.
        case down
        case rateLimited = "rate_limited"
        case banned
        /// 403 or 451: the venue does not serve this address.
        case blocked
        /// The venue understood and declined: another status of 400 and above, an error envelope.
        case refused
        /// A page of HTML, damaged gzip, a body too large or not JSON.
        case unreadable
    }

    public let kind: Kind
    /// One line, lower case, without a full stop.
    public let description: String

    public init(_ kind: Kind, _ description: String) {
        self.kind = kind
        self.description = description
    }
}
