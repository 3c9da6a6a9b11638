import JSONReader
import PerpCore

extension DYDX {
    /// Source: https://docs.dydx.xyz/indexer-client/websockets
    /// One channel of trades per market, which are their own control. Subscribing replays recent trades, liquidations among
    /// them.
    static let stream = LiquidationStream(
        priceKind: .fill,
        connections: { symbols in
            stride(from: 0, to: symbols.count, by: marketsPerConnection).enumerated().map { number, first in
                StreamConnection(
                    "trades\(number + 1)", "wss://indexer.dydx.trade/v4/ws",
                    subscriptions: symbols[first..<min(first + marketsPerConnection, symbols.count)].map {
                        #"{"type":"subscribe","channel":"v4_trades","id":"\#($0)"}"#
                    },
                    heartbeat: .init(#"{"type":"ping"}"#, every: 25, provesLife: true))
            }
        }, meaning: meaning, read: readTradeMessage)

    /// So many markets on one connection have been seen to work.
    private static let marketsPerConnection = 60

    private static func meaning(_ message: JSONValue) -> StreamMessage {
        switch message.text("type") {
        case "pong": .alive
        case "error": .refused(message.text("message") ?? "")
        case "subscribed", "channel_data": holdsLiquidation(message) ? .liquidations : .control
        default: .unknown
        }
    }

    private static func holdsLiquidation(_ message: JSONValue) -> Bool {
        guard let trades = message.member("contents")?.member("trades")?.array else { return false }
        return trades.contains { $0.text("type") == "LIQUIDATED" }
    }

    /// Shape: `contents.trades[]`; `id` names the market.
    static func readTradeMessage(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        guard let symbol = response.body.text("id") else { throw .unexpectedShape(expected: "text 'id'") }
        for row in try list(response.body, in: "contents", "trades") { readTrade(row, of: symbol, into: &batch) }
    }
}
