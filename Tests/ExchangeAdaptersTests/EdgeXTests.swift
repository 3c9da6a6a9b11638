import JSONReader
import PerpCore
import Testing

@testable import ExchangeAdapters

@Suite("edgeX")
struct EdgeXTests {
    private func envelope(_ data: String, time: Int64 = 1_789_339_039_906) -> String {
        #"{"code":"SUCCESS","data":\#(data),"msg":null,"errorParam":null,"responseTime":"\#(time)"}"#
    }

    private func contract(_ id: Int, _ name: String, coin: Int, _ more: String = #""enableTrade":true,"enableDisplay":true,"enableOpenPosition":true,"isStock":false,"isFx":false"#) -> String {
        #"{"contractId":"\#(id)","contractName":"\#(name)","baseCoinId":"\#(coin)","quoteCoinId":"1000","fundingRateIntervalMin":"240",\#(more)}"#
    }

    private func metaData(_ contracts: String...) -> TestResponse {
        let coins = #"{"coinId":"1000","coinName":"USDC"},null,{"coinId":"1001","coinName":"BTC"},{"coinId":"1002","coinName":"1000PEPE"},{"coinId":"1003","coinName":"TSLA"},{"coinId":"1004","coinName":"CL"},{"coinId":"1005","coinName":"EUR"},{"coinId":"1006","coinName":"HAJIMI"}"#
        return TestResponse("meta_data", envelope(#"{"coinList":[\#(coins)],"contractList":[\#(contracts.joined(separator: ","))]}"#))
    }

    private let btcTicker = #"[{"contractId":"30000001","contractName":"BTCUSDC","priceChangePercent":"-0.005434","trades":"73666","size":"2733.637","value":"210414016.4312","lastPrice":"76793.7","indexPrice":"76825.4814574688","markPrice":"76773.550957416862761623","openInterest":"3284.957","fundingRate":"-0.00005592","fundingTime":"1789329600000","nextFundingTime":"1789344000000"}]"#
    private let btcFunding = #"[{"contractId":"30000001","fundingTime":"1789329600000","fundingTimestamp":"1789339020000","markPrice":"76767.044808407373464849","indexPrice":"76799.6329068953","fundingRate":"-0.00005067","isSettlement":false,"forecastFundingRate":"-0.00005592","fundingRateIntervalMin":"240"}]"#

    @Test("ED1: the coming rate of four hours, and open interest in coins")
    func btc() throws {
        let hour = try stage(
            .edgex, metaData(contract(30_000_001, "BTCUSDC", coin: 1001)),
            TestResponse("latest_funding_rate", envelope(btcFunding)), TestResponse("ticker", envelope(btcTicker)))
        let ticker = try hour.ticker("BTCUSDC")
        #expect(ticker.openInterestContracts == 3284.957 && ticker.openInterestBase == 3284.957)
        #expect(close(ticker.openInterestUSD, 252_197_813.6324232))
        #expect(ticker.fundingRate == -0.00005592 && ticker.fundingIntervalHours == 4)
        #expect(close(ticker.fundingRate8h, -0.00011184))
        #expect(ticker.nextFundingAt?.milliseconds == 1_789_344_000_000)
        #expect(ticker.priceChange24h == -0.005434)
        #expect(ticker.volumeUSD24h == 210_414_016.4312 && ticker.volumeBase24h == 2733.637)
        #expect(ticker.trades24h == 73666 && ticker.observedAt.milliseconds == 1_789_339_039_906)
        #expect(close(ticker.markPrice, 76773.550957416862761623) && ticker.lastPrice == 76793.7)
        #expect(hour.rejections.isEmpty)
    }

    @Test("the last paid rate is a settlement of each contract, and not the ticker's rate")
    func settlement() throws {
        let hour = try stage(
            .edgex, metaData(contract(30_000_001, "BTCUSDC", coin: 1001)),
            TestResponse("latest_funding_rate", envelope(btcFunding)))
        #expect(hour.fundingSettlements.map(\.fundingRate) == [-0.00005067])
        #expect(hour.fundingSettlements.map(\.settledAt.milliseconds) == [1_789_329_600_000])
        // Its period is not known from one response.
        #expect(hour.fundingSettlements[0].fundingIntervalHours == nil && hour.fundingSettlements[0].symbol == "BTCUSDC")
        // Where the ticker is missing, the rate, its settlement and the prices are those of the list.
        let ticker = try hour.ticker("BTCUSDC")
        #expect(ticker.fundingRate == -0.00005592 && close(ticker.indexPrice, 76799.6329068953))
        #expect(ticker.nextFundingAt?.milliseconds == 1_789_344_000_000)
        #expect(ticker.openInterestBase == nil && ticker.observedAt.milliseconds == 1_789_339_020_000)
    }

    @Test("an interval beyond a year is refused with its field, and an envelope's time in microseconds is none")
    func hostile() throws {
        let hour = try stage(
            .edgex, metaData(contract(30_000_001, "BTCUSDC", coin: 1001)),
            TestResponse("latest_funding_rate", envelope(btcFunding.replacing(#""240""#, with: #""1e18""#))),
            TestResponse("ticker", envelope(btcTicker, time: 1_789_339_039_906_000)))
        #expect(hour.rejections.map(\.field) == ["fundingRateIntervalMin"] && hour.fundingSettlements.isEmpty)
        #expect(try hour.ticker("BTCUSDC").observedAt.milliseconds == 1_773_100_800_000)
    }

    @Test("a contract's coins are named elsewhere; its class is in flags, a commodity's in its name")
    func instruments() throws {
        let flags = #""enableTrade":true,"enableDisplay":true,"enableOpenPosition":true"#
        let hour = try stage(
            .edgex,
            metaData(
                contract(30_000_002, "1000PEPEUSDC", coin: 1002), contract(30_000_003, "TSLAUSDC", coin: 1003, flags + #","isStock":true,"isFx":false"#),
                contract(30_000_004, "CLUSDC", coin: 1004), contract(30_000_005, "EURUSDC", coin: 1005, flags + #","isStock":false,"isFx":true"#),
                contract(30_000_006, "哈基米USDC", coin: 1006, flags)))
        #expect(try hour.instrument("1000PEPEUSDC").asset == "PEPE" && hour.instrument("1000PEPEUSDC").unitMultiplier == 1000)
        #expect(try hour.instrument("TSLAUSDC").asset == "stock:TSLA")
        #expect(try hour.instrument("CLUSDC").asset == "commodity:WTI")
        #expect(try hour.instrument("EURUSDC").asset == "fx:EUR")
        let foreign = try hour.instrument("哈基米USDC")
        #expect(foreign.base == "HAJIMI" && foreign.quote == "USDC" && foreign.settle == "USDC")
        // Without flags nothing is said of the class.
        #expect(!foreign.isClassStated)
        #expect(foreign.fundingIntervalHours == 4)
    }

    @Test(
        "a contract trades when it may be traded, opened and seen",
        arguments: [
            (#""enableTrade":true,"enableDisplay":true,"enableOpenPosition":true"#, InstrumentStatus.trading),
            (#""enableTrade":true,"enableDisplay":false,"enableOpenPosition":true"#, .suspended),
            (#""enableTrade":true,"enableDisplay":true,"enableOpenPosition":false"#, .suspended),
            (#""enableTrade":false,"enableDisplay":true,"enableOpenPosition":true"#, .suspended),
            (#""enableTrade":true,"enableDisplay":true"#, .suspended),
        ])
    func status(flags: String, status: InstrumentStatus) throws {
        let hour = try stage(.edgex, metaData(contract(30_000_001, "BTCUSDC", coin: 1001, flags)))
        #expect(try hour.instrument("BTCUSDC").status == status)
    }

    @Test("an unknown coin, an unknown contract and a null are rejections; the other rows go on")
    func badRows() throws {
        let hour = try stage(
            .edgex, metaData("null", contract(30_000_009, "NEWUSDC", coin: 1999), contract(30_000_001, "BTCUSDC", coin: 1001)),
            TestResponse("latest_funding_rate", envelope(#"[{"contractId":"30000777","fundingRate":"0.1"},null,\#(btcFunding.dropFirst())"#)))
        #expect(hour.instruments.map(\.symbol) == ["BTCUSDC"] && hour.tickers.count == 1)
        #expect(hour.rejections.map(\.field) == ["row", "baseCoinId", "contractId", "row"])
        #expect(hour.rejections[1].symbol == "NEWUSDC" && hour.rejections[1].value == "1999")
        #expect(hour.fundingSettlements.count == 1)
    }

    @Test("an envelope that reports a failure, with data of another kind, is one rejection")
    func error() throws {
        let hour = try stage(.edgex, TestResponse("ticker", #"{"code":"INVALID_CONTRACT_ID","data":{},"msg":"no such contract","errorParam":{}}"#))
        #expect(hour.recordCount == 0)
        #expect(hour.rejections.map(\.reason) == ["the venue answered with an error: 'INVALID_CONTRACT_ID no such contract'"])
    }

    @Test("all contracts are asked by number: rates in one call, tickers one by one")
    func calls() throws {
        var plan = Plan(adapter: EdgeX.adapter, hour: Hour("2026-03-02T10")!, focusAssets: ["BTC"])
        #expect(plan.next().map(\.url) == ["https://edgex-prod-v2.edgex.exchange/api/v2/public/meta/getMetaData"])
        let list = metaData(contract(30_000_001, "BTCUSDC", coin: 1001), contract(30_000_002, "1000PEPEUSDC", coin: 1002))
        let text = ByteBuffer(Array(list.body.utf8))
        let parser = JSONParser()
        plan.record(
            Response(endpoint: list.endpoint, url: list.url, receivedAt: Timestamp(milliseconds: 1), body: try parser.parse(text)))
        let base = "https://edgex-prod-v2.edgex.exchange/api/v2/public"
        #expect(
            plan.next().map(\.url) == [
                base + "/funding/getLatestFundingRate?contractId=30000002,30000001",
                base + "/quote/getTicker?contractId=30000002", base + "/quote/getTicker?contractId=30000001",
            ])
        #expect(plan.next().isEmpty)
    }
}
