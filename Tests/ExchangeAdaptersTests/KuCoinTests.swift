import PerpCore
import Testing

@Suite("KuCoin")
struct KuCoinTests {
    /// One contract, trading, with more fields behind.
    private func contract(_ symbol: String, base: String = "A", _ fields: String) -> String {
        #"{"symbol":"\#(symbol)","type":"FFWCSX","baseCurrency":"\#(base)","quoteCurrency":"USDT","settleCurrency":"USDT","isQuanto":true,"isInverse":false,"status":"Open",\#(fields)}"#
    }

    private func list(_ rows: String...) -> TestResponse {
        TestResponse("contracts", #"{"code":"200000","data":[\#(rows.joined(separator: ","))]}"#)
    }

    @Test("KU1: lots of a thousandth, XBT is BTC, and the settlement before comes for free")
    func bitcoin() throws {
        let hour = try stage(
            .kucoin,
            list(
                contract(
                    "XBTUSDTM", base: "XBT",
                    #""assetClass":"CRYPTO","firstOpenDate":1585555200000,"multiplier":0.001,"fundingFeeRate":0.000037,"lastTimeFundingRate":0.000044,"fundingRateGranularity":28800000,"currentFundingRateGranularity":28800000,"nextFundingRateDateTime":1789171200000,"nextFundingRateTime":100,"openInterest":"11784994","turnoverOf24h":511000000.5,"volumeOf24h":6570.1,"markPrice":77754.7,"indexPrice":77760,"lastTradePrice":77750,"priceChgPct":0.01"#)))
        let ticker = try hour.ticker("XBTUSDTM")
        #expect(ticker.asset == "BTC" && ticker.kind == .linear)
        #expect(ticker.openInterestContracts == 11_784_994)
        #expect(close(ticker.openInterestBase, 11784.994) && close(ticker.openInterestUSD, 916338672.9718))
        #expect(ticker.volumeBase24h == 6570.1 && ticker.volumeUSD24h == 511_000_000.5)
        #expect(ticker.fundingIntervalHours == 8 && ticker.fundingRate == 0.000037)
        #expect(ticker.nextFundingAt?.milliseconds == 1_789_171_200_000)
        let settlement = try #require(hour.fundingSettlements.first)
        #expect(hour.fundingSettlements.count == 1)
        #expect(settlement.fundingRate == 0.000044 && settlement.settledAt.milliseconds == 1_789_142_400_000)
        #expect(settlement.fundingIntervalHours == nil && settlement.asset == "BTC")
        #expect(try hour.instrument("XBTUSDTM").listedAt?.milliseconds == 1_585_555_200_000)
    }

    @Test("KU2: ten coins per lot, paid every four hours")
    func fourHours() throws {
        let row = contract(
            "WIFUSDTM", base: "WIF",
            #""multiplier":10,"openInterest":"1858612","markPrice":0.1946,"fundingFeeRate":0.00005,"currentFundingRateGranularity":14400000"#)
        let ticker = try stage(.kucoin, list(row)).ticker("WIFUSDTM")
        #expect(ticker.openInterestBase == 18_586_120 && close(ticker.openInterestUSD, 3616858.952))
        #expect(close(ticker.fundingRate8h, 0.0001))
    }

    @Test("KU3: an inverse lot is a dollar; which of its volumes counts coins is not known")
    func inverse() throws {
        let row = #"{"symbol":"XBTUSDM","type":"FFWCSX","baseCurrency":"XBT","quoteCurrency":"USD","settleCurrency":"XBT","isInverse":true,"isQuanto":false,"status":"Open","multiplier":-1,"openInterest":"51693842","markPrice":77718,"volumeOf24h":9,"turnoverOf24h":700000}"#
        let ticker = try stage(.kucoin, list(row)).ticker("XBTUSDM")
        #expect(ticker.kind == .inverse)
        #expect(ticker.openInterestUSD == 51_693_842 && close(ticker.openInterestBase, 665.1463238889318))
        #expect(ticker.volumeBase24h == nil && ticker.volumeUSD24h == nil)
    }

    @Test("KU4: without a current interval the usual one stands")
    func usualInterval() throws {
        let row = contract(
            "DOGEUSDTM", base: "DOGE",
            #""multiplier":100,"openInterest":"7592542","markPrice":0.08549,"fundingFeeRate":0.0001,"currentFundingRateGranularity":null,"fundingRateGranularity":28800000"#)
        let hour = try stage(.kucoin, list(row))
        let ticker = try hour.ticker("DOGEUSDTM")
        #expect(ticker.fundingIntervalHours == 8)
        #expect(ticker.openInterestBase == 759_254_200 && close(ticker.openInterestUSD, 64908641.558))
        #expect(hour.fundingSettlements.isEmpty)
    }

    @Test("S3: one object instead of a list, and a next settlement that is told as what is left")
    func oneContract() throws {
        // 22,646,889 ms before 2021-01-17T12:00Z.
        let received: Int64 = 1_610_884_800_000 - 22_646_889
        let body = #"{"symbol":"DASHUSDTM","type":"FFWCSX","baseCurrency":"DASH","quoteCurrency":"USDT","settleCurrency":"USDT","multiplier":0.01,"isInverse":false,"status":"Open","fundingFeeRate":0.0001,"lastTimeFundingRate":0.0002,"fundingRateGranularity":28800000,"openInterest":"2487402","turnoverOf24h":3166644.36115288,"volumeOf24h":32299.4,"markPrice":101.6,"indexPrice":101.59,"lastTradePrice":101.54,"nextFundingRateTime":22646889,"priceChgPct":0.1401}"#
        let hour = try stage(
            .kucoin, TestResponse("contracts", receivedAt: received + 700, #"{"code":"200000","data":\#(body)}"#))
        let ticker = try hour.ticker("DASHUSDTM")
        #expect(ticker.openInterestContracts == 2_487_402)
        #expect(close(ticker.openInterestBase, 24874.02) && close(ticker.openInterestUSD, 2527200.432))
        #expect(ticker.volumeBase24h == 32299.4 && ticker.volumeUSD24h == 3166644.36115288)
        #expect(ticker.priceChange24h == 0.1401)
        #expect(ticker.nextFundingAt?.milliseconds == 1_610_884_800_000)
        // The time of a settlement is not taken from what is left.
        #expect(hour.fundingSettlements.isEmpty)
    }

    @Test("a dated contract has no funding, whatever stands beside it")
    func dated() throws {
        let row = #"{"symbol":"XBTMM27","type":"FFICSX","baseCurrency":"XBT","quoteCurrency":"USD","settleCurrency":"XBT","isInverse":true,"status":"Open","multiplier":-1,"openInterest":"100","markPrice":50000,"fundingFeeRate":0,"lastTimeFundingRate":0.1,"fundingRateGranularity":1,"nextFundingRateDateTime":1789171200000}"#
        let hour = try stage(.kucoin, list(row))
        let ticker = try hour.ticker("XBTMM27")
        #expect(ticker.contract == .dated && ticker.fundingRate == nil && hour.fundingSettlements.isEmpty)
    }

    @Test(
        "the class comes from assetClass, never from marketType",
        arguments: [
            (#""assetClass":"STOCK""#, "TSLA", "stock:TSLA"), (#""assetClass":"METAL","marketType":"CRYPTO""#, "GOLD", "commodity:XAU"),
            (#""assetClass":"COMMODITY""#, "CL", "commodity:WTI"), (#""assetClass":"METAL""#, "PAXG", "PAXG"),
            (#""assetClass":"CRYPTO""#, "BB", "BB"), (#""assetClass":"WEATHER""#, "RAIN", "other:RAIN"), (#""marketType":"X""#, "BB", "BB"),
        ])
    func classes(fields: String, base: String, asset: String) throws {
        let hour = try stage(.kucoin, list(contract("AUSDTM", base: base, #""multiplier":1,\#(fields)"#)))
        #expect(try hour.instrument("AUSDTM").asset == asset)
    }

    @Test(
        "states of a contract; what is not known is not trading",
        arguments: [
            ("Open", InstrumentStatus.trading), ("Init", .prelaunch), ("PreOpen", .prelaunch), ("Paused", .suspended),
            ("CancelOnly", .suspended), ("BeingSettled", .settling), ("Settled", .delisted), ("Closed", .delisted), ("Odd", .suspended),
        ])
    func status(word: String, status: InstrumentStatus) throws {
        let row = contract("AUSDTM", #""multiplier":1"#).replacing("\"Open\"", with: "\"\(word)\"")
        #expect(try stage(.kucoin, list(row)).instrument("AUSDTM").status == status)
    }

    @Test("a type that is not known and a null cost their rows; a list of null is no list; 429000 comes with status 200")
    func badInput() throws {
        let odd = contract("BUSDTM", #""multiplier":1"#).replacing("FFWCSX", with: "FOPT")
        let hour = try stage(.kucoin, list("null", odd, contract("AUSDTM", #""multiplier":0,"openInterest":"5","markPrice":1"#)))
        #expect(hour.rejections.compactMap(\.field) == ["row", "type"])
        // A lot of no size is a size that is not known.
        #expect(try hour.ticker("AUSDTM").openInterestBase == nil)
        let empty = try stage(.kucoin, TestResponse("contracts", #"{"code":"200000","data":null}"#))
        #expect(empty.rejections.count == 1 && empty.instruments.isEmpty)
        let limited = try stage(.kucoin, TestResponse("contracts", #"{"code":"429000","msg":"Too Many Requests"}"#))
        #expect(limited.rejections.map(\.reason) == ["the venue answered with an error: '429000 Too Many Requests'"])
    }
}
