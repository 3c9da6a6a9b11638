import JSONReader
import PerpCore
import Testing

@testable import ExchangeAdapters

@Suite("Archives of exchanges")
struct ArchiveTests {
    private static let now = Hour("2026-11-28T10")!

    /// The facts of one file, and what was wrong with it.
    private func staged(
        _ adapter: Adapter, _ dataset: HistoryDataset, _ symbol: String?, _ text: String, name: String = "a.csv"
    ) throws -> StagedHour {
        try staged(adapter, dataset, symbol, bytes: Array(text.utf8), name: name)
    }

    private func staged(
        _ adapter: Adapter, _ dataset: HistoryDataset, _ symbol: String?, bytes: [UInt8], name: String = "a.csv"
    ) throws -> StagedHour {
        let series = try #require(adapter.archives.first { $0.dataset == dataset })
        var batch = Batch(adapter: adapter.forArchives(dataset))
        bytes.withUnsafeBufferPointer { text in
            _ = batch.read(
                ArchiveText(
                    series: series.id, symbol: symbol, name: name, receivedAt: Self.now.startTime, text: text))
        }
        let counts = [(name: series.id, count: Source.EndpointCount(ok: 1))]
        let source = Source(
            rawSHA256: "", transformVersion: 1, responses: 1, responsesOK: 1, endpoints: counts, liquidations: .none,
            observedFrom: nil, observedTo: nil)
        return batch.stagedHistory(dataset, hour: Self.now, source: source, spans: [])
    }

    private func time(_ text: String) -> Timestamp { Timestamp(iso8601: text + "Z")! }  // literal times

    // MARK: - Binance: open interest and ratios

    private let metricHeader = """
        create_time,symbol,sum_open_interest,sum_open_interest_value,count_toptrader_long_short_ratio,\
        sum_toptrader_long_short_ratio,count_long_short_ratio,sum_taker_long_short_vol_ratio

        """

    private func metric(_ time: String, _ interest: String = "100.0", _ ratios: String = "3,1,0.25,1.5") -> String {
        "2026-11-01 \(time),BTCUSDT,\(interest),8000000.5,\(ratios)\n"
    }

    @Test("the first row of each hour is kept, be it at 00:00 or at 00:05")
    func metrics() throws {
        let text = metricHeader + ["00:05:00", "00:10:00", "01:00:00", "01:05:00", "02:55:00"].map { metric($0) }.joined()
        let staged = try staged(Binance.adapter, .openInterest, "BTCUSDT", text)
        #expect(
            staged.openInterests.map(\.observedAt) == [
                time("2026-11-01T00:05:00"), time("2026-11-01T01:00:00"), time("2026-11-01T02:55:00"),
            ])
        #expect(staged.openInterests[0].base == 100 && staged.openInterests[0].usd == 8_000_000.5)
        #expect(staged.openInterests[0].asset == "BTC" && staged.rejections.isEmpty)
        #expect(staged.source.endpoints[0].count.rows == 5)
    }

    @Test("a ratio r is r / (1 + r) long, and the four columns are four populations of five minutes")
    func ratios() throws {
        let staged = try staged(Binance.adapter, .longShort, "BTCUSDT", metricHeader + metric("00:00:00"))
        let found = Dictionary(uniqueKeysWithValues: staged.longShortRatios.map { ($0.population, $0.longFraction) })
        #expect(found == [.topAccounts: 0.75, .topPositions: 0.5, .accounts: 0.2, .taker: 0.6])
        #expect(Set(staged.longShortRatios.map(\.period)) == ["5m"])
    }

    @Test("a blank ratio and one of zero were not counted")
    func blankRatios() throws {
        let text = metricHeader + metric("00:00:00", "1", ",0,0.25,")
        let staged = try staged(Binance.adapter, .longShort, "BTCUSDT", text)
        #expect(staged.longShortRatios.map(\.population) == [.accounts] && staged.rejections.isEmpty)
    }

    @Test("of contracts margined in their coin, the figures are contracts and coins")
    func coinMetrics() throws {
        let text = metricHeader + "2026-11-01 00:00:00,BTCUSD_PERP,4000,5.5,1,1,1,1\n"
        let staged = try staged(BinanceCOINM.adapter, .openInterest, "BTCUSD_PERP", text)
        #expect(staged.openInterests.map(\.contracts) == [4000] && staged.openInterests.map(\.base) == [5.5])
    }

    @Test("a row that stands twice counts once; of two that differ the first one counts, and the other is told")
    func doubled() throws {
        let text = metricHeader + metric("00:00:00") + metric("00:00:00") + metric("01:00:00", "7") + metric("01:00:00", "8")
        let staged = try staged(Binance.adapter, .openInterest, "BTCUSDT", text, name: "BTCUSDT-metrics-2026-11-01.zip")
        #expect(staged.openInterests.map(\.base) == [100, 7])
        #expect(staged.rejections.map(\.reason) == ["BTCUSDT-metrics-2026-11-01.zip: line 5: repeats an earlier row"])
        #expect(staged.source.endpoints[0].count.rejected == 1)
    }

    @Test(
        "a bad row is told with file, line and column, and takes no other with it",
        arguments: [
            (metric: "x", field: "sum_open_interest", reason: "a.csv: line 3: is not a decimal number"),
            (metric: "-1", field: "sum_open_interest", reason: "a.csv: line 3: is below zero"),
            (metric: "", field: "sum_open_interest", reason: "a.csv: line 3: is missing"),
            (metric: "1,2", field: "row", reason: "a.csv: line 3: is not a known value"),
        ])
    func badRow(metric bad: String, field: String, reason: String) throws {
        let text = metricHeader + metric("00:00:00") + metric("01:00:00", bad) + metric("02:00:00")
        let staged = try staged(Binance.adapter, .openInterest, "BTCUSDT", text)
        #expect(staged.openInterests.count == 2)
        #expect(staged.rejections.map(\.field) == [field] && staged.rejections.map(\.reason) == [reason])
        #expect(staged.rejections[0].row == 3)
    }

    @Test("a row of another contract than was asked for is refused")
    func otherContract() throws {
        let staged = try staged(Binance.adapter, .openInterest, "ETHUSDT", metricHeader + metric("00:00:00"))
        #expect(staged.openInterests.isEmpty && staged.rejections.map(\.field) == ["symbol"])
    }

    @Test("a file without one readable line has few rejections and counts all")
    func manyRejections() throws {
        let text = metricHeader + (0..<50).map { _ in metric("25:00:00") }.joined()
        let staged = try staged(Binance.adapter, .openInterest, "BTCUSDT", text)
        #expect(staged.rejections.count == 21 && staged.rejections.last?.reason == "a.csv: 30 more lines cannot be read")
        #expect(staged.source.endpoints[0].count.rejected == 50)
    }

    // MARK: - Binance: funding and candles

    @Test(
        "funding has its interval, stamps some milliseconds late, and a header or none",
        arguments: [
            "", "calc_time,funding_interval_hours,last_funding_rate\n", "last_funding_rate;x",
        ])
    func funding(header: String) throws {
        let rows = "1761955200007,8,0.00010000\n1761984000000,4,-0.00002\n"
        let text = header.hasSuffix("x") ? "calc_time,last_funding_rate,funding_interval_hours\r\n1761955200007,0.0001,8\r\n1761984000000,-0.00002,4" : header + rows
        let staged = try staged(Binance.adapter, .funding, "BTCUSDT", text)
        #expect(staged.fundingSettlements.map(\.settledAt.milliseconds) == [1_761_955_200_000, 1_761_984_000_000])
        #expect(staged.fundingSettlements.map(\.fundingRate) == [0.0001, -0.00002])
        #expect(staged.fundingSettlements.map(\.fundingIntervalHours) == [8, 4] && staged.rejections.isEmpty)
    }

    private let candle = "80000,80500.5,79000,80100,10.5,1761958799999,840000.25,9000,5,400000,0"

    @Test(
        "candles of old files without a header and of new ones, in milliseconds and in microseconds",
        arguments: [
            "1761955200000,", "open_time,open,high,low,close,volume,close_time,quote_volume,count,b,q,ignore\n1761955200000,",
            "1761955200000000,",
        ])
    func candles(start: String) throws {
        let staged = try staged(Binance.adapter, .candles, "BTCUSDT", start + candle + "\n")
        let expected = Candle(
            symbol: "BTCUSDT", asset: "BTC", priceKind: .last, from: Timestamp(milliseconds: 1_761_955_200_000),
            open: 80_000, high: 80_500.5, low: 79_000, close: 80_100, volumeBase: 10.5, volumeUSD: 840_000.25)
        #expect(staged.candles == [expected] && staged.rejections.isEmpty)
    }

    @Test("mark and index prices have no volume")
    func markCandles() throws {
        for (dataset, price) in [(HistoryDataset.markCandles, CandlePrice.mark), (.indexCandles, .index)] {
            let staged = try staged(Binance.adapter, dataset, "BTCUSDT", "1761955200000," + candle)
            #expect(staged.candles.map(\.priceKind) == [price] && staged.candles.map(\.volumeUSD) == [nil])
        }
    }

    @Test("a candle that begins in the middle of an hour is refused")
    func oddCandle() throws {
        let staged = try staged(Binance.adapter, .candles, "BTCUSDT", "1761956000000," + candle)
        #expect(staged.candles.isEmpty && staged.rejections.map(\.field) == ["open_time"])
    }

    // MARK: - OKX

    @Test("a header with odd bytes names its columns, and all contracts are read")
    func okx() throws {
        let header: [UInt8] =
            [0xEF, 0xBB, 0xBF] + Array("instrument_name/".utf8) + [0xBD, 0x41, 0xD2, 0xD7]
            + Array(
                ",funding_rate/".utf8) + [0xD7, 0xCA] + Array(",funding_time\r\n".utf8)
        let rows = "BTC-USDT-SWAP,0.0001,1761955200000\r\nETH-USDT-SWAP,-0.00005,1761955200000\r\n"
        let staged = try staged(OKX.adapter, .funding, nil, bytes: header + Array(rows.utf8))
        #expect(staged.fundingSettlements.map(\.symbol) == ["BTC-USDT-SWAP", "ETH-USDT-SWAP"])
        #expect(staged.fundingSettlements.map(\.asset) == ["BTC", "ETH"])
        #expect(staged.fundingSettlements.map(\.fundingRate) == [0.0001, -0.00005] && staged.rejections.isEmpty)
    }

    @Test("a day begins at 16:00 UTC, so that one of UTC is in two files")
    func okxDays() throws {
        let contracts = ArchiveContracts(OKX.adapter, .funding)
        let parts = contracts.parts(
            assets: [], first: [], from: time("2026-11-10T00:00:00"), to: time("2026-11-11T00:00:00"), answered: [])
        #expect(parts.map(\.span.symbol) == [""])
        let periods = contracts.periods(parts[0], now: Self.now.startTime)
        #expect(periods.map(\.name) == ["2026-11-10", "2026-11-11"])
        #expect(periods.map(\.from) == [time("2026-11-09T16:00:00"), time("2026-11-10T16:00:00")])
        let urls = contracts.listRequests(periods).map(\.url)
        #expect(urls.count == 1 && urls[0].hasSuffix("&begin=1794268800000&end=1794355200000"))
        let body = """
            {"code":"0","msg":"","data":[{"dateAggrType":"daily","details":[{"groupDetails":[
            {"filename":"allswap-fundingrates-2026-11-10.zip","url":"https://static.okx.com/x/allswap-fundingrates-2026-11-10.zip?v=999"},
            {"filename":"other.zip","url":"https://static.okx.com/x/other.zip"}]}]}]}
            """
        let parser = JSONParser()
        let response = Response(
            endpoint: "archive_funding", url: urls[0], receivedAt: Self.now.startTime,
            body: try parser.parse(ByteBuffer(Array(body.utf8))))
        let files = try contracts.files(response, of: periods)
        #expect(files.map(\.name) == ["allswap-fundingrates-2026-11-10.zip"])
        #expect(files.map(\.checksumRequest) == [nil])
    }

    // MARK: - Gate

    @Test("rows without a header, in seconds, some of them odd ones")
    func gate() throws {
        let candles = try staged(
            Gate.adapter, .candles, "BTC_USDT", "1761955200,1500,80100,80500.5,79000,80000\n1761958807,1,2,3,1,2\n")
        #expect(candles.candles.map(\.from.milliseconds) == [1_761_955_200_000, 1_761_958_800_000])
        #expect(candles.candles[0].open == 80_000 && candles.candles[0].close == 80_100)
        #expect(candles.candles[0].high == 80_500.5 && candles.candles[0].low == 79_000)
        let funding = try staged(Gate.adapter, .funding, "BTC_USDT", "1761955199,0.0001\n1761984001,-0.0002\n")
        #expect(
            funding.fundingSettlements.map(\.settledAt.milliseconds) == [1_761_955_200_000, 1_761_984_000_000])
    }

    // MARK: - Which files there are

    private func files(
        _ adapter: Adapter, _ dataset: HistoryDataset, _ symbol: String, _ from: String, _ to: String
    ) -> [String] {
        let contracts = ArchiveContracts(adapter, dataset)
        let part = HistoryPart(
            dataset: dataset, span: HistorySpan(symbol: symbol, from: time(from), to: time(to)))
        return contracts.files(part, contracts.periods(part, now: Self.now.startTime)).map(\.request.url)
    }

    private let data = "https://data.binance.vision/data/futures"

    @Test("open interest has a file a day, up to two days ago")
    func metricFiles() {
        let files = files(Binance.adapter, .openInterest, "BTCUSDT", "2026-11-24T12:00:00", "2026-11-28T10:00:00")
        #expect(
            files == ["24", "25"].map { "\(data)/um/daily/metrics/BTCUSDT/BTCUSDT-metrics-2026-11-\($0).zip" })
    }

    @Test("candles have a file a month, and one a day while the month runs or when few days are wanted")
    func candleFiles() {
        let files = files(Binance.adapter, .candles, "BTCUSDT", "2026-10-01T00:00:00", "2026-11-03T00:00:00")
        #expect(
            files == [
                "\(data)/um/monthly/klines/BTCUSDT/1h/BTCUSDT-1h-2026-10.zip",
                "\(data)/um/daily/klines/BTCUSDT/1h/BTCUSDT-1h-2026-11-01.zip",
                "\(data)/um/daily/klines/BTCUSDT/1h/BTCUSDT-1h-2026-11-02.zip",
            ])
        #expect(
            self.files(Binance.adapter, .markCandles, "BTCUSDT", "2026-10-30T00:00:00", "2026-10-30T02:00:00")
                == ["\(data)/um/daily/markPriceKlines/BTCUSDT/1h/BTCUSDT-1h-2026-10-30.zip"])
    }

    @Test("the index of a contract margined in its coin is that of its pair")
    func indexFiles() {
        #expect(
            files(BinanceCOINM.adapter, .indexCandles, "BTCUSD_PERP", "2026-10-30T00:00:00", "2026-10-31T00:00:00")
                == ["\(data)/cm/daily/indexPriceKlines/BTCUSD/1h/BTCUSD-1h-2026-10-30.zip"])
    }

    @Test("funding has a file a month, once it is over")
    func fundingFiles() {
        #expect(
            files(Binance.adapter, .funding, "BTCUSDT", "2025-12-31T23:00:00", "2026-01-01T01:00:00")
                == ["2025-12", "2026-01"].map { "\(data)/um/monthly/fundingRate/BTCUSDT/BTCUSDT-fundingRate-\($0).zip" })
        #expect(files(Binance.adapter, .funding, "BTCUSDT", "2026-11-01T00:00:00", "2026-11-02T00:00:00").isEmpty)
        #expect(
            files(Gate.adapter, .funding, "BTC_USDT", "2026-10-01T00:00:00", "2026-11-02T00:00:00")
                == ["https://download.gatedata.org/futures_usdt/funding_applies/202610/BTC_USDT-202610.csv.gz"])
    }

    @Test("the checksum stands beside a file, and is a word of 64 digits")
    func checksums() {
        let contracts = ArchiveContracts(Binance.adapter, .funding)
        let span = HistorySpan(symbol: "BTCUSDT", from: time("2026-10-01T00:00:00"), to: time("2026-10-02T00:00:00"))
        let part = HistoryPart(dataset: .funding, span: span)
        let file = contracts.files(part, contracts.periods(part, now: Self.now.startTime))[0]
        #expect(file.checksumRequest?.url == file.request.url + ".CHECKSUM")
        #expect(file.name == "BTCUSDT-fundingRate-2026-10.zip")
        let sum = String(repeating: "0aF", count: 21) + "9"
        #expect(ArchiveFile.stated(Array("\(sum)  \(file.name)\n".utf8)) == sum.lowercased())
        #expect(ArchiveFile.stated(Array("<Error>NoSuchKey</Error>".utf8)) == nil)
    }

    // MARK: - For which spans a file tells whole

    private func spans(_ text: String, now: Hour) -> (spans: [HistorySpan], problem: String?) {
        let contracts = ArchiveContracts(Binance.adapter, .openInterest)
        let span = HistorySpan(symbol: "BTCUSDT", from: time("2026-11-01T00:00:00"), to: time("2026-11-02T00:00:00"))
        let part = HistoryPart(dataset: .openInterest, span: span)
        let file = contracts.files(part, contracts.periods(part, now: now.startTime))[0]
        return Array(text.utf8).withUnsafeBufferPointer { contracts.spans(file, text: $0, now: now.startTime) }
    }

    @Test("a day that lacks hours answers for those that it has, and for all once it will not be replaced any more")
    func halfDay() {
        let hours = (0..<24).filter { $0 != 3 && $0 < 12 }
        let text = metricHeader + hours.map { metric(($0 < 10 ? "0" : "") + "\($0):05:00") }.joined()
        let young = spans(text, now: Self.now)
        #expect(
            young.spans == [
                HistorySpan(symbol: "BTCUSDT", from: time("2026-11-01T00:00:00"), to: time("2026-11-01T03:00:00")),
                HistorySpan(symbol: "BTCUSDT", from: time("2026-11-01T04:00:00"), to: time("2026-11-01T12:00:00")),
            ])
        #expect(young.problem == "BTCUSDT-metrics-2026-11-01.zip: lacks 13 hours")
        let old = spans(text, now: Hour("2026-12-05T00")!)
        #expect(old.spans.map(\.to) == [time("2026-11-02T00:00:00")] && old.problem == nil)
        #expect(spans(metricHeader, now: Hour("2026-12-05T00")!).spans.isEmpty)
    }

    /// Whatever stands in a file, reading ends and good rows stay.
    @Test("noise in a file ends no program")
    func noise() throws {
        var random = SplitMix64(seed: 11)
        let good = Array((metricHeader + metric("00:00:00") + metric("01:00:00")).utf8)
        for _ in 0..<300 {
            var bytes = good
            for _ in 0..<5 { bytes[Int.random(in: bytes.indices, using: &random)] = UInt8.random(in: 0...255, using: &random) }
            let staged = try staged(Binance.adapter, .openInterest, "BTCUSDT", bytes: bytes)
            #expect(staged.openInterests.count <= 2)
        }
        let noise = (0..<5_000).map { _ in UInt8.random(in: 0...255, using: &random) }
        #expect(try staged(Binance.adapter, .candles, "BTCUSDT", bytes: noise).candles.isEmpty)
    }
}
