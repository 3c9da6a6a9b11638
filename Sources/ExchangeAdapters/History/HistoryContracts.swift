import PerpCore

/// A span of one contract, or of all contracts, for which a dataset is to be asked.
public struct HistoryPart: Hashable, Sendable {
    /// What is asked for.
    public let dataset: HistoryDataset
    /// The contract and the span; a blank symbol stands for all contracts.
    public let span: HistorySpan
}

/// What an exchange can be asked about one dataset: its contracts, by the list of instruments, and the parts to ask for.
public struct HistoryContracts {
    /// What is asked for.
    public let dataset: HistoryDataset
    private let endpoints: [HistoryEndpoint]
    private var batch: Batch

    /// The contracts of an exchange, of which none is known yet.
    public init(_ adapter: Adapter, _ dataset: HistoryDataset) {
        self.dataset = dataset
        endpoints = adapter.history.filter { $0.dataset == dataset }
        batch = Batch(adapter: adapter.forHistory(dataset))
    }

    /// Whether the exchange tells of the dataset at all.
    public var isTold: Bool { !endpoints.isEmpty }

    /// Reads a response with the list of instruments, or a part of it.
    public mutating func read(list response: Response) { batch.read(response) }

    /// The parts to ask for in a span, without what has been answered: the contracts of the assets that come first, then the
    /// others by symbol.
    ///
    /// - Parameters:
    ///   - assets: whose contracts are asked for; empty for all of them.
    ///   - except: whose contracts are left out.
    ///   - first: the assets that come first.
    ///   - answered: the spans for which the exchange has answered already.
    public func parts(
        assets: [String], except: [String] = [], first: [String], from: Timestamp, to: Timestamp,
        answered: [HistorySpan]
    ) -> [HistoryPart] {
        guard isTold, from < to else { return [] }
        let known = Dictionary(grouping: answered, by: \.symbol)
        let everywhere = known[""] ?? []
        if endpoints.contains(where: \.isAboutAll) {
            // One answer is about every asset: it is asked for with the first ones.
            return !except.isEmpty ? [] : HistorySpan(symbol: "", from: from, to: to).without(everywhere).map(part)
        }
        let symbols = batch.perpetuals(of: assets, except: except, first: first) { parts in
            endpoints.contains { $0.covers(parts) }
        }
        return symbols.flatMap { symbol in
            let listedAt = batch.listing(of: symbol)?.listedAt.map { Hour(containing: $0).startTime }
            let start = max(from, listedAt ?? from)
            guard start < to else { return [HistoryPart]() }
            return HistorySpan(symbol: symbol, from: start, to: to).without((known[symbol] ?? []) + everywhere).map(
                part)
        }
    }

    private func part(_ span: HistorySpan) -> HistoryPart { HistoryPart(dataset: dataset, span: span) }

    /// The questions of a part.
    public func questions(_ part: HistoryPart) -> HistoryQuestions {
        HistoryQuestions(part.span, endpoints: endpoints, batch: batch)
    }

    /// How many calls a part takes, as far as that can be known before the answers.
    public func typicalCalls(_ part: HistoryPart) -> Int {
        let hours = Int((part.span.to.milliseconds - part.span.from.milliseconds) / Hour.milliseconds)
        return endpoints.reduce(0) { $0 + HistoryPages.typicalCalls($1, hours: hours) }
    }
}

/// The questions about one part, endpoint after endpoint and page after page.
public struct HistoryQuestions {
    /// The contract that is asked about; `nil` for all contracts.
    public let symbol: String?
    /// Why the part cannot be answered whole; `nil` when it can.
    public private(set) var problem: String?

    private var batch: Batch
    private var rest: ArraySlice<HistoryEndpoint>
    private var pages: HistoryPages?
    private let question: HistoryQuestion
    /// Rows of all answers so far.
    private var rows = 0
    /// The endpoints to ask once more when none of them has a row, though a contract that was listed and trades has candles;
    /// empty where nothing is asked twice.
    private var again: ArraySlice<HistoryEndpoint> = []

    init(_ span: HistorySpan, endpoints: [HistoryEndpoint], batch: Batch) {
        self.batch = batch
        symbol = span.symbol.isEmpty ? nil : span.symbol
        let parts = batch.parts(of: span.symbol) ?? SymbolParts(base: "", quote: "", settle: "")
        question = HistoryQuestion(
            symbol: span.symbol, id: batch.listing(of: span.symbol)?.id ?? span.symbol, parts: parts, from: span.from,
            to: span.to)
        rest = endpoints.filter { span.symbol.isEmpty || $0.covers(parts) }[...]
        let wasListed = batch.listing(of: span.symbol)?.listedAt.map { $0 <= span.from } ?? false
        if wasListed, endpoints.first?.dataset == .candles { again = rest }
        advance()
    }

    /// The next request; `nil` when all questions have been answered.
    public var request: Request? {
        guard let endpoint = rest.first, let asked = pages?.question else { return nil }
        return endpoint.endpoint.request(endpoint.ask(asked))
    }

    /// Takes the answer to the request.
    public mutating func take(_ response: Response) {
        guard let endpoint = rest.first else { return }
        batch.read(response)
        var token: String?
        if case .tokens(let next) = endpoint.paging { token = next(response) }
        let page = batch.takePage(endpoint, token: token)
        rows += page.rows
        pages?.take(page)
        problem = problem ?? pages?.problem
        if pages?.question == nil {
            rest.removeFirst()
            advance()
        }
        if request == nil, rows == 0, problem == nil, !again.isEmpty {
            (rest, again) = (again, [])
            advance()
        }
    }

    private mutating func advance() { pages = rest.first.map { HistoryPages($0, question) } }
}
