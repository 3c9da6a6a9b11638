import PerpCore
import Testing

@Suite("Bitget")
struct BitgetTests {
    private func data(_ endpoint: String, url: String = "https://x/", _ rows: String) -> Answer {
        Answer(endpoint, url: url, #"{"code":"00000","msg":"success","requestTime":1,"data":[\#(rows)]}"#)
    }

    private let contract = #"{"symbol":"BTCUSDT","baseCoin":"BTC","quoteCoin":"USDT","supportMarginCoins":["USDT"],"sizeMultiplier":"0.0001","symbolType":"perpetual","symbolStatus":"normal","deliveryTime":"","launchTime":"","fundInterval":"8"}"#

    @Test("T1: the order step is no contract size; a blank launch time is none")
    func contracts() throws {
        let instrument = try stage(.bitget, data("contracts", contract)).instrument("BTCUSDT")
        #expect((instrument.base, instrument.quote, instrument.settle) == ("BTC", "USDT", "USDT"))
        #expect(instrument.kind == .linear && instrument.contract == .perpetual && instrument.status == .trading)
        #expect(instrument.contractMultiplier == 1 && instrument.fundingIntervalHours == 8)
        #expect(instrument.listedAt == nil)
    }

    @Test("T2: the rate, its interval and its settlement from the funding answer")
    func funding() throws {
        let hour = try stage(
            .bitget,
            data("current_fund_rate", #"{"symbol":"BTCUSDT","fundingRate":"0.000026","fundingRateInterval":"8","nextUpdate":"1788076800000","minFundingRate":"-0.003","maxFundingRate":"0.003"}"#))
        let ticker = try hour.ticker("BTCUSDT")
        #expect(ticker.fundingRate == 2.6e-05 && close(ticker.fundingRate8h, 2.6e-05))
        #expect(ticker.nextFundingAt?.milliseconds == 1_788_076_800_000)
    }

    @Test("T3: open interest is in coins")
    func openInterest() throws {
        let hour = try stage(
            .bitget, data("contracts", contract),
            data("tickers", #"{"symbol":"BTCUSDT","lastPr":"100","askPr":"100.1","bidPr":"99.9","ts":"1788076800000","change24h":"0.01","baseVolume":"5","quoteVolume":"500","usdtVolume":"501","indexPrice":"100","fundingRate":"0.0001","holdingAmount":"34278.06","markPrice":"100.5"}"#))
        let ticker = try hour.ticker("BTCUSDT")
        #expect(ticker.openInterestContracts == 34278.06 && ticker.openInterestBase == 34278.06)
        #expect(close(ticker.openInterestUSD, 34278.06 * 100.5))
        #expect(ticker.volumeUSD24h == 501 && ticker.priceChange24h == 0.01)
        #expect(ticker.fundingRate == 0.0001 && ticker.fundingIntervalHours == 8)
    }

    @Test("without a mark price, open interest is valued at the last price")
    func noMark() throws {
        let hour = try stage(.bitget, data("tickers", #"{"symbol":"BTCUSDT","lastPr":"100","holdingAmount":"2","markPrice":""}"#))
        #expect(try hour.ticker("BTCUSDT").openInterestUSD == 200)
    }

    @Test("liquidations: a buy is a long that was liquidated")
    func liquidations() throws {
        let hour = try stage(
            .bitget,
            Answer("liquidations", #"{"code":"00000","msg":"success","requestTime":1,"data":{"list":[{"symbol":"BTCUSDT","side":"buy","price":"100","amount":"2","ts":"1788076800000"},{"symbol":"1000BONKUSDT","side":"sell","price":"0.02","amount":"50","ts":"1788076800001"}],"cursor":"1"}}"#))
        #expect(hour.liquidations.map(\.side) == [.short, .long])
        #expect(hour.liquidations[0].asset == "BONK" && hour.liquidations[0].quantityBase == 50_000)
        #expect(hour.liquidations[0].price == 0.02 / 1000 && hour.liquidations[0].valueUSD == 1)
        #expect(hour.liquidations[1].valueUSD == 200)
    }

    @Test("a liquidation beyond all numbers is set aside, and the others go on")
    func tooLarge() throws {
        let hour = try stage(
            .bitget,
            Answer("liquidations", #"{"code":"00000","data":{"list":[{"symbol":"BTCUSDT","side":"buy","price":"1e308","amount":"1e308","ts":"1788076800000"},{"symbol":"BTCUSDT","side":"buy","price":"1","amount":"2","ts":"1788076800000"}]}}"#))
        #expect(hour.liquidations.map(\.quantityBase) == [2])
        #expect(hour.rejections.map(\.reason) == ["is too large"])
    }

    @Test("account ratios name their symbol in the request only")
    func accounts() throws {
        let hour = try stage(
            .bitget,
            data("long_short_accounts", url: "https://x/?symbol=ETHUSDT&period=1h", #"{"longAccountRatio":"0.58","shortAccountRatio":"0.42","longShortAccountRatio":"0.0138","ts":"1788076800000"}"#))
        #expect(hour.longShortRatios.map(\.symbol) == ["ETHUSDT"])
        #expect(hour.longShortRatios[0].ratio == nil && hour.longShortRatios[0].longFraction == 0.58)
    }
}
