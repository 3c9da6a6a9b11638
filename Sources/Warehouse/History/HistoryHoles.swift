import GRDB
import PerpCore
import WarehouseSQL

/// The hours that a warehouse misses, as far as history can close them.
public struct HistoryHoles {
    let warehouse: Warehouse

    /// A hole, for how many contracts the exchange has answered for all of its hours, and how many it lists.
    public struct HoleState: Hashable, Sendable {
        /// The exchange, the dataset and the hours.
        public let hole: HistoryHole
        /// Contracts that are answered; all that are listed where one answer was about all.
        public let answered: Int
        /// Perpetuals that the exchange lists; 0 where no list is loaded.
        public let contracts: Int

        /// Whether nearly all contracts are answered: some are listed or end meanwhile.
        public var isClosed: Bool { answered > 0 && answered * 20 >= contracts * 19 }
    }

    /// Uses a connection.
    public init(_ warehouse: Warehouse) { self.warehouse = warehouse }

    /// The hours of a span without a file, by exchange.
    /// - Throws: an error of the database.
    public func missing(in hours: ClosedRange<Hour>) throws -> [Exchange: [Hour]] {
        let absent = try CoverageLedger(warehouse).missingHours(in: hours).filter { $0.cause != "partial" }
        return Dictionary(grouping: absent, by: \.exchange).mapValues { $0.map(\.hour) }
    }

    /// The holes in a span of hours, by dataset, then by exchange, then by hour.
    /// - Throws: an error of the database.
    public func states(in hours: ClosedRange<Hour>, of exchanges: [Exchange], at now: Timestamp) throws -> [HoleState] {
        let missing = try missing(in: hours)
        let listed = try listedPerpetuals()
        let past = HistoryReader(warehouse)
        return try exchanges.flatMap { exchange -> [HoleState] in
            let holes = HistoryHole.holes(of: exchange, missing: missing[exchange] ?? [], at: now)
            return try Dictionary(grouping: holes, by: \.dataset).flatMap { dataset, holes in
                let spans = try past.spans(exchange, dataset)
                return holes.map { hole in
                    let contracts = (listed[exchange] ?? []).filter { $0.isListed(before: hole.hours.upperBound.end) }
                    let wanted = hole.hours.lowerBound.startTime..<hole.hours.upperBound.end
                    let isWhole = spans[""]?.contains { $0.covers(wanted) } ?? false
                    let count = contracts.count { contract in
                        spans[contract.symbol]?.contains { $0.covers(contract.told(of: wanted)) } ?? false
                    }
                    return HoleState(
                        hole: hole, answered: isWhole ? max(contracts.count, 1) : count, contracts: contracts.count)
                }
            }
        }.sorted {
            ($0.hole.dataset, $0.hole.exchange, $0.hole.hours.lowerBound)
                < ($1.hole.dataset, $1.hole.exchange, $1.hole.hours.lowerBound)
        }
    }

    /// The trading perpetuals of each exchange by its last list, without those that others run on it, of which history is
    /// not asked.
    /// - Throws: an error of the database.
    public func listedPerpetuals() throws -> [Exchange: [ListedPerpetual]] {
        try warehouse.read { database in
            var listed: [Exchange: [ListedPerpetual]] = [:]
            try Statement(database, WarehouseSQL.query("history.listed")).forEach {
                (exchange: Exchange, symbol: String, asset: String, listedAt: Timestamp?) in
                listed[exchange, default: []].append(
                    ListedPerpetual(symbol: symbol, asset: asset, listedAt: listedAt))
            }
            return listed
        }
    }
}

/// A perpetual that an exchange lists.
public struct ListedPerpetual: Hashable, Sendable {
    /// The exchange's own spelling.
    public let symbol: String
    /// The canonical asset.
    public let asset: String
    /// Since when it is listed; `nil` when the exchange does not say.
    public let listedAt: Timestamp?

    /// Takes the three.
    public init(symbol: String, asset: String, listedAt: Timestamp?) {
        self.symbol = symbol
        self.asset = asset
        self.listedAt = listedAt
    }

    /// Whether there was anything to tell of before an instant.
    public func isListed(before end: Timestamp) -> Bool {
        listedAt.map { Hour(containing: $0).startTime < end } ?? true
    }

    /// The part of a span from the hour of its listing on: what there is to be told; for a contract that is listed before the
    /// span ends.
    public func told(of span: Range<Timestamp>) -> Range<Timestamp> {
        max(span.lowerBound, listedAt.map { Hour(containing: $0).startTime } ?? span.lowerBound)..<span.upperBound
    }
}

extension Range<Timestamp> {
    /// Whether all of another span lies in this one.
    fileprivate func covers(_ other: Range<Timestamp>) -> Bool {
        lowerBound <= other.lowerBound && other.upperBound <= upperBound
    }
}
