/// What an operator may set about alerts.
public struct AlertSettings: Hashable, Sendable {
    /// Tiers that are sent; the others go to the report.
    public var deliveredTiers: Set<Int>
    /// The smallest confidence to begin an episode with, in percent, by tier from 1.
    public var floors: [Int]
    /// Hours between two messages of a key, by tier from 1.
    public var cooldownHours: [Int]
    /// The most alerts of one key in a UTC day.
    public var keyDaily: Int
    /// The most alerts in an hour.
    public var hourly: Int
    /// The most alerts in a UTC day.
    public var daily: Int
    /// What escalations, and new alerts of tier 1, may reach.
    public var hardDaily: Int

    /// Takes one value per tier in `floors` (percent) and `cooldownHours`, from tier 1.
    public init(
        deliveredTiers: Set<Int> = [1, 2], floors: [Int] = [60, 60, 80], cooldownHours: [Int] = [1, 2, 4],
        keyDaily: Int = 3, hourly: Int = 10, daily: Int = 30, hardDaily: Int = 40
    ) {
        self.deliveredTiers = deliveredTiers
        self.floors = floors
        self.cooldownHours = cooldownHours
        self.keyDaily = keyDaily
        self.hourly = hourly
        self.daily = daily
        self.hardDaily = hardDaily
    }

    /// The smallest confidence, in percent, with which an episode of a tier (from 1) begins.
    public func floor(tier: Int) -> Int { floors[tier - 1] }
    func cooldown(tier: Int) -> Int { cooldownHours[tier - 1] }
}
