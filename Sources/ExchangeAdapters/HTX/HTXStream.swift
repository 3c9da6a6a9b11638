import JSONReader
import PerpCore

extension HTX {
    /// Source: https://www.htx.com/en-us/opend/newApiPages/?id=8cb85ba1-77b5-11ed-9966-0242ac110003
    /// This address has no channel of trades, so there is no control: the server pings every 5 s, and a ping proves life.
    /// Every frame is gzip in a binary frame, and a ping asks for its own `ts` in a pong.
    static let stream = LiquidationStream(
        priceKind: .bankruptcy,
        connections: { _ in
            [
                StreamConnection(
                    "linear", "wss://api.hbdm.com/linear-swap-notification",
                    subscriptions: [#"{"op":"sub","cid":"1","topic":"public.*.liquidation_orders"}"#],
                    heartbeat: .init(every: 5, provesLife: true), sendsGzip: true)
            ]
        }, meaning: meaning, read: readNotification)

    /// Codes of an answer to a subscription: done, and done before.
    private static let acceptedCodes: Set<String> = ["0", "2014"]

    private static func meaning(_ message: JSONValue) -> StreamMessage {
        switch message.text("op") {
        case "ping": return .ping
        case "notify": return message.text("topic")?.hasSuffix(".liquidation_orders") == true ? .liquidations : .unknown
        case "sub", "error", "close":
            let code = message.member("err-code")
            let isAccepted = message.text("op") == "sub" && acceptedCodes.contains(code?.summary ?? "")
            return isAccepted ? .acknowledged : .refused(code: code, message.text("err-msg"))
        default: return .unknown
        }
    }

    /// Shape: `data[]`, rows as over REST.
    static func readNotification(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        for row in try list(response.body, in: "data") { readLiquidation(row, into: &batch) }
    }
}
