import JSONReader
import PerpCore

extension Bybit {
    /// One topic per symbol, so the lists of instruments decide what is heard; inverse contracts have an address of their
    /// own.
    /// Source: https://bybit-exchange.github.io/docs/v5/websocket/public/all-liquidation
    static let stream = LiquidationStream(
        priceKind: .bankruptcy,
        connections: { symbols in
            let inverse = symbols.filter { parts($0)?.kind == .inverse }
            let linear = symbols.filter { parts($0)?.kind != .inverse }
            // Without a topic, the control alone would count as being heard.
            return (linear.isEmpty ? [] : [connection(.linear, control: "BTCUSDT", linear)])
                + (inverse.isEmpty ? [] : [connection(.inverse, control: "BTCUSD", inverse)])
        }, meaning: meaning, read: readAllLiquidation)

    /// A request names topics of at most so many characters.
    private static let longestArguments = 20_000

    private static func connection(_ kind: ContractKind, control: String, _ symbols: [String]) -> StreamConnection {
        StreamConnection(
            kind.rawValue, "wss://stream.bybit.com/v5/public/\(kind.rawValue)",
            subscriptions: subscriptions(symbols, control: control), heartbeat: .init(#"{"op":"ping"}"#))
    }

    private static func subscriptions(_ symbols: [String], control: String) -> [String] {
        var requests: [String] = []
        var arguments = #""publicTrade.\#(control)""#
        func close() { requests.append(#"{"op":"subscribe","args":[\#(arguments)]}"#) }
        for symbol in symbols {
            let topic = #""allLiquidation.\#(symbol)""#
            if arguments.utf8.count + topic.utf8.count + 1 > longestArguments {
                close()
                arguments = topic
            } else {
                arguments += "," + topic
            }
        }
        close()
        return requests
    }

    private static func meaning(_ message: JSONValue) -> StreamMessage {
        if let topic = message.text("topic") {
            return topic.hasPrefix("allLiquidation") ? .liquidations : .control
        }
        let operation = message.text("op")
        if operation == "pong" || message.text("ret_msg") == "pong" { return .alive }
        guard operation == "subscribe" else { return .unknown }
        return message.member("success")?.bool == true ? .acknowledged : .refused(message.text("ret_msg") ?? "")
    }

    /// Shape: `data[]`. `S` is the side of the position: `Buy` was a long. `v` counts coins, or dollars if inverse. The
    /// price is that of bankruptcy, beyond the market.
    static func readAllLiquidation(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        for row in try list(response.body, in: "data") {
            batch.addLiquidation(row) { (row) throws(FieldError) in
                let time = try row.milliseconds("T")
                let symbol = try row.string("s")
                let side = try row.string("S")
                guard side == "Buy" || side == "Sell" else { throw .unknown(field: "S", value: side) }
                return LiquidationDraft(
                    symbol: symbol, side: side == "Buy" ? .long : .short, price: try row.positive("p"),
                    size: try row.positive("v"), unit: .base, occurredAt: time)
            }
        }
    }
}
