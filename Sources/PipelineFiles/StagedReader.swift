import Gzip
import JSONReader
import PerpCore

/// Reads staged files back into records. Reused by one task.
public final class StagedReader {
    private let compressed = ByteBuffer(capacity: 1 << 18)
    private let text = ByteBuffer(capacity: 1 << 20)
    private let inflater = Inflater()
    private let parser = JSONParser()

    /// SHA-256 of the stored bytes of the file that was read last.
    public private(set) var storedSHA256 = ""

    public init() {}

    /// What the first line of a file says of its raw file and its making; `nil` when the file is absent or
    /// cannot be read, and is then to be made again.
    public func source(_ path: String) -> Source? {
        guard FileSystem.exists(path), (try? readText(path)) != nil,  // unreadable is as good as absent
            let line = text.bytes.lines.first(where: { _ in true }),
            let members = try? parser.parse(padded: line).object
        else { return nil }
        var fields = StagedLine(members)
        return try? fields.beginning().source
    }

    /// Reads a whole file. A staged file is ours: one wrong line refuses it, since it can be made again.
    public func read(_ path: String) throws -> StagedHour {
        try readText(path)
        var staged: StagedHour?
        var number = 0
        for line in text.bytes.lines {
            number += 1
            do {
                guard let members = try parser.parse(padded: line).object else { throw LineError.notAnObject }
                var fields = StagedLine(members)
                if staged == nil {
                    staged = try fields.beginning()
                } else {
                    try fields.addRecord(to: &staged!)  // set by the first line
                }
            } catch {
                throw FormatError(path: path, line: number, reason: "\(error)")
            }
        }
        guard var staged else { throw FormatError(path: path, reason: "is empty") }
        staged.classTickers()
        return staged
    }

    private func readText(_ path: String) throws {
        compressed.removeAll()
        text.removeAll()
        try FileSystem.read(path, into: compressed)
        storedSHA256 = sha256(compressed.bytes)
        do throws(GzipError) {
            try inflater.inflate(compressed.bytes, into: text)
        } catch {
            throw FormatError(path: path, reason: "\(error)")
        }
    }
}

/// One line of a staged file, read field by field in the order in which it was written.
private struct StagedLine {
    private var members: JSONObject

    init(_ members: JSONObject) { self.members = members }

    // MARK: - Records

    /// The first line: the source, which names the exchange and the hour of the file.
    mutating func beginning() throws(LineError) -> StagedHour {
        guard try string("record") == "source" else { throw .unknown(field: "record", value: "not the source") }
        let exchange: Exchange = try choice("exchange")
        let hour = try hour()
        let rawSHA256 = try string("raw_sha256")
        let version = try integer("transform_version")
        guard (0...1_000_000).contains(version) else {
            throw .unknown(field: "transform_version", value: "\(version)")
        }
        let responses = try integer("responses")
        let responsesOK = try integer("responses_ok")
        let endpoints = try endpoints()
        let source = Source(
            rawSHA256: rawSHA256, transformVersion: Int(version), responses: Int(responses),
            responsesOK: Int(responsesOK), endpoints: endpoints, liquidations: try choice("liquidations"),
            observedFrom: try optionalTime("observed_from_ms"), observedTo: try optionalTime("observed_to_ms"),
            isSimulated: try optionalBool("simulated") ?? false)
        return StagedHour(exchange: exchange, hour: hour, source: source)
    }

    mutating func addRecord(to staged: inout StagedHour) throws(LineError) {
        let record = try string("record")
        guard try choice("exchange") as Exchange == staged.exchange, try integer("hour") == staged.hour.start else {
            throw .otherHour
        }
        switch record {
        case "ticker": staged.tickers.append(try ticker())
        case "instrument": staged.instruments.append(try instrument())
        case "long_short": staged.longShortRatios.append(try longShortRatio())
        case "liquidation": staged.liquidations.append(try liquidation())
        case "liquidation_total": staged.liquidationTotals.append(try liquidationTotal())
        case "spot_ticker": staged.spotTickers.append(try spotTicker())
        case "funding_settlement": staged.fundingSettlements.append(try fundingSettlement())
        case "rejection": staged.rejections.append(try rejection())
        default: throw .unknown(field: "record", value: record)
        }
    }

    private mutating func instrument() throws(LineError) -> Instrument {
        Instrument(
            symbol: try string("symbol"), asset: try string("asset"), assetClass: try optionalChoice("asset_class"),
            isClassStated: try optionalInteger("class_stated") != 0,
            base: try string("base"), quote: try string("quote"), settle: try string("settle"),
            kind: try choice("kind"),
            contract: try choice("contract"), status: try choice("status"),
            contractMultiplier: try optionalNumber("contract_multiplier"),
            unitMultiplier: try number("unit_multiplier"),
            fundingIntervalHours: try optionalNumber("funding_interval_hours"),
            listedAt: try optionalTime("listed_at_ms"))
    }

    private mutating func ticker() throws(LineError) -> Ticker {
        let symbol = try string("symbol")
        let asset = try string("asset")
        let kind: ContractKind = try choice("kind")
        let contract: ContractTerm = try choice("contract")
        let quote = try string("quote")
        var ticker = Ticker(
            symbol: symbol, asset: asset, kind: kind, contract: contract, quote: quote,
            observedAt: Timestamp(milliseconds: 0))
        ticker.lastPrice = try optionalNumber("last_price")
        ticker.markPrice = try optionalNumber("mark_price")
        ticker.indexPrice = try optionalNumber("index_price")
        ticker.bidPrice = try optionalNumber("bid_price")
        ticker.askPrice = try optionalNumber("ask_price")
        ticker.volumeBase24h = try optionalNumber("volume_base_24h")
        ticker.volumeUSD24h = try optionalNumber("volume_usd_24h")
        ticker.openInterestContracts = try optionalNumber("open_interest_contracts")
        ticker.openInterestBase = try optionalNumber("open_interest_base")
        ticker.openInterestUSD = try optionalNumber("open_interest_usd")
        ticker.fundingRate = try optionalNumber("funding_rate")
        ticker.fundingIntervalHours = try optionalNumber("funding_interval_hours")
        ticker.nextFundingAt = try optionalTime("next_funding_at_ms")
        ticker.priceChange24h = try optionalNumber("price_change_24h")
        ticker.trades24h = try optionalInteger("trades_24h")
        ticker.observedAt = try time("observed_at_ms")
        return ticker
    }

    private mutating func longShortRatio() throws(LineError) -> LongShortRatio {
        LongShortRatio(
            symbol: try string("symbol"), asset: try string("asset"), population: try choice("population"),
            period: try string("period"), ratio: try optionalNumber("ratio"), longFraction: try number("long_fraction"),
            shortFraction: try number("short_fraction"), observedAt: try time("observed_at_ms"))
    }

    private mutating func liquidation() throws(LineError) -> Liquidation {
        Liquidation(
            symbol: try string("symbol"), asset: try string("asset"), side: try choice("side"),
            price: try number("price"), quantityContracts: try optionalNumber("quantity_contracts"),
            quantityBase: try number("quantity_base"),
            valueUSD: try optionalNumber("value_usd"), occurredAt: try time("occurred_at_ms"),
            id: try optionalString("id"))
    }

    private mutating func liquidationTotal() throws(LineError) -> LiquidationTotal {
        LiquidationTotal(
            symbol: try string("symbol"), asset: try string("asset"), from: try time("from_ms"),
            to: try time("to_ms"), longUSD: try number("long_usd"), shortUSD: try number("short_usd"),
            longCount: try optionalInteger("long_count"), shortCount: try optionalInteger("short_count"))
    }

    private mutating func spotTicker() throws(LineError) -> SpotTicker {
        SpotTicker(
            symbol: try string("symbol"), asset: try string("asset"), quote: try string("quote"),
            lastPrice: try optionalNumber("last_price"), bidPrice: try optionalNumber("bid_price"),
            askPrice: try optionalNumber("ask_price"), volumeUSD24h: try optionalNumber("volume_usd_24h"),
            observedAt: try time("observed_at_ms"))
    }

    private mutating func fundingSettlement() throws(LineError) -> FundingSettlement {
        FundingSettlement(
            symbol: try string("symbol"), asset: try string("asset"), settledAt: try time("settled_at_ms"),
            fundingRate: try number("funding_rate"), fundingIntervalHours: try optionalNumber("funding_interval_hours"))
    }

    private mutating func rejection() throws(LineError) -> Rejection {
        Rejection(
            endpoint: try string("endpoint"), row: try optionalInteger("row").map(Int.init),
            symbol: try optionalString("symbol"), field: try optionalString("field"), reason: try string("reason"),
            value: try optionalString("value"))
    }

    private mutating func endpoints() throws(LineError) -> [(name: String, count: Source.EndpointCount)] {
        guard let entries = members.value("endpoints")?.object else { throw .missing("endpoints") }
        var endpoints: [(name: String, count: Source.EndpointCount)] = []
        for entry in entries {
            guard let members = entry.value.object else { throw .missing("endpoints.\(entry.name)") }
            var line = StagedLine(members)
            endpoints.append(
                (
                    entry.name,
                    Source.EndpointCount(
                        ok: Int(try line.integer("ok")), failed: Int(try line.integer("failed")),
                        rows: Int(try line.integer("rows")), rejected: Int(try line.integer("rejected")),
                        unlisted: Int(try line.optionalInteger("unlisted") ?? 0))
                ))
        }
        return endpoints
    }

    // MARK: - Fields

    /// The value of a field; `nil` where there is none, an error where it is of another type than we write.
    private mutating func optional<Value>(
        _ field: StaticString, _ read: (JSONValue) -> Value?
    ) throws(LineError) -> Value? {
        guard let stored = members.value(field) else { return nil }
        guard let value = read(stored) else { throw .missing("\(field)") }
        return value
    }

    private mutating func optionalString(_ field: StaticString) throws(LineError) -> String? {
        try optional(field, \.string)
    }

    private mutating func optionalNumber(_ field: StaticString) throws(LineError) -> Double? {
        try optional(field) { $0.utf8 == nil ? $0.number : nil }
    }

    private mutating func optionalInteger(_ field: StaticString) throws(LineError) -> Int64? {
        try optional(field) { $0.utf8 == nil ? $0.integer : nil }
    }

    private mutating func optionalBool(_ field: StaticString) throws(LineError) -> Bool? { try optional(field, \.bool) }

    private mutating func optionalTime(_ field: StaticString) throws(LineError) -> Timestamp? {
        try optionalInteger(field).map(Timestamp.init(milliseconds:))
    }

    private mutating func string(_ field: StaticString) throws(LineError) -> String {
        guard let value = try optionalString(field) else { throw .missing("\(field)") }
        return value
    }

    private mutating func number(_ field: StaticString) throws(LineError) -> Double {
        guard let value = try optionalNumber(field) else { throw .missing("\(field)") }
        return value
    }

    private mutating func integer(_ field: StaticString) throws(LineError) -> Int64 {
        guard let value = try optionalInteger(field) else { throw .missing("\(field)") }
        return value
    }

    private mutating func time(_ field: StaticString) throws(LineError) -> Timestamp {
        let time = Timestamp(milliseconds: try integer(field))
        guard time.isCalendarTime else { throw .unknown(field: "\(field)", value: "\(time.milliseconds)") }
        return time
    }

    /// The file's hour, as the seconds of its beginning.
    private mutating func hour() throws(LineError) -> Hour {
        let start = try integer("hour")
        guard start >= 0, start <= Timestamp.latest.milliseconds / 1000, start % Hour.seconds == 0 else {
            throw .unknown(field: "hour", value: "\(start)")
        }
        return Hour(containing: start)
    }

    private mutating func optionalChoice<Value: RawRepresentable<String>>(
        _ field: StaticString
    ) throws(LineError) -> Value? {
        guard let text = try optionalString(field) else { return nil }
        guard let value = Value(rawValue: text) else { throw .unknown(field: "\(field)", value: text) }
        return value
    }

    private mutating func choice<Value: RawRepresentable<String>>(_ field: StaticString) throws(LineError) -> Value {
        let text = try string(field)
        guard let value = Value(rawValue: text) else { throw .unknown(field: "\(field)", value: text) }
        return value
    }
}

extension StagedHour {
    /// Gives each ticker the class that the file's instrument of the symbol states; `nil` where it has none. Both
    /// are sorted by symbol.
    fileprivate mutating func classTickers() {
        instruments.withUnsafeBufferPointer { instruments in
            tickers.withUnsafeMutableBufferPointer { tickers in
                var next = 0
                for index in tickers.indices {
                    while next < instruments.count, instruments[next].symbol < tickers[index].symbol { next += 1 }
                    let isStated =
                        next < instruments.count && instruments[next].symbol == tickers[index].symbol
                        && instruments[next].isClassStated
                    tickers[index].assetClass = isStated ? instruments[next].assetClass : nil
                }
            }
        }
    }
}
