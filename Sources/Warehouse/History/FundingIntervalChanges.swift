import GRDB
import PerpCore
import WarehouseSQL

extension SealedHours {
    /// The contracts of which a live list of instruments states other hours between settlements than the lists of the day
    /// before it, in the hours of a span, both ends included, ascending.
    ///
    /// Only lists that were asked for in their own hour count, so that what a backfill finds out is no change of an hour:
    /// the same hours give the same changes, whatever is loaded of the past.
    /// - Throws: an error of the database.
    public func statedIntervalChanges(from first: Hour, through last: Hour) throws -> [FundingIntervalChange] {
        try warehouse.read { try changes(WarehouseSQL.query("intervals.changed"), first, last, $0) }
    }

    /// What changed in the 24 hours that end with an hour: what lists of instruments state, and what settlements prove of
    /// other contracts, also those that a backfill told of. Ascending.
    /// - Throws: an error of the database.
    public func intervalChanges(inDayThrough hour: Hour) throws -> [FundingIntervalChange] {
        let first = hour.advanced(by: -23)
        return try warehouse.read { database in
            let stated = try changes(WarehouseSQL.query("intervals.changed"), first, hour, database)
            let known = Set(stated.map(\.identity))
            let proved = try changes(WarehouseSQL.query("intervals.proved"), first, hour, database)
            return (stated + proved.filter { !known.contains($0.identity) })
                .sorted { ($0.hour, $0.exchange.id, $0.symbol) < ($1.hour, $1.exchange.id, $1.symbol) }
        }
    }

    func changes(
        _ query: String, _ first: Hour, _ last: Hour, _ database: Database
    ) throws -> [FundingIntervalChange] {
        var found: [FundingIntervalChange] = []
        try warehouse.prepared(query, database).forEach(first, last) {
            (
                exchange: Exchange, symbol: String, asset: String, hour: Hour, previousHours: Double, hours: Double,
                evidence: FundingInterval.Evidence, previousRate: Double?, rate: Double?, volumeUSD24h: Double?
            ) in
            found.append(
                FundingIntervalChange(
                    exchange: exchange, symbol: symbol, asset: asset, hour: hour, previousHours: previousHours,
                    hours: hours, evidence: evidence, previousRate: previousRate, rate: rate,
                    volumeUSD24h: volumeUSD24h))
        }
        return found
    }
}

extension FundingIntervalChange {
    /// A list of instruments and settlements tell of the same change, an hour or more apart.
    fileprivate var identity: [String] { [exchange.id, symbol, "\(previousHours)", "\(hours)"] }
}
