/// What came of the alerts of a strategy in a direction so far, and what that says to the next one.
public struct ClaimRecord: Hashable, Sendable, Codable {
    /// The strategy's id in tables.
    public var strategy: String
    /// Its name for people.
    public var title: String
    /// The direction as it is stored, for instance `BULLISH`.
    public var direction: String
    /// Hours that the claim looks ahead.
    public var horizonHours: Int
    /// Alerts whose outcome is known.
    public var resolved: Int
    /// Those of them that were right.
    public var right: Int
    /// Alerts whose outcome is not known yet.
    public var open: Int
    /// How often the claim comes true by chance, 0 to 1; `nil` without an outcome.
    public var baseRate: Double?
    /// How often it is estimated to come true, 0 to 1; `nil` without an outcome.
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
