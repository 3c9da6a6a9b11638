import PerpCore

/// The open interest of every perpetual at one hour, kept to compare a later hour with.
public struct OpenInterestSnapshot: Hashable, Sendable {
    /// One instrument that had both an open interest and a mark price.
    public struct InstrumentOpenInterest: Hashable, Sendable {
        /// The contract, as the exchange spells it.
        public var symbol: String
        /// Whether the contract is linear, inverse or quanto.
        public var kind: ContractKind
        /// Dollars, one side.
        public var openInterestUSD: Double
        /// Quote units per canonical coin.
        public var markPrice: Double
        /// Whether the price was far from that of the other exchanges; such a row is never matched.
        public var isPriceOutlier: Bool

        /// Takes open interest in dollars and a mark price in quote units per canonical coin.
        public init(
            symbol: String, kind: ContractKind, openInterestUSD: Double, markPrice: Double,
            isPriceOutlier: Bool
        ) {
            self.symbol = symbol
            self.kind = kind
            self.openInterestUSD = openInterestUSD
            self.markPrice = markPrice
            self.isPriceOutlier = isPriceOutlier
        }
    }

    /// The positions of one exchange, sorted by symbol in byte order.
    public struct ExchangeOpenInterest: Hashable, Sendable {
        /// The exchange that lists the instruments.
        public var exchange: Exchange
        /// Perpetuals with open interest and a mark price, sorted by symbol.
        public var instruments: [InstrumentOpenInterest]
        /// As in `ExchangeFacts`: positions are compared with those of an hour alike.
        public var knowsClasses: Bool

        /// Takes instruments sorted by symbol in byte order.
        public init(exchange: Exchange, instruments: [InstrumentOpenInterest], knowsClasses: Bool = true) {
            self.exchange = exchange
            self.instruments = instruments
            self.knowsClasses = knowsClasses
        }
    }

    /// The hour of the snapshot, in UTC.
    public var hour: Hour
    /// Sorted by the exchange's id in byte order.
    public var exchanges: [ExchangeOpenInterest]
    /// Dollars of all instruments with open interest, those without a mark price among them;
    /// `nil` when no exchange had any.
    public var totalOpenInterestUSD: Double?

    /// Takes exchanges sorted by id in byte order.
    public init(hour: Hour, exchanges: [ExchangeOpenInterest], totalOpenInterestUSD: Double?) {
        self.hour = hour
        self.exchanges = exchanges
        self.totalOpenInterestUSD = totalOpenInterestUSD
    }
}

extension OpenInterestSnapshot {
    /// The snapshot of an hour, from its guarded exchanges in byte order of their ids.
    /// - Parameter asset: the only asset whose instruments are taken; `nil` takes all.
    public init(hour: Hour, exchanges: [GuardedExchange], of asset: String? = nil) {
        var total: Double?
        var kept: [ExchangeOpenInterest] = []
        for exchange in exchanges {
            var positions: [InstrumentOpenInterest] = []
            if asset == nil { positions.reserveCapacity(exchange.instruments.count) }
            exchange.forEachPerpetual { instrument in
                guard asset == nil || instrument.asset == asset, let openInterest = instrument.ticker.openInterestUSD
                else { return }
                total = (total ?? 0) + openInterest
                guard let mark = instrument.ticker.markPrice else { return }
                positions.append(
                    InstrumentOpenInterest(
                        symbol: instrument.symbol, kind: instrument.ticker.kind,
                        openInterestUSD: openInterest, markPrice: mark,
                        isPriceOutlier: instrument.isPriceOutlier))
            }
            guard !positions.isEmpty else { continue }
            kept.append(
                ExchangeOpenInterest(
                    exchange: exchange.exchange, instruments: positions, knowsClasses: exchange.knowsClasses)
            )
        }
        self.init(hour: hour, exchanges: kept, totalOpenInterestUSD: total)
    }

    /// The snapshot of an hour, from what its exchanges said: for building a `History` from stored rows.
    public init(hour: Hour, exchanges: [ExchangeFacts]) {
        self.init(hour: hour, exchanges: FieldGuards.apply(to: exchanges))
    }
}
