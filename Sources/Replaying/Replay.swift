import PerpCore
import Sealing
import Signals
import Warehouse

/// The rules over the history, hour by hour, with only what was known then. Writes nothing.
public struct Replay {
    /// What alerts remember from hour to hour.
    public struct Memory: Sendable {
        /// By key.
        public var states: [String: AlertState] = [:]
        /// The messages of the day.
        public var outbox: [OutboxAlert] = []

        /// Remembers nothing: all keys are idle.
        public init() {}
    }

    /// What an hour led to.
    public struct Step {
        /// What the detectors said.
        public let evaluation: HourEvaluation
        /// What became of it, in the order of sending.
        public let decisions: [AlertDecision]
        /// What is remembered after the hour, in which everything that was sent is delivered.
        public let memory: Memory

        /// The hour.
        public var hour: Hour { evaluation.hour }
    }

    /// The connection that is read.
    public let warehouse: Warehouse
    let rules: AlertRules
    let model: SentimentModel
    let fees: TakerFees
    let detectors: Detectors

    /// Takes a connection that reads, and what decides.
    public init(
        warehouse: Warehouse, rules: AlertRules, model: SentimentModel, fees: TakerFees = TakerFees(),
        detectors: @escaping Detectors = HourEvaluation.strategies
    ) {
        self.warehouse = warehouse
        self.rules = rules
        self.model = model
        self.fees = fees
        self.detectors = detectors
    }

    /// Replays the sealed hours of a span one after the other.
    /// - Parameters:
    ///   - memory: what is remembered before the first hour.
    ///   - prepare: is called with each hour before anything is decided.
    /// - Throws: what `body` throws, or an error of the database.
    public func forEachHour(
        in hours: ClosedRange<Hour>, remembering memory: Memory = Memory(),
        before prepare: (inout HourEvaluation) throws -> Void = { _ in }, _ body: (Step) throws -> Void
    ) throws {
        let stored = SealedHours(warehouse)
        var history = try stored.rollingHistory(before: hours.lowerBound)
        var settlements = RollingSettlements(warehouse, days: HourEvaluation.settlementDays)
        var memory = memory
        var recent: [Hour: [ExchangeFacts]] = [:]
        for hour in try stored.hours(from: hours.lowerBound, through: hours.upperBound) {
            var evaluation = try HourEvaluation(
                hour, of: warehouse, model: model, fees: fees, after: history, settlements: settlements.before(hour),
                detectors: detectors
            ) { recent[$0] }
            recent = recent.filter { $0.key > hour.advanced(by: -ExchangeSummary.standInHours) }
            recent[hour] = evaluation.exchanges
            try prepare(&evaluation)
            let decisions = decide(evaluation, &memory)
            history.append(evaluation.summary)
            try body(Step(evaluation: evaluation, decisions: decisions, memory: memory))
        }
    }

    private func decide(_ evaluation: HourEvaluation, _ memory: inout Memory) -> [AlertDecision] {
        let hour = evaluation.hour
        memory.outbox.removeAll { Hour(containing: $0.createdAt).day < hour.day }
        let outcome = rules.evaluate(
            memory.states, entering: evaluation.entering, staying: evaluation.staying, gate: evaluation.gate,
            outbox: memory.outbox, now: hour.end)
        memory.states = outcome.states
        for var alert in outcome.outbox(hour: hour, now: hour.end) {
            alert.state = .delivered
            memory.states[alert.key]?.markDelivered(alert)
            memory.outbox.append(alert)
        }
        return outcome.decisions
    }
}
