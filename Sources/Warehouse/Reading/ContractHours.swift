import GRDB
import PerpCore
import WarehouseSQL

/// What is stored of single contracts over a long time, read contract by contract: a year takes moments.
public struct ContractHours {
    /// A contract as it is listed.
    public struct Listing: Hashable, Sendable {
        /// The exchange that lists it.
        public let exchange: Exchange
        /// The exchange's own spelling.
        public let symbol: String
        /// The canonical asset.
        public let asset: String
        /// What prices it.
        public let quote: String
        /// How profit is paid.
        public let kind: ContractKind
    }

    /// A stored hour; what a market does not have is `nil`.
    public struct Row: Hashable, Sendable {
        /// The hour.
        public let hour: Hour
        /// Quote units per coin.
        public let markPrice: Double?
        /// The best bid.
        public let bidPrice: Double?
        /// The best ask.
        public let askPrice: Double?
        /// The price of the last trade.
        public let lastPrice: Double?
        /// Dollars traded in the rolling day.
        public let volumeUSD24h: Double?
        /// The displayed rate, a fraction per interval; positive when longs pay.
        public let fundingRate: Double?
        /// The next settlement.
        public let nextFundingAt: Timestamp?
        /// Hours between settlements.
        public let fundingIntervalHours: Double?
        /// When the exchange observed it.
        public let observedAt: Timestamp
    }

    /// A settlement, live or of the past.
    public struct Settlement: Hashable, Sendable {
        /// The time of the settlement, floored to the minute.
        public let settledAt: Timestamp
        /// A fraction of notional; positive when longs paid.
        public let fundingRate: Double
        /// When it was learnt.
        public let learntAt: Timestamp
    }

    let warehouse: Warehouse

    /// Uses a connection.
    public init(_ warehouse: Warehouse) { self.warehouse = warehouse }

    /// All perpetuals of an asset that were ever listed, delisted ones included, by exchange and symbol; without markets that
    /// somebody else runs on an exchange.
    /// - Throws: an error of the database.
    public func perpetuals(of asset: String) throws -> [Listing] {
        try warehouse.read { database in
            try Statement(database, WarehouseSQL.query("contract_hours.perpetuals")).map(asset, row: Self.listing)
        }
    }

    /// The perpetual of a symbol; `nil` when none was ever listed.
    /// - Throws: an error of the database.
    public func perpetual(_ exchange: Exchange, _ symbol: String, asset: String) throws -> Listing? {
        try warehouse.read { database in
            try Statement(database, WarehouseSQL.query("contract_hours.listed"))
                .map(exchange, symbol, asset, row: Self.listing).first
        }
    }

    /// The sealed hours of a perpetual in a span.
    /// - Throws: an error of the database.
    public func rows(
        of exchange: Exchange, _ symbol: String, asset: String, in hours: ClosedRange<Hour>
    ) throws -> [Row] {
        try rows(WarehouseSQL.query("contract_hours.tickers"), exchange, symbol, asset, hours)
    }

    /// The sealed hours of a spot market in a span; it has no mark and no funding.
    /// - Throws: an error of the database.
    public func spotRows(
        of exchange: Exchange, _ symbol: String, asset: String, in hours: ClosedRange<Hour>
    ) throws -> [Row] {
        try rows(WarehouseSQL.query("contract_hours.spot_tickers"), exchange, symbol, asset, hours)
    }

    /// The settlements of a contract in a span, as they are known today. Answers about settlements often state no class of
    /// asset, so that a symbol stands for its contract alone.
    /// - Throws: an error of the database.
    public func settlements(
        of exchange: Exchange, _ symbol: String, in span: ClosedRange<Timestamp>
    ) throws -> [Settlement] {
        try warehouse.read { database in
            try Statement(database, WarehouseSQL.query("contract_hours.settlements"))
                .map(exchange, symbol, span.lowerBound, span.upperBound) {
                    (settledAt: Timestamp, rate: Double, learntAt: Timestamp) in
                    Settlement(settledAt: settledAt, fundingRate: rate, learntAt: learntAt)
                }
                .sorted { $0.settledAt < $1.settledAt }
        }
    }

    private static func listing(
        _ exchange: Exchange, _ symbol: String, _ asset: String, _ quote: String, _ kind: ContractKind
    ) -> Listing {
        Listing(exchange: exchange, symbol: symbol, asset: asset, quote: quote, kind: kind)
    }

    private func rows(
        _ query: String, _ exchange: Exchange, _ symbol: String, _ asset: String, _ hours: ClosedRange<Hour>
    ) throws -> [Row] {
        try warehouse.read { database in
            try Statement(database, query).map(exchange, symbol, asset, hours.lowerBound, hours.upperBound) {
                (
                    hour: Hour, mark: Double?, bid: Double?, ask: Double?, last: Double?, volume: Double?,
                    rate: Double?, next: Timestamp?, interval: Double?, observedAt: Timestamp
                ) in
                Row(
                    hour: hour, markPrice: mark, bidPrice: bid, askPrice: ask, lastPrice: last, volumeUSD24h: volume,
                    fundingRate: rate, nextFundingAt: next, fundingIntervalHours: interval, observedAt: observedAt)
            }
        }
    }
}
