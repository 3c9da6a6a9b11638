import JSONReader
import PerpCore

extension OKX {
    /// Source: https://www.okx.com/docs-v5/en/#public-data-websocket-liquidation-orders-channel
    /// At most one event per contract and second, so REST has more.
    static let stream = LiquidationStream(
        priceKind: .bankruptcy,
        connections: { _ in
            [
                StreamConnection(
                    "swap", "wss://ws.okx.com/ws/v5/public",
                    subscriptions: [
                        #"{"op":"subscribe","args":[{"channel":"liquidation-orders","instType":"SWAP"}]}"#,
                        #"{"op":"subscribe","args":[{"channel":"trades","instId":"BTC-USDT-SWAP"}]}"#,
                    ],
                    // Text, and so is its answer `pong`.
                    heartbeat: .init("ping"))
            ]
        }, meaning: meaning, read: readLiquidations)

    private static func meaning(_ message: JSONValue) -> StreamMessage {
        StreamMessage(message, channel: "channel", liquidations: "liquidation-orders", control: "trades")
    }
}
