import JSONReader
import PerpCore
import Testing

@testable import ExchangeAdapters

@Suite("Lighter")
struct LighterTests {
    private static func market(_ symbol: String, _ number: Int, _ fields: String = "") -> String {
        #"{"symbol":"\#(symbol)","market_id":\#(number),"market_type":"perp","status":"active"\#(fields)}"#
    }

    private static func markets(_ rows: String...) -> TestResponse {
        TestResponse("order_book_details", #"{"code":200,"order_book_details":[\#(rows.joined(separator: ","))]}"#)
    }

    static let list = markets(market("ETH", 0), market("BTC", 1))

    @Test("LI1: coins of one side, and an eighth of the stated rate each hour")
    func bitcoin() throws {
        let hour = try stage(
            .lighter,
            Self.markets(
                Self.market(
                    "BTC", 1,
                    #","mark_price":"77758.9","index_price":"77791.3","last_trade_price":77760.1,"open_interest":2092.76507,"daily_quote_token_volume":850015955.986308,"daily_base_token_volume":10954.89124,"daily_trades_count":500000"#)),
            TestResponse(
                "funding_rates", receivedAt: 1_789_147_682_000,
                #"{"code":200,"funding_rates":[{"market_id":1,"exchange":"lighter","symbol":"BTC","rate":0.00009599999999999999}]}"#))
        let ticker = try hour.ticker("BTC")
        #expect(ticker.openInterestBase == 2092.76507 && close(ticker.openInterestUSD, 162731109.801623))
        #expect(ticker.volumeUSD24h == 850_015_955.986308 && ticker.volumeBase24h == 10954.89124)
        #expect(close(ticker.fundingRate, 1.2e-05) && ticker.fundingIntervalHours == 1 && close(ticker.fundingRate8h, 9.6e-05))
        #expect(ticker.nextFundingAt?.milliseconds == 1_789_149_600_000)
        #expect(ticker.quote == "USDC" && ticker.trades24h == 500_000)
    }

    @Test("LI2: percent per hour without a sign, and who paid")
    func settlements() throws {
        let url = "https://x/api/v1/fundings?market_id=1&resolution=1h"
        let hour = try stage(
            .lighter, Self.list,
            TestResponse(
                "fundings", url: url,
                #"{"code":200,"resolution":"1h","fundings":[{"timestamp":1789135200,"value":"0.79227600","rate":"0.0010","direction":"long"},{"timestamp":1789138800,"value":"0.1","rate":"0.0002","direction":"short"},{"timestamp":1789142400,"value":"0.1","rate":"0.0002","direction":"up"}]}"#))
        #expect(hour.fundingSettlements.map(\.symbol) == ["BTC", "BTC"])
        #expect(close(hour.fundingSettlements[0].fundingRate, 1e-05) && close(hour.fundingSettlements[1].fundingRate, -2e-06))
        #expect(hour.fundingSettlements[0].settledAt.milliseconds == 1_789_135_200_000)
        #expect(hour.fundingSettlements[0].fundingIntervalHours == 1)
        #expect(hour.rejections.compactMap(\.field) == ["direction"])
    }

    @Test("a rate of null is none, and costs nothing")
    func noRate() throws {
        let hour = try stage(
            .lighter, Self.markets(Self.market("BTC", 1, #","mark_price":"1""#)),
            TestResponse("funding_rates", #"{"code":200,"funding_rates":[{"market_id":1,"exchange":"lighter","symbol":"BTC","rate":null}]}"#))
        #expect(try hour.ticker("BTC").fundingRate == nil && hour.rejections.isEmpty)
    }

    @Test("a market number that the list does not have is a reason, and no guess")
    func unknownNumber() throws {
        let hour = try stage(
            .lighter, Self.list,
            TestResponse(
                "fundings", url: "https://x/?market_id=77",
                #"{"code":200,"fundings":[{"timestamp":1789135200,"rate":"0.0010","direction":"long"}]}"#))
        #expect(hour.fundingSettlements.isEmpty && hour.rejections.compactMap(\.field) == ["market_id"])
    }

    @Test("LI3: the rates of other exchanges are not this one's")
    func otherExchanges() throws {
        let rows = ["binance", "bybit", "hyperliquid"].map { #"{"market_id":1,"exchange":"\#($0)","symbol":"BTC","rate":0.00002}"# }
        let hour = try stage(
            .lighter, TestResponse("funding_rates", #"{"code":200,"funding_rates":[\#(rows.joined(separator: ","))]}"#))
        #expect(hour.tickers.isEmpty && hour.rejections.isEmpty)
    }

    @Test(
        "no field states a class: coins that are known are coins, and what is not known is no coin",
        arguments: [
            ("BTC", "BTC"), ("1000PEPE", "PEPE"), ("XAU", "commodity:XAU"), ("EURUSD", "fx:EUR"), ("USDJPY", "fx:USDJPY"),
            ("NVDA", "stock:NVDA"), ("SPX", "other:SPX"), ("META", "other:META"), ("NEWCOIN", "other:NEWCOIN"),
        ])
    func classes(symbol: String, asset: String) throws {
        #expect(try stage(.lighter, Self.markets(Self.market(symbol, 5))).instrument(symbol).asset == asset)
    }

    @Test("a thousand in the name is a thousand coins")
    func thousand() throws {
        let row = Self.market("1000PEPE", 4, #","mark_price":"0.004","open_interest":500,"daily_quote_token_volume":8"#)
        let ticker = try stage(.lighter, Self.markets(row)).ticker("1000PEPE")
        #expect(close(ticker.markPrice, 0.000004) && ticker.openInterestBase == 500_000 && ticker.openInterestUSD == 2)
    }

    @Test("spot is passed over, other kinds are refused, an inactive market has no ticker")
    func kinds() throws {
        let hour = try stage(
            .lighter,
            Self.markets(
                Self.market("BTC", 1, #","mark_price":"1""#),
                #"{"symbol":"ETH/USDC","market_id":2048,"market_type":"spot","status":"active","mark_price":"1"}"#,
                #"{"symbol":"BET","market_id":9,"market_type":"option","status":"active"}"#,
                #"{"symbol":"OLD","market_id":8,"market_type":"perp","status":"inactive","mark_price":"1"}"#,
                #"{"symbol":"ODD","market_id":7,"market_type":"perp","status":"dreaming","mark_price":"1"}"#, "null"))
        #expect(hour.tickers.map(\.symbol) == ["BTC"])
        #expect(try hour.instrument("OLD").status == .delisted && hour.instrument("ODD").status == .suspended)
        #expect(hour.rejections.compactMap(\.field) == ["market_type", "row"])
    }

    @Test("another code than 200 is an error")
    func errors() throws {
        let hour = try stage(.lighter, TestResponse("order_book_details", #"{"code":23000,"message":"Too Many Requests!"}"#))
        #expect(hour.rejections.map(\.reason) == ["the venue answered with an error: '23000 Too Many Requests!'"])
    }

    @Test("settlements are asked by the market's number, which only the list states")
    func calls() throws {
        let adapter = Adapter.adapter(for: .lighter)
        var plan = Plan(adapter: adapter, hour: Hour(containing: Int64(1_773_100_800)), focusAssets: ["BTC"])
        #expect(plan.next().map(\.endpoint) == ["order_book_details"])
        #expect(plan.next().map(\.endpoint) == ["funding_rates"])
        #expect(plan.next().isEmpty)
        var known = Plan(adapter: adapter, hour: Hour(containing: Int64(1_773_100_800)), focusAssets: ["BTC", "ETH"])
        _ = known.next()
        let parser = JSONParser()
        let body = try parser.parse(ByteBuffer(Array(Self.list.body.utf8)))
        known.record(
            Response(
                endpoint: "order_book_details", url: "", receivedAt: Timestamp(seconds: 1_773_100_860),
                body: body))
        _ = known.next()
        #expect(known.next().map { $0.url.contains("market_id=1&") } == [true, false])
    }
}
