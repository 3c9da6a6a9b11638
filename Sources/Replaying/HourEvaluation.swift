import PerpCore
import Sealing
import Signals
import Trends
import Warehouse

/// What all detectors say of an hour. A test plants others.
public typealias Detectors = @Sendable (Warehouse, MarketContext, Slack, RuleSet) throws -> [Detection]

/// What the detectors say of one sealed hour, with only what was known then.
public struct HourEvaluation {
    /// Days of settlements that say what funding persists.
    public static let settlementDays = 7

    /// The rows of the hour.
    public let summary: HourSummary
    /// What the exchanges said in it.
    public let exchanges: [ExchangeFacts]
    /// What the detectors looked at.
    public let context: MarketContext
    /// What the history of hours says; `nil` when it is not known.
    public let trends: HourTrends?
    /// All detections without slack.
    public private(set) var entering: [Detection]
    /// The same ones with slack.
    public private(set) var staying: [Detection]
    /// Whether the hour may alert.
    public let gate: AlertGate

    /// The hour that was looked at.
    public var hour: Hour { summary.hour }
    /// The detections that fire, in the order of the strategies.
    public var firing: [Detection] { entering.filter(\.fires) }
    /// The strategies, which look at any context.
    public static let strategies: Detectors = { _, context, slack, rules in
        Strategy.detectAll(context, slack: slack, rules: rules)
    }

    /// Reads and evaluates a sealed hour.
    /// - Parameters:
    ///   - history: what the hour looks back on, where that is at hand; else it is read.
    ///   - settlements: those of the days before, where they are at hand; else they are read.
    ///   - earlier: what the exchanges said in an hour before; `nil` where it is not at hand, and then it is read.
    /// - Throws: `WarehouseError.notSealed`, or an error of the database.
    public init(
        _ hour: Hour, of warehouse: Warehouse, model: SentimentModel, fees: TakerFees = TakerFees(),
        after history: History? = nil, settlements: [Exchange: [FundingSettlement]]? = nil,
        detectors: Detectors = Self.strategies,
        earlier: (Hour) -> [ExchangeFacts]? = { _ in nil }
    ) throws {
        let stored = SealedHours(warehouse)
        try self.init(
            stored.hour(hour, after: history), model: model,
            settlements: settlements ?? stored.settlements(days: Self.settlementDays, before: hour), fees: fees,
            trends: stored.trends(at: hour), next8: ForecastReader(warehouse).next8(at: hour),
            detect: { try detectors(warehouse, $0, $1, $2) },
            earlier: { try earlier($0) ?? LoadedFacts(warehouse).exchangeFacts(at: $0) })
    }

    /// - Parameter earlier: what the exchanges said in an hour before, for those that are missing in this one: an alert
    ///   that would be silent if they had gone on as they were is not sent.
    private init(
        _ sealed: SealedHour, model: SentimentModel, settlements: [Exchange: [FundingSettlement]], fees: TakerFees,
        trends: HourTrends?, next8: [Exchange: [String: Double]],
        detect: (MarketContext, Slack, RuleSet) throws -> [Detection],
        earlier: (Hour) throws -> [ExchangeFacts]
    ) throws {
        let rules = RuleSet(model)
        func context(_ hour: SealedHour) -> MarketContext {
            MarketContext(
                hour, model: model, settlements: settlements, spreads: FundingSpreads(takerFees: fees), trends: trends,
                next8: next8)
        }
        summary = sealed.summary
        exchanges = sealed.input.exchanges
        self.trends = trends
        self.context = context(sealed)
        entering = try detect(self.context, .enter, rules)
        staying = try detect(self.context, .stay, rules)
        var gate = AlertGate(PastHour(summary), history: sealed.input.history, model: model)
        if !gate.isWhole, entering.contains(where: \.fires) {
            let completed = SealedHour(sealing: try sealed.input.completed(summary, by: earlier))
            let firing = Set(try detect(context(completed), .enter, rules).filter(\.fires).map(\.key))
            gate.doubted = Set(entering.filter(\.fires).map(\.key)).subtracting(firing)
        }
        self.gate = gate
    }

    /// The volatility regime of the market; `nil` when it is unknown.
    public var regime: String? { context.trend.regime?.rawValue }

    /// Tells the detections what came of alerts before them.
    /// - Parameter told: gives the detections with what is known of earlier ones in a regime.
    public mutating func recall(_ told: ([Detection], _ regime: String?) -> [Detection]) {
        entering = told(entering, regime)
        staying = told(staying, regime)
    }

    /// The detections that come nearest to firing, the surest first.
    public func nearest(_ count: Int) -> [Detection] { entering.nearest(count) }
}
