import PerpCore
import Testing

@testable import ExchangeAdapters

@Suite("Paradex")
struct ParadexTests {
    private func results(_ endpoint: String, _ rows: String...) -> TestResponse {
        TestResponse(endpoint, #"{"results":[\#(rows.joined(separator: ","))]}"#)
    }

    private func market(_ base: String, tags: String = #","tags":["LAYER-1"]"#, kind: String = "PERP", openAt: Int64 = 1_696_118_400_000) -> String {
        #"{"symbol":"\#(base)-USD-PERP","base_currency":"\#(base)","quote_currency":"USD","settlement_currency":"USDC","open_at":\#(openAt),"expiry_at":0,"asset_kind":"\#(kind)","market_kind":"cross","funding_period_hours":8\#(tags)}"#
    }

    private let btc = #"{"symbol":"BTC-USD-PERP","mark_price":"77804.85141726","delta":"1.00021352","last_traded_price":"77799.4","bid":"77804.3","ask":"77814","volume_24h":"4273947.632803999","total_volume":"133780320848.057831","created_at":1789147120003,"underlying_price":"77788.24195927","open_interest":"50.4599","funding_rate":"0.00007688102642","price_change_rate_24h":"0.008582"}"#
    private let option = #"{"symbol":"BTC-USD-25JUN27-86000-C","mark_price":"9531.8571999","last_traded_price":"","bid":"","ask":"","volume_24h":"0","total_volume":"0","created_at":1789147120003,"open_interest":"0","funding_rate":""}"#

    @Test("PX1: a rate for eight hours that accrues all the time: no next settlement")
    func bitcoin() throws {
        let hour = try stage(.paradex, results("markets", market("BTC")), results("markets_summary", btc, option))
        let ticker = try hour.ticker("BTC-USD-PERP")
        #expect(ticker.openInterestBase == 50.4599)
        #expect(close(ticker.openInterestUSD, 3_926_025.02202980))
        #expect(ticker.fundingIntervalHours == 8 && close(ticker.fundingRate8h, 7.688102642e-05))
        #expect(ticker.nextFundingAt == nil)
        #expect(ticker.volumeUSD24h == 4_273_947.632803999 && ticker.volumeBase24h == nil)
        #expect(ticker.priceChange24h == 0.008582 && ticker.indexPrice == 77788.24195927)
        #expect(ticker.lastPrice == 77799.4 && ticker.bidPrice == 77804.3 && ticker.askPrice == 77814)
        #expect(ticker.observedAt.milliseconds == 1_789_147_120_003)
        let instrument = try hour.instrument("BTC-USD-PERP")
        #expect(instrument.settle == "USDC" && instrument.quote == "USD" && instrument.listedAt?.milliseconds == 1_696_118_400_000)
        // The option is another product, which is no fault.
        #expect(hour.tickers.count == 1 && hour.rejections.isEmpty)
    }

    @Test("without the list, the period of the rate is not known")
    func alone() throws {
        let ticker = try stage(.paradex, results("markets_summary", btc, option)).ticker("BTC-USD-PERP")
        #expect(ticker.fundingRate == 0.00007688102642 && ticker.fundingIntervalHours == nil && ticker.fundingRate8h == nil)
    }

    @Test(
        "the tag RWA says that it is no coin, and the name what it is",
        arguments: [
            ("BTC", #","tags":["LAYER-1"]"#, "BTC", true), ("BTC", #","tags":[]"#, "BTC", true), ("BTC", "", "BTC", false),
            ("kPEPE", #","tags":["MEME"]"#, "PEPE", true), ("XAU", #","tags":["RWA"]"#, "commodity:XAU", true),
            ("US500", #","tags":["RWA"]"#, "index:SPX", true), ("MSTR", #","tags":["rwa","NEW"]"#, "stock:MSTR", true),
            ("NEVERSEEN", #","tags":["RWA"]"#, "other:NEVERSEEN", true), ("PAXG", #","tags":["DEFI",null]"#, "PAXG", true),
        ])
    func classes(base: String, tags: String, asset: String, isStated: Bool) throws {
        let instrument = try stage(.paradex, results("markets", market(base, tags: tags))).instrument("\(base)-USD-PERP")
        #expect(instrument.asset == asset && instrument.isClassStated == isStated)
    }

    @Test("a market that opens later is announced; an unknown kind and a null are rejections")
    func states() throws {
        let hour = try stage(
            .paradex,
            results("markets", market("BTC"), market("NEW", openAt: 1_900_000_000_000), market("ODD", kind: "FUTURE"), "null"))
        #expect(try hour.instrument("NEW-USD-PERP").status == .prelaunch)
        #expect(try hour.instrument("BTC-USD-PERP").status == .trading)
        #expect(hour.instruments.count == 2)
        #expect(hour.rejections.map(\.field) == ["asset_kind", "row"])
    }

    @Test("W19: a sale by a liquidated position is a long; other trades are none")
    func liquidations() throws {
        let hour = try stage(
            .paradex,
            TestResponse(
                "trades",
                #"{"next":null,"results":[{"market":"BTC-USD-PERP","side":"SELL","size":"0.00649","price":"83894.04692005321","created_at":1790173872009,"trade_type":"LIQUIDATION"},{"id":"7","market":"BTC-USD-PERP","side":"BUY","size":"1","price":"83000","created_at":1790173872010,"trade_type":"FILL"},{"market":"BTC-USD-PERP","side":"NONE","size":"1","price":"83000","created_at":1790173872011,"trade_type":"LIQUIDATION"}]}"#))
        let event = try #require(hour.liquidations.first)
        #expect(hour.liquidations.count == 1 && event.side == .long)
        #expect(close(event.valueUSD, 544.4723645111453) && event.quantityBase == 0.00649)
        #expect(event.occurredAt.milliseconds == 1_790_173_872_009)
        #expect(hour.rejections.map(\.field) == ["side"])
    }

    @Test("an object with an error is one")
    func error() throws {
        let hour = try stage(.paradex, TestResponse("markets", #"{"error":"RATE_LIMIT_EXCEEDED","message":"too many requests","data":null}"#))
        #expect(hour.rejections.map(\.reason) == ["the venue answered with an error: 'RATE_LIMIT_EXCEEDED too many requests'"])
    }
}
