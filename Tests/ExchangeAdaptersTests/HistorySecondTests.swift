import PerpCore
import Testing

@testable import ExchangeAdapters

// 1_773_100_800 is 2026-03-10T00:00 in seconds; an hour later is 1_773_104_400. Answers come at 12:00:05, when the hour of
// 1_773_144_000 has just begun.

@Suite("What the exchanges after the first nine tell of the past")
struct HistoryDatasetTests {
    @Test("what an exchange is said to tell of is what is asked for", arguments: Exchange.allCases.dropFirst(9))
    func datasets(exchange: Exchange) {
        let endpoints = Adapter.adapter(for: exchange).history
        #expect(Set(endpoints.map(\.dataset)) == Set(exchange.historyDatasets))
        #expect(Set(endpoints.map(\.id)).count == endpoints.count)
        let limits = Adapter.adapter(for: exchange).limits.map(\.name)
        #expect(endpoints.allSatisfy { limits.contains($0.endpoint.limit) })
    }
}

@Suite("The past at Deribit")
struct DeribitHistoryTests {
    private let inverse = PastAnswers(.deribit, .candles, "BTC-PERPETUAL")

    private func chart(_ ticks: String, _ numbers: String, status: String = "ok") -> String {
        #"{"jsonrpc":"2.0","result":{"volume":[\#(numbers)],"ticks":[\#(ticks)],"status":"\#(status)","open":[\#(numbers)],"low":[\#(numbers)],"high":[\#(numbers)],"cost":[\#(numbers)],"close":[\#(numbers)]}}"#
    }

    @Test("fields are lists of their own; volume is coins and cost dollars, also of an inverse contract")
    func columns() throws {
        let hour = try inverse.staged(
            #"{"result":{"volume":[2.5,0],"ticks":[1773100800000,1773104400000],"status":"ok","open":[80000,80100],"low":[79900,80100],"high":[80200,80100],"cost":[200250,0],"close":[80100,80100]}}"#)
        let candle = try #require(hour.candles.first)
        #expect(hour.candleHours == [0, 1] && hour.rejections.isEmpty)
        #expect(candle.open == 80000 && candle.high == 80200 && candle.low == 79900 && candle.close == 80100)
        #expect(candle.volumeBase == 2.5 && candle.volumeUSD == 200_250 && candle.asset == "BTC")
        // An hour without trades has no volume, which is not an unknown one.
        #expect(hour.candles[1].volumeBase == 0)
    }

    @Test("the hour that still runs is passed over, and so is nothing else")
    func running() throws {
        #expect(try inverse.staged(chart("1773140400000,1773144000000", "5,6")).candleHours == [11])
    }

    @Test("lists of different lengths are an answer that cannot be read; no data is none")
    func lengths() throws {
        let torn = try inverse.staged(#"{"result":{"ticks":[1773100800000],"open":[1,2],"high":[1],"low":[1],"close":[1]}}"#)
        #expect(torn.candles.isEmpty && torn.rejections.count == 1)
        let none = try inverse.staged(chart("", "", status: "no_data"))
        #expect(none.candles.isEmpty && none.rejections.isEmpty)
    }

    @Test("what an hour cost is interest_1h")
    func funding() throws {
        let hour = try PastAnswers(.deribit, .funding, "BTC-PERPETUAL").staged(
            #"{"result":[{"timestamp":1773100800000,"index_price":80000,"interest_8h":0.00008,"interest_1h":0.00001},{"timestamp":1773104400000,"index_price":80000,"interest_8h":0.00008,"interest_1h":-0.00002}]}"#)
        #expect(hour.settlementHours == [0, 1] && hour.fundingSettlements.map(\.fundingRate) == [0.00001, -0.00002])
        #expect(hour.fundingSettlements.map(\.fundingIntervalHours) == [1, 1])
    }

    @Test("a span begins a millisecond early; a month that is full is asked again in halves; dated contracts have no rates")
    func asking() throws {
        let funding = PastAnswers(.deribit, .funding, "BTC-PERPETUAL")
        #expect(
            try funding.asked(after: .hours(0, 9, rows: 10)) == [
                "/api/v2/public/get_funding_rate_history?instrument_name=BTC-PERPETUAL&start_timestamp=1773100799999&end_timestamp=1773136799999"
            ])
        #expect(try funding.asked(hours: 1000, after: .hours(0, 719, rows: 744), .hours(0, 359, rows: 360)).count == 3)
        #expect(try !funding.endpoint.covers(#require(Deribit.parts("BTC-27MAR26"))))
    }
}

@Suite("The past at Kraken Futures")
struct KrakenFuturesHistoryTests {
    private let row = #"{"time":1773100800000,"open":"80000","high":"80200.5","low":"79900","close":"80100","volume":"319499"}"#

    @Test("candles stand in no envelope; volume is dollars of an inverse contract and coins of a linear one")
    func candles() throws {
        let body = #"{"candles":[\#(row)],"more_candles":false}"#
        let inverse = try #require(try PastAnswers(.krakenFutures, .candles, "PI_XBTUSD").staged(body).candles.first)
        #expect(inverse.volumeUSD == 319_499 && inverse.volumeBase == nil && inverse.high == 80200.5)
        let linear = try #require(try PastAnswers(.krakenFutures, .candles, "PF_XBTUSD").staged(body).candles.first)
        #expect(linear.volumeBase == 319_499 && close(linear.volumeUSD, 319_499 * (linear.open + linear.close) / 2) && linear.asset == "BTC")
        let mark = try #require(try PastAnswers(.krakenFutures, .markCandles, "PF_XBTUSD").staged(body).candles.first)
        #expect(mark.volumeBase == nil && mark.priceKind == .mark)
    }

    @Test("the span is in seconds, and index prices are called spot")
    func asking() throws {
        #expect(
            try PastAnswers(.krakenFutures, .indexCandles, "PF_XBTUSD").asked()
                == ["/api/charts/v1/spot/PF_XBTUSD/1h?from=1773100800&to=1773136799"])
        // 1999 hours fit in one answer.
        #expect(try PastAnswers(.krakenFutures, .candles, "PF_XBTUSD").asked(hours: 3000, after: .hours(0, 1998, rows: 1999)).count == 2)
    }

    @Test("one answer has the whole past, in either order; the relative rate is ours")
    func funding() throws {
        let answers = PastAnswers(.krakenFutures, .funding, "PI_XBTUSD")
        let hour = try answers.staged(
            #"{"result":"success","rates":[{"timestamp":"2026-03-10T02:00:00.000Z","relativeFundingRate":0.0001,"fundingRate":1.2e-9},{"timestamp":"2026-03-10T01:00:00Z","relativeFundingRate":-0.00005,"fundingRate":-6e-10},{"timestamp":"2026-03-10T00:00:00.000Z","relativeFundingRate":0.00002,"fundingRate":3e-10},{"timestamp":"2026-03-09T23:00:00.000Z","relativeFundingRate":0.00001,"fundingRate":1e-10}]}"#)
        #expect(hour.settlementHours == [-1, 0, 1, 2])
        #expect(hour.fundingSettlements.map(\.fundingRate) == [0.00001, 0.00002, -0.00005, 0.0001])
        #expect(try answers.asked(after: .hours(0, 2, rows: 3)).count == 1)
        #expect(try answers.staged(#"{"rates":[]}"#).rejections.count == 1)
    }
}

@Suite("The past at MEXC")
struct MEXCHistoryTests {
    private func contract(_ symbol: String, _ fields: String) -> TestResponse {
        TestResponse(
            "contracts",
            #"{"success":true,"code":0,"data":[{"symbol":"\#(symbol)","futureType":1,"type":1,"state":0,\#(fields)}]}"#)
    }

    private let linear = #""baseCoin":"ETH","quoteCoin":"USDT","settleCoin":"USDT","contractSize":0.01"#
    private let inverse = #""baseCoin":"ETH","quoteCoin":"USD","settleCoin":"ETH","contractSize":10"#
    private let candle = #"{"success":true,"code":0,"data":{"time":[1773100800,1773144000],"open":[3492.2,3500],"close":[3491.3,3500],"high":[3495.85,3500],"low":[3491.15,3500],"vol":[1740.0,1],"amount":[60793.623,35]}}"#

    @Test("times are seconds; contracts of a hundredth are 17.4 coins, and the hour that runs is passed over")
    func candles() throws {
        let hour = try PastAnswers(.mexc, .candles, "ETH_USDT", list: contract("ETH_USDT", linear)).staged(candle)
        let first = try #require(hour.candles.first)
        #expect(hour.candleHours == [0] && hour.rejections.isEmpty)
        #expect(close(first.volumeBase, 17.4) && first.volumeUSD == 60793.623)
    }

    @Test("contracts of an inverse market are dollars, and its turnover coins")
    func inverseCandles() throws {
        let hour = try PastAnswers(.mexc, .candles, "ETH_USD", list: contract("ETH_USD", inverse)).staged(candle)
        #expect(hour.candles.first?.volumeUSD == 17400 && hour.candles.first?.volumeBase == 60793.623)
    }

    @Test("fair and index prices have no volume, whatever stands there")
    func fairPrice() throws {
        let answers = PastAnswers(.mexc, .markCandles, "ETH_USDT", list: contract("ETH_USDT", linear))
        let first = try #require(try answers.staged(candle).candles.first)
        #expect(first.volumeBase == nil && first.volumeUSD == nil && first.priceKind == .mark)
        // They may have no such lists at all.
        let short = #"{"success":true,"code":0,"data":{"time":[1773100800],"open":[1],"close":[1],"high":[1],"low":[1]}}"#
        #expect(try answers.staged(short).candleHours == [0])
        #expect(
            try answers.asked()
                == ["/api/v1/contract/kline/fair_price/ETH_USDT?interval=Min60&start=1773100800&end=1773136799"])
    }

    @Test("pages have numbers from 1 on and end with one that is empty, or older than the span")
    func pages() throws {
        let funding = PastAnswers(.mexc, .funding, "ETH_USDT")
        let base = "/api/v1/contract/funding_rate/history?symbol=ETH_USDT&page_num="
        #expect(
            try funding.asked(after: .hours(5, 900, rows: 100), .hours(0, 5, rows: 100), .empty)
                == ["\(base)1&page_size=100", "\(base)2&page_size=100", "\(base)3&page_size=100"])
        #expect(try funding.asked(after: .hours(-3, 900, rows: 100)).count == 1)
    }

    @Test("the interval of each settlement stands in its row")
    func funding() throws {
        let hour = try PastAnswers(.mexc, .funding, "ETH_USDT").staged(
            #"{"success":true,"code":0,"data":{"pageSize":100,"totalCount":2,"totalPage":1,"currentPage":1,"resultList":[{"symbol":"ETH_USDT","fundingRate":0.0001,"settleTime":1773115200000,"collectCycle":4},{"symbol":"ETH_USDT","fundingRate":-0.0002,"settleTime":1773100800000,"collectCycle":8}]}}"#)
        #expect(hour.settlementHours == [0, 4] && hour.fundingSettlements.map(\.fundingIntervalHours) == [8, 4])
    }
}

@Suite("The past at KuCoin")
struct KuCoinHistoryTests {
    private func contract(_ symbol: String, _ fields: String) -> TestResponse {
        TestResponse("contracts", #"{"code":"200000","data":[{"symbol":"\#(symbol)","type":"FFWCSX","status":"Open",\#(fields)}]}"#)
    }

    private let linear = #""baseCurrency":"ETH","quoteCurrency":"USDT","settleCurrency":"USDT","isInverse":false,"multiplier":0.01"#
    private let inverse = #""baseCurrency":"XBT","quoteCurrency":"USD","settleCurrency":"XBT","isInverse":true,"multiplier":-1"#

    @Test("a span without rows is null, which is an answer", arguments: [HistoryDataset.candles, .funding])
    func null(dataset: HistoryDataset) throws {
        let answers = PastAnswers(.kucoin, dataset, "ETHUSDTM")
        #expect(try answers.staged(#"{"code":"200000","data":null}"#).rejections.isEmpty)
        #expect(try answers.page(#"{"code":"200000","data":null}"#) == .empty)
        // The parts of the span that follow are asked for all the same.
        #expect(try answers.asked(hours: 1000, after: .empty).count == 2)
        #expect(try answers.staged(#"{"code":"200000"}"#).rejections.count == 1)
    }

    @Test("volume counts lots; older rows have no turnover")
    func candles() throws {
        let answers = PastAnswers(.kucoin, .candles, "ETHUSDTM", list: contract("ETHUSDTM", linear))
        let hour = try answers.staged(
            #"{"code":"200000","data":[[1773100800000,4779.3,4792.1,4768.7,4770.3,78051],[1773104400000,4770.3,4780,4770,4775,100,4772.5],[1773144000000,1,1,1,1,1,1]]}"#)
        #expect(hour.candleHours == [0, 1])
        #expect(close(hour.candles[0].volumeBase, 780.51) && close(hour.candles[0].volumeUSD, 780.51 * 4774.8))
        #expect(hour.candles[0].high == 4792.1 && hour.candles[0].low == 4768.7 && hour.candles[0].close == 4770.3)
        #expect(hour.candles[1].volumeBase == 1 && hour.candles[1].volumeUSD == 4772.5)
    }

    @Test("a lot of an inverse contract is a dollar")
    func inverseCandles() throws {
        let answers = PastAnswers(.kucoin, .candles, "XBTUSDM", list: contract("XBTUSDM", inverse))
        let first = try #require(
            try answers.staged(#"{"code":"200000","data":[[1773100800000,80000,80000,80000,80000,1600,0.02]]}"#).candles.first)
        #expect(first.volumeUSD == 1600 && first.volumeBase == nil && first.asset == "BTC")
    }

    @Test("settlements come newest first; both ends belong to a span")
    func funding() throws {
        let answers = PastAnswers(.kucoin, .funding, "XBTUSDTM")
        let hour = try answers.staged(
            #"{"code":"200000","data":[{"symbol":"XBTUSDTM","fundingRate":2.26E-4,"timepoint":1773129600000},{"symbol":"XBTUSDTM","fundingRate":-1E-4,"timepoint":1773100800000}]}"#)
        #expect(hour.settlementHours == [0, 8] && hour.fundingSettlements.map(\.fundingRate) == [-1e-4, 2.26e-4])
        #expect(
            try answers.asked()
                == ["/api/v1/contract/funding-rates?symbol=XBTUSDTM&from=1773100800000&to=1773136799999"])
        // A hundred rows may be all that an answer holds: the month is asked again in halves.
        #expect(try answers.asked(hours: 720, after: .hours(0, 719, rows: 100), .hours(0, 359, rows: 90)).count == 3)
    }
}

@Suite("The past at BingX")
struct BingXHistoryTests {
    @Test("rows come newest first; the base counts a thousand coins, and no turnover is stated")
    func candles() throws {
        let hour = try PastAnswers(.bingx, .candles, "1000PEPE-USDT").staged(
            #"{"code":0,"msg":"","data":[{"open":"0.004","close":"0.0041","high":"0.0042","low":"0.0039","volume":"70.00","time":1773144000000},{"open":"0.004","close":"0.0041","high":"0.0042","low":"0.0039","volume":"635.00","time":1773104400000},{"open":"0.0039","close":"0.004","high":"0.004","low":"0.0038","volume":"0","time":1773100800000}]}"#)
        #expect(hour.candleHours == [0, 1] && hour.rejections.isEmpty)
        let second = hour.candles[1]
        #expect(second.asset == "PEPE" && close(second.close, 4.1e-6) && second.volumeBase == 635_000 && close(second.volumeUSD, 2.57175))
    }

    @Test("rows of mark prices call their start openTime")
    func mark() throws {
        let answers = PastAnswers(.bingx, .markCandles, "BTC-USDT")
        let hour = try answers.staged(
            #"{"code":0,"msg":"","data":[{"open":"42191.7","close":"42189.5","high":"42196.5","low":"42189.5","volume":"0.00","openTime":1773100800000,"closeTime":1773104399999}]}"#)
        #expect(hour.candleHours == [0] && hour.candles[0].volumeBase == nil && hour.candles[0].priceKind == .mark)
        #expect(
            try answers.asked() == [
                "/openApi/swap/v1/market/markPriceKlines?symbol=BTC-USDT&startTime=1773100799999&endTime=1773136799999&interval=1h&limit=1440"
            ])
    }

    @Test("a paused symbol has no rows; another error has an object where the list is due")
    func errors() throws {
        let answers = PastAnswers(.bingx, .funding, "NCSKHIVE2USD-USDT")
        #expect(try answers.staged(#"{"code":109415,"msg":"is pause currently","data":{}}"#).rejections.isEmpty)
        #expect(try answers.staged(#"{"code":100410,"msg":"rate limited","data":{}}"#).rejections.count == 1)
    }

    @Test("settlements, newest first")
    func funding() throws {
        let hour = try PastAnswers(.bingx, .funding, "BTC-USDT").staged(
            #"{"code":0,"msg":"","data":[{"symbol":"BTC-USDT","fundingRate":"0.00027100","fundingTime":1773129600000,"markPrice":"80000"},{"symbol":"BTC-USDT","fundingRate":"0.00012800","fundingTime":1773100800000}]}"#)
        #expect(hour.settlementHours == [0, 8] && hour.fundingSettlements.map(\.fundingRate) == [0.000128, 0.000271])
    }
}

@Suite("The past at HTX")
struct HTXHistoryTests {
    private let list = TestResponse(
        "contracts",
        #"{"status":"ok","data":[{"symbol":"BTC","contract_code":"BTC-USDT","contract_size":0.001,"contract_status":1,"settlement_period":"8","labels":["common"],"business_type":"swap","contract_type":"swap","trade_partition":"USDT"}]}"#)

    @Test("volume counts both sides and is halved; times are seconds")
    func candles() throws {
        let answers = PastAnswers(.htx, .candles, "BTC-USDT", list: list)
        let hour = try answers.staged(
            #"{"ch":"market.BTC-USDT.kline.60min","data":[{"amount":0.004,"close":13076.8,"count":1,"high":13080,"id":1773100800,"low":13070,"open":13071,"trade_turnover":52.3072,"vol":4},{"amount":1,"close":1,"count":1,"high":1,"id":1773144000,"low":1,"open":1,"trade_turnover":1,"vol":1}],"status":"ok","ts":1773144005000}"#)
        #expect(hour.candleHours == [0])
        #expect(hour.candles[0].volumeBase == 0.002 && close(hour.candles[0].volumeUSD, 26.1536))
        #expect(
            try answers.asked() == [
                "/linear-swap-ex/market/history/kline?contract_code=BTC-USDT&period=60min&from=1773100800&to=1773136799"
            ])
    }

    @Test("mark prices are text and come without a span")
    func mark() throws {
        let answers = PastAnswers(.htx, .markCandles, "BTC-USDT")
        let hour = try answers.staged(
            #"{"ch":"market.BTC-USDT.mark_price.60min","data":[{"amount":"0","close":"31078.68","count":"0","high":"31078.7","id":1773100800,"low":"31078.6","open":"31078.68","trade_turnover":"0","vol":"0"}],"status":"ok","ts":1773144005000}"#)
        #expect(hour.candles.map(\.close) == [31078.68] && hour.candles[0].volumeBase == nil)
        #expect(try answers.asked(hours: 9000, after: .hours(0, 1999, rows: 2000)).count == 1)
    }

    @Test("open interest counts contracts of one side; an hour that may still be filling is passed over")
    func openInterest() throws {
        let hour = try PastAnswers(.htx, .openInterest, "BTC-USDT", list: list).staged(
            #"{"status":"ok","data":{"symbol":"BTC","tick":[{"volume":1,"amount_type":1,"ts":1773144000000,"value":80},{"volume":28808125,"amount_type":1,"ts":1773140400000,"value":2221334021.6875}],"contract_code":"BTC-USDT","business_type":"swap"},"ts":1773144005000}"#)
        let figure = try #require(hour.openInterests.first)
        #expect(hour.openInterests.count == 1 && hour.rejections.isEmpty)
        #expect(figure.contracts == 28_808_125 && close(figure.base, 28808.125) && figure.usd == 2_221_334_021.6875)
        #expect(figure.observedAt.milliseconds == 1_773_140_400_000)
    }

    @Test("settlements have times as text, on pages with numbers")
    func funding() throws {
        let answers = PastAnswers(.htx, .funding, "BTC-USDT")
        let hour = try answers.staged(
            #"{"status":"ok","data":{"total_page":14,"current_page":1,"total_size":14,"data":[{"funding_rate":"0.000100000000000000","funding_time":"1773129600000","contract_code":"BTC-USDT","symbol":"BTC","fee_asset":"USDT"},{"funding_rate":"0E-18","funding_time":"1773100800000","contract_code":"BTC-USDT","symbol":"BTC"}]},"ts":1}"#)
        #expect(hour.settlementHours == [0, 8] && hour.fundingSettlements.map(\.fundingRate) == [0, 0.0001])
        let asked = try answers.asked(after: .hours(2, 300, rows: 50), .empty)
        #expect(asked.count == 2 && asked[1].hasSuffix("contract_code=BTC-USDT&page_index=2&page_size=50"))
    }

    @Test("liquidations are asked for two days at a time, and an answer of 20 in halves")
    func liquidations() throws {
        let answers = PastAnswers(.htx, .liquidations, "BTC-USDT", list: list)
        let hour = try answers.staged(
            #"{"code":200,"msg":"","data":[{"query_id":452057,"contract_code":"BTC-USDT","symbol":"BTC","direction":"sell","offset":"close","volume":479,"price":51441.7,"created_at":1773100847864,"amount":0.479,"trade_turnover":24640.5743,"business_type":"swap","pair":"BTC-USDT"}],"ts":1}"#)
        let event = try #require(hour.liquidations.first)
        #expect(event.side == .long && event.occurredAt.milliseconds == 1_773_100_847_864)
        let base = "/linear-swap-api/v3/swap_liquidation_orders?contract=BTC-USDT&trade_type=0"
        #expect(
            try answers.asked(hours: 72, after: .hours(0, 40, rows: 20), .empty, .empty) == [
                "\(base)&start_time=1773100800000&end_time=1773273599999&direct=prev",
                "\(base)&start_time=1773100800000&end_time=1773187199999&direct=prev",
                "\(base)&start_time=1773187200000&end_time=1773273599999&direct=prev",
                "\(base)&start_time=1773273600000&end_time=1773359999999&direct=prev",
            ])
    }

    @Test("shares of accounts and of positions are two questions")
    func ratios() throws {
        let endpoints = Adapter.adapter(for: .htx).history.filter { $0.dataset == .longShort }
        #expect(endpoints.map(\.id) == ["history_long_short_accounts", "history_long_short_positions"])
        let hour = try PastAnswers(.htx, .longShort, "BTC-USDT").staged(
            #"{"status":"ok","data":{"list":[{"buy_ratio":0.55,"sell_ratio":0.45,"locked_ratio":0,"ts":1773140400000},{"buy_ratio":0.6,"sell_ratio":0.4,"ts":1773144000000}],"symbol":"BTC","contract_code":"BTC-USDT"},"ts":1}"#)
        #expect(hour.longShortRatios.map(\.longFraction) == [0.55])
        #expect(hour.longShortRatios.first?.population == .topAccounts)
    }
}
