import PerpCore
import Sealing

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
    var hasPrice: Bool { isMarket ? hasOpenInterest : !marks.isEmpty }
    /// Whether there is an open interest to compare.
    var hasOpenInterest: Bool { !openInterest.exchanges.isEmpty }
}

/// The funding rate of one coin in an hour.
public enum AssetFunding {
    /// Percent per eight hours over the coin's perpetuals of all exchanges, which are in byte order of their ids; weighted by
    /// open interest where half of the volume has one, else by volume. `nil` without weight. Positive: longs pay.
    public static func percent8h(of asset: String, on exchanges: [GuardedExchange]) -> Double? {
        FundingMean(of: asset, on: exchanges)?.rate
    }
}
