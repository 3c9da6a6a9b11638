import PerpCore
import Testing

@testable import ExchangeAdapters

@Suite("Backpack")
struct BackpackTests {
    private func market(
        _ symbol: String, base: String, type: String = "PERP", state: String = "Open", kind: String = #","rwaMarketType":null"#
    ) -> String {
        #"{"baseSymbol":"\#(base)","createdAt":"2025-01-21T06:34:54.691858","fundingInterval":3600000,"marketType":"\#(type)","orderBookState":"\#(state)","quoteSymbol":"USDC","symbol":"\#(symbol)"\#(kind)}"#
    }

    private func list(_ endpoint: String, _ rows: String...) -> TestResponse { TestResponse(endpoint, "[\(rows.joined(separator: ","))]") }

    private let btcMark = #"{"fundingRate":"0.0000007945965277712049003927","indexPrice":"76785.99441873","markPrice":"76746.5","nextFundingTimestamp":1789340400000,"symbol":"BTC_USDC_PERP"}"#

    @Test("BP1: an hourly rate, and open interest in coins")
    func bitcoin() throws {
        let hour = try stage(
            .backpack, list("markets", market("BTC_USDC_PERP", base: "BTC"), market("BTC_USDC", base: "BTC", type: "SPOT")),
            list("mark_prices", btcMark),
            list("open_interest", #"{"openInterest":"10","symbol":"FDVEXTD1B_USDC_PREDICTION","timestamp":1789338401070}"#, #"{"openInterest":"412.67346","symbol":"BTC_USDC_PERP","timestamp":1789338401070}"#),
            list("tickers", #"{"firstPrice":"77214","lastPrice":"76744.2","priceChangePercent":"-0.006084","quoteVolume":"126024537.212937","symbol":"BTC_USDC_PERP","trades":"18798","volume":"1634.88439"}"#, #"{"lastPrice":"76750","quoteVolume":"1","symbol":"BTC_USDC","trades":"1","volume":"1"}"#))
        let ticker = try hour.ticker("BTC_USDC_PERP")
        #expect(ticker.openInterestBase == 412.67346)
        #expect(close(ticker.openInterestUSD, 31_671_243.69789))
        #expect(ticker.fundingIntervalHours == 1)
        #expect(close(ticker.fundingRate8h, 6.35677222216964e-06))
        #expect(ticker.nextFundingAt?.milliseconds == 1_789_340_400_000)
        #expect(ticker.lastPrice == 76744.2 && ticker.priceChange24h == -0.006084 && ticker.trades24h == 18798)
        #expect(ticker.volumeUSD24h == 126_024_537.212937 && ticker.volumeBase24h == 1634.88439)
        // Spot pairs and predictions are other products, which is no fault.
        #expect(hour.tickers.count == 1 && hour.instruments.count == 1 && hour.rejections.isEmpty)
        #expect(try hour.instrument("BTC_USDC_PERP").listedAt?.description == "2025-01-21T06:34:54.691Z")
    }

    @Test("BP2: a lower-case k counts thousands; every perpetual settles each hour, whether the list is there or not")
    func pepe() throws {
        let ticker = try stage(
            .backpack,
            list("mark_prices", #"{"fundingRate":"0.0000125","indexPrice":"0.0033479","markPrice":"0.0033465","nextFundingTimestamp":1789340400000,"symbol":"kPEPE_USDC_PERP"}"#),
            list("open_interest", #"{"openInterest":"17219200","symbol":"kPEPE_USDC_PERP","timestamp":1789338401070}"#)
        ).ticker("kPEPE_USDC_PERP")
        #expect(ticker.asset == "PEPE")
        #expect(close(ticker.openInterestBase, 17_219_200_000))
        #expect(close(ticker.openInterestUSD, 57624.0528))
        #expect(ticker.fundingIntervalHours == 1 && close(ticker.fundingRate8h, 0.0001))
    }

    @Test(
        "classes: null is a coin, a word is not, and a name that ends in .US is a share",
        arguments: [
            ("BTC", #","rwaMarketType":null"#, "BTC", true), ("BTC", "", "BTC", false),
            ("AMZN.US", #","rwaMarketType":"STOCK""#, "stock:AMZN", true), ("AMZN.US", "", "stock:AMZN", true),
            // A fund on an index is a share.
            ("QQQ.US", #","rwaMarketType":"INDEX""#, "stock:QQQ", true), ("JP225", #","rwaMarketType":"INDEX""#, "index:JP225", true),
            ("TULIP", #","rwaMarketType":"FLOWER""#, "other:TULIP", true),
        ])
    func classes(base: String, kind: String, asset: String, isStated: Bool) throws {
        let hour = try stage(.backpack, list("markets", market("X_USDC_PERP", base: base, kind: kind)))
        let instrument = try hour.instrument("X_USDC_PERP")
        #expect(instrument.asset == asset && instrument.isClassStated == isStated)
    }

    @Test(
        "states of the order book",
        arguments: [("Open", InstrumentStatus.trading), ("PostOnly", .suspended), ("Closed", .delisted), ("Paused", .suspended)])
    func status(state: String, status: InstrumentStatus) throws {
        let hour = try stage(.backpack, list("markets", market("BTC_USDC_PERP", base: "BTC", state: state)), list("mark_prices", btcMark))
        #expect(try hour.instrument("BTC_USDC_PERP").status == status)
        #expect(hour.tickers.isEmpty == (status != .trading))
    }

    @Test("settlements have no zone in their time; the interval that still runs is none")
    func settlements() throws {
        let hour = try stage(
            .backpack,
            TestResponse(
                "funding_rates", url: "https://x/api/v1/fundingRates?symbol=BTC_USDC_PERP&limit=4", receivedAt: 1_789_338_780_000,
                #"[{"fundingRate":"0.0000009","intervalEndTimestamp":"2026-09-13T23:00:00","symbol":"BTC_USDC_PERP"},{"fundingRate":"0.0000083","intervalEndTimestamp":"2026-09-13T22:00:00","symbol":"BTC_USDC_PERP"},{"fundingRate":"0.000007","intervalEndTimestamp":"2026-09-13T21:00:00","symbol":"BTC_USDC_PERP"},{"fundingRate":"0.000007","intervalEndTimestamp":"yesterday","symbol":"BTC_USDC_PERP"}]"#))
        #expect(hour.fundingSettlements.map(\.settledAt.milliseconds) == [1_789_333_200_000, 1_789_336_800_000])
        #expect(hour.fundingSettlements.map(\.fundingRate) == [0.000007, 0.0000083])
        #expect(hour.fundingSettlements.map(\.fundingIntervalHours) == [nil, 1])
        #expect(hour.rejections.map(\.reason) == ["is not a time"])
    }

    @Test("an unknown kind of market and a null are rejections; an object where a list is due is an error")
    func bad() throws {
        let hour = try stage(.backpack, list("markets", "null", market("BTC_USDC_DATED", base: "BTC", type: "DATED"), market("BTC_USDC_PERP", base: "BTC")))
        #expect(hour.instruments.count == 1)
        #expect(hour.rejections.map(\.field) == ["row", "marketType"])
        let error = try stage(.backpack, TestResponse("tickers", #"{"code":"TOO_MANY_REQUESTS","message":"slow down"}"#))
        #expect(error.rejections.map(\.reason) == ["the venue answered with an error: 'TOO_MANY_REQUESTS slow down'"])
    }
}
