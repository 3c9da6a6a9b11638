import PerpCore
import Sealing
import Signals
import Warehouse

/// What the detectors say of one sealed hour, with only what was known then.
struct HourEvaluation {
    /// Days of settlements that say what funding persists.
    static let settlementDays = 7

    let summary: HourSummary
    let context: MarketContext
    /// All detections without slack, and the same ones with it.
    let entering: [Detection]
    let staying: [Detection]
    let gate: AlertGate

    var hour: Hour { summary.hour }
    /// The detections that fire, in the order of the strategies.
    var firing: [Detection] { entering.filter(\.fires) }

    /// - Parameter earlier: what the exchanges said in an hour before, for those that are missing in this one: an alert
    ///   that would be silent if they had gone on as they were is not sent.
    init(
        _ input: HourInput, model: SentimentModel, settlements: [Exchange: [FundingSettlement]],
        fees: TakerFees = TakerFees(), earlier: (Hour) throws -> [ExchangeFacts]
    ) rethrows {
        summary = HourSummarizer.summarize(input)
        context = MarketContext(
            summary, input: input, model: model, settlements: settlements,
            spreads: FundingSpreads(takerFees: fees))
        let rules: RuleSet = model == .v2 ? .v2 : .seedV1
        entering = Strategy.detectAll(context, rules: rules)
        staying = Strategy.detectAll(context, slack: .stay, rules: rules)
        var gate = AlertGate(summary, history: input.history, model: model)
        if !gate.isWhole, entering.contains(where: \.fires) {
            let completed = try input.completed(summary, by: earlier)
            let context = MarketContext(
                HourSummarizer.summarize(completed), input: completed, model: model, settlements: settlements,
                spreads: FundingSpreads(takerFees: fees))
            let firing = Set(Strategy.detectAll(context, rules: rules).filter(\.fires).map(\.key))
            gate.doubted = Set(entering.filter(\.fires).map(\.key)).subtracting(firing)
        }
        self.gate = gate
    }

    /// Reads a stored hour.
    init(_ hour: Hour, in warehouse: Warehouse, model: SentimentModel, fees: TakerFees) throws {
        try self.init(
            HourInput(
                hour: hour, exchanges: try warehouse.exchangeFacts(at: hour),
                history: try warehouse.history(before: hour)),
            model: model, settlements: try warehouse.settlements(days: Self.settlementDays, before: hour), fees: fees
        ) { try warehouse.exchangeFacts(at: $0) }
    }

    /// The detections that come nearest to firing, the surest first.
    func nearest(_ count: Int) -> [Detection] {
        let silent = entering.filter { !$0.fires && $0.confidence > 0 }
        return Array(
            silent.sorted { ($1.confidence, $0.key) < ($0.confidence, $1.key) }.prefix(count))
    }
}
