import PerpCore

/// A row of `alert_outcome`: what came of the claim of an alert that began a setup.
public struct OutcomeRow: Hashable, Sendable {
    /// The hour of the alert.
    public var decided: Hour
    /// Strategy and scope: `breakout:MARKET`.
    public var key: String
    /// The strategy's name.
    public var strategy: String
    /// The direction that it reported.
    public var direction: String
    /// The regime of the market's volatility at the decision; `nil` when it was unknown.
    public var regime: String?
    /// What must hold: `profit`, `range_holds` and so on; `nil` when nothing is claimed.
    public var claim: String?
    /// Hours that the claim looks ahead; `nil` without one.
    public var horizonHours: Int?
    /// The hour in which the claim begins; `nil` without one.
    public var entry: Hour?
    /// The hour in which the outcome is known; `nil` before that.
    public var resolved: Hour?
    /// Basis points of the notional, after funding and costs; `nil` unless known, and for a claim without money.
    public var valueBasisPoints: Double?
    /// Whether the claim came true; `nil` unless known.
    public var isRight: Bool?
    /// How often the claim comes true at any hour, 0 to 1, as it was known at the decision; `nil` without a contract.
    public var baseRate: Double?
    /// The sum of the rule's points, 0 to 100.
    public var confidence: Int
    /// With trends and volatility; `nil` in alerts of before.
    public var adjusted: Int?
    /// The estimate when it was sent, 0 to 1; `nil` when none was made.
    public var estimateIssued: Double?
    /// The confidence that was told; `nil` in alerts of before.
    public var finalIssued: Int?
    /// `resolved`, `open` and so on.
    public var status: String
    /// `base_assumed`, `borrow_unknown`, separated by blanks.
    public var flags: String
    /// The rules that made the row.
    public var version: String

    /// What was decided; nothing of what came of it.
    public init(_ event: AlertEvent, status: String, version: String) {
        decided = event.hour
        key = event.key
        strategy = event.strategy
        direction = event.direction
        regime = event.regime
        confidence = event.confidence
        adjusted = event.adjusted
        estimateIssued = event.estimate
        finalIssued = event.adjusted.map { max(0, min(100, $0 + (event.boost ?? 0))) }
        self.status = status
        flags = ""
        self.version = version
    }
}

/// An alert that began a setup: a row of `alert` with the decision `new` or `flip`.
public struct AlertEvent: Hashable, Sendable {
    /// The hour that was evaluated.
    public var hour: Hour
    /// Strategy and scope: `breakout:MARKET`.
    public var key: String
    /// The strategy's name.
    public var strategy: String
    /// The direction that it reported.
    public var direction: String
    /// The sum of the rule's points, 0 to 100.
    public var confidence: Int
    /// With trends and volatility; `nil` in rows of before.
    public var adjusted: Int?
    /// Points that history added; `nil` in rows of before.
    public var boost: Int?
    /// How often the claim comes true, as it was estimated, 0 to 1; `nil` when nothing was.
    public var estimate: Double?
    /// The regime of the market's volatility; `nil` when it was unknown.
    public var regime: String?
    /// Of a trade with two legs the market that is sold: `okx perpetual BTC-USDT-SWAP`.
    public var shortLeg: String?
    /// The market that is bought.
    public var longLeg: String?
}

extension OutcomeRow: FieldRecord {
    /// A row without values, which reading fills.
    public static let unread = OutcomeRow(
        AlertEvent(
            hour: Hour(containing: 0 as Int64), key: "", strategy: "", direction: "", confidence: 0), status: "",
        version: "")

    /// The columns of the table `alert_outcome`.
    public static let fields: [Field<OutcomeRow>] = [
        Field("decided", \.decided, unit: "epoch seconds"),
        Field("key", \.key, unit: "strategy and scope"),
        Field("strategy", \.strategy, unit: "strategy"),
        Field("direction", \.direction, unit: "direction"),
        Field("regime", \.regime, unit: "regime of volatility"),
        Field("claim", \.claim, unit: "claim"),
        Field("horizon_h", \.horizonHours, unit: "hours"),
        Field("entry", \.entry, unit: "epoch seconds"),
        Field("resolved", \.resolved, unit: "epoch seconds"),
        Field("value_bp", \.valueBasisPoints, unit: "basis points of the notional"),
        Field("success", \.isRight, unit: "0 or 1"),
        Field("base_rate", \.baseRate, unit: "0 to 1"),
        Field("confidence", \.confidence, unit: "0 to 100"),
        Field("adjusted", \.adjusted, unit: "0 to 100"),
        Field("p_issued", \.estimateIssued, unit: "0 to 1"),
        Field("final_issued", \.finalIssued, unit: "0 to 100"),
        Field("status", \.status, unit: "status"),
        Field("flags", \.flags, unit: "flags"),
        Field("version", \.version, unit: "rules"),
    ]
}
