import JSONReader
import PerpCore

/// The requests for one exchange and hour, which depend on the responses so far.
///
/// Call `next` for requests, make them, `record` the responses, and repeat until `next` returns none.
public struct Plan {
    /// The adapter whose endpoints are called.
    public let adapter: Adapter
    /// The hour of the run. Windows of flows are the closed hour before it.
    let hour: Hour
    /// The assets for which per-asset endpoints are called.
    let focusAssets: [String]
    /// Whether to call endpoints that cost many calls for few records.
    let includesOptional: Bool
    private(set) var batch: Batch
    private var phases = Phase.allCases[...]
    private var pages: [Request] = []

    /// A plan in which nothing has been requested yet.
    ///
    /// - Parameters:
    ///   - focusAssets: the assets for which per-asset endpoints are called.
    ///   - includesOptional: whether to call endpoints that cost many calls for few records.
    public init(adapter: Adapter, hour: Hour, focusAssets: [String], includesOptional: Bool = false) {
        self.adapter = adapter
        self.hour = hour
        self.focusAssets = focusAssets
        self.includesOptional = includesOptional
        batch = Batch(adapter: adapter)
    }

    /// The next requests, in the order of the adapter's table; empty when there are no more.
    public mutating func next() -> [Request] {
        if !pages.isEmpty {
            defer { pages = [] }
            return pages
        }
        while let phase = phases.popFirst() {
            let requests = adapter.endpoints.filter { $0.phase == phase }
                .flatMap { endpoint in endpoint.calls(self).map(endpoint.request) }
            if !requests.isEmpty { return requests }
        }
        return []
    }

    /// Takes from a response its instruments and the next page that it names.
    public mutating func record(_ response: Response) {
        guard let endpoint = adapter.endpoint(response.endpoint) else { return }
        batch.read(response)
        pages += endpoint.more(response, self).map(endpoint.request)
    }

    /// The symbols of the focus assets' main perpetuals in the exchange's list of instruments; an asset without one is left
    /// out.
    var focusPerpetuals: [String] {
        focusAssets.compactMap { asset in
            let usual = adapter.perpetual(asset)
            return batch.hasWholeList ? batch.mainPerpetual(of: asset, usually: usual) : usual
        }
    }

    /// The focus assets that are coins: only those have spot markets here.
    var focusCoins: [String] { focusAssets.filter { AssetClass(ofAsset: $0) == .crypto } }

    /// The symbols of perpetuals that are trading, sorted.
    var tradingPerpetuals: [String] { batch.tradingPerpetuals }

    /// At most so many perpetuals that are trading: those of the focus assets, then the others by turnover, largest first.
    func largestPerpetuals(_ count: Int) -> [String] {
        let focus = focusPerpetuals
        let others = batch.drafts.filter { $0.isTradingPerpetual && !focus.contains($0.symbol) }
            .map { (symbol: $0.symbol, size: $0.market.volumeQuote ?? 0) }
            .sorted { ($1.size, $0.symbol) < ($0.size, $1.symbol) }
        return Array((focus + others.map(\.symbol)).prefix(count))
    }

    /// The exchange's ids of perpetuals that are trading, in the order of their symbols.
    var tradingIDs: [String] { batch.tradingIDs }

    /// The closed hour before the run's: `from` included, `to` excluded.
    var flowWindow: (from: Timestamp, to: Timestamp) { (hour.previous.startTime, hour.startTime) }
}
