/// The order in which alerts are sent and listed: by tier, then confidence (the highest first), then key.
public struct SendingOrder: Comparable, Sendable {
    private let tier: Int
    private let confidence: Int
    private let key: String

    /// Takes the tier from 1, the confidence in percent, and strategy and scope.
    public init(tier: Int, confidence: Int, key: String) {
        self.tier = tier
        self.confidence = confidence
        self.key = key
    }

    /// Whether `left` is sent first.
    public static func < (left: SendingOrder, right: SendingOrder) -> Bool {
        (left.tier, right.confidence, left.key) < (right.tier, left.confidence, right.key)
    }
}

extension Detection {
    /// The position of its alert in the order of sending.
    public var sendingOrder: SendingOrder { SendingOrder(tier: tier, confidence: final, key: key) }
}
