import ExchangeRuns
import PerpCore
import PipelineFiles
import Warehouse

/// What the warehouse knows that decides what to ask for; nothing while there is no warehouse.
struct KnownHistory {
    /// The hours without a file that are not answered for nearly all contracts, nor lost where those are not asked for; any
    /// order.
    var holes: [HistoryHole] = []
    /// The spans for which an exchange has answered, by dataset.
    var answered: [Exchange: [HistoryDataset: [HistorySpan]]] = [:]
    /// The perpetuals that are listed.
    var listed: [Exchange: [ListedPerpetual]] = [:]
}

extension KnownHistory {
    /// Reads a database.
    /// - Parameter withLost: whether hours count of which the exchange itself tells no longer: archives do.
    /// - Throws: an error of the database.
    init(warehouse path: String, exchanges: [Exchange], at now: Timestamp, withLost: Bool = false) throws {
        self.init()
        guard FileSystem.exists(path) else { return }
        let database = try Warehouse(path: path, for: .reading)
        let ledger = HistoryHoles(database)
        if let span = try CoverageLedger(database).span() {
            holes = try ledger.states(in: span, of: exchanges, at: now)
                .filter { !$0.isClosed && (withLost || !$0.hole.isLost(at: now)) }.map(\.hole)
        }
        listed = try ledger.listedPerpetuals()
        let past = HistoryReader(database)
        for exchange in exchanges {
            for dataset in exchange.historyDatasets {
                answered[exchange, default: [:]][dataset] = try past.spans(exchange, dataset).flatMap { symbol, spans in
                    spans.map { HistorySpan(symbol: symbol, from: $0.lowerBound, to: $0.upperBound) }
                }
            }
        }
    }
}

extension KnownHistory {
    /// Whether an exchange has answered a wish for all contracts of the wish's assets that it lists; `false` where no list is
    /// loaded.
    func isAnswered(_ wish: HistoryWish, by exchange: Exchange) -> Bool {
        !(listed[exchange] ?? []).isEmpty && contracts(wish, of: exchange).isEmpty
    }

    /// The contracts of a wish that the exchange has not answered for.
    func contracts(_ wish: HistoryWish, of exchange: Exchange) -> [ListedPerpetual] {
        let spans = Dictionary(grouping: answered[exchange]?[wish.dataset] ?? [], by: \.symbol)
        func isAnswered(_ symbol: String, _ span: Range<Timestamp>) -> Bool {
            spans[symbol]?.contains { $0.from <= span.lowerBound && span.upperBound <= $0.to } ?? false
        }
        return (listed[exchange] ?? []).filter { contract in
            (wish.assets.isEmpty || wish.assets.contains(contract.asset)) && !wish.except.contains(contract.asset)
                && contract.isListed(before: wish.to) && !isAnswered("", wish.from..<wish.to)
                && !isAnswered(contract.symbol, contract.told(of: wish.from..<wish.to))
        }
    }
}
