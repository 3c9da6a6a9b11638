import GRDB
import PerpCore
import WarehouseSQL

/// Classes the symbols whose class no response of their hour states: by the latest instrument version that states one.
/// Without such a version, the symbol is taken for what its latest version says, a coin; without any version it is
/// `other`, never a coin merely because nothing is known.
///
/// The result depends on what is loaded, not on the order of loading: it is computed again whenever an hour is sealed.
final class UnstatedClasses {
    private let listings: ListingCache
    private let hours: Statement
    private let tickers: Statement
    private let version: Statement
    private let point: Statement
    private let names: [Statement]

    init(_ database: Database, listings: ListingCache) throws {
        self.listings = listings
        hours = try Statement(database, "SELECT exchange_id FROM exchange_hour WHERE hour = ? AND unclassed > 0")
        tickers = try Statement(
            database,
            WarehouseSQL.query("unstated_classes.tickers"))
        version = try Statement(
            database,
            Self.statements("asset, asset_class, unit_multiplier", exchange: "?1", symbol: "?2", hour: "?3").map {
                "SELECT * FROM (\($0))"
            }.joined(separator: " UNION ALL ") + " LIMIT 1")
        point = try Statement(database, "UPDATE ticker SET listing_id = ? WHERE hour = ? AND listing_id = ?")
        let other = "CASE WHEN asset LIKE 'other:%' THEN asset ELSE 'other:' || asset END"
        names = try ["funding_settlement", "long_short"].map { table in
            try Statement(
                database,
                WarehouseSQL.query(
                    "unstated_classes.rename",
                    ["table": table, "asset": Self.asset(of: table, at: "?1", fallback: other)]))
        }
    }

    /// The queries for the class of a symbol, best first: the last list that states it, what was stated in hours that have
    /// been removed, and what the last list takes it for. Each query finds its row by the key.
    private static func statements(_ columns: String, exchange: String, symbol: String, hour: String) -> [String] {
        let said = "WHERE s.exchange_id = \(exchange) AND s.symbol = \(symbol)"
        let listed = "SELECT \(columns) FROM instrument AS s \(said) AND s.valid_from <= \(hour)"
        let last = "ORDER BY s.valid_from DESC LIMIT 1"
        return [
            "\(listed) AND s.asset_class IS NOT NULL AND s.class_stated = 1 \(last)",
            "SELECT \(columns) FROM known_class AS s \(said) AND s.hour <= \(hour)",
            "\(listed) AND s.asset_class IS NOT NULL \(last)",
        ]
    }

    /// The asset of a row of `table`, by what is stated until an hour; `fallback` when nothing is.
    private static func asset(of table: String, at hour: String, fallback: String) -> String {
        let said = statements("s.asset", exchange: "\(table).exchange_id", symbol: "\(table).symbol", hour: hour)
        return "coalesce(\(said.map { "(\($0))" }.joined(separator: ", ")), \(fallback))"
    }

    /// The asset of a row of `liquidation`, as in the view: when the symbol's class was not stated, the asset that is stated
    /// until the hour of the file. The asset of the row itself is left as it is.
    static let liquidationAsset = """
        CASE WHEN EXISTS (
            SELECT 1 FROM listing AS s
            WHERE s.exchange_id = liquidation.exchange_id AND s.symbol = liquidation.symbol AND s.class_stated = 0)
        THEN \(asset(of: "liquidation", at: "liquidation.hour", fallback: "asset")) ELSE asset END
        """

    func resolve(_ hour: Hour) throws {
        var exchanges: [Exchange] = []
        try hours.forEach(hour) { exchanges.append($0) }
        for exchange in exchanges {
            for number in try unstated(exchange, hour) {
                guard let listing = listings[number]?.listing else { continue }
                let classed = try classed(listing, exchange, hour)
                if classed == number { continue }
                try point.run(classed, hour, number)
            }
            for name in names { try name.run(hour, exchange) }
        }
    }

    private func unstated(_ exchange: Exchange, _ hour: Hour) throws -> [Int64] {
        var numbers: [Int64] = []
        try tickers.forEach(hour, exchange) { numbers.append($0) }
        return numbers
    }

    /// The number of the listing that a ticker of this hour refers to.
    private func classed(_ listing: Listing, _ exchange: Exchange, _ hour: Hour) throws -> Int64 {
        var wanted = listing
        var unit: Double?
        if let said = try version.first(exchange, listing.symbol, hour, as: (String, AssetClass, Double).self) {
            (wanted.asset, wanted.assetClass, unit) = said
        } else {
            wanted.asset = AssetClass.other.assetName(listing.asset.withoutClass)
            wanted.assetClass = .other
        }
        return try listings.listing(like: wanted, unit: unit, exchange: exchange).id
    }
}

extension String {
    /// The name of an asset without its class.
    fileprivate var withoutClass: String {
        AssetClass(ofAsset: self) == .crypto ? self : String(drop { $0 != ":" }.dropFirst())
    }
}
