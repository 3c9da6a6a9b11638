/// The lean of a detector that trades both ways.
enum Bias {
    static func direction(_ score: Double?, beyond limit: Double) -> Direction {
        guard let score else { return .neutral }
        return score > limit ? .bullish : score < -limit ? .bearish : .neutral
    }
}
