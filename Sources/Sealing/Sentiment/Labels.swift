import PerpCore

extension SentimentLabel {
    /// The label of a composite score; limits are exceeded, not reached.
    public init(composite: Double) {
        self = composite > 0.3 ? .bullish : composite < -0.3 ? .bearish : .neutral
    }
}

extension SentimentStrength {
    /// The strength of a composite score, whatever its sign.
    public init(composite: Double) {
        let size = abs(composite)
        self = size > 0.7 ? .strong : size > 0.5 ? .moderate : size > 0.3 ? .weak : .neutral
    }
}
