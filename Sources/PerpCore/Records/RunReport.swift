/// What one run of `extract` did: which exchanges were enabled, what failed, and why.
///
/// The file of a run is the evidence that the machine was on in that hour.
public struct RunReport: Hashable, Sendable, Codable {
    /// How the run ended for an exchange.
    public enum Outcome: String, Hashable, Sendable, Codable {
        /// Every endpoint responded.
        case complete
        /// The essential endpoints responded, but another one did not.
        case partial
        /// An essential endpoint did not respond: the hour has no raw file of the exchange.
        case failed
        /// The raw file of an earlier run was present; nothing was requested.
        case present
    }

    /// Why an exchange or an endpoint failed.
    public enum Cause: String, Hashable, Sendable, Codable {
        /// No response: time-outs, cut connections, status 5xx.
        case down
        /// The exchange has banned us for a while: 418, 429, an announced ban.
        case banned
        /// The exchange does not serve this location: 403, 451.
        case blocked
        /// The response is not usable: an error envelope, HTML, no JSON, too large.
        case refused
        /// The run was ended before the exchange was asked.
        case interrupted
    }

    /// How the requests to one endpoint went.
    public struct EndpointRun: Hashable, Sendable, Codable {
        /// The endpoint's name in the adapter's table.
        public var id: String
        /// Number of requests, each counted once whatever the number of its attempts.
        public var calls: Int
        /// Requests that failed after all attempts.
        public var failed: Int
        /// Attempts of all requests together.
        public var attempts: Int
        /// What the requests cost of the exchange's limit, in the exchange's own unit.
        public var weight: Int
        /// Whether enough of its requests succeeded.
        public var ok: Bool
        /// Why it failed; `nil` when it did not.
        public var cause: Cause?
        /// What the last failure said; `nil` without one.
        public var reason: String?

        /// Creates the result of an endpoint; `cause` and `reason` are left out when it did not fail.
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

    /// How the run went for one exchange.
    public struct ExchangeRun: Hashable, Sendable, Codable {
        /// The exchange that was asked.
        public var exchange: Exchange
        /// How it ended.
        public var outcome: Outcome
        /// Why it failed, in part or altogether; `nil` when it did not.
        public var cause: Cause?
        /// What the last failure said; `nil` without one.
        public var reason: String?
        /// Bytes of the bodies as received, before content decoding.
        public var wireBytes: Int
        /// Bytes of the bodies after content decoding.
        public var bodyBytes: Int
        /// How long asking the exchange took, in milliseconds.
        public var milliseconds: Int
        /// The results of its endpoints; empty where nothing was asked.
        public var endpoints: [EndpointRun]

        /// Creates the result of an exchange; counts that are left out are 0.
        public init(
            exchange: Exchange, outcome: Outcome, cause: Cause? = nil, reason: String? = nil, wireBytes: Int = 0,
            bodyBytes: Int = 0, milliseconds: Int = 0, endpoints: [EndpointRun] = []
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

    /// The hour that the run belongs to; in JSON as `Hour.description` writes it.
    public var hour: Hour
    /// When the run began, on our clock.
    public var startedAt: Timestamp
    /// When the run ended, on our clock.
    public var finishedAt: Timestamp
    /// The exchanges that the settings ask for, whether or not this run had to ask them.
    public var enabled: [Exchange]
    /// The results of the exchanges, in their fixed order. The JSON key is `venues`.
    public var exchanges: [ExchangeRun]
    /// The version of `extract`.
    public var version: String

    /// Creates the report of a run.
    public init(
        hour: Hour, startedAt: Timestamp, finishedAt: Timestamp, enabled: [Exchange], exchanges: [ExchangeRun],
        version: String
    ) {
        self.hour = hour
        self.startedAt = startedAt
        self.finishedAt = finishedAt
        self.enabled = enabled
        self.exchanges = exchanges
        self.version = version
    }

    enum CodingKeys: String, CodingKey {
        case hour, enabled, version
        case exchanges = "venues"
        case startedAt = "started_at_ms"
        case finishedAt = "finished_at_ms"
    }
}

/// Written as the exchange's id.
extension Exchange: Codable {}

extension Hour: Codable {
    /// Reads the text that `description` writes.
    /// - Throws: `DecodingError` when the value is not an hour.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let hour = Hour(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not an hour")
        }
        self = hour
    }

    /// Writes `description`.
    /// - Throws: What the encoder throws.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

extension Timestamp: Codable {
    /// Reads UTC milliseconds.
    /// - Throws: `DecodingError` when the value is not an integer.
    public init(from decoder: any Decoder) throws {
        milliseconds = try decoder.singleValueContainer().decode(Int64.self)
    }

    /// Writes UTC milliseconds.
    /// - Throws: What the encoder throws.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(milliseconds)
    }
}
