import PerpCore
import PipelineFiles
import Warehouse

/// What the warehouse knows that decides what to ask for; nothing while there is no warehouse.
struct KnownHistory {
    /// The hours without a file that are neither lost nor answered for nearly all contracts; any order.
    var holes: [HistoryHole] = []
    /// The spans for which an exchange has answered, by dataset.
    var answered: [Exchange: [HistoryDataset: [HistorySpan]]] = [:]
    /// How many perpetuals are listed of each asset.
    var contracts: [Exchange: [String: Int]] = [:]
}

extension KnownHistory {
    /// Reads a database.
    /// - Throws: an error of the database.
    init(warehouse path: String, exchanges: [Exchange], at now: Timestamp) throws {
        self.init()
        guard FileSystem.exists(path) else { return }
        let database = try Warehouse(path: path, for: .reading)
        let ledger = HistoryHoles(database)
        if let span = try CoverageLedger(database).span() {
            holes = try ledger.states(in: span, of: exchanges, at: now)
                .filter { !$0.isClosed && !$0.hole.isLost(at: now) }.map(\.hole)
        }
        contracts = try ledger.listedPerpetuals()
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
