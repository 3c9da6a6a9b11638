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
        _ sealed: SealedHour, model: SentimentModel, settlements: [Exchange: [FundingSettlement]],
        fees: TakerFees = TakerFees(), earlier: (Hour) throws -> [ExchangeFacts]
    ) rethrows {
        let rules = RuleSet(model)
        func context(_ hour: SealedHour) -> MarketContext {
            MarketContext(hour, model: model, settlements: settlements, spreads: FundingSpreads(takerFees: fees))
        }
        summary = sealed.summary
        self.context = context(sealed)
        entering = Strategy.detectAll(self.context, rules: rules)
        staying = Strategy.detectAll(self.context, slack: .stay, rules: rules)
        var gate = AlertGate(PastHour(summary), history: sealed.input.history, model: model)
        if !gate.isWhole, entering.contains(where: \.fires) {
            let completed = SealedHour(sealing: try sealed.input.completed(summary, by: earlier))
            let firing = Set(Strategy.detectAll(context(completed), rules: rules).filter(\.fires).map(\.key))
            gate.doubted = Set(entering.filter(\.fires).map(\.key)).subtracting(firing)
        }
        self.gate = gate
    }

    /// The detections that come nearest to firing, the surest first.
    func nearest(_ count: Int) -> [Detection] { entering.nearest(count) }
}
