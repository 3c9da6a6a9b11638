import ExchangeAdapters
import Foundation
import PerpCore

/// The case B43: the names that requests per asset contain, when an exchange's contract is for a thousand coins.
///
/// The case is a description and has no raw file: the requests are those of the plan after an instruments response that
/// lists Bitcoin and a contract for a thousand PEPE.
struct FocusRequests {
    static let id = "B43-focus-asset-with-multiple"

    let exchange: Exchange
    let instruments: (endpoint: String, body: String)
    /// The names that the requests to each endpoint must contain, and no others.
    let asked: KeyValuePairs<String, [String]>

    private static let all = [
        FocusRequests(
            exchange: .binance,
            instruments: (
                "exchange_info",
                """
                {"symbols":[{"symbol":"BTCUSDT","status":"TRADING","contractType":"PERPETUAL","baseAsset":"BTC",\
                "quoteAsset":"USDT","marginAsset":"USDT","underlyingType":"COIN"},{"symbol":"1000PEPEUSDT",\
                "status":"TRADING","contractType":"PERPETUAL","baseAsset":"1000PEPE","quoteAsset":"USDT",\
                "marginAsset":"USDT","underlyingType":"COIN"}]}
                """
            ),
            asked: [
                "open_interest": ["BTCUSDT", "1000PEPEUSDT"],
                "long_short_accounts": ["BTCUSDT", "1000PEPEUSDT"],
                "long_short_top_accounts": ["BTCUSDT", "1000PEPEUSDT"],
                "long_short_top_positions": ["BTCUSDT", "1000PEPEUSDT"],
                "taker_volume": ["BTCUSDT", "1000PEPEUSDT"],
                // The spot market trades single coins.
                "spot_ticker": ["BTCUSDT", "PEPEUSDT"],
            ]),
        FocusRequests(
            exchange: .bybit,
            instruments: (
                "instruments",
                """
                {"retCode":0,"retMsg":"OK","result":{"list":[{"symbol":"BTCUSDT","contractType":"LinearPerpetual",\
                "status":"Trading","baseCoin":"BTC","quoteCoin":"USDT","settleCoin":"USDT","symbolType":""},\
                {"symbol":"1000PEPEUSDT","contractType":"LinearPerpetual","status":"Trading","baseCoin":"1000PEPE",\
                "quoteCoin":"USDT","settleCoin":"USDT","symbolType":""}],"nextPageCursor":""},"time":1791194520200}
                """
            ),
            asked: [
                "long_short_accounts": ["BTCUSDT", "1000PEPEUSDT"],
                "funding_history": ["BTCUSDT", "1000PEPEUSDT"],
                "spot_ticker": ["BTCUSDT", "PEPEUSDT"],
            ]),
        FocusRequests(
            exchange: .hyperliquid,
            instruments: (
                "meta_and_asset_ctxs",
                """
                [{"universe":[{"name":"BTC","szDecimals":5},{"name":"kPEPE","szDecimals":0}]},\
                [{"funding":"0.0000125","openInterest":"100","prevDayPx":"80000","dayNtlVlm":"1000","oraclePx":"80000",\
                "markPx":"80000","dayBaseVlm":"10"},{"funding":"0.0000125","openInterest":"100","prevDayPx":"0.0035",\
                "dayNtlVlm":"1000","oraclePx":"0.0035","markPx":"0.0035","dayBaseVlm":"10"}]]
                """
            ),
            asked: ["funding_history": ["BTC", "kPEPE"]]),
    ]

    static func result() throws -> CaseResult {
        var result = CaseResult(id: id)
        result.note = "the plan's requests"
        for item in all {
            let plan = try ServedPlan(
                exchange: item.exchange, hour: .first,
                companions: [item.instruments.endpoint: Data(item.instruments.body.utf8)],
                focusAssets: ["BTC", "PEPE"])
            for (endpoint, names) in item.asked {
                let found = plan.requests.filter { $0.endpoint == endpoint }.flatMap(Self.names)
                let isRight = Set(found) == Set(names)
                result.add(
                    "\(item.exchange.id) \(endpoint)",
                    isRight ? [] : ["\(item.exchange.id) \(endpoint): asks for \(found), not \(names)"])
            }
        }
        return result
    }

    /// The markets that a request names: `symbol=…`, `symbols=["…","…"]`, or `{"coin":"…"}`.
    private static func names(_ request: Request) -> [String] {
        if let body = request.body {
            let json = try? JSONSerialization.jsonObject(with: Data(body.utf8)) as? [String: Any]  // no object: no name
            return [json?.text("coin")].compactMap(\.self)
        }
        let query = URLComponents(string: request.url)?.queryItems ?? []
        func value(_ name: String) -> String? { query.first { $0.name == name }?.value }
        if let symbol = value("symbol") { return [symbol] }
        guard let list = value("symbols") else { return [] }
        return (try? JSONSerialization.jsonObject(with: Data(list.utf8)) as? [String]) ?? [list]  // told as it stands
    }
}
