import JSONReader
import PerpCore
import Testing

@testable import ExchangeAdapters

@Suite("MEXC")
struct MEXCTests {
    private static let btc = #"{"symbol":"BTC_USDT","baseCoin":"BTC","baseCoinName":"BTC","quoteCoin":"USDT","settleCoin":"USDT","contractSize":0.0001,"state":0,"futureType":1,"type":1,"conceptPlate":["mc-trade-zone-pow"]}"#
    private static let eth = #"{"symbol":"ETH_USDT","baseCoin":"ETH","quoteCoin":"USDT","settleCoin":"USDT","contractSize":0.01,"state":0}"#

    private func contracts(_ rows: String...) -> TestResponse {
        TestResponse("contracts", #"{"success":true,"code":0,"data":[\#(rows.joined(separator: ","))]}"#)
    }

    private func tickers(_ rows: String...) -> TestResponse {
        TestResponse("tickers", #"{"success":true,"code":0,"data":[\#(rows.joined(separator: ","))]}"#)
    }

    @Test("MX1: contracts are a ten-thousandth of a coin; interval and next settlement are in the list of rates")
    func bitcoin() throws {
        let hour = try stage(
            .mexc, contracts(Self.btc),
            tickers(
                #"{"symbol":"BTC_USDT","lastPrice":77824.4,"bid1":77824.3,"ask1":77824.4,"fundingRate":0.000029,"fairPrice":77825.6,"indexPrice":77863.3,"holdVol":417583841,"volume24":612996672,"amount24":4750304885.22576,"riseFallRate":-0.0176,"timestamp":1789147682692}"#),
            TestResponse(
                "funding_rates",
                #"{"success":true,"code":0,"data":[{"symbol":"BTC_USDT","fundingRate":0.000029,"collectCycle":8,"nextSettleTime":1789171200000,"timestamp":1789147682692}]}"#))
        let ticker = try hour.ticker("BTC_USDT")
        #expect(hour.rejections.isEmpty)
        #expect(ticker.openInterestContracts == 417_583_841)
        #expect(close(ticker.openInterestBase, 41758.3841) && close(ticker.openInterestUSD, 3249871297.61296))
        #expect(close(ticker.volumeBase24h, 61299.6672) && close(ticker.volumeUSD24h, 4750304885.22576))
        #expect(close(ticker.fundingRate8h, 0.000029) && ticker.fundingIntervalHours == 8)
        #expect(ticker.nextFundingAt?.milliseconds == 1_789_171_200_000)
        #expect(ticker.observedAt.milliseconds == 1_789_147_682_692)
        #expect(ticker.priceChange24h == -0.0176)
    }

    @Test("MX2: a hundredth of a coin")
    func ether() throws {
        let ticker = try stage(
            .mexc, contracts(Self.eth),
            tickers(#"{"symbol":"ETH_USDT","lastPrice":2575.69,"fairPrice":2575.71,"holdVol":26704023,"volume24":105078167,"amount24":2635485154.0504}"#)
        ).ticker("ETH_USDT")
        #expect(close(ticker.openInterestBase, 267040.23) && close(ticker.openInterestUSD, 687818190.8133))
        #expect(close(ticker.volumeBase24h, 1050781.67))
        #expect(ticker.fundingIntervalHours == nil)
    }

    @Test("MX3: a price of 0 is none, a volume of 0 is none traded")
    func deadBook() throws {
        let row = #"{"symbol":"TON_USDT","lastPrice":0,"riseFallRate":0,"fundingRate":0.0002,"fairPrice":1.3664,"indexPrice":1.3664,"holdVol":0,"volume24":0,"amount24":0,"timestamp":1789147682854}"#
        let ticker = try stage(.mexc, tickers(row)).ticker("TON_USDT")
        #expect(ticker.lastPrice == nil && ticker.priceChange24h == nil && ticker.markPrice == 1.3664)
        #expect(ticker.openInterestContracts == 0 && ticker.volumeUSD24h == 0)
    }

    @Test("a contract that is margined in the coin counts dollars, and its turnover coins")
    func inverse() throws {
        let ticker = try stage(
            .mexc,
            contracts(#"{"symbol":"BTC_USD","baseCoin":"BTC","quoteCoin":"USD","settleCoin":"BTC","contractSize":100,"state":0,"futureType":1}"#),
            tickers(#"{"symbol":"BTC_USD","lastPrice":50000,"fairPrice":50000,"holdVol":2000,"volume24":3000,"amount24":6}"#)
        ).ticker("BTC_USD")
        #expect(ticker.kind == .inverse)
        #expect(ticker.openInterestUSD == 200_000 && ticker.openInterestBase == 4)
        #expect(ticker.volumeUSD24h == 300_000 && ticker.volumeBase24h == 6)
    }

    @Test("USD1 is not a dollar: coins and contracts stand, dollars do not")
    func otherDollar() throws {
        let ticker = try stage(
            .mexc,
            contracts(#"{"symbol":"BTC_USD1","baseCoin":"BTC","quoteCoin":"USD1","settleCoin":"USD1","contractSize":0.0001,"state":0}"#),
            tickers(#"{"symbol":"BTC_USD1","lastPrice":50000,"fairPrice":50000,"holdVol":20000,"volume24":10000,"amount24":50000}"#)
        ).ticker("BTC_USD1")
        #expect(ticker.openInterestBase == 2 && ticker.volumeBase24h == 1)
        #expect(ticker.openInterestUSD == nil && ticker.volumeUSD24h == nil)
    }

    @Test(
        "the class is in the zones, the ticker in the shown name",
        arguments: [
            (#""baseCoin":"MUSTOCK","baseCoinName":"MU","type":2,"conceptPlate":["mc-trade-zone-Stock","mc-trade-zone-tradfi"]"#, "stock:MU"),
            (#""baseCoin":"SPY","type":1,"conceptPlate":["mc-trade-zone-Stock","mc-trade-zone-tradfi","mc-trade-zone-stockindex"]"#, "stock:SPY"),
            (#""baseCoin":"NAS100","type":2,"conceptPlate":["mc-trade-zone-Stock","mc-trade-zone-stockindex","mc-trade-zone-tradfi"]"#, "index:NAS100"),
            (#""baseCoin":"SILVER","type":2,"conceptPlate":["mc-trade-zone-metals","mc-trade-zone-tradfi"]"#, "commodity:XAG"),
            (#""baseCoin":"EUR","type":2,"conceptPlate":["mc-trade-zone-Forex"]"#, "fx:EUR"),
            (#""baseCoin":"XAUT","type":2,"conceptPlate":["mc-trade-zone-metals","mc-trade-zone-tradfi"]"#, "XAUT"),
            (#""baseCoin":"FOO","type":2,"conceptPlate":null"#, "other:FOO"),
            (#""baseCoin":"FOO","type":7"#, "other:FOO"),
            (#""baseCoin":"AI","type":1,"conceptPlate":["mc-trade-zone-ai",null]"#, "AI"),
            (#""baseCoin":"XAU""#, "commodity:XAU"),
        ])
    func classes(fields: String, asset: String) throws {
        let hour = try stage(
            .mexc, contracts(#"{"symbol":"A_USDT","quoteCoin":"USDT","settleCoin":"USDT","contractSize":1,"state":0,\#(fields)}"#))
        #expect(try hour.instrument("A_USDT").asset == asset)
    }

    @Test(
        "states of a contract; what is not known is not trading",
        arguments: [(0, InstrumentStatus.trading), (1, .settling), (2, .delisted), (3, .delisted), (4, .suspended), (9, .suspended)])
    func status(state: Int, status: InstrumentStatus) throws {
        let hour = try stage(
            .mexc,
            contracts(#"{"symbol":"A_USDT","baseCoin":"A","quoteCoin":"USDT","settleCoin":"USDT","contractSize":1,"state":\#(state)}"#))
        #expect(try hour.instrument("A_USDT").status == status)
    }

    @Test("a kind of contract that is not known, a null and a price that is no number cost their rows alone")
    func badRows() throws {
        let hour = try stage(
            .mexc,
            contracts(Self.btc, "null", #"{"symbol":"A_USDT","baseCoin":"A","quoteCoin":"USDT","settleCoin":"USDT","contractSize":1,"state":0,"futureType":3}"#),
            tickers(#"{"symbol":"BTC_USDT","lastPrice":"n/a"}"#, #"{"symbol":"ETH_USDT","lastPrice":"2500.5","fairPrice":2500}"#))
        #expect(hour.instruments.map(\.symbol) == ["BTC_USDT"])
        #expect(hour.rejections.compactMap(\.field).contains("futureType"))
        #expect(hour.rejections.filter { $0.endpoint == "contracts" && $0.field == "row" }.count == 1)
        #expect(hour.rejections.contains { $0.endpoint == "tickers" && $0.field == "lastPrice" && $0.symbol == "BTC_USDT" })
    }

    @Test("an envelope without success is an error, with its code first")
    func errors() throws {
        let hour = try stage(
            .mexc, TestResponse("tickers", #"{"success":false,"code":510,"message":"Requests are too frequent","data":{}}"#))
        #expect(hour.tickers.isEmpty)
        #expect(hour.rejections.map(\.reason) == ["the venue answered with an error: '510 Requests are too frequent'"])
    }

    @Test("a settlement has the interval of its own period")
    func settlements() throws {
        let hour = try stage(
            .mexc,
            TestResponse(
                "funding_history",
                #"{"success":true,"code":0,"data":{"resultList":[{"symbol":"BTC_USDT","fundingRate":0.0002,"settleTime":1609804800000,"collectCycle":4},{"symbol":"BTC_USDT","fundingRate":0.0003,"settleTime":1609790400000,"collectCycle":8}]}}"#))
        #expect(hour.fundingSettlements.map(\.fundingIntervalHours) == [8, 4])
        #expect(hour.fundingSettlements.map(\.fundingRate) == [0.0003, 0.0002])
    }

    @Test("markets are asked one by one for their rates only where the list of all rates stays away, the largest first")
    func singleRates() throws {
        let traded = tickers(
            #"{"symbol":"ETH_USDT","lastPrice":1,"volume24":9,"amount24":9}"#, #"{"symbol":"BTC_USDT","lastPrice":1,"volume24":5,"amount24":5}"#)
        let rates = #"{"success":true,"code":0,"data":[{"symbol":"BTC_USDT","fundingRate":0.0001,"collectCycle":8,"nextSettleTime":1789171200000}]}"#
        for (body, asked) in [(rates, []), (#"{"success":false,"code":600,"message":"symbol is required"}"#, ["ETH_USDT", "BTC_USDT"])] {
            var plan = Plan(adapter: Adapter.adapter(for: .mexc), hour: Hour(containing: Int64(1_773_100_800)), focusAssets: [])
            for response in [contracts(Self.btc, Self.eth), traded, TestResponse("funding_rates", body)] {
                if response.endpoint != "funding_rates" { _ = plan.next() }
                let parser = JSONParser()
                plan.record(
                    Response(
                        endpoint: response.endpoint, url: response.url, receivedAt: Timestamp(milliseconds: response.receivedAt),
                        body: try parser.parse(ByteBuffer(Array(response.body.utf8)))))
            }
            #expect(plan.next().compactMap { $0.url.split(separator: "/").last.map(String.init) } == asked)
        }
    }
}
