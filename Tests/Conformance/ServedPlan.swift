import ExchangeAdapters
import Foundation
import JSONReader
import PerpCore

/// What the server says to one request.
struct Answer: Sendable {
    var status = 200
    var contentType = "application/json"
    var body: Data
}

/// Every request that `extract` will make of a venue in an hour, with the answer that it gets: found by
/// running the adapter's own plan over the answers.
struct ServedPlan {
    /// The coins for which per-coin endpoints are asked.
    static let focusAssets = ["BTC"]

    private(set) var requests: [Request] = []
    /// Answers by method, path with query, and request body.
    private(set) var answers: [String: Answer] = [:]

    /// - Parameters:
    ///   - served: the recording and the endpoint whose first call gets it; every other call gets a valid
    ///     answer without rows.
    ///   - isForEveryEndpoint: list an instrument, so that endpoints that are asked by symbol are asked.
    ///   - focusAssets: the coins for which per-coin endpoints are asked.
    init(
        exchange: Exchange, hour: Hour, served: (endpoint: String, answer: Answer)? = nil,
        companions: [String: Data] = [:], includesOptional: Bool = false, isForEveryEndpoint: Bool = false,
        focusAssets: [String] = Self.focusAssets
    ) throws {
        let parser = JSONParser()
        let adapter = Adapter.adapter(for: exchange)
        var plan = Plan(
            adapter: adapter, hour: hour, focusAssets: focusAssets, includesOptional: includesOptional)
        let companions = isForEveryEndpoint ? Companions.listing(["BTCUSDT"], on: exchange) : companions
        var isServed = false
        while case let due = plan.next(), !due.isEmpty {
            for request in due {
                var answer = Answer(body: companions[request.endpoint] ?? Companions.empty(exchange, request.endpoint))
                if let served, served.endpoint == request.endpoint, !isServed {
                    isServed = true
                    answer = served.answer
                }
                requests.append(request)
                answers[Self.key(request)] = answer
                guard answer.status == 200 else { continue }
                let content = ByteBuffer([UInt8](answer.body))
                // A body that is no JSON asks for no further page.
                guard let body = try? parser.parse(content), adapter.errorText(body) == nil else { continue }
                plan.record(
                    Response(
                        endpoint: request.endpoint, url: request.url, requestBody: request.body,
                        receivedAt: hour.startTime, body: body))
            }
        }
        if let served, !isServed { throw Failure("\(exchange.id): the plan never asks \(served.endpoint)") }
    }

    /// How the server knows a request: its host is the server's own.
    static func key(method: String, target: some StringProtocol, body: String) -> String {
        "\(method) \(target) \(body)"
    }

    private static func key(_ request: Request) -> String {
        let target = request.url.drop { $0 != ":" }.dropFirst(3).drop { $0 != "/" }
        return key(method: request.method.rawValue, target: target, body: request.body ?? "")
    }
}

/// Answers around a recording: valid ones without rows, and the least that makes its rows mean something.
enum Companions {
    static func empty(_ exchange: Exchange, _ endpoint: String) -> Data {
        let text =
            switch (exchange, endpoint) {
            case (.binance, "exchange_info"), (.aster, "exchange_info"): #"{"symbols":[]}"#
            case (.okx, _): #"{"code":"0","msg":"","data":[]}"#
            case (.bybit, _): #"{"retCode":0,"retMsg":"OK","result":{"list":[],"nextPageCursor":""},"time":1735689600000}"#
            case (.bitget, "liquidations"): #"{"code":"00000","msg":"success","data":{"list":[]}}"#
            case (.bitget, _): #"{"code":"00000","msg":"success","data":[]}"#
            case (.hyperliquid, "meta_and_asset_ctxs"): #"[{"universe":[]},[]]"#
            case (.dydx, "perpetual_markets"): #"{"markets":{}}"#
            case (.dydx, "historical_funding"): #"{"historicalFunding":[]}"#
            case (.dydx, "trades"): #"{"trades":[]}"#
            default: "[]"
            }
        return Data(text.utf8)
    }

    /// An instruments answer that lists symbols as trading perpetuals, where the venue is asked by symbol.
    static func listing(_ symbols: [String], on exchange: Exchange) -> [String: Data] {
        guard exchange == .binance || exchange == .aster else { return [:] }
        let rows = symbols.map { symbol in
            let quote = ["USDT", "USDC", "BUSD", "BTC"].first(where: symbol.hasSuffix) ?? "USDT"
            let base = symbol.hasSuffix(quote) ? String(symbol.dropLast(quote.count)) : symbol
            return [
                "symbol": symbol, "status": "TRADING", "contractType": "PERPETUAL", "baseAsset": base,
                "quoteAsset": quote, "marginAsset": quote,
            ]
        }
        return ["exchange_info": json(["symbols": rows])]
    }

    /// What else has to be answered so that the rows of an endpoint can become records.
    static func needed(by endpoint: String, on exchange: Exchange, rows: [[String: Any]]) -> [String: Data] {
        switch (exchange, endpoint) {
        case (.binance, "open_interest"), (.aster, "open_interest"), (.binance, "funding_info"), (.aster, "funding_info"):
            let symbols = rows.compactMap { $0["symbol"] as? String }
            return listing(symbols.isEmpty ? ["BTCUSDT"] : symbols, on: exchange)
        // A liquidation counts contracts: their size stands in the list of contracts.
        case (.gate, "liq_orders"):
            let names = Set(rows.compactMap { $0["contract"] as? String }).sorted()
            return ["contracts": json(names.map { ["name": $0, "type": "direct", "quanto_multiplier": "0.0001"] })]
        // An index alone is no market: the swap that it prices needs a ticker.
        case (.okx, "index_tickers"):
            let tickers = rows.compactMap { $0["instId"] as? String }.map { ["instId": $0 + "-SWAP", "last": "1", "ts": "1"] }
            return ["tickers": json(["code": "0", "msg": "", "data": tickers])]
        default: return [:]
        }
    }

    private static func json(_ value: Any) -> Data {
        // Only strings, lists and objects are passed in.
        try! JSONSerialization.data(withJSONObject: value, options: .sortedKeys)
    }
}

extension Hour {
    /// The hour of the first pass.
    static let first = Hour("2025-01-01T00")!  // a valid hour
}
