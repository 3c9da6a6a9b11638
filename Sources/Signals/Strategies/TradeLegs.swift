import PerpCore

/// The two markets of a trade: what is sold, and what is bought.
public struct TradeLegs: Hashable, Sendable {
    /// One market.
    public struct Leg: Hashable, Sendable {
        /// The exchange that lists it.
        public var exchange: Exchange
        /// The exchange's own spelling.
        public var symbol: String
        /// Whether it is the spot market, and no perpetual.
        public var isSpot: Bool

        /// Takes a market.
        public init(_ exchange: Exchange, _ symbol: String, isSpot: Bool = false) {
            self.exchange = exchange
            self.symbol = symbol
            self.isSpot = isSpot
        }
    }

    /// The canonical coin of both.
    public var asset: String
    /// The market that is sold.
    public var short: Leg
    /// The market that is bought.
    public var long: Leg

    /// Takes both markets.
    public init(asset: String, short: Leg, long: Leg) {
        self.asset = asset
        self.short = short
        self.long = long
    }
}

extension MarketContext {
    /// The markets of a detection that is a trade of two: the best funding trade, the widest basis that funding does not
    /// work against, or for contango and backwardation the perpetual with the largest volume against its spot. `nil` for
    /// the other strategies, and where the markets are not known.
    public func legs(of detection: Detection, rules: RuleSet = .v2) -> TradeLegs? {
        switch detection.strategy {
        case .fundingArbitrage: fundingTrades.first { $0.asset == detection.scope }.flatMap { Self.legs($0) }
        case .basisArbitrage:
            scopes(of: detection.strategy).first { $0.scope == detection.scope }
                .flatMap { BasisArbitrage.best($0, .enter, rules) }
                .flatMap { Self.legs($0, isPerpetualSold: $0.percent > 0) }
        case .contangoBackwardation: largestBasis.flatMap { Self.legs($0, against: detection.direction) }
        default: nil
        }
    }

    private static func legs(_ trade: FundingTrade) -> TradeLegs? {
        guard let short = Exchange(rawValue: trade.shortExchangeID),
            let long = Exchange(rawValue: trade.longExchangeID),
            let sold = trade.shortSymbol, let bought = trade.longSymbol
        else { return nil }
        return TradeLegs(
            asset: trade.asset, short: TradeLegs.Leg(short, sold), long: TradeLegs.Leg(long, bought))
    }

    /// The basis of the exchange whose perpetual is traded most; the first by exchange of two as large.
    private var largestBasis: ExchangeBasis? {
        bases(of: ContangoBackwardation.asset).filter { $0.symbols != nil }.reduce(nil) { best, next in
            guard let best else { return next }
            return (next.volumeUSD ?? 0) > (best.volumeUSD ?? 0) ? next : best
        }
    }

    private static func legs(_ basis: ExchangeBasis, against direction: Direction) -> TradeLegs? {
        switch direction {
        case .short, .bullish: legs(basis, isPerpetualSold: true)
        case .long, .bearish: legs(basis, isPerpetualSold: false)
        case .both, .neutral, .unclear: nil
        }
    }

    private static func legs(_ basis: ExchangeBasis, isPerpetualSold: Bool) -> TradeLegs? {
        guard let exchange = Exchange(rawValue: basis.exchangeID), let symbols = basis.symbols else { return nil }
        let perpetual = TradeLegs.Leg(exchange, symbols.perpetual)
        let spot = TradeLegs.Leg(exchange, symbols.spot, isSpot: true)
        return TradeLegs(
            asset: basis.asset, short: isPerpetualSold ? perpetual : spot, long: isPerpetualSold ? spot : perpetual)
    }
}
