import Foundation
import ExchangeAdapters
import JSONReader
import PerpCore
import Testing

@Suite("Streams of liquidations")
struct StreamTests {
    /// A message, the list that it needs, and the one event that it becomes.
    struct Vector: Sendable, CustomTestStringConvertible {
        var exchange: Exchange
        var message: String
        var list: [TestResponse] = []
        var symbol: String
        var side: LiquidationSide
        var price: Double
        var base: Double
        var usd: Double
        var time: Int64

        var testDescription: String { "\(exchange.id) \(symbol)" }
    }

    private static let okxList = TestResponse(
        "instruments",
        #"{"code":"0","msg":"","data":[{"instType":"SWAP","instId":"BTC-USDT-SWAP","instFamily":"BTC-USDT","uly":"BTC-USDT","baseCcy":"","quoteCcy":"","settleCcy":"USDT","ctVal":"0.01","ctMult":"1","ctValCcy":"BTC","ctType":"linear","state":"live","listTime":"1573557408000"}]}"#)
    private static let gateList = TestResponse(
        "contracts",
        #"[{"name":"BTC_USDT","type":"direct","quanto_multiplier":"0.0001","mark_price":"80000","in_delisting":false,"status":"trading"}]"#)

    /// Worked by hand; the shapes are those of the exchanges.
    static let vectors = [
        // The mean price of the fill, and what was filled: not `p`, `q` or the last part `l`.
        Vector(
            exchange: .binance,
            message: #"{"e":"forceOrder","E":1795000001200,"o":{"s":"ETHUSDT","S":"SELL","o":"LIMIT","f":"IOC","q":"4.000","p":"2480.10","ap":"2500.00","X":"FILLED","l":"1.500","z":"4.000","T":1795000000900}}"#,
            symbol: "ETHUSDT", side: .long, price: 2500, base: 4, usd: 10_000, time: 1_795_000_000_900),
        // The same inside a combined stream, without a mean price.
        Vector(
            exchange: .binance,
            message: #"{"stream":"!forceOrder@arr","data":{"e":"forceOrder","E":1795000001200,"o":{"s":"BTCUSDT","S":"BUY","o":"LIMIT","f":"IOC","q":"0.020","p":"80000","ap":"0","X":"FILLED","l":"0.020","z":"0.020","T":1795000000950}}}"#,
            symbol: "BTCUSDT", side: .short, price: 80_000, base: 0.02, usd: 1600, time: 1_795_000_000_950),
        Vector(
            exchange: .aster,
            message: #"{"e":"forceOrder","E":1795000001589,"o":{"s":"PAIRUSDT","S":"SELL","o":"LIMIT","f":"IOC","q":"20000","p":"0.0040","ap":"0.0045","X":"FILLED","l":"12000","z":"20000","T":1795000001550}}"#,
            symbol: "PAIRUSDT", side: .long, price: 0.0045, base: 20_000, usd: 90, time: 1_795_000_001_550),
        // The side is that of the position: a long.
        Vector(
            exchange: .bybit,
            message: #"{"topic":"allLiquidation.SOLUSDT","type":"snapshot","ts":1795000000500,"data":[{"T":1795000000321,"s":"SOLUSDT","S":"Buy","v":"20","p":"98.5"}]}"#,
            symbol: "SOLUSDT", side: .long, price: 98.5, base: 20, usd: 1970, time: 1_795_000_000_321),
        Vector(
            exchange: .okx,
            message: #"{"arg":{"channel":"liquidation-orders","instType":"SWAP"},"data":[{"instId":"BTC-USDT-SWAP","instFamily":"BTC-USDT","instType":"SWAP","uly":"BTC-USDT","details":[{"bkLoss":"0","bkPx":"80000","ccy":"","posSide":"long","side":"sell","sz":"25","ts":"1795000000777"}]}]}"#,
            list: [okxList], symbol: "BTC-USDT-SWAP", side: .long, price: 80_000, base: 0.25, usd: 20_000,
            time: 1_795_000_000_777),
        // 50 contracts of 0.0001 BTC; times in milliseconds, and as they were before 2026-08-20 in seconds.
        Vector(
            exchange: .gate,
            message: #"{"channel":"futures.public_liquidates","event":"update","time":1795000001,"time_ms":1795000001050,"result":[{"price":"80000","size":"50","time":1795000000400,"contract":"BTC_USDT"}]}"#,
            list: [gateList], symbol: "BTC_USDT", side: .long, price: 80_000, base: 0.005, usd: 400,
            time: 1_795_000_000_400),
        Vector(
            exchange: .gate,
            message: #"{"channel":"futures.public_liquidates","event":"update","time":1780000001,"result":[{"price":80000,"size":-50,"time":1780000000,"contract":"BTC_USDT"}]}"#,
            list: [gateList], symbol: "BTC_USDT", side: .short, price: 80_000, base: 0.005, usd: 400,
            time: 1_780_000_000_000),
        // The amount is dollars.
        Vector(
            exchange: .bitget,
            message: #"{"action":"update","arg":{"instType":"usdt-futures","topic":"liquidation"},"data":[{"symbol":"SOLUSDT","side":"sell","price":"100","amount":"250","ts":"1795000000100"}],"ts":1795000011000}"#,
            symbol: "SOLUSDT", side: .short, price: 100, base: 2.5, usd: 250, time: 1_795_000_000_100),
        // One of the two trades is a liquidation; deleveraging is none.
        Vector(
            exchange: .dydx,
            message: #"{"type":"channel_data","connection_id":"c","message_id":3,"id":"SOL-USD","channel":"v4_trades","version":"2.1.0","contents":{"trades":[{"id":"a1","size":"5","price":"99.92","side":"BUY","createdAt":"2026-11-18T05:46:40.925Z","type":"LIQUIDATED"},{"id":"a2","size":"7","price":"99.9","side":"BUY","createdAt":"2026-11-18T05:46:41.000Z","type":"LIMIT"},{"id":"a3","size":"9","price":"99.9","side":"BUY","createdAt":"2026-11-18T05:46:41.000Z","type":"DELEVERAGED"}]}}"#,
            symbol: "SOL-USD", side: .short, price: 99.92, base: 5, usd: 499.6, time: 1_794_980_800_925),
        // Who took liquidity was liquidated: the maker asks, so a short bought.
        Vector(
            exchange: .lighter,
            message: #"{"type":"update/trade","channel":"trade:1","nonce":1,"trades":[],"liquidation_trades":[{"trade_id":7,"type":"liquidation","market_id":1,"size":"0.01664","price":"75602.8","usd_amount":"1258.030592","is_maker_ask":true,"timestamp":1776687656653,"transaction_time":1776687656681222}]}"#,
            list: [LighterTests.list], symbol: "BTC", side: .short, price: 75602.8, base: 0.01664, usd: 1258.030592,
            time: 1_776_687_656_653),
        // The answer to a subscription replays; deleveraging is none.
        Vector(
            exchange: .lighter,
            message: #"{"type":"subscribed/trade","channel":"trade:1","nonce":1,"trades":[],"liquidation_trades":[{"trade_id":3,"type":"liquidation","market_id":1,"size":"0.1","price":"80000","usd_amount":"8000.000000","is_maker_ask":false,"timestamp":1795000000000},{"trade_id":4,"type":"deleverage","market_id":1,"size":"9","price":"80000","is_maker_ask":false,"timestamp":1795000000000}]}"#,
            list: [LighterTests.list], symbol: "BTC", side: .long, price: 80_000, base: 0.1, usd: 8000, time: 1_795_000_000_000),
        // An order to buy closes a short.
        Vector(
            exchange: .htx,
            message: #"{"op":"notify","topic":"public.ETH-USDT.liquidation_orders","ts":1789670297217,"data":[{"symbol":"ETH","contract_code":"ETH-USDT","direction":"buy","offset":"close","volume":500,"price":2446.26,"created_at":1789670297212,"amount":5,"trade_turnover":12231.3,"business_type":"swap"}]}"#,
            symbol: "ETH-USDT", side: .short, price: 2446.26, base: 5, usd: 12231.3, time: 1_789_670_297_212),
        Vector(
            exchange: .htx,
            message: #"{"op":"notify","topic":"public.ETH-USDT.liquidation_orders","ts":1795000000020,"data":[{"symbol":"ETH","contract_code":"ETH-USDT","direction":"sell","offset":"close","volume":100,"price":2500,"created_at":1795000000010,"amount":1,"trade_turnover":2500,"business_type":"swap"}]}"#,
            symbol: "ETH-USDT", side: .long, price: 2500, base: 1, usd: 2500, time: 1_795_000_000_010),
    ]

    @Test("a message becomes the event that it states, in coins and dollars", arguments: vectors)
    func event(vector: Vector) throws {
        let hour = try stage(
            vector.exchange, vector.list + [TestResponse(LiquidationStream.endpointID, vector.message)])
        #expect(hour.rejections.isEmpty)
        let event = try #require(hour.liquidations.first)
        #expect(hour.liquidations.count == 1)
        #expect(event.symbol == vector.symbol && event.side == vector.side)
        #expect(close(event.price, vector.price) && close(event.quantityBase, vector.base))
        #expect(close(event.valueUSD, vector.usd))
        #expect(event.occurredAt.milliseconds == vector.time)
    }

    @Test("the message says that it is about liquidations", arguments: vectors)
    func liquidations(vector: Vector) throws {
        #expect(try meaning(vector.exchange, vector.message) == .liquidations)
    }

    @Test(
        "what other messages are about",
        arguments: [
            (.binance, #"{"stream":"btcusdt@aggTrade","data":{"e":"aggTrade","s":"BTCUSDT","p":"80000"}}"#, .control),
            (.binance, #"{"result":["!forceOrder@arr"],"id":1}"#, .alive),
            (.binance, #"{"error":{"code":2,"msg":"Invalid request"},"id":1}"#, .refused("2 Invalid request")),
            (.bybit, #"{"success":true,"ret_msg":"subscribe","conn_id":"c","op":"subscribe"}"#, .acknowledged),
            (.bybit, #"{"success":false,"ret_msg":"error:handler not found,topic:allLiquidation.X","op":"subscribe"}"#, .refused("error:handler not found,topic:allLiquidation.X")),
            (.bybit, #"{"success":true,"ret_msg":"pong","conn_id":"c","op":"ping"}"#, .alive),
            (.bybit, #"{"topic":"publicTrade.BTCUSDT","type":"snapshot","ts":1,"data":[]}"#, .control),
            (.okx, #"{"event":"subscribe","arg":{"channel":"liquidation-orders","instType":"SWAP"},"connId":"a"}"#, .acknowledged),
            (.okx, #"{"event":"error","code":"60012","msg":"Invalid request","connId":"a"}"#, .refused("60012 Invalid request")),
            (.okx, #"{"arg":{"channel":"trades","instId":"BTC-USDT-SWAP"},"data":[]}"#, .control),
            (.gate, #"{"time":1,"channel":"futures.public_liquidates","event":"subscribe","result":{"status":"success"}}"#, .acknowledged),
            (.gate, #"{"time":1,"channel":"futures.pong","event":"","result":null}"#, .alive),
            (.gate, #"{"time":1,"channel":"futures.trades","event":"update","result":[]}"#, .control),
            (.bitget, #"{"event":"subscribe","arg":{"instType":"usdt-futures","topic":"liquidation"}}"#, .acknowledged),
            (.bitget, #"{"event":"error","code":"30016","msg":"Param error"}"#, .refused("30016 Param error")),
            (.dydx, #"{"type":"pong","connection_id":"c","message_id":2}"#, .alive),
            (.dydx, #"{"type":"channel_data","id":"SOL-USD","channel":"v4_trades","contents":{"trades":[{"type":"LIMIT"}]}}"#, .control),
            (.dydx, #"{"type":"connected","connection_id":"c"}"#, .unknown),
            (.lighter, #"{"type":"connected","session_id":"c"}"#, .unknown),
            (.lighter, #"{"type":"pong"}"#, .alive),
            (.lighter, #"{"type":"subscribed/trade","channel":"trade:1","trades":[],"liquidation_trades":[]}"#, .control),
            (.lighter, #"{"type":"update/trade","channel":"trade:1","trades":[{"type":"trade"}],"liquidation_trades":null}"#, .control),
            (.lighter, #"{"error":{"code":30003,"message":"Invalid Channel"}}"#, .refused("30003 Invalid Channel")),
            (.htx, #"{"op":"ping","ts":"1789676447110"}"#, .ping),
            (.htx, #"{"op":"sub","cid":"1","topic":"public.*.liquidation_orders","ts":1,"err-code":0}"#, .acknowledged),
            (.htx, #"{"op":"sub","cid":"1","err-code":2014,"err-msg":"already subscribed"}"#, .acknowledged),
            (.htx, #"{"op":"sub","cid":"1","err-code":2011,"err-msg":"no such topic"}"#, .refused("2011 no such topic")),
            (.htx, #"{"op":"close","ts":1}"#, .refused(" ")),
            (.htx, #"{"op":"notify","topic":"public.BTC-USDT.funding_rate","data":[]}"#, .unknown),
        ] as [(Exchange, String, StreamMessage)])
    func meanings(exchange: Exchange, message: String, expected: StreamMessage) throws {
        #expect(try meaning(exchange, message) == expected)
    }

    @Test("equal events of one message are two; the message again, as another connection hears it, adds none")
    func duplicates() throws {
        let message = #"{"topic":"allLiquidation.SOLUSDT","type":"snapshot","ts":1,"data":[{"T":1795000000321,"s":"SOLUSDT","S":"Buy","v":"20","p":"98.5"},{"T":1795000000321,"s":"SOLUSDT","S":"Buy","v":"20","p":"98.5"}]}"#
        let response = TestResponse(LiquidationStream.endpointID, message)
        #expect(try stage(.bybit, response, response, response).liquidations.count == 2)
    }

    @Test("contracts that are dated or margined in coins are no perpetuals in dollars")
    func dated() throws {
        let message = #"{"e":"forceOrder","o":{"s":"BTCUSD_PERP","S":"SELL","p":"1","ap":"1","z":"3","T":1795000000900}}"#
        let hour = try stage(.binance, TestResponse(LiquidationStream.endpointID, message))
        #expect(hour.liquidations.isEmpty && hour.rejections.isEmpty)
    }

    @Test("a row that cannot be read costs no other row")
    func broken() throws {
        let message = #"{"topic":"allLiquidation.SOLUSDT","data":[{"T":1795000000321,"s":"SOLUSDT","S":"Up","v":"20","p":"98.5"},{"T":1795000000322,"s":"SOLUSDT","S":"Sell","v":"1","p":"99"}]}"#
        let hour = try stage(.bybit, TestResponse(LiquidationStream.endpointID, message))
        #expect(hour.liquidations.map(\.side) == [.short])
        #expect(hour.rejections.map(\.field) == ["S"] && hour.rejections.map(\.symbol) == ["SOLUSDT"])
    }

    @Test("Bybit hears a topic per symbol, in requests that are short enough; dYdX sixty markets per connection")
    func subscriptions() throws {
        let symbols = (0..<805).map { "COIN\($0)USDT" }
        let bybit = try #require(Adapter.adapter(for: .bybit).stream).connections(symbols)
        #expect(bybit.count == 1 && bybit[0].subscriptions.count == 2)
        #expect(bybit[0].subscriptions.allSatisfy { $0.utf8.count < 21_000 })
        let topics = bybit[0].subscriptions.joined().components(separatedBy: "allLiquidation.").count - 1
        #expect(topics == 805)
        let dydx = try #require(Adapter.adapter(for: .dydx).stream).connections(symbols)
        #expect(dydx.map(\.subscriptions.count) == Array(repeating: 60, count: 13) + [25])
        #expect(Set(dydx.map(\.name)).count == 14)
    }

    @Test("Lighter hears a channel per market, by its number, ninety on a connection, 180 of them per minute at most")
    func numbers() throws {
        let connections = try #require(Adapter.adapter(for: .lighter).stream).connections((0..<170).map(String.init))
        #expect(connections.map(\.subscriptions.count) == [90, 80])
        #expect(connections[0].subscriptions[1] == #"{"type":"subscribe","channel":"trade/1"}"#)
        // Two connections at the same time: each 60 000 / 666 = 90 per minute.
        #expect(connections.map(\.pacing) == [666, 666])
    }

    @Test("an event of a market that the list does not have is refused, and so is one that is margined in coins")
    func unknownMarkets() throws {
        let lighter = #"{"type":"update/trade","channel":"trade:9","liquidation_trades":[{"trade_id":3,"type":"liquidation","market_id":9,"size":"1","price":"2","is_maker_ask":false,"timestamp":1795000000000}]}"#
        let htx = #"{"op":"notify","topic":"public.BTC200703.liquidation_orders","data":[{"symbol":"BTC","contract_code":"BTC200703","direction":"sell","offset":"close","volume":1450,"price":9062.71,"amount":16,"created_at":1593744000000}]}"#
        for (exchange, message) in [(Exchange.lighter, lighter), (.htx, htx)] {
            let hour = try stage(exchange, TestResponse(LiquidationStream.endpointID, message))
            #expect(hour.liquidations.isEmpty && hour.rejections.count == 1)
        }
    }

    @Test("all streams are of the real exchanges, and those have one of which the table of facts says so")
    func addresses() throws {
        for exchange in Exchange.allCases {
            let stream = Adapter.adapter(for: exchange).stream
            let isPublic = ![.needsKey, .absent].contains(exchange.liquidationSources.stream)
            #expect((stream != nil) == isPublic, "\(exchange.id)")
            for connection in stream?.connections(["BTCUSDT"]) ?? [] {
                #expect(connection.url.hasPrefix("wss://") && !connection.isTestNetwork)
            }
        }
        for exchange in Exchange.allCases where !exchange.hasLiquidationStream {
            #expect(Adapter.adapter(for: exchange).forStream == nil)
        }
        for url in ["wss://fstream.binancefuture.com/ws", "wss://stream-testnet.bybit.com/v5", "wss://wspap.okx.com:8443/ws"] {
            #expect(StreamConnection("a", url, heartbeat: .init()).isTestNetwork)
        }
    }

    private func meaning(_ exchange: Exchange, _ message: String) throws -> StreamMessage {
        let parser = JSONParser()
        let stream = try #require(Adapter.adapter(for: exchange).stream)
        return stream.meaning(try parser.parse(ByteBuffer(Array(message.utf8))))
    }
}
