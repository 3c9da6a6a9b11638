import PerpCore
import Testing

@Suite("Hyperliquid")
struct HyperliquidTests {
    private func markets(_ universe: String, _ contexts: String) -> TestResponse {
        TestResponse("meta_and_asset_ctxs", #"[{"universe":[\#(universe)],"marginTables":[]},[\#(contexts)]]"#)
    }

    @Test("H1: an hourly rate is eight times as much in eight hours")
    func btc() throws {
        let hour = try stage(
            .hyperliquid,
            markets(
                #"{"szDecimals":5,"name":"BTC","maxLeverage":40,"marginTableId":56}"#,
                #"{"funding":"0.0000125","openInterest":"24469.14838","prevDayPx":"67779.0","dayNtlVlm":"3631161834.2844824791","premium":"-0.0004","oraclePx":"70770.0","markPx":"70736.0","midPx":"70735.5","impactPxs":["70735.0","70736.0"],"dayBaseVlm":"52614.45662"}"#))
        let ticker = try hour.ticker("BTC")
        #expect(ticker.markPrice == 70736 && ticker.indexPrice == 70770)
        #expect(ticker.lastPrice == nil && ticker.bidPrice == nil && ticker.askPrice == nil)
        #expect(ticker.openInterestBase == 24469.14838)
        #expect(close(ticker.openInterestUSD, 1730849679.80768))
        #expect(close(ticker.volumeUSD24h, 3631161834.2844825))
        #expect(close(ticker.priceChange24h, 0.04362708213458455))
        #expect(ticker.fundingRate == 1.25e-05 && ticker.fundingIntervalHours == 1)
        #expect(close(ticker.fundingRate8h, 0.0001))
        // It has no field for classes, and lists coins.
        #expect(ticker.assetClass == .crypto && hour.instruments.allSatisfy(\.isClassStated))
    }

    @Test("H2: a lower-case k counts thousands")
    func kPEPE() throws {
        let hour = try stage(
            .hyperliquid,
            markets(
                #"{"name":"kPEPE","szDecimals":0},{"name":"KAS","szDecimals":0}"#,
                #"{"funding":"0.0000082724","openInterest":"3066453316.0","prevDayPx":"0.00326","dayNtlVlm":"6909198.0392630007","oraclePx":"0.003352","markPx":"0.00335","dayBaseVlm":"2079283445.0"},{"funding":"0","openInterest":"1","markPx":"0.1"}"#))
        let ticker = try hour.ticker("kPEPE")
        #expect(ticker.asset == "PEPE")
        #expect(try hour.ticker("KAS").asset == "KAS")
        #expect(close(ticker.markPrice, 3.35e-06) && close(ticker.indexPrice, 3.352e-06))
        #expect(ticker.openInterestContracts == 3_066_453_316)
        #expect(close(ticker.openInterestBase, 3_066_453_316_000))
        #expect(close(ticker.openInterestUSD, 10272618.6086))
        #expect(close(ticker.volumeBase24h, 2_079_283_445_000))
        #expect(close(ticker.priceChange24h, 0.027607361963190247))
        #expect(close(ticker.fundingRate8h, 6.61792e-05))
    }

    @Test("H3: a delisted market is an instrument without a ticker")
    func delisted() throws {
        let hour = try stage(
            .hyperliquid,
            markets(
                #"{"name":"MATIC","isDelisted":true}"#,
                #"{"funding":"0.0","openInterest":"0.0","prevDayPx":"0.37621","dayNtlVlm":"0.0","premium":null,"oraclePx":"0.37621","markPx":"0.37621","midPx":null,"impactPxs":null,"dayBaseVlm":"0.0"}"#))
        #expect(try hour.instrument("MATIC").status == .delisted)
        #expect(hour.tickers.isEmpty)
    }

    @Test("lists of unequal length are refused whole, for they are joined by position")
    func unequal() throws {
        let hour = try stage(.hyperliquid, markets(#"{"name":"A"},{"name":"B"}"#, #"{"markPx":"1"}"#))
        #expect(hour.recordCount == 0 && hour.rejections.count == 1)
    }
}

@Suite("dYdX")
struct DYDXTests {
    @Test(
        "D1 to D3: the change is in dollars against yesterday's price",
        arguments: [
            ("BTC-USD", "63902.58754", "-3426.36043", "722.1402", "-0.00004318125", -0.05088985545306153, 46146627.34665311, -0.00034545),
            ("CRV-USD", "0.1970776488", "-0.0086349646", "189310", "-0.00000039166666666667", -0.041975863595732237, 37308.769694328, -3.13333333333336e-06),
            ("SOL-USD", "70.24719137", "-4.43659461", "57574.9", "0", -0.059405057627744014, 4044475.018408613, 0),
        ])
    func markets(symbol: String, price: String, change: String, oi: String, rate: String, expected: Double, usd: Double, rate8h: Double) throws {
        let hour = try stage(
            .dydx,
            TestResponse("perpetual_markets", #"{"markets":{"\#(symbol)":{"clobPairId":"0","ticker":"\#(symbol)","status":"ACTIVE","oraclePrice":"\#(price)","priceChange24H":"\#(change)","volume24H":"284672407.8376","trades24H":37563,"nextFundingRate":"\#(rate)","openInterest":"\#(oi)","baseOpenInterest":"999"}}}"#))
        let ticker = try hour.ticker(symbol)
        #expect(close(ticker.markPrice, Double(price)))
        #expect(ticker.indexPrice == nil && ticker.lastPrice == nil)
        #expect(close(ticker.priceChange24h, expected))
        #expect(close(ticker.openInterestUSD, usd))
        #expect(close(ticker.fundingRate8h, rate8h))
        #expect(ticker.trades24h == 37563 && ticker.volumeUSD24h == 284672407.8376)
    }

    @Test("a market in final settlement has no ticker; its base may hold anything", arguments: ["MATIC-USD", "ONDO,RAYDIUM,X-USD"])
    func finalSettlement(symbol: String) throws {
        let hour = try stage(.dydx, TestResponse("perpetual_markets", #"{"markets":{"\#(symbol)":{"ticker":"\#(symbol)","status":"FINAL_SETTLEMENT","oraclePrice":"0.37","nextFundingRate":"0"}}}"#))
        #expect(try hour.instrument(symbol).status == .delisted)
        #expect(try hour.instrument(symbol).base == String(symbol.dropLast(4)))
        #expect(hour.tickers.isEmpty)
    }
}
