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
            let contracts = listed[exchange]?.values.reduce(0, +) ?? 0
            let holes = HistoryHole.holes(of: exchange, missing: missing[exchange] ?? [], at: now)
            return try Dictionary(grouping: holes, by: \.dataset).flatMap { dataset, holes in
                let spans = try past.spans(exchange, dataset)
                return holes.map { hole in
                    let count = spans.count { $0.value.contains { $0.covers(hole.hours) } }
                    let isWhole = spans[""]?.contains { $0.covers(hole.hours) } ?? false
                    return HoleState(hole: hole, answered: isWhole ? max(contracts, 1) : count, contracts: contracts)
                }
            }
        }.sorted {
            ($0.hole.dataset, $0.hole.exchange, $0.hole.hours.lowerBound)
                < ($1.hole.dataset, $1.hole.exchange, $1.hole.hours.lowerBound)
        }
    }

    /// How many perpetuals each exchange lists of each asset, by its last list.
    /// - Throws: an error of the database.
    public func listedPerpetuals() throws -> [Exchange: [String: Int]] {
        try warehouse.read { database in
            var listed: [Exchange: [String: Int]] = [:]
            try Statement(database, WarehouseSQL.query("history.listed")).forEach {
                (exchange: Exchange, asset: String, count: Int) in listed[exchange, default: [:]][asset] = count
            }
            return listed
        }
    }
}

extension Range<Timestamp> {
    fileprivate func covers(_ hours: ClosedRange<Hour>) -> Bool {
        lowerBound <= hours.lowerBound.startTime && hours.upperBound.end <= upperBound
    }
}
