import PerpCore
import Testing

@Suite("Gate")
struct GateTests {
    private let btc = #"{"name":"BTC_USDT","type":"direct","quanto_multiplier":"0.0001","mark_price":"78081.6","index_price":"78100","last_price":"78074.5","funding_rate":"0.000037","funding_interval":28800,"funding_next_apply":1788998400,"position_size":319968666,"in_delisting":false,"status":"trading","create_time":1574035200,"launch_time":1574035200}"#

    @Test("G1: one side of open interest, from contracts")
    func contracts() throws {
        let hour = try stage(.gate, TestResponse("contracts", "[\(btc)]"))
        let ticker = try hour.ticker("BTC_USDT")
        #expect(ticker.openInterestContracts == 319_968_666)
        #expect(close(ticker.openInterestBase, 31996.8666))
        #expect(close(ticker.openInterestUSD, 2498366539.11456))
        #expect(ticker.fundingIntervalHours == 8)
        #expect(close(ticker.fundingRate8h, 0.000037))
        #expect(ticker.nextFundingAt?.milliseconds == 1_788_998_400_000)
        #expect(try hour.instrument("BTC_USDT").listedAt?.milliseconds == 1_574_035_200_000)
    }

    @Test("G2: volumes in contracts and dollars; total_size is both sides")
    func tickers() throws {
        let row = #"{"contract":"BTC_USDT","last":"78074.5","change_percentage":"-0.44","total_size":"639937332","volume_24h":"622657413","volume_24h_base":"62265","volume_24h_quote":"4911337664","volume_24h_settle":"4911337664","mark_price":"78081.6","funding_rate":"0.000037","index_price":"78100","quanto_multiplier":"0.0001","highest_bid":"78074.4","lowest_ask":"78074.5"}"#
        let alone = try stage(.gate, TestResponse("tickers", "[\(row)]")).ticker("BTC_USDT")
        #expect(alone.openInterestContracts == 319_968_666)
        #expect(close(alone.volumeBase24h, 62265.7413))
        #expect(alone.volumeUSD24h == 4_911_337_664)
        #expect(close(alone.priceChange24h, -0.0044))
        #expect(alone.bidPrice == 78074.4 && alone.askPrice == 78074.5)
        let both = try stage(.gate, TestResponse("tickers", "[\(row)]"), TestResponse("contracts", "[\(btc)]"))
        #expect(try both.ticker("BTC_USDT").openInterestContracts == 319_968_666)
        #expect(both.rejections.isEmpty)
    }

    @Test("G3: ten million coins a contract, priced per coin")
    func pepe() throws {
        let row = #"{"name":"PEPE_USDT","type":"direct","quanto_multiplier":"10000000","mark_price":"0.00000148385","funding_rate":"0.000057","funding_interval":28800,"funding_next_apply":1684944000,"position_size":456388,"in_delisting":false,"create_time":0}"#
        let hour = try stage(.gate, TestResponse("contracts", "[\(row)]"))
        let ticker = try hour.ticker("PEPE_USDT")
        #expect(try hour.instrument("PEPE_USDT").unitMultiplier == 1)
        #expect(try hour.instrument("PEPE_USDT").listedAt == nil)
        #expect(ticker.openInterestBase == 4_563_880_000_000)
        #expect(close(ticker.openInterestUSD, 6772113.338))
        #expect(ticker.nextFundingAt?.milliseconds == 1_684_944_000_000)
    }

    @Test("G4: ratios of the bucket that was asked for")
    func statistics() throws {
        let url = "https://x/contract_stats?contract=BTC_USDT&interval=1h&from=1655629200&limit=2"
        let body = #"[{"time":1655629200,"lsr_account":1.7797816801139,"open_interest":749773515,"open_interest_usd":2226295750.1279},{"time":1655632800,"lsr_account":9}]"#
        let hour = try stage(.gate, TestResponse("contract_stats", url: url, body))
        #expect(hour.longShortRatios.count == 1)
        #expect(close(hour.longShortRatios[0].longFraction, 0.6402595185248412))
        #expect(close(hour.longShortRatios[0].shortFraction, 0.3597404814751587))
        #expect(hour.longShortRatios[0].observedAt.milliseconds == 1_655_632_800_000)
    }

    @Test("G5: what one step closed is the position less what is left")
    func liquidations() throws {
        let hour = try stage(
            .gate, TestResponse("contracts", "[\(btc)]"),
            TestResponse("liq_orders", #"[{"time":1548654951,"contract":"BTC_USDT","size":600,"leverage":"25","margin":"0.0","entry_price":"3536","liq_price":"3421","mark_price":"3420","order_id":3,"order_price":"3405","fill_price":"3424","left":0}]"#))
        let liquidation = try #require(hour.liquidations.first)
        #expect(liquidation.side == .long)
        #expect(close(liquidation.quantityBase, 0.06))
        #expect(close(liquidation.valueUSD, 205.44))
        #expect(liquidation.occurredAt.milliseconds == 1_548_654_951_000)
    }

    @Test("overlapping pages state an event once; equal events of one page are two")
    func overlap() throws {
        let event = #"{"time":1548654951,"contract":"BTC_USDT","size":-600,"order_size":600,"fill_price":"3424","left":100}"#
        let hour = try stage(
            .gate, TestResponse("contracts", "[\(btc)]"),
            TestResponse("liq_orders", url: "https://x/?from=1&to=9", "[\(event),\(event)]"),
            TestResponse("liq_orders", url: "https://x/?from=1&to=4", "[\(event),\(event)]"))
        #expect(hour.liquidations.count == 2)
        #expect(hour.liquidations[0].side == .short)
        #expect(close(hour.liquidations[0].quantityBase, 0.05))
    }

    @Test(
        "states of a contract",
        arguments: [
            (#""in_delisting":true"#, InstrumentStatus.settling), (#""in_delisting":false"#, .trading),
            (#""in_delisting":false,"status":"delisted""#, .delisted), (#""status":"prelaunch","is_pre_market":true"#, .prelaunch),
            (#""status":"circuit_breaker""#, .suspended),
        ])
    func status(fields: String, status: InstrumentStatus) throws {
        let hour = try stage(.gate, TestResponse("contracts", #"[{"name":"X_USDT","type":"direct","quanto_multiplier":"1",\#(fields)}]"#))
        #expect(try hour.instrument("X_USDT").status == status)
    }
}
