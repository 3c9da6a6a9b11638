import PerpCore
import Testing

@testable import ExchangeAdapters

@Suite("GRVT")
struct GRVTTests {
    private func instruments(_ rows: String...) -> TestResponse {
        TestResponse("all_instruments", #"{"result":[\#(rows.joined(separator: ","))]}"#)
    }

    private func instrument(_ base: String, interval: String = #","funding_interval_hours":8"#, kind: String = "PERPETUAL", stated: String = "UNSPECIFIED") -> String {
        #"{"instrument":"\#(base)_USDT_Perp","base":"\#(base)","quote":"USDT","kind":"\#(kind)","settlement_period":"PERPETUAL","create_time":"1764303867576216941","asset_class":"\#(stated)"\#(interval)}"#
    }

    private func ticker(_ symbol: String, rate: String) -> TestResponse {
        TestResponse("ticker", #"{"result":{"event_time":"1789338543560222195","instrument":"\#(symbol)","mark_price":"0.5","funding_rate":"\#(rate)","next_funding_time":"1789344000000000000"}}"#)
    }

    private let btc = #"{"result":{"event_time":"1789338543560222195","instrument":"BTC_USDT_Perp","mark_price":"76747.199999999","index_price":"76786.925652169","last_price":"76715.4","best_bid_price":"76737.6","best_ask_price":"76737.7","funding_rate_8h_curr":"0.0031","interest_rate":"0.0","buy_volume_24h_b":"637.059","sell_volume_24h_b":"643.171","buy_volume_24h_q":"49048179.0772","sell_volume_24h_q":"49518153.3347","open_price":"77180.3","open_interest":"2523.388873277","long_short_ratio":"2.505882","funding_rate":"0.0031","next_funding_time":"1789344000000000000"}}"#

    @Test("GR1: rates are percent, times nanoseconds, and takers' sides are added up", arguments: [true, false])
    func bitcoin(isListed: Bool) throws {
        let list = isListed ? [instruments(instrument("BTC"))] : []
        let ticker = try stage(.grvt, list + [TestResponse("ticker", btc)]).ticker("BTC_USDT_Perp")
        #expect(close(ticker.fundingRate, 3.1e-05) && ticker.fundingIntervalHours == 8)
        #expect(ticker.nextFundingAt?.milliseconds == 1_789_344_000_000)
        #expect(ticker.observedAt.milliseconds == 1_789_338_543_560)
        #expect(close(ticker.openInterestBase, 2523.388873277))
        #expect(close(ticker.openInterestUSD, 193_663_030.535162))
        #expect(close(ticker.volumeBase24h, 1280.23))
        #expect(close(ticker.volumeUSD24h, 98_566_332.4119))
        #expect(ticker.bidPrice == 76737.6 && ticker.askPrice == 76737.7 && ticker.lastPrice == 76715.4)
        #expect(close(ticker.priceChange24h, 76715.4 / 77180.3 - 1))
    }

    @Test("a contract's rate is for its own interval")
    func fourHours() throws {
        let hour = try stage(.grvt, instruments(instrument("ENA", interval: #","funding_interval_hours":4"#)), ticker("ENA_USDT_Perp", rate: "0.005"))
        let ticker = try hour.ticker("ENA_USDT_Perp")
        #expect(close(ticker.fundingRate, 0.00005) && ticker.fundingIntervalHours == 4)
        #expect(close(ticker.fundingRate8h, 0.0001))
        #expect(try hour.instrument("ENA_USDT_Perp").listedAt?.milliseconds == 1_764_303_867_576)
    }

    @Test(
        "UNSPECIFIED says nothing, so the name decides; a word that is not known is no coin",
        arguments: [
            ("BTC", "UNSPECIFIED", "BTC", 1.0), ("KPEPE", "UNSPECIFIED", "PEPE", 1000), ("KAITO", "UNSPECIFIED", "KAITO", 1),
            ("AAPL", "UNSPECIFIED", "stock:AAPL", 1), ("XAU", "UNSPECIFIED", "commodity:XAU", 1), ("NATGAS", "UNSPECIFIED", "commodity:NATGAS", 1),
            ("AI", "UNSPECIFIED", "other:AI", 1), ("AI", "CRYPTO", "AI", 1), ("AI", "EQUITY", "stock:AI", 1), ("RED", "TULIP", "other:RED", 1),
        ])
    func classes(base: String, stated: String, asset: String, unit: Double) throws {
        let found = try stage(.grvt, instruments(instrument(base, stated: stated))).instrument("\(base)_USDT_Perp")
        #expect(found.asset == asset && found.unitMultiplier == unit)
    }

    @Test("settlements carry their own interval")
    func settlements() throws {
        let hour = try stage(
            .grvt,
            TestResponse(
                "funding",
                #"{"result":[{"instrument":"BTC_USDT_Perp","funding_rate":"0.0061","funding_time":"1789315200000000000","mark_price":"77098.4","funding_interval_hours":8},{"instrument":"BTC_USDT_Perp","funding_rate":"0.0077","funding_time":"1789286400000000000"},{"instrument":"BTC_USDT_Perp","funding_rate":"0.0077","funding_time":"2026-09-13"}],"next":""}"#))
        #expect(hour.fundingSettlements.map(\.settledAt.milliseconds) == [1_789_286_400_000, 1_789_315_200_000])
        #expect(close(hour.fundingSettlements[1].fundingRate, 0.000061))
        #expect(hour.fundingSettlements[1].fundingIntervalHours == 8)
        #expect(hour.rejections.map(\.reason) == ["is not a time"])
    }

    @Test("an unknown kind and a null are rejections; null instead of a ticker too; one side of volume is no volume")
    func badRows() throws {
        let hour = try stage(
            .grvt, instruments("null", instrument("BTC"), instrument("ETH", kind: "FUTURE")),
            TestResponse("ticker", #"{"result":{"instrument":"BTC_USDT_Perp","last_price":"1","mark_price":"0","buy_volume_24h_b":"5","next_funding_time":"0"}}"#),
            TestResponse("ticker", #"{"result":null}"#))
        #expect(hour.instruments.map(\.symbol) == ["BTC_USDT_Perp"])
        let ticker = try hour.ticker("BTC_USDT_Perp")
        #expect(ticker.volumeBase24h == nil && ticker.markPrice == nil && ticker.nextFundingAt == nil)
        #expect(hour.rejections.map(\.field) == ["row", "kind", nil])
    }

    @Test("an object with a code is an error")
    func error() throws {
        let hour = try stage(.grvt, TestResponse("ticker", #"{"code":1006,"message":"You have surpassed the allocated rate limit for your tier","status":429}"#))
        #expect(hour.rejections.map(\.reason) == ["the venue answered with an error: '1006 You have surpassed the allocated rate limit for your tier'"])
        #expect(GRVT.adapter.refusals.rateLimited.contains("1006"))
    }
}
