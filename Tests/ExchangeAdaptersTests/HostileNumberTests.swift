import PerpCore
import Testing

@testable import ExchangeAdapters

@Suite("Numbers that no exchange means")
struct HostileNumberTests {
    private func kucoin(_ symbol: String, _ fields: String, quote: String = "USDT") -> TestResponse {
        TestResponse(
            "contracts",
            #"{"code":"200000","data":[{"symbol":"\#(symbol)","type":"FFWCSX","baseCurrency":"XBT","quoteCurrency":"\#(quote)","status":"Open","markPrice":100000,\#(fields)}]}"#)
    }

    @Test("a length of time that no interval has is refused with its field", arguments: ["1e30", "99999999999999999999", "31622400001", "0.001"])
    func lengths(number: String) throws {
        for field in ["nextFundingRateTime", "currentFundingRateGranularity", "fundingRateGranularity"] {
            let hour = try stage(.kucoin, kucoin("XBTUSDTM", #""isInverse":false,"multiplier":0.001,"\#(field)":\#(number)"#))
            #expect(hour.rejections.first?.field == field && hour.tickers.isEmpty)
        }
    }

    @Test("a contract whose kind is not stated has that of its quote")
    func kind() throws {
        let hour = try stage(.kucoin, kucoin("XBTUSDM", #""isInverse":null,"multiplier":-1,"openInterest":"5000001""#, quote: "USD"))
        let ticker = try hour.ticker("XBTUSDM")
        #expect(ticker.kind == .inverse && ticker.openInterestUSD == 5_000_001)
    }

    @Test("an envelope whose time is no time of milliseconds has none: the rows have that of their receipt")
    func envelope() throws {
        let rows = #""retCode":0,"retMsg":"OK","result":{"list":[{"symbol":"BTCUSDT","lastPrice":"1","markPrice":"1"}]}"#
        for time in ["1773100800000000000", "-5", "0"] {
            let hour = try stage(.bybit, TestResponse("tickers", "{\(rows),\"time\":\(time)}"))
            #expect(try hour.ticker("BTCUSDT").observedAt.milliseconds == 1_773_100_800_000)
        }
    }

    @Test("what is no coin by any word of the exchange is in no total of coins; a name of two meanings is neither")
    func classes() {
        let words: [(String, AssetClass)] = [
            ("stockIndex", .index), ("metal", .commodity), ("commodity", .commodity), ("etf", .stock), ("currency", .fx),
        ]
        for (word, expected) in words {
            #expect(AssetClasses.htx(base: "ZZZ1", tradfi: nil, labels: [word]) == expected)
        }
        #expect(AssetClasses.pacifica("SPX") == .other)
    }
}
