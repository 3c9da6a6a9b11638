import PerpCore

/// A value that a field guard set aside.
public struct FieldFinding: Hashable, Sendable {
    /// The rule that a value broke.
    public enum Reason: String, Hashable, Sendable, CaseIterable {
        case outOfRange = "out_of_range"
        /// More open interest than the volume can explain: an error of units.
        case implausibleOpenInterest = "oi_implausible"
        /// More than 20 % away from the other exchanges.
        case priceOutlier = "price_outlier"
    }

    /// The exchange that sent the value.
    public var exchange: Exchange
    /// The contract, as the exchange spells it.
    public var symbol: String
    /// The field as tables name it.
    public var field: String
    /// The rule that the value broke.
    public var reason: Reason

    /// Takes one value that was set aside.
    public init(exchange: Exchange, symbol: String, field: String, reason: Reason) {
        self.exchange = exchange
        self.symbol = symbol
        self.field = field
        self.reason = reason
    }
}

/// One contract after the field guards: what failed is `nil`, the rest stays.
public struct GuardedInstrument: Sendable {
    /// The ticker without the values that failed.
    public var ticker: Ticker
    /// Whether it is a perpetual that trades.
    public var isTradingPerpetual: Bool
    /// Whether it is one on a coin that the exchange itself lists: totals, sentiment and cascades run over these.
    public var isCounted: Bool { isTradingPerpetual && ticker.assetClass == .crypto && ticker.isCore }
    /// Whether its price is more than 20 % away from the other exchanges.
    public var isPriceOutlier = false

    /// Takes a contract after the field guards.
    public init(ticker: Ticker, isTradingPerpetual: Bool, isPriceOutlier: Bool = false) {
        self.ticker = ticker
        self.isTradingPerpetual = isTradingPerpetual
        self.isPriceOutlier = isPriceOutlier
    }

    /// The contract, as the exchange spells it.
    public var symbol: String { ticker.symbol }
    /// The canonical coin, or the asset with its class.
    public var asset: String { ticker.asset }
    /// The mark price, or the last one where the exchange has no mark, in quote units per coin.
    public var price: Double? { ticker.markPrice ?? ticker.lastPrice }
}

/// An exchange's hour after the field guards.
public struct GuardedExchange: Sendable {
    /// The exchange that reported.
    public var exchange: Exchange
    /// `failed` without tickers, else as in `ExchangeFacts`.
    public var status: ExchangeStatus
    /// Why the status is not `ok`.
    public var reason: String?
    /// Sorted by symbol in byte order.
    public var instruments: [GuardedInstrument]
    /// The values that were set aside.
    public var findings: [FieldFinding]
    /// As in `ExchangeFacts`.
    public var knowsClasses: Bool

    /// Takes an exchange's hour as it is read back, its instruments sorted by symbol in byte order.
    public init(
        exchange: Exchange, status: ExchangeStatus, reason: String? = nil, instruments: [GuardedInstrument],
        findings: [FieldFinding], knowsClasses: Bool
    ) {
        self.exchange = exchange
        self.status = status
        self.reason = reason
        self.instruments = instruments
        self.findings = findings
        self.knowsClasses = knowsClasses
    }

    /// The contracts that measures run over, sorted by symbol.
    public var perpetuals: some Sequence<GuardedInstrument> {
        instruments.lazy.filter(\.isCounted)
    }

    /// Calls `body` with each of them. Through the buffer: an element taken out of the array would be copied
    /// with its strings.
    @inlinable
    public func forEachPerpetual(_ body: (GuardedInstrument) -> Void) {
        instruments.withUnsafeBufferPointer { rows in
            for place in rows.indices where rows[place].isCounted { body(rows[place]) }
        }
    }

    /// The perpetual that stands for `asset` on this exchange: the linear one with the largest volume,
    /// the smaller symbol on a tie; an inverse one if there is no linear, a quanto one at last. Markets that others run on
    /// the exchange stand for nothing.
    public func reference(_ asset: String) -> GuardedInstrument? {
        var best: Int?
        for place in instruments.indices
        where instruments[place].isTradingPerpetual && instruments[place].ticker.isCore
            && instruments[place].asset == asset
        {
            if let leader = best, !instruments[place].isPreferred(to: instruments[leader]) { continue }
            best = place
        }
        return best.map { instruments[$0] }
    }

    /// The reference perpetuals that are priced in dollars: indices in `instruments`, by coin. Other classes of assets
    /// are left out.
    public var references: [String: Int] {
        var best: [String: Int] = Dictionary(minimumCapacity: instruments.count)
        for place in instruments.indices where instruments[place].isComparable && instruments[place].isCounted {
            let asset = instruments[place].asset
            if let leader = best[asset], !instruments[place].isPreferred(to: instruments[leader]) { continue }
            best[asset] = place
        }
        return best
    }
}

extension GuardedInstrument {
    /// Whether its price can be compared with those of other exchanges.
    var isComparable: Bool { isTradingPerpetual && FieldGuards.dollarQuotes.contains(ticker.quote) }

    /// Whether this one, met later in symbol order, takes the place of `leader` as the reference.
    func isPreferred(to leader: GuardedInstrument) -> Bool {
        let rank = ticker.kind.referenceRank
        let leaderRank = leader.ticker.kind.referenceRank
        if rank != leaderRank { return rank < leaderRank }
        return (ticker.volumeUSD24h ?? -1) > (leader.ticker.volumeUSD24h ?? -1)
    }
}

extension ContractKind {
    fileprivate var referenceRank: Int {
        switch self {
        case .linear: 0
        case .inverse: 1
        case .quanto: 2
        }
    }
}
