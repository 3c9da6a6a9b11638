import PerpCore
import Testing

@Suite("Bitget")
struct BitgetTests {
    private func data(_ endpoint: String, url: String = "https://x/", _ rows: String) -> TestResponse {
        TestResponse(endpoint, url: url, #"{"code":"00000","msg":"success","requestTime":1,"data":[\#(rows)]}"#)
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

    @Test("T2: the rate, its interval and its settlement from the funding response")
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
            .bitget, listed,
            TestResponse("liquidations", #"{"code":"00000","msg":"success","requestTime":1,"data":{"list":[{"symbol":"BTCUSDT","side":"buy","price":"79000.5","amount":"0.25","ts":"1788076800000"},{"symbol":"1000BONKUSDT","side":"sell","price":"0.0203","amount":"50","ts":"1788076800001"}],"cursor":"1"}}"#))
        try #require(hour.liquidations.map(\.side) == [.short, .long])
        #expect(hour.liquidations[0].asset == "BONK" && hour.liquidations[0].quantityBase == 50_000)
        #expect(hour.liquidations[0].price == 0.0203 / 1000 && hour.liquidations[0].valueUSD == 50 * 0.0203)
        #expect(hour.liquidations[1].valueUSD == 19_750.125)
    }

    /// Steps of 0.001 BTC and of one lot of a thousand BONK.
    private var listed: TestResponse {
        data(
            "contracts",
            #"{"symbol":"BTCUSDT","baseCoin":"BTC","quoteCoin":"USDT","supportMarginCoins":["USDT"],"sizeMultiplier":"0.001","symbolType":"perpetual","symbolStatus":"normal","launchTime":"","fundInterval":"8","isRwa":"NO"},{"symbol":"1000BONKUSDT","baseCoin":"1000BONK","quoteCoin":"USDT","supportMarginCoins":["USDT"],"sizeMultiplier":"1","symbolType":"perpetual","symbolStatus":"normal","launchTime":"","fundInterval":"4","isRwa":"NO"}"#)
    }

    private func liquidations(_ rows: (symbol: String, price: String, amount: String)...) throws -> StagedHour {
        let list = rows.enumerated().map {
            #"{"symbol":"\#($1.symbol)","side":"buy","price":"\#($1.price)","amount":"\#($1.amount)","ts":"\#(1_788_076_800_000 + $0)"}"#
        }
        return try stage(
            .bitget, listed,
            TestResponse("liquidations", #"{"code":"00000","data":{"list":[\#(list.joined(separator: ","))]}}"#))
    }

    @Test("an amount whose quotient by the price is whole steps is dollars")
    func quoteAmounts() throws {
        // 0.25 BTC at 79 000.5 are 19 750.125 dollars, and 19 750.125 coins would be no whole steps of 0.001 only
        // where the price says so: 33 BONK lots at 0.0203 are 0.6699 dollars.
        let hour = try liquidations(("1000BONKUSDT", "0.0203", "0.6699"), ("BTCUSDT", "79000.51", "19750.1275"))
        #expect(hour.rejections.isEmpty)
        #expect(hour.liquidations.map(\.valueUSD) == [0.6699, 19_750.1275])
        #expect(close(hour.liquidations[0].quantityBase, 33_000) && close(hour.liquidations[1].quantityBase, 0.25))
    }

    @Test("an undecided amount follows the majority of its response, and without one it is rejected")
    func undecidedAmounts() throws {
        // 2 coins at 100, or 2 dollars that are 0.02 coins: both are whole steps.
        let hour = try liquidations(("BTCUSDT", "100", "2"), ("1000BONKUSDT", "0.0203", "50"))
        #expect(hour.liquidations.map(\.valueUSD) == [50 * 0.0203, 200])
        let alone = try liquidations(("BTCUSDT", "100", "2"))
        #expect(alone.liquidations.isEmpty)
        #expect(alone.rejections.map(\.reason) == ["may be coins or quote units, and nothing in the answer decides"])
    }

    @Test("a liquidation beyond all numbers is set aside, and the others go on")
    func tooLarge() throws {
        let hour = try liquidations(("BTCUSDT", "1e308", "25"), ("BTCUSDT", "79000.5", "2"))
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
