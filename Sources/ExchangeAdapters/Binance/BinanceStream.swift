import JSONReader
import PerpCore

// The stream that Binance, its COIN-M and Aster share. Source:
// https://developers.binance.com/docs/derivatives/usds-margined-futures/websocket-market-streams/All-Market-Liquidation-Order-Streams

extension Binance {
    /// Liquidations and the control stand on one address; another one acknowledges and then sends nothing.
    static let stream = BinanceShape.stream("wss://fstream.binance.com/market")
}

extension Aster {
    static let stream = BinanceShape.stream("wss://fstream.asterdex.com")
}

extension BinanceShape {
    static func stream(
        _ address: String, control: String = "btcusdt@aggTrade",
        read: @escaping @Sendable (Response, inout Batch) throws(AdapterError) -> Void = {
            (response, batch) throws(AdapterError) in
            try readForceOrder(response, into: &batch, counting: .base)
        }
    ) -> LiquidationStream {
        LiquidationStream(
            priceKind: .fill,
            connections: { _ in
                [
                    StreamConnection(
                        "all", "\(address)/stream?streams=!forceOrder@arr/\(control)",
                        heartbeat: .init(#"{"method":"LIST_SUBSCRIPTIONS","id":1}"#, every: 60), longestLife: 86_400)
                ]
            }, meaning: meaning, read: read)
    }

    /// A combined stream wraps each event in `stream` and `data`; the reply to a request has an `id`.
    private static func event(_ message: JSONValue) -> JSONValue { message.member("data") ?? message }

    private static func meaning(_ message: JSONValue) -> StreamMessage {
        switch event(message).text("e") {
        case "forceOrder": return .liquidations
        case "aggTrade", "trade": return .control
        default: break
        }
        if let error = message.member("error") {
            return .refused(code: error.member("code"), error.text("msg"))
        }
        return message.member("id") == nil
            ? .unknown : message.member("result")?.isNull == true ? .acknowledged : .alive
    }

    /// Shape: `o`, one event. `z` is what was filled, in coins or contracts, and `ap` at which price. The largest of a symbol
    /// and second is sent.
    static func readForceOrder(
        _ response: Response, into batch: inout Batch, counting unit: LiquidationDraft.Unit
    ) throws(AdapterError) {
        guard let order = event(response.body).member("o") else { throw .unexpectedShape(expected: "object 'o'") }
        batch.addLiquidation(order) { (row) throws(FieldError) in
            let symbol = try row.string("s")
            // Where coins are counted: dated contracts, and those margined in coins, whose figures count contracts.
            if unit == .base, symbol.contains("_") { return nil }
            let side = try row.string("S")
            guard side == "SELL" || side == "BUY" else { throw .unknown(field: "S", value: side) }
            let limit = try row.price("p")
            let average = try row.price("ap")
            guard let price = average ?? limit else { throw .missing(field: "ap") }
            return LiquidationDraft(
                symbol: symbol, side: side == "SELL" ? .long : .short, price: price, size: try row.positive("z"),
                unit: unit, occurredAt: try row.milliseconds("T"))
        }
    }
}
