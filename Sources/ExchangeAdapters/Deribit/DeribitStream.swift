import JSONReader
import PerpCore

extension Deribit {
    /// One channel of trades per contract, which together are their own control. The `raw` interval needs a key.
    /// Source: https://docs.deribit.com/subscriptions/trades/tradesinstrument_nameinterval
    static let stream = LiquidationStream(
        priceKind: .fill,
        connections: { symbols in
            [
                StreamConnection(
                    "trades", "wss://www.deribit.com/ws/api/v2", subscriptions: subscriptions(symbols),
                    heartbeat: .init(#"{"jsonrpc":"2.0","id":2,"method":"public/test","params":{}}"#))
            ]
        }, meaning: meaning, read: readTradesMessage)

    /// A request subscribes to so many channels at most.
    private static let channelsPerRequest = 100

    private static func subscriptions(_ symbols: [String]) -> [String] {
        stride(from: 0, to: symbols.count, by: channelsPerRequest).map { first in
            let channels = symbols[first..<min(first + channelsPerRequest, symbols.count)]
                .map { #""trades.\#($0).100ms""# }.joined(separator: ",")
            return #"{"jsonrpc":"2.0","id":1,"method":"public/subscribe","params":{"channels":[\#(channels)]}}"#
        }
    }

    private static func meaning(_ message: JSONValue) -> StreamMessage {
        if let error = message.member("error"), !error.isNull {
            return .refused(code: error.member("code"), error.text("message"))
        }
        switch message.text("method") {
        case "subscription":
            let parameters = message.member("params")
            guard parameters?.text("channel")?.hasPrefix("trades.") == true else { return .unknown }
            let isForced = parameters?.member("data")?.array?.contains { $0.text("liquidation") != nil }
            return isForced == true ? .liquidations : .control
        case "heartbeat": return .alive
        default: break
        }
        // The answer to a subscription lists the channels, that to a heartbeat is an object.
        guard let result = message.member("result") else { return .unknown }
        return result.array != nil ? .acknowledged : .alive
    }

    /// Shape: `params.data[]`.
    static func readTradesMessage(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        for row in try list(response.body, in: "params", "data") { readTrade(row, into: &batch) }
    }
}
