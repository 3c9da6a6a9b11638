import ExchangeAdapters
import JSONReader
import PerpCore
import Testing

@testable import ExchangeAdapters

/// Faults seen in real responses, one small body each.
@Suite("Cases from the field")
struct FieldCaseTests {
    // MARK: - A name is one thing

    @Test(
        "class first, then the name",
        arguments: [
            ("ON", AssetClass.crypto, "ON"), ("ON", .stock, "stock:ON"), ("GOLD", .commodity, "commodity:XAU"),
            ("XAU", .commodity, "commodity:XAU"), ("CL", .commodity, "commodity:WTI"), ("US500", .index, "index:SPX"),
            ("EUR", .fx, "fx:EUR"), ("1000CAT", .crypto, "CAT"), ("CAT", .stock, "stock:CAT"), ("ABC", .other, "other:ABC"),
            ("PAXG", .crypto, "PAXG"),
        ])
    func names(base: String, assetClass: AssetClass, asset: String) {
        #expect(Assets.canonical(base, assetClass, on: .binance).asset == asset)
        #expect(AssetClass(ofAsset: asset) == assetClass)
    }

    @Test("the exchange's own word for a class")
    func words() {
        #expect(AssetClasses.binance(contractType: "TRADIFI_PERPETUAL", underlyingType: "EQUITY") == .stock)
        #expect(AssetClasses.binance(contractType: "TRADIFI_PERPETUAL", underlyingType: "COIN") == .crypto)
        #expect(AssetClasses.binance(contractType: "TRADIFI_PERPETUAL", underlyingType: "PREMARKET") == .stock)
        #expect(AssetClasses.binance(contractType: "PERPETUAL", underlyingType: "INDEX") == .crypto)
        #expect(AssetClasses.binance(contractType: "PERPETUAL", underlyingType: nil) == nil)
        #expect(AssetClasses.binance(contractType: "PERPETUAL", underlyingType: "TULIP") == .other)
        #expect(AssetClasses.okx("3") == .stock && AssetClasses.okx("1") == .crypto && AssetClasses.okx("9") == .other)
        #expect(AssetClasses.bybit("ETF") == .stock && AssetClasses.bybit("innovation") == .crypto)
        #expect(AssetClasses.gate("metals") == .commodity && AssetClasses.gate("stocks") == .stock)
        #expect(AssetClasses.bybit("") == .crypto && AssetClasses.gate("") == .crypto)
        #expect(AssetClasses.bybit(nil) == nil && AssetClasses.gate(nil) == nil && AssetClasses.okx(nil) == nil)
        #expect(AssetClasses.bitget(base: "TSLA", isRWA: nil) == nil)
        #expect(AssetClasses.bitget(base: "TSLA", isRWA: "YES") == .stock)
        #expect(AssetClasses.bitget(base: "XAU", isRWA: "YES") == .commodity)
        #expect(AssetClasses.bitget(base: "NEVERSEEN", isRWA: "YES") == .other)
        #expect(AssetClasses.bitget(base: "TSLA", isRWA: "NO") == .crypto)
        #expect(AssetClasses.aster(symbolType: 1, subTypes: ["STOCK"]) == .stock)
        #expect(AssetClasses.aster(symbolType: nil, subTypes: ["RWA"]) == .commodity)
        #expect(AssetClasses.aster(symbolType: nil, subTypes: ["Meme"]) == nil)
        #expect(AssetClasses.aster(symbolType: 0, subTypes: ["pre-launch"]) == .crypto)
    }

    @Test("one exchange lists a share and a coin of one ticker: two assets")
    func shareBesideCoin() throws {
        let hour = try stage(
            .bybit,
            instruments(
                #"{"symbol":"CATUSDT","contractType":"LinearPerpetual","status":"Trading","baseCoin":"CAT","quoteCoin":"USDT","settleCoin":"USDT","symbolType":"stock"}"#,
                #"{"symbol":"1000CATUSDT","contractType":"LinearPerpetual","status":"Trading","baseCoin":"1000CAT","quoteCoin":"USDT","settleCoin":"USDT","symbolType":""}"#),
            TestResponse("tickers", bybit(#"{"symbol":"CATUSDT","lastPrice":"817.85"}"#, #"{"symbol":"1000CATUSDT","lastPrice":"0.0021"}"#)))
        #expect(hour.instruments.map(\.asset) == ["CAT", "stock:CAT"])
        #expect(hour.tickers.map(\.assetClass) == [.crypto, .stock])
    }

    @Test("without the list of instruments the class is not known, and never crypto")
    func unknownClass() throws {
        let hour = try stage(.bybit, TestResponse("tickers", bybit(#"{"symbol":"ONUSDT","lastPrice":"81.2"}"#)))
        #expect(try hour.ticker("ONUSDT").asset == "ON")
        #expect(try hour.ticker("ONUSDT").assetClass == nil)
    }

    @Test("a list without the key states no class: a coin so far, and the file says that it is not stated")
    func keyIsAbsent() throws {
        let list = instruments(
            #"{"symbol":"ONUSDT","contractType":"LinearPerpetual","status":"Trading","baseCoin":"ON","quoteCoin":"USDT","settleCoin":"USDT"}"#,
            #"{"symbol":"XAUUSDT","contractType":"LinearPerpetual","status":"Trading","baseCoin":"XAU","quoteCoin":"USDT","settleCoin":"USDT"}"#)
        let hour = try stage(.bybit, list, TestResponse("tickers", bybit(#"{"symbol":"ONUSDT","lastPrice":"81.2"}"#)))
        #expect(hour.instruments.map(\.asset) == ["ON", "commodity:XAU"])
        #expect(hour.instruments.map(\.assetClass) == [.crypto, .commodity])
        #expect(hour.instruments.map(\.isClassStated) == [false, true])
        #expect(try hour.ticker("ONUSDT").assetClass == nil)
    }

    // MARK: - Only what is listed trades

    @Test("a symbol that the whole list does not name is counted, told once per endpoint, and gets no ticker")
    func unlisted() throws {
        let hour = try stage(
            .bybit, instruments(listing("BTC")),
            TestResponse(
                "tickers",
                bybit(#"{"symbol":"BTCUSDT","lastPrice":"1"}"#, #"{"symbol":"GONEUSDT","lastPrice":"1"}"#, #"{"symbol":"DEADUSDT","lastPrice":"1"}"#)))
        #expect(hour.tickers.map(\.symbol) == ["BTCUSDT"])
        #expect(
            hour.rejections == [
                Rejection(
                    endpoint: "tickers", symbol: "DEADUSDT", field: "symbol",
                    reason: "names symbols that the list of instruments does not: this one is the first of them",
                    value: "2")
            ])
        let count = try #require(hour.source.endpoints.first { $0.name == "tickers" }?.count)
        #expect((count.rows, count.rejected, count.unlisted) == (3, 0, 2))
    }

    @Test("a list with a page missing, or a row that cannot be read, takes no ticker away")
    func partOfTheList() throws {
        let tickers = TestResponse("tickers", bybit(#"{"symbol":"AUSDT","lastPrice":"1"}"#, #"{"symbol":"BUSDT","lastPrice":"1"}"#))
        let page = TestResponse(
            "instruments", #"{"retCode":0,"retMsg":"OK","result":{"list":[\#(listing("A"))],"nextPageCursor":"more"},"time":1}"#)
        #expect(try stage(.bybit, page, tickers).tickers.map(\.symbol) == ["AUSDT", "BUSDT"])
        let unread = instruments(listing("A"), #"{"symbol":"BUSDT","contractType":"LinearPerpetual"}"#)
        #expect(try stage(.bybit, unread, tickers).tickers.map(\.assetClass) == [.crypto, nil])
    }

    @Test("an instrument for tests leaves nothing behind")
    func testInstrument() throws {
        let hour = try stage(
            .okx,
            okx("instruments", swap("BTC-USDT"), swap("D-USDT", state: "test")),
            okx("tickers", #"{"instId":"BTC-USDT-SWAP","last":"1","ts":"1773100800000"}"#, #"{"instId":"D-USDT-SWAP","last":"1","ts":"1773100800000"}"#))
        #expect(hour.instruments.map(\.symbol) == ["BTC-USDT-SWAP"])
        #expect(hour.tickers.map(\.symbol) == ["BTC-USDT-SWAP"])
        #expect(hour.rejections.isEmpty)
    }

    // MARK: - Families, periods, buckets

    @Test("a family margined in dollars is priced in dollars, by the index of its underlying")
    func dollarMargined() throws {
        let hour = try stage(
            .okx,
            okx("instruments", swap("BTC-USD_UM", underlying: "BTC-USD", settle: "USD"), swap("BTC-USD", settle: "BTC", type: "inverse")),
            okx(
                "tickers", #"{"instId":"BTC-USD_UM-SWAP","last":"80020","volCcy24h":"50","vol24h":"5000","ts":"1773100800000"}"#,
                #"{"instId":"BTC-USD-SWAP","last":"80010","volCcy24h":"10","vol24h":"8000","ts":"1773100800000"}"#),
            okx("index_tickers", #"{"instId":"BTC-USD","idxPx":"80015"}"#))
        let ticker = try hour.ticker("BTC-USD_UM-SWAP")
        #expect((ticker.asset, ticker.quote, ticker.kind) == ("BTC", "USD", .linear))
        #expect(ticker.volumeUSD24h == 4_001_000 && ticker.indexPrice == 80_015)
        #expect(try hour.instrument("BTC-USD_UM-SWAP").settle == "USD")
        #expect(OKX.parts("BTC-USD_UM-SWAP") == SymbolParts(base: "BTC", quote: "USD", settle: "USD"))
    }

    @Test("the current rate covers the period since the settlement before")
    func currentPeriod() throws {
        // Settled 8 h before, and the period after the coming settlement takes 4 h.
        let hour = try stage(
            .okx, okx("instruments", swap("LAYER-USDT")),
            okx(
                "funding_rate",
                #"{"instId":"LAYER-USDT-SWAP","fundingRate":"-0.0008","prevFundingTime":"1791187200000","fundingTime":"1791216000000","nextFundingTime":"1791230400000"}"#))
        let ticker = try hour.ticker("LAYER-USDT-SWAP")
        #expect(ticker.fundingIntervalHours == 8 && ticker.fundingRate8h == -0.0008)
    }

    @Test("a settlement carries the time since the one before it; the oldest shows none")
    func settledPeriods() throws {
        let hour = try stage(
            .gate,
            TestResponse(
                "funding_rate", url: "https://x/api/v4/futures/usdt/funding_rate?contract=SOL_USDT&limit=3",
                #"[{"r":"0.0003","t":1791190800},{"r":"0.0002","t":1791187200},{"r":"0.0001","t":1791158400}]"#))
        #expect(hour.fundingSettlements.map(\.fundingIntervalHours) == [nil, 8, 1])
        // A gap of three hours is nobody's period: a settlement between the two is missing.
        #expect(
            FundingSettlement.intervalHours(from: Timestamp(seconds: 0), to: Timestamp(seconds: 10_800)) == nil)
    }

    @Test("of a statistic's buckets the newest closed one counts")
    func closedBucket() throws {
        // Received at 00:02: the bucket of 00:00 is two minutes old.
        let midnight: Int64 = 1_773_100_800_000
        let hour = try stage(
            .okx,
            TestResponse(
                "taker_volume", url: "https://x/?instId=BTC-USDT-SWAP&period=1H&unit=1", receivedAt: midnight + 120_000,
                #"{"code":"0","data":[["\#(midnight)","5","95"],["\#(midnight - 3_600_000)","52","48"],["\#(midnight - 7_200_000)","10","90"]]}"#))
        #expect(hour.longShortRatios.map(\.longFraction) == [0.48])
        #expect(hour.rejections.isEmpty)
    }

    // MARK: - The exchange's own symbol

    @Test("per-asset calls ask the symbol that the list of instruments gives the asset")
    func ownSymbols() throws {
        var plan = Plan(adapter: Bybit.adapter, hour: Hour("2026-10-06T10")!, focusAssets: ["BTC", "PEPE", "MISSING"])  // a literal
        _ = plan.next()
        let pepe = listing("BTC") + "," + listing("1000PEPE")
        try record(&plan, "instruments", #"{"retCode":0,"retMsg":"OK","result":{"list":[\#(pepe)]},"time":1}"#)
        _ = plan.next()
        let asked = plan.next().map(\.url)
        func symbols(_ path: String) -> [String] {
            asked.filter { $0.contains(path) }.compactMap { $0.split(separator: "symbol=").last?.split(separator: "&").first.map(String.init) }
        }
        #expect(symbols("account-ratio") == ["BTCUSDT", "1000PEPEUSDT"])
        #expect(symbols("funding/history") == ["BTCUSDT", "1000PEPEUSDT"])
        #expect(symbols("category=spot") == ["BTCUSDT", "PEPEUSDT", "MISSINGUSDT"])
    }

    // MARK: - Bodies

    private func record(_ plan: inout Plan, _ endpoint: String, _ body: String) throws {
        let parser = JSONParser()
        let text = ByteBuffer(Array(body.utf8))
        plan.record(
            Response(
                endpoint: endpoint, url: "https://x/", receivedAt: Timestamp(milliseconds: 1), body: try parser.parse(text)))
    }

    private func bybit(_ rows: String...) -> String {
        #"{"retCode":0,"retMsg":"OK","result":{"list":[\#(rows.joined(separator: ","))]},"time":1773100800000}"#
    }

    private func instruments(_ rows: String...) -> TestResponse {
        TestResponse(
            "instruments",
            #"{"retCode":0,"retMsg":"OK","result":{"list":[\#(rows.joined(separator: ","))],"nextPageCursor":""},"time":1}"#)
    }

    private func listing(_ base: String) -> String {
        #"{"symbol":"\#(base)USDT","contractType":"LinearPerpetual","status":"Trading","baseCoin":"\#(base)","quoteCoin":"USDT","settleCoin":"USDT","symbolType":""}"#
    }

    private func okx(_ endpoint: String, _ rows: String...) -> TestResponse {
        TestResponse(endpoint, #"{"code":"0","msg":"","data":[\#(rows.joined(separator: ","))]}"#)
    }

    private func swap(
        _ family: String, underlying: String? = nil, settle: String = "USDT", type: String = "linear", state: String = "live"
    ) -> String {
        #"{"instId":"\#(family)-SWAP","uly":"\#(underlying ?? family)","instFamily":"\#(family)","settleCcy":"\#(settle)","ctVal":"0.01","ctMult":"1","ctType":"\#(type)","state":"\#(state)","instCategory":"1"}"#
    }
}
