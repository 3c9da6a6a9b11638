import PerpCore
import Testing

@testable import SimulatedMarket

private let small = Market(seed: 7, size: .small)
private let noon = Hour("2025-10-23T12")!  // a literal hour of the calendar

/// Requests that every hour of a run makes, one of each kind.
private let requests: [(Exchange, String, String)] = [
    (.binance, "/fapi/v1/exchangeInfo", ""), (.binance, "/fapi/v1/ticker/24hr", ""),
    (.binance, "/fapi/v1/premiumIndex", ""), (.binance, "/fapi/v1/ticker/bookTicker", ""),
    (.binance, "/fapi/v1/fundingInfo", ""), (.binance, "/fapi/v1/openInterest?symbol=BTCUSDT", ""),
    (.binance, "/fapi/v1/fundingRate?startTime=1761217200000&limit=1000", ""),
    (.binance, "/futures/data/globalLongShortAccountRatio?symbol=BTCUSDT&period=1h&limit=1", ""),
    (.binance, "/futures/data/topLongShortAccountRatio?symbol=BTCUSDT&period=1h&limit=1", ""),
    (.binance, "/futures/data/topLongShortPositionRatio?symbol=BTCUSDT&period=1h&limit=1", ""),
    (.binance, "/futures/data/takerlongshortRatio?symbol=BTCUSDT&period=1h&limit=1", ""),
    (.binance, "/api/v3/ticker/24hr?symbols=[%22BTCUSDT%22,%22ETHUSDT%22]", ""),
    (.okx, "/api/v5/public/instruments?instType=SWAP", ""), (.okx, "/api/v5/market/tickers?instType=SWAP", ""),
    (.okx, "/api/v5/public/open-interest?instType=SWAP", ""), (.okx, "/api/v5/public/funding-rate?instId=ANY", ""),
    (.okx, "/api/v5/public/mark-price?instType=SWAP", ""), (.okx, "/api/v5/market/index-tickers?quoteCcy=USD", ""),
    (.okx, "/api/v5/public/funding-rate-history?instId=BTC-USDT-SWAP&limit=3", ""),
    (.okx, "/api/v5/rubik/stat/contracts/long-short-account-ratio-contract?instId=BTC-USDT-SWAP&period=1H", ""),
    (.okx, "/api/v5/rubik/stat/taker-volume-contract?instId=BTC-USDT-SWAP&period=1H&unit=1", ""),
    (.okx, "/api/v5/public/liquidation-orders?instType=SWAP&state=filled&instFamily=BTC-USDT&limit=100", ""),
    (.okx, "/api/v5/market/ticker?instId=BTC-USDT", ""),
    (.bybit, "/v5/market/tickers?category=linear", ""), (.bybit, "/v5/market/instruments-info?category=linear", ""),
    (.bybit, "/v5/market/instruments-info?category=linear&status=PreLaunch", ""),
    (.bybit, "/v5/market/tickers?category=inverse", ""), (.bybit, "/v5/market/instruments-info?category=inverse", ""),
    (.bybit, "/v5/market/account-ratio?category=linear&symbol=BTCUSDT&period=1h&limit=1", ""),
    (.bybit, "/v5/market/funding/history?category=linear&symbol=BTCUSDT&limit=3", ""),
    (.bybit, "/v5/market/open-interest?category=linear&symbol=BTCUSDT&intervalTime=1h", ""),
    (.bybit, "/v5/market/tickers?category=spot&symbol=BTCUSDT", ""),
    (.gate, "/api/v4/futures/usdt/contracts", ""), (.gate, "/api/v4/futures/usdt/tickers", ""),
    (.gate, "/api/v4/futures/usdt/contract_stats?contract=BTC_USDT&interval=1h&from=1761217200&limit=2", ""),
    (.gate, "/api/v4/futures/usdt/liq_orders?from=1761217200&to=1761220799&limit=1000", ""),
    (.gate, "/api/v4/futures/usdt/funding_rate?contract=BTC_USDT&limit=3", ""),
    (.gate, "/api/v4/spot/tickers?currency_pair=BTC_USDT", ""),
    (.bitget, "/api/v2/mix/market/tickers?productType=USDT-FUTURES", ""),
    (.bitget, "/api/v2/mix/market/contracts?productType=USDT-FUTURES", ""),
    (.bitget, "/api/v2/mix/market/current-fund-rate?productType=USDT-FUTURES", ""),
    (.bitget, "/api/v2/mix/market/account-long-short?symbol=BTCUSDT&period=1h", ""),
    (.bitget, "/api/v2/mix/market/history-fund-rate?symbol=BTCUSDT&productType=USDT-FUTURES&pageSize=3", ""),
    (.bitget, "/api/v3/market/liquidations?category=USDT-FUTURES&limit=100&cursor=", ""),
    (.bitget, "/api/v2/spot/market/tickers?symbol=BTCUSDT", ""),
    (.hyperliquid, "/info", #"{"type":"metaAndAssetCtxs"}"#),
    (.hyperliquid, "/info", #"{"type":"metaAndAssetCtxs","dex":"xyz"}"#), (.hyperliquid, "/info", #"{"type":"perpDexs"}"#),
    (.hyperliquid, "/info", #"{"type":"spotMeta"}"#), (.hyperliquid, "/info", #"{"type":"perpConciseAnnotations"}"#),
    (.hyperliquid, "/info", #"{"type":"fundingHistory","coin":"BTC","startTime":1761217200000}"#),
    (.aster, "/fapi/v1/exchangeInfo", ""), (.aster, "/fapi/v1/ticker/24hr", ""),
    (.aster, "/fapi/v1/premiumIndex", ""), (.aster, "/fapi/v1/fundingInfo", ""),
    (.aster, "/api/v1/ticker/24hr?symbol=BTCUSDT", ""), (.dydx, "/v4/perpetualMarkets", ""),
    (.dydx, "/v4/historicalFunding/BTC-USD?limit=3", ""), (.dydx, "/v4/trades/perpetualMarket/BTC-USD?limit=10", ""),
    (.binanceCOINM, "/dapi/v1/exchangeInfo", ""), (.binanceCOINM, "/dapi/v1/ticker/24hr", ""),
    (.binanceCOINM, "/dapi/v1/premiumIndex", ""), (.binanceCOINM, "/dapi/v1/ticker/bookTicker", ""),
    (.binanceCOINM, "/dapi/v1/fundingInfo", ""), (.binanceCOINM, "/dapi/v1/openInterest?symbol=BTCUSD_PERP", ""),
    (.binanceCOINM, "/dapi/v1/fundingRate?symbol=BTCUSD_PERP&limit=3", ""),
    (.binanceCOINM, "/futures/data/globalLongShortAccountRatio?pair=BTCUSD&period=1h&limit=1", ""),
    (.binanceCOINM, "/futures/data/topLongShortAccountRatio?pair=BTCUSD&period=1h&limit=1", ""),
    (.binanceCOINM, "/futures/data/topLongShortPositionRatio?pair=BTCUSD&period=1h&limit=1", ""),
    (.binanceCOINM, "/futures/data/takerBuySellVol?pair=BTCUSD&contractType=PERPETUAL&period=1h&limit=1", ""),
    (.deribit, "/api/v2/public/get_instruments?currency=any&kind=future", ""),
    (.deribit, "/api/v2/public/get_book_summary_by_currency?currency=BTC&kind=future", ""),
    (.deribit, "/api/v2/public/ticker?instrument_name=BTC-PERPETUAL", ""),
    (
        .deribit,
        "/api/v2/public/get_funding_rate_history?instrument_name=BTC-PERPETUAL&start_timestamp=1761213600000&end_timestamp=1761220800000",
        ""
    ),
    (
        .deribit,
        "/api/v2/public/get_last_trades_by_instrument_and_time?instrument_name=BTC-PERPETUAL&start_timestamp=1761217200000&end_timestamp=1761220799999&count=1000&sorting=asc",
        ""
    ),
    (.krakenFutures, "/derivatives/api/v3/instruments", ""), (.krakenFutures, "/derivatives/api/v3/tickers", ""),
    (.krakenFutures, "/derivatives/api/v4/historicalfundingrates?symbol=PF_XBTUSD", ""),
    (.krakenFutures, "/derivatives/api/v3/history?symbol=PF_XBTUSD&lastTime=2025-10-23T12:00:00.000Z", ""),
    (.coinbase, "/api/v3/brokerage/market/products?product_type=FUTURE", ""),
    (.mexc, "/api/v1/contract/detail", ""), (.mexc, "/api/v1/contract/ticker", ""),
    (.mexc, "/api/v1/contract/funding_rate", ""), (.mexc, "/api/v1/contract/funding_rate/BTC_USDT", ""),
    (.mexc, "/api/v1/contract/funding_rate/history?symbol=BTC_USDT&page_num=1&page_size=3", ""),
    (.kucoin, "/api/v1/contracts/active", ""),
    (.bingx, "/openApi/swap/v2/quote/contracts", ""), (.bingx, "/openApi/swap/v2/quote/ticker", ""),
    (.bingx, "/openApi/swap/v2/quote/premiumIndex", ""),
    (.bingx, "/openApi/swap/v2/quote/openInterest?symbol=BTC-USDT", ""),
    (.bingx, "/openApi/swap/v2/quote/fundingRate?symbol=BTC-USDT&limit=3", ""),
    (.lighter, "/api/v1/orderBookDetails", ""), (.lighter, "/api/v1/funding-rates", ""),
    (.lighter, "/api/v1/fundings?market_id=1&resolution=1h&start_timestamp=1761210000&end_timestamp=1761220800&count_back=3", ""),
    (.htx, "/linear-swap-api/v1/swap_contract_info", ""), (.htx, "/v2/linear-swap-ex/market/detail/batch_merged", ""),
    (.htx, "/linear-swap-api/v1/swap_open_interest", ""), (.htx, "/linear-swap-api/v1/swap_batch_funding_rate", ""),
    (.htx, "/linear-swap-api/v1/swap_index", ""),
    (.htx, "/linear-swap-api/v1/swap_historical_funding_rate?contract_code=BTC-USDT&page_index=1&page_size=3", ""),
    (.htx, "/linear-swap-api/v1/swap_elite_account_ratio?contract_code=BTC-USDT&period=60min", ""),
    (.htx, "/linear-swap-api/v1/swap_elite_position_ratio?contract_code=BTC-USDT&period=60min", ""),
    (.htx, "/linear-swap-api/v3/swap_liquidation_orders?contract=BTC-USDT&trade_type=0", ""),
    (.edgex, "/api/v2/public/meta/getMetaData", ""),
    (.edgex, "/api/v2/public/funding/getLatestFundingRate?contractId=30000001,30000002", ""),
    (.edgex, "/api/v2/public/quote/getTicker?contractId=30000001", ""),
    (.pacifica, "/api/v1/info", ""), (.pacifica, "/api/v1/info/prices", ""),
    (.backpack, "/api/v1/markets", ""), (.backpack, "/api/v1/markPrices", ""),
    (.backpack, "/api/v1/openInterest", ""), (.backpack, "/api/v1/tickers", ""),
    (.backpack, "/api/v1/fundingRates?symbol=BTC_USDC_PERP&limit=4", ""),
    (.extended, "/api/v1/info/markets", ""),
    (.extended, "/api/v1/info/BTC-USD/funding?startTime=1761213600000&endTime=1761224399999", ""),
    (.grvt, "/full/v1/all_instruments", #"{"is_active":true}"#),
    (.grvt, "/full/v1/ticker", #"{"instrument":"BTC_USDT_Perp"}"#),
    (.grvt, "/full/v1/funding", #"{"instrument":"BTC_USDT_Perp","limit":3}"#),
    (.paradex, "/v1/markets", ""), (.paradex, "/v1/markets/summary?market=ALL", ""),
    (.paradex, "/v1/trades?market=BTC-USD-PERP&page_size=1000&start_at=1761217200000&end_at=1761220799999", ""),
]

private func ask(
    _ exchange: Exchange, _ target: String, _ body: String = "", of market: Market = small, at hour: Hour = noon
) -> SimulatedResponse {
    market.respond(
        to: SimulatedRequest(exchange: exchange, method: body.isEmpty ? "GET" : "POST", target: target, body: body),
        at: hour)
}

private func text(_ response: SimulatedResponse) -> String { String(decoding: response.body, as: UTF8.self) }

/// The numbers under a name in a response, in quotes or not.
private func numbers(_ name: String, in response: SimulatedResponse) -> [Double?] {
    text(response).split(separator: "\"\(name)\":").dropFirst().map { rest in
        Double(rest.drop { $0 == "\"" }.prefix { !"\",}".contains($0) })
    }
}

/// A hash of the bodies of all requests, to be compared between processes.
private func fingerprint(of market: Market, at hour: Hour) -> UInt64 {
    requests.reduce(0) { sum, request in
        Noise.hash(text(ask(request.0, request.1, request.2, of: market, at: hour)), seed: sum)
    }
}

@Suite("The simulated market")
struct MarketTests {
    @Test("every endpoint responds with status 200 and rows", arguments: requests)
    func responses(request: (Exchange, String, String)) {
        let response = ask(request.0, request.1, request.2)
        #expect(response.status == 200)
        #expect(response.body.count > 40)
        #expect(response.header("date") != nil)
    }

    @Test("two markets of one seed say the same bytes, whatever was asked before")
    func determinism() {
        let other = Market(seed: 7, size: .small)
        _ = ask(.gate, "/api/v4/futures/usdt/tickers", of: other, at: noon.advanced(by: 900))
        #expect(fingerprint(of: small, at: noon) == fingerprint(of: other, at: noon))
        #expect(fingerprint(of: small, at: noon) != fingerprint(of: Market(seed: 8, size: .small), at: noon))
    }

    @Test("hashes are the same in every process")
    func stableHashes() {
        // SplitMix64 of 1 with the increment of one step, and FNV-1a of "a" (af63dc4c8601ec8c) mixed by it.
        #expect(Noise.hash(1) == 0x5692_161D_100B_05E5)
        #expect(Noise.hash("a") == Noise.hash(0xAF63_DC4C_8601_EC8C))
    }

    @Test("neighbouring hours differ by little, a day's change follows the path", arguments: Exchange.allCases)
    func continuity(exchange: Exchange) {
        var hour = noon
        for _ in 0..<72 {
            let now = Moment(market: small, exchange: exchange, hour: hour)
            let next = Moment(market: small, exchange: exchange, hour: hour.next)
            for listing in now.listings() where listing.isTrading(at: now.time) && listing.isTrading(at: next.time) {
                let (first, second) = (now.quote(listing), next.quote(listing))
                #expect(abs(second.mark / first.mark - 1) < 0.3)
                #expect(abs(second.openInterest / first.openInterest - 1) < 0.6)
                #expect(first.volume > 0 && first.turnover > 0 && first.openInterest > 0 && first.trades > 0)
                #expect(first.bid < first.ask && first.low <= first.last && first.last <= first.high)
            }
            hour = hour.next
        }
    }

    @Test("the open price of a day is the last price of the day before")
    func dayChange() throws {
        let now = Moment(market: small, exchange: .binance, hour: noon)
        let before = Moment(market: small, exchange: .binance, hour: noon, time: now.time - 86_400_000)
        for symbol in ["BTCUSDT", "1000PEPEUSDT", "ETHBTC"] {
            let listing = try #require(now.listing(symbol))
            #expect(abs(now.quote(listing).open / before.quote(listing).last - 1) < 0.002)
        }
    }

    @Test("exchanges agree on a coin's price to half a percent", arguments: ["BTC", "ETH", "PEPE", "KAITO"])
    func exchanges(coin: String) {
        let index = small.coins.index(of: coin)
        for offset in 0..<48 {
            let hour = noon.advanced(by: offset)
            let marks = Exchange.allCases.flatMap { exchange -> [Double] in
                let moment = Moment(market: small, exchange: exchange, hour: hour, time: hour.startMilliseconds)
                return moment.listings()
                    .filter { $0.coin == index && $0.isPerpetual && $0.quote != .btc && $0.isTrading(at: moment.time) }
                    .map { moment.quote($0).mark / $0.unit }
            }
            #expect(marks.count >= 8)
            #expect((marks.max() ?? 0) / (marks.min() ?? 1) < 1.005)
        }
    }

    @Test("a week has several hours with a burst of liquidations")
    func bursts() {
        let moment = Moment(market: small, exchange: .gate, hour: noon.advanced(by: 168))
        let listings = moment.listings()
        let counts = (1...168).map { back in
            let hour = moment.hour.start / 3600 - Int64(back)
            return listings.reduce(0) { $0 + moment.liquidations($1, hour: hour).count }
        }
        let usual = counts.sorted()[84]
        #expect(usual > 5)
        #expect((2...20).contains(counts.count { $0 > 5 * usual }))
    }

    @Test("instruments are listed and delisted over time")
    func life() {
        let symbols = (0..<30).map { day in
            Set(small.instruments(of: .okx, at: noon.advanced(by: 24 * day)).map(\.symbol))
        }
        #expect(Set(symbols).count > 5)
        #expect(symbols.allSatisfy { $0.contains("BTC-USDT-SWAP") && $0.contains("BTC-USD-SWAP") })
    }

    @Test("sizes are about 20 per exchange, and 9,000 in all", arguments: [(Market.Size.small, 400...500), (.full, 8700...9400)])
    func sizes(size: Market.Size, expected: ClosedRange<Int>) {
        let market = Market(seed: 1, size: size)
        let count = Exchange.allCases.reduce(0) { $0 + market.instruments(of: $1, at: noon).count }
        #expect(expected.contains(count))
    }

    @Test(
        "a full market has about as many contracts of an exchange as it listed in September 2026",
        arguments: [(Exchange.mexc, 1192), (.kucoin, 687), (.bingx, 1002), (.htx, 342), (.bybit, 805), (.gate, 950)])
    func realisticCounts(exchange: Exchange, count: Int) {
        let listed = Market(seed: 1, size: .full).instruments(of: exchange, at: noon).count
        #expect(abs(Double(listed) / Double(count) - 1) < 0.03, "\(listed)")
    }

    @Test(
        "what is no coin is among the contracts, in the exchange's own words",
        arguments: [
            (Exchange.mexc, "/api/v1/contract/detail", #""baseCoin":"AAPLSTOCK","baseCoinName":"AAPL""#),
            (.mexc, "/api/v1/contract/detail", #""mc-trade-zone-metals","mc-trade-zone-tradfi""#),
            (.kucoin, "/api/v1/contracts/active", #""assetClass":"STOCK","marketType":"CRYPTO""#),
            (.bingx, "/openApi/swap/v2/quote/contracts", #""symbol":"NCSKAAPL2USD-USDT""#),
            (.htx, "/linear-swap-api/v1/swap_contract_info", #""tradfi_labels":["Indices"]"#),
            (.lighter, "/api/v1/orderBookDetails", #""symbol":"EURUSD""#),
        ])
    func traditional(exchange: Exchange, target: String, part: String) {
        #expect(text(ask(exchange, target)).contains(part))
    }
}

@Suite("Shapes of responses")
struct ShapeTests {
    @Test(
        "bodies begin as the exchange's do",
        arguments: [
            (Exchange.binance, "/fapi/v1/premiumIndex", #"[{"symbol":"BTCUSDT","markPrice":""#),
            (.okx, "/api/v5/market/tickers?instType=SWAP", #"{"code":"0","data":[{"instType":"SWAP","instId":"BTC-"#),
            (.bybit, "/v5/market/tickers?category=linear", #"{"retCode":0,"retMsg":"OK","result":{"category":"lin"#),
            (.gate, "/api/v4/futures/usdt/tickers", #"[{"last":""#),
            (.bitget, "/api/v2/mix/market/tickers?productType=usdt-futures", #"{"code":"00000","msg":"success","req"#),
            (.aster, "/fapi/v1/openInterest?symbol=BTCUSDT", #"{"symbol":"BTCUSDT","openInterest":""#),
            (.dydx, "/v4/perpetualMarkets", #"{"markets":{""#),
            (
                .deribit, "/api/v2/public/get_instruments?currency=any&kind=future",
                #"{"jsonrpc":"2.0","result":[{"price_index":"btc_usdc","kind":"future","#
            ),
            (.krakenFutures, "/derivatives/api/v3/tickers", #"{"result":"success","tickers":[{"symbol":"PF_XBTUSD","#),
            (
                .coinbase, "/api/v3/brokerage/market/products?product_type=FUTURE",
                #"{"products":[{"product_id":"BIP-20DEC30-CDE","price":""#
            ),
            (.edgex, "/api/v2/public/quote/getTicker?contractId=30000001", #"{"code":"SUCCESS","data":[{"contractId":"30"#),
            (.pacifica, "/api/v1/info/prices", #"{"success":true,"data":[{"funding":""#),
            (.backpack, "/api/v1/openInterest", #"[{"openInterest":"10","symbol":"FDVMOON1B_USDC_PREDICTION","#),
            (.extended, "/api/v1/info/markets", #"{"status":"OK","data":[{"name":"BTC-USD","type":"PERPETUAL","#),
            (.paradex, "/v1/markets/summary?market=ALL", #"{"results":[{"symbol":"BTC-USD-PERP","mark_price":""#),
        ])
    func beginnings(exchange: Exchange, target: String, expected: String) {
        #expect(text(ask(exchange, target)).hasPrefix(expected))
    }

    @Test(
        "no trade has a size of zero, however cheap the coin is",
        arguments: [
            (Exchange.dydx, "/v4/trades/perpetualMarket/"), (.krakenFutures, "/derivatives/api/v3/history?symbol="),
        ])
    func tradeSizes(exchange: Exchange, path: String) {
        for listing in Moment(market: small, exchange: exchange, hour: noon).listings() {
            let sizes = numbers("size", in: ask(exchange, path + String(decoding: listing.symbol, as: UTF8.self)))
            #expect(sizes.count >= 100 && sizes.allSatisfy { $0 ?? 0 > 0 })
        }
    }

    @Test("odd kinds are all there")
    func oddKinds() {
        let binance = text(ask(.binance, "/fapi/v1/exchangeInfo"))
        for part in [
            "\"ETHBTC\"", "1000PEPEUSDT", "1000000MOGUSDT", "1MBABYDOGEUSDT", "币安人生USDT", "\"SETTLING\"",
            "\"PENDING_TRADING\"", "\"PRE_SETTLE\"", "CURRENT_QUARTER DELIVERING", "\"NEXT_QUARTER\"", "BTCUSDT_251226",
        ] {
            #expect(binance.contains(part))
        }
        #expect(text(ask(.binance, "/fapi/v1/premiumIndex")).contains("\"nextFundingTime\":0,"))
        let bybit = text(ask(.bybit, "/v5/market/tickers?category=linear"))
        for part in ["\"SHIB1000USDT\"", "\"10000LADYSUSDT\"", "\"BTCPERP\"", "\"BTC-26DEC25\"", "\"fundingRate\":\"\""] {
            #expect(bybit.contains(part))
        }
        let hyperliquid = text(ask(.hyperliquid, "/info", #"{"type":"metaAndAssetCtxs"}"#))
        for part in ["\"kPEPE\"", "\"KAITO\"", "\"isDelisted\":true", "\"midPx\":null", "\"KAS\""] {
            #expect(hyperliquid.contains(part))
        }
        let okx = text(ask(.okx, "/api/v5/public/instruments?instType=SWAP"))
        for part in [#""ctType":"inverse","ctVal":"100","ctValCcy":"USD""#, "\"suspend\"", "\"preopen\""] {
            #expect(okx.contains(part))
        }
        #expect(text(ask(.dydx, "/v4/perpetualMarkets")).contains("FINAL_SETTLEMENT"))
        let kraken = text(ask(.krakenFutures, "/derivatives/api/v3/tickers"))
        for part in ["\"PI_XBTUSD\"", "\"FI_XBTUSD_2", "\"in_xbtusd\"", "\"suspended\":true", "\"postOnly\":true"] {
            #expect(kraken.contains(part))
        }
        let coinbase = text(ask(.coinbase, "/api/v3/brokerage/market/products?product_type=FUTURE"))
        for part in ["\"BIT-26DEC25-CDE\"", "FUTURES_ASSET_TYPE_METALS", "\"is_disabled\":true", "\"funding_rate\":\"\""] {
            #expect(coinbase.contains(part))
        }
        let deribit = text(ask(.deribit, "/api/v2/public/get_instruments?currency=any&kind=future"))
        for part in ["\"BTC-PERPETUAL\"", "\"BTC-26DEC25\"", "\"SOL_USDC-PERPETUAL\"", "\"is_active\":false"] {
            #expect(deribit.contains(part))
        }
        #expect(text(ask(.gate, "/api/v4/futures/usdt/contracts")).contains(#""quanto_multiplier":"9.6""#))
        #expect(text(ask(.bitget, "/api/v2/mix/market/contracts?productType=USDT-FUTURES")).contains("\"delivery\""))
    }

    @Test("Bybit tells one side of open interest since June 2026")
    func singleSide() throws {
        let later = try #require(Hour("2026-06-10T00"))
        let target = "/v5/market/tickers?category=linear"
        #expect(!text(ask(.bybit, target)).contains("singleOpenInterest"))
        #expect(text(ask(.bybit, target, at: later)).contains("singleOpenInterestValue"))
    }

    @Test("pages of instruments hold each symbol once")
    func pages() {
        var symbols: [String] = []
        var pages = 0
        for category in ["linear", "inverse"] {
            var cursor: String? = ""
            while let next = cursor, pages < 9 {
                let body = text(ask(.bybit, "/v5/market/instruments-info?category=\(category)&limit=1000&cursor=\(next)"))
                symbols += body.split(separator: "{\"symbol\":\"").dropFirst().map { String($0.prefix { $0 != "\"" }) }
                cursor = body.split(separator: "\"nextPageCursor\":\"").last.map { String($0.prefix { $0 != "\"" }) }
                if cursor == "" { cursor = nil }
                pages += 1
            }
        }
        #expect(pages > 2)
        #expect(symbols.count == Set(symbols).count)
        #expect(symbols.count == small.instruments(of: .bybit, at: noon).count(where: \.trading))
    }

    @Test(
        "what cannot be answered is refused in the exchange's own words",
        arguments: [
            (Exchange.binance, "/fapi/v1/openInterest?symbol=NOPE", 400, #"{"code":-1121,"#),
            (.binance, "/fapi/v1/openInterest", 400, #"{"code":-1102,"#),
            (.binance, "/fapi/v1/openInterest?symbol=EOSUSDT", 400, #"{"code":-4108,"#),
            (.okx, "/api/v5/public/funding-rate?instId=NOPE", 200, #"{"code":"51001","#),
            (.okx, "/api/v5/public/liquidation-orders?instType=SWAP", 400, #"{"code":"50015","#),
            (.bybit, "/v5/market/tickers", 200, #"{"retCode":10001,"#),
            (.gate, "/api/v4/futures/usdt/liq_orders?from=1&to=99999", 400, #"{"label":"INVALID_PARAM_VALUE","#),
            (.bitget, "/api/v2/mix/market/tickers", 400, #"{"code":"400172","#),
            (.dydx, "/v4/historicalFunding/NOPE", 404, #"{"errors":[{"msg":"#),
            (.hyperliquid, "/info", 405, ""),
            (.deribit, "/api/v2/public/ticker?instrument_name=NOPE", 400, #"{"jsonrpc":"2.0","error":{"message":"#),
            (.krakenFutures, "/derivatives/api/v3/history?symbol=NOPE", 200, #"{"result":"error","error":"#),
            (.coinbase, "/api/v3/brokerage/market/products?product_type=SPOT", 400, #"{"error":"INVALID_ARGUMENT""#),
            (.pacifica, "/api/v1/nope", 404, #"{"success":false,"#),
            (.backpack, "/api/v1/fundingRates?symbol=NOPE", 400, #"{"code":"INVALID_CLIENT_REQUEST","#),
            (.extended, "/api/v1/info/NOPE/funding", 404, #"{"status":"ERROR","error":{"code":1001,"#),
            (.grvt, "/full/v1/ticker", 400, #"{"code":1003,"#),
            (.paradex, "/v1/trades?market=NOPE", 404, #"{"error":"NOT_FOUND","#),
        ])
    func refusals(exchange: Exchange, target: String, status: Int, beginning: String) {
        let response = ask(exchange, target)
        #expect(response.status == status)
        #expect(text(response).hasPrefix(beginning))
    }

    @Test(
        "decimals are written from whole numbers",
        arguments: [
            (0.0, 4, "\"0.0000\"", "\"0\""), (1.5, 2, "\"1.50\"", "\"1.5\""), (-0.000_25, 6, "\"-0.000250\"", "\"-0.00025\""),
            (95000, 1, "\"95000.0\"", "\"95000\""), (0.000_000_000_74, 14, "\"0.00000000074000\"", "\"0.00000000074\""),
        ])
    func decimals(value: Double, places: Int, fixed: String, short: String) {
        var json = JSONBytes()
        json.fixed(value, places)
        json.short(value, places)
        #expect(String(decoding: json.finished(), as: UTF8.self) == "\(fixed),\(short)")
    }
}

@Suite("A simulated change of the interval of funding")
struct SimulatedIntervalChangeTests {
    private static let cascade = Hour("2026-09-10T15")!  // a literal
    /// Twelve hours after the cascade it is 03:00: the next settlement of every 8 h is at 08:00.
    private static let change = Hour("2026-09-11T08")!  // a literal
    private static let market = Market(seed: 7, size: .small, cascade: cascade)

    private func asked(_ exchange: Exchange, _ target: String, at hour: Hour) -> SimulatedResponse {
        Self.market.respond(to: SimulatedRequest(exchange: exchange, target: target), at: hour)
    }

    /// Hours since the change, of times in milliseconds.
    private func hours(_ times: [Double?], unit: Double = 1) -> [Int] {
        times.compactMap(\.self).map { Int(($0 * unit - Double(Self.change.startMilliseconds)) / 3_600_000) }
    }

    @Test("it is placed on a settlement, 12 to 19 hours after the cascade", arguments: 0..<24)
    func place(later: Int) {
        let cascade = Self.cascade.advanced(by: later)
        let change = Market.intervalChange(after: cascade)
        #expect(change.start % (8 * Hour.seconds) == 0)
        #expect((12...19).contains(cascade.distance(to: change)))
        if later == 0 { #expect(change == Self.change) }
    }

    @Test("the list of instruments says it from its hour on, and the rate is that of an hour")
    func lists() throws {
        for exchange in [Exchange.bybit, .gate] {
            let symbol = exchange == .bybit ? "SOLUSDT" : "SOL_USDT"
            let before = Moment(market: Self.market, exchange: exchange, hour: Self.change.previous)
            let after = Moment(market: Self.market, exchange: exchange, hour: Self.change)
            let (old, new) = (try #require(before.listing(symbol)), try #require(after.listing(symbol)))
            #expect(old.interval == 8 && new.interval == 1)
            #expect(before.listings().first { $0.symbol == old.symbol }?.interval == 8)
            #expect(after.listings().first { $0.symbol == old.symbol }?.interval == 1)
            #expect(before.nextSettlement(old) == Self.change.startMilliseconds)
            #expect(after.nextSettlement(new) == Self.change.next.startMilliseconds)
            // A market without a cascade differs in nothing but the eighth.
            let still = Moment(market: Self.market, exchange: exchange, hour: Self.change, time: after.time)
            #expect(still.fundingRate(new, at: after.time) * 8 == still.fundingRate(old, at: after.time))
            // What is settled at the change is a rate of eight hours.
            let settled = Self.change.startMilliseconds
            #expect(after.fundingRate(new, at: settled) == after.fundingRate(old, at: settled))
        }
    }

    @Test("no other contract changes, and none without a cascade")
    func others() {
        let usual = Market(seed: 7, size: .small)
        for exchange in Exchange.allCases {
            let listings = Moment(market: Self.market, exchange: exchange, hour: Self.change).listings()
            let without = Moment(market: usual, exchange: exchange, hour: Self.change).listings()
            let changed = zip(listings, without).filter { $0.interval != $1.interval }
            #expect(changed.count == ([.bybit, .gate].contains(exchange) ? 1 : 0))
            #expect(without.allSatisfy { $0.pastInterval == nil })
        }
    }

    @Test("settlements are eight hours apart before it, and one after it")
    func settlements() throws {
        let later = Self.change.advanced(by: 3)
        let moment = Moment(market: Self.market, exchange: .bybit, hour: later)
        let listing = try #require(moment.listing("SOLUSDT"))
        let (from, to) = (Self.change.advanced(by: -16).startMilliseconds, later.startMilliseconds)
        let all = moment.settlements(of: listing, from: from, to: to)
        let wanted = [-16, -8, 0, 1, 2, 3]
        #expect(hours(all.map(Double.init)) == wanted)
        #expect(moment.lastSettlements(listing, until: to, count: 6) == all.reversed())
        #expect(moment.newestSettlements(of: listing, from: from, most: 6) == all.reversed())
        let bybit = asked(.bybit, "/v5/market/funding/history?category=linear&symbol=SOLUSDT&limit=6", at: later)
        #expect(hours(numbers("fundingRateTimestamp", in: bybit)) == wanted.reversed())
        let gate = asked(.gate, "/api/v4/futures/usdt/funding_rate?contract=SOL_USDT&limit=6", at: later)
        #expect(hours(numbers("t", in: gate), unit: 1000) == wanted.reversed())
    }
}
