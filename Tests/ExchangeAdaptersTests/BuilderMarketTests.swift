import JSONReader
import PerpCore
import Testing

@testable import ExchangeAdapters

@Suite("Hyperliquid's builder markets")
struct BuilderMarketTests {
    private let lists = TestResponse("perp_dexs", #"[null,{"name":"xyz","fullName":"XYZ"},{"name":"flx"},{"name":"hyna"}]"#)
    private let tokens = TestResponse(
        "spot_meta",
        #"{"universe":[],"tokens":[{"name":"USDC","index":0},{"name":"HYPE","index":150},{"name":"USDE","index":235},{"name":"USDT0","index":268},{"name":"USDH","index":360},{"name":"USDT","index":999}]}"#)
    private let annotations = TestResponse(
        "perp_annotations",
        #"[["xyz:XYZ100",{"category":"indices"}],["xyz:AAPL",{"category":"stocks"}],["hyna:BTC",{"category":"crypto"}]]"#)

    private func markets(_ names: String..., token: String = "0", ctx: String? = nil) -> TestResponse {
        let universe = names.map { #"{"szDecimals":3,"name":"\#($0)","maxLeverage":20}"# }.joined(separator: ",")
        let usual = #"{"funding":"0.0000125","openInterest":"20.0","prevDayPx":"4.0","dayNtlVlm":"100.0","oraclePx":"5.1","markPx":"5.0","dayBaseVlm":"25.0"}"#
        let contexts = names.map { _ in ctx ?? usual }.joined(separator: ",")
        return TestResponse("builder_markets", #"[{"universe":[\#(universe)],"marginTables":[],"collateralToken":\#(token)},[\#(contexts)]]"#)
    }

    private let core = TestResponse(
        "meta_and_asset_ctxs",
        #"[{"universe":[{"name":"BTC","szDecimals":5}],"collateralToken":0},[{"funding":"0.0000125","openInterest":"2","markPx":"64000.0"}]]"#)

    private let xyz100 = #"{"funding":"0.00000625","openInterest":"8837.92","prevDayPx":"29197.0","dayNtlVlm":"274087289.4394002557","premium":"-0.000220803","oraclePx":"29438.0","markPx":"29432.0","midPx":"29431.5","impactPxs":["29431.0","29432.0"],"dayBaseVlm":"9360.9015"}"#

    @Test("HX1: an index of a builder; its rate already holds the multiplier")
    func index() throws {
        for responses in [[markets("xyz:XYZ100", ctx: xyz100)], [lists, tokens, annotations, markets("xyz:XYZ100", ctx: xyz100)]] {
            let hour = try stage(.hyperliquid, responses)
            let ticker = try hour.ticker("xyz:XYZ100")
            #expect(ticker.asset == "index:XYZ100" && ticker.quote == "USDC" && !ticker.isCore)
            #expect(close(ticker.openInterestUSD, 260117661.44))
            #expect(close(ticker.priceChange24h, 0.008048772134123361))
            #expect(ticker.fundingRate == 0.00000625 && ticker.fundingIntervalHours == 1 && close(ticker.fundingRate8h, 5e-05))
            #expect(close(ticker.volumeUSD24h, 274087289.4394002557))
            let instrument = try hour.instrument("xyz:XYZ100")
            #expect(instrument.assetClass == .index && instrument.base == "XYZ100" && instrument.settle == "USDC")
            #expect(!instrument.isCore)
        }
    }

    @Test("HX2: a share")
    func share() throws {
        let ticker = try stage(
            .hyperliquid, annotations,
            markets("xyz:AAPL", ctx: #"{"funding":"-0.0000178177","openInterest":"253476.492","prevDayPx":"323.43","dayNtlVlm":"30905658.5694200099","oraclePx":"334.1","markPx":"333.93","dayBaseVlm":"94192.267"}"#)
        ).ticker("xyz:AAPL")
        #expect(ticker.asset == "stock:AAPL" && ticker.assetClass == .stock)
        #expect(close(ticker.openInterestUSD, 84643404.97356) && close(ticker.fundingRate8h, -0.0001425416))
    }

    @Test("what Hyperliquid lists itself is core, and staged lines say so only of what is not")
    func coreMarkets() throws {
        let hour = try stage(.hyperliquid, core, tokens, annotations, markets("hyna:BTC", token: "235"))
        #expect(try hour.ticker("BTC").isCore && hour.instrument("BTC").isCore)
        let coin = try hour.ticker("hyna:BTC")
        #expect(coin.asset == "BTC" && coin.assetClass == .crypto && !coin.isCore)
    }

    @Test("a quote that is no dollar has no dollars", arguments: [("235", "USDE"), ("268", "USDT0"), ("360", "USDH")])
    func quotes(token: String, name: String) throws {
        let ticker = try stage(.hyperliquid, annotations, markets("hyna:BTC", token: token), tokens).ticker("hyna:BTC")
        #expect(ticker.quote == name && ticker.openInterestBase == 20 && ticker.volumeBase24h == 25)
        #expect(ticker.openInterestUSD == nil && ticker.volumeUSD24h == nil)
    }

    @Test(
        "without the name of its quote a market is set aside; so is a token that only has the name of a dollar",
        arguments: ["361", "999", "null", "\"zero\""])
    func unknownQuote(token: String) throws {
        let hour = try stage(.hyperliquid, tokens, markets("hyna:BTC", token: token))
        #expect(hour.instruments.isEmpty && hour.tickers.isEmpty)
        #expect(hour.rejections.map(\.reason) == ["is priced in an asset that no answer names"])
        #expect(hour.rejections.first?.endpoint == "builder_markets" && hour.rejections.first?.symbol == "hyna:BTC")
    }

    @Test("a list says of itself alone what it is priced in, and Hyperliquid's own names no market of a builder")
    func ownList() throws {
        var hyna = markets("hyna:BTC", token: "235")
        var xyz = markets("xyz:XYZ100", "hyna:BTC")
        var own = TestResponse("meta_and_asset_ctxs", markets("BTC", "BTCX:ETH").body)
        (hyna.requestBody, xyz.requestBody, own.requestBody) = (
            #"{"type":"metaAndAssetCtxs","dex":"hyna"}"#, #"{"type":"metaAndAssetCtxs","dex":"xyz"}"#,
            #"{"type":"metaAndAssetCtxs"}"#
        )
        let hour = try stage(.hyperliquid, [lists, tokens, annotations, own, hyna, xyz])
        #expect(try hour.ticker("hyna:BTC").quote == "USDE" && hour.ticker("hyna:BTC").openInterestUSD == nil)
        #expect(hour.tickers.map(\.symbol).sorted() == ["BTC", "hyna:BTC", "xyz:XYZ100"])
        #expect(hour.rejections.map(\.value).sorted { ($0 ?? "") < ($1 ?? "") } == ["BTCX:ETH", "hyna:BTC"])
    }

    @Test("the index names a token, not its position")
    func position() throws {
        // At position 2 of the list stands USDE, whose index is 235.
        #expect(try stage(.hyperliquid, tokens, markets("hyna:BTC", token: "2")).tickers.isEmpty)
    }

    @Test(
        "what a builder calls the underlying, in any spelling; another word is no coin",
        arguments: [
            ("crypto", AssetClass.crypto, "STX"), ("Stocks", .stock, "stock:STX"), ("stock", .stock, "stock:STX"), ("preipo", .stock, "stock:STX"),
            ("commodities", .commodity, "commodity:STX"), ("INDICES", .index, "index:STX"), ("FX", .fx, "fx:STX"), ("rates", .other, "other:STX"),
        ])
    func categories(category: String, expected: AssetClass, asset: String) throws {
        let annotation = TestResponse("perp_annotations", #"[["xyz:STX",{"category":"\#(category)","displayName":"A"}]]"#)
        for responses in [[annotation, markets("xyz:STX")], [markets("xyz:STX"), annotation]] {
            let hour = try stage(.hyperliquid, responses)
            #expect(try hour.instrument("xyz:STX").assetClass == expected && hour.instrument("xyz:STX").isClassStated)
            #expect(try hour.ticker("xyz:STX").asset == asset)
        }
    }

    @Test("without an annotation it is no coin, and what its name suggests is not stated")
    func unannotated() throws {
        let hour = try stage(.hyperliquid, annotations, markets("xyz:BTC", "xyz:BB", "xyz:GOLD"))
        #expect(hour.tickers.map(\.asset) == ["stock:BB", "other:BTC", "commodity:XAU"])
        #expect(hour.tickers.allSatisfy { $0.assetClass == nil } && hour.instruments.allSatisfy { !$0.isClassStated })
    }

    @Test("a thousand counts in a builder's list as well")
    func thousands() throws {
        let annotation = TestResponse("perp_annotations", #"[["hyna:kPEPE",{"category":"crypto"}]]"#)
        let ticker = try stage(.hyperliquid, annotation, markets("hyna:kPEPE")).ticker("hyna:kPEPE")
        #expect(ticker.asset == "PEPE" && close(ticker.markPrice, 0.005) && ticker.openInterestBase == 20_000)
        #expect(ticker.openInterestUSD == 100)
    }

    @Test("one list is asked for each name; null is Hyperliquid itself, and a name that would break a request is set aside")
    func calls() throws {
        var plan = Plan(adapter: Hyperliquid.adapter, hour: Hour("2026-03-02T10")!, focusAssets: ["BTC"])
        let first = plan.next().compactMap(\.body)
        #expect(
            first == [
                #"{"type":"metaAndAssetCtxs"}"#, #"{"type":"perpDexs"}"#, #"{"type":"spotMeta"}"#, #"{"type":"perpConciseAnnotations"}"#,
            ])
        try plan.record(core)
        try plan.record(TestResponse("perp_dexs", #"[null,{"name":"xyz"},{"name":"a\",\"b"},null,{"name":"xyz"},{"full":1},"hyna",{"name":"io"}]"#))
        #expect(plan.next().map(\.body) == [#"{"type":"metaAndAssetCtxs","dex":"xyz"}"#, #"{"type":"metaAndAssetCtxs","dex":"io"}"#])
        #expect(plan.batch.rejections.map(\.reason) == ["is not a known value", "repeats an earlier row", "is missing", "is not text"])
        // The coin's own market, not a builder's, is the one that is asked for settlements.
        try plan.record(annotations)
        try plan.record(markets("hyna:BTC"))
        #expect(plan.next().compactMap(\.body) == [#"{"type":"fundingHistory","coin":"BTC","startTime":1772442000000}"#])
    }

    @Test("a response about another list than was asked is not believed")
    func otherList() throws {
        var batch = Batch(adapter: Hyperliquid.adapter)
        let names = ["BTC", "flx:TSLA", "xyz:TSLA"]
        let universe = names.map { #"{"name":"\#($0)"}"# }.joined(separator: ",")
        let contexts = names.map { _ in #"{"markPx":"1.0"}"# }.joined(separator: ",")
        let text = ByteBuffer(Array(#"[{"universe":[\#(universe)],"collateralToken":0},[\#(contexts)]]"#.utf8))
        let parser = JSONParser()
        batch.read(
            Response(
                endpoint: "builder_markets", url: "", requestBody: #"{"type":"metaAndAssetCtxs","dex":"xyz"}"#,
                receivedAt: Timestamp(milliseconds: 1), body: try parser.parse(text)))
        #expect(batch.drafts.filter { $0.listing != nil }.map(\.symbol) == ["xyz:TSLA"])
        #expect(batch.rejections.map(\.value) == ["BTC", "flx:TSLA"])
    }

    @Test("an error, or facts of another kind, costs no core market", arguments: ["null", "{}", "[{}]", "[[]]", "\"text\"", "[[1,2]]"])
    func badFacts(body: String) throws {
        for endpoint in ["perp_dexs", "spot_meta", "perp_annotations", "builder_markets"] {
            let hour = try stage(.hyperliquid, core, TestResponse(endpoint, body))
            #expect(hour.tickers.map(\.symbol) == ["BTC"])
            #expect(hour.rejections.allSatisfy { $0.endpoint == endpoint })
            #expect(!hour.rejections.isEmpty)
        }
    }
}
