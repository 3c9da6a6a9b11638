import PerpCore
import Testing

@testable import ExchangeAdapters

@Suite("Bybit's inverse and USDC contracts")
struct BybitInverseTests {
    private func tickers(time: Int64 = 1_692_163_167_245, _ rows: String...) -> TestResponse {
        TestResponse("tickers_inverse", #"{"retCode":0,"retMsg":"OK","result":{"category":"inverse","list":[\#(rows.joined(separator: ","))]},"retExtInfo":{},"time":\#(time)}"#)
    }

    private func instruments(_ rows: String..., endpoint: String = "instruments_inverse") -> TestResponse {
        TestResponse(endpoint, #"{"retCode":0,"retMsg":"OK","result":{"list":[\#(rows.joined(separator: ","))],"nextPageCursor":null},"retExtInfo":{},"time":1}"#)
    }

    private let btc = #"{"symbol":"BTCUSD","contractType":"InversePerpetual","status":"Trading","baseCoin":"BTC","quoteCoin":"USD","launchTime":"1542211200000","settleCoin":"BTC","fundingInterval":480,"symbolType":""}"#

    /// A list that is known and does not name inverse contracts.
    private var linearList: TestResponse {
        instruments(
            #"{"symbol":"BTCUSDT","contractType":"LinearPerpetual","status":"Trading","baseCoin":"BTC","quoteCoin":"USDT","launchTime":"1585526400000","settleCoin":"USDT","fundingInterval":480,"symbolType":""}"#,
            endpoint: "instruments")
    }

    @Test("S7: sizes are dollars, turnover is coins")
    func btcusd() throws {
        let row = #"{"symbol":"BTCUSD","lastPrice":"29178.00","indexPrice":"29166.67","markPrice":"29175.13","price24hPcnt":"-0.00608","openInterest":"634801426","openInterestValue":"21758.31","turnover24h":"7656.4776","volume24h":"223986938","fundingRate":"0.0001","nextFundingTime":"1692172800000","ask1Price":"29178.50","bid1Price":"29178.00"}"#
        for responses in [[tickers(row)], [linearList, instruments(btc), tickers(row)]] {
            let ticker = try stage(.bybit, responses).ticker("BTCUSD")
            #expect(ticker.kind == .inverse && ticker.contract == .perpetual && ticker.quote == "USD")
            #expect(ticker.openInterestContracts == 634_801_426 && ticker.openInterestUSD == 634_801_426)
            #expect(close(ticker.openInterestBase, 21758.306681067057))
            #expect(ticker.volumeUSD24h == 223_986_938 && ticker.volumeBase24h == 7656.4776)
            #expect(ticker.fundingRate == 0.0001 && ticker.nextFundingAt?.milliseconds == 1_692_172_800_000)
            #expect(ticker.priceChange24h == -0.00608)
        }
    }

    @Test("YI1: coins are dollars at the mark price")
    func xrpusd() throws {
        let ticker = try stage(
            .bybit,
            tickers(#"{"symbol":"XRPUSD","markPrice":"0.6099","openInterest":"87643494","openInterestValue":"143701416.63","turnover24h":"174940465.0290","volume24h":"105966320"}"#)
        ).ticker("XRPUSD")
        #expect(ticker.openInterestUSD == 87_643_494 && close(ticker.openInterestBase, 143701416.6256764))
        #expect(ticker.volumeUSD24h == 105_966_320 && ticker.volumeBase24h == 174940465.029)
    }

    @Test("YI2: a letter for the month is a dated contract, whose blanks are none")
    func dated() throws {
        let ticker = try stage(
            .bybit,
            tickers(#"{"symbol":"BTCUSDU23","markPrice":"29300.5","openInterest":"11492772","openInterestValue":"392.24","fundingRate":"","nextFundingTime":"0","deliveryTime":"1695974400000"}"#)
        ).ticker("BTCUSDU23")
        #expect(ticker.contract == .dated && ticker.kind == .inverse && ticker.asset == "BTC")
        #expect(ticker.openInterestUSD == 11_492_772)
        #expect(ticker.fundingRate == nil && ticker.fundingIntervalHours == nil && ticker.nextFundingAt == nil)
    }

    @Test("one side is stated, or half of both")
    func sides() throws {
        let hour = try stage(
            .bybit,
            tickers(
                time: 1_788_908_400_000,
                #"{"symbol":"BTCUSD","markPrice":"50000","openInterest":"1000001","openInterestValue":"20.00","singleOpenInterest":"500001","singleOpenInterestValue":"10.00"}"#,
                #"{"symbol":"ETHUSD","markPrice":"2500","openInterest":"5000","openInterestValue":"2"}"#))
        let btc = try hour.ticker("BTCUSD")
        #expect(btc.openInterestUSD == 500_001 && close(btc.openInterestBase, 10.00002))
        let eth = try hour.ticker("ETHUSD")
        #expect(eth.openInterestContracts == 2500 && eth.openInterestUSD == 2500 && eth.openInterestBase == 1)
    }

    @Test("a USDC perpetual counts coins, and its dollars are as stated")
    func usdc() throws {
        let hour = try stage(
            .bybit,
            instruments(
                #"{"symbol":"BTCPERP","contractType":"LinearPerpetual","status":"Trading","baseCoin":"BTC","quoteCoin":"USDC","settleCoin":"USDC","launchTime":"1663632000000","fundingInterval":480,"symbolType":""}"#,
                endpoint: "instruments"),
            TestResponse("tickers", #"{"retCode":0,"retMsg":"OK","result":{"list":[{"symbol":"BTCPERP","markPrice":"80000","openInterest":"8","openInterestValue":"640000","turnover24h":"160000","volume24h":"2","fundingRate":"0.0002"}]},"time":1788908400000}"#))
        #expect(try hour.instrument("BTCPERP").settle == "USDC")
        let ticker = try hour.ticker("BTCPERP")
        #expect(ticker.openInterestBase == 4 && ticker.openInterestUSD == 320_000)
        #expect(ticker.volumeUSD24h == 160_000 && ticker.fundingRate8h == 0.0002)
    }

    @Test("the list of one category says nothing of the other: a missing one costs no ticker")
    func twoLists() throws {
        let row = #"{"symbol":"BTCUSD","markPrice":"50000","openInterest":"1000"}"#
        #expect(try stage(.bybit, linearList, tickers(row)).tickers.map(\.symbol) == ["BTCUSD"])
        let named = try stage(.bybit, linearList, instruments(btc), tickers(row, #"{"symbol":"ETHUSD","markPrice":"2500"}"#))
        #expect(named.tickers.map(\.symbol) == ["BTCUSD"])
        #expect(named.rejections.map(\.endpoint) == ["tickers_inverse"] && named.rejections.first?.symbol == "ETHUSD")
    }

    @Test("a kind of contract that is not known costs its row", arguments: ["InverseSquared", "Inverse", "linearperpetual"])
    func unknownKind(type: String) throws {
        let hour = try stage(.bybit, instruments(btc.replacing("InversePerpetual", with: type)))
        #expect(hour.instruments.isEmpty)
        #expect(hour.rejections.map(\.reason) == ["is not a known value"] && hour.rejections.first?.value == type)
    }

    @Test("names that only look like a month and a year", arguments: ["USDU23", "BTCUSDA23", "BTCUSDU2", "BTCUSDUX3", "币USDU2３"])
    func noFuture(symbol: String) { #expect(Bybit.parts(symbol) == nil) }

    @Test("a call for one contract names its category")
    func categories() throws {
        var plan = Plan(adapter: Bybit.adapter, hour: Hour("2026-03-02T10")!, focusAssets: ["BTC", "XRP"])
        let lists = plan.next().map(\.url)
        #expect(lists.contains("https://api.bybit.com/v5/market/instruments-info?category=inverse&limit=1000"))
        let xrp = btc.replacing("BTC", with: "XRP")
        for list in [linearList, instruments(xrp)] { try plan.record(list) }
        _ = plan.next()
        let details = plan.next().map(\.url)
        #expect(details.contains("https://api.bybit.com/v5/market/funding/history?category=linear&symbol=BTCUSDT&limit=3"))
        #expect(details.contains("https://api.bybit.com/v5/market/funding/history?category=inverse&symbol=XRPUSD&limit=3"))
    }

    // MARK: - Stream

    @Test("W5: what an inverse event counts is dollars")
    func liquidation() throws {
        let hour = try stage(
            .bybit, TestResponse(LiquidationStream.endpointID, #"{"topic":"allLiquidation.XRPUSD","type":"snapshot","ts":1789670094412,"data":[{"T":1789670094099,"s":"XRPUSD","S":"Sell","v":"6949","p":"0.5149"}]}"#))
        let event = try #require(hour.liquidations.first)
        #expect(event.side == .short && event.valueUSD == 6949)
        #expect(close(event.quantityBase, 13495.82443192853))
    }

    @Test("inverse symbols are heard on an address of their own, with a control of their own")
    func connections() {
        let connections = Bybit.stream.connections(["BTCPERP", "BTCUSD", "BTCUSDT", "XRPUSD"])
        #expect(connections.map(\.name) == ["linear", "inverse"])
        #expect(connections[1].url == "wss://stream.bybit.com/v5/public/inverse")
        #expect(connections[1].subscriptions == [#"{"op":"subscribe","args":["publicTrade.BTCUSD","allLiquidation.BTCUSD","allLiquidation.XRPUSD"]}"#])
        #expect(connections[0].subscriptions == [#"{"op":"subscribe","args":["publicTrade.BTCUSDT","allLiquidation.BTCPERP","allLiquidation.BTCUSDT"]}"#])
        #expect(Bybit.stream.connections(["BTCUSDT"]).map(\.name) == ["linear"])
    }
}
