import PerpCore
import WarehouseSQL

extension PageReader {
    /// What each coin did on each exchange in some hours; hours that are not sealed are left out.
    ///
    /// Markets that somebody else runs on an exchange are left out, as in `reference_perpetuals`.
    /// - Throws: an error of the database.
    public func coinPoints(_ hours: some Sequence<Hour>) throws -> [CoinPoint] {
        try warehouse.read { database in
            let places = try places(of: Statement(database, WarehouseSQL.query("pages.coin_listings")))
            let tickers = try Statement(database, WarehouseSQL.query("pages.coin_tickers"))
            let holders = try Statement(database, WarehouseSQL.query("pages.coin_holders"))
            var points: [CoinPoint] = []
            for hour in hours {
                let start = points.count
                var index: [Place: Int] = [:]
                try tickers.forEach(hour) {
                    (id: Int64, mark: Double?, funding: Double?, interest: Double?, volume: Double?) in
                    guard let place = places[id] else { return }
                    if index[place] == nil {
                        index[place] = points.count
                        points.append(CoinPoint(hour: hour, asset: place.asset, exchangeID: place.exchangeID))
                    }
                    points[index[place]!].take(mark, funding, interest, volume)  // it was put there
                }
                guard points.count > start else { continue }
                try holders.forEach(hour) { (exchangeID: String, asset: String, long: Double) in
                    if let known = index[Place(asset: asset, exchangeID: exchangeID)] {
                        points[known].longFraction = long
                    }
                }
            }
            return points
        }
    }

    private struct Place: Hashable {
        let asset: String
        let exchangeID: String
    }

    private func places(of listings: Statement) throws -> [Int64: Place] {
        var places: [Int64: Place] = [:]
        try listings.forEach { (id: Int64, asset: String, exchangeID: String) in
            places[id] = Place(asset: asset, exchangeID: exchangeID)
        }
        return places
    }

    /// The coin's contracts in an hour, by coin, the largest first.
    /// - Throws: an error of the database.
    public func contracts(_ hour: Hour) throws -> StoredRows {
        try answer(WarehouseSQL.query("pages.contracts"), hour.fieldValue)
    }

    /// Liquidations of coins hour by hour; `hour` is the hour in which they happened.
    /// - Throws: an error of the database.
    public func coinLiquidations(_ hours: ClosedRange<Hour>) throws -> StoredRows {
        try answer(
            WarehouseSQL.query("pages.coin_liquidations"), hours.lowerBound.fieldValue, hours.upperBound.fieldValue)
    }

    /// When contracts were listed, and when their funding interval changed, in a span.
    /// - Throws: an error of the database.
    public func contractEvents(_ hours: ClosedRange<Hour>) throws -> StoredRows {
        try answer(
            WarehouseSQL.query("pages.contract_events"), hours.lowerBound.fieldValue, hours.upperBound.fieldValue)
    }
}

extension CoinPoint {
    /// Adds a contract: price and funding are of the one with the largest volume.
    fileprivate mutating func take(_ mark: Double?, _ funding: Double?, _ interest: Double?, _ volume: Double?) {
        if let interest { openInterestUSD = (openInterestUSD ?? 0) + interest }
        guard markPrice == nil || (volume ?? -1) > (volumeUSD24h ?? -1) else { return }
        (markPrice, fundingRate8h, volumeUSD24h) = (mark, funding, volume)
    }
}
