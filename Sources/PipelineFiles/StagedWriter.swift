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
        if !kept.holds(staged.instruments, isSame: ==) {
            kept.replace(by: staged.instruments, symbol: { $0.symbol }, isSame: ==) { instrument, line in
                line.add(Instrument.fields, of: instrument)
                line.end()
            }
        }
        begin("instrument", of: staged)
        kept.append(to: lines, each: beginning.bytes)
    }

    private func appendTickers(of staged: StagedHour) {
        let kept = tickers[staged.exchange] ?? KeptText()
        tickers[staged.exchange] = kept
        if !kept.holds(staged.tickers, isSame: { $0.isSameContract(as: $1) }) {
            kept.replace(by: staged.tickers, symbol: { $0.symbol }, isSame: { $0.isSameContract(as: $1) }) {
                ticker, line in
                line.add(Ticker.contractFields, of: ticker)
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
    private var records: [Record] = []
    private var text = ByteBuffer()
    private var spare = ByteBuffer()
    private var ends: [Int] = []

    subscript(index: Int) -> UnsafeBufferPointer<UInt8> {
        let start = index == 0 ? 0 : ends[index - 1]
        return UnsafeBufferPointer(rebasing: text.bytes[start..<ends[index]])
    }

    /// Whether the kept records are the same as `others`, in the same order.
    func holds(_ others: [Record], isSame: (Record, Record) -> Bool) -> Bool {
        guard records.count == others.count else { return false }
        // Through the buffers: an element taken out of an array would be copied with its strings.
        return records.withUnsafeBufferPointer { kept in
            others.withUnsafeBufferPointer { others in
                kept.baseAddress == others.baseAddress || kept.indices.allSatisfy { isSame(kept[$0], others[$0]) }
            }
        }
    }

    /// Appends the text of all records, each behind `beginning`.
    func append(to lines: ByteBuffer, each beginning: UnsafeBufferPointer<UInt8>) {
        var start = 0
        for end in ends {
            lines.append(beginning)
            lines.append(UnsafeBufferPointer(rebasing: text.bytes[start..<end]))
            start = end
        }
    }

    /// Takes other records, which are mostly the same: their text is copied. Both lists are sorted by symbol, and where one is
    /// not, more is only written anew.
    func replace(
        by records: [Record], symbol: (Record) -> String, isSame: (Record, Record) -> Bool,
        _ write: (UnsafePointer<Record>, inout JSONLine) -> Void
    ) {
        swap(&text, &spare)
        text.removeAll()
        var newEnds: [Int] = []
        newEnds.reserveCapacity(records.count)
        var old = 0
        // Through the buffers: an element taken out of an array would be copied with its strings.
        self.records.withUnsafeBufferPointer { before in
            records.withUnsafeBufferPointer { after in
                for index in after.indices {
                    while old < before.count, symbol(before[old]) < symbol(after[index]) { old += 1 }
                    if old < before.count, isSame(before[old], after[index]) {
                        let start = old == 0 ? 0 : ends[old - 1]
                        text.append(UnsafeBufferPointer(rebasing: spare.bytes[start..<ends[old]]))
                    } else {
                        var line = JSONLine(continuing: text)
                        write(after.baseAddress! + index, &line)  // there is an element
                    }
                    newEnds.append(text.count)
                }
            }
        }
        self.records = records
        ends = newEnds
    }
}

extension Ticker {
    /// Whether another hour's ticker names the same contract in the same words.
    fileprivate func isSameContract(as other: Ticker) -> Bool {
        symbol == other.symbol && asset == other.asset && kind == other.kind && contract == other.contract
            && quote == other.quote
    }
}
