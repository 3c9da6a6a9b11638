import PerpCore

@testable import Signals

/// Hours of one key, and what is told in each.
struct Story: CustomStringConvertible, Sendable {
    let description: String
    let hours: [(Desk.Play, String)]

    init(_ name: String, _ hours: [Desk.Play: String]) {
        description = name
        self.hours = hours.sorted { $0.key.hour < $1.key.hour }
    }
}

/// A desk that evaluates hour after hour and delivers at once.
struct Desk {
    /// One hour of the tier 2 detector.
    struct Play: Hashable, Sendable {
        var hour = 0
        var confidence = 100
        var direction = Direction.long
        var status: DetectionStatus?
        var enters = true
        var stays = true

        static func fires(
            _ confidence: Int, _ direction: Direction = .long, status: DetectionStatus? = nil, hour: Int = 0
        ) -> Play {
            Play(hour: hour, confidence: confidence, direction: direction, status: status)
        }

        static func staysOnly(_ confidence: Int, hour: Int) -> Play {
            Play(hour: hour, confidence: confidence, enters: false)
        }

        static func silent(hour: Int) -> Play { Play(hour: hour, enters: false, stays: false) }
    }

    static let start = Hour("2026-01-02T12")!  // a literal

    var settings = AlertSettings()
    var states: [String: AlertState] = [:]
    var outbox: [OutboxAlert] = []

    init(settings: AlertSettings = AlertSettings()) { self.settings = settings }

    /// What is told: the reason, or why not, and what has ended; `-` for nothing.
    mutating func play(_ play: Play) -> String {
        let found = { (fires: Bool) in
            Self.detection(.breakout, play.confidence, play.direction, play.status, fires: fires)
        }
        let outcome = Self.evaluate(
            [found(play.enters)], staying: [found(play.stays)], states: states, outbox: outbox,
            hour: play.hour, settings: settings)
        states = outcome.states
        for alert in outcome.outbox(hour: Self.hour(play.hour), now: Self.now(play.hour)) {
            var alert = alert
            alert.state = .delivered
            states[alert.key]?.markDelivered(alert)
            outbox.append(alert)
        }
        let told = outcome.decisions.map { decision in
            switch decision.outcome {
            case .send(let reason): reason.rawValue
            case .held(let reason, _): reason.rawValue
            }
        }
        let ended = outcome.digest.map { "ended \($0.key) at \(Self.start.distance(to: $0.hour))" }
        return told.isEmpty ? "-" : (told + ended).joined(separator: ", ")
    }

    static func hour(_ offset: Int) -> Hour { start.advanced(by: offset) }

    /// Two minutes into the hour.
    static func now(_ offset: Int) -> Timestamp { Timestamp(seconds: hour(offset).start + 120) }

    static func evaluate(
        _ entering: [Detection], staying: [Detection] = [], states: [String: AlertState] = [:],
        outbox: [OutboxAlert] = [], hour: Int = 0, settings: AlertSettings = AlertSettings()
    ) -> AlertOutcome {
        AlertRules(settings: settings).evaluate(
            states, entering: entering, staying: staying,
            gate: AlertGate(hour: Self.hour(hour), status: .ok, quality: 1, coverage: 1), outbox: outbox,
            now: now(hour))
    }

    static func detection(
        _ strategy: Strategy, _ confidence: Int, _ direction: Direction = .long,
        _ status: DetectionStatus? = nil, fires: Bool = true
    ) -> Detection {
        Detection(
            strategy, MarketContext(hour: start, model: .v2), fires: fires, confidence: confidence,
            direction: direction, status: status, conditions: Conditions(), metrics: [], message: [])
    }

    /// Alerts of other keys in the outbox.
    static func outbox(_ count: Int, state: OutboxAlert.DeliveryState, hoursAgo: Int = 0) -> [OutboxAlert] {
        (0..<count).map {
            OutboxAlert(
                key: "other:\($0)", hour: hour(-hoursAgo), reason: .new, state: state,
                createdAt: now(-hoursAgo), confidence: 100, direction: .long)
        }
    }
}
