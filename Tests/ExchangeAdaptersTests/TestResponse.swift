import ExchangeAdapters
import JSONReader
import PerpCore
import Testing

/// One response of an exchange in a test: what was asked, and the body.
struct TestResponse {
    var endpoint: String
    var url = "https://exchange.example/"
    var receivedAt: Int64 = 1_773_100_800_000
    /// The JSON that was sent; `nil` for a GET.
    var requestBody: String?
    var body: String

    init(_ endpoint: String, url: String = "https://exchange.example/", receivedAt: Int64 = 1_773_100_800_000, _ body: String) {
        self.endpoint = endpoint
        self.url = url
        self.receivedAt = receivedAt
        self.body = body
    }
}

/// The records that an exchange's responses become.
func stage(_ exchange: Exchange, _ responses: TestResponse...) throws -> StagedHour {
    try stage(exchange, responses)
}

/// Reads them twice: what is known from an earlier hour must make no difference.
func stage(_ exchange: Exchange, _ responses: [TestResponse]) throws -> StagedHour {
    let roster = Roster(exchange: exchange)
    let staged = try stage(exchange, responses, roster)
    #expect(try stage(exchange, responses, roster) == staged)
    return staged
}

private func stage(_ exchange: Exchange, _ responses: [TestResponse], _ roster: Roster) throws -> StagedHour {
    let isStream = responses.contains { $0.endpoint == LiquidationStream.endpointID }
    let usual = Adapter.adapter(for: exchange)
    let adapter = isStream ? try #require(usual.forStream, "\(exchange.id) has no stream") : usual
    var batch = Batch(adapter: adapter, roster: roster)
    for response in responses {
        let parser = JSONParser()
        let text = ByteBuffer(Array(response.body.utf8))
        batch.read(
            Response(
                endpoint: response.endpoint, url: response.url, requestBody: response.requestBody,
                receivedAt: Timestamp(milliseconds: response.receivedAt),
                body: try parser.parse(text)))
    }
    let source = Source(
        rawSHA256: "", transformVersion: transformVersion, responses: responses.count, responsesOK: responses.count,
        endpoints: adapter.endpoints.map { ($0.id, Source.EndpointCount()) }, liquidations: .none,
        observedFrom: nil, observedTo: nil)
    return batch.stagedHour(hour: Hour(containing: Int64(1_773_100_800)), source: source)
}

extension StagedHour {
    func ticker(_ symbol: String) throws -> Ticker {
        try #require(tickers.first { $0.symbol == symbol }, "no ticker of \(symbol)")
    }

    func instrument(_ symbol: String) throws -> Instrument {
        try #require(instruments.first { $0.symbol == symbol }, "no instrument of \(symbol)")
    }
}

/// Equality to a relative 1e-9, as the test vectors hold; `nil` equals `nil` only.
func close(_ left: Double?, _ right: Double?) -> Bool {
    guard let left, let right else { return left == nil && right == nil }
    return abs(left - right) <= 1e-9 * max(abs(left), abs(right))
}

extension Plan {
    /// Records a response of a test.
    mutating func record(_ response: TestResponse) throws {
        let parser = JSONParser()
        let text = ByteBuffer(Array(response.body.utf8))
        record(
            Response(
                endpoint: response.endpoint, url: response.url, receivedAt: Timestamp(milliseconds: response.receivedAt),
                body: try parser.parse(text)))
    }
}
