import PerpCore
import Testing

@Suite("BingX")
struct BingXTests {
    private func response(_ endpoint: String, _ rows: String...) -> TestResponse {
        TestResponse(endpoint, #"{"code":0,"msg":"","data":[\#(rows.joined(separator: ","))]}"#)
    }

    private func contract(_ symbol: String, asset: String, status: Int = 1) -> String {
        #"{"contractId":"100","symbol":"\#(symbol)","currency":"USDT","asset":"\#(asset)","status":\#(status),"apiStateOpen":"false"}"#
    }

    @Test("BX1: open interest is a value; coins are that over the mark price, whatever the order of responses")
    func bitcoin() throws {
        let openInterest = TestResponse(
            "open_interest", #"{"code":0,"msg":"","data":{"openInterest":"287039550.4","symbol":"BTC-USDT","time":1789336846040}}"#)
        let ticker = response(
            "tickers",
            #"{"symbol":"BTC-USDT","priceChangePercent":"-0.06","lastPrice":"77187.1","volume":"4386.8500","quoteVolume":"337831456.71","closeTime":1789336844000,"askPrice":"77186.2","bidPrice":"77186.1"}"#)
        let premium = response(
            "premium_index", #"{"symbol":"BTC-USDT","markPrice":"77190.5","indexPrice":"77200","lastFundingRate":"0.00005","nextFundingTime":1789344000000,"fundingIntervalHours":8}"#)
        for responses in [[openInterest, ticker, premium], [premium, ticker, openInterest]] {
            let hour = try stage(.bingx, responses + [response("contracts", contract("BTC-USDT", asset: "BTC"))])
            let found = try hour.ticker("BTC-USDT")
            #expect(found.openInterestUSD == 287_039_550.4 && close(found.openInterestBase, 3718.5864892700524))
            #expect(found.openInterestContracts == nil)
            #expect(close(found.priceChange24h, -0.0006) && found.volumeUSD24h == 337_831_456.71)
            #expect(found.nextFundingAt?.milliseconds == 1_789_344_000_000)
            #expect(hour.rejections.isEmpty)
        }
    }

    @Test("BX2: a thousand in the name is a thousand coins")
    func thousand() throws {
        let ticker = try stage(
            .bingx, response("contracts", contract("1000PEPE-USDT", asset: "1000PEPE")),
            response("tickers", #"{"symbol":"1000PEPE-USDT","priceChangePercent":"-0.25%","lastPrice":"0.0034030","volume":"4361291083","quoteVolume":"14962111.26"}"#),
            response("premium_index", #"{"symbol":"1000PEPE-USDT","markPrice":"0.0034057"}"#)
        ).ticker("1000PEPE-USDT")
        #expect(ticker.asset == "PEPE" && close(ticker.markPrice, 3.4057e-06))
        #expect(ticker.volumeBase24h == 4_361_291_083_000 && ticker.volumeUSD24h == 14_962_111.26)
        // With or without its sign, the change is in percent.
        #expect(close(ticker.priceChange24h, -0.0025))
    }

    @Test("BX3: a rate of one hour is a eighth of that of eight")
    func hourly() throws {
        let ticker = try stage(
            .bingx, response("premium_index", #"{"symbol":"IOST-USDT","markPrice":"0.00078","lastFundingRate":"-0.00052900","fundingIntervalHours":1}"#)
        ).ticker("IOST-USDT")
        #expect(close(ticker.fundingRate8h, -0.004232))
    }

    @Test(
        "NC, a class, a ticker and 2USD is no coin",
        arguments: [
            ("NCSKTSLA2USD", "stock:TSLA"), ("NCSISP5002USD", "index:SPX"), ("NCCOGOLD2USD", "commodity:XAU"),
            ("NCFXEUR2USD", "fx:EUR"), ("NCFXUSD2JPY", "fx:USDJPY"), ("NCQQABC2USD", "other:NCQQABC2USD"), ("NEAR", "NEAR"),
        ])
    func classes(base: String, asset: String) throws {
        let hour = try stage(.bingx, response("contracts", contract("\(base)-USDT", asset: base)))
        #expect(try hour.instrument("\(base)-USDT").asset == asset)
    }

    @Test("a share without its list has the bare name, and no class that would make it a coin")
    func unlistedShare() throws {
        let ticker = try stage(.bingx, response("tickers", #"{"symbol":"NCSKTSLA2USD-USDT","lastPrice":"400"}"#))
            .ticker("NCSKTSLA2USD-USDT")
        #expect(ticker.asset == "TSLA" && ticker.assetClass == nil)
    }

    @Test(
        "states of a contract; a stop of orders is none",
        arguments: [(1, InstrumentStatus.trading), (25, .suspended), (5, .prelaunch), (0, .delisted), (77, .suspended)])
    func status(code: Int, status: InstrumentStatus) throws {
        let hour = try stage(.bingx, response("contracts", contract("A-USDT", asset: "A", status: code)))
        #expect(try hour.instrument("A-USDT").status == status)
    }

    @Test("a paused symbol is no fault; other codes are, and then data is of another kind")
    func envelopes() throws {
        let paused = try stage(
            .bingx, TestResponse("open_interest", #"{"code":109415,"msg":"NCSKHIVE2USD-USDT is pause currently","data":{}}"#))
        #expect(paused.rejections.isEmpty && paused.tickers.isEmpty)
        let refused = try stage(.bingx, TestResponse("tickers", #"{"code":100410,"msg":"rate limited","data":{}}"#))
        #expect(refused.rejections.map(\.reason) == ["the venue answered with an error: '100410 rate limited'"])
        let odd = try stage(.bingx, TestResponse("tickers", #"{"code":0,"msg":"","data":"none"}"#))
        #expect(odd.rejections.count == 1)
    }

    @Test("bad rows cost themselves alone")
    func badRows() throws {
        let hour = try stage(
            .bingx,
            response("tickers", "null", #"{"symbol":"A-USDT","priceChangePercent":"x%","lastPrice":"1"}"#, #"{"symbol":"B-USDT","lastPrice":"1"}"#))
        #expect(hour.tickers.map(\.symbol) == ["B-USDT"])
        #expect(hour.rejections.compactMap(\.field) == ["row", "priceChangePercent"])
    }

    @Test("settlements are as far apart as they were paid")
    func settlements() throws {
        let hour = try stage(
            .bingx,
            response(
                "funding_rate", #"{"symbol":"QNT-USDT","fundingRate":"0.000271","fundingTime":1702713600000}"#,
                #"{"symbol":"QNT-USDT","fundingRate":"0.000128","fundingTime":1702684800000}"#))
        #expect(hour.fundingSettlements.map(\.fundingIntervalHours) == [nil, 8])
    }
}
