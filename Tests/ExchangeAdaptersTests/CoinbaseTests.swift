import ExchangeAdapters
import PerpCore
import Testing

@Suite("Coinbase")
struct CoinbaseTests {
    private static let bitcoin =
        #"{"product_id":"BIP-20DEC30-CDE","price":"68930","price_percentage_change_24h":"-0.18101513286511","volume_24h":"678476","is_disabled":false,"status":"","cancel_only":false,"post_only":false,"trading_disabled":false,"product_type":"FUTURE","quote_currency_id":"USD","base_currency_id":"","fcm_trading_session_details":{"is_session_open":true},"display_name":"BTC PERP","approximate_quote_24h_volume":"467673506.8","best_bid_price":"","best_ask_price":"","future_product_details":{"venue":"cde","contract_code":"BIP","contract_expiry":"2030-12-20T16:00:00Z","contract_size":"0.01","contract_root_unit":"BTC","contract_expiry_type":"EXPIRING","perpetual_details":{"open_interest":"183283","funding_rate":"","funding_time":null},"non_crypto":false,"funding_interval":"3600s","open_interest":"183283","funding_rate":"0.000013","funding_time":"2026-04-07T00:00:00Z","display_name":"BTC Perpetual","futures_asset_type":"FUTURES_ASSET_TYPE_CRYPTO","index_price":"68899.882564"}}"#

    private func products(_ rows: String..., at receivedAt: Int64 = 1_775_521_739_000) -> TestResponse {
        TestResponse("products", receivedAt: receivedAt, #"{"products":[\#(rows.joined(separator: ","))],"num_products":1}"#)
    }

    @Test("CB1: a future that expires in 2030 and has funding is a perpetual")
    func perpetual() throws {
        let hour = try stage(.coinbase, products(Self.bitcoin))
        let ticker = try hour.ticker("BIP-20DEC30-CDE")
        #expect(ticker.asset == "BTC" && ticker.contract == .perpetual && ticker.kind == .linear && ticker.quote == "USD")
        #expect(ticker.openInterestContracts == 183_283)
        #expect(close(ticker.openInterestBase, 1832.83) && close(ticker.openInterestUSD, 126_336_971.9))
        #expect(close(ticker.volumeBase24h, 6784.76) && close(ticker.volumeUSD24h, 467_673_506.8))
        #expect(close(ticker.fundingRate8h, 0.000104) && ticker.fundingIntervalHours == 1)
        #expect(close(ticker.priceChange24h, -0.0018101513286511))
        #expect(ticker.lastPrice == 68930 && ticker.markPrice == nil && ticker.indexPrice == 68899.882564)
        #expect(ticker.bidPrice == nil && ticker.askPrice == nil)
        #expect(ticker.observedAt.milliseconds == 1_775_521_739_000)
        let instrument = try hour.instrument("BIP-20DEC30-CDE")
        #expect(instrument.settle == "USD" && instrument.contractMultiplier == 0.01)
        #expect(instrument.assetClass == .crypto && instrument.isClassStated && instrument.status == .trading)
    }

    @Test("the time of funding is the latest one: it is the next settlement only while it is to come")
    func nextFunding() throws {
        // Received at 00:28:59, the body names 00:00:00.
        #expect(try stage(.coinbase, products(Self.bitcoin)).ticker("BIP-20DEC30-CDE").nextFundingAt == nil)
        let before = try stage(.coinbase, products(Self.bitcoin, at: 1_775_519_000_000)).ticker("BIP-20DEC30-CDE")
        #expect(before.nextFundingAt?.milliseconds == 1_775_520_000_000)
    }

    @Test("CB2: a future without a rate is dated")
    func dated() throws {
        let row = #"{"product_id":"BIT-24APR26-CDE","price":"69165","price_percentage_change_24h":"-0.22360069244085","volume_24h":"102187","is_disabled":false,"product_type":"FUTURE","quote_currency_id":"USD","display_name":"BTC 24 APR 26","approximate_quote_24h_volume":"70677638.55","future_product_details":{"venue":"cde","contract_size":"0.01","contract_root_unit":"BTC","contract_expiry_type":"EXPIRING","non_crypto":false,"funding_interval":null,"open_interest":"35445","funding_rate":"","funding_time":null,"display_name":"BTC Futures (Apr 2026)","futures_asset_type":"FUTURES_ASSET_TYPE_CRYPTO","index_price":""}}"#
        let ticker = try stage(.coinbase, products(row)).ticker("BIT-24APR26-CDE")
        #expect(ticker.contract == .dated && close(ticker.openInterestBase, 354.45))
        #expect(ticker.fundingRate == nil && ticker.fundingIntervalHours == nil && ticker.nextFundingAt == nil)
        #expect(ticker.indexPrice == nil)
    }

    /// Bitcoin's row with one thing changed.
    private func changed(_ from: String, _ to: String) -> String { Self.bitcoin.replacing(from, with: to) }

    @Test(
        "the class is the exchange's word, and what is no coin by one field and a coin by another is neither",
        arguments: [
            ("CRYPTO", "false", "BTC"), ("METALS", "true", "commodity:BTC"), ("ENERGY", "true", "commodity:BTC"),
            ("COMMODITIES", "true", "commodity:BTC"), ("STOCKS", "true", "stock:BTC"), ("INDICES", "true", "index:BTC"),
            ("CRYPTO", "true", "other:BTC"), ("WEATHER", "false", "other:BTC"),
        ])
    func classes(type: String, isNoCoin: String, asset: String) throws {
        let row = changed("FUTURES_ASSET_TYPE_CRYPTO", "FUTURES_ASSET_TYPE_\(type)")
            .replacing(#""non_crypto":false"#, with: #""non_crypto":\#(isNoCoin)"#)
        #expect(try stage(.coinbase, products(row)).ticker("BIP-20DEC30-CDE").asset == asset)
    }

    @Test(
        "a contract that is closed for trading has no ticker",
        arguments: ["is_disabled", "cancel_only", "post_only", "trading_disabled"])
    func closed(field: String) throws {
        let hour = try stage(.coinbase, products(changed("\"\(field)\":false", "\"\(field)\":true")))
        #expect(hour.tickers.isEmpty)
        #expect(try hour.instrument("BIP-20DEC30-CDE").status == .suspended)
    }

    @Test(
        "what cannot be told apart is a row with a reason",
        arguments: [
            (#""funding_interval":"3600s""#, #""funding_interval":"hourly""#, "funding_interval"),
            ("PERP\"", "FUT\"", "contract_expiry_type"),
            ("\"EXPIRING\"", "\"UNKNOWN_CONTRACT_EXPIRY_TYPE\"", "contract_expiry_type"),
            (#""product_type":"FUTURE""#, #""product_type":"SPOT""#, "product_type"),
            (#""funding_time":"2026-04-07T00:00:00Z""#, #""funding_time":"1775520000""#, "funding_time"),
            (#""price":"68930""#, #""price":"68,930""#, "price"),
            (#""contract_root_unit":"BTC""#, #""contract_root_unit":"""#, "contract_root_unit"),
        ])
    func unknown(from: String, to: String, field: String) throws {
        let row = changed(from, to).replacing("BTC Perpetual", with: from == "PERP\"" ? "BTC Futures" : "BTC Perpetual")
        let hour = try stage(.coinbase, products(row, "null", #"{"product_id":"X-CDE","product_type":"FUTURE","quote_currency_id":"USD"}"#))
        #expect(hour.instruments.isEmpty && hour.tickers.isEmpty)
        #expect(hour.rejections.map(\.field) == [field, "row", "future_product_details"])
        #expect(hour.rejections.first?.symbol == "BIP-20DEC30-CDE")
    }

    @Test("a contract of another exchange in the list is left out")
    func otherExchange() throws {
        let hour = try stage(.coinbase, products(changed(#""venue":"cde""#, #""venue":"neptune""#)))
        #expect(hour.recordCount == 0 && hour.rejections.isEmpty)
    }

    @Test(
        "an error is an object with a word, and a list of another kind is refused whole",
        arguments: [
            #"{"error":"RESOURCE_EXHAUSTED","error_details":"","message":"slow down"}"#, #"{"products":{}}"#, "{}", "[]",
        ])
    func errors(body: String) throws {
        let hour = try stage(.coinbase, TestResponse("products", body))
        #expect(hour.recordCount == 0 && hour.rejections.count == 1)
    }
}
