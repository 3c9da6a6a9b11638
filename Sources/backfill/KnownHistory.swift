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
    /// The assets of the contracts of which anything is stored, by symbol.
    var assets: [Exchange: [String: String]] = [:]
    /// How many perpetuals are listed of each asset.
    var contracts: [Exchange: [String: Int]] = [:]
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
        contracts = try ledger.listedPerpetuals()
        let past = HistoryReader(database)
        for exchange in exchanges {
            for contract in try past.contracts(of: exchange) {
                assets[exchange, default: [:]][contract.symbol] = contract.asset
            }
            for dataset in exchange.historyDatasets {
                answered[exchange, default: [:]][dataset] = try past.spans(exchange, dataset).flatMap { symbol, spans in
                    spans.map { HistorySpan(symbol: symbol, from: $0.lowerBound, to: $0.upperBound) }
                }
            }
        }
    }
}

extension KnownHistory {
    /// Whether an exchange has answered a wish for as many contracts of the wish's assets as it lists; `false` where no list
    /// is loaded.
    func isAnswered(_ wish: HistoryWish, by exchange: Exchange) -> Bool {
        let spans = (answered[exchange]?[wish.dataset] ?? []).filter { $0.from <= wish.from && wish.to <= $0.to }
        if spans.contains(where: \.symbol.isEmpty) { return true }
        func isMeant(_ asset: String) -> Bool {
            (wish.assets.isEmpty || wish.assets.contains(asset)) && !wish.except.contains(asset)
        }
        let listed = (contracts[exchange] ?? [:]).reduce(0) { $0 + (isMeant($1.key) ? $1.value : 0) }
        guard !(contracts[exchange] ?? [:]).isEmpty else { return false }
        return Set(spans.map(\.symbol)).count { assets[exchange]?[$0].map(isMeant) ?? false } >= listed
    }
}
