import PerpCore
import Testing

@testable import ExchangeAdapters

// 1_773_100_800 is 2026-03-10T00:00 in seconds; an hour later is 1_773_104_400. Answers come at 12:00:05, when the hour of
// 1_773_144_000 has just begun.

@Suite("The past at Lighter")
struct LighterHistoryTests {
    @Test("settlements are percent without a sign, at times in seconds; direction says who paid")
    func funding() throws {
        let answers = PastAnswers(.lighter, .funding, "BTC", id: "1")
        let hour = try answers.staged(
            #"{"code":200,"resolution":"1h","fundings":[{"timestamp":1773100800,"value":"0.79","rate":"0.0010","direction":"long"},{"timestamp":1773104400,"value":"0.07","rate":"0.0025","direction":"short"}]}"#)
        #expect(hour.settlementHours == [0, 1] && hour.fundingSettlements.allSatisfy { $0.fundingIntervalHours == 1 })
        #expect(close(hour.fundingSettlements[0].fundingRate, 1e-5) && close(hour.fundingSettlements[1].fundingRate, -2.5e-5))
        #expect(try answers.staged(#"{"code":200,"resolution":"1h","fundings":null}"#).rejections.isEmpty)
        #expect(
            try answers.asked() == [
                "/api/v1/fundings?market_id=1&resolution=1h&start_timestamp=1773100800&end_timestamp=1773136799&count_back=750"
            ])
    }

    @Test("candles are of times in milliseconds, with short names, large letters for quote units")
    func candles() throws {
        let answers = PastAnswers(.lighter, .candles, "1000PEPE", id: "4")
        let hour = try answers.staged(
            #"{"code":200,"r":"1h","c":[{"t":1773100800000,"o":0.004,"h":0.0042,"l":0.0039,"c":0.0041,"v":500,"V":2.05,"i":7},{"t":1773144000000,"o":1,"h":1,"l":1,"c":1,"v":1,"V":1,"i":8}]}"#)
        #expect(hour.candleHours == [0] && hour.rejections.isEmpty)
        #expect(hour.candles[0].asset == "PEPE" && close(hour.candles[0].high, 4.2e-6))
        #expect(hour.candles[0].volumeBase == 500_000 && hour.candles[0].volumeUSD == 2.05)
        #expect(try answers.staged(#"{"code":200,"r":"1h","c":null}"#).rejections.isEmpty)
        // The end does not belong to the span, and the count is never left out.
        #expect(
            try answers.asked(hours: 600, after: .hours(0, 498, rows: 499)) == [
                "/api/v1/candles?market_id=4&resolution=1h&start_timestamp=1773100800000&end_timestamp=1774897200000&count_back=500",
                "/api/v1/candles?market_id=4&resolution=1h&start_timestamp=1774897200000&end_timestamp=1775260800000&count_back=500",
            ])
    }
}

@Suite("The past at edgeX")
struct EdgeXHistoryTests {
    private let funding = PastAnswers(.edgex, .funding, "BTCUSDC", id: "30000001")

    private func rows(_ rows: String, next: String) -> String {
        #"{"code":"SUCCESS","data":{"dataList":[\#(rows)],"nextPageOffsetData":"\#(next)"},"msg":null}"#
    }

    private let settled = #"{"contractId":"30000001","fundingTime":"1773115200000","fundingTimestamp":"1773115200000","fundingRate":"-0.00005067","isSettlement":true,"forecastFundingRate":"0.1","fundingRateIntervalMin":"240"}"#
    private let minute = #"{"contractId":"30000001","fundingTime":"1773115200000","fundingTimestamp":"1773115260000","fundingRate":"0.5","isSettlement":false}"#

    @Test("rows of other minutes are no settlements")
    func settlements() throws {
        let hour = try funding.staged(rows("\(minute),\(settled)", next: ""))
        #expect(hour.settlementHours == [4] && hour.fundingSettlements.map(\.fundingRate) == [-0.00005067])
        #expect(hour.fundingSettlements[0].fundingIntervalHours == nil && hour.rejections.isEmpty)
    }

    @Test("a page names the next one; a blank name is the end, and so is a page without rows")
    func tokens() throws {
        let first = try funding.page(rows(settled, next: "a+b/c="))
        #expect(first == .hours(4, 4, rows: 1, token: "a+b/c="))
        #expect(try funding.page(rows(settled, next: "")).token == nil)
        let base =
            "/api/v2/public/funding/getFundingRatePage?contractId=30000001&size=100&filterSettlementFundingRate=true&filterBeginTimeInclusive=1773100800000&filterEndTimeExclusive=1773136800000"
        #expect(try funding.asked(after: first, .hours(0, 0, rows: 1)) == [base, "\(base)&offsetData=a%2Bb%2Fc%3D"])
        #expect(try funding.asked(after: HistoryPage(rows: 0, token: "again")) == [base])
    }

    @Test("candles have everything as text")
    func candles() throws {
        let answers = PastAnswers(.edgex, .candles, "1000PEPEUSDC", id: "30000046")
        let running = #"{"klineTime":"1773144000000","size":"1","value":"1","high":"1","low":"1","open":"1","close":"1"}"#
        let full = #"{"klineId":"1","contractId":"30000046","klineType":"HOUR_1","klineTime":"1773104400000","priceType":"LAST_PRICE","trades":"3","size":"500","value":"2.05","high":"0.0042","low":"0.0039","open":"0.004","close":"0.0041"}"#
        let hour = try answers.staged(rows("\(running),\(full)", next: ""))
        #expect(hour.candleHours == [1] && hour.candles[0].volumeBase == 500_000 && hour.candles[0].volumeUSD == 2.05)
        let oracle = try PastAnswers(.edgex, .markCandles, "1000PEPEUSDC", id: "30000046").staged(rows(full, next: ""))
        #expect(oracle.candles.map(\.priceKind) == [.mark] && oracle.candles[0].volumeBase == nil)
    }
}

@Suite("The past at Pacifica")
struct PacificaHistoryTests {
    private let funding = PastAnswers(.pacifica, .funding, "BTC")

    private func rows(_ next: String) -> String {
        #"{"success":true,"data":[{"oracle_price":"80000","funding_rate":"0.0000125","next_funding_rate":"0.5","created_at":1773104400497},{"oracle_price":"80000","funding_rate":"-0.00001","created_at":1773100800000}],\#(next)}"#
    }

    @Test("settlements are stamped late and come newest first; what follows is not what was paid")
    func settlements() throws {
        let hour = try funding.staged(rows(#""next_cursor":"11114Lz77","has_more":true"#))
        #expect(hour.settlementHours == [0, 1] && hour.fundingSettlements.map(\.fundingRate) == [-0.00001, 0.0000125])
    }

    @Test("the last page has a cursor too: has_more is the end")
    func cursor() throws {
        #expect(try funding.page(rows(#""next_cursor":"11114Lz77","has_more":true"#)).token == "11114Lz77")
        #expect(try funding.page(rows(#""next_cursor":"11114Lz77","has_more":false"#)).token == nil)
        let base = "/api/v1/funding_rate/history?symbol=BTC&limit=4000"
        #expect(
            try funding.asked(after: .hours(3, 800, rows: 4000, token: "x"), .hours(-9, 2, rows: 4000, token: "y"))
                == [base, "\(base)&cursor=x"])
        #expect(try funding.endpoint.endpoint.weight == 90)
    }

    @Test("a kBONK counts thousands; t is the start and T the end")
    func candles() throws {
        let answers = PastAnswers(.pacifica, .candles, "kBONK")
        let hour = try answers.staged(
            #"{"success":true,"data":[{"t":1773100800000,"T":1773104400000,"s":"kBONK","i":"1h","o":"0.027","c":"0.028","h":"0.029","l":"0.026","v":"34788","n":2},{"t":1773144000000,"T":1773147600000,"s":"kBONK","i":"1h","o":"1","c":"1","h":"1","l":"1","v":"1","n":1}],"error":null,"code":null}"#)
        #expect(hour.candleHours == [0] && hour.candles[0].asset == "BONK" && close(hour.candles[0].close, 2.8e-5))
        #expect(hour.candles[0].volumeBase == 34_788_000 && close(hour.candles[0].volumeUSD, 956.67))
    }
}

@Suite("The past at Backpack")
struct BackpackHistoryTests {
    @Test("times have no zone; the interval that still runs is dropped, and counts as a row of its page")
    func funding() throws {
        let answers = PastAnswers(.backpack, .funding, "BTC_USDC_PERP")
        let body = #"[{"fundingRate":"0.1","intervalEndTimestamp":"2026-03-10T13:00:00","symbol":"BTC_USDC_PERP"},{"fundingRate":"0.0000083","intervalEndTimestamp":"2026-03-10T12:00:00","symbol":"BTC_USDC_PERP"},{"fundingRate":"0.000007","intervalEndTimestamp":"2026-03-10T11:00:00","symbol":"BTC_USDC_PERP"}]"#
        let hour = try answers.staged(body)
        #expect(hour.settlementHours == [11, 12] && hour.fundingSettlements.map(\.fundingRate) == [0.000007, 0.0000083])
        #expect(try answers.page(body) == .hours(11, 12, rows: 3))
        let base = "/api/v1/fundingRates?symbol=BTC_USDC_PERP&limit=1000&offset="
        #expect(
            try answers.asked(after: .hours(3, 900, rows: 1000), .hours(0, 2, rows: 1000), .empty)
                == ["\(base)0", "\(base)1000", "\(base)2000"])
    }

    @Test("a space stands between day and hour; an hour without trades has null for prices and is no candle")
    func candles() throws {
        let answers = PastAnswers(.backpack, .candles, "kPEPE_USDC_PERP")
        let hour = try answers.staged(
            #"[{"close":null,"end":"2026-03-10 01:00:00","high":null,"low":null,"open":null,"quoteVolume":"0","start":"2026-03-10 00:00:00","trades":"0","volume":"0"},{"close":"0.0041","end":"2026-03-10 02:00:00","high":"0.0042","low":"0.0039","open":"0.004","quoteVolume":"2.05","start":"2026-03-10 01:00:00","trades":"12","volume":"500"},{"close":"1","end":"2026-03-10T13:00:00","high":"1","low":"1","open":"1","quoteVolume":"1","start":"2026-03-10T12:00:00","trades":"1","volume":"1"},{"close":"1","high":"1","low":"1","open":"1","start":"today","volume":"1"}]"#)
        #expect(hour.candleHours == [1] && hour.candles[0].asset == "PEPE")
        #expect(hour.candles[0].volumeBase == 500_000 && hour.candles[0].volumeUSD == 2.05)
        #expect(hour.rejections.map(\.field) == ["start"])
        #expect(
            try answers.asked()
                == ["/api/v1/klines?symbol=kPEPE_USDC_PERP&interval=1h&startTime=1773100800&endTime=1773136799&priceType=Last"])
    }
}

@Suite("The past at Extended")
struct ExtendedHistoryTests {
    @Test("settlements are stamped up to two seconds late and belong to the full hour")
    func funding() throws {
        let answers = PastAnswers(.extended, .funding, "BTC-USD")
        let body = #"{"status":"OK","data":[{"m":"BTC-USD","f":"0.000008","T":1773104401028},{"m":"BTC-USD","f":"-0.00001","T":1773100801700}],"pagination":{"cursor":1784963886257016832,"count":2}}"#
        #expect(try answers.staged(body).settlementHours == [0, 1])
        // The page reaches the start of the span although its oldest row is stamped later: nothing more is asked.
        #expect(try answers.page(body) == .hours(0, 1, rows: 2))
        #expect(try answers.asked(after: answers.page(body)).count == 1)
        let asked = try answers.asked(hours: 2000, after: .hours(1000, 1999, rows: 1000), .hours(0, 999, rows: 1000))
        #expect(
            asked == [
                "/api/v1/info/BTC-USD/funding?startTime=1773100800000&endTime=1780300799999&limit=1000",
                "/api/v1/info/BTC-USD/funding?startTime=1773100800000&endTime=1776700799999&limit=1000",
            ])
    }

    @Test("candles take an end only: pages go back until one passes the start")
    func candles() throws {
        let answers = PastAnswers(.extended, .candles, "1000PEPE-USD")
        let hour = try answers.staged(
            #"{"status":"OK","data":[{"o":"1","l":"1","h":"1","c":"1","v":"0","T":1773144000000},{"o":"0.004","l":"0.0039","h":"0.0042","c":"0.0041","v":"500","T":1773104400000}]}"#)
        #expect(hour.candleHours == [1] && hour.candles[0].volumeBase == 500_000 && close(hour.candles[0].volumeUSD, 2.025))
        let base = "/api/v1/info/candles/1000PEPE-USD/trades?interval=PT1H&limit=1000&endTime="
        #expect(
            try answers.asked(hours: 1200, after: .hours(200, 1199, rows: 1000), .hours(-800, 199, rows: 1000))
                == ["\(base)1777420799999", "\(base)1773820799999"])
        // Candles of the mark price have no volume.
        let mark = try PastAnswers(.extended, .markCandles, "BTC-USD").staged(
            #"{"status":"OK","data":[{"o":"1","l":"1","h":"1","c":"1","T":1773100800000}]}"#)
        #expect(mark.candles.map(\.priceKind) == [.mark] && mark.rejections.isEmpty)
    }

    @Test("open interest is dollars under a small letter and coins under a large one")
    func openInterest() throws {
        let hour = try PastAnswers(.extended, .openInterest, "1000PEPE-USD").staged(
            #"{"status":"OK","data":[{"i":"112620590.6060360000000000","I":"1473.1408400000000000","t":1773100800000}]}"#)
        let figure = try #require(hour.openInterests.first)
        #expect(figure.usd == 112_620_590.606036 && close(figure.base, 1_473_140.84) && figure.contracts == 1473.14084)
    }
}
