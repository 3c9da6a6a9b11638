import PerpCore

/// A row of `alert`: a detection of a strategy at an hour, and what became of it.
public struct AlertRow: Hashable, Sendable {
    /// The hour that was evaluated.
    public var hour: Hour
    /// The strategy and its scope: `funding_arbitrage:BTC`.
    public var key: String
    /// The strategy's name.
    public var strategy: String
    /// How urgent the alert is, from 1, the most urgent, to 3.
    public var tier: Int
    /// The sentiment model that it was evaluated with.
    public var model: String
    /// The confidence of the detection, 0 to 100.
    public var confidence: Int
    /// The direction that the strategy reports, in its own words.
    public var direction: String
    /// The strategy's own state; `nil` when it has none.
    public var status: String?
    /// Why a message was sent: `new`, `flip` and so on; `active` when there was nothing new; else why nothing was sent.
    public var decision: String
    /// The text as it is printed.
    public var message: String
    /// Whether the recorder decided it, from liquidations as they happened.
    public var isLive = false
    /// The confidence with trends and volatility, 0 to 100; `nil` in rows of before.
    public var adjusted: Int?
    /// Percent points that the history of outcomes added; `nil` in rows of before.
    public var boost: Int?
    /// How often the claim comes true, as the outcomes known then say, 0 to 1; `nil` when they say nothing.
    public var estimate: Double?
    /// The regime of the market's volatility; `nil` when it was unknown.
    public var regime: String?
    /// Of a trade with two legs the market that is sold: `okx perpetual BTC-USDT-SWAP`; `nil` for others.
    public var shortLeg: String?
    /// The market that is bought.
    public var longLeg: String?

    /// Creates a row.
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

/// A row of `alert_state`: the state of a key's alerts between hours.
public struct AlertStateRow: Hashable, Sendable {
    /// What the receiver accepted last.
    public struct Sent: Hashable, Sendable {
        /// The hour of the message.
        public var hour: Hour
        /// The confidence that it stated, 0 to 100.
        public var confidence: Int
        /// The direction that it stated.
        public var direction: String
        /// The status that it stated; `nil` when it had none.
        public var status: String?

        /// Creates what a message stated.
        public init(hour: Hour, confidence: Int, direction: String, status: String?) {
            self.hour = hour
            self.confidence = confidence
            self.direction = direction
            self.status = status
        }
    }

    /// The strategy and its scope: `funding_arbitrage:BTC`.
    public var key: String
    /// The first hour of the current episode; `nil` when there is none.
    public var since: Hour?
    /// The direction at the last detection.
    public var direction: String
    /// The confidence at the last detection, 0 to 100.
    public var confidence: Int
    /// The strategy's own state at the last detection; `nil` when it has none.
    public var status: String?
    /// The number of evaluated hours since the last detection.
    public var misses: Int
    /// The last hour that was evaluated and counted.
    public var evaluated: Hour
    /// What the receiver accepted last; `nil` when nothing of the key was ever sent.
    public var lastSent: Sent?
    /// The last hour in which a change of direction was sent; `nil` without one.
    public var lastFlip: Hour?
    /// The number of messages that were accepted in the current episode.
    public var sentInEpisode: Int
    /// The hour in which an episode ended that no digest has reported yet; `nil` without one.
    public var ended: Hour?

    /// Creates the state of a key.
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
    /// What became of a message.
    public enum OutboxState: String, Hashable, Sendable, CaseIterable {
        /// To be sent, or to be tried again.
        case pending
        /// Accepted by the receiver.
        case delivered
        /// Too old to be sent.
        case expired
        /// Refused for good.
        case dead
    }

    /// The message's own id.
    public var id: String
    /// The strategy and its scope: `funding_arbitrage:BTC`.
    public var key: String
    /// The hour that the message is about.
    public var hour: Hour
    /// Why the message is sent: `new`, `flip` and so on.
    public var reason: String
    /// How urgent the message is, from 1, the most urgent, to 3.
    public var tier: Int
    /// The confidence of the detection, 0 to 100.
    public var confidence: Int
    /// The direction that the strategy reports.
    public var direction: String
    /// The strategy's own state; `nil` when it has none.
    public var status: String?
    /// The JSON that is sent when the message is sent alone.
    public var payload: String
    /// What became of the message.
    public var state: OutboxState
    /// The number of requests that contained it.
    public var attempts: Int
    /// When it was put into the outbox.
    public var createdAt: Timestamp
    /// When it may be tried next; `nil` means at once.
    public var nextAttemptAt: Timestamp?
    /// When the receiver accepted it; `nil` before that.
    public var deliveredAt: Timestamp?
    /// The receiver's own id of the message; `nil` when it gave none.
    public var messageID: String?
    /// What the last failed request said; `nil` without one.
    public var lastError: String?
    /// Whether the recorder decided it, from liquidations as they happened.
    public var isLive = false

    /// Creates a pending message that no request has contained yet.
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
