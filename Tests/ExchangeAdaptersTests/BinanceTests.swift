import PerpCore
import Testing

@Suite("Binance and AsterDEX")
struct BinanceTests {
    private func premium(
        _ symbol: String, mark: String, index: String = "1", rate: String, next: Int64, time: Int64 = 1_750_149_488_000
    ) -> String {
        """
        {"symbol":"\(symbol)","markPrice":"\(mark)","indexPrice":"\(index)","estimatedSettlePrice":"1",
         "lastFundingRate":"\(rate)","interestRate":"0.00010000","nextFundingTime":\(next),"time":\(time)}
        """
    }

    private func listing(
        _ symbol: String, base: String, type: String = "PERPETUAL", status: String = "TRADING", onboard: Int64 = 1_683_158_400_000,
        quote: String = "USDT"
    ) -> String {
        """
        {"symbol":"\(symbol)","pair":"\(symbol)","contractType":"\(type)","deliveryDate":4133404800000,
         "onboardDate":\(onboard),"status":"\(status)","baseAsset":"\(base)","quoteAsset":"\(quote)","marginAsset":"USDT"}
        """
    }

    @Test("B1: an instrument that fundingInfo leaves out settles every eight hours; 1000PEPE is PEPE")
    func absentInterval() throws {
        let hour = try stage(
            .binance,
            TestResponse("premium_index", "[\(premium("1000PEPEUSDT", mark: "0.01051770", index: "0.01052215", rate: "0.00000379", next: 1_750_176_000_000))]"),
            TestResponse("funding_info", #"[{"symbol":"LPTUSDT","fundingIntervalHours":4}]"#))
        let ticker = try hour.ticker("1000PEPEUSDT")
        #expect(ticker.asset == "PEPE")
        #expect(close(ticker.markPrice, 1.05177e-05))
        #expect(close(ticker.indexPrice, 1.052215e-05))
        #expect(ticker.fundingRate == 3.79e-06)
        #expect(ticker.fundingIntervalHours == 8)
        #expect(close(ticker.fundingRate8h, 3.79e-06))
        #expect(ticker.nextFundingAt?.milliseconds == 1_750_176_000_000)
        #expect(ticker.observedAt.milliseconds == 1_750_149_488_000)
    }

    @Test("B2: a stated interval of four hours doubles the eight-hour rate")
    func statedInterval() throws {
        let hour = try stage(
            .binance,
            TestResponse("premium_index", "[\(premium("LPTUSDT", mark: "6.34156757", rate: "-0.00017425", next: 1_750_150_800_000))]"),
            TestResponse("funding_info", #"[{"symbol":"LPTUSDT","adjustedFundingRateCap":"0.02","fundingIntervalHours":4}]"#))
        let ticker = try hour.ticker("LPTUSDT")
        #expect(close(ticker.fundingRate8h, -0.0003485))
        #expect(ticker.nextFundingAt?.milliseconds == 1_750_150_800_000)
    }

    @Test("without a fundingInfo response the interval stays unknown")
    func unknownInterval() throws {
        let hour = try stage(
            .binance, TestResponse("premium_index", "[\(premium("BTCUSDT", mark: "1", rate: "0.0001", next: 1_750_150_800_000))]"))
        #expect(try hour.ticker("BTCUSDT").fundingIntervalHours == nil)
        #expect(try hour.ticker("BTCUSDT").fundingRate8h == nil)
    }

    @Test("B3: volumes, and a change in percent")
    func ticker24hr() throws {
        let hour = try stage(
            .binance,
            TestResponse(
                "ticker_24hr",
                """
                [{"symbol":"BTCUSDT","priceChange":"-425.00","priceChangePercent":"-4.331","weightedAvgPrice":"9463.39",
                  "lastPrice":"9387.14","lastQty":"0.001","openPrice":"9812.14","highPrice":"9940","lowPrice":"9050",
                  "volume":"360390.035","quoteVolume":"3410513142.04","openTime":1591859880000,
                  "closeTime":1591946296460,"firstId":1,"lastId":2,"count":968556}]
                """))
        let ticker = try hour.ticker("BTCUSDT")
        #expect(ticker.lastPrice == 9387.14)
        #expect(ticker.volumeBase24h == 360390.035)
        #expect(ticker.volumeUSD24h == 3410513142.04)
        #expect(close(ticker.priceChange24h, -0.04331))
        #expect(ticker.trades24h == 968_556)
        #expect(ticker.observedAt.milliseconds == 1_591_946_296_460)
    }

    @Test("B4: a dated contract has no funding at all")
    func dated() throws {
        let hour = try stage(
            .binance, TestResponse("premium_index", "[\(premium("BTCUSDT_250627", mark: "106745.67326087", rate: "0.00000000", next: 0))]"))
        let ticker = try hour.ticker("BTCUSDT_250627")
        #expect(ticker.contract == .dated)
        #expect(ticker.markPrice == 106745.67326087)
        #expect(ticker.fundingRate == nil && ticker.fundingIntervalHours == nil && ticker.nextFundingAt == nil)
    }

    @Test("B5: open interest counts coins")
    func openInterest() throws {
        let hour = try stage(
            .binance,
            TestResponse("open_interest", url: "https://x/?symbol=BTCUSDT", #"{"symbol":"BTCUSDT","openInterest":"106499.782","time":1}"#))
        let ticker = try hour.ticker("BTCUSDT")
        #expect(ticker.openInterestContracts == 106499.782)
        #expect(ticker.openInterestBase == 106499.782)
        #expect(ticker.openInterestUSD == nil)
    }

    @Test("B6: taker volume and account ratios become fractions")
    func ratios() throws {
        let hour = try stage(
            .binance,
            TestResponse(
                "taker_volume", url: "https://x/futures/data/takerlongshortRatio?symbol=BTCUSDT&period=1h&limit=1",
                #"[{"buySellRatio":"1.2946","buyVol":"280.8630","sellVol":"216.9500","timestamp":1580515200000}]"#),
            TestResponse(
                "long_short_accounts", url: "https://x/?symbol=BTCUSDT&period=1h",
                #"[{"symbol":"BTCUSDT","longShortRatio":"1.3782","longAccount":"0.5795","shortAccount":"0.4205","timestamp":1602792000000}]"#))
        #expect(hour.longShortRatios.map(\.population) == [.accounts, .taker])
        #expect(hour.longShortRatios[0].longFraction == 0.5795)
        #expect(hour.longShortRatios[0].shortFraction == 0.4205)
        #expect(hour.longShortRatios[0].asset == "BTC")
        #expect(close(hour.longShortRatios[1].longFraction, 0.564193783609508))
    }

    @Test("only trading instruments get a ticker; a quote in BTC has no dollars")
    func whoGetsATicker() throws {
        let hour = try stage(
            .binance,
            TestResponse("exchange_info", #"{"symbols":[\#(listing("AUSDT", base: "A", status: "SETTLING")),\#(listing("BUSDT", base: "B")),\#(listing("ETHBTC", base: "ETH", quote: "BTC"))]}"#),
            TestResponse("ticker_24hr", #"[{"symbol":"AUSDT","lastPrice":"1","quoteVolume":"5"},{"symbol":"BUSDT","lastPrice":"2","quoteVolume":"5"},{"symbol":"ETHBTC","lastPrice":"0.05","quoteVolume":"5"}]"#))
        #expect(hour.instruments.map(\.status) == [.settling, .trading, .trading])
        #expect(hour.tickers.map(\.symbol) == ["BUSDT", "ETHBTC"])
        #expect(try hour.ticker("ETHBTC").volumeUSD24h == nil)
        #expect(try hour.ticker("ETHBTC").quote == "BTC")
    }

    @Test(
        "contract types and states",
        arguments: [
            ("PERPETUAL", "TRADING", ContractTerm.perpetual, InstrumentStatus.trading),
            ("CURRENT_QUARTER DELIVERING", "DELIVERING", .dated, .settling),
            ("NEXT_QUARTER", "TRADING", .dated, .trading), ("TRADIFI_PERPETUAL", "TRADING", .perpetual, .trading),
            ("", "PENDING_TRADING", .perpetual, .prelaunch), ("PERPETUAL", "CLOSE", .perpetual, .delisted),
            ("PERPETUAL", "BREAK", .perpetual, .suspended),
        ])
    func types(type: String, status: String, term: ContractTerm, expected: InstrumentStatus) throws {
        let hour = try stage(.binance, TestResponse("exchange_info", #"{"symbols":[\#(listing("XUSDT", base: "X", type: type, status: status))]}"#))
        #expect(try hour.instrument("XUSDT").contract == term)
        #expect(try hour.instrument("XUSDT").status == expected)
    }

    @Test("A1, A2: AsterDEX instruments; what is pending has no ticker")
    func asterInstruments() throws {
        let hour = try stage(
            .aster,
            TestResponse(
                "exchange_info",
                #"{"symbols":[\#(listing("1000PEPEUSDT", base: "1000PEPE")),\#(listing("MBLUSDT", base: "MBL", type: "", status: "PENDING_TRADING", onboard: 1_699_974_000_000))]}"#),
            TestResponse("ticker_24hr", #"[{"symbol":"MBLUSDT","lastPrice":"1"}]"#))
        let pepe = try hour.instrument("1000PEPEUSDT")
        #expect((pepe.base, pepe.asset, pepe.unitMultiplier) == ("1000PEPE", "PEPE", 1000))
        #expect(pepe.contractMultiplier == 1 && pepe.status == .trading)
        #expect(pepe.listedAt?.milliseconds == 1_683_158_400_000)
        let mbl = try hour.instrument("MBLUSDT")
        #expect(mbl.contract == .perpetual && mbl.status == .prelaunch)
        #expect(mbl.listedAt?.milliseconds == 1_699_974_000_000)
        #expect(hour.tickers.isEmpty)
    }

    @Test("A3, A4: at AsterDEX a symbol that fundingInfo leaves out has no interval")
    func asterIntervals() throws {
        let hour = try stage(
            .aster,
            TestResponse("premium_index", "[\(premium("BTCUSDT", mark: "11793.63104562", index: "11781.80495970", rate: "0.00038246", next: 1_597_392_000_000)),\(premium("ZORAUSDT", mark: "1", rate: "0.00020000", next: 1_597_392_000_000))]"),
            TestResponse("funding_info", #"[{"symbol":"ZORAUSDT","interestRate":"0.0001","fundingIntervalHours":4,"fundingFeeCap":0.02}]"#))
        let btc = try hour.ticker("BTCUSDT")
        #expect(btc.markPrice == 11793.63104562 && btc.indexPrice == 11781.8049597)
        #expect(btc.fundingRate == 0.00038246 && btc.fundingRate8h == nil)
        #expect(close(try hour.ticker("ZORAUSDT").fundingRate8h, 0.0004))
    }

    @Test(
        "an error object becomes a rejection of its endpoint, not a record",
        arguments: ["-1121", "-1e300", "\"-1121\""])
    func errorObject(code: String) throws {
        let hour = try stage(.binance, TestResponse("ticker_24hr", #"{"code":\#(code),"msg":"Invalid symbol."}"#))
        let said = code == "-1e300" ? "-1e+300" : "-1121"
        #expect(hour.recordCount == 0)
        #expect(hour.rejections.map(\.reason) == ["the venue answered with an error: '\(said) Invalid symbol.'"])
    }

    @Test("a settlement alone shows no period: the interval of today is not that of the past")
    func settlements() throws {
        let hour = try stage(
            .binance,
            TestResponse("premium_index", "[\(premium("BTCUSDT", mark: "1", rate: "0.0001", next: 1_750_150_800_000))]"),
            TestResponse("funding_info", #"[{"symbol":"OTHERUSDT","fundingIntervalHours":4}]"#),
            TestResponse("funding_rate", #"[{"symbol":"BTCUSDT","fundingTime":1600156800010,"fundingRate":"0.00010000"}]"#))
        #expect(
            hour.fundingSettlements == [
                FundingSettlement(
                    symbol: "BTCUSDT", asset: "BTC", settledAt: Timestamp(milliseconds: 1_600_156_800_000), fundingRate: 0.0001)
            ])
    }
}
