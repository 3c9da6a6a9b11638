import GRDB
import PerpCore
import WarehouseSQL

/// The contract that a ticker row refers to, with its surrogate number.
struct Listing: Hashable {
    var id: Int64
    var symbol: String
    var asset: String
    /// The class of the asset; `nil` when unknown.
    var assetClass: AssetClass?
    /// Whether the responses of the hour state the class.
    var isClassStated: Bool
    var quote: String
    var kind: ContractKind
    var contract: ContractTerm

    /// Whether a staged ticker is of this contract.
    @inline(__always)
    func matches(_ ticker: Ticker) -> Bool {
        symbol == ticker.symbol && asset == ticker.asset && assetClass == ticker.assetClass
            && isClassStated == (ticker.assetClass != nil) && quote == ticker.quote && kind == ticker.kind
            && contract == ticker.contract
    }
}

/// A listing with its exchange. A class, and never changed: rows by the thousand refer to it.
final class ListedContract {
    let exchange: Exchange
    let listing: Listing

    init(_ exchange: Exchange, _ listing: Listing) {
        self.exchange = exchange
        self.listing = listing
    }
}

/// The listings of all exchanges in memory: a few thousand rows, which are never changed or removed.
final class ListingCache {
    /// Ascending by their numbers.
    private var contracts: [ListedContract] = []
    /// The same by exchange and symbol, which only loading asks for; empty before it does.
    private var bySymbol: [[String: [Listing]]] = []
    /// Whether any listing has a class that the responses of its hour did not state.
    private(set) var hasUnstated = false
    /// The listings of the tickers in an exchange's last hour, in their order: those of the next hour are mostly
    /// the same, and are found without hashing.
    private var lastHour: [[Listing]]
    private let insert: Statement
    private let database: Database

    init(_ database: Database) throws {
        self.database = database
        lastHour = Array(repeating: [], count: Exchange.allCases.count)
        insert = try Statement(
            database,
            WarehouseSQL.query("listing_cache.insert"))
        try refresh()
    }

    /// Reads the rows that another connection or the program itself has added.
    func refresh() throws {
        let query = try Statement(
            database,
            WarehouseSQL.query("listing_cache.newer"))
        try query.forEachRow(contracts.last?.listing.id ?? 0) { row in
            // An unknown class is stored as the word `unknown`.
            keep(
                Listing(
                    id: try row.value(0), symbol: try row.value(2), asset: try row.value(3),
                    assetClass: AssetClass(rawValue: try row.value(7)), isClassStated: try row.value(8),
                    quote: try row.value(4), kind: try row.value(5), contract: try row.value(6)),
                of: try row.value(1))
        }
    }

    /// The listing of a number; `nil` when it is not known.
    subscript(id: Int64) -> ListedContract? {
        // Numbers mostly follow one another from 1 on.
        let usual = Int(clamping: id) &- 1
        if contracts.indices.contains(usual), contracts[usual].listing.id == id { return contracts[usual] }
        let place = contracts.partitioningIndex { $0.listing.id >= id }
        return place < contracts.count && contracts[place].listing.id == id ? contracts[place] : nil
    }

    /// The listing numbers of an hour's tickers, in their order; new listings are written.
    /// - Parameter instruments: the instruments of the hour, sorted by symbol, which state the units.
    func numbers(of tickers: [Ticker], instruments: [Instrument], exchange: Exchange) throws -> [Int64] {
        let known = lastHour[exchange.position]
        if Self.areListings(known, of: tickers) { return known.map(\.id) }
        var found: [Listing] = []
        found.reserveCapacity(tickers.count)
        try known.withUnsafeBufferPointer { known in
            try tickers.withUnsafeBufferPointer { tickers in
                var cursor = 0
                for index in tickers.indices {
                    if cursor < known.count, known[cursor].matches(tickers[index]) {
                        found.append(known[cursor])
                        cursor += 1
                        continue
                    }
                    // Both lists are sorted by symbol: skip what has gone since.
                    while cursor < known.count, known[cursor].symbol < tickers[index].symbol { cursor += 1 }
                    if cursor < known.count, known[cursor].matches(tickers[index]) {
                        found.append(known[cursor])
                        cursor += 1
                    } else {
                        let symbol = tickers[index].symbol
                        found.append(
                            try listing(
                                of: tickers[index], unit: instruments.named(symbol)?.unitMultiplier,
                                exchange: exchange))
                    }
                }
            }
        }
        lastHour[exchange.position] = found
        return found.map(\.id)
    }

    /// Whether the lists name the same contracts in the same order.
    private static func areListings(_ listings: [Listing], of tickers: [Ticker]) -> Bool {
        guard listings.count == tickers.count else { return false }
        return listings.withUnsafeBufferPointer { listings in
            tickers.withUnsafeBufferPointer { tickers in
                tickers.indices.allSatisfy { listings[$0].matches(tickers[$0]) }
            }
        }
    }

    private func listing(
        of ticker: Ticker, unit: @autoclosure () -> Double?, exchange: Exchange
    ) throws -> Listing {
        try listing(
            like: Listing(
                id: 0, symbol: ticker.symbol, asset: ticker.asset, assetClass: ticker.assetClass,
                isClassStated: ticker.assetClass != nil, quote: ticker.quote, kind: ticker.kind,
                contract: ticker.contract),
            unit: unit(), exchange: exchange)
    }

    /// The listing that equals `wanted` except for its number; it is written when there is none.
    /// - Parameter unit: canonical coins in one base unit; `nil` when unknown.
    func listing(like wanted: Listing, unit: @autoclosure () -> Double?, exchange: Exchange) throws -> Listing {
        if bySymbol.isEmpty { indexBySymbol() }
        let known = bySymbol[exchange.position][wanted.symbol]?.first { known in
            var known = known
            known.id = wanted.id
            return known == wanted
        }
        if let known { return known }
        try insert.run(
            exchange, wanted.symbol, wanted.asset, wanted.assetClass?.rawValue ?? "unknown", wanted.isClassStated,
            wanted.quote, wanted.kind, wanted.contract, unit())
        var listing = wanted
        listing.id = database.lastInsertedRowID
        keep(listing, of: exchange)
        return listing
    }

    private func keep(_ listing: Listing, of exchange: Exchange) {
        let contract = ListedContract(exchange, listing)
        contracts.append(contract)
        if !bySymbol.isEmpty { bySymbol.add(contract) }
        if !listing.isClassStated { hasUnstated = true }
    }

    private func indexBySymbol() {
        bySymbol = Array(repeating: [:], count: Exchange.allCases.count)
        for contract in contracts { bySymbol.add(contract) }
    }
}

extension [[String: [Listing]]] {
    fileprivate mutating func add(_ contract: ListedContract) {
        self[contract.exchange.position][contract.listing.symbol, default: []].append(contract.listing)
    }
}

extension [Instrument] {
    /// Whether each symbol comes before the next one: in the order of Swift, which for symbols that are not ASCII is not that of
    /// SQLite.
    var isOrdered: Bool {
        zip(indices, indices.dropFirst()).allSatisfy { self[$0].symbol < self[$1].symbol }
    }

    /// The same by symbol.
    var ordered: [Instrument] { isOrdered ? self : sorted { $0.symbol < $1.symbol } }

    /// The instrument of a symbol, in a list that is in order.
    func named(_ symbol: String) -> Instrument? {
        let place = indices.partitioningIndex { self[$0].symbol >= symbol }
        return place < count && self[place].symbol == symbol ? self[place] : nil
    }
}
