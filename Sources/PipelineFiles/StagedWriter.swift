import Gzip
import PerpCore

/// Writes staged files: gzipped NDJSON, one line per record. One task uses it for many files.
///
/// The same records give the same bytes: fixed order of keys, shortest numbers, one way of
/// packing, and a gzip header without time or name.
public final class StagedWriter {
    private let lines = ByteBuffer(capacity: 1 << 20)
    private let compressed = ByteBuffer(capacity: 1 << 18)
    /// Staged files can be made again: measured, see `pipeline/docs/speed.md`.
    private let deflater = Deflater(for: .speed)
    /// The beginning of each line of a kind: `{"record":"ticker","exchange":"okx","hour":1761231600`.
    private let beginning = ByteBuffer()
    private var instruments: [Exchange: KeptText<Instrument>] = [:]
    private var tickers: [Exchange: KeptText<Ticker>] = [:]

    /// A writer that has written nothing yet.
    public init() {}

    /// The size in bytes of the lines that were written last, before compression.
    public var textCount: Int { lines.count }

    /// The SHA-256 of the bytes that were written last, as stored.
    public var storedSHA256: String { sha256(compressed.bytes) }

    /// Writes the records of an hour as a whole file.
    /// - Parameter synced: as in `FileSystem.write`.
    /// - Throws: `FileError` when the file cannot be written.
    public func write(_ staged: StagedHour, to path: String, synced: Bool = true) throws(FileError) {
        try FileSystem.write(gzipped(staged), to: path, synced: synced)
    }

    /// The bytes of the file for the records of an hour, valid until the writer is used again.
    public func gzipped(_ staged: StagedHour) -> UnsafeBufferPointer<UInt8> {
        lines.removeAll()
        append(staged)
        compressed.removeAll()
        deflater.deflate(lines.bytes, into: compressed)
        return compressed.bytes
    }

    private func append(_ staged: StagedHour) {
        begin("source", of: staged)
        var line = JSONLine(into: lines, beginning: beginning)
        line.add("dataset", staged.history?.rawValue)
        if staged.feed == .archive { line.add("feed", Feed.archive.rawValue) }
        append(staged.source, to: &line)
        line.end()
        if let stream = staged.stream {
            begin("stream", of: staged)
            append(stream)
        }
        if staged.history != nil { return appendHistory(of: staged) }
        appendInstruments(of: staged)
        appendTickers(of: staged)
        append(staged.longShortRatios, as: "long_short", of: staged)
        append(staged.liquidations, as: "liquidation", of: staged)
        append(staged.liquidationTotals, as: "liquidation_total", of: staged)
        append(staged.spotTickers, as: "spot_ticker", of: staged)
        append(staged.fundingSettlements, as: "funding_settlement", of: staged)
        append(staged.rejections, as: "rejection", of: staged)
    }

    private func begin(_ name: String, of staged: StagedHour) {
        beginning.removeAll()
        var first = JSONLine(into: beginning)
        first.add("record", name)
        first.add("exchange", staged.exchange.id)
        first.add("hour", staged.hour.start)
    }

    private func append<Record: FieldRecord>(_ records: [Record], as name: String, of staged: StagedHour) {
        begin(name, of: staged)
        // Through the buffer: an element taken out of the array would be copied with its strings.
        records.withUnsafeBufferPointer { records in
            for index in records.indices {
                var line = JSONLine(into: lines, beginning: beginning)
                line.add(Record.fields, of: records.baseAddress! + index)  // there is an element
                line.end()
            }
        }
    }

    /// The records of a file of the past, each with the hour that it is about.
    private func appendHistory(of staged: StagedHour) {
        append(staged.historySpans, as: "span", of: staged) { $0.from }
        append(staged.fundingSettlements, as: "funding_settlement", of: staged) { $0.settledAt }
        append(staged.openInterests, as: "open_interest", of: staged) { $0.observedAt }
        append(staged.longShortRatios, as: "long_short", of: staged) { $0.observedAt }
        append(staged.liquidations, as: "liquidation", of: staged) { $0.occurredAt }
        append(staged.candles, as: "candle", of: staged) { $0.from }
        append(staged.rejections, as: "rejection", of: staged)
    }

    private func append<Record: FieldRecord>(
        _ records: [Record], as name: String, of staged: StagedHour, at time: (borrowing Record) -> Timestamp
    ) {
        beginning.removeAll()
        var first = JSONLine(into: beginning)
        first.add("record", name)
        first.add("exchange", staged.exchange.id)
        // Through the buffer: an element taken out of the array would be copied with its strings.
        records.withUnsafeBufferPointer { records in
            for index in records.indices {
                var line = JSONLine(into: lines, beginning: beginning)
                line.add("hour", Hour(containing: time(records[index])).start)
                line.add(Record.fields, of: records.baseAddress! + index)  // there is an element
                line.end()
            }
        }
    }

    private func appendInstruments(of staged: StagedHour) {
        let kept = instruments[staged.exchange] ?? KeptText()
        instruments[staged.exchange] = kept
        if kept.records != staged.instruments {
            kept.replace(by: staged.instruments) { instrument, line in
                withUnsafePointer(to: instrument) { line.add(Instrument.fields, of: $0) }
                line.end()
            }
        }
        begin("instrument", of: staged)
        for index in kept.records.indices {
            lines.append(beginning.bytes)
            lines.append(kept[index])
        }
    }

    private func appendTickers(of staged: StagedHour) {
        let kept = tickers[staged.exchange] ?? KeptText()
        tickers[staged.exchange] = kept
        let isKept =
            kept.records.count == staged.tickers.count
            && staged.tickers.indices.allSatisfy { kept.records[$0].isSameContract(as: staged.tickers[$0]) }
        if !isKept {
            kept.replace(by: staged.tickers) { ticker, line in
                withUnsafePointer(to: ticker) { line.add(Ticker.contractFields, of: $0) }
            }
        }
        begin("ticker", of: staged)
        // Through the buffer: an element taken out of the array would be copied with its strings.
        staged.tickers.withUnsafeBufferPointer { tickers in
            for index in tickers.indices {
                lines.append(beginning.bytes)
                lines.append(kept[index])
                var line = JSONLine(continuing: lines)
                line.add(Ticker.measures, of: tickers.baseAddress! + index)  // there is an element
                line.end()
            }
        }
    }

    private func append(_ source: Source, to line: inout JSONLine) {
        line.add("raw_sha256", source.rawSHA256)
        line.add("transform_version", Int64(source.transformVersion))
        line.add("responses", Int64(source.responses))
        line.add("responses_ok", Int64(source.responsesOK))
        line.key("endpoints")
        append(source.endpoints)
        line.add("liquidations", source.liquidations.rawValue)
        line.add("observed_from_ms", source.observedFrom)
        line.add("observed_to_ms", source.observedTo)
        if source.isSimulated { line.add("simulated", true) }
    }

    private func append(_ stream: StreamRecord) {
        var line = JSONLine(into: lines, beginning: beginning)
        line.add("price_kind", stream.priceKind.rawValue)
        line.add("covered_ms", stream.coveredMilliseconds)
        line.key("gaps")
        lines.append(UInt8(ascii: "["))
        for (index, gap) in stream.gaps.enumerated() {
            lines.append((index > 0 ? ",[" : "[") as StaticString)
            lines.append(decimal: gap.from.milliseconds)
            lines.append(UInt8(ascii: ","))
            lines.append(decimal: gap.to.milliseconds)
            lines.append(UInt8(ascii: ","))
            lines.appendJSON(gap.reason)
            lines.append(UInt8(ascii: "]"))
        }
        lines.append(UInt8(ascii: "]"))
        line.add("messages", stream.messages)
        line.add("duplicates", stream.duplicates)
        line.end()
    }

    private func append(_ endpoints: [(name: String, count: Source.EndpointCount)]) {
        lines.append(UInt8(ascii: "{"))
        for (index, endpoint) in endpoints.enumerated() {
            if index > 0 { lines.append(UInt8(ascii: ",")) }
            lines.appendJSON(endpoint.name)
            lines.append(UInt8(ascii: ":"))
            var count = JSONLine(into: lines)
            count.add("ok", Int64(endpoint.count.ok))
            count.add("failed", Int64(endpoint.count.failed))
            count.add("rows", Int64(endpoint.count.rows))
            count.add("rejected", Int64(endpoint.count.rejected))
            if endpoint.count.unlisted > 0 { count.add("unlisted", Int64(endpoint.count.unlisted)) }
            lines.append(UInt8(ascii: "}"))
        }
        lines.append(UInt8(ascii: "}"))
    }
}

/// The part of the text of an exchange's records that is the same in every hour. The next hour has mostly the same
/// records, whose text is then copied.
private final class KeptText<Record> {
    private(set) var records: [Record] = []
    private let text = ByteBuffer()
    private var ends: [Int] = []

    subscript(index: Int) -> UnsafeBufferPointer<UInt8> {
        let start = index == 0 ? 0 : ends[index - 1]
        return UnsafeBufferPointer(rebasing: text.bytes[start..<ends[index]])
    }

    func replace(by records: [Record], _ write: (Record, inout JSONLine) -> Void) {
        self.records = records
        text.removeAll()
        ends.removeAll(keepingCapacity: true)
        for record in records {
            var line = JSONLine(continuing: text)
            write(record, &line)
            ends.append(text.count)
        }
    }
}

extension Ticker {
    /// Whether another hour's ticker names the same contract in the same words.
    fileprivate func isSameContract(as other: Ticker) -> Bool {
        symbol == other.symbol && asset == other.asset && kind == other.kind && contract == other.contract
            && quote == other.quote
    }
}
