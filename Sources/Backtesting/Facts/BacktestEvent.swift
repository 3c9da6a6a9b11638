import PerpCore
import Signals

/// An alert that begins a setup, as a backtest looks at it.
public struct BacktestEvent: Hashable, Sendable {
    /// The two markets of a trade that has two legs.
    public struct Legs: Hashable, Sendable {
        /// The contract that is sold: where funding is high, or the perpetual above its spot.
        public var short: TradedContract
        /// The contract that is bought.
        public var long: TradedContract

        /// Takes both contracts.
        public init(short: TradedContract, long: TradedContract) {
            self.short = short
            self.long = long
        }
    }

    /// Strategy and scope: `breakout:MARKET`.
    public var key: String
    /// The hour that the alert is about: entry is later.
    public var decided: Hour
    /// The strategy that fired.
    public var strategy: Strategy
    /// What it recommended.
    public var direction: Direction
    /// The asset; `nil` for the whole market.
    public var asset: String?
    /// Percent, the sum of the rule's points.
    public var confidence: Int
    /// Percent, after trend and volatility.
    public var adjusted: Int
    /// The volatility of the asset over the last day, an annualised fraction; `nil` when unknown.
    public var sigma24: Double?
    /// The regime of volatility at the decision, for the report; `nil` when unknown.
    public var regime: String?
    /// The trend of the market's price over 72 hours, for the report; `nil` when unknown.
    public var trend72: String?
    /// The two markets of a pair or a carry; `nil` for other strategies.
    public var legs: Legs?

    /// Takes an alert of reason `new` or `flip`; what is left out is unknown, and `adjusted` is the confidence.
    public init(
        key: String, decided: Hour, strategy: Strategy, direction: Direction, asset: String? = nil, confidence: Int = 0,
        adjusted: Int? = nil, sigma24: Double? = nil, regime: String? = nil, trend72: String? = nil, legs: Legs? = nil
    ) {
        self.key = key
        self.decided = decided
        self.strategy = strategy
        self.direction = direction
        self.asset = asset
        self.confidence = confidence
        self.adjusted = adjusted ?? confidence
        self.sigma24 = sigma24
        self.regime = regime
        self.trend72 = trend72
        self.legs = legs
    }

    /// Whether an alert is an event: one setup counts once, whatever is sent about it later.
    public static func isEvent(_ reason: AlertReason) -> Bool { reason == .new || reason == .flip }

    /// The order of work and of rows: hour, strategy, key.
    static func isBefore(_ left: Self, _ right: Self) -> Bool {
        (left.decided, left.strategy.rawValue, left.key) < (right.decided, right.strategy.rawValue, right.key)
    }
}
