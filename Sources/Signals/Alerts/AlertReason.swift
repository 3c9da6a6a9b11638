/// Why an alert is sent; the first that applies.
public enum AlertReason: String, Hashable, Sendable, CaseIterable {
    /// The episode has begun and nothing was sent of it.
    case new
    /// The direction turned to the opposite side.
    case flip
    /// The confidence rose by 20 points, or the status rose.
    case escalation
    /// Still active a day after the last message.
    case reminder
}

/// Why a detection that fires is not sent.
public enum HoldReason: String, Hashable, Sendable, CaseIterable {
    case cooldown
    case keyDaily = "key_daily"
    case hourly, daily
    /// The hour may not alert.
    case gate
    case belowFloor = "below_floor"
    /// The tier is not delivered; it goes to the report.
    case tierOff = "tier_off"
}

/// Why an hour may not alert.
public enum GateReason: String, Hashable, Sendable, CaseIterable {
    case insufficient
    /// The hour is more than two hours old.
    case backfilled
    /// Fewer than 24 of the last 30 hours are sealed: nothing is known of what is usual.
    case coldStart = "cold_start"
    /// An exchange, or a field of one, has been missing for less than six hours.
    case missingExchange = "missing_venue"
    case lowQuality = "low_quality"
    case lowCoverage = "low_coverage"
}
