import PerpCore
import Signals

/// How a simulated trade ended, or why there is none.
public enum TradeStatus: String, Hashable, Sendable, CaseIterable {
    /// The horizon was reached.
    case time
    /// The mark of a stored hour was beyond the stop.
    case stop
    /// A later event of the key was of the other side.
    case opposite
    /// The displayed rates of a pair were against it in three stored hours in a row.
    case carryGone = "carry_gone"
    /// The contract had no mark for more than a day: closed at its last mark.
    case delisted
    /// A settlement in it has no known rate: what it made is not known.
    case unresolved
    /// The data end before it does.
    case open
    /// The key had a position.
    case overlap
    /// No hour was stored in which to enter.
    case noEntry = "no_entry"
    /// The data end before an hour in which to enter.
    case waiting

    /// Whether its result counts in the statistics of trades.
    public var isClosed: Bool {
        switch self {
        case .time, .stop, .opposite, .carryGone, .delisted: true
        case .unresolved, .open, .overlap, .noEntry, .waiting: false
        }
    }
}

/// What a reader of a trade must know about it.
public enum TradeFlag: String, Hashable, Sendable, CaseIterable {
    /// Coins had to be borrowed, at a price that is unknown: not in the verdict.
    case borrowUnknown = "borrow_unknown"
    /// A displayed rate stands for a settled one.
    case fundingEstimated = "funding_estimated"
    /// No plausible bid and ask were stored.
    case spreadAssumed = "spread_assumed"
}

/// A simulated trade of one contract, or of two at once.
public struct SimulatedTrade: Hashable, Sendable {
    /// One contract of the trade; amounts in dollars.
    public struct Leg: Hashable, Sendable {
        /// 1 for long, -1 for short.
        public var side: Int
        /// The contract.
        public var contract: TradedContract
        /// Quote units per coin.
        public var entryMark: Double
        /// Quote units per coin; `nil` while open.
        public var exitMark: Double?
        /// Made by the price; `nil` while open.
        public var gross: Double?
        /// Received, negative when paid; `nil` while open or when a settlement's rate is not known.
        public var funding: Double?
        /// Fees and spreads of both sides, above zero; of the entry alone while open.
        public var cost: Double
    }

    /// The change of equity that falls on an hour, in dollars.
    public struct Change: Hashable, Sendable {
        /// The stored hour.
        public var hour: Hour
        /// Dollars.
        public var dollars: Double
    }

    /// The event behind it.
    public var event: BacktestEvent
    /// How it ended, or why there is none.
    public var status: TradeStatus
    /// The contracts; empty without an entry.
    public var legs: [Leg] = []
    /// The hour of the entry; `nil` without one.
    public var entry: Hour?
    /// The hour at whose marks it was closed; `nil` while open.
    public var exit: Hour?
    /// The hour in which one knows that it is closed, later than the exit for a delisted contract; of an overlap the hour in
    /// which one knows that it is none.
    public var closedAt: Hour?
    /// The rule that closed it, also when its result is not known; `nil` while open.
    public var closedBy: TradeStatus?
    /// Dollars of a leg at the entry.
    public var notional: Double
    /// The loss at which it is closed, a fraction; `nil` without a stop.
    public var stop: Double?
    /// The least `side * (mark / entry mark - 1)` at a stored hour, 0 at most; of a pair the sum of both legs.
    public var worst: Double?
    /// What to know about it, in the order of the cases.
    public var flags: [TradeFlag] = []
    /// The changes of equity in the order of time, open positions included.
    public var changes: [Change] = []
    /// Dollars traded so far.
    public var traded = 0.0

    /// Dollars made by prices; `nil` while open.
    public var gross: Double? { total(\.gross) }
    /// Dollars of funding; `nil` while open or when a settlement's rate is not known.
    public var funding: Double? { total(\.funding) }
    /// Dollars of fees and spreads.
    public var cost: Double { sum(legs.map(\.cost)) }
    /// Dollars that are left; `nil` while open or when a settlement's rate is not known.
    public var net: Double? {
        guard let gross, let funding else { return nil }
        return gross + funding - cost
    }
    /// `net` in basis points of the notional.
    public var basisPoints: Double? { net.map { $0 / notional * 1e4 } }
    /// `net` in percent a year of the notional; `nil` also when it was closed in the hour of the entry.
    public var percentOfYear: Double? {
        guard let net, let entry, let exit, exit > entry else { return nil }
        return 100 * net / notional * SharpeRatio.hoursOfYear / Double(entry.distance(to: exit))
    }

    /// The hours in which there is a position, the hour of closing excluded; 0 without an entry.
    func hoursHeld(until end: Hour) -> Int { entry?.distance(to: closedAt ?? end.next) ?? 0 }

    private func total(_ part: (Leg) -> Double?) -> Double? {
        let parts = legs.compactMap(part)
        return legs.isEmpty || parts.count < legs.count ? nil : sum(parts)
    }
}
