import JSONReader
import PerpCore
import Testing

@testable import ExchangeAdapters

/// Trades are asked for page by page, and only when optional endpoints are on.
@Suite("Pages of trades")
struct TradePageTests {
    private static let hour = Hour("2026-03-10T10")!  // a literal

    /// The calls of an hour whose responses to an endpoint are given in their order; the last one is repeated.
    private func calls(
        _ exchange: Exchange, to endpoint: String, responses: [String], includesOptional: Bool = true
    ) throws -> [String] {
        var plan = Plan(
            adapter: Adapter.adapter(for: exchange), hour: Self.hour, focusAssets: ["BTC"],
            includesOptional: includesOptional)
        var asked: [String] = []
        while case let requests = plan.next(), !requests.isEmpty {
            for request in requests where request.endpoint == endpoint {
                let body = responses[min(asked.count, responses.count - 1)]
                asked.append(request.url)
                let parser = JSONParser()
                let text = ByteBuffer(Array(body.utf8))
                plan.record(
                    Response(
                        endpoint: endpoint, url: request.url, receivedAt: Self.hour.startTime,
                        body: try parser.parse(text)))
            }
        }
        return asked
    }

    private static func trades(_ times: [Int64], more: Bool) -> String {
        let rows = times.map { #"{"trade_id":"\#($0)","timestamp":\#($0)}"# }.joined(separator: ",")
        return #"{"result":{"trades":[\#(rows)],"has_more":\#(more)}}"#
    }

    @Test("Deribit: the next page begins at the last trade, and a page of one millisecond goes on all the same")
    func deribit() throws {
        let from = Self.hour.startTime.milliseconds - 3_600_000
        let path = "https://www.deribit.com/api/v2/public/get_last_trades_by_instrument_and_time?instrument_name=BTC-PERPETUAL"
        func url(_ start: Int64) -> String {
            path + "&start_timestamp=\(start)&end_timestamp=\(from + 3_599_999)&count=1000&sorting=asc"
        }
        let pages = [
            Self.trades([from, from + 500], more: true), Self.trades([from + 500], more: true),
            Self.trades([from + 900], more: false),
        ]
        #expect(
            try calls(.deribit, to: "trades", responses: pages) == [url(from), url(from + 500), url(from + 501)])
        #expect(try calls(.deribit, to: "trades", responses: pages, includesOptional: false).isEmpty)
        // An hour that never ends is given up.
        let full = Self.trades((0..<1000).map { from + $0 }, more: true)
        #expect(try calls(.deribit, to: "trades", responses: [full]).count == 20)
    }

    @Test("Kraken Futures: pages go back until one reaches the beginning of the closed hour")
    func kraken() throws {
        func page(_ minute: Int, count: Int = 100) -> String {
            let row = #"{"time":"2026-03-10T09:\#(minute):00.500Z","type":"fill","side":"buy"}"#
            return #"{"result":"success","history":[\#(Array(repeating: row, count: count).joined(separator: ","))]}"#
        }
        let path = "https://futures.kraken.com/derivatives/api/v3/history?symbol=PF_XBTUSD&lastTime="
        let before = page(59).replacing("T09", with: "T08")
        #expect(
            try calls(.krakenFutures, to: "history", responses: [page(40), page(20), before]) == [
                path + "2026-03-10T10%3A00%3A00.000Z", path + "2026-03-10T09%3A40%3A00.500Z",
                path + "2026-03-10T09%3A20%3A00.500Z",
            ])
        #expect(try calls(.krakenFutures, to: "history", responses: [page(40), page(20, count: 99)]).count == 2)
        #expect(try calls(.krakenFutures, to: "history", responses: [page(40)]).count == 20)
        #expect(try calls(.krakenFutures, to: "history", responses: [page(40)], includesOptional: false).isEmpty)
    }

    @Test("Deribit: an index price is asked for each trading perpetual")
    func tickers() throws {
        let list =
            #"{"result":[{"kind":"future","instrument_name":"BTC-PERPETUAL","base_currency":"BTC","quote_currency":"USD","contract_size":10},{"kind":"future","instrument_name":"BTC-26DEC26","settlement_period":"month","base_currency":"BTC","quote_currency":"USD"},{"kind":"future","instrument_name":"SOL_USDC-PERPETUAL","is_active":false,"base_currency":"SOL","quote_currency":"USDC"}]}"#
        var plan = Plan(adapter: Adapter.adapter(for: .deribit), hour: Self.hour, focusAssets: ["BTC"])
        let first = try #require(plan.next().first)
        let parser = JSONParser()
        let text = ByteBuffer(Array(list.utf8))
        plan.record(
            Response(endpoint: first.endpoint, url: first.url, receivedAt: Self.hour.startTime, body: try parser.parse(text)))
        let market = plan.next()
        #expect(market.filter { $0.endpoint == "ticker" }.map(\.url) == ["https://www.deribit.com/api/v2/public/ticker?instrument_name=BTC-PERPETUAL"])
        #expect(market.filter { $0.endpoint == "book_summary" }.count == 4)
        // The list costs a fifth of the credits, everything else a hundredth.
        #expect(first.weight == 10_000 && market.allSatisfy { $0.weight == 500 && $0.limit == "credits" })
    }
}
