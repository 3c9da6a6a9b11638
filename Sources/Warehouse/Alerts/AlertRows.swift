import PerpCore

/// A row of `alert`: a detection of a strategy at an hour, and what became of it.
public struct AlertRow: Hashable, Sendable {
    public var hour: Hour
    /// Strategy and scope: `funding_arbitrage:BTC`.
    public var key: String
    public var strategy: String
    /// 1 is the most urgent.
    public var tier: Int
    public var model: String
    /// 0 to 100.
    public var confidence: Int
    public var direction: String
    public var status: String?
    /// `new`, `flip` and so on; `active` when there was nothing new to tell; else why nothing was sent.
    public var decision: String
    /// As printed.
    public var message: String

    public init(
        hour: Hour, key: String, strategy: String, tier: Int, model: String, confidence: Int, direction: String,
        status: String?, decision: String, message: String
    ) {
        self.hour = hour
        self.key = key
        self.strategy = strategy
        self.tier = tier
        self.model = model
        self.confidence = confidence
        self.direction = direction
        self.status = status
        self.decision = decision
        self.message = message
    }
}

/// A row of `alert_state`: where the alerts of a key stand between hours.
public struct AlertStateRow: Hashable, Sendable {
    /// What the receiver accepted last.
    public struct Sent: Hashable, Sendable {
        public var hour: Hour
        public var confidence: Int
        public var direction: String
        public var status: String?

        public init(hour: Hour, confidence: Int, direction: String, status: String?) {
            self.hour = hour
            self.confidence = confidence
            self.direction = direction
            self.status = status
        }
    }

    public var key: String
    /// The first hour of the running episode; `nil` when idle.
    public var since: Hour?
    public var direction: String
    public var confidence: Int
    public var status: String?
    /// Evaluated hours in a row in which the detector did not fire.
    public var misses: Int
    /// The last hour that counted.
    public var evaluated: Hour
    /// `nil` when nothing of the key was ever sent.
    public var lastSent: Sent?
    public var lastFlip: Hour?
    /// Messages accepted in the running episode.
    public var sentInEpisode: Int
    /// The hour of an end that no digest has told yet.
    public var ended: Hour?

    public init(
        key: String, since: Hour?, direction: String, confidence: Int, status: String?, misses: Int, evaluated: Hour,
        lastSent: Sent?, lastFlip: Hour?, sentInEpisode: Int, ended: Hour?
    ) {
        self.key = key
        self.since = since
        self.direction = direction
        self.confidence = confidence
        self.status = status
        self.misses = misses
        self.evaluated = evaluated
        self.lastSent = lastSent
        self.lastFlip = lastFlip
        self.sentInEpisode = sentInEpisode
        self.ended = ended
    }
}

/// A row of `alert_outbox`: a message to be delivered.
public struct OutboxRow: Hashable, Sendable {
    public enum State: String, Hashable, Sendable, CaseIterable {
        case pending, delivered, expired, dead
    }

    public var id: String
    public var key: String
    public var hour: Hour
    public var reason: String
    public var tier: Int
    public var confidence: Int
    public var direction: String
    public var status: String?
    /// JSON, as it is sent when it is sent alone.
    public var payload: String
    public var state: State
    /// Requests that carried it.
    public var attempts: Int
    public var createdAt: Timestamp
    /// Not before; `nil`: at once.
    public var nextAttemptAt: Timestamp?
    public var deliveredAt: Timestamp?
    /// The receiver's own; `nil` when it gave none.
    public var messageID: String?
    public var lastError: String?

    /// A pending row.
    public init(
        id: String, key: String, hour: Hour, reason: String, tier: Int, confidence: Int, direction: String,
        status: String?, payload: String, createdAt: Timestamp
    ) {
        self.id = id
        self.key = key
        self.hour = hour
        self.reason = reason
        self.tier = tier
        self.confidence = confidence
        self.direction = direction
        self.status = status
        self.payload = payload
        state = .pending
        attempts = 0
        self.createdAt = createdAt
    }
}
