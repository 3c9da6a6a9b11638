extension BinanceCOINM {
    /// Source:
    /// https://developers.binance.com/docs/derivatives/coin-margined-futures/websocket-market-streams/All-Market-Liquidation-Order-Streams
    /// Unlike the host of USDT-M, this one has a single route.
    static let stream = BinanceShape.stream(
        "wss://dstream.binance.com", control: "btcusd_perp@aggTrade",
        read: { (response, batch) throws(AdapterError) in
            try BinanceShape.readForceOrder(response, into: &batch, counting: .contracts)
        })
}
