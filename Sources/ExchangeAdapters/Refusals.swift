/// What the refusals of an exchange mean where an HTTP status alone does not say.
public struct Refusals: Hashable, Sendable {
    /// Words that tell a ban from other bodies with status 403.
    public struct ForbiddenBan: Hashable, Sendable {
        /// In lower case.
        public let words: String
        /// Milliseconds.
        public let length: Int64
    }

    /// Codes of error envelopes that ask for fewer calls.
    public let rateLimited: Set<String>
    /// Codes of error envelopes that say: here, but not able to serve just now.
    public let unavailable: Set<String>
    /// Milliseconds to wait at least before asking again after too many calls.
    public let leastWait: Int64
    /// How a ban with status 403 is known; `nil` when there is none: the address is not served.
    public let forbiddenBan: ForbiddenBan?

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
