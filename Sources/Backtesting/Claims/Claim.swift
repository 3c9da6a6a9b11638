import Signals

/// What an event says about the hours after it: one claim a strategy, with one horizon.
public struct Claim: Hashable, Sendable {
    /// What must hold for a success.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// Side times return, plus funding, less costs, is above zero.
        case profit
        /// The return stays within the usual move.
        case rangeHolds = "range_holds"
        /// The return is beyond the usual move.
        case itMoves = "it_moves"
        /// The perpetual against its spot, in the claimed direction, is above zero with funding and costs.
        case basisGained = "basis_gained"
        /// Two legs held for their funding are above zero after costs.
        case carry = "net_carry"
    }

    /// What must hold.
    public let kind: Kind
    /// 1 for long, -1 for short; `nil` for a claim without a side.
    public let side: Int?
    /// Hours from the entry.
    public let horizon: Int

    /// Takes a claim.
    public init(_ kind: Kind, side: Int? = nil, horizon: Int) {
        self.kind = kind
        self.side = side
        self.horizon = horizon
    }

    /// The claim of a strategy; `nil` when its direction names no side that the strategy needs, and for an event, which
    /// claims nothing.
    public init?(_ strategy: Strategy, _ direction: Direction) {
        switch strategy {
        case .trendFollowing, .contrarian, .meanReversion, .liquidationCascade, .momentumBreakout,
            .institutionalDivergence:
            guard let side = direction.side else { return nil }
            self.init(.profit, side: side, horizon: 24)
        case .breakout:
            if let side = direction.side {
                self.init(.profit, side: side, horizon: 24)
            } else if direction == .both {
                self.init(.itMoves, horizon: 24)
            } else {
                return nil
            }
        case .rangeTrading: self.init(.rangeHolds, horizon: 24)
        case .deltaNeutral: self.init(.rangeHolds, horizon: 8)
        case .scalping: self.init(.rangeHolds, horizon: 4)
        case .volatilityExpansion: self.init(.itMoves, horizon: 24)
        case .contangoBackwardation:
            guard let side = direction.side else { return nil }
            self.init(.basisGained, side: side, horizon: 72)
        case .fundingArbitrage, .basisArbitrage: self.init(.carry, horizon: 168)
        case .fundingIntervalChange: return nil
        }
    }

    /// The claim of an event; `nil` when its direction names no side that the strategy needs.
    public init?(_ event: BacktestEvent) { self.init(event.strategy, event.direction) }

    /// Whether there is money in it: a trade is simulated, and the value is in basis points.
    public var isTraded: Bool {
        switch kind {
        case .profit, .basisGained, .carry: true
        case .rangeHolds, .itMoves: false
        }
    }

    /// Whether it is about two contracts.
    public var hasLegs: Bool { kind == .basisGained || kind == .carry }
}

extension Direction {
    /// 1 for long, -1 for short; `nil` for neither.
    var side: Int? {
        switch self {
        case .long, .bullish: 1
        case .short, .bearish: -1
        case .both, .neutral, .unclear: nil
        }
    }
}
