import ExchangeAdapters
import Foundation
import JSONReader
import PerpCore

/// The response of the server to one request.
struct ServedResponse: Sendable {
    var status = 200
    var contentType = "application/json"
    var body: Data
}

/// Every request that `extract` makes to an exchange in an hour, with its response: found by running the adapter's plan
/// on the responses.
struct ServedPlan {
    /// The coins for which endpoints per coin are requested.
    static let focusAssets = ["BTC"]

    private(set) var requests: [Request] = []
    /// The responses by method, path with query, and request body.
    private(set) var responses: [String: ServedResponse] = [:]

    /// - Parameters:
    ///   - served: the recording, and the endpoint whose first request gets it; every other request gets a valid
    ///     response without rows.
    ///   - isForEveryEndpoint: whether an instrument is listed, so that endpoints per symbol are requested.
    ///   - focusAssets: the coins for which endpoints per coin are requested.
    init(
        exchange: Exchange, hour: Hour, served: (endpoint: String, response: ServedResponse)? = nil,
        companions: [String: Data] = [:], includesOptional: Bool = false, isForEveryEndpoint: Bool = false,
        focusAssets: [String] = Self.focusAssets
    ) throws {
        let parser = JSONParser()
        let adapter = Adapter.adapter(for: exchange)
        var plan = Plan(
            adapter: adapter, hour: hour, focusAssets: focusAssets, includesOptional: includesOptional)
        let companions = isForEveryEndpoint ? Companions.listing([], on: exchange) : companions
        var isServed = false
        while case let due = plan.next(), !due.isEmpty {
            for request in due {
                var response = ServedResponse(body: companions[request.endpoint] ?? Companions.empty(exchange, request.endpoint))
                if let served, served.endpoint == request.endpoint, !isServed {
                    isServed = true
                    response = served.response
                }
                requests.append(request)
                responses[Self.key(request)] = response
                guard response.status == 200 else { continue }
                let content = ByteBuffer([UInt8](response.body))
                // A body that is not JSON leads to no further page.
                guard let body = try? parser.parse(content), adapter.errorText(body) == nil else { continue }
                plan.record(
                    Response(
                        endpoint: request.endpoint, url: request.url, requestBody: request.body,
                        receivedAt: hour.startTime, body: body))
            }
        }
        if let served, !isServed { throw ConformanceFailure("\(exchange.id): the plan never asks \(served.endpoint)") }
    }

    /// The key by which the server finds a request: without the host, which is the server's own.
    static func key(method: String, target: some StringProtocol, body: String) -> String {
        "\(method) \(target) \(body)"
    }

    private static func key(_ request: Request) -> String {
        let target = request.url.drop { $0 != ":" }.dropFirst(3).drop { $0 != "/" }
        return key(method: request.method.rawValue, target: target, body: request.body ?? "")
    }
}

extension Hour {
    /// The hour of the first pass: it is later than any recording, so every recorded bucket of statistics is closed.
    static let first = Hour("2027-01-01T00")!  // a valid hour
}
