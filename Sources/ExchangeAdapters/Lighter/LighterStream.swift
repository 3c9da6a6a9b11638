import JSONReader
import PerpCore

extension Lighter {
    /// Source: https://apidocs.lighter.xyz/docs/websocket-reference
    /// One channel of trades per market, by its number; trades are their own control. Subscribing replays recent
    /// liquidations.
    static let stream = LiquidationStream(
        priceKind: .fill,
        connections: { numbers in
            let firsts = Array(stride(from: 0, to: numbers.count, by: marketsPerConnection))
            let pacing = Int64(firsts.count) * 60_000 / subscriptionsPerMinute
            return firsts.enumerated().map { index, first in
                StreamConnection(
                    "trades\(index + 1)", "wss://mainnet.zklighter.elliot.ai/stream",
                    subscriptions: numbers[first..<min(first + marketsPerConnection, numbers.count)].map {
                        #"{"type":"subscribe","channel":"trade/\#($0)"}"#
                    },
                    pacing: pacing,
                    // Who is silent for 120 s is cut off. Small markets have no trade for minutes.
                    heartbeat: .init(#"{"type":"ping"}"#, every: 25, provesLife: true))
            }
        }, meaning: meaning, read: readTradeMessage)

    private static let marketsPerConnection = 90

    /// Of all connections. An address may send 200 messages per minute, heartbeats among them.
    private static let subscriptionsPerMinute: Int64 = 180

    private static func meaning(_ message: JSONValue) -> StreamMessage {
        if let error = message.member("error"), !error.isNull {
            return .refused(code: error.member("code"), error.text("message") ?? error.string)
        }
        return switch message.text("type") {
        case "pong": .alive
        case "subscribed/trade", "update/trade": holdsLiquidation(message) ? .liquidations : .control
        default: .unknown
        }
    }

    private static func holdsLiquidation(_ message: JSONValue) -> Bool {
        guard let trades = message.member("liquidation_trades")?.array else { return false }
        return trades.contains { $0.text("type") == "liquidation" }
    }

    /// Shape: `liquidation_trades[]`, which has deleveraging too. Who took liquidity was liquidated: with a maker that asks, a
    /// buyer, who had been short.
    static func readTradeMessage(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        for row in try list(response.body, in: "liquidation_trades") {
            let number = row.member("market_id")?.summary ?? ""
            let symbol = batch.symbol(withID: number)
            batch.addLiquidation(row) { (row) throws(FieldError) in
                let id = row.value("trade_id")?.summary
                guard try row.string("type") == "liquidation" else { return nil }
                guard let symbol else { throw .unknown(field: "market_id", value: number) }
                let size = try row.positive("size")
                let price = try row.positive("price")
                guard let makerAsks = try row.optionalBool("is_maker_ask") else {
                    throw .missing(field: "is_maker_ask")
                }
                return LiquidationDraft(
                    symbol: symbol, side: makerAsks ? .short : .long, price: price, size: size, unit: .base,
                    occurredAt: try row.milliseconds("timestamp"), id: id)
            }
        }
    }
}
