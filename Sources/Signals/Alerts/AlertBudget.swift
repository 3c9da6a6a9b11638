import PerpCore

/// How many alerts may still go out, counted from the outbox: there is no counter to reset.
struct AlertBudget {
    private let settings: AlertSettings
    private var hour: Int
    private var day: Int
    private var dayByKey: [String: Int]

    init(_ settings: AlertSettings, outbox: [OutboxAlert], now: Timestamp) {
        self.settings = settings
        let today = Hour(containing: now).day
        let counted = outbox.filter { $0.state == .pending || $0.state == .delivered }
        let ofToday = counted.filter { Hour(containing: $0.createdAt).day == today }
        hour = counted.count { Hour(containing: now).contains($0.createdAt) }
        day = ofToday.count
        dayByKey = Dictionary(grouping: ofToday, by: \.key).mapValues(\.count)
    }

    /// Why one more alert does not fit; `nil` when it does.
    func hold(_ reason: AlertReason, key: String, tier: Int) -> HoldReason? {
        let isUrgent = tier == 1 && (reason == .new || reason == .escalation)
        let dailyLimit = reason == .escalation || isUrgent ? settings.hardDaily : settings.daily
        if reason != .escalation, dayByKey[key, default: 0] >= settings.keyDaily { return .keyDaily }
        if !isUrgent, hour >= settings.hourly { return .hourly }
        return day >= dailyLimit ? .daily : nil
    }

    mutating func spend(key: String) {
        hour += 1
        day += 1
        dayByKey[key, default: 0] += 1
    }
}
