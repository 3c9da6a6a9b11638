import JSONReader
import PerpCore

extension Bitget {
    /// Source: https://www.bitget.com/api-doc/uta/websocket/public/Liquidation-Channel
    /// The address of version 2 acknowledges the topic and then sends nothing. The largest per side, contract and second is
    /// sent.
    static let stream = LiquidationStream(
        coverage: .sampled, priceKind: .bankruptcy,
        connections: { _ in
            [
                StreamConnection(
                    "usdt", "wss://ws.bitget.com/v3/ws/public",
                    subscriptions: [
                        #"{"op":"subscribe","args":[{"instType":"usdt-futures","topic":"liquidation"}]}"#,
                        #"{"op":"subscribe","args":[{"instType":"usdt-futures","topic":"publicTrade","symbol":"BTCUSDT"}]}"#,
                    ],
                    // Text, and so is its answer `pong`.
                    heartbeat: .init("ping", every: 30))
            ]
        }, meaning: meaning, read: readLiquidationTopic)

    private static func meaning(_ message: JSONValue) -> StreamMessage {
        switch message.text("event") {
        case "subscribe": return .acknowledged
        case "error": return .refused("\(message.member("code")?.summary ?? "") \(message.text("msg") ?? "")")
        default: break
        }
        switch message.member("arg")?.text("topic") {
        case "liquidation": return .liquidations
        case "publicTrade": return .control
        default: return .unknown
        }
    }

    /// Shape: `data[]`. A `buy` is a liquidated long, as over REST; `amount` counts quote units.
    static func readLiquidationTopic(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        for row in try list(response.body, in: "data") {
            batch.addLiquidation(row) { (row) throws(FieldError) in
                let symbol = try row.string("symbol")
                let side = try row.string("side").lowercased()
                guard side == "buy" || side == "sell" else { throw .unknown(field: "side", value: side) }
                return LiquidationDraft(
                    symbol: symbol, side: side == "buy" ? .long : .short, price: try row.positive("price"),
                    size: try row.positive("amount"), unit: .quote, occurredAt: try row.milliseconds("ts"))
            }
        }
    }
}
