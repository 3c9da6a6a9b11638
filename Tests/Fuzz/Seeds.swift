import ExchangeAdapters
import JSONReader
import PerpCore
import PipelineFiles
import SimulatedMarket

/// One call of an exchange and what the simulated market answers.
struct Answered {
    let request: Request
    let body: [UInt8]
}

/// Bodies in the shapes of the exchanges, and files made of them.
struct Seeds {
    static let hour = Hour("2025-10-23T15")!  // a literal
    static let receivedAt = hour.startTime.advanced(byMilliseconds: 65_000)

    /// Answers by exchange, at most three an endpoint.
    let answers: [Exchange: [Answered]]

    init(seed: UInt64) {
        let market = Market(seed: seed, size: .small)
        answers = Dictionary(uniqueKeysWithValues: Exchange.allCases.map { ($0, Self.ask($0, market)) })
    }

    private static func ask(_ exchange: Exchange, _ market: Market) -> [Answered] {
        var plan = Plan(adapter: Adapter.adapter(for: exchange), hour: hour, focusAssets: ["BTC", "ETH"])
        let parser = JSONParser()
        var kept: [Answered] = []
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
                    kept.append(Answered(request: request, body: body))
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
        for answer in answers[exchange] ?? [] {
            writer.append(
                RawLine(
                    exchange: exchange, endpoint: answer.request.endpoint, method: answer.request.method.rawValue,
                    url: answer.request.url, requestBody: answer.request.body, sentAt: Self.receivedAt,
                    receivedAt: Self.receivedAt, status: 200, headers: [("content-type", "application/json")],
                    wireBytes: answer.body.count, body: answer.body))
        }
        return writer.gzipped().array
    }
}
