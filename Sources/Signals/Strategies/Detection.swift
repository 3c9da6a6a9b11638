import PerpCore

/// What a detector recommends, or sees.
public enum Direction: String, Hashable, Sendable, CaseIterable {
    case long = "LONG"
    case short = "SHORT"
    case bullish = "BULLISH"
    case bearish = "BEARISH"
    case both = "BOTH"
    case neutral = "NEUTRAL"
    case unclear = "UNCLEAR"

    /// Whether the two are opposite sides.
    public func isOpposite(of other: Direction) -> Bool {
        switch (self, other) {
        case (.long, .short), (.short, .long), (.bullish, .bearish), (.bearish, .bullish): true
        default: false
        }
    }
}

/// More about a detection than its direction, in rising rank where a rank applies.
public enum DetectionStatus: String, Hashable, Sendable, CaseIterable {
    case insufficientHistory = "INSUFFICIENT_HISTORY"
    case riskIndicators = "RISK INDICATORS"
    case elevatedRisk = "ELEVATED RISK"
    case buildingRisk = "BUILDING RISK"
    case activeCascade = "ACTIVE CASCADE"

    /// 0 to 4; a rise while an alert is active is worth another message.
    public var rank: Int { Self.allCases.firstIndex(of: self)! }  // every case is in allCases
}

/// One thing that a detector looks at.
public struct Condition: Hashable, Sendable {
    /// In words, with its limit.
    public var name: String
    /// Whether the limit is kept; `false` when the input is unknown.
    public var isMet: Bool
    /// Whether its input is known; an unknown one is not met.
    public var isKnown: Bool
    /// Percent of confidence when met.
    public var points: Int
    /// Whether the detector cannot fire without it.
    public var isRequired: Bool
}

/// A number behind a detection.
public struct Metric: Hashable, Sendable {
    /// What the number measures.
    public var name: String
    /// The number in `unit`; `nil` when unknown.
    public var value: Double?
    /// `%`, `x`, `USD`, `days`; empty for a score.
    public var unit: String

    /// Takes a name, a value and its unit.
    public init(_ name: String, _ value: Double?, _ unit: String = "") {
        self.name = name
        self.value = value
        self.unit = unit
    }
}

/// What one detector says about one hour.
public struct Detection: Hashable, Sendable {
    /// The scope of a detection about the whole market.
    public static let market = "MARKET"

    /// The strategy that was looked at.
    public var strategy: Strategy
    /// `MARKET`, or the coin of a strategy that looks at one coin.
    public var scope: String
    /// Whether the conditions of the strategy are met.
    public var fires: Bool
    /// Percent, 0 to 100, also when it does not fire: the sum of the rule's points.
    public var confidence: Int
    /// What trends, volatility and forecasts add to it, or take from it.
    public var adjustments: [ConfidenceAdjustment] = []
    /// Percent points that the history of the alert's outcomes adds, -20 to 20; 0 where too little is known.
    public var boost = 0
    /// How often the claim comes true, as the history of the alert's outcomes says, 0 to 1; `nil` where it says nothing.
    public var estimate: Double?
    /// The markets of a trade that has two legs; `nil` for others, and where they are not known.
    public var legs: TradeLegs?
    /// What the detector recommends, or sees.
    public var direction: Direction
    /// More than the direction says; `nil` when there is nothing more.
    public var status: DetectionStatus?
    /// What was looked at, in order.
    public var conditions: [Condition]
    /// The numbers behind the detection.
    public var metrics: [Metric]
    /// Plain lines, numbers with units; the last one names hour, model and coverage.
    public var message: [String]

    /// The identity of its alerts: `funding_arbitrage:BTC`, never a direction or a mood.
    public var key: String { "\(strategy.name):\(scope)" }
    /// The asset of a key; `nil` for the whole market.
    public static func asset(ofKey key: String) -> String? {
        let scope = key.drop { $0 != ":" }.dropFirst()
        return scope.isEmpty || scope == market ? nil : String(scope)
    }
    /// Percent, 0 to 100, with the adjustments: floors and episodes use it.
    public var adjusted: Int { AdjustedConfidence(confidence: confidence, adjustments: adjustments).adjusted }
    /// Percent, 0 to 100, with the history of outcomes as well: it is told, orders alerts and decides whether one has risen.
    public var final: Int { max(0, min(100, adjusted + boost)) }
    /// 1 is the most urgent.
    public var tier: Int { strategy.tier }
    /// Conditions whose input is unknown.
    public var unknown: [String] { conditions.filter { !$0.isKnown }.map(\.name) }
    /// Whether it does not fire for want of what is unknown alone: every required condition that is known is met.
    public var isUndecided: Bool {
        let required = conditions.filter(\.isRequired)
        return !fires && required.contains { !$0.isKnown } && required.allSatisfy { $0.isMet || !$0.isKnown }
    }

    init(
        _ strategy: Strategy, _ context: MarketContext, fires: Bool, confidence: Int, direction: Direction,
        status: DetectionStatus? = nil, conditions: Conditions, metrics: [Metric], message: [String]
    ) {
        self.strategy = strategy
        self.scope = context.scope
        self.fires = fires
        self.confidence = confidence
        self.direction = direction
        self.status = status
        self.conditions = conditions.list
        self.metrics = metrics
        self.message = message + [context.sourceLine]
    }
}

extension Detection {
    /// The detection with what trends and volatility do to it: its confidence is adjusted, the line that tells them is in
    /// its message, and trend following is silent against the trend of the score.
    func seen(in trend: TrendContext) -> Detection {
        var seen = self
        seen.adjustments = trend.adjust(strategy, direction, confidence: confidence).adjustments
        if !trend.allows(strategy, direction) {
            seen.fires = false
            seen.conditions.append(
                Condition(
                    name: "not against the 24 h trend of the score", isMet: false, isKnown: true, points: 0,
                    isRequired: true))
        }
        let lines = [adjustedLine(seen), trend.line(for: strategy)].compactMap { $0 }
        seen.message.insert(contentsOf: lines, at: max(message.count - 1, 0))
        return seen
    }

    /// `Confidence 85: 75, with the trend +10.`; `nil` where nothing is added.
    private func adjustedLine(_ seen: Detection) -> String? {
        guard !seen.adjustments.isEmpty else { return nil }
        let text = AdjustedConfidence(confidence: confidence, adjustments: seen.adjustments).text
        return "Confidence \(seen.adjusted): \(text)."
    }
}

extension [Detection] {
    /// The detections that come nearest to firing without doing so: the surest first, then by key.
    public func nearest(_ count: Int) -> [Detection] {
        let silent = filter { !$0.fires && $0.adjusted > 0 }
        return Array(silent.sorted { ($1.adjusted, $0.key) < ($0.adjusted, $1.key) }.prefix(count))
    }
}
