import PerpCore
import Testing

@Suite("HTX")
struct HTXTests {
    private func contract(_ code: String, size: String = "0.001", _ fields: String = #""contract_status":1"#) -> String {
        #"{"symbol":"X","contract_code":"\#(code)","contract_size":\#(size),"business_type":"swap","contract_type":"swap","trade_partition":"USDT",\#(fields)}"#
    }

    private func response(_ endpoint: String, _ rows: String...) -> TestResponse {
        TestResponse(
            endpoint,
            #"{"status":"ok","\#(endpoint == "tickers" ? "ticks" : "data")":[\#(rows.joined(separator: ","))],"ts":1789336870043}"#)
    }

    @Test("HT1: open interest counts one side, the volume of a day both")
    func bitcoin() throws {
        let hour = try stage(
            .htx, response("contracts", contract("BTC-USDT")),
            response(
                "tickers",
                #"{"ts":1789336870043,"ask":[77105.1,7980],"bid":[77105,20],"business_type":"swap","contract_code":"BTC-USDT","open":"77099.3","close":"77111","amount":"1884.88","count":19281,"vol":"1884880","trade_turnover":"145152802.919"}"#),
            response("open_interest", #"{"volume":28808125,"amount":28808.125,"symbol":"BTC","value":2221334021.6875,"contract_code":"BTC-USDT"}"#),
            response("index_prices", #"{"index_price":77100.5,"index_ts":1789336870000,"contract_code":"BTC-USDT"}"#))
        let ticker = try hour.ticker("BTC-USDT")
        #expect(hour.rejections.isEmpty)
        #expect(ticker.openInterestContracts == 28_808_125 && ticker.openInterestBase == 28808.125)
        #expect(ticker.openInterestUSD == 2_221_334_021.6875)
        #expect(close(ticker.volumeBase24h, 942.44) && close(ticker.volumeUSD24h, 72576401.4595))
        #expect(ticker.lastPrice == 77111 && ticker.bidPrice == 77105 && ticker.askPrice == 77105.1)
        // No mark price, and no change of a day: `open` is the price at midnight in another zone.
        #expect(ticker.markPrice == nil && ticker.priceChange24h == nil && ticker.indexPrice == 77100.5)
        #expect(ticker.observedAt.milliseconds == 1_789_336_870_043)
    }

    @Test("HT2: an hourly rate of an index, which is no coin")
    func index() throws {
        let hour = try stage(
            .htx,
            response(
                "contracts", contract("JP225-USDT", #""contract_status":1,"settlement_period":"1","labels":["tradfi","indices"],"tradfi_labels":["Stocks"]"#)),
            response("funding_rates", #"{"estimated_rate":null,"funding_rate":"0.000006250000000000","contract_code":"JP225-USDT","funding_time":"1789340400000","next_funding_time":null}"#))
        let ticker = try hour.ticker("JP225-USDT")
        #expect(close(ticker.fundingRate8h, 0.00005) && ticker.nextFundingAt?.milliseconds == 1_789_340_400_000)
        #expect(ticker.asset == "index:JP225")
    }

    @Test("HT3: a million coins per contract, and prices per coin")
    func large() throws {
        let ticker = try stage(
            .htx, response("contracts", contract("PEPE-USDT", size: "1000000")),
            response("open_interest", #"{"volume":123071,"amount":123071000000,"value":418429.0929,"contract_code":"PEPE-USDT"}"#)
        ).ticker("PEPE-USDT")
        #expect(ticker.asset == "PEPE" && ticker.openInterestBase == 123_071_000_000 && ticker.openInterestUSD == 418429.0929)
    }

    @Test("S9, as corrected: open interest is kept as sent")
    func oneSide() throws {
        let ticker = try stage(
            .htx, response("open_interest", #"{"volume":288491.000000000000000000,"amount":2884910.000000000000000000,"value":2788265.515000000000000000,"contract_code":"MANA-USDT"}"#)
        ).ticker("MANA-USDT")
        #expect(ticker.openInterestContracts == 288_491 && ticker.openInterestBase == 2_884_910 && ticker.openInterestUSD == 2788265.515)
    }

    @Test("0E-18 is a rate of zero; null and a settlement long past are none")
    func rates() throws {
        let hour = try stage(
            .htx,
            response(
                "tickers", #"{"contract_code":"PAXG-USDT","close":"4000","ask":null,"bid":null}"#, #"{"contract_code":"CYBER-USDT","close":"0.771"}"#,
                #"{"contract_code":"BTC-USDT-260918","close":"77000"}"#),
            response(
                "funding_rates", #"{"funding_rate":"0E-18","contract_code":"PAXG-USDT","funding_time":"1789344000000"}"#,
                #"{"funding_rate":"0.00005","contract_code":"CYBER-USDT","funding_time":"1767859200000"}"#,
                #"{"funding_rate":null,"contract_code":"BTC-USDT-260918","funding_time":null}"#))
        #expect(hour.rejections.isEmpty)
        let quiet = try hour.ticker("PAXG-USDT")
        #expect(quiet.fundingRate == 0 && quiet.bidPrice == nil && quiet.askPrice == nil)
        #expect(try hour.ticker("CYBER-USDT").fundingRate == nil && hour.ticker("CYBER-USDT").nextFundingAt == nil)
        #expect(try hour.ticker("BTC-USDT-260918").contract == .dated && hour.ticker("BTC-USDT-260918").fundingRate == nil)
    }

    @Test(
        "the class is in one of two lists of labels",
        arguments: [
            ("BTC", #""labels":["hot","common"],"tradfi_labels":[]"#, "BTC"), ("XOM", #""labels":["stock"]"#, "stock:XOM"),
            ("XAU", #""tradfi_labels":["Metals"]"#, "commodity:XAU"), ("PAXG", #""tradfi_labels":["Metals"]"#, "PAXG"),
            ("USOIL", #""tradfi_labels":["Commodities"]"#, "commodity:WTI"), ("TQQQ", #""tradfi_labels":["Stocks","Indices"]"#, "stock:TQQQ"),
            ("SPX500", #""tradfi_labels":["Indices"]"#, "index:SPX"), ("RAIN", #""tradfi_labels":["Weather"]"#, "other:RAIN"),
            ("META", #""labels":"stock""#, "stock:META"), ("OLD", #""pair":"OLD-USDT""#, "OLD"),
        ])
    func classes(base: String, fields: String, asset: String) throws {
        let hour = try stage(.htx, response("contracts", contract("\(base)-USDT", #""contract_status":1,\#(fields)"#)))
        #expect(try hour.instrument("\(base)-USDT").asset == asset)
    }

    @Test(
        "states of a contract; what is not known is not trading",
        arguments: [(1, InstrumentStatus.trading), (3, .suspended), (2, .prelaunch), (5, .settling), (8, .delisted), (42, .suspended)])
    func status(code: Int, status: InstrumentStatus) throws {
        let hour = try stage(.htx, response("contracts", contract("A-USDT", #""contract_status":\#(code)"#)))
        #expect(try hour.instrument("A-USDT").status == status)
    }

    @Test("errors have two shapes, and a body whose data is of another kind is one rejection")
    func errors() throws {
        let old = try stage(.htx, TestResponse("tickers", #"{"status":"error","err_code":1032,"err_msg":"Exceed the limit","ts":1}"#))
        #expect(old.rejections.map(\.reason) == ["the venue answered with an error: '1032 Exceed the limit'"])
        let new = try stage(.htx, TestResponse("liquidation_orders", #"{"code":1014,"msg":"no such contract","data":{},"ts":1}"#))
        #expect(new.rejections.map(\.reason) == ["the venue answered with an error: '1014 no such contract'"])
        let odd = try stage(.htx, TestResponse("open_interest", #"{"status":"ok","data":{"volume":1},"ts":1}"#))
        #expect(odd.rejections.count == 1 && odd.tickers.isEmpty)
    }

    @Test("rows of an unknown kind, null and a bad price cost themselves alone")
    func badRows() throws {
        let hour = try stage(
            .htx,
            response("contracts", contract("A-USDT"), "null", contract("B-USDT").replacing(#""business_type":"swap""#, with: #""business_type":"lottery""#)),
            response("tickers", #"{"contract_code":"A-USDT","close":"1","bid":["x",1]}"#))
        #expect(hour.instruments.map(\.symbol) == ["A-USDT"])
        #expect(hour.rejections.compactMap(\.field) == ["row", "business_type", "bid"])
        #expect(hour.rejections.compactMap(\.symbol) == ["B-USDT", "A-USDT"])
    }

    @Test("an order to sell that closes is a long; other offsets are refused")
    func liquidations() throws {
        let row = #"{"query_id":452057,"contract_code":"BTC-USDT","symbol":"BTC","direction":"sell","offset":"close","volume":479,"price":50000,"created_at":1789336870000,"amount":0.5,"trade_turnover":25000,"business_type":"swap"}"#
        let hour = try stage(
            .htx,
            TestResponse("liquidation_orders", #"{"code":200,"msg":"","data":[\#(row),\#(row.replacing("\"close\"", with: "\"open\""))],"ts":1}"#))
        let event = try #require(hour.liquidations.first)
        #expect(hour.liquidations.count == 1 && event.side == .long && event.id == "452057")
        #expect(event.quantityContracts == 479 && event.quantityBase == 0.5 && event.valueUSD == 25_000)
        #expect(hour.rejections.compactMap(\.field) == ["offset"])
    }

    @Test("settlements are as far apart as they were paid; their times are text")
    func settlements() throws {
        let row = { (rate: String, time: Int64) in
            #"{"avg_premium_index":"0.1","funding_rate":"\#(rate)","funding_time":"\#(time)","contract_code":"BTC-USDT","symbol":"BTC"}"#
        }
        let body = #"{"status":"ok","data":{"total_page":1,"data":[\#(row("0.000100000000000000", 1603699200000)),\#(row("-0.00002", 1603670400000))]},"ts":1}"#
        let hour = try stage(.htx, TestResponse("funding_history", body))
        #expect(hour.fundingSettlements.map(\.fundingRate) == [-0.00002, 0.0001])
        #expect(hour.fundingSettlements.map(\.fundingIntervalHours) == [nil, 8] && hour.rejections.isEmpty)
    }

    @Test("of the ratios of top traders the newest hour that has ended stands")
    func ratios() throws {
        let body = #"{"status":"ok","data":{"list":[{"buy_ratio":0.6,"sell_ratio":0.4,"ts":1773097200000},{"buy_ratio":0.9,"sell_ratio":0.1,"ts":1773100800000}],"contract_code":"BTC-USDT"},"ts":1}"#
        let hour = try stage(
            .htx, TestResponse("long_short_top_accounts", receivedAt: 1_773_100_860_000, body),
            TestResponse("long_short_top_positions", receivedAt: 1_773_100_860_000, body))
        #expect(hour.longShortRatios.map(\.population) == [.topAccounts, .topPositions])
        #expect(hour.longShortRatios.allSatisfy { $0.longFraction == 0.6 && $0.observedAt.milliseconds == 1_773_097_200_000 })
    }
}
