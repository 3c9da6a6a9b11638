import JSONReader
import PerpCore

/// Which requests are due in one hour, decided from what has been answered.
///
/// Ask `next` for requests, make them, `record` what was answered, and ask again until it is empty.
public struct Plan {
    public let adapter: Adapter
    /// The hour of the run. Windows of flows are the closed hour before it.
    public let hour: Hour
    /// The coins for which per-asset endpoints are asked.
    public let focusAssets: [String]
    /// Whether endpoints that cost much and tell little are asked as well.
    public let includesOptional: Bool
    private(set) var batch: Batch
    private var phases = Phase.allCases[...]
    private var pages: [Request] = []

    public init(adapter: Adapter, hour: Hour, focusAssets: [String], includesOptional: Bool = false) {
        self.adapter = adapter
        self.hour = hour
        self.focusAssets = focusAssets
        self.includesOptional = includesOptional
        batch = Batch(adapter: adapter)
    }

    /// The requests that are due now, in the order of the adapter's table; empty when all was asked.
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

    /// Notes a response: its instruments, and the next page that it names.
    public mutating func record(_ response: Response) {
        guard let endpoint = adapter.endpoint(response.endpoint) else { return }
        batch.read(response)
        pages += endpoint.more(response, self).map(endpoint.request)
    }

    /// The symbols of the focus assets' main perpetuals, as the exchange's own list of instruments gives them; an
    /// asset without one is not asked.
    var focusPerpetuals: [String] {
        focusAssets.compactMap { asset in
            let usual = adapter.perpetual(asset)
            return batch.hasWholeList ? batch.mainPerpetual(of: asset, usually: usual) : usual
        }
    }

    /// The focus assets that are coins: others have no spot market here.
    var focusCoins: [String] { focusAssets.filter { AssetClass(ofAsset: $0) == .crypto } }

    /// The instruments that are perpetual and trading, by symbol.
    var tradingPerpetuals: [String] { batch.tradingPerpetuals }

    /// The closed hour before the run's: `from` included, `to` excluded.
    var flowWindow: (from: Timestamp, to: Timestamp) { (hour.previous.startTime, hour.startTime) }
}
