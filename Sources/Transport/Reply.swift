/// What came back from sending a call once: a response, or the reason why there is none.
public struct Reply: Sendable {
    /// The HTTP status; 0 without a complete response.
    public let status: Int
    /// Why there is no response, or why its body could not be decoded; `nil` on success.
    public let error: String?
    /// The headers; empty without a response.
    public let headers: Headers
    /// The size of the body as received, in bytes, before content decoding.
    public let wireBytes: Int
    /// The body after content decoding; as received when it could not be decoded, and empty when it is too large.
    public let body: [UInt8]

    /// A reply with a response.
    public init(status: Int, error: String? = nil, headers: Headers, wireBytes: Int, body: [UInt8]) {
        self.status = status
        self.error = error
        self.headers = headers
        self.wireBytes = wireBytes
        self.body = body
    }

    /// A reply without a complete response, and why.
    public init(error: String) {
        self.init(status: 0, error: error, headers: Headers([]), wireBytes: 0, body: [])
    }

    /// Whether the body was too large to receive or to decode; it is then dropped.
    public var isTooLarge: Bool { status != 0 && error != nil && body.isEmpty }

    /// Whether there is a body to record, possibly an empty one.
    public var hasBody: Bool { status != 0 && !isTooLarge }

    /// The first 2048 bytes of the body as text, for messages and for errors that exchanges state only in words.
    public var beginning: String { String(decoding: body.prefix(2048), as: UTF8.self) }
}
