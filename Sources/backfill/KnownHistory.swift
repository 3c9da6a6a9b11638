import PerpCore
import PipelineFiles
import Warehouse

/// What the warehouse knows that decides what to ask for; nothing while there is no warehouse.
struct KnownHistory {
    /// The hours without a file, by exchange.
    private(set) var missing: [Exchange: [Hour]] = [:]
    /// The spans for which an exchange has answered, by dataset.
    private(set) var answered: [Exchange: [HistoryDataset: [HistorySpan]]] = [:]
    /// How many perpetuals are listed of each asset.
    private(set) var contracts: [Exchange: [String: Int]] = [:]

    /// Reads a database.
    /// - Throws: an error of the database.
    init(warehouse path: String, exchanges: [Exchange]) throws {
        guard FileSystem.exists(path) else { return }
        let database = try Warehouse(path: path, for: .reading)
        let holes = HistoryHoles(database)
        if let span = try CoverageLedger(database).span() { missing = try holes.missing(in: span) }
        contracts = try holes.listedPerpetuals()
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
