import PerpCore
import Testing

@Suite("Bybit")
struct BybitTests {
    private func tickers(time: Int64, _ rows: String...) -> TestResponse {
        TestResponse("tickers", #"{"retCode":0,"retMsg":"OK","result":{"category":"linear","list":[\#(rows.joined(separator: ","))]},"retExtInfo":{},"time":\#(time)}"#)
    }

    @Test("Y1: a body of 2023 counts as sent, and its interval is unknown")
    func body2023() throws {
        let hour = try stage(
            .bybit,
            tickers(
                time: 1_692_163_167_245,
                #"{"symbol":"BTCUSDT","lastPrice":"29197.40","indexPrice":"29210.82","markPrice":"29197.40","price24hPcnt":"-0.006252","openInterest":"72480.801","openInterestValue":"2116250939.12","turnover24h":"1727340796.0698","volume24h":"59004.8250","fundingRate":"0.0001","nextFundingTime":"1692172800000","ask1Price":"29197.40","bid1Price":"29197.30"}"#))
        let ticker = try hour.ticker("BTCUSDT")
        #expect(ticker.openInterestBase == 72480.801)
        #expect(ticker.openInterestUSD == 2116250939.12)
        #expect(ticker.volumeUSD24h == 1727340796.0698)
        #expect(ticker.priceChange24h == -0.006252)
        #expect(ticker.fundingRate == 0.0001 && ticker.fundingRate8h == nil)
        #expect(ticker.nextFundingAt?.milliseconds == 1_692_172_800_000)
    }

    @Test("Y2: ten thousand coins a unit")
    func ladys() throws {
        let hour = try stage(
            .bybit,
            tickers(
                time: 1_692_163_167_245,
                #"{"symbol":"10000LADYSUSDT","lastPrice":"0.0002635","indexPrice":"0.0002633","markPrice":"0.0002635","openInterest":"9680170400","openInterestValue":"2550724.90","turnover24h":"5506985.8498","volume24h":"19735379600","fundingRate":"0.0001","ask1Price":"0.0002640"}"#))
        let ticker = try hour.ticker("10000LADYSUSDT")
        #expect(ticker.asset == "LADYS")
        #expect(close(ticker.lastPrice, 2.635e-08))
        #expect(close(ticker.indexPrice, 2.633e-08))
        #expect(close(ticker.askPrice, 2.64e-08))
        #expect(close(ticker.volumeBase24h, 1.97353796e14))
        #expect(ticker.volumeUSD24h == 5506985.8498)
        #expect(close(ticker.openInterestBase, 9.6801704e13))
        #expect(ticker.openInterestUSD == 2550724.90)
    }

    @Test("Y3: the single side is used where it is sent, half of both sides where it is not")
    func sides() throws {
        let hour = try stage(
            .bybit,
            tickers(
                time: 1_788_908_400_000,
                #"{"symbol":"BTCUSDT","markPrice":"100","openInterest":"56404.953","openInterestValue":"5640495.3","singleOpenInterest":"28202.477","singleOpenInterestValue":"2820247.7"}"#,
                #"{"symbol":"ETHUSDT","markPrice":"100","openInterest":"10","openInterestValue":"1000"}"#))
        #expect(try hour.ticker("BTCUSDT").openInterestBase == 28202.477)
        #expect(try hour.ticker("BTCUSDT").openInterestUSD == 2820247.7)
        #expect(try hour.ticker("ETHUSDT").openInterestContracts == 5)
        #expect(try hour.ticker("ETHUSDT").openInterestUSD == 500)
    }

    @Test("Y4: the multiplier can stand behind")
    func shib1000() throws {
        let hour = try stage(
            .bybit, tickers(time: 1_692_163_167_245, #"{"symbol":"SHIB1000USDT","markPrice":"0.010013","openInterest":"2288418730"}"#))
        let ticker = try hour.ticker("SHIB1000USDT")
        #expect(ticker.asset == "SHIB")
        #expect(close(ticker.markPrice, 1.0013e-05))
        #expect(close(ticker.openInterestBase, 2_288_418_730_000))
    }

    @Test("Y5: a dated future's blank rate and zero time are none")
    func dated() throws {
        let hour = try stage(
            .bybit,
            tickers(time: 1_692_163_167_245, #"{"symbol":"BTC-25AUG23","markPrice":"29266.43","openInterest":"134.272","fundingRate":"","nextFundingTime":"0","deliveryTime":"1692950400000"}"#))
        let ticker = try hour.ticker("BTC-25AUG23")
        #expect(ticker.contract == .dated && ticker.asset == "BTC")
        #expect(ticker.markPrice == 29266.43 && ticker.openInterestBase == 134.272)
        #expect(ticker.fundingRate == nil && ticker.nextFundingAt == nil)
    }

    @Test("Y6: account ratios")
    func accounts() throws {
        let hour = try stage(
            .bybit,
            TestResponse("long_short_accounts", #"{"retCode":0,"retMsg":"OK","result":{"list":[{"symbol":"BTCUSDT","buyRatio":"0.5681","sellRatio":"0.4319","timestamp":"1788908400000"}]},"time":1}"#))
        let ratio = try #require(hour.longShortRatios.first)
        #expect((ratio.longFraction, ratio.shortFraction) == (0.5681, 0.4319))
        #expect(ratio.observedAt.milliseconds == 1_788_908_400_000)
    }

    @Test("minutes become hours; a figure below sixty is no minutes and is left out", arguments: [(480, 8.0), (60, 1), (8, nil)])
    func interval(minutes: Int, hours: Double?) throws {
        let hour = try stage(
            .bybit,
            TestResponse("instruments", #"{"retCode":0,"retMsg":"OK","result":{"list":[{"symbol":"BTCPERP","contractType":"LinearPerpetual","status":"Trading","baseCoin":"BTC","quoteCoin":"USDC","launchTime":"1663632000000","settleCoin":"USDC","fundingInterval":\#(minutes)}],"nextPageCursor":""},"time":1}"#))
        #expect(try hour.instrument("BTCPERP").fundingIntervalHours == hours)
    }

    @Test("a bad price rejects its row and keeps the others", arguments: ["n/a", "1,5", "nan", "0x10", "-1", "1e400"])
    func badNumber(text: String) throws {
        let hour = try stage(
            .bybit,
            tickers(
                time: 1_692_163_167_245, #"{"symbol":"AUSDT","lastPrice":"1","markPrice":"\#(text)"}"#,
                #"{"symbol":"BUSDT","lastPrice":"2","markPrice":"64000.5"}"#))
        #expect(hour.tickers.map(\.symbol) == ["BUSDT"])
        let rejection = try #require(hour.rejections.first)
        #expect(rejection.endpoint == "tickers" && rejection.row == 0)
        #expect(rejection.symbol == "AUSDT" && rejection.field == "markPrice")
    }
}
