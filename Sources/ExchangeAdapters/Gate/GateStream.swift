import JSONReader
import PerpCore

extension Gate {
    /// Source: https://www.gate.com/docs/developers/futures/ws/en/#public-liquidates-channel
    static let stream = LiquidationStream(
        priceKind: .order,
        connections: { _ in
            [
                StreamConnection(
                    "usdt", "wss://fx-ws.gateio.ws/v4/ws/usdt", headers: ["X-Gate-Size-Decimal": "1"],
                    subscriptions: [
                        #"{"time":1,"channel":"futures.public_liquidates","event":"subscribe","payload":["!all"]}"#,
                        #"{"time":1,"channel":"futures.trades","event":"subscribe","payload":["BTC_USDT"]}"#,
                    ],
                    heartbeat: .init(#"{"time":1,"channel":"futures.ping"}"#))
            ]
        }, meaning: meaning, read: readPublicLiquidates)

    private static func meaning(_ message: JSONValue) -> StreamMessage {
        if let error = message.member("error"), !error.isNull {
            return .refused(code: error.member("code"), error.text("message"))
        }
        let channel = message.text("channel")
        if channel == "futures.pong" { return .alive }
        guard message.text("event") == "update" else {
            return message.text("event") == "subscribe" ? .acknowledged : .unknown
        }
        return channel == "futures.public_liquidates" ? .liquidations : .control
    }

    /// Seconds were sent before 2026-08-20, milliseconds since: no time in seconds is that late.
    private static let latestSeconds = 1e11

    /// Shape: `result[]`. `size` counts contracts; a positive position was long. `price` is that of the order, not of its
    /// fill, so that REST and stream do not state the same event in the same words.
    static func readPublicLiquidates(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        for row in try list(response.body, in: "result") {
            batch.addLiquidation(row) { (row) throws(FieldError) in
                let price = try row.positive("price")
                let size = try row.number("size")
                guard size != 0 else { throw .notPositive(field: "size", value: "0") }
                let isSeconds = try row.number("time") < latestSeconds
                let stated = try row.optionalMilliseconds("time_ms")
                let time = isSeconds ? try row.seconds("time") : try row.milliseconds("time")
                return LiquidationDraft(
                    symbol: try row.string("contract"), side: size > 0 ? .long : .short, price: price,
                    size: abs(size), unit: .contracts, occurredAt: stated ?? time)
            }
        }
    }
}
