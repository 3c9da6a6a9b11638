import PerpCore

/// An alert in the outbox, as far as the rules look at it.
public struct OutboxAlert: Hashable, Sendable {
    /// How far the delivery of an alert is.
    public enum DeliveryState: String, Hashable, Sendable, CaseIterable {
        case pending, delivered, expired, dead
    }

    /// Strategy and scope: `breakout:MARKET`.
    public var key: String
    /// The hour that the alert is about, in UTC.
    public var hour: Hour
    /// Why the alert is sent.
    public var reason: AlertReason
    /// How far the delivery is.
    public var state: DeliveryState
    /// When it was put into the outbox; budgets count by this.
    public var createdAt: Timestamp
    /// The confidence that the message tells, in percent.
    public var confidence: Int
    /// The direction that the message tells.
    public var direction: Direction
    /// The status that the message tells; `nil` when it has none.
    public var status: DetectionStatus?

    /// Takes an alert as the outbox stores it; confidence in percent.
    public init(
        key: String, hour: Hour, reason: AlertReason, state: DeliveryState = .pending, createdAt: Timestamp,
        confidence: Int, direction: Direction, status: DetectionStatus? = nil
    ) {
        self.key = key
        self.hour = hour
        self.reason = reason
        self.state = state
        self.createdAt = createdAt
        self.confidence = confidence
        self.direction = direction
        self.status = status
    }

    /// The same for the same key, hour and reason: a repeat can be told by it.
    public var id: String { AlertID.make(key: key, hour: hour, reason: reason) }

    var sent: AlertState.SentMessage {
        AlertState.SentMessage(hour: hour, confidence: confidence, direction: direction, status: status)
    }
}

/// The name of an alert.
enum AlertID {
    /// 16 hexadecimal digits, of key, hour and reason.
    static func make(key: String, hour: Hour, reason: AlertReason) -> String {
        Fingerprint("\(key) \(hour.start) \(reason.rawValue)").text
    }
}
