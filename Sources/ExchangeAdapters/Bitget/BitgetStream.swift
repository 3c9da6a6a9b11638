import JSONReader
import PerpCore

extension Bitget {
    /// Source: https://www.bitget.com/api-doc/uta/websocket/public/Liquidation-Channel
    /// The address of version 2 acknowledges the topic and then sends nothing. The largest per side, contract and second is
    /// sent.
    static let stream = LiquidationStream(
        priceKind: .bankruptcy,
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
        StreamMessage(message, channel: "topic", liquidations: "liquidation", control: "publicTrade")
    }

    /// Shape: `data[]`. A `buy` is a liquidated long, as over REST; `amount` counts quote units.
    static func readLiquidationTopic(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        for row in try list(response.body, in: "data") { readLiquidation(row, unit: .quote, into: &batch) }
    }
}
