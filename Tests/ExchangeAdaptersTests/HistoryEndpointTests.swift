import PerpCore
import Testing

@testable import ExchangeAdapters

/// 2026-03-10 00:00 UTC.
private let midnight: Int64 = 1_773_100_800_000
private let hour = Hour.milliseconds

/// Asks about the hours from midnight on, of which the last may still run; bodies are answered in turn, and an empty list when
/// there are no more.
private func askedFromMidnight(
    _ exchange: Exchange, _ id: String, _ symbol: String, hours: Int64 = 3, receivedAt: Int64 = midnight + 3 * hour,
    lists: [TestResponse] = [], after end: String = "[]", bodies: String...
) throws -> HistoryRun {
    var rest = bodies[...]
    return try ask(
        exchange, try historyEndpoint(exchange, id),
        try historyQuestion(exchange, symbol, from: midnight, to: midnight + hours * hour), lists: lists,
        receivedAt: receivedAt
    ) { _ in rest.popFirst() ?? end }
}

extension HistoryRun {
    fileprivate var problems: [String] { staged.rejections.map(\.reason) + (problem.map { [$0] } ?? []) }
}

@Suite("Endpoints of the past")
struct HistoryEndpointTests {
    @Test("an exchange has endpoints for the datasets of its table of depths, in their order", arguments: Exchange.allCases)
    func datasets(exchange: Exchange) {
        let datasets = Adapter.adapter(for: exchange).history.map(\.dataset)
        #expect(datasets == datasets.sorted())
        #expect(Set(datasets).sorted() == exchange.historyDatasets)
    }

    @Test("names are unique among an exchange's endpoints, and each counts against a limit of its own", arguments: Exchange.allCases)
    func names(exchange: Exchange) {
        let adapter = Adapter.adapter(for: exchange)
        let names = adapter.history.map(\.id) + adapter.endpoints.map(\.id)
        #expect(Set(names).count == names.count)
        for endpoint in adapter.history {
            #expect(adapter.limits.contains { $0.name == endpoint.endpoint.limit }, "\(endpoint.id)")
        }
    }
}

@Suite("Answers about the past that are none")
struct HistoryAnswerTests {
    @Test(
        "null and an object where a list is due are no empty pages",
        arguments: [
            (Exchange.binance, "BTCUSDT", "null"), (.gate, "BTC_USDT", "null"), (.hyperliquid, "BTC", "{}"),
            (.okx, "BTC-USDT-SWAP", #"{"code":"0","msg":"","data":null}"#), (.dydx, "BTC-USD", #"{"candles":null}"#),
            (.bitget, "BTCUSDT", #"{"code":"00000","data":null}"#),
        ])
    func notAList(exchange: Exchange, symbol: String, body: String) throws {
        let run = try askedFromMidnight(exchange, "history_candles", symbol, bodies: body)
        #expect(run.problem == "an answer could not be read")
        #expect(run.calls.count == 1 && run.staged.rejections.count == 1)
    }

    @Test("an empty list is the end")
    func empty() throws {
        let run = try askedFromMidnight(.binance, "history_candles", "BTCUSDT", bodies: "[]")
        #expect(run.problem == nil && run.calls.count == 1)
    }

    @Test("rows that cannot be read are set aside, and the pages go on")
    func badRow() throws {
        let run = try askedFromMidnight(
            .binance, "history_candles", "BTCUSDT",
            bodies: #"[[1773100800000,"n/a","1","1","1","1",0,"1"],[1773104400000,"1","1","1","1","1",0,"1"]]"#)
        #expect(run.staged.candles.count == 1 && run.calls.count == 2)
        #expect(run.staged.rejections.map(\.field) == ["[1]"])
    }
}

@Suite("The past of Binance")
struct BinanceHistoryTests {
    @Test("candles: coins and turnover, oldest first, without the hour that runs")
    func candles() throws {
        let run = try askedFromMidnight(
            .binance, "history_candles", "1000PEPEUSDT", receivedAt: midnight + 2 * hour + 60_000,
            bodies: #"[[1773100800000,"0.0035","0.0036","0.0034","0.00355","2000000",1773104399999,"7050",9,"1","1","0"],[1773104400000,"0.00355","0.0037","0.0035","0.0036","1000000",1773107999999,"3600",4,"1","1","0"],[1773108000000,"0.0036","0.0036","0.0036","0.0036","1",1773111599999,"1",1,"1","1","0"]]"#)
        #expect(
            run.paths == [
                "/fapi/v1/klines?symbol=1000PEPEUSDT&interval=1h&startTime=1773100800000&endTime=1773111599999&limit=1000"
            ])
        let candles = run.staged.candles
        #expect(candles.map(\.from.milliseconds) == [midnight, midnight + hour])
        #expect(candles.map(\.asset) == ["PEPE", "PEPE"] && candles.map(\.priceKind) == [.last, .last])
        #expect(close(candles[0].open, 3.5e-6) && close(candles[0].high, 3.6e-6))
        #expect(close(candles[0].low, 3.4e-6) && close(candles[0].close, 3.55e-6))
        #expect(close(candles[0].volumeBase, 2e9) && candles[0].volumeUSD == 7050)
        #expect(run.problems == [])
    }

    @Test("mark and index prices have no volume; the index is asked for by the pair, which dated contracts share")
    func prices() throws {
        let body = #"[[1773100800000,"80000.1","80100","79900","80050.5","0",1773104399999,"0",3600,"0","0","0"]]"#
        let mark = try askedFromMidnight(.binance, "history_mark_candles", "BTCUSDT", hours: 1, bodies: body)
        #expect(mark.paths[0].hasPrefix("/fapi/v1/markPriceKlines?symbol=BTCUSDT&interval=1h&"))
        #expect(mark.staged.candles.map(\.close) == [80050.5] && mark.staged.candles[0].volumeBase == nil)
        let index = try askedFromMidnight(.binance, "history_index_candles", "BTCUSDT_260327", hours: 1, bodies: body)
        #expect(index.paths[0].hasPrefix("/fapi/v1/indexPriceKlines?pair=BTCUSDT&interval=1h&"))
        #expect(index.staged.candles.map(\.symbol) == ["BTCUSDT_260327"])
        #expect(index.staged.candles.map(\.priceKind) == [.index])
    }

    @Test("settlements are stamped late, and the page behind them begins a minute after the newest")
    func funding() throws {
        let run = try askedFromMidnight(
            .binance, "history_funding", "BTCUSDT", hours: 20,
            bodies: #"[{"symbol":"BTCUSDT","fundingTime":1773100800012,"fundingRate":"0.00010000","markPrice":"80000"},{"symbol":"BTCUSDT","fundingTime":1773129600000,"fundingRate":"-0.00002796","markPrice":"80000"}]"#)
        #expect(
            run.paths == [
                "/fapi/v1/fundingRate?symbol=BTCUSDT&startTime=1773100800000&endTime=1773172799999&limit=1000",
                "/fapi/v1/fundingRate?symbol=BTCUSDT&startTime=1773129660000&endTime=1773172799999&limit=1000",
            ])
        #expect(run.staged.fundingSettlements.map(\.settledAt.milliseconds) == [midnight, midnight + 8 * hour])
        #expect(run.staged.fundingSettlements.map(\.fundingRate) == [0.0001, -0.00002796])
    }

    @Test("open interest has coins and dollars; thirty days are two calls, since an answer holds 500 rows")
    func openInterest() throws {
        let run = try askedFromMidnight(
            .binance, "history_open_interest", "BTCUSDT", hours: 720,
            bodies: #"[{"symbol":"BTCUSDT","sumOpenInterest":"107100.28400000","sumOpenInterestValue":"8452471718.35859100","CMCCirculatingSupply":"20080771.0","timestamp":1773100800000}]"#)
        #expect(
            run.paths == [
                "/futures/data/openInterestHist?symbol=BTCUSDT&period=1h&startTime=1773100800000&endTime=1774828799999&limit=500",
                "/futures/data/openInterestHist?symbol=BTCUSDT&period=1h&startTime=1774828800000&endTime=1775692799999&limit=500",
            ])
        let figure = try #require(run.staged.openInterests.first)
        #expect(figure.contracts == 107100.284 && figure.base == 107100.284 && figure.usd == 8452471718.358591)
    }

    @Test("ratios: the fractions count, each population has an endpoint, and a bucket of takers that fills is left out")
    func ratios() throws {
        let ids = Binance.history.filter { $0.dataset == .longShort }.map(\.id)
        #expect(
            ids == [
                "history_long_short_accounts", "history_long_short_top_accounts", "history_long_short_top_positions",
                "history_taker_volume",
            ])
        let accounts = try askedFromMidnight(
            .binance, ids[0], "BTCUSDT", hours: 1,
            bodies: #"[{"symbol":"BTCUSDT","longAccount":"0.5293","longShortRatio":"1.1246","shortAccount":"0.4707","timestamp":1773100800000}]"#)
        #expect(accounts.staged.longShortRatios.map(\.longFraction) == [0.5293])
        #expect(accounts.staged.longShortRatios.map(\.ratio) == [1.1246])
        let takers = try askedFromMidnight(
            .binance, ids[3], "BTCUSDT", receivedAt: midnight + 90 * 60_000,
            bodies: #"[{"buySellRatio":"3","buyVol":"300","sellVol":"100","timestamp":1773100800000},{"buySellRatio":"1","buyVol":"1","sellVol":"1","timestamp":1773104400000}]"#)
        #expect(takers.staged.longShortRatios.map(\.longFraction) == [0.75])
        #expect(takers.staged.longShortRatios.map(\.symbol) == ["BTCUSDT"])
    }

    @Test("Aster asks its own host in the same shapes")
    func aster() throws {
        let run = try askedFromMidnight(
            .aster, "history_candles", "ASTERUSDT", hours: 1,
            bodies: #"[[1773100800000,"1","1.2","0.9","1.1","100",1773104399999,"105",9,"1","1","0"]]"#)
        #expect(run.staged.candles.map(\.volumeUSD) == [105])
        #expect(Aster.history.allSatisfy { $0.endpoint.host == "https://fapi.asterdex.com" })
    }
}

@Suite("The past of Binance COIN-M")
struct BinanceCOINMHistoryTests {
    private let list = TestResponse(
        "exchange_info",
        #"{"symbols":[{"symbol":"BTCUSD_PERP","pair":"BTCUSD","contractType":"PERPETUAL","onboardDate":1597042800000,"contractStatus":"TRADING","contractSize":100,"marginAsset":"BTC","baseAsset":"BTC","quoteAsset":"USD","underlyingType":"COIN"}]}"#)

    @Test("candles count contracts of 100 dollars and coins; 200 days are several calls")
    func candles() throws {
        let run = try askedFromMidnight(
            .binanceCOINM, "history_candles", "BTCUSD_PERP", hours: 2000, lists: [list],
            bodies: #"[[1773100800000,"16531.2","16615.9","16486.6","16607.9","2067959",1773104399999,"12496.62852978",53963,"1094352","6613.94","0"]]"#)
        #expect(run.calls.count == 3)
        #expect(
            run.paths[1]
                == "/dapi/v1/klines?symbol=BTCUSD_PERP&interval=1h&startTime=\(midnight + 960 * hour)&endTime=\(midnight + 1920 * hour - 1)&limit=1000"
        )
        let candle = try #require(run.staged.candles.first)
        #expect(candle.volumeBase == 12496.62852978 && candle.volumeUSD == 206_795_900)
    }

    @Test("open interest has contracts and coins, and names the pair")
    func openInterest() throws {
        let run = try askedFromMidnight(
            .binanceCOINM, "history_open_interest", "BTCUSD_PERP", hours: 1, lists: [list],
            bodies: #"[{"pair":"BTCUSD","contractType":"PERPETUAL","sumOpenInterest":"20403","sumOpenInterestValue":"25.5","timestamp":1773100800000}]"#)
        #expect(
            run.paths == [
                "/futures/data/openInterestHist?pair=BTCUSD&contractType=PERPETUAL&period=1h&startTime=1773100800000&endTime=1773104399999&limit=500"
            ])
        let figure = try #require(run.staged.openInterests.first)
        #expect(figure.symbol == "BTCUSD_PERP" && figure.contracts == 20403)
        #expect(figure.base == 25.5 && figure.usd == 2_040_300)
    }

    @Test("positions have fractions of another name; there is nothing to ask about dated contracts")
    func positions() throws {
        let run = try askedFromMidnight(
            .binanceCOINM, "history_long_short_top_positions", "BTCUSD_PERP", hours: 1,
            bodies: #"[{"pair":"BTCUSD","longShortRatio":"1.5","longPosition":"0.6","shortPosition":"0.4","timestamp":1773100800000}]"#)
        #expect(run.staged.longShortRatios.map(\.longFraction) == [0.6])
        let dated = try #require(BinanceCOINM.parts("BTCUSD_260327"))
        let covering = BinanceCOINM.history.filter { $0.covers(dated) }.map(\.dataset)
        #expect(covering == [.candles, .markCandles, .indexCandles])
    }
}

@Suite("The past of OKX")
struct OKXHistoryTests {
    private func data(_ rows: String) -> String { #"{"code":"0","msg":"","data":[\#(rows)]}"# }

    private let list = TestResponse(
        "instruments",
        #"{"code":"0","data":[{"instId":"BTC-USDT-SWAP","instFamily":"BTC-USDT","uly":"BTC-USDT","ctType":"linear","ctVal":"0.01","ctMult":"1","settleCcy":"USDT","state":"live"},{"instId":"BTC-USD-SWAP","instFamily":"BTC-USD","uly":"BTC-USD","ctType":"inverse","ctVal":"100","ctMult":"1","settleCcy":"BTC","state":"live"}]}"#)

    @Test("candles: contracts, coins, turnover; newest first and older than a time; rows before the span end it")
    func candles() throws {
        let run = try askedFromMidnight(
            .okx, "history_candles", "BTC-USDT-SWAP", hours: 2, receivedAt: midnight + 2 * hour, after: data(""),
            bodies: data(
                #"["1773104400000","102806.1","102820.4","102806.1","102820.4","1040.37","10.4037","1069603.34883","1"]"#),
            data(#"["1773100800000","102806","102820.5","102783.1","102806.1","7164.04","71.6404","7364701.57952","1"],["1773097200000","1","1","1","1","1","1","1","1"]"#))
        #expect(
            run.paths == [
                "/api/v5/market/history-candles?instId=BTC-USDT-SWAP&bar=1H&after=1773108000000&limit=300",
                "/api/v5/market/history-candles?instId=BTC-USDT-SWAP&bar=1H&after=1773104400000&limit=300",
            ])
        let candles = run.staged.candles.filter { $0.from.milliseconds >= midnight }
        #expect(candles.map(\.close) == [102806.1, 102820.4])
        #expect(candles.map(\.volumeBase) == [71.6404, 10.4037])
        #expect(candles.map(\.volumeUSD) == [7364701.57952, 1069603.34883])
    }

    @Test("an index is named by its pair, also where the family is margined in dollars")
    func index() throws {
        let body = data(#"["1773100800000","3.721","3.743","3.677","3.708","1"]"#)
        let run = try askedFromMidnight(.okx, "history_index_candles", "BTC-USD_UM-SWAP", hours: 1, after: data(""), bodies: body)
        #expect(run.paths == ["/api/v5/market/history-index-candles?instId=BTC-USD&bar=1H&after=1773104400000&limit=100"])
        #expect(run.staged.candles.map(\.symbol) == ["BTC-USD_UM-SWAP"])
        #expect(run.staged.candles.map(\.close) == [3.708] && run.staged.candles[0].volumeUSD == nil)
    }

    @Test("open interest: contracts, coins, dollars; neither bound of a span is among its rows; the hour that runs is not kept")
    func openInterest() throws {
        let run = try askedFromMidnight(
            .okx, "history_open_interest", "BTC-USD-SWAP", hours: 100, receivedAt: midnight + 90 * 60_000, lists: [list],
            after: data(""),
            bodies: data(#"["1773104400000","1","1","1"],["1773100800000","2000","2.5","200000"]"#))
        #expect(
            run.paths == [
                "/api/v5/rubik/stat/contracts/open-interest-history?instId=BTC-USD-SWAP&period=1H&begin=1773100799999&end=1773453600000&limit=100",
                "/api/v5/rubik/stat/contracts/open-interest-history?instId=BTC-USD-SWAP&period=1H&begin=1773453599999&end=1773460800000&limit=100",
            ])
        #expect(run.staged.openInterests.map(\.observedAt.milliseconds) == [midnight])
        let figure = try #require(run.staged.openInterests.first)
        #expect(figure.contracts == 2000 && figure.base == 2.5 && figure.usd == 200_000)
    }

    @Test("ratios are longs over shorts; volume of takers is sold first, and its bucket that fills is left out")
    func ratios() throws {
        let accounts = try askedFromMidnight(
            .okx, "history_long_short_top_positions", "BTC-USDT-SWAP", hours: 1, after: data(""),
            bodies: data(#"["1773100800000","1.5"]"#))
        #expect(
            accounts.paths[0].hasPrefix(
                "/api/v5/rubik/stat/contracts/long-short-position-ratio-contract-top-trader?instId=BTC-USDT-SWAP&period=1H&begin="
            ))
        #expect(accounts.staged.longShortRatios.map(\.longFraction) == [0.6])
        #expect(accounts.staged.longShortRatios.map(\.population) == [.topPositions])
        let takers = try askedFromMidnight(
            .okx, "history_taker_volume", "BTC-USDT-SWAP", receivedAt: midnight + 90 * 60_000, after: data(""),
            bodies: data(#"["1773104400000","1","1"],["1773100800000","25","75"]"#))
        #expect(takers.paths[0].hasPrefix("/api/v5/rubik/stat/taker-volume-contract?instId=BTC-USDT-SWAP&period=1H&unit=1&"))
        #expect(takers.staged.longShortRatios.map(\.longFraction) == [0.75])
    }

    @Test("settlements have the rate that was paid, not the one that was foretold")
    func funding() throws {
        let run = try askedFromMidnight(
            .okx, "history_funding", "BTC-USDT-SWAP", hours: 9, after: data(""),
            bodies: data(
                #"{"fundingRate":"0.0002","fundingTime":"1773129600000","instId":"BTC-USDT-SWAP","realizedRate":"0.0001"},{"fundingRate":"0.0003","fundingTime":"1773100800000","instId":"BTC-USDT-SWAP","realizedRate":"0.0003"}"#))
        #expect(run.paths == ["/api/v5/public/funding-rate-history?instId=BTC-USDT-SWAP&after=1773133200000&limit=100"])
        #expect(run.staged.fundingSettlements.map(\.fundingRate) == [0.0003, 0.0001])
    }

    @Test("liquidations: a family a call, back in time; the edge of a page is asked again and counts once")
    func liquidations() throws {
        func page(_ details: String...) -> String {
            data(#"{"details":[\#(details.joined(separator: ","))],"instFamily":"BTC-USDT","instId":"BTC-USDT-SWAP"}"#)
        }
        let a = #"{"bkPx":"77482.2","posSide":"short","side":"buy","sz":"807.69","ts":"1773107000000"}"#
        let b = #"{"bkPx":"77000","posSide":"net","side":"sell","sz":"5","ts":"1773106000000"}"#
        let c = #"{"bkPx":"77001","posSide":"long","side":"sell","sz":"7","ts":"1773106000000"}"#
        let run = try askedFromMidnight(
            .okx, "history_liquidations", "BTC-USDT-SWAP", lists: [list], after: data(""),
            bodies: page(a, b), page(b, c), page(b, c))
        let path = "/api/v5/public/liquidation-orders?instType=SWAP&state=filled&instFamily=BTC-USDT&after="
        #expect(
            run.paths == [path + "1773111600001&limit=100", path + "1773106000001&limit=100"])
        #expect(run.problem == nil)
        #expect(run.staged.liquidations.map(\.price) == [77000, 77001, 77482.2])
        #expect(run.staged.liquidations.map(\.side) == [.long, .long, .short])
        #expect(close(run.staged.liquidations[2].quantityBase, 8.0769))
    }
}

@Suite("The past of Gate")
struct GateHistoryTests {
    private let list = TestResponse(
        "contracts",
        #"[{"name":"BTC_USDT","type":"direct","quanto_multiplier":"0.0001","mark_price":"80000","position_size":"10","status":"trading"}]"#)

    @Test("candles: seconds, contracts and turnover; mark and index have a prefix and no volume")
    func candles() throws {
        let run = try askedFromMidnight(
            .gate, "history_candles", "BTC_USDT", hours: 2, lists: [list],
            bodies: #"[{"o":"80000","v":5000,"t":1773100800,"c":"80100.5","l":"79900","h":"80200","sum":"40050"},{"o":"80100.5","v":"2500.5","t":1773104400,"c":"80000","l":"79900","h":"80200","sum":"20000"}]"#)
        #expect(
            run.paths == [
                "/api/v4/futures/usdt/candlesticks?contract=BTC_USDT&from=1773100800&to=1773107999&interval=1h"
            ])
        #expect(run.staged.candles.map(\.close) == [80100.5, 80000])
        #expect(close(run.staged.candles[0].volumeBase, 0.5) && run.staged.candles[0].volumeUSD == 40050)
        #expect(close(run.staged.candles[1].volumeBase, 0.25005))
        let mark = try prices("history_mark_candles")
        #expect(mark.paths[0].hasPrefix("/api/v4/futures/usdt/candlesticks?contract=mark_BTC_USDT&from="))
        #expect(mark.staged.candles.map(\.symbol) == ["BTC_USDT"] && mark.staged.candles[0].volumeBase == nil)
        #expect(try prices("history_index_candles").paths[0].contains("contract=index_BTC_USDT&"))
    }

    private func prices(_ id: String) throws -> HistoryRun {
        try askedFromMidnight(
            .gate, id, "BTC_USDT", hours: 1, lists: [list],
            bodies: #"[{"o":"1","t":1773100800,"c":"1","l":"1","h":"1"}]"#)
    }

    @Test("more hours than an answer holds are several windows")
    func windows() throws {
        let run = try askedFromMidnight(.gate, "history_candles", "BTC_USDT", hours: 2000)
        #expect(run.paths.map { $0.contains("to=\(midnight / 1000 + 1900 * 3600 - 1)&") } == [true, false])
    }

    @Test("figures of a bucket are those at its end, open interest counts both sides, and the bucket that runs is left out")
    func statistics() throws {
        let rows =
            #"[{"time":1773097200,"open_interest":749773515,"open_interest_usd":2226295750.1279,"lsr_account":1.5,"lsr_taker":3,"top_lsr_account":1,"top_lsr_size":0.25},{"time":1773100800,"open_interest":8,"open_interest_usd":9,"lsr_account":1,"lsr_taker":1,"top_lsr_account":1,"top_lsr_size":1}]"#
        let open = try askedFromMidnight(
            .gate, "history_open_interest", "BTC_USDT", hours: 2, receivedAt: midnight + 60_000, lists: [list],
            bodies: rows)
        #expect(
            open.paths == [
                "/api/v4/futures/usdt/contract_stats?contract=BTC_USDT&interval=1h&from=1773097200&limit=3",
                "/api/v4/futures/usdt/contract_stats?contract=BTC_USDT&interval=1h&from=1773097260&limit=2",
            ])
        let figure = try #require(open.staged.openInterests.first)
        #expect(open.staged.openInterests.count == 1 && figure.observedAt.milliseconds == midnight)
        #expect(figure.contracts == 374886757.5 && close(figure.base, 37488.67575))
        #expect(close(figure.usd, 1113147875.06395))
        let ratios = try askedFromMidnight(
            .gate, "history_long_short", "BTC_USDT", hours: 2, receivedAt: midnight + 60_000, bodies: rows)
        #expect(ratios.staged.longShortRatios.map(\.population) == [.accounts, .taker, .topAccounts, .topPositions])
        #expect(ratios.staged.longShortRatios.map(\.longFraction) == [0.6, 0.75, 0.5, 0.2])
        #expect(ratios.staged.longShortRatios.allSatisfy { $0.observedAt.milliseconds == midnight })
    }

    @Test("settlements are newest first and in seconds; only the question names the contract")
    func funding() throws {
        let run = try askedFromMidnight(
            .gate, "history_funding", "BTC_USDT", hours: 9,
            bodies: #"[{"t":1773129600,"r":"0.000157"},{"t":1773100800,"r":"-0.0001"}]"#)
        #expect(run.paths == ["/api/v4/futures/usdt/funding_rate?contract=BTC_USDT&from=1773100800&to=1773133199&limit=1000"])
        #expect(run.staged.fundingSettlements.map(\.fundingRate) == [-0.0001, 0.000157])
        #expect(run.staged.fundingSettlements.map(\.symbol) == ["BTC_USDT", "BTC_USDT"])
    }

    @Test("liquidations of all contracts take a call an hour, each less than an hour long")
    func liquidations() throws {
        let run = try askedFromMidnight(
            .gate, "history_liquidations", "BTC_USDT", hours: 2, lists: [list],
            bodies: #"[{"time":1773100900,"time_ms":1773100900500,"contract":"BTC_USDT","size":600,"order_size":-600,"fill_price":"80000","left":0}]"#)
        #expect(
            run.paths == [
                "/api/v4/futures/usdt/liq_orders?from=1773100800&to=1773104399&limit=1000",
                "/api/v4/futures/usdt/liq_orders?from=1773104400&to=1773107999&limit=1000",
            ])
        #expect(run.staged.liquidations.map(\.quantityContracts) == [600])
        #expect(try historyEndpoint(.gate, "history_liquidations").isAboutAll)
    }
}

@Suite("The past of Bitget")
struct BitgetHistoryTests {
    private func data(_ rows: String) -> String { #"{"code":"00000","msg":"success","requestTime":1,"data":\#(rows)}"# }

    @Test("candles: oldest first and before a time, back until the span's start; an empty page is the end")
    func candles() throws {
        let run = try askedFromMidnight(
            .bitget, "history_candles", "BTCUSDT", after: data("[]"),
            bodies: data(
                #"[["1773104400000","26210.5","26211","26194.5","26195","26.26","687897.63"],["1773108000000","26195","26195","26171","26171","17.98","470618.72"]]"#)
        )
        #expect(
            run.paths == [
                "/api/v2/mix/market/history-candles?symbol=BTCUSDT&productType=USDT-FUTURES&granularity=1H&endTime=1773111600000&limit=200",
                "/api/v2/mix/market/history-candles?symbol=BTCUSDT&productType=USDT-FUTURES&granularity=1H&endTime=1773104400000&limit=200",
            ])
        #expect(run.staged.candles.map(\.close) == [26195, 26171])
        #expect(run.staged.candles.map(\.volumeBase) == [26.26, 17.98])
        #expect(run.staged.candles.map(\.volumeUSD) == [687897.63, 470618.72])
        let mark = try prices("history_mark_candles")
        #expect(mark.staged.candles[0].volumeBase == nil && mark.staged.candles[0].volumeUSD == nil)
    }

    private func prices(_ id: String) throws -> HistoryRun {
        try askedFromMidnight(
            .bitget, id, "BTCUSDT", hours: 1, after: data("[]"),
            bodies: data(#"[["1773100800000","1","1","1","1","0","0"]]"#))
    }

    @Test("settlements come in numbered pages, newest first, until one reaches beyond the span")
    func funding() throws {
        func row(_ time: Int64) -> String { #"{"symbol":"BTCUSDT","fundingRate":"0.0005","fundingTime":"\#(time)"}"# }
        let run = try askedFromMidnight(
            .bitget, "history_funding", "BTCUSDT", hours: 9, after: data("[]"),
            bodies: data("[\(row(midnight + 16 * hour)),\(row(midnight + 8 * hour))]"),
            data("[\(row(midnight)),\(row(midnight - 8 * hour))]"))
        let path = "/api/v2/mix/market/history-fund-rate?symbol=BTCUSDT&productType=USDT-FUTURES&pageSize=100&pageNo="
        #expect(run.paths == [path + "1", path + "2"])
        #expect(run.staged.fundingSettlements.count == 4)
    }

    @Test("liquidations of all contracts follow the cursor until a page reaches beyond the span")
    func liquidations() throws {
        func page(_ time: Int64, cursor: String) -> String {
            data(#"{"list":[{"symbol":"APEUSDT","side":"buy","price":"0.1649","amount":"13.70319","ts":"\#(time)"}],"cursor":\#(cursor)}"#)
        }
        let list = TestResponse(
            "contracts",
            data(
                #"[{"symbol":"APEUSDT","baseCoin":"APE","quoteCoin":"USDT","supportMarginCoins":["USDT"],"sizeMultiplier":"0.1","symbolType":"perpetual","symbolStatus":"normal","fundInterval":"8"}]"#))
        let run = try askedFromMidnight(
            .bitget, "history_liquidations", "APEUSDT", lists: [list],
            bodies: page(midnight + hour, cursor: #""a/1""#), page(midnight, cursor: "77"),
            page(midnight - 1, cursor: #""c""#), page(midnight - 2, cursor: "null"))
        let path = "/api/v3/market/liquidations?category=USDT-FUTURES&limit=100"
        #expect(run.paths == [path, path + "&cursor=a%2F1", path + "&cursor=77"])
        // The amount is dollars: 13.70319 / 0.1649 is a whole number of steps.
        #expect(run.staged.liquidations.map(\.valueUSD) == [13.70319, 13.70319, 13.70319])
    }
}

@Suite("The past of Hyperliquid")
struct HyperliquidHistoryTests {
    @Test("candles count thousands of coins and have no turnover")
    func candles() throws {
        let run = try askedFromMidnight(
            .hyperliquid, "history_candles", "kPEPE", hours: 1,
            bodies: #"[{"T":1773104399999,"c":"0.001604","h":"0.001616","i":"1h","l":"0.001601","n":709,"o":"0.001601","s":"kPEPE","t":1773100800000,"v":"520665683.0"}]"#)
        #expect(run.paths == ["/info"])
        #expect(
            run.calls[0].body
                == #"{"type":"candleSnapshot","req":{"coin":"kPEPE","interval":"1h","startTime":1773100800000,"endTime":1773104399999}}"#
        )
        let candle = try #require(run.staged.candles.first)
        #expect(candle.asset == "PEPE" && close(candle.close, 1.604e-06))
        #expect(close(candle.volumeBase, 520_665_683_000) && close(candle.volumeUSD, 520_665_683 * 0.0016025))
    }

    @Test("settlements are hourly and late; a page of the oldest is followed by the next")
    func funding() throws {
        let run = try askedFromMidnight(
            .hyperliquid, "history_funding", "xyz:TSLA",
            bodies: #"[{"coin":"xyz:TSLA","fundingRate":"0.0000125","premium":"-0.0002","time":1773100800039}]"#,
            #"[{"coin":"xyz:TSLA","fundingRate":"0.00001","premium":"0","time":1773104400007},{"coin":"xyz:TSLA","fundingRate":"0.00002","premium":"0","time":1773108000004}]"#)
        #expect(
            run.calls.map(\.body) == [
                #"{"type":"fundingHistory","coin":"xyz:TSLA","startTime":1773100800000,"endTime":1773111599999}"#,
                #"{"type":"fundingHistory","coin":"xyz:TSLA","startTime":1773100860000,"endTime":1773111599999}"#,
            ])
        #expect(run.staged.fundingSettlements.map(\.settledAt.milliseconds) == [midnight, midnight + hour, midnight + 2 * hour])
    }
}

@Suite("The past of dYdX")
struct DYDXHistoryTests {
    private let rows =
        #"{"candles":[{"startedAt":"2026-03-10T01:00:00.000Z","ticker":"BTC-USD","resolution":"1HOUR","low":"89911","high":"89970","open":"89934","close":"89941","baseTokenVolume":"3.2767","usdVolume":"294697.4391","trades":49,"startingOpenInterest":"381.7348"},{"startedAt":"2026-03-10T00:00:00.000Z","ticker":"BTC-USD","resolution":"1HOUR","low":"89900","high":"90043","open":"90043","close":"89931","baseTokenVolume":"3.9023","usdVolume":"351009.0795","trades":72,"startingOpenInterest":"382.3498"}]}"#

    @Test("candles have ISO times and come newest first; open interest stands in them, as of the hour's start")
    func candles() throws {
        let candles = try askedFromMidnight(
            .dydx, "history_candles", "BTC-USD", hours: 2, receivedAt: midnight + hour + 60_000, bodies: rows)
        #expect(
            candles.paths == [
                "/v4/candles/perpetualMarkets/BTC-USD?resolution=1HOUR&fromISO=2026-03-10T00%3A00%3A00.000Z&toISO=2026-03-10T02%3A00%3A00.000Z&limit=1000"
            ])
        #expect(candles.staged.candles.map(\.close) == [89931])
        #expect(candles.staged.candles.map(\.volumeUSD) == [351009.0795])
        // The hour runs, but its start has passed.
        let open = try askedFromMidnight(
            .dydx, "history_open_interest", "BTC-USD", hours: 2, receivedAt: midnight + hour + 60_000, bodies: rows)
        #expect(open.staged.openInterests.map(\.base) == [382.3498, 381.7348])
        #expect(open.staged.openInterests.map(\.observedAt.milliseconds) == [midnight, midnight + hour])
    }

    @Test("settlements are up to 600 ms late, and the page before them ends a millisecond before the hour")
    func funding() throws {
        let run = try askedFromMidnight(
            .dydx, "history_funding", "BTC-USD", hours: 2, after: #"{"historicalFunding":[]}"#,
            bodies: #"{"historicalFunding":[{"ticker":"BTC-USD","rate":"0.000000375","price":"90860.48604","effectiveAtHeight":"1","effectiveAt":"2026-03-10T01:00:00.586Z"}]}"#)
        #expect(
            run.paths == [
                "/v4/historicalFunding/BTC-USD?limit=100&effectiveBeforeOrAt=2026-03-10T01%3A59%3A59.999Z",
                "/v4/historicalFunding/BTC-USD?limit=100&effectiveBeforeOrAt=2026-03-10T00%3A59%3A59.999Z",
            ])
        #expect(run.staged.fundingSettlements.map(\.settledAt.milliseconds) == [midnight + hour])
        #expect(run.staged.fundingSettlements.map(\.fundingIntervalHours) == [1])
    }
}
