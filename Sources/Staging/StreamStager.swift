import ExchangeAdapters
import PerpCore
import PipelineFiles

/// Collects the messages of an exchange's stream in one hour, the list of instruments that its file holds, and what was noted
/// about its connections.
struct StreamStager {
    private let adapter: Adapter
    private let hour: Hour
    private var batch: Batch
    private var coverage: StreamCoverage
    private var refused: [Rejection] = []
    private var responses = 0
    private var responsesOK = 0
    private var messages: Int64 = 0
    private var observedFrom: Timestamp?
    private var observedTo: Timestamp?
    private var isSimulated = false

    /// - Parameter adapter: one with the stream's endpoint.
    init(adapter: Adapter, hour: Hour, roster: Roster) {
        self.adapter = adapter
        self.hour = hour
        batch = Batch(adapter: adapter, roster: roster)
        coverage = StreamCoverage(hour: hour)
    }

    mutating func add(_ line: RawFileLine) {
        switch line {
        case .response(let response): add(response)
        case .message(let message): add(message)
        case .event(let event, let isSimulated):
            coverage.add(event)
            if isSimulated { self.isSimulated = true }
        case .answered: refuse("raw", "is of a file of the past")
        }
    }

    /// The list of instruments: it may have been asked for in an earlier hour.
    private mutating func add(_ response: RawResponse) {
        responses += 1
        if response.isSimulated { isSimulated = true }
        guard response.status == 200, let body = response.body, adapter.endpoint(response.endpoint) != nil else {
            return refuse(response.endpoint, "is no list of instruments")
        }
        responsesOK += 1
        batch.read(
            Response(
                endpoint: response.endpoint, url: response.url, requestBody: response.requestBody,
                receivedAt: response.receivedAt, body: body))
    }

    private mutating func add(_ message: RawMessage) {
        responses += 1
        messages += 1
        if message.isSimulated { isSimulated = true }
        coverage.add(messageOf: message.connection, at: message.receivedAt)
        if let other = message.exchange, other != adapter.exchange.id {
            return refuse(LiquidationStream.endpointID, "is an answer of another exchange")
        }
        observedFrom = observedFrom.map { min($0, message.receivedAt) } ?? message.receivedAt
        observedTo = observedTo.map { max($0, message.receivedAt) } ?? message.receivedAt
        responsesOK += 1
        // Text such as `pong` is no JSON, and is about no liquidation.
        guard let body = message.body, adapter.stream?.meaning(body) == .liquidations else { return }
        batch.read(
            Response(endpoint: LiquidationStream.endpointID, url: "", receivedAt: message.receivedAt, body: body))
    }

    mutating func refuse(line: Int, reason: String, text: String) {
        responses += 1
        refused.append(Rejection(endpoint: "raw", row: line, reason: reason, value: text))
    }

    private mutating func refuse(_ endpoint: String, _ reason: String) {
        refused.append(Rejection(endpoint: endpoint, reason: reason))
    }

    mutating func staged(rawSHA256: String) -> StagedHour {
        let source = Source(
            rawSHA256: rawSHA256, transformVersion: transformVersion, responses: responses, responsesOK: responsesOK,
            endpoints: [(LiquidationStream.endpointID, Source.EndpointCount(ok: Int(messages)))], liquidations: .none,
            observedFrom: observedFrom, observedTo: observedTo, isSimulated: isSimulated)
        let names = adapter.stream?.connections(batch.streamNames).map(\.name) ?? []
        var staged = batch.stagedHour(hour: hour, source: source)
        // The list only says how large contracts are: the hour's own file has it.
        staged.instruments = []
        staged.tickers = []
        staged.rejections = staged.rejections.filter { $0.endpoint == LiquidationStream.endpointID } + refused
        let record = coverage.record(
            adapter.stream?.priceKind ?? .fill, names: Set(names), messages: messages,
            duplicates: Int64(batch.repeatedLiquidations))
        staged.stream = record
        staged.source.liquidations = coverageClass(record, staged)
        return staged
    }

    /// `complete` only where the exchange sends every event, nearly all of the hour was heard and nothing was refused.
    private func coverageClass(_ record: StreamRecord, _ staged: StagedHour) -> LiquidationCoverage {
        guard record.coveredMilliseconds > 0 else { return .none }
        let coverage = adapter.exchange.liquidationSources.stream.coverage
        let isWhole = record.coveredFraction >= StreamRecord.wholeFraction && staged.rejections.isEmpty
        return coverage == .complete && !isWhole ? .sampled : coverage
    }
}
