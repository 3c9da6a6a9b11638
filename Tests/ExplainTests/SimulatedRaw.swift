import ExchangeAdapters
import Explaining
import JSONReader
import PerpCore
import PipelineFiles
import SimulatedMarket
import Staging

/// The raw file of a simulated exchange's hour, and what it means.
struct SimulatedRaw {
    /// 2026-03-10T00.
    static let hour = Hour(containing: Int64(1_773_100_800))
    private static let market = Market(seed: 7, size: .small)

    let exchange: Exchange
    let lines: ByteBuffer
    let staged: StagedHour

    init(_ exchange: Exchange) throws {
        self.exchange = exchange
        lines = try Self.lines(exchange)
        staged = try RawToStaged().staged(lines: lines.bytes, exchange: exchange, hour: Self.hour)
    }

    /// What the numbers of one field of a contract were made from.
    func trace(_ name: String, of symbol: String) throws -> ValueTrace {
        let stage = RawToStaged()
        let (exchange, hour) = (exchange, Self.hour)
        let ticker = staged.tickers.first { $0.symbol == symbol }
        let units = staged.instruments.first { $0.symbol == symbol }?.unitMultiplier ?? 1
        return ValueTrace(of: Self.field(name, of: ticker), symbol: symbol, units: units, in: RawText(lines)) { bytes in
            let staged = try? stage.staged(lines: bytes, exchange: exchange, hour: hour)  // a changed file may be none
            return Self.field(name, of: staged?.tickers.first { $0.symbol == symbol })
        }
    }

    static func field(_ name: String, of ticker: Ticker?) -> FieldValue {
        guard let ticker, let field = Ticker.measures.first(where: { "\($0.name)" == name }) else { return .missing }
        return withUnsafePointer(to: ticker) { field.value(in: $0) }
    }

    /// The calls of an hour, answered by the simulated market, as a raw file has them.
    private static func lines(_ exchange: Exchange) throws -> ByteBuffer {
        let writer = RawWriter()
        let parser = JSONParser()
        var plan = Plan(adapter: Adapter.adapter(for: exchange), hour: hour, focusAssets: ["BTC", "ETH"])
        var clock = hour.startMilliseconds + 60_000
        while case let requests = plan.next(), !requests.isEmpty {
            for request in requests {
                let target = request.url.drop { $0 != "/" }.dropFirst(2).drop { $0 != "/" }
                let answer = market.respond(
                    to: SimulatedRequest(
                        exchange: exchange, method: request.method.rawValue, target: String(target),
                        body: request.body ?? ""), at: hour)
                clock += 40
                let line = RawLine(
                    exchange: exchange, endpoint: request.endpoint, method: request.method.rawValue, url: request.url,
                    requestBody: request.body, sentAt: Timestamp(milliseconds: clock - 40),
                    receivedAt: Timestamp(milliseconds: clock), status: answer.status, wireBytes: answer.body.count,
                    body: answer.body)
                writer.append(line)
                let body = ByteBuffer(answer.body)
                guard answer.status == 200, let parsed = try? parser.parse(body) else { continue }  // no list to follow
                plan.record(
                    Response(
                        endpoint: request.endpoint, url: request.url, requestBody: request.body,
                        receivedAt: line.receivedAt, body: parsed))
            }
        }
        let text = ByteBuffer()
        try Inflating.inflate(writer.gzipped(), into: text)
        return text
    }
}
