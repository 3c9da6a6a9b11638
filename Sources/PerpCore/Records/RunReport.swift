/// What one run of `extract` did: which venues were enabled, what failed, and why.
///
/// The file of a run is the evidence that the machine was on in that hour.
public struct RunReport: Hashable, Sendable, Codable {
    public enum Outcome: String, Hashable, Sendable, Codable {
        /// Every endpoint was answered.
        case complete
        /// Essential endpoints were answered, another one was not.
        case partial
        /// An essential endpoint was not answered: the hour has no raw file of the venue.
        case failed
        /// An earlier run had left the raw file; nothing was asked.
        case present
    }

    /// Why a venue or an endpoint failed.
    public enum Cause: String, Hashable, Sendable, Codable {
        /// No answer: time-outs, cut connections, status 5xx.
        case down
        /// The venue has shut us out for a while: 418, 429, an announced ban.
        case banned
        /// The venue does not serve this place: 403, 451.
        case blocked
        /// An answer that is none: an error envelope, HTML, no JSON, too large.
        case refused
        /// The run was ended before the venue was asked.
        case interrupted
    }

    public struct Endpoint: Hashable, Sendable, Codable {
        public var id: String
        /// Requests, each counted once whatever its attempts.
        public var calls: Int
        public var failed: Int
        public var attempts: Int
        /// In the venue's own terms.
        public var weight: Int
        /// Whether enough of its calls were answered.
        public var ok: Bool
        public var cause: Cause?
        /// What the last failure said.
        public var reason: String?

        public init(
            id: String, calls: Int, failed: Int, attempts: Int, weight: Int, ok: Bool, cause: Cause? = nil,
            reason: String? = nil
        ) {
            self.id = id
            self.calls = calls
            self.failed = failed
            self.attempts = attempts
            self.weight = weight
            self.ok = ok
            self.cause = cause
            self.reason = reason
        }
    }

    public struct Venue: Hashable, Sendable, Codable {
        public var exchange: Exchange
        public var outcome: Outcome
        public var cause: Cause?
        public var reason: String?
        public var wireBytes: Int
        public var bodyBytes: Int
        public var milliseconds: Int
        public var endpoints: [Endpoint]

        public init(
            exchange: Exchange, outcome: Outcome, cause: Cause? = nil, reason: String? = nil, wireBytes: Int = 0,
            bodyBytes: Int = 0, milliseconds: Int = 0, endpoints: [Endpoint] = []
        ) {
            self.exchange = exchange
            self.outcome = outcome
            self.cause = cause
            self.reason = reason
            self.wireBytes = wireBytes
            self.bodyBytes = bodyBytes
            self.milliseconds = milliseconds
            self.endpoints = endpoints
        }

        enum CodingKeys: String, CodingKey {
            case exchange, outcome, cause, reason, milliseconds, endpoints
            case wireBytes = "wire_bytes"
            case bodyBytes = "body_bytes"
        }
    }

    /// As in `Hour.description`.
    public var hour: Hour
    public var startedAt: Timestamp
    public var finishedAt: Timestamp
    /// The venues that the settings ask for, whether or not this run had to.
    public var enabled: [Exchange]
    public var venues: [Venue]
    /// Of `extract`.
    public var version: String

    public init(
        hour: Hour, startedAt: Timestamp, finishedAt: Timestamp, enabled: [Exchange], venues: [Venue],
        version: String
    ) {
        self.hour = hour
        self.startedAt = startedAt
        self.finishedAt = finishedAt
        self.enabled = enabled
        self.venues = venues
        self.version = version
    }

    enum CodingKeys: String, CodingKey {
        case hour, enabled, venues, version
        case startedAt = "started_at_ms"
        case finishedAt = "finished_at_ms"
    }
}

extension Exchange: Codable {}

extension Hour: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let hour = Hour(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not an hour")
        }
        self = hour
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

extension Timestamp: Codable {
    public init(from decoder: any Decoder) throws {
        milliseconds = try decoder.singleValueContainer().decode(Int64.self)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(milliseconds)
    }
}
