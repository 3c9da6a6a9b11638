import JSONReader
import PerpCore

extension KrakenFutures {
    /// The trades of all contracts, which are their own control. Subscribing replays the last hundred of each.
    /// Source: https://docs.kraken.com/api/docs/futures-api/websocket/trade
    static let stream = LiquidationStream(
        priceKind: .fill,
        connections: { symbols in
            [
                StreamConnection(
                    "trade", "wss://futures.kraken.com/ws/v1", subscriptions: subscriptions(symbols),
                    // The exchange closes a connection that is not pinged for a minute.
                    heartbeat: .init(every: 30, isPingFrame: true))
            ]
        }, meaning: meaning, read: readTradeMessage)

    /// A request subscribes to so many contracts at most.
    private static let contractsPerRequest = 100

    private static func subscriptions(_ symbols: [String]) -> [String] {
        stride(from: 0, to: symbols.count, by: contractsPerRequest).map { first in
            let names = symbols[first..<min(first + contractsPerRequest, symbols.count)]
                .map { "\"\($0)\"" }.joined(separator: ",")
            return #"{"event":"subscribe","feed":"trade","product_ids":[\#(names)]}"#
        }
    }

    private static func meaning(_ message: JSONValue) -> StreamMessage {
        switch message.text("event") {
        case "subscribed": return .acknowledged
        case "error", "alert", "subscribed_failed": return .refused(message.text("message") ?? "")
        default: break
        }
        switch message.text("feed") {
        case "heartbeat": return .alive
        case "trade", "trade_snapshot":
            return trades(of: message).contains { isForced($0.text("type")) } ? .liquidations : .control
        default: return .unknown
        }
    }

    /// The trade of a message, or those of a snapshot.
    private static func trades(of message: JSONValue) -> [JSONValue] {
        message.member("trades")?.array.map(Array.init) ?? [message]
    }

    /// Shape: one trade, or `trades[]` of a snapshot. `qty` is dollars of an inverse contract, coins of a linear one.
    static func readTradeMessage(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        for row in trades(of: response.body) {
            batch.addLiquidation(row) { (row) throws(FieldError) in
                guard isForced(try row.optionalString("type")) else { return nil }
                let symbol = try row.string("product_id")
                return LiquidationDraft(
                    symbol: symbol, side: try side(&row), price: try row.positive("price"),
                    size: try row.positive("qty"), unit: .base, occurredAt: try row.milliseconds("time"),
                    id: try row.optionalString("uid"))
            }
        }
    }
}
