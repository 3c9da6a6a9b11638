import JSONReader
import PerpCore
import Testing

@testable import ExchangeAdapters

/// An exchange's answers about the past of one contract in a test: how they are asked for, and what they become.
struct PastAnswers {
    var exchange: Exchange
    var dataset: HistoryDataset
    var symbol: String
    /// The exchange's id for the contract; `nil` where it has none.
    var id: String?
    /// An answer that lists the contract, where its size matters.
    var list: TestResponse?
    /// UTC milliseconds, by default 2026-03-10T12:00:05.
    var receivedAt: Int64 = 1_773_144_005_000

    /// 2026-03-10T00:00 and the ten hours behind it.
    static let start: Int64 = 1_773_100_800_000
    static let hour: Int64 = 3_600_000

    init(_ exchange: Exchange, _ dataset: HistoryDataset, _ symbol: String, id: String? = nil, list: TestResponse? = nil) {
        self.exchange = exchange
        self.dataset = dataset
        self.symbol = symbol
        self.id = id
        self.list = list
    }

    var endpoint: HistoryEndpoint {
        get throws {
            try #require(Adapter.adapter(for: exchange).history.first { $0.dataset == dataset }, "\(dataset)")
        }
    }

    /// A question about so many hours from `start` on.
    func question(hours: Int64 = 10) throws -> HistoryQuestion {
        HistoryQuestion(
            symbol: symbol, id: id ?? symbol, parts: try #require(Adapter.adapter(for: exchange).parts(symbol)),
            from: Timestamp(milliseconds: Self.start), to: Timestamp(milliseconds: Self.start + hours * Self.hour))
    }

    /// Path and query of the calls that follow from pages, beginning with the first call.
    func asked(hours: Int64 = 10, after pages: HistoryPage...) throws -> [String] {
        let endpoint = try endpoint
        var following = HistoryPages(endpoint, try question(hours: hours))
        var asked: [String] = []
        if let question = following.question { asked.append(endpoint.ask(question).path) }
        for page in pages {
            following.take(page)
            if let question = following.question { asked.append(endpoint.ask(question).path) }
        }
        return asked
    }

    private func read(_ bodies: [String], _ each: (inout Batch, Response) -> Void) throws -> Batch {
        let adapter = Adapter.adapter(for: exchange).forHistory(dataset)
        var batch = Batch(adapter: adapter)
        let id = try endpoint.id
        let answers = (list.map { [($0.endpoint, $0.body)] } ?? []) + bodies.map { (id, $0) }
        for (name, body) in answers {
            let parser = JSONParser()
            let response = Response(
                endpoint: name, url: "https://exchange.example/", symbol: name == id ? symbol : nil,
                receivedAt: Timestamp(milliseconds: receivedAt),
                body: try parser.parse(ByteBuffer(Array(body.utf8))))
            each(&batch, response)
        }
        return batch
    }

    /// What answers with these bodies become.
    func staged(_ bodies: String...) throws -> StagedHour {
        var batch = try read(bodies) { $0.read($1) }
        let source = Source(
            rawSHA256: "", transformVersion: transformVersion, responses: bodies.count, responsesOK: bodies.count,
            endpoints: batch.adapter.endpoints.map { ($0.id, Source.EndpointCount()) }, liquidations: .none,
            observedFrom: nil, observedTo: nil)
        return batch.stagedHistory(
            dataset, hour: Hour(containing: Timestamp(milliseconds: receivedAt)), source: source, spans: [])
    }

    /// What an answer with this body says of the page that it is.
    func page(_ body: String) throws -> HistoryPage {
        let endpoint = try endpoint
        var token: String?
        var batch = try read([body]) { batch, response in
            batch.read(response)
            if case .tokens(let next) = endpoint.paging, response.endpoint == endpoint.id { token = next(response) }
        }
        return batch.takePage(endpoint, token: token)
    }
}

extension HistoryPage {
    /// A page of rows that reach from one hour to another, counted from the start of the span in tests.
    static func hours(_ first: Int64, _ last: Int64, rows: Int, token: String? = nil) -> HistoryPage {
        func time(_ hour: Int64) -> Timestamp {
            Timestamp(milliseconds: PastAnswers.start + hour * PastAnswers.hour)
        }
        return HistoryPage(rows: rows, first: time(first), last: time(last), token: token)
    }

    /// A page without rows.
    static var empty: HistoryPage { HistoryPage(rows: 0) }
}

extension StagedHour {
    /// The hours at which candles begin, counted from the start of the span in tests.
    var candleHours: [Int64] { candles.map { ($0.from.milliseconds - PastAnswers.start) / PastAnswers.hour } }

    /// The hours of settlements, counted likewise.
    var settlementHours: [Int64] {
        fundingSettlements.map { ($0.settledAt.milliseconds - PastAnswers.start) / PastAnswers.hour }
    }
}
