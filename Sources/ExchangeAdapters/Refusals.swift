/// What the errors of an exchange mean where the HTTP status alone does not say.
public struct Refusals: Hashable, Sendable {
    /// A ban that is sent with status 403.
    public struct ForbiddenBan: Hashable, Sendable {
        /// Words in the body of a ban and of no other response with status 403, in lower case.
        public let words: String
        /// The length of the ban in milliseconds.
        public let length: Int64
    }

    /// Error codes for too many calls.
    public let rateLimited: Set<String>
    /// Error codes for a temporary failure of the exchange.
    public let unavailable: Set<String>
    /// The least wait after too many calls, in milliseconds.
    public let leastWait: Int64
    /// How to recognize a ban with status 403; `nil` where 403 means that the address is not served.
    public let forbiddenBan: ForbiddenBan?

    /// The codes of one exchange; none of them by default.
    public init(
        rateLimited: Set<String> = [], unavailable: Set<String> = [], leastWait: Int64 = 0,
        forbiddenBan: ForbiddenBan? = nil
    ) {
        self.rateLimited = rateLimited
        self.unavailable = unavailable
        self.leastWait = leastWait
        self.forbiddenBan = forbiddenBan
    }
}
