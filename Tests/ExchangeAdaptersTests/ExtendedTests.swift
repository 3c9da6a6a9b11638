import PerpCore
import Testing

@testable import ExchangeAdapters

@Suite("Extended")
struct ExtendedTests {
    private func markets(_ rows: String...) -> TestResponse {
        TestResponse("markets", #"{"status":"OK","data":[\#(rows.joined(separator: ","))]}"#)
    }

    private func market(
        _ name: String, asset: String, category: String = #""category":"Crypto","subCategory":"L1","#, type: String = "PERPETUAL",
        status: String = "ACTIVE", stats: String = #"{"markPrice":"1","fundingRate":"0"}"#
    ) -> String {
        #"{"name":"\#(name)","type":"\#(type)","uiName":"\#(name)",\#(category)"assetName":"\#(asset)","collateralAssetName":"USD","active":true,"status":"\#(status)","marketStats":\#(stats),"createdAt":1752829532673}"#
    }

    @Test("EX1: dollars of open interest are the exchange's own; nextFundingRate is a time")
    func bitcoin() throws {
        let stats = #"{"dailyVolume":"72466662.264900","dailyVolumeBase":"940.68192","dailyPriceChange":"-101","dailyPriceChangePercentage":"-0.0013","lastPrice":"77091","askPrice":"77090","bidPrice":"77089","markPrice":"77060.427881750001","indexPrice":"77100.406683774985","fundingRate":"0.000013","nextFundingRate":1789340400000,"openInterest":"44808704.907173","openInterestBase":"579.77510"}"#
        let hour = try stage(.extended, markets(market("BTC-USD", asset: "BTC", stats: stats)))
        let ticker = try hour.ticker("BTC-USD")
        #expect(ticker.openInterestUSD == 44_808_704.907173)
        #expect(ticker.openInterestBase == 579.7751 && ticker.openInterestContracts == 579.7751)
        #expect(ticker.fundingIntervalHours == 1 && close(ticker.fundingRate8h, 0.000104))
        #expect(ticker.nextFundingAt?.milliseconds == 1_789_340_400_000)
        #expect(ticker.lastPrice == 77091 && ticker.askPrice == 77090 && ticker.bidPrice == 77089)
        #expect(ticker.priceChange24h == -0.0013)
        #expect(ticker.volumeUSD24h == 72_466_662.2649 && ticker.volumeBase24h == 940.68192)
        #expect(try hour.instrument("BTC-USD").listedAt?.milliseconds == 1_752_829_532_673)
        #expect(try hour.instrument("BTC-USD").quote == "USD")
    }

    @Test("EX2: a thousand in the name")
    func pepe() throws {
        let stats = #"{"lastPrice":"0.003421","markPrice":"0.003396223971","indexPrice":"0.003396623809","fundingRate":"0.000013","nextFundingRate":1789340400000,"openInterest":"355927.118778","openInterestBase":"104530900"}"#
        let hour = try stage(.extended, markets(market("1000PEPE-USD", asset: "1000PEPE", stats: stats)))
        let ticker = try hour.ticker("1000PEPE-USD")
        #expect(ticker.asset == "PEPE")
        #expect(try hour.instrument("1000PEPE-USD").unitMultiplier == 1000)
        #expect(close(ticker.openInterestBase, 104_530_900_000))
        #expect(close(ticker.markPrice, 3.396223971e-06))
        #expect(ticker.openInterestUSD == 355927.118778)
    }

    @Test(
        "category and subcategory are the class",
        arguments: [
            (#""category":"Crypto","subCategory":"Meme","#, "SPX", "SPX", true), (#""category":"Crypto","subCategory":"Commodity","#, "PAXG", "PAXG", true),
            (#""category":"RWA","subCategory":"Equity","#, "MU_24_5", "stock:MU", true), (#""category":"RWA","subCategory":"Pre-market","#, "OPENAI", "stock:OPENAI", true),
            (#""category":"RWA","subCategory":"Commodity","#, "XAU", "commodity:XAU", true), (#""category":"RWA","subCategory":"FX","#, "EUR", "fx:EUR", true),
            (#""category":"RWA","subCategory":"ETF/Index","#, "JP225", "index:JP225", true), (#""category":"RWA","subCategory":"ETF/Index","#, "QQQ", "stock:QQQ", true),
            (#""category":"RWA","subCategory":"Tulips","#, "RED", "other:RED", true), (#""category":"TradFi","subCategory":null,"#, "JPY", "other:JPY", true),
            ("", "BTC", "BTC", false),
        ])
    func classes(category: String, name: String, asset: String, isStated: Bool) throws {
        let instrument = try stage(.extended, markets(market("\(name)-USD", asset: name, category: category))).instrument("\(name)-USD")
        #expect(instrument.asset == asset && instrument.isClassStated == isStated)
    }

    @Test(
        "states",
        arguments: [
            ("ACTIVE", InstrumentStatus.trading), ("PRELISTED", .prelaunch), ("REDUCE_ONLY", .suspended), ("DELISTED", .delisted),
            ("ASLEEP", .suspended),
        ])
    func status(text: String, status: InstrumentStatus) throws {
        let hour = try stage(.extended, markets(market("BTC-USD", asset: "BTC", status: text)))
        #expect(try hour.instrument("BTC-USD").status == status)
        #expect(hour.tickers.isEmpty == (status != .trading))
    }

    @Test("a spot pair is nothing; an unknown type, a null, and figures that are no object are rejections")
    func badRows() throws {
        let hour = try stage(
            .extended,
            markets(
                market("BTC-USD", asset: "BTC"), market("BTCSPOT", asset: "BTC", type: "SPOT"), "null",
                market("ODD-USD", asset: "ODD", type: "OPTION"), market("ETH-USD", asset: "ETH", stats: "[]")))
        #expect(hour.tickers.map(\.symbol) == ["BTC-USD"])
        #expect(hour.rejections.map(\.field) == ["row", "type", "marketStats"])
    }

    @Test("settlements are stamped late, in short names")
    func settlements() throws {
        let hour = try stage(
            .extended,
            TestResponse("funding", #"{"status":"OK","data":[{"m":"BTC-USD","f":"0.000013","T":1789336801693},{"m":"BTC-USD","f":"-0.00001","T":1789333200210}]}"#))
        #expect(hour.fundingSettlements.map(\.settledAt.milliseconds) == [1_789_333_200_000, 1_789_336_800_000])
        #expect(hour.fundingSettlements.map(\.fundingIntervalHours) == [1, 1])
    }

    @Test("a status other than OK is an error")
    func error() throws {
        let hour = try stage(.extended, TestResponse("markets", #"{"status":"ERROR","error":{"code":1003,"message":"Rate limit exceeded"}}"#))
        #expect(hour.rejections.map(\.reason) == ["the venue answered with an error: '1003 Rate limit exceeded'"])
        #expect(try stage(.extended, TestResponse("markets", #"{"data":[]}"#)).rejections.count == 1)
    }
}
