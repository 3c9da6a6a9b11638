import PerpCore

/// What trends and volatility are looked at for.
public enum TrendScope {
    /// The whole market.
    public static let market = "MARKET"
    /// The coins beside it: those that all exchanges are asked about by default. Fixed, so that the same hours give the same
    /// rows whatever is asked for today.
    public static let coins = ["BTC", "ETH", "SOL"]
    /// The market, then the coins.
    public static let all = [market] + coins
}

/// What an hour says of one scope, from which its series go on.
public struct ScopeMeasure: Hashable, Sendable {
    /// `MARKET`, or a coin.
    public var scope: String
    /// The prices and the open interest.
    public var snapshot: ScopeSnapshot
    /// Percent per eight hours; `nil` is unknown. Positive: longs pay.
    public var fundingPercent8h: Double?

    /// Takes what an hour says.
    public init(scope: String, snapshot: ScopeSnapshot, fundingPercent8h: Double?) {
        self.scope = scope
        self.snapshot = snapshot
        self.fundingPercent8h = fundingPercent8h
    }

    /// Of the market, then of each coin of `TrendScope`.
    /// - Parameter exchanges: in byte order of their ids.
    public static func all(
        market openInterest: OpenInterestSnapshot, fundingPercent8h: Double?, exchanges: [GuardedExchange]
    ) -> [ScopeMeasure] {
        let market = ScopeMeasure(
            scope: TrendScope.market, snapshot: ScopeSnapshot(market: openInterest), fundingPercent8h: fundingPercent8h)
        let coins = exchanges.map { $0.only(TrendScope.coins) }
        return [market]
            + TrendScope.coins.map { coin in
                ScopeMeasure(
                    scope: coin, snapshot: ScopeSnapshot(hour: openInterest.hour, asset: coin, exchanges: coins),
                    fundingPercent8h: AssetFunding.percent8h(of: coin, on: coins))
            }
    }
}

extension GuardedExchange {
    /// The exchange with the contracts of some assets alone.
    func only(_ assets: [String]) -> GuardedExchange {
        var few = self
        // Through the buffer: an element taken out of the array would be copied with its strings.
        few.instruments = instruments.withUnsafeBufferPointer { rows in
            rows.indices.filter { assets.contains(rows[$0].asset) }.map { rows[$0] }
        }
        few.findings = []
        return few
    }
}

/// What a later hour is compared with: the prices and the open interest of the whole market, or of one coin.
public struct ScopeSnapshot: Hashable, Sendable {
    /// The perpetual that stands for the coin on one exchange, and its mark.
    public struct ReferenceMark: Hashable, Sendable {
        /// The exchange that lists the contract.
        public var exchange: Exchange
        /// The contract, as the exchange spells it.
        public var symbol: String
        /// The mark price, quote units per coin.
        public var price: Double

        /// Takes a price above zero.
        public init(exchange: Exchange, symbol: String, price: Double) {
            self.exchange = exchange
            self.symbol = symbol
            self.price = price
        }
    }

    /// The hour of the snapshot, in UTC.
    public var hour: Hour
    /// One for each exchange, without price outliers, in byte order of the exchanges' ids; empty for the market.
    public var marks: [ReferenceMark]
    /// The open interest of the scope's perpetuals.
    public var openInterest: OpenInterestSnapshot
    /// Whether the price is that of the whole market.
    public var isMarket: Bool

    /// Takes the whole market; its price is that of its open interest.
    public init(market openInterest: OpenInterestSnapshot) {
        self.hour = openInterest.hour
        self.marks = []
        self.openInterest = openInterest
        self.isMarket = true
    }

    /// Takes the marks of one coin, in byte order of the exchanges' ids, and the open interest of its contracts.
    public init(marks: [ReferenceMark], openInterest: OpenInterestSnapshot) {
        self.hour = openInterest.hour
        self.marks = marks
        self.openInterest = openInterest
        self.isMarket = false
    }

    /// Takes what the exchanges, in byte order of their ids, say of one coin.
    public init(hour: Hour, asset: String, exchanges: [GuardedExchange]) {
        let marks = exchanges.compactMap { exchange -> ReferenceMark? in
            guard let reference = exchange.reference(asset), !reference.isPriceOutlier,
                let price = reference.ticker.markPrice
            else { return nil }
            return ReferenceMark(exchange: exchange.exchange, symbol: reference.symbol, price: price)
        }
        self.init(
            marks: marks, openInterest: OpenInterestSnapshot(hour: hour, exchanges: exchanges, of: asset))
    }
}

extension ScopeSnapshot {
    /// The logarithmic change of the price since an earlier hour; `nil` when nothing is known at both hours.
    ///
    /// Of a coin: the median over the exchanges whose reference perpetual is the same at both hours. Of the market: the mean
    /// over its contracts, weighted by the earlier open interest; `nil` also when less than half of that is matched.
    public func priceChange(since earlier: ScopeSnapshot) -> Double? {
        guard !isMarket else {
            return OpenInterestGrowth.overHour(from: earlier.openInterest, to: openInterest)?.markChange
        }
        var changes = marks.compactMap { now -> Double? in
            guard let then = earlier.marks.first(where: { $0.exchange == now.exchange && $0.symbol == now.symbol })
            else { return nil }
            return ln(now.price / then.price)
        }
        return Selection.median(&changes)
    }

    /// The logarithmic change of open interest since an earlier hour with the change of price taken out; `nil` when less
    /// than half of the earlier open interest is matched.
    public func openInterestChange(since earlier: ScopeSnapshot) -> Double? {
        OpenInterestGrowth.overHour(from: earlier.openInterest, to: openInterest)?.growth
    }

    /// Whether there is a price to compare.
    package var hasPrice: Bool { isMarket ? hasOpenInterest : !marks.isEmpty }
    /// Whether there is an open interest to compare.
    package var hasOpenInterest: Bool { !openInterest.exchanges.isEmpty }
}

/// The funding rate of one coin in an hour.
public enum AssetFunding {
    /// Percent per eight hours over the coin's perpetuals of all exchanges, which are in byte order of their ids; weighted by
    /// open interest where half of the volume has one, else by volume. `nil` without weight. Positive: longs pay.
    public static func percent8h(of asset: String, on exchanges: [GuardedExchange]) -> Double? {
        FundingMean(of: asset, on: exchanges)?.rate
    }
}
