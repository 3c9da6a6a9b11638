import Gzip
import PerpCore

/// Writes staged files: gzipped NDJSON, one line a record. Reused by one task.
///
/// The same records give the same bytes: fixed order of keys, shortest numbers, one way of
/// packing, and a gzip header without time or name.
public final class StagedWriter {
    private let lines = ByteBuffer(capacity: 1 << 20)
    private let compressed = ByteBuffer(capacity: 1 << 18)
    /// Staged files can be made again: measured, see `pipeline/docs/speed.md`.
    private let deflater = Deflater(for: .speed)
    /// What every line of the file says: `{"record":"ticker","exchange":"okx","hour":1761231600`.
    private let beginning = ByteBuffer()
    private var instruments: [Exchange: KeptText<Instrument>] = [:]
    private var tickers: [Exchange: KeptText<TickerName>] = [:]

    public init() {}

    /// Bytes of the lines that were written last, before gzip.
    public var textCount: Int { lines.count }

    /// SHA-256 of the bytes that were written last, as stored.
    public var storedSHA256: String { sha256(compressed.bytes) }

    /// Writes the file whole.
    /// - Parameter synced: as in `FileSystem.write`.
    public func write(_ staged: StagedHour, to path: String, synced: Bool = true) throws(FileError) {
        try FileSystem.write(gzipped(staged), to: path, synced: synced)
    }

    /// The bytes of the file, until the next use of the writer.
    public func gzipped(_ staged: StagedHour) -> UnsafeBufferPointer<UInt8> {
        lines.removeAll()
        append(staged)
        compressed.removeAll()
        deflater.deflate(lines.bytes, into: compressed)
        return compressed.bytes
    }

    private func append(_ staged: StagedHour) {
        append([staged.source], as: "source", of: staged, append)
        appendInstruments(of: staged)
        appendTickers(of: staged)
        append(staged.longShortRatios, as: "long_short", of: staged, append)
        append(staged.liquidations, as: "liquidation", of: staged, append)
        append(staged.liquidationTotals, as: "liquidation_total", of: staged, append)
        append(staged.spotTickers, as: "spot_ticker", of: staged, append)
        append(staged.fundingSettlements, as: "funding_settlement", of: staged, append)
        append(staged.rejections, as: "rejection", of: staged, append)
    }

    private func begin(_ name: String, of staged: StagedHour) {
        beginning.removeAll()
        var first = JSONLine(into: beginning)
        first.add("record", name)
        first.add("exchange", staged.exchange.id)
        first.add("hour", staged.hour.start)
    }

    private func append<Record>(
        _ records: [Record], as name: String, of staged: StagedHour, _ write: (Record, inout JSONLine) -> Void
    ) {
        begin(name, of: staged)
        for record in records {
            var line = JSONLine(into: lines, beginning: beginning)
            write(record, &line)
            line.end()
        }
    }

    private func appendInstruments(of staged: StagedHour) {
        let kept = instruments[staged.exchange] ?? KeptText()
        instruments[staged.exchange] = kept
        if kept.records != staged.instruments {
            kept.replace(by: staged.instruments) { instrument, line in
                append(instrument, to: &line)
                line.end()
            }
        }
        begin("instrument", of: staged)
        for place in kept.records.indices {
            lines.append(beginning.bytes)
            lines.append(kept[place])
        }
    }

    private func appendTickers(of staged: StagedHour) {
        let kept = tickers[staged.exchange] ?? KeptText()
        tickers[staged.exchange] = kept
        let isKept =
            kept.records.count == staged.tickers.count
            && staged.tickers.indices.allSatisfy { kept.records[$0].isName(of: staged.tickers[$0]) }
        if !isKept { kept.replace(by: staged.tickers.map(TickerName.init)) { $0.append(to: &$1) } }
        begin("ticker", of: staged)
        // Through the buffer: an element taken out of the array would be copied with its strings.
        staged.tickers.withUnsafeBufferPointer { tickers in
            for place in tickers.indices {
                lines.append(beginning.bytes)
                lines.append(kept[place])
                var line = JSONLine(continuing: lines)
                append(tickers[place], to: &line)
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

    private func append(_ endpoints: [(name: String, count: Source.EndpointCount)]) {
        lines.append(UInt8(ascii: "{"))
        for (place, endpoint) in endpoints.enumerated() {
            if place > 0 { lines.append(UInt8(ascii: ",")) }
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

    private func append(_ instrument: Instrument, to line: inout JSONLine) {
        line.add("symbol", instrument.symbol)
        line.add("asset", instrument.asset)
        line.add("asset_class", instrument.assetClass?.rawValue)
        if !instrument.isClassStated { line.add("class_stated", Int64(0)) }
        line.add("base", instrument.base)
        line.add("quote", instrument.quote)
        line.add("settle", instrument.settle)
        line.add("kind", instrument.kind.rawValue)
        line.add("contract", instrument.contract.rawValue)
        line.add("status", instrument.status.rawValue)
        line.add("contract_multiplier", instrument.contractMultiplier)
        line.add("unit_multiplier", instrument.unitMultiplier)
        line.add("funding_interval_hours", instrument.fundingIntervalHours)
        line.add("listed_at_ms", instrument.listedAt)
    }

    private func append(_ ticker: Ticker, to line: inout JSONLine) {
        line.add("last_price", ticker.lastPrice)
        line.add("mark_price", ticker.markPrice)
        line.add("index_price", ticker.indexPrice)
        line.add("bid_price", ticker.bidPrice)
        line.add("ask_price", ticker.askPrice)
        line.add("volume_base_24h", ticker.volumeBase24h)
        line.add("volume_usd_24h", ticker.volumeUSD24h)
        line.add("open_interest_contracts", ticker.openInterestContracts)
        line.add("open_interest_base", ticker.openInterestBase)
        line.add("open_interest_usd", ticker.openInterestUSD)
        line.add("funding_rate", ticker.fundingRate)
        line.add("funding_interval_hours", ticker.fundingIntervalHours)
        line.add("funding_rate_8h", ticker.fundingRate8h)
        line.add("next_funding_at_ms", ticker.nextFundingAt)
        line.add("price_change_24h", ticker.priceChange24h)
        line.add("trades_24h", ticker.trades24h)
        line.add("observed_at_ms", ticker.observedAt)
    }

    private func append(_ ratio: LongShortRatio, to line: inout JSONLine) {
        line.add("symbol", ratio.symbol)
        line.add("asset", ratio.asset)
        line.add("population", ratio.population.rawValue)
        line.add("period", ratio.period)
        line.add("ratio", ratio.ratio)
        line.add("long_fraction", ratio.longFraction)
        line.add("short_fraction", ratio.shortFraction)
        line.add("observed_at_ms", ratio.observedAt)
    }

    private func append(_ liquidation: Liquidation, to line: inout JSONLine) {
        line.add("symbol", liquidation.symbol)
        line.add("asset", liquidation.asset)
        line.add("side", liquidation.side.rawValue)
        line.add("price", liquidation.price)
        line.add("quantity_contracts", liquidation.quantityContracts)
        line.add("quantity_base", liquidation.quantityBase)
        line.add("value_usd", liquidation.valueUSD)
        line.add("occurred_at_ms", liquidation.occurredAt)
        line.add("id", liquidation.id)
    }

    private func append(_ total: LiquidationTotal, to line: inout JSONLine) {
        line.add("symbol", total.symbol)
        line.add("asset", total.asset)
        line.add("from_ms", total.from)
        line.add("to_ms", total.to)
        line.add("long_usd", total.longUSD)
        line.add("short_usd", total.shortUSD)
        line.add("long_count", total.longCount)
        line.add("short_count", total.shortCount)
    }

    private func append(_ spot: SpotTicker, to line: inout JSONLine) {
        line.add("symbol", spot.symbol)
        line.add("asset", spot.asset)
        line.add("quote", spot.quote)
        line.add("last_price", spot.lastPrice)
        line.add("bid_price", spot.bidPrice)
        line.add("ask_price", spot.askPrice)
        line.add("volume_usd_24h", spot.volumeUSD24h)
        line.add("observed_at_ms", spot.observedAt)
    }

    private func append(_ settlement: FundingSettlement, to line: inout JSONLine) {
        line.add("symbol", settlement.symbol)
        line.add("asset", settlement.asset)
        line.add("settled_at_ms", settlement.settledAt)
        line.add("funding_rate", settlement.fundingRate)
        line.add("funding_interval_hours", settlement.fundingIntervalHours)
    }

    private func append(_ rejection: Rejection, to line: inout JSONLine) {
        line.add("endpoint", rejection.endpoint)
        line.add("row", rejection.row.map(Int64.init))
        line.add("symbol", rejection.symbol)
        line.add("field", rejection.field)
        line.add("reason", rejection.reason)
        line.add("value", rejection.value)
    }
}

/// The text of what a venue's records of one kind say alike in every hour. The next hour mostly has the same
/// records, and their text is copied.
private final class KeptText<Record> {
    private(set) var records: [Record] = []
    private let text = ByteBuffer()
    private var ends: [Int] = []

    subscript(place: Int) -> UnsafeBufferPointer<UInt8> {
        let start = place == 0 ? 0 : ends[place - 1]
        return UnsafeBufferPointer(rebasing: text.bytes[start..<ends[place]])
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

/// What a ticker says of its contract.
private struct TickerName {
    let symbol: String
    let asset: String
    let kind: ContractKind
    let contract: ContractTerm
    let quote: String

    init(_ ticker: Ticker) {
        symbol = ticker.symbol
        asset = ticker.asset
        kind = ticker.kind
        contract = ticker.contract
        quote = ticker.quote
    }

    func isName(of ticker: Ticker) -> Bool {
        symbol == ticker.symbol && asset == ticker.asset && kind == ticker.kind && contract == ticker.contract
            && quote == ticker.quote
    }

    func append(to line: inout JSONLine) {
        line.add("symbol", symbol)
        line.add("asset", asset)
        line.add("kind", kind.rawValue)
        line.add("contract", contract.rawValue)
        line.add("quote", quote)
    }
}
