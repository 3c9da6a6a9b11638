import PerpCore
import Testing

@testable import ExchangeAdapters

@Suite("Binance COIN-M")
struct BinanceCOINMTests {
    private func contract(
        _ symbol: String, size: String, type: String = "PERPETUAL", status: String = "TRADING", margin: String? = nil
    ) -> String {
        let pair = symbol.prefix { $0 != "_" }
        let base = pair.dropLast(3)
        return #"{"symbol":"\#(symbol)","pair":"\#(pair)","contractType":"\#(type)","onboardDate":1597042800000,"contractStatus":"\#(status)","contractSize":\#(size),"marginAsset":"\#(margin ?? String(base))","baseAsset":"\#(base)","quoteAsset":"USD","underlyingType":"COIN","underlyingSubType":[]}"#
    }

    private func list(_ rows: String...) -> TestResponse {
        TestResponse("exchange_info", #"{"symbols":[\#(rows.joined(separator: ","))]}"#)
    }

    @Test(
        "S6, CM1: volume counts contracts of dollars, baseVolume coins",
        arguments: [
            ("BTCUSD_PERP", "100", "127793.43436348", "40717029", "-0.735", 4_071_702_900, -0.00735),
            ("ETHUSD_PERP", "10", "1451992.71422811", "191167295", "-2.343", 1_911_672_950, -0.02343),
        ])
    func tickers(symbol: String, size: String, coins: String, contracts: String, percent: String, usd: Double, change: Double) throws {
        let ticker = try stage(
            .binanceCOINM, list(contract(symbol, size: size)),
            TestResponse("ticker_24hr", #"[{"symbol":"\#(symbol)","pair":"X","priceChangePercent":"\#(percent)","lastPrice":"1321.14","volume":"\#(contracts)","baseVolume":"\#(coins)","closeTime":1611715405376,"count":868945}]"#)
        ).ticker(symbol)
        #expect(ticker.kind == .inverse && ticker.contract == .perpetual)
        #expect(ticker.volumeUSD24h == usd && close(ticker.volumeBase24h, Double(coins)))
        #expect(close(ticker.priceChange24h, change) && ticker.trades24h == 868_945)
        #expect(ticker.lastPrice == 1321.14 && ticker.observedAt.milliseconds == 1_611_715_405_376)
    }

    @Test("CM2: a rate of a perpetual; blank and 0 of a dated contract are none")
    func premiumIndex() throws {
        let hour = try stage(
            .binanceCOINM,
            TestResponse(
                "premium_index",
                #"[{"symbol":"XTZUSD_PERP","pair":"XTZUSD","markPrice":"0.66920000","indexPrice":"0.67136966","lastFundingRate":"-0.00026801","interestRate":"0.00010000","nextFundingTime":1694419200000,"time":1694401588000},{"symbol":"LINKUSD_231229","pair":"LINKUSD","markPrice":"6.10235122","indexPrice":"5.99608046","lastFundingRate":"","interestRate":"","nextFundingTime":0,"time":1694401588000}]"#))
        let perpetual = try hour.ticker("XTZUSD_PERP")
        #expect(perpetual.fundingRate == -0.00026801 && perpetual.nextFundingAt?.milliseconds == 1_694_419_200_000)
        // No answer says how long an interval is.
        #expect(perpetual.fundingIntervalHours == nil && perpetual.fundingRate8h == nil)
        let dated = try hour.ticker("LINKUSD_231229")
        #expect(dated.contract == .dated && dated.markPrice == 6.10235122)
        #expect(dated.fundingRate == nil && dated.nextFundingAt == nil && dated.fundingIntervalHours == nil)
    }

    @Test("CM3: open interest is contracts times their dollars, never times a price")
    func openInterest() throws {
        let open = TestResponse("open_interest", #"{"symbol":"BTCUSD_200925","pair":"BTCUSD","openInterest":"9511","contractType":"CURRENT_QUARTER","time":1591946361327}"#)
        let dated = try stage(.binanceCOINM, list(contract("BTCUSD_200925", size: "100", type: "CURRENT_QUARTER")), open).ticker("BTCUSD_200925")
        #expect(dated.contract == .dated && dated.openInterestContracts == 9511 && dated.openInterestUSD == 951_100)
        #expect(dated.openInterestBase == nil)  // no price was sent
        // The size of a contract is not guessed.
        let unsized = try stage(.binanceCOINM, open).ticker("BTCUSD_200925")
        #expect(unsized.openInterestContracts == 9511 && unsized.openInterestUSD == nil)
    }

    @Test("coins of open interest are its dollars at the mark price; who is not among the changed intervals has 8 h")
    func whole() throws {
        let hour = try stage(
            .binanceCOINM, list(contract("BTCUSD_PERP", size: "100"), contract("ETHUSD_PERP", size: "10")),
            TestResponse("open_interest", #"{"symbol":"BTCUSD_PERP","openInterest":"3200000"}"#),
            TestResponse("premium_index", #"[{"symbol":"BTCUSD_PERP","markPrice":"64000","lastFundingRate":"0.0001","nextFundingTime":1772467200000},{"symbol":"ETHUSD_PERP","markPrice":"2500","lastFundingRate":"0.0001","nextFundingTime":1772467200000}]"#),
            TestResponse("funding_info", #"[{"symbol":"ETHUSD_PERP","fundingIntervalHours":4}]"#))
        let btc = try hour.ticker("BTCUSD_PERP")
        #expect(btc.openInterestUSD == 320_000_000 && btc.openInterestBase == 5000)
        #expect(btc.fundingIntervalHours == 8 && btc.fundingRate8h == 0.0001)
        #expect(try hour.ticker("ETHUSD_PERP").fundingRate8h == 0.0002)
        #expect(try hour.instrument("ETHUSD_PERP").settle == "ETH" && hour.instrument("ETHUSD_PERP").listedAt?.milliseconds == 1_597_042_800_000)
    }

    @Test(
        "a kind of contract, or a margin, that is not known costs its row",
        arguments: [("WEEKLY", nil, "contractType", "WEEKLY"), ("PERPETUAL", "USDT", "marginAsset", "USDT")] as [(String, String?, String, String)])
    func unknown(type: String, margin: String?, field: String, value: String) throws {
        let hour = try stage(
            .binanceCOINM, list(contract("AAAUSD_PERP", size: "10", type: type, margin: margin), contract("BTCUSD_PERP", size: "100")))
        #expect(hour.instruments.map(\.symbol) == ["BTCUSD_PERP"])
        #expect(hour.rejections.map(\.field) == [field] && hour.rejections.first?.value == value)
    }

    @Test(
        "states and kinds at an end",
        arguments: [
            ("PERPETUAL", "TRADING", ContractTerm.perpetual, InstrumentStatus.trading), ("PERPETUAL", "PENDING_TRADING", .perpetual, .prelaunch),
            ("PERPETUAL_DELIVERING", "DELIVERING", .perpetual, .settling), ("CURRENT_QUARTER DELIVERING", "PRE_DELIVERING", .dated, .settling),
            ("NEXT_QUARTER", "DELIVERED", .dated, .delisted), ("PERPETUAL", "A_WORD_OF_TOMORROW", .perpetual, .suspended),
        ])
    func states(type: String, status: String, term: ContractTerm, expected: InstrumentStatus) throws {
        let instrument = try stage(.binanceCOINM, list(contract("BTCUSD_PERP", size: "100", type: type, status: status))).instrument("BTCUSD_PERP")
        #expect(instrument.contract == term && instrument.status == expected)
    }

    @Test("a null row, and numbers as text, as numbers and in no form at all")
    func odd() throws {
        let hour = try stage(
            .binanceCOINM, list(contract("BTCUSD_PERP", size: "\"100\""), "null", contract("ETHUSD_PERP", size: "0")),
            TestResponse("open_interest", #"{"symbol":"BTCUSD_PERP","openInterest":9511}"#),
            TestResponse("open_interest", #"{"symbol":"ETHUSD_PERP","openInterest":"9,511"}"#))
        #expect(try hour.ticker("BTCUSD_PERP").openInterestUSD == 951_100)
        // A size of 0 is none.
        #expect(try hour.instrument("ETHUSD_PERP").contractMultiplier == nil)
        #expect(hour.rejections.map(\.reason).sorted() == ["is not a decimal number", "is not text"])
    }

    @Test("ratios are told by pair and stand with its perpetual; positions have names of their own")
    func ratios() throws {
        let hour = try stage(
            .binanceCOINM, list(contract("BTCUSD_PERP", size: "100")),
            TestResponse("long_short_accounts", #"[{"pair":"BTCUSD","longShortRatio":"0.1960","longAccount":"0.6622","shortAccount":"0.3378","timestamp":1583139600000}]"#),
            TestResponse("long_short_top_positions", #"[{"pair":"BTCUSD","longShortRatio":"0.7869","longPosition":"0.6442","shortPosition":"0.3558","timestamp":1592870400000}]"#),
            TestResponse("taker_volume", #"[{"pair":"BTCUSD","contractType":"PERPETUAL","takerBuyVol":"300","takerSellVol":"100","takerBuyVolValue":"1","takerSellVolValue":"9","timestamp":1591261042378},{"pair":"BTCUSD","contractType":"CURRENT_QUARTER","takerBuyVol":"1","takerSellVol":"1","timestamp":1591261042378}]"#))
        #expect(hour.longShortRatios.allSatisfy { $0.symbol == "BTCUSD_PERP" && $0.asset == "BTC" })
        let long = Dictionary(uniqueKeysWithValues: hour.longShortRatios.map { ($0.population, $0.longFraction) })
        #expect(long == [.accounts: 0.6622, .topPositions: 0.6442, .taker: 0.75])
        #expect(hour.rejections.map(\.value) == ["CURRENT_QUARTER"])
    }

    @Test("an error of the exchange is no list", arguments: [#"{"code":-1121,"msg":"Invalid symbol."}"#, #"{"code":-1003,"msg":"Way too many requests; IP banned until 1772445600000."}"#])
    func errors(body: String) throws {
        let hour = try stage(.binanceCOINM, TestResponse("ticker_24hr", body))
        #expect(hour.tickers.isEmpty && hour.rejections.count == 1)
    }

    @Test("what is asked names symbols and pairs")
    func calls() throws {
        var plan = Plan(adapter: BinanceCOINM.adapter, hour: Hour("2026-03-02T10")!, focusAssets: ["BTC", "SOL"])
        #expect(plan.next().map(\.url) == ["https://dapi.binance.com/dapi/v1/exchangeInfo"])
        try plan.record(list(contract("BTCUSD_PERP", size: "100"), contract("ETHUSD_PERP", size: "10"), contract("BTCUSD_260327", size: "100", type: "CURRENT_QUARTER")))
        let market = plan.next().map(\.url)
        #expect(market.filter { $0.contains("openInterest") } == ["https://dapi.binance.com/dapi/v1/openInterest?symbol=BTCUSD_PERP", "https://dapi.binance.com/dapi/v1/openInterest?symbol=ETHUSD_PERP"])
        let details = plan.next().map { String($0.url.dropFirst("https://dapi.binance.com".count)) }
        #expect(
            details == [
                "/dapi/v1/fundingRate?symbol=BTCUSD_PERP&limit=3", "/futures/data/globalLongShortAccountRatio?pair=BTCUSD&period=1h&limit=1",
                "/futures/data/topLongShortAccountRatio?pair=BTCUSD&period=1h&limit=1", "/futures/data/topLongShortPositionRatio?pair=BTCUSD&period=1h&limit=1",
                "/futures/data/takerBuySellVol?pair=BTCUSD&contractType=PERPETUAL&period=1h&limit=1",
            ])
    }

    // MARK: - Stream

    private let event = #"{"e":"forceOrder","E":1591154240950,"o":{"s":"BTCUSD_200925","ps":"BTCUSD","S":"SELL","o":"LIMIT","f":"IOC","q":"3","p":"9301.0","ap":"9352.7","X":"FILLED","l":"2","z":"3","T":1591154240949}}"#

    @Test("W2: an event counts contracts, which are dollars")
    func liquidation() throws {
        let list = list(contract("BTCUSD_200925", size: "100", type: "CURRENT_QUARTER"))
        for message in [event, #"{"stream":"!forceOrder@arr","data":\#(event)}"#] {
            let hour = try stage(.binanceCOINM, list, TestResponse(LiquidationStream.endpointID, message))
            let liquidation = try #require(hour.liquidations.first)
            #expect(liquidation.side == .long && liquidation.price == 9352.7 && liquidation.quantityContracts == 3)
            #expect(liquidation.valueUSD == 300 && close(liquidation.quantityBase, 0.03207629882279983))
            #expect(liquidation.occurredAt.milliseconds == 1_591_154_240_949)
        }
    }

    @Test("without the size of a contract an event is set aside; on USDT-M such a symbol is no event")
    func unsized() throws {
        let hour = try stage(.binanceCOINM, TestResponse(LiquidationStream.endpointID, event))
        #expect(hour.liquidations.isEmpty && hour.rejections.map(\.reason) == ["counts contracts of unknown size"])
        let other = try stage(.binance, TestResponse(LiquidationStream.endpointID, event))
        #expect(other.liquidations.isEmpty && other.rejections.isEmpty)
    }

    @Test("events and the control stand on one address of the host for coin-margined contracts")
    func connection() {
        #expect(BinanceCOINM.stream.connections([]).map(\.url) == ["wss://dstream.binance.com/stream?streams=!forceOrder@arr/btcusd_perp@aggTrade"])
        #expect(BinanceCOINM.stream.connections([]).allSatisfy { !$0.isTestNetwork })
    }
}
