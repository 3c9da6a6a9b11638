import GRDB
import PerpCore
import WarehouseSQL

/// What is stored of a market at a sealed hour.
public struct StoredMarketHour: Hashable, Sendable {
    /// The hour, in UTC.
    public var hour: Hour
    /// The mark price; of a spot market the middle of bid and ask. Quote units a coin, above zero.
    public var markPrice: Double
    /// The best bid; `nil` is unknown.
    public var bidPrice: Double?
    /// The best ask; `nil` is unknown.
    public var askPrice: Double?
    /// When the exchange observed the prices.
    public var observedAt: Timestamp
    /// Dollars traded in the rolling day; `nil` is unknown.
    public var volumeUSD24h: Double?
    /// The rate that is displayed for the running interval, positive when longs will pay; `nil` is unknown.
    public var fundingRate: Double?
    /// The next settlement; `nil` is unknown.
    public var nextFundingAt: Timestamp?
    /// Hours between settlements; `nil` is unknown.
    public var fundingIntervalHours: Double?
}

/// A perpetual at one sealed hour.
public struct StoredPerpetual: Hashable, Sendable {
    /// The exchange that lists it.
    public var exchange: Exchange
    /// The exchange's own spelling.
    public var symbol: String
    /// How it is settled.
    public var kind: ContractKind
    /// What is stored.
    public var row: StoredMarketHour
}

/// The stored hours of single markets: what follows an alert, a position, a claim.
///
/// It reads the asked contracts alone, hour by hour. Rows without a mark price, and those whose price is out of line with
/// other exchanges, are left out.
public struct ContractReader {
    private let warehouse: Warehouse
    private static let columns = [
        "t.hour", "t.mark_price", "t.bid_price", "t.ask_price", "t.observed_at_ms", "t.volume_usd_24h",
        "t.funding_rate",
        "t.next_funding_at_ms", "t.funding_interval_hours",
    ].joined(separator: ", ")

    /// Uses a connection.
    public init(_ warehouse: Warehouse) { self.warehouse = warehouse }

    /// The perpetuals of an asset at an hour, by exchange and symbol; markets that somebody else runs on an exchange are none.
    /// Empty for an hour that is not sealed.
    /// - Throws: an error of the database.
    public func perpetuals(of asset: String, at hour: Hour) throws -> [StoredPerpetual] {
        try warehouse.read { database in
            try Statement(database, WarehouseSQL.query("contracts.perpetuals_at", ["columns": Self.columns]))
                .map(hour, asset) {
                    StoredPerpetual(
                        exchange: $0, symbol: $1, kind: $2,
                        row: StoredMarketHour(
                            hour: $3, markPrice: $4, bidPrice: $5, askPrice: $6, observedAt: $7, volumeUSD24h: $8,
                            fundingRate: $9, nextFundingAt: $10, fundingIntervalHours: $11))
                }
        }
    }

    /// What a perpetual is about, and how it is settled, as its latest tickers have it; `nil` when none is stored.
    /// - Throws: an error of the database.
    public func perpetual(_ exchange: Exchange, _ symbol: String) throws -> (asset: String, kind: ContractKind)? {
        try listings(exchange, symbol).first.map { ($0.asset, $0.kind) }
    }

    /// The stored hours of a perpetual in a span, ascending, one each.
    /// - Throws: an error of the database.
    public func hours(
        _ exchange: Exchange, _ symbol: String, in hours: ClosedRange<Hour>
    ) throws -> [StoredMarketHour] {
        let listings = try listings(exchange, symbol)
        return try warehouse.read { database in
            let query = try Statement(database, WarehouseSQL.query("contracts.hours", ["columns": Self.columns]))
            var rows: [StoredMarketHour] = []
            for listing in listings {
                rows += try query.map(listing.id, hours.lowerBound, hours.upperBound, exchange, symbol) {
                    StoredMarketHour(
                        hour: $0, markPrice: $1, bidPrice: $2, askPrice: $3, observedAt: $4, volumeUSD24h: $5,
                        fundingRate: $6, nextFundingAt: $7, fundingIntervalHours: $8)
                }
            }
            // A symbol has more than one listing where what it prices was told anew: an hour has one of them.
            return listings.count > 1 ? Self.ordered(rows) : rows
        }
    }

    /// The stored hours of a spot market with bid and ask in a span, ascending, with the asset of the last one.
    /// - Throws: an error of the database.
    public func spotHours(
        _ exchange: Exchange, _ symbol: String, in hours: ClosedRange<Hour>
    ) throws -> (asset: String?, rows: [StoredMarketHour]) {
        try warehouse.read { database in
            var asset: String?
            let rows: [StoredMarketHour] = try Statement(database, WarehouseSQL.query("contracts.spot_hours"))
                .map(exchange, symbol, hours.lowerBound, hours.upperBound) {
                    (hour: Hour, middle: Double, bid: Double, ask: Double, at: Timestamp, name: String) in
                    asset = name
                    return StoredMarketHour(
                        hour: hour, markPrice: middle, bidPrice: bid, askPrice: ask, observedAt: at)
                }
            return (asset, rows)
        }
    }

    /// The settlements of a perpetual that files of sealed hours state, each once, ascending.
    /// - Throws: an error of the database.
    public func settlements(
        _ exchange: Exchange, _ symbol: String, asset: String, from first: Timestamp, through last: Timestamp
    ) throws -> [FundingSettlement] {
        try warehouse.read { database in
            try Statement(database, WarehouseSQL.query("contracts.settlements")).map(exchange, symbol, first, last) {
                (at: Timestamp, rate: Double, interval: Double?, _: Hour) in
                FundingSettlement(
                    symbol: symbol, asset: asset, settledAt: at, fundingRate: rate, fundingIntervalHours: interval)
            }
        }
    }

    private typealias Listing = (id: Int64, asset: String, kind: ContractKind)

    private func listings(_ exchange: Exchange, _ symbol: String) throws -> [Listing] {
        try warehouse.read { database in
            try Statement(database, WarehouseSQL.query("contracts.listings")).map(exchange, symbol) { ($0, $1, $2) }
        }
    }

    private static func ordered(_ rows: [StoredMarketHour]) -> [StoredMarketHour] {
        var ordered: [StoredMarketHour] = []
        for row in rows.sorted(by: { ($0.hour, $1.observedAt) < ($1.hour, $0.observedAt) })
        where ordered.last?.hour != row.hour {
            ordered.append(row)
        }
        return ordered
    }
}
