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
    public var isTooLarge: Bool { status != 0 && error != nil && body.isEmpty }

    /// Whether there is a body to keep, even an empty one.
    public var hasBody: Bool { status != 0 && !isTooLarge }

    /// The beginning of the body as text, for messages and for what exchanges only say in words.
    public var beginning: String { String(decoding: body.prefix(2048), as: UTF8.self) }
}
