import JSONReader
import PerpCore
import Testing

@testable import ExchangeAdapters

/// The calls that a span took, and what their answers became.
struct HistoryRun {
    var calls: [EndpointCall] = []
    var staged: StagedHour
    /// Why the span was not answered whole; `nil` when it was.
    var problem: String?

    var paths: [String] { calls.map(\.path) }
}

/// The endpoint of an exchange's past with an id.
func historyEndpoint(_ exchange: Exchange, _ id: String) throws -> HistoryEndpoint {
    try #require(
        Adapter.adapter(for: exchange).history.first { $0.id == id }, "\(exchange.id) has no endpoint \(id)")
}

/// A question about the span `from..<to` of a contract, in UTC milliseconds.
func historyQuestion(_ exchange: Exchange, _ symbol: String, from: Int64, to: Int64) throws -> HistoryQuestion {
    let parts = try #require(Adapter.adapter(for: exchange).parts(symbol), "\(symbol) has no parts")
    return HistoryQuestion(
        symbol: symbol, id: symbol, parts: parts, from: Timestamp(milliseconds: from), to: Timestamp(milliseconds: to))
}

/// Asks page after page, as a run does, at most 100 of them.
///
/// - Parameters:
///   - lists: the answers that list instruments.
///   - receivedAt: when the answers came, in UTC milliseconds.
///   - answer: the body for a call.
func ask(
    _ exchange: Exchange, _ endpoint: HistoryEndpoint, _ question: HistoryQuestion, lists: [TestResponse] = [],
    receivedAt: Int64, answer: (EndpointCall) throws -> String
) throws -> HistoryRun {
    let adapter = Adapter.adapter(for: exchange).forHistory(endpoint.dataset)
    // One follows the pages and forgets their facts, the other keeps them, as the file does.
    var follower = Batch(adapter: adapter)
    var keeper = Batch(adapter: adapter)
    func read(_ id: String, _ url: String, _ body: String?, _ symbol: String?, _ text: String) throws -> String? {
        let parser = JSONParser()
        let buffer = ByteBuffer(Array(text.utf8))
        let response = Response(
            endpoint: id, url: url, requestBody: body, symbol: symbol, receivedAt: Timestamp(milliseconds: receivedAt),
            body: try parser.parse(buffer))
        follower.read(response)
        keeper.read(response)
        guard case .tokens(let token) = endpoint.paging else { return nil }
        return token(response)
    }
    for list in lists { _ = try read(list.endpoint, list.url, list.requestBody, nil, list.body) }
    var pages = HistoryPages(endpoint, question)
    var calls: [EndpointCall] = []
    while let question = pages.question, calls.count < 100 {
        let call = endpoint.ask(question)
        calls.append(call)
        let token = try read(
            endpoint.id, "https://exchange.example" + call.path, call.body, question.symbol, try answer(call))
        pages.take(follower.takePage(endpoint, token: token))
    }
    let source = Source(
        rawSHA256: "", transformVersion: transformVersion, responses: calls.count, responsesOK: calls.count,
        endpoints: adapter.endpoints.map { ($0.id, Source.EndpointCount()) }, liquidations: .none, observedFrom: nil,
        observedTo: nil)
    let staged = keeper.stagedHistory(
        endpoint.dataset, hour: Hour(containing: Timestamp(milliseconds: receivedAt)), source: source, spans: [])
    return HistoryRun(calls: calls, staged: staged, problem: pages.problem)
}
