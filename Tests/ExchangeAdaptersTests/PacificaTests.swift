import PerpCore
import Testing

@testable import ExchangeAdapters

@Suite("Pacifica")
struct PacificaTests {
    private func prices(_ rows: String...) -> TestResponse {
        TestResponse("prices", #"{"success":true,"data":[\#(rows.joined(separator: ","))]}"#)
    }

    private func info(_ rows: String...) -> TestResponse {
        TestResponse("info", #"{"success":true,"data":[\#(rows.joined(separator: ","))],"error":null,"code":null}"#)
    }

    private func market(_ symbol: String, type: String = "perpetual") -> String {
        #"{"symbol":"\#(symbol)","max_leverage":50,"created_at":1748881333944,"instrument_type":"\#(type)","base_asset":"\#(symbol)"}"#
    }

    private let btc = #"{"funding":"0.00000475","mark":"76922.3","mid":"76921.5","next_funding":"-0.00000336","open_interest":"412.34157","oracle":"76956.945987","symbol":"BTC","timestamp":1789337551583,"volume_24h":"158617298.66148","yesterday_price":"77231"}"#
    private let spot = #"{"funding":"0","mark":"100.187352","mid":"100.135","next_funding":"0","open_interest":"0","oracle":"100.187352","symbol":"SOL-USDC","timestamp":1789337551583,"volume_24h":"125066.59352","yesterday_price":"101.64"}"#

    @Test("PA1: the rate that is fixed for the next full hour, and open interest in coins")
    func bitcoin() throws {
        let ticker = try stage(.pacifica, info(market("BTC")), prices(btc)).ticker("BTC")
        #expect(ticker.openInterestBase == 412.34157)
        #expect(close(ticker.openInterestUSD, 31_718_261.950011))
        #expect(ticker.fundingRate == 0.00000475 && ticker.fundingIntervalHours == 1)
        #expect(close(ticker.fundingRate8h, 3.8e-05))
        // 22:12 of that day: the next full hour is 23:00.
        #expect(ticker.nextFundingAt?.milliseconds == 1_789_340_400_000)
        #expect(close(ticker.priceChange24h, -0.003997099610260069))
        #expect(ticker.markPrice == 76922.3 && ticker.indexPrice == 76956.945987 && ticker.lastPrice == nil)
        #expect(ticker.volumeUSD24h == 158_617_298.66148 && ticker.volumeBase24h == nil)
        #expect(ticker.observedAt.milliseconds == 1_789_337_551_583)
    }

    @Test("PA2: a lower-case k counts thousands")
    func bonk() throws {
        let row = #"{"funding":"-0.00000345","mark":"0.002715","mid":"0.002714","next_funding":"-0.00000332","open_interest":"34788040","oracle":"0.002719","symbol":"kBONK","timestamp":1789337551583,"volume_24h":"122425.420904","yesterday_price":"0.002786"}"#
        let hour = try stage(.pacifica, info(market("kBONK")), prices(row))
        let ticker = try hour.ticker("kBONK")
        #expect(ticker.asset == "BONK")
        #expect(try hour.instrument("kBONK").unitMultiplier == 1000)
        #expect(ticker.openInterestContracts == 34_788_040 && close(ticker.openInterestBase, 34_788_040_000))
        #expect(close(ticker.openInterestUSD, 94449.5286))
        #expect(close(ticker.markPrice, 2.715e-06))
        #expect(close(ticker.fundingRate8h, -2.76e-05))
    }

    @Test("a spot pair among the perpetuals is nothing, with and without the list")
    func spotPair() throws {
        let listed = try stage(.pacifica, info(market("BTC"), market("SOL-USDC", type: "spot")), prices(btc, spot))
        #expect(listed.tickers.map(\.symbol) == ["BTC"] && listed.instruments.map(\.symbol) == ["BTC"])
        #expect(listed.rejections.isEmpty)
        let unlisted = try stage(.pacifica, prices(btc, spot))
        #expect(unlisted.tickers.map(\.symbol) == ["BTC"])
        #expect(unlisted.rejections.map(\.symbol) == ["SOL-USDC"])
    }

    @Test(
        "no field states a class: it is in a list of names",
        arguments: [
            ("BTC", "BTC"), ("PAXG", "PAXG"), ("XAU", "commodity:XAU"), ("CL", "commodity:WTI"), ("NVDA", "stock:NVDA"),
            ("META", "stock:META"), ("SP500", "index:SPX"), ("EURUSD", "fx:EUR"), ("USDJPY", "fx:USDJPY"),
            // A share and a coin have this name, and nothing decides.
            ("STX", "other:STX"),
        ])
    func classes(symbol: String, asset: String) throws {
        #expect(try stage(.pacifica, info(market(symbol))).instrument(symbol).asset == asset)
    }

    @Test("an unknown kind of market, a null and a rate that is a word are rejections with their reasons")
    func badRows() throws {
        let hour = try stage(
            .pacifica, info(market("BTC"), market("ODD", type: "binary"), "null"),
            prices(btc, #"{"symbol":"ETH","funding":"soon"}"#))
        #expect(hour.tickers.map(\.symbol) == ["BTC"])
        #expect(hour.rejections.map(\.field) == ["instrument_type", "row", "funding"])
        #expect(hour.rejections[0].value == "binary")
    }

    @Test("success false is an error, whatever the data is")
    func error() throws {
        let hour = try stage(.pacifica, TestResponse("prices", #"{"success":false,"data":"","error":"Rate limit exceeded","code":429}"#))
        #expect(hour.recordCount == 0)
        #expect(hour.rejections.map(\.reason) == ["the venue answered with an error: 'false Rate limit exceeded'"])
    }

    @Test("an hour costs a fifth of a minute's credits")
    func budget() {
        #expect(Pacifica.adapter.endpoints.reduce(0) { $0 + $1.weight } == 20)
        #expect(Pacifica.adapter.limits.map(\.limit) == [100])
    }
}
