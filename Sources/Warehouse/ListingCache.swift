import GRDB
import PerpCore

/// What a ticker row points to, with its number.
struct Listing: Hashable {
    var id: Int64
    var symbol: String
    var asset: String
    var quote: String
    var kind: ContractKind
    var contract: ContractTerm

    @inline(__always)
    func matches(_ ticker: Ticker) -> Bool {
        symbol == ticker.symbol && asset == ticker.asset && quote == ticker.quote && kind == ticker.kind
            && contract == ticker.contract
    }
}

/// The listings of all venues in memory: a few thousand rows that are only ever added to.
final class ListingCache {
    private var byExchange: [[String: [Listing]]]
    private(set) var byID: [Int64: (exchange: Exchange, listing: Listing)] = [:]
    /// Where the tickers of a venue's last hour were found, in their order: the next hour's are mostly
    /// the same, and are found without hashing.
    private var lastHour: [[Listing]]
    private let insert: Statement
    private let database: Database

    init(_ database: Database) throws {
        self.database = database
        byExchange = Array(repeating: [:], count: Exchange.allCases.count)
        lastHour = Array(repeating: [], count: Exchange.allCases.count)
        insert = try Statement(
            database,
            """
            INSERT INTO listing (exchange_id, symbol, asset, quote, kind, contract) VALUES (?, ?, ?, ?, ?, ?)
            """)
        try refresh()
    }

    /// Reads the rows that another connection or the program itself has added.
    func refresh() throws {
        let query = try Statement(
            database,
            """
            SELECT listing_id, exchange_id, symbol, asset, quote, kind, contract FROM listing
            WHERE listing_id > \(byID.keys.max() ?? 0)
            """)
        try query.forEachRow { row in
            let exchange = try row.exchange(1, table: "listing")
            guard let kind = ContractKind(rawValue: row.text(5)),
                let contract = ContractTerm(rawValue: row.text(6))
            else { throw WarehouseError.unreadable(table: "listing", column: "kind", value: row.text(5)) }
            keep(
                Listing(
                    id: row.integer(0), symbol: row.text(2), asset: row.text(3), quote: row.text(4),
                    kind: kind, contract: contract),
                of: exchange)
        }
    }

    /// The numbers of an hour's tickers, in their order; new listings are written.
    func numbers(of tickers: [Ticker], exchange: Exchange) throws -> [Int64] {
        let known = lastHour[exchange.position]
        if Self.areListings(known, of: tickers) { return known.map(\.id) }
        var found: [Listing] = []
        found.reserveCapacity(tickers.count)
        try known.withUnsafeBufferPointer { known in
            try tickers.withUnsafeBufferPointer { tickers in
                var cursor = 0
                for place in tickers.indices {
                    if cursor < known.count, known[cursor].matches(tickers[place]) {
                        found.append(known[cursor])
                        cursor += 1
                        continue
                    }
                    // Both lists are sorted by symbol: skip what has gone since.
                    while cursor < known.count, known[cursor].symbol < tickers[place].symbol { cursor += 1 }
                    if cursor < known.count, known[cursor].matches(tickers[place]) {
                        found.append(known[cursor])
                        cursor += 1
                    } else {
                        found.append(try listing(of: tickers[place], exchange: exchange))
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

    private func listing(of ticker: Ticker, exchange: Exchange) throws -> Listing {
        if let known = byExchange[exchange.position][ticker.symbol]?.first(where: { $0.matches(ticker) }) {
            return known
        }
        insert.bind(1, exchange.id)
        insert.bind(2, ticker.symbol)
        insert.bind(3, ticker.asset)
        insert.bind(4, ticker.quote)
        insert.bind(5, ticker.kind.rawValue)
        insert.bind(6, ticker.contract.rawValue)
        try insert.run()
        let listing = Listing(
            id: database.lastInsertedRowID, symbol: ticker.symbol, asset: ticker.asset, quote: ticker.quote,
            kind: ticker.kind, contract: ticker.contract)
        keep(listing, of: exchange)
        return listing
    }

    private func keep(_ listing: Listing, of exchange: Exchange) {
        byExchange[exchange.position][listing.symbol, default: []].append(listing)
        byID[listing.id] = (exchange, listing)
    }
}

extension Statement {
    /// The venue whose id stands in a column.
    func exchange(_ column: Int32, table: String) throws -> Exchange {
        let id = text(column)
        guard let exchange = Exchange(rawValue: id) else {
            throw WarehouseError.unreadable(table: table, column: "exchange_id", value: id)
        }
        return exchange
    }
}
