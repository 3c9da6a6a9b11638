import ExchangeAdapters
import PerpCore
import Testing

@Suite("Deribit")
struct DeribitTests {
    private func instruments(_ rows: String) -> TestResponse {
        TestResponse("instruments", #"{"jsonrpc":"2.0","result":[\#(rows)],"usIn":1,"testnet":false}"#)
    }

    private func summaries(_ rows: String) -> TestResponse {
        TestResponse("book_summary", #"{"jsonrpc":"2.0","result":[\#(rows)],"usIn":1,"testnet":false}"#)
    }

    /// A row of the list, in the shape of 2025.
    private func listed(
        _ symbol: String, base: String, quote: String, settle: String, type: String, size: String,
        period: String = "perpetual", isActive: Bool = true
    ) -> String {
        #"{"price_index":"x","kind":"future","instrument_name":"\#(symbol)","instrument_type":"\#(type)","is_active":\#(isActive),"creation_timestamp":1651149400000,"contract_size":\#(size),"future_type":"\#(type)","settlement_currency":"\#(settle)","settlement_period":"\#(period)","base_currency":"\#(base)","counter_currency":"\#(quote)","quote_currency":"\#(quote)"}"#
    }

    @Test("DE1: a body of 2020 names an inverse perpetual of 10 dollars per contract, and a dated future")
    func oldList() throws {
        let hour = try stage(
            .deribit,
            instruments(
                #"{"tick_size":0.5,"settlement_period":"perpetual","quote_currency":"USD","min_trade_amount":10.0,"kind":"future","is_active":true,"instrument_name":"BTC-PERPETUAL","expiration_timestamp":32503708800000,"creation_timestamp":1534242287000,"contract_size":10.0,"base_currency":"BTC"},{"settlement_period":"month","quote_currency":"USD","kind":"future","is_active":true,"instrument_name":"ETH-26JUN20","creation_timestamp":1576832456000,"contract_size":1,"base_currency":"ETH"}"#))
        let btc = try hour.instrument("BTC-PERPETUAL")
        #expect(btc.kind == .inverse && btc.contract == .perpetual && btc.status == .trading)
        #expect(btc.base == "BTC" && btc.quote == "USD" && btc.settle == "BTC")
        #expect(btc.contractMultiplier == 10 && btc.unitMultiplier == 1 && btc.assetClass == .crypto)
        #expect(btc.listedAt?.milliseconds == 1_534_242_287_000 && btc.fundingIntervalHours == 8)
        let eth = try hour.instrument("ETH-26JUN20")
        #expect(eth.contract == .dated && eth.kind == .inverse && eth.fundingIntervalHours == nil)
    }

    @Test("S8: open interest of an inverse contract is dollars; the rate is that of eight hours, without a next settlement")
    func inverse() throws {
        let summary = summaries(
            #"{"volume_usd":209860710.0,"volume":29729.76,"quote_currency":"USD","open_interest":78731020,"mid_price":7207.75,"mark_price":7209.62,"low":6856.5,"last":7208.5,"instrument_name":"BTC-PERPETUAL","high":7300.0,"funding_8h":0.00000508,"estimated_delivery_price":7209.83,"current_funding":0.0,"creation_timestamp":1578027976916,"bid_price":7207.5,"base_currency":"BTC","ask_price":7208.0,"price_change":-1.25}"#)
        let list = instruments(
            listed("BTC-PERPETUAL", base: "BTC", quote: "USD", settle: "BTC", type: "reversed", size: "10.0"))
        let ticker = try stage(.deribit, list, summary).ticker("BTC-PERPETUAL")
        #expect(ticker.kind == .inverse && ticker.openInterestUSD == 78_731_020)
        #expect(close(ticker.openInterestBase, 10920.273190542635))
        // 78,731,020 dollars in contracts of 10 dollars.
        #expect(ticker.openInterestContracts == 7_873_102)
        #expect(ticker.volumeUSD24h == 209_860_710 && ticker.volumeBase24h == 29729.76)
        #expect(close(ticker.fundingRate8h, 5.08e-06) && ticker.fundingRate == 5.08e-06)
        #expect(ticker.fundingIntervalHours == 8 && ticker.nextFundingAt == nil)
        #expect(ticker.lastPrice == 7208.5 && ticker.markPrice == 7209.62 && ticker.indexPrice == nil)
        #expect(ticker.bidPrice == 7207.5 && ticker.askPrice == 7208)
        #expect(close(ticker.priceChange24h, -0.0125))
        #expect(ticker.observedAt.milliseconds == 1_578_027_976_916)
        // Without the list the size of a contract is not known.
        let alone = try stage(.deribit, summary).ticker("BTC-PERPETUAL")
        #expect(alone.openInterestContracts == nil && alone.openInterestUSD == 78_731_020 && alone.assetClass == nil)
    }

    @Test("sizes of a linear contract are coins, whatever the step of its orders")
    func linear() throws {
        let hour = try stage(
            .deribit,
            instruments(
                listed("SOL_USDC-PERPETUAL", base: "SOL", quote: "USDC", settle: "USDC", type: "linear", size: "0.1")),
            summaries(
                #"{"volume_usd":2000000,"volume":20000,"open_interest":5000,"mark_price":100,"last":99,"instrument_name":"SOL_USDC-PERPETUAL","funding_8h":-0.0002,"creation_timestamp":1772445604000,"price_change":null,"bid_price":null,"ask_price":0}"#),
            TestResponse(
                "ticker", url: "https://www.deribit.com/api/v2/public/ticker?instrument_name=SOL_USDC-PERPETUAL",
                #"{"jsonrpc":"2.0","result":{"instrument_name":"SOL_USDC-PERPETUAL","index_price":100.5,"state":"open"}}"#))
        #expect(try hour.instrument("SOL_USDC-PERPETUAL").contractMultiplier == 1)
        let ticker = try hour.ticker("SOL_USDC-PERPETUAL")
        #expect(ticker.kind == .linear && ticker.quote == "USDC" && ticker.indexPrice == 100.5)
        #expect(ticker.openInterestContracts == 5000 && ticker.openInterestBase == 5000)
        #expect(ticker.openInterestUSD == 500_000 && ticker.volumeUSD24h == 2_000_000)
        #expect(ticker.bidPrice == nil && ticker.askPrice == nil && ticker.priceChange24h == nil)
        #expect(ticker.fundingRate == -0.0002)
        #expect(hour.rejections.isEmpty)
    }

    @Test("a dated future has no funding, and an instrument that is not active no ticker")
    func datedAndInactive() throws {
        let hour = try stage(
            .deribit,
            instruments(
                listed("BTC-26DEC25", base: "BTC", quote: "USD", settle: "BTC", type: "reversed", size: "10", period: "month")
                    + ","
                    + listed(
                        "UNI_USDC-PERPETUAL", base: "UNI", quote: "USDC", settle: "USDC", type: "linear", size: "1",
                        isActive: false)),
            summaries(
                #"{"instrument_name":"BTC-26DEC25","last":90000,"mark_price":90010,"open_interest":1000,"funding_8h":0.0001},{"instrument_name":"UNI_USDC-PERPETUAL","last":5,"mark_price":5,"open_interest":7}"#))
        let dated = try hour.ticker("BTC-26DEC25")
        #expect(dated.fundingRate == nil && dated.fundingIntervalHours == nil && dated.openInterestUSD == 1000)
        #expect(try hour.instrument("UNI_USDC-PERPETUAL").status == .suspended)
        #expect(hour.tickers.count == 1)
    }

    @Test(
        "an unknown kind is a row with a reason",
        arguments: [
            (#""kind":"option""#, #""kind":"future""#, "kind"),
            (#""future_type":"quanto""#, #""future_type":"linear""#, "future_type"),
            (#""settlement_period":"decade""#, #""settlement_period":"perpetual""#, "settlement_period"),
            (#""is_active":"perhaps""#, #""is_active":true"#, "is_active"),
            (#""contract_size":"big""#, #""contract_size":1"#, "contract_size"),
        ])
    func unknown(sent: String, usual: String, field: String) throws {
        let good = listed("XRP_USDC-PERPETUAL", base: "XRP", quote: "USDC", settle: "USDC", type: "linear", size: "1")
        let bad = listed("UNI_USDC-PERPETUAL", base: "UNI", quote: "USDC", settle: "USDC", type: "linear", size: "1")
            .replacing(usual, with: sent)
        let hour = try stage(.deribit, instruments(good + "," + bad + ",null"))
        #expect(hour.instruments.map(\.symbol) == ["XRP_USDC-PERPETUAL"])
        #expect(hour.rejections.map(\.field) == [field, "row"])
        #expect(hour.rejections.first?.symbol == "UNI_USDC-PERPETUAL")
    }

    @Test("options and combinations in a summary are not in the list, and a symbol of another form has no parts")
    func options() throws {
        let hour = try stage(
            .deribit,
            instruments(listed("BTC-PERPETUAL", base: "BTC", quote: "USD", settle: "BTC", type: "reversed", size: "10")),
            summaries(
                #"{"instrument_name":"BTC-24JUN22-30000-C","last":0.05,"mark_price":0.05,"open_interest":1124.7},{"instrument_name":"BTC-FS-26DEC25_PERP","mark_price":1,"open_interest":1}"#))
        #expect(hour.tickers.isEmpty)
        #expect(hour.rejections.count == 1)
        let alone = try stage(.deribit, summaries(#"{"instrument_name":"BTC-24JUN22-30000-C","mark_price":0.05}"#))
        #expect(alone.tickers.isEmpty && alone.rejections.map(\.reason) == ["names no known pair of assets"])
    }

    @Test("settlements are hourly: what the hour cost, at the full minute")
    func funding() throws {
        let hour = try stage(
            .deribit,
            TestResponse(
                "funding_rate_history",
                url: "https://www.deribit.com/api/v2/public/get_funding_rate_history?instrument_name=BTC-PERPETUAL&start_timestamp=1&end_timestamp=2",
                #"{"jsonrpc":"2.0","result":[{"timestamp":1773097200000,"index_price":80000,"prev_index_price":79900,"interest_8h":0.00008,"interest_1h":0.00001},{"timestamp":1773100800000,"interest_8h":0.00004,"interest_1h":-0.000005}]}"#))
        #expect(hour.fundingSettlements.map(\.fundingRate) == [0.00001, -0.000005])
        #expect(hour.fundingSettlements.allSatisfy { $0.fundingIntervalHours == 1 && $0.symbol == "BTC-PERPETUAL" })
        #expect(hour.fundingSettlements.first?.settledAt.milliseconds == 1_773_097_200_000)
        #expect(hour.fundingSettlements.first?.asset == "BTC")
    }

    @Test("W13: a trade says who was forced: the taker, or the maker, who is on the other side")
    func liquidations() throws {
        let hour = try stage(
            .deribit,
            TestResponse(
                "trades",
                #"{"jsonrpc":"2.0","result":{"trades":[{"trade_seq":40781986,"trade_id":"66460463","timestamp":1584058044032,"price":4469.5,"liquidation":"T","instrument_name":"BTC-PERPETUAL","index_price":4805.41,"direction":"sell","amount":1120},{"trade_seq":40782000,"trade_id":"1","timestamp":1584058044100,"price":4469,"instrument_name":"BTC-PERPETUAL","direction":"sell","amount":10},{"trade_seq":40782080,"trade_id":"66460626","timestamp":1584058067675,"price":4458.5,"liquidation":"M","instrument_name":"BTC-PERPETUAL","index_price":4793.6,"direction":"buy","amount":2500}],"has_more":false}}"#))
        #expect(hour.liquidations.map(\.side) == [.long, .long])
        #expect(close(hour.liquidations.first?.quantityBase, 0.2505873140172279))
        #expect(close(hour.liquidations.last?.quantityBase, 0.56072670180554))
        #expect(hour.liquidations.map(\.valueUSD) == [1120, 2500])
        #expect(hour.liquidations.map(\.id) == ["66460463", "66460626"])
        #expect(hour.rejections.isEmpty)
    }

    @Test("a trade that forced both sides is two events of one row; an unknown mark is none")
    func bothSides() throws {
        func trade(_ mark: String) -> String {
            #"{"trade_id":"9","timestamp":1795000000000,"price":100,"instrument_name":"SOL_USDC-PERPETUAL","direction":"sell","amount":2,"liquidation":"\#(mark)"}"#
        }
        let hour = try stage(
            .deribit,
            TestResponse("trades", #"{"result":{"trades":[\#(trade("MT")),\#(trade("X"))],"has_more":false}}"#))
        #expect(hour.liquidations.map(\.side.rawValue).sorted() == ["long", "short"])
        #expect(hour.liquidations.allSatisfy { $0.quantityBase == 2 && $0.valueUSD == 200 })
        #expect(hour.rejections.map(\.field) == ["liquidation"])
    }

    @Test(
        "an error takes the place of the result",
        arguments: [
            (#"{"jsonrpc":"2.0","error":{"message":"too_many_requests","code":10028},"testnet":false}"#, "10028 too_many_requests"),
            (#"{"jsonrpc":"2.0","error":{"message":"Invalid params","data":[],"code":-32602}}"#, "-32602 Invalid params"),
            (#"{"jsonrpc":"2.0","error":"odd"}"#, " "),
        ])
    func errors(body: String, text: String) throws {
        let hour = try stage(.deribit, TestResponse("book_summary", body))
        #expect(hour.recordCount == 0)
        #expect(hour.rejections.map(\.reason) == ["the venue answered with an error: '\(text)'"])
        #expect(Adapter.adapter(for: .deribit).refusals.rateLimited == ["10028"])
    }

    @Test("a result of another kind is refused whole", arguments: ["{}", "null", #"{"result":null}"#, #"{"result":{}}"#])
    func shapes(body: String) throws {
        let hour = try stage(.deribit, TestResponse("instruments", body))
        #expect(hour.recordCount == 0 && hour.rejections.count == 1)
    }
}
