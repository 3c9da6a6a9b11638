import PipelineFiles
import Warehouse

extension HistoryFile {
    /// What names the file in the warehouse.
    public var key: HistoryKey { HistoryKey(exchange, dataset, stamp: stamp) }
}
