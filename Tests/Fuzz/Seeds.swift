import ExchangeAdapters
import JSONReader
import PerpCore
import PipelineFiles
import SimulatedMarket

/// One call of an exchange and the response of the simulated market.
struct SimulatedCall {
    let request: Request
    let body: [UInt8]
}

/// Bodies in the shapes of the exchanges, and files made of them.
struct Seeds {
    static let hour = Hour("2025-10-23T15")!  // a literal
    static let receivedAt = hour.startTime.advanced(byMilliseconds: 65_000)

    /// Calls by exchange, at most three per endpoint.
    let calls: [Exchange: [SimulatedCall]]

    init(seed: UInt64) {
        let market = Market(seed: seed, size: .small)
        calls = Dictionary(uniqueKeysWithValues: Exchange.allCases.map { ($0, Self.ask($0, market)) })
    }

    private static func ask(_ exchange: Exchange, _ market: Market) -> [SimulatedCall] {
        var plan = Plan(adapter: Adapter.adapter(for: exchange), hour: hour, focusAssets: ["BTC", "ETH"])
        let parser = JSONParser()
        var kept: [SimulatedCall] = []
        while case let requests = plan.next(), !requests.isEmpty {
            for request in requests {
                let path = request.url.split(separator: "/", maxSplits: 2).last.flatMap { rest in
                    rest.firstIndex(of: "/").map { String(rest[$0...]) }
                }
                let body = market.respond(
                    to: SimulatedRequest(
                        exchange: exchange, method: request.method.rawValue, target: path ?? "/",
                        body: request.body ?? ""), at: hour
                ).body
                if kept.count(where: { $0.request.endpoint == request.endpoint }) < 3 {
                    kept.append(SimulatedCall(request: request, body: body))
                }
                let bytes = ByteBuffer(body)
                guard let value = try? parser.parse(bytes) else { continue }  // what is no JSON teaches nothing
                plan.record(
                    Response(
                        endpoint: request.endpoint, url: request.url, requestBody: request.body,
                        receivedAt: receivedAt, body: value))
            }
        }
        return kept
    }

    /// The stored bytes of an exchange's raw file.
    func rawFile(_ exchange: Exchange) -> [UInt8] {
        let writer = RawWriter()
        for call in calls[exchange] ?? [] {
            writer.append(
                RawLine(
                    exchange: exchange, endpoint: call.request.endpoint, method: call.request.method.rawValue,
                    url: call.request.url, requestBody: call.request.body, sentAt: Self.receivedAt,
                    receivedAt: Self.receivedAt, status: 200, headers: [("content-type", "application/json")],
                    wireBytes: call.body.count, body: call.body))
        }
        return writer.gzipped().array
    }
}
