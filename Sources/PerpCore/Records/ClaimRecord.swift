/// What came of the alerts of a strategy in a direction so far, and what that says to the next one.
public struct ClaimRecord: Hashable, Sendable, Codable {
    /// The strategy's id in tables, and its name for people.
    public var strategy: String
    public var title: String
    /// The direction as it is stored, for instance `BULLISH`.
    public var direction: String
    /// Hours that the claim looks ahead.
    public var horizonHours: Int
    /// Alerts whose outcome is known, those of them that were right, and those that are open.
    public var resolved: Int
    public var right: Int
    public var open: Int
    /// How often the claim comes true by chance, and as it is estimated, 0 to 1; `nil` without an outcome.
    public var baseRate: Double?
    public var estimate: Double?
    /// Percent points that are added to the confidence of an alert now.
    public var boost: Int
    /// What an alert would say of it.
    public var sentence: String

    /// Takes counts, shares of 0 to 1, and points.
    public init(
        strategy: String, title: String, direction: String, horizonHours: Int, resolved: Int, right: Int, open: Int,
        baseRate: Double?, estimate: Double?, boost: Int, sentence: String
    ) {
        (self.strategy, self.title, self.direction) = (strategy, title, direction)
        (self.horizonHours, self.resolved, self.right, self.open) = (horizonHours, resolved, right, open)
        (self.baseRate, self.estimate, self.boost, self.sentence) = (baseRate, estimate, boost, sentence)
    }
}
