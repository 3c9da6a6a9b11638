import PerpCore
import Testing

@Suite("OKX")
struct OKXTests {
    private func instruments(_ rows: String...) -> TestResponse {
        TestResponse("instruments", #"{"code":"0","msg":"","data":[\#(rows.joined(separator: ","))]}"#)
    }

    private func linear(_ coin: String, value: String) -> String {
        #"{"instType":"SWAP","instId":"\#(coin)-USDT-SWAP","instFamily":"\#(coin)-USDT","uly":"\#(coin)-USDT","baseCcy":"","quoteCcy":"","settleCcy":"USDT","ctVal":"\#(value)","ctMult":"1","ctValCcy":"\#(coin)","ctType":"linear","state":"live","listTime":"1573557408000"}"#
    }

    private func inverse(_ coin: String, value: String) -> String {
        #"{"instType":"SWAP","instId":"\#(coin)-USD-SWAP","instFamily":"","uly":"\#(coin)-USD","settleCcy":"\#(coin)","ctVal":"\#(value)","ctMult":"1","ctValCcy":"USD","ctType":"inverse","state":"live","listTime":""}"#
    }

    private func data(_ endpoint: String, url: String = "https://x/", _ rows: String) -> TestResponse {
        TestResponse(endpoint, url: url, #"{"code":"0","msg":"","data":[\#(rows)]}"#)
    }

    @Test("O1: contracts, coins and dollars as the exchange states them")
    func openInterest() throws {
        let hour = try stage(
            .okx, instruments(linear("BTC", value: "0.01")),
            data("open_interest", #"{"instType":"SWAP","instId":"BTC-USDT-SWAP","oi":"3018178.49000001466","oiCcy":"30181.7849000001466","oiUsd":"2134926663.97245","ts":"1773158400000"}"#))
        let ticker = try hour.ticker("BTC-USDT-SWAP")
        #expect(close(ticker.openInterestContracts, 3018178.49000001466))
        #expect(close(ticker.openInterestBase, 30181.7849000001466))
        #expect(close(ticker.openInterestBase, 3018178.49000001466 * 0.01))
        #expect(close(ticker.openInterestUSD, 2134926663.9724503))
    }

    @Test("O2: the rate settles at fundingTime; the distance to the next settlement is the interval")
    func funding() throws {
        let hour = try stage(
            .okx,
            data("funding_rate", #"{"formulaType":"withRate","fundingRate":"0.0000170613914598","fundingTime":"1773158400000","instId":"BTC-USDT-SWAP","nextFundingRate":"","nextFundingTime":"1773187200000"}"#))
        let ticker = try hour.ticker("BTC-USDT-SWAP")
        #expect(ticker.fundingIntervalHours == 8)
        #expect(close(ticker.fundingRate, 1.70613914598e-05))
        #expect(close(ticker.fundingRate8h, 1.70613914598e-05))
        #expect(ticker.nextFundingAt?.milliseconds == 1_773_158_400_000)
    }

    @Test(
        "O3, O4: an inverse contract is dollars, never times the price",
        arguments: [
            ("BTC", "100", "4092973", "13840.048827662696883", 409_297_300.0, 13840.048827662697),
            ("ETH", "10", "21795246", "123562.1205163528751467", 217_952_460, 123562.12051635288),
        ])
    func inverseOpenInterest(coin: String, value: String, oi: String, oiCcy: String, usd: Double, base: Double) throws {
        let hour = try stage(
            .okx, instruments(inverse(coin, value: value)),
            data("open_interest", #"{"instId":"\#(coin)-USD-SWAP","instType":"SWAP","oi":"\#(oi)","oiCcy":"\#(oiCcy)","ts":"1"}"#),
            data("mark_price", #"{"instType":"SWAP","instId":"\#(coin)-USD-SWAP","markPx":"29573.4","ts":"1"}"#))
        let ticker = try hour.ticker("\(coin)-USD-SWAP")
        #expect(ticker.kind == .inverse)
        #expect(close(ticker.openInterestUSD, usd))
        #expect(close(ticker.openInterestBase, base))
    }

    @Test("O5: a ratio becomes fractions")
    func ratio() throws {
        let hour = try stage(
            .okx,
            data("long_short_accounts", url: "https://x/?instId=BTC-USDT-SWAP&period=1H&limit=1", #"["1630502100000","1.25"]"#))
        let ratio = try #require(hour.longShortRatios.first)
        #expect(close(ratio.longFraction, 0.5555555555555556))
        #expect(close(ratio.shortFraction, 0.4444444444444444))
        #expect(ratio.ratio == 1.25 && ratio.asset == "BTC" && ratio.period == "1H")
    }

    @Test("turnover is estimated for linear swaps and exact for inverse ones; index by family")
    func volumes() throws {
        let hour = try stage(
            .okx, instruments(linear("BTC", value: "0.01"), inverse("BTC", value: "100")),
            data("tickers", #"{"instId":"BTC-USDT-SWAP","last":"70000","askPx":"70001","bidPx":"69999","open24h":"56000","vol24h":"1000","volCcy24h":"10","ts":"1773158400123"},{"instId":"BTC-USD-SWAP","last":"70000","open24h":"70000","vol24h":"500","volCcy24h":"0.7","ts":"1773158400123"}"#),
            data("index_tickers", #"{"instId":"BTC-USDT","idxPx":"70010"},{"instId":"NOSWAP-USDT","idxPx":"1"}"#))
        let ticker = try hour.ticker("BTC-USDT-SWAP")
        #expect(ticker.volumeBase24h == 10 && ticker.volumeUSD24h == 700_000)
        #expect(close(ticker.priceChange24h, 0.25))
        #expect(ticker.indexPrice == 70010)
        #expect(ticker.observedAt.milliseconds == 1_773_158_400_123)
        #expect(try hour.ticker("BTC-USD-SWAP").volumeUSD24h == 50_000)
        #expect(hour.tickers.count == 2 && hour.rejections.isEmpty)
    }

    @Test("liquidations: position side first, then the side of the order; contracts become coins")
    func liquidations() throws {
        let hour = try stage(
            .okx, instruments(linear("BTC", value: "0.01"), inverse("BTC", value: "100")),
            data("liquidation_orders", #"{"details":[{"bkPx":"70000","posSide":"long","side":"sell","sz":"5","ts":"1773158400000"},{"bkPx":"70000","posSide":"net","side":"buy","sz":"2","ts":"1773158400001"}],"instFamily":"BTC-USDT","instId":"BTC-USDT-SWAP","instType":"SWAP"},{"details":[{"bkPx":"50000","posSide":"short","side":"buy","sz":"3","ts":"1773158400002"}],"instFamily":"BTC-USD","instId":"BTC-USD-SWAP"}"#))
        #expect(hour.liquidations.map(\.side) == [.short, .long, .short])
        #expect(hour.liquidations[0].valueUSD == 300)
        #expect(close(hour.liquidations[0].quantityBase, 0.006))
        #expect(close(hour.liquidations[1].quantityBase, 0.05))
        #expect(close(hour.liquidations[1].valueUSD, 3500))
    }

    @Test("contracts of unknown size are set aside, not guessed")
    func unknownSize() throws {
        let hour = try stage(
            .okx,
            data("liquidation_orders", #"{"details":[{"bkPx":"70000","posSide":"long","side":"sell","sz":"5","ts":"1773158400000"}],"instId":"BTC-USDT-SWAP"}"#))
        #expect(hour.liquidations.isEmpty)
        #expect(hour.rejections.map(\.reason) == ["counts contracts of unknown size"])
    }

    @Test("an error code with status 200 is an error")
    func envelope() throws {
        let hour = try stage(.okx, TestResponse("tickers", #"{"code":"50011","msg":"Too Many Requests","data":[]}"#))
        #expect(hour.rejections.map(\.reason) == ["the venue answered with an error: '50011 Too Many Requests'"])
    }
}
