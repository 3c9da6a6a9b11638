import Gzip
import PerpCore
import PipelineFiles
import Testing

@Suite("Staged files")
struct StagedFileTests {
    /// One record of each kind, the odd values among them.
    private var sample: StagedHour {
        var staged = StagedHour(
            exchange: .gate, hour: Hour(containing: Int64(1_761_231_600)),
            source: Source(
                rawSHA256: "ab", transformVersion: 1, responses: 3, responsesOK: 2,
                endpoints: [("tickers", .init(ok: 1, failed: 1, rows: 2, rejected: 1))], liquidations: .complete,
                observedFrom: Timestamp(milliseconds: 5), observedTo: nil, isSimulated: true))
        staged.instruments = [
            Instrument(
                symbol: "1000X\"\\漢_USDT", asset: "X", isClassStated: false, base: "1000X", quote: "USDT", settle: "USDT", kind: .linear, contract: .perpetual,
                status: .prelaunch, contractMultiplier: nil, unitMultiplier: 1000)
        ]
        var ticker = Ticker(symbol: "A\n", asset: "A", assetClass: nil, kind: .inverse, contract: .dated, quote: "USD", observedAt: Timestamp(milliseconds: 9))
        ticker.lastPrice = 1e-9
        ticker.openInterestContracts = 8
        ticker.fundingRate = -0.0001
        ticker.fundingIntervalHours = 4
        ticker.trades24h = .max
        staged.tickers = [ticker]
        staged.longShortRatios = [
            LongShortRatio(
                symbol: "A", asset: "A", population: .topPositions, period: "1h", longFraction: 0.6, shortFraction: 0.4,
                observedAt: Timestamp(milliseconds: 1))
        ]
        staged.liquidations = [
            Liquidation(symbol: "A", asset: "A", side: .short, price: 2, quantityContracts: 300, quantityBase: 3, valueUSD: nil, occurredAt: Timestamp(milliseconds: 1), id: "x")
        ]
        staged.liquidationTotals = [
            LiquidationTotal(
                symbol: "A", asset: "A", from: Timestamp(milliseconds: 1), to: Timestamp(milliseconds: 2), longUSD: 1, shortUSD: 0, longCount: 0)
        ]
        staged.spotTickers = [SpotTicker(symbol: "A", asset: "A", quote: "USDT", bidPrice: 1, observedAt: Timestamp(milliseconds: 1))]
        staged.fundingSettlements = [
            FundingSettlement(symbol: "A", asset: "A", settledAt: Timestamp(milliseconds: 60_000), fundingRate: 0, fundingIntervalHours: 8)
        ]
        staged.rejections = [Rejection(endpoint: "tickers", row: 0, field: "last", reason: "is missing", value: "<script>'; DROP TABLE--")]
        return staged
    }

    @Test("every record comes back as it was written")
    func roundTrip() throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/gate.ndjson.gz"
        try StagedWriter().write(sample, to: path)
        #expect(try StagedReader().read(path) == sample)
    }

    /// What may change from one hour to the next.
    private static let changes: [(String, @Sendable (inout StagedHour) -> Void)] = [
        ("nothing but the hour", { _ in }),
        ("a price", { $0.tickers[0].lastPrice = 2 }),
        ("the coin of a ticker", { $0.tickers[0].asset = "B" }),
        ("the quote of a ticker", { $0.tickers[0].quote = "USDT" }),
        ("the kind of a ticker", { $0.tickers[0].kind = .linear }),
        ("the contract of a ticker", { $0.tickers[0].contract = .perpetual }),
        ("another ticker", { $0.tickers.append($0.tickers[0]) }),
        ("no ticker", { $0.tickers = [] }),
        ("the status of an instrument", { $0.instruments[0].status = .trading }),
        ("a class that is stated", { $0.instruments[0].isClassStated = true }),
        ("who lists an instrument", { $0.instruments[0].isCore = false }),
        ("another instrument", { $0.instruments.append($0.instruments[0]) }),
        ("no instrument", { $0.instruments = [] }),
    ]

    @Test("a writer that has written an hour writes the next one as a new writer does", arguments: changes.indices)
    func nextHour(place: Int) {
        let writer = StagedWriter()
        let new = StagedWriter()
        defer { withExtendedLifetime((writer, new)) {} }
        let first = Array(writer.gzipped(sample))
        var next = sample
        next.hour = next.hour.next
        Self.changes[place].1(&next)
        #expect(Array(writer.gzipped(next)) == Array(new.gzipped(next)), "\(Self.changes[place].0)")
        #expect(Array(writer.gzipped(sample)) == first)
    }

    @Test("a ticker is core as the instrument of its symbol is, and only an instrument that is not says so")
    func core() throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/hyperliquid.ndjson.gz"
        var hour = sample
        hour.instruments = [true, false].map { isCore in
            Instrument(
                symbol: isCore ? "BTC" : "hyna:BTC", asset: "BTC", base: "BTC", quote: "USDC", settle: "USDC", kind: .linear,
                contract: .perpetual, status: .trading, isCore: isCore, contractMultiplier: 1, unitMultiplier: 1)
        }
        hour.tickers = ["BTC", "XRP", "hyna:BTC"].map {
            Ticker(symbol: $0, asset: "BTC", kind: .linear, contract: .perpetual, quote: "USDC", observedAt: Timestamp(milliseconds: 9))
        }
        try StagedWriter().write(hour, to: path)
        let read = try StagedReader().read(path)
        #expect(read.instruments.map(\.isCore) == [true, false])
        // No instrument says anything of the second.
        #expect(read.tickers.map(\.isCore) == [true, true, false])
        let writer = StagedWriter()
        let text = ByteBuffer()
        try withExtendedLifetime(writer) { try Inflater().inflate(writer.gzipped(hour), into: text) }
        let lines = text.text.split(separator: "\n")
        #expect(lines.filter { $0.contains(#""core":"#) }.count == 1)
        #expect(lines.contains { $0.contains(#""symbol":"hyna:BTC""#) && $0.contains(#""core":0"#) })
    }

    @Test("equal records make equal bytes, whatever was written before")
    func deterministic() throws {
        let writer = StagedWriter()
        defer { withExtendedLifetime(writer) {} }
        let first = Array(writer.gzipped(sample))
        var other = sample
        other.tickers = []
        _ = writer.gzipped(other)
        #expect(Array(writer.gzipped(sample)) == first)
        let another = StagedWriter()
        withExtendedLifetime(another) { #expect(Array(another.gzipped(sample)) == first) }
    }

    @Test("a staged file that was cut names the file")
    func damaged() throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/gate.ndjson.gz"
        let writer = StagedWriter()
        let bytes = withExtendedLifetime(writer) { ByteBuffer(Array(writer.gzipped(sample)).dropLast(9)) }
        try FileSystem.write(bytes, to: path)
        let error = #expect(throws: FormatError.self) { try StagedReader().read(path) }
        #expect(error?.path == path)
    }

    @Test(
        "an hour that no calendar has refuses the file",
        arguments: ["-9223372036854775808", "9223372036854774000", "-3600", "1761231601"])
    func impossibleHour(hour: String) throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/gate.ndjson.gz"
        let line = """
            {"record":"source","exchange":"gate","hour":\(hour),"raw_sha256":"","transform_version":1,"responses":0,\
            "responses_ok":0,"endpoints":{},"liquidations":"none"}
            """
        let bytes = ByteBuffer()
        Array(line.utf8).withUnsafeBufferPointer { Deflater(for: .speed).deflate($0, into: bytes) }
        try FileSystem.write(bytes, to: path)
        let error = #expect(throws: FormatError.self) { try StagedReader().read(path) }
        #expect(error?.reason == "field 'hour' is not a known value: '\(hour)'")
    }

    @Test("a value that is longer than a rejection keeps is cut when it is read, whoever wrote it")
    func longValue() throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/gate.ndjson.gz"
        let lines = """
            {"record":"source","exchange":"gate","hour":1761231600,"raw_sha256":"","transform_version":1,"responses":0,\
            "responses_ok":0,"endpoints":{},"liquidations":"none"}
            {"record":"rejection","exchange":"gate","hour":1761231600,"endpoint":"tickers","reason":"no number",\
            "value":"\(String(repeating: "9", count: 300))"}
            """
        let bytes = ByteBuffer()
        Array(lines.utf8).withUnsafeBufferPointer { Deflater(for: .speed).deflate($0, into: bytes) }
        try FileSystem.write(bytes, to: path)
        #expect(try StagedReader().read(path).rejections.map { $0.value?.count } == [Rejection.longestValue])
    }
}
