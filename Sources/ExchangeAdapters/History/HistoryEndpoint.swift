import PerpCore

/// One endpoint that tells of the past of one contract, or of all of them: how to ask, how answers follow each other, and
/// how to read them.
public struct HistoryEndpoint: Sendable {
    /// What it tells of.
    public let dataset: HistoryDataset
    /// The table entry that reads the answers; its calls follow from `ask`.
    let endpoint: Endpoint
    /// How one answer follows another.
    let paging: HistoryPaging
    /// Whether one question is about all contracts.
    let isAboutAll: Bool
    /// Whether there is anything to ask about a contract of these parts.
    let covers: @Sendable (SymbolParts) -> Bool
    /// The call for a question.
    let ask: @Sendable (HistoryQuestion) -> EndpointCall

    /// The name in raw files and reports.
    public var id: String { endpoint.id }

    /// - Parameters:
    ///   - id: the name in raw files, unique among the exchange's endpoints of the past.
    ///   - isAboutAll: whether one question is about all contracts.
    init(
        _ dataset: HistoryDataset, _ id: String, _ host: String, weight: Int = 1, limit: String, paging: HistoryPaging,
        isAboutAll: Bool = false, covers: @escaping @Sendable (SymbolParts) -> Bool = { _ in true },
        ask: @escaping @Sendable (HistoryQuestion) -> EndpointCall,
        read: @escaping @Sendable (Response, inout Batch) throws(AdapterError) -> Void
    ) {
        self.dataset = dataset
        self.paging = paging
        self.isAboutAll = isAboutAll
        self.covers = covers
        self.ask = ask
        endpoint = Endpoint(
            id, host, phase: .details, weight: weight, limit: limit, calls: { _ in [] }, read: read)
    }
}

extension HistoryEndpoint {
    /// An endpoint of candles, of any price: its name in raw files is that of the dataset, and its reader is told the price.
    static func candles(
        _ dataset: HistoryDataset, _ host: String, weight: Int = 1, limit: String, paging: HistoryPaging,
        ask: @escaping @Sendable (HistoryQuestion) -> EndpointCall,
        read: @escaping @Sendable (Response, inout Batch, CandlePrice) throws(AdapterError) -> Void
    ) -> HistoryEndpoint {
        HistoryEndpoint(
            dataset, "history_\(dataset.rawValue)", host, weight: weight, limit: limit, paging: paging, ask: ask,
            read: { (response, batch) throws(AdapterError) in
                try read(response, &batch, dataset.price ?? .last)
            })
    }
}

/// How the answers about a span follow each other.
enum HistoryPaging: Sendable {
    /// From the oldest on: the next question begins after the newest row.
    case forwards
    /// From the newest back: the next question ends before the oldest row.
    case backwards
    /// The span is cut into parts of so many hours; a part with at least `rows` rows is cut in two and asked again, since
    /// rows may be missing from it.
    case windows(hours: Int, rows: Int)
    /// Pages with numbers, newest first, from this number on, until one is empty or older than the span.
    case numbers(from: Int)
    /// Pages that name the next one, newest first, until one names none or is older than the span.
    case tokens(@Sendable (Response) -> String?)
    /// One answer holds everything.
    case whole
}

/// What is asked for about one contract.
struct HistoryQuestion {
    /// The contract in the exchange's own spelling.
    var symbol: String
    /// The exchange's id for it, which is the symbol where it has none.
    var id: String
    /// Its assets and its term.
    var parts: SymbolParts
    /// The first instant that is asked about.
    var from: Timestamp
    /// The instant after the last one.
    var to: Timestamp
    /// The number of the page, where pages are numbered.
    var page = 0
    /// The token of the page, where the answer before named one.
    var token: String?
}

extension HistoryQuestion {
    /// The last instant that is asked about, for exchanges that include both ends.
    var last: Timestamp { to.advanced(byMilliseconds: -1) }
}

extension Timestamp {
    /// Whole seconds after the epoch.
    var seconds: Int64 { milliseconds / 1000 }
}

extension HistoryEndpoint {
    /// The calls for a span of so many hours of so many contracts, their weight, and the limit that they count against.
    public func cost(hours: Int, contracts: Int) -> (calls: Int, weight: Int, limit: String) {
        let calls = HistoryPages.typicalCalls(self, hours: hours) * (isAboutAll ? 1 : contracts)
        return (calls, calls * endpoint.weight, endpoint.limit)
    }
}

extension Adapter {
    /// How many seconds calls of so much weight take under a limit, when nothing else counts against it.
    public func seconds(forWeight weight: Int, of name: String) -> Double {
        guard let limit = limitsWithArchives.first(where: { $0.name == name }) else { return 0 }
        return max(Double(weight) / Double(limit.limit) * limit.windowSeconds, Double(weight) * limit.spacingSeconds)
    }
}
