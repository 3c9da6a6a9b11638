import ExchangeAdapters
import JSONReader
import PerpCore
import Testing

/// Deribit and Kraken Futures tell of liquidations among the trades of a stream.
@Suite("Streams of trades")
struct TradeStreamTests {
    /// A message, and the one event that it becomes.
    struct Vector: Sendable, CustomTestStringConvertible {
        var exchange: Exchange
        var message: String
        var symbol: String
        var side: LiquidationSide
        var price: Double
        var base: Double
        var usd: Double
        var time: Int64
        var id: String

        var testDescription: String { "\(exchange.id) \(symbol) \(id)" }
    }

    private static func deribit(_ trade: String) -> String {
        #"{"jsonrpc":"2.0","method":"subscription","params":{"channel":"trades.BTC-PERPETUAL.100ms","data":[\#(trade)]}}"#
    }

    static let vectors = [
        // The maker was liquidated by a buyer.
        Vector(
            exchange: .deribit,
            message: deribit(
                #"{"trade_id":"9","trade_seq":9,"timestamp":1795000000000,"price":80000,"mark_price":80010,"index_price":80020,"instrument_name":"BTC-PERPETUAL","direction":"buy","amount":1600,"liquidation":"M"}"#),
            symbol: "BTC-PERPETUAL", side: .long, price: 80_000, base: 0.02, usd: 1600, time: 1_795_000_000_000, id: "9"),
        // W13, of 2020.
        Vector(
            exchange: .deribit,
            message: deribit(
                #"{"trade_seq":40781986,"trade_id":"66460463","timestamp":1584058044032,"tick_direction":3,"price":4469.5,"liquidation":"T","instrument_name":"BTC-PERPETUAL","index_price":4805.41,"direction":"sell","amount":1120}"#),
            symbol: "BTC-PERPETUAL", side: .long, price: 4469.5, base: 0.2505873140172279, usd: 1120,
            time: 1_584_058_044_032, id: "66460463"),
        // Coins of a linear contract.
        Vector(
            exchange: .deribit,
            message: deribit(
                #"{"trade_id":"8","timestamp":1795000000500,"price":200,"instrument_name":"SOL_USDC-PERPETUAL","direction":"buy","amount":3,"liquidation":"T"}"#),
            symbol: "SOL_USDC-PERPETUAL", side: .short, price: 200, base: 3, usd: 600, time: 1_795_000_000_500, id: "8"),
        Vector(
            exchange: .krakenFutures,
            message: #"{"feed":"trade","product_id":"PF_XBTUSD","uid":"u","side":"buy","type":"liquidation","seq":7,"time":1795000000000,"qty":0.5,"price":80000}"#,
            symbol: "PF_XBTUSD", side: .short, price: 80_000, base: 0.5, usd: 40_000, time: 1_795_000_000_000, id: "u"),
        // W14, of 2020: dollars of an inverse contract.
        Vector(
            exchange: .krakenFutures,
            message: #"{"feed":"trade","product_id":"PI_XRPUSD","uid":"3ee209b8","side":"sell","type":"liquidation","seq":41799,"time":1593561965283,"qty":12000,"price":0.1736}"#,
            symbol: "PI_XRPUSD", side: .long, price: 0.1736, base: 69124.42396313364, usd: 12_000,
            time: 1_593_561_965_283, id: "3ee209b8"),
        Vector(
            exchange: .krakenFutures,
            message: #"{"feed":"trade","product_id":"PI_ETHUSD","uid":"e7f3a144","side":"buy","type":"partialLiquidation","seq":253796,"time":1593620853613,"qty":250,"price":231.6}"#,
            symbol: "PI_ETHUSD", side: .short, price: 231.6, base: 1.0794473229706392, usd: 250,
            time: 1_593_620_853_613, id: "e7f3a144"),
    ]

    @Test("a message becomes the event that it states, in coins and dollars", arguments: vectors)
    func event(vector: Vector) throws {
        #expect(try meaning(vector.exchange, vector.message) == .liquidations)
        let hour = try stage(vector.exchange, TestResponse(LiquidationStream.endpointID, vector.message))
        #expect(hour.rejections.isEmpty && hour.liquidations.count == 1)
        let event = try #require(hour.liquidations.first)
        #expect(event.symbol == vector.symbol && event.side == vector.side && event.id == vector.id)
        #expect(close(event.price, vector.price) && close(event.quantityBase, vector.base))
        #expect(close(event.valueUSD, vector.usd) && event.quantityContracts == nil)
        #expect(event.occurredAt.milliseconds == vector.time)
    }

    @Test("a snapshot of trades on subscribing replays a liquidation, which counts once")
    func snapshot() throws {
        let trade = #"{"feed":"trade","product_id":"PF_XBTUSD","uid":"u","side":"sell","type":"liquidation","seq":7,"time":1795000000000,"qty":2,"price":80000}"#
        let fill = #"{"feed":"trade","product_id":"PF_XBTUSD","uid":"v","side":"sell","type":"fill","seq":6,"time":1795000000000,"qty":2,"price":80000}"#
        let message = #"{"feed":"trade_snapshot","product_id":"PF_XBTUSD","trades":[\#(fill),\#(trade)]}"#
        #expect(try meaning(.krakenFutures, message) == .liquidations)
        let hour = try stage(
            .krakenFutures, TestResponse(LiquidationStream.endpointID, trade),
            TestResponse(LiquidationStream.endpointID, message))
        #expect(hour.liquidations.map(\.side) == [.long] && hour.liquidations.map(\.valueUSD) == [160_000])
    }

    @Test(
        "what other messages are about",
        arguments: [
            (.deribit, #"{"jsonrpc":"2.0","id":1,"result":["trades.BTC-PERPETUAL.100ms"],"testnet":false}"#, .acknowledged),
            (.deribit, #"{"jsonrpc":"2.0","id":2,"result":{"version":"1.2.26"}}"#, .alive),
            (.deribit, #"{"jsonrpc":"2.0","method":"heartbeat","params":{"type":"test_request"}}"#, .alive),
            (.deribit, #"{"jsonrpc":"2.0","id":1,"error":{"code":13778,"message":"raw_subscriptions_not_available_for_unauthorized"}}"#, .refused("13778 raw_subscriptions_not_available_for_unauthorized")),
            (.deribit, #"{"jsonrpc":"2.0","method":"subscription","params":{"channel":"trades.BTC-PERPETUAL.100ms","data":[{"trade_id":"1","direction":"buy"}]}}"#, .control),
            (.deribit, #"{"jsonrpc":"2.0","method":"subscription","params":{"channel":"ticker.BTC-PERPETUAL.100ms","data":{}}}"#, .unknown),
            (.krakenFutures, #"{"event":"info","version":1}"#, .unknown),
            (.krakenFutures, #"{"event":"subscribed","feed":"trade","product_ids":["PF_XBTUSD"]}"#, .acknowledged),
            (.krakenFutures, #"{"event":"alert","message":"Couldn't subscribe to invalid feed"}"#, .refused("Couldn't subscribe to invalid feed")),
            (.krakenFutures, #"{"event":"error","message":"Invalid product id"}"#, .refused("Invalid product id")),
            (.krakenFutures, #"{"feed":"heartbeat","time":1795000000000}"#, .alive),
            (.krakenFutures, #"{"feed":"trade","product_id":"PF_XBTUSD","type":"fill","side":"buy"}"#, .control),
            (.krakenFutures, #"{"feed":"trade_snapshot","product_id":"PF_XBTUSD","trades":[]}"#, .control),
            (.krakenFutures, "[]", .unknown),
        ] as [(Exchange, String, StreamMessage)])
    func meanings(exchange: Exchange, message: String, expected: StreamMessage) throws {
        #expect(try meaning(exchange, message) == expected)
    }

    @Test("a trade that cannot be read costs no other one")
    func broken() throws {
        let hour = try stage(
            .deribit,
            TestResponse(
                LiquidationStream.endpointID,
                Self.deribit(
                    #"{"trade_id":"1","timestamp":1795000000000,"price":0,"instrument_name":"BTC-PERPETUAL","direction":"buy","amount":10,"liquidation":"T"},null,{"trade_id":"2","timestamp":1795000000000,"price":80000,"instrument_name":"BTC-PERPETUAL","direction":"sell","amount":"80000","liquidation":"T"}"#)))
        #expect(hour.liquidations.map(\.id) == ["2"] && hour.liquidations.map(\.quantityBase) == [1])
        #expect(hour.rejections.map(\.field) == ["price", "row"])
    }

    @Test("one connection names every contract, a hundred per request; Kraken's is kept with ping frames")
    func subscriptions() throws {
        let symbols = (0..<250).map { "PF_COIN\($0)USD" }
        for exchange in [Exchange.deribit, .krakenFutures] {
            let connections = try #require(Adapter.adapter(for: exchange).stream).connections(symbols)
            #expect(connections.count == 1 && connections[0].subscriptions.count == 3)
            #expect(connections[0].url.hasPrefix("wss://") && !connections[0].isTestNetwork)
            let text = connections[0].subscriptions.joined()
            #expect(symbols.allSatisfy(text.contains))
            #expect(connections[0].heartbeat.isPingFrame == (exchange == .krakenFutures))
        }
        #expect(Adapter.adapter(for: .coinbase).stream == nil)
    }

    private func meaning(_ exchange: Exchange, _ message: String) throws -> StreamMessage {
        let parser = JSONParser()
        let stream = try #require(Adapter.adapter(for: exchange).stream)
        return stream.meaning(try parser.parse(ByteBuffer(Array(message.utf8))))
    }
}
