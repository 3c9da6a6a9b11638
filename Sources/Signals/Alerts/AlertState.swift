import PerpCore

/// What is known about one alert key between runs.
public struct AlertState: Hashable, Sendable {
    /// What was last delivered of the key.
    public struct SentMessage: Hashable, Sendable {
        /// The hour that the message was about, in UTC.
        public var hour: Hour
        /// The confidence it told, in percent.
        public var confidence: Int
        /// The direction it told.
        public var direction: Direction
        /// The status it told; `nil` when it had none.
        public var status: DetectionStatus?

        /// Takes what the message said.
        public init(hour: Hour, confidence: Int, direction: Direction, status: DetectionStatus?) {
            self.hour = hour
            self.confidence = confidence
            self.direction = direction
            self.status = status
        }
    }

    /// `trend_following:MARKET`
    public var key: String
    /// The first hour of the running episode; `nil` when idle.
    public var since: Hour?
    /// The direction of the last detection.
    public var direction: Direction
    /// Percent, of the last detection.
    public var confidence: Int
    /// The status of the last detection; `nil` when it has none.
    public var status: DetectionStatus?
    /// Evaluated hours in a row in which the detector did not fire.
    public var misses: Int
    /// The last hour that was evaluated; hours that may not alert leave it as it is.
    public var touched: Hour
    /// `nil` when nothing of the key was ever delivered.
    public var lastSent: SentMessage?
    /// The hour of the last delivered flip; `nil` without one.
    public var lastFlip: Hour?
    /// Messages delivered in the running episode.
    public var sentInEpisode: Int
    /// The hour in which an episode with something sent ended, until a digest has said so.
    public var ended: Hour?

    /// Whether an episode is running.
    public var isActive: Bool { since != nil }

    /// Takes a stored state; what is left out is that of an idle key.
    public init(
        key: String, since: Hour? = nil, direction: Direction = .neutral, confidence: Int = 0,
        status: DetectionStatus? = nil, misses: Int = 0, touched: Hour, lastSent: SentMessage? = nil,
        lastFlip: Hour? = nil, sentInEpisode: Int = 0, ended: Hour? = nil
    ) {
        self.key = key
        self.since = since
        self.direction = direction
        self.confidence = confidence
        self.status = status
        self.misses = misses
        self.touched = touched
        self.lastSent = lastSent
        self.lastFlip = lastFlip
        self.sentInEpisode = sentInEpisode
        self.ended = ended
    }

    /// Begins an episode in an hour; with `nil` ends the running one.
    mutating func setEpisode(since hour: Hour?) {
        since = hour
        misses = 0
        sentInEpisode = 0
    }

    /// Notes that the receiver accepted an alert: only this sets what was last sent.
    public mutating func markDelivered(_ alert: OutboxAlert) {
        if let since, alert.hour >= since { sentInEpisode += 1 }
        if alert.reason == .flip { lastFlip = max(lastFlip ?? alert.hour, alert.hour) }
        guard alert.hour >= lastSent?.hour ?? alert.hour else { return }
        lastSent = alert.sent
    }
}
