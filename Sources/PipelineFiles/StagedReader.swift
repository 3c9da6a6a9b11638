import Gzip
import JSONReader
import PerpCore

/// Reads staged files back into records. One task uses it for many files.
public final class StagedReader {
    private let compressed = ByteBuffer(capacity: 1 << 18)
    private let text = ByteBuffer(capacity: 1 << 20)
    private let inflater = Inflater()
    private let parser = JSONParser()

    /// The SHA-256 of the stored bytes of the file that was read last.
    public private(set) var storedSHA256 = ""

    /// A reader that has read nothing yet.
    public init() {}

    /// What the first line of a file says about its raw file and how it was made; `nil` when the file is absent or cannot
    /// be read: it must then be made again.
    public func source(_ path: String) -> Source? {
        guard FileSystem.exists(path), (try? readText(path)) != nil,  // unreadable is as good as absent
            let line = text.bytes.lines.first(where: { _ in true }),
            let members = try? parser.parse(padded: line).object
        else { return nil }
        var fields = StagedLine(members)
        return try? fields.beginning().source
    }

    /// Reads a whole file. One wrong line is enough to refuse it: it can be made again from raw.
    /// - Throws: `FormatError` when the file is not gzip or a line is wrong, `FileError` when it cannot be read.
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
        let dataset = try optionalString("dataset")
        let feed = try optionalString("feed")
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
        var staged = StagedHour(exchange: exchange, hour: hour, source: source)
        if let dataset {
            guard let known = HistoryDataset(rawValue: dataset) else {
                throw .unknown(field: "dataset", value: dataset)
            }
            staged.history = known
        }
        if let feed {
            guard feed == Feed.archive.rawValue, dataset != nil else { throw .unknown(field: "feed", value: feed) }
            staged.isOfArchives = true
        }
        return staged
    }

    mutating func addRecord(to staged: inout StagedHour) throws(LineError) {
        let kind = try string("record")
        guard try choice("exchange") as Exchange == staged.exchange,
            try integer("hour") == staged.hour.start || staged.history != nil
        else { throw .otherHour }
        switch kind {
        case "ticker": staged.tickers.append(try record())
        case "instrument": staged.instruments.append(try record())
        case "long_short": staged.longShortRatios.append(try record())
        case "liquidation": staged.liquidations.append(try record())
        case "liquidation_total": staged.liquidationTotals.append(try record())
        case "spot_ticker": staged.spotTickers.append(try record())
        case "funding_settlement": staged.fundingSettlements.append(try record())
        case "candle": staged.candles.append(try record())
        case "open_interest": staged.openInterests.append(try record())
        case "span": staged.historySpans.append(try record())
        case "stream": staged.stream = try stream()
        case "rejection": staged.rejections.append(try record())
        default: throw .unknown(field: "record", value: kind)
        }
    }

    private mutating func record<Record: FieldRecord>() throws(LineError) -> Record {
        let fields = Record.fields
        return try Record.read(fields) { index throws(LineError) in
            try value(of: fields[index])
        } refusal: { index, value in
            let name = "\(fields[index].name)"
            return value == .missing ? .missing(name) : .unknown(field: name, value: value.plain)
        }
    }

    /// The value of a field in the line. Throws when it has another type than we write.
    private mutating func value<Record>(of field: Field<Record>) throws(LineError) -> FieldValue {
        let stored: FieldValue? =
            switch field.type {
            case .number: try optionalNumber(field.name).map(FieldValue.number)
            case .integer: try optionalInteger(field.name).map(FieldValue.integer)
            case .time: try time(field.name, isOptional: field.isOptional).map(FieldValue.integer)
            case .text: try optionalString(field.name).map(FieldValue.text)
            }
        return stored ?? .missing
    }

    private mutating func stream() throws(LineError) -> StreamRecord {
        let priceKind: LiquidationPrice = try choice("price_kind")
        let covered = try integer("covered_ms")
        guard (0...Hour.milliseconds).contains(covered) else {
            throw .unknown(field: "covered_ms", value: "\(covered)")
        }
        guard let rows = members.value("gaps")?.array else { throw .missing("gaps") }
        var gaps: [StreamRecord.Gap] = []
        for row in rows {
            let parts = row.array.map { Array($0) } ?? []
            guard parts.count == 3, let from = parts[0].integer, let to = parts[1].integer, from < to,
                let reason = parts[2].string
            else { throw .unknown(field: "gaps", value: row.summary) }
            gaps.append(.init(from: Timestamp(milliseconds: from), to: Timestamp(milliseconds: to), reason: reason))
        }
        return StreamRecord(
            priceKind: priceKind, coveredMilliseconds: covered, gaps: gaps, messages: try integer("messages"),
            duplicates: try integer("duplicates"))
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

    /// The value of a field; `nil` when it is missing. Throws when it has another type than we write.
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

    private mutating func integer(_ field: StaticString) throws(LineError) -> Int64 {
        guard let value = try optionalInteger(field) else { throw .missing("\(field)") }
        return value
    }

    private mutating func time(_ field: StaticString, isOptional: Bool) throws(LineError) -> Int64? {
        guard let time = try optionalInteger(field) else { return nil }
        guard isOptional || Timestamp(milliseconds: time).isCalendarTime else {
            throw .unknown(field: "\(field)", value: "\(time)")
        }
        return time
    }

    /// The hour of the file, from epoch seconds.
    private mutating func hour() throws(LineError) -> Hour {
        let start = try integer("hour")
        guard start >= 0, start <= Timestamp.latest.milliseconds / 1000, start % Hour.seconds == 0 else {
            throw .unknown(field: "hour", value: "\(start)")
        }
        return Hour(containing: start)
    }

    private mutating func choice<Value: RawRepresentable<String>>(_ field: StaticString) throws(LineError) -> Value {
        let text = try string(field)
        guard let value = Value(rawValue: text) else { throw .unknown(field: "\(field)", value: text) }
        return value
    }
}

extension FieldValue {
    fileprivate var plain: String {
        switch self {
        case .missing: "nothing"
        case .number(let value): "\(value)"
        case .integer(let value): "\(value)"
        case .text(let value): value
        }
    }
}

extension StagedHour {
    /// Gives each ticker the class that the file's instrument of the symbol states, `nil` when it states none, and whether
    /// the exchange itself lists it. Both lists are sorted by symbol.
    fileprivate mutating func classTickers() {
        instruments.withUnsafeBufferPointer { instruments in
            tickers.withUnsafeMutableBufferPointer { tickers in
                var next = 0
                for index in tickers.indices {
                    while next < instruments.count, instruments[next].symbol < tickers[index].symbol { next += 1 }
                    let isNamed = next < instruments.count && instruments[next].symbol == tickers[index].symbol
                    let isStated = isNamed && instruments[next].isClassStated
                    tickers[index].assetClass = isStated ? instruments[next].assetClass : nil
                    tickers[index].isCore = !isNamed || instruments[next].isCore
                }
            }
        }
    }
}
