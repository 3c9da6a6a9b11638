import PerpCore

/// The two markets of a trade that has two legs.
public struct TradeLegs: Hashable, Sendable {
    /// One of the two.
    public struct Market: Hashable, Sendable {
        /// The exchange that lists it.
        public var exchange: Exchange
        /// The exchange's own spelling.
        public var symbol: String
        /// Whether it is coins against cash, and not a perpetual.
        public var isSpot: Bool

        /// Takes a market; a perpetual unless said otherwise.
        public init(_ exchange: Exchange, _ symbol: String, isSpot: Bool = false) {
            self.exchange = exchange
            self.symbol = symbol
            self.isSpot = isSpot
        }

        /// Reads what `text` says; `nil` when it is no such text.
        public init?(text: String) {
            let parts = text.split(separator: " ", maxSplits: 2)
            guard parts.count == 3, let exchange = Exchange(rawValue: String(parts[0])),
                let isSpot = ["perpetual": false, "spot": true][parts[1]]
            else { return nil }
            self.init(exchange, String(parts[2]), isSpot: isSpot)
        }

        /// As it is stored: `okx perpetual BTC-USDT-SWAP`. The symbol is last, because it may hold anything.
        public var text: String { "\(exchange.rawValue) \(isSpot ? "spot" : "perpetual") \(symbol)" }
    }

    /// The market that is sold.
    public var short: Market
    /// The market that is bought.
    public var long: Market

    /// Takes both markets.
    public init(short: Market, long: Market) {
        self.short = short
        self.long = long
    }
}

extension MarketContext.ExchangeBasis {
    /// The perpetual against its spot on the same exchange; `nil` where the markets are not known.
    /// - Parameter sellsPerpetual: whether the perpetual is the one that is sold.
    func legs(sellsPerpetual: Bool) -> TradeLegs? {
        guard let exchange = Exchange(rawValue: exchangeID), let perpetual, let spot else { return nil }
        let (future, cash) = (TradeLegs.Market(exchange, perpetual), TradeLegs.Market(exchange, spot, isSpot: true))
        return sellsPerpetual ? TradeLegs(short: future, long: cash) : TradeLegs(short: cash, long: future)
    }
}
