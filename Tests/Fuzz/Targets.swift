import ExchangeAdapters
import Gzip
import JSONReader
import PerpCore
import PipelineFiles
import Staging

/// What broke a promise.
struct Broken: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

/// One reader under mutated input: each call makes a case from the dice, and throws where a promise is broken.
struct Target {
    let name: String
    let run: (inout Mutator) throws -> Void
}

/// The readers, with their buffers and the seeds.
final class Targets {
    private let seeds: Seeds
    /// Where mutated files stand.
    private let folder: String
    private let parser = JSONParser()
    private let stage = RawToStaged()
    private let writer = StagedWriter()
    private let reader = StagedReader()
    private let inflater = Inflater()
    private let deflater = Deflater(for: .speed)
    private let bytes = ByteBuffer()
    private let inflated = ByteBuffer()
    private let rawFiles: [[UInt8]]
    private let stagedFiles: [[UInt8]]

    init(seed: UInt64, folder: String) throws {
        self.folder = folder
        seeds = Seeds(seed: seed)
        var raw: [[UInt8]] = []
        var staged: [[UInt8]] = []
        for exchange in Exchange.allCases {
            raw.append(seeds.rawFile(exchange))
            let path = "\(folder)/seed.ndjson.gz"
            try FileSystem.write(ByteBuffer(raw[raw.count - 1]), to: path, synced: false)
            staged.append(Array(writer.gzipped(try stage.staged(path, exchange: exchange, hour: Seeds.hour))))
        }
        rawFiles = raw
        stagedFiles = staged
    }

    var all: [Target] {
        [
            Target(name: "json", run: json), Target(name: "adapters", run: adapters),
            Target(name: "raw files", run: rawFile), Target(name: "staged files", run: stagedFile),
            Target(name: "gzip", run: gzip), Target(name: "decimal", run: decimal),
        ]
    }

    // MARK: - Readers

    /// A document is refused, or every value of it can be asked for.
    private func json(_ mutator: inout Mutator) throws {
        var text = call(&mutator).body
        for _ in 0...mutator.dice.below(4) { mutator.twist(&text) }
        fill(bytes, text)
        guard let value = try? parser.parse(bytes) else { return }  // refused, as it may be
        try walk(value, left: 64)
    }

    private func walk(_ value: JSONValue, left: Int) throws {
        if let number = value.number, !number.isFinite { throw Broken("a number that is not finite") }
        if let text = value.utf8, text.count > bytes.count * 2 + 64 { throw Broken("a string longer than the text") }
        _ = (value.integer, value.bool, value.isNull, value.string)
        if value.depth > 1 << 20 { throw Broken("endless depth") }
        guard left > 0 else { return }
        if let object = value.object { for (_, member) in object { try walk(member, left: left - 1) } }
        if let array = value.array { for element in array { try walk(element, left: left - 1) } }
    }

    /// A response's rows become records or rejections, and the hour can be written and read back.
    private func adapters(_ mutator: inout Mutator) throws {
        let exchange = Exchange.allCases[mutator.dice.below(Exchange.allCases.count)]
        let calls = seeds.calls[exchange] ?? []
        let chosen = mutator.dice.below(calls.count)
        let isAlone = mutator.dice.below(2) == 0
        var batch = Batch(adapter: Adapter.adapter(for: exchange))
        var counts: [(name: String, count: Source.EndpointCount)] = []
        for (index, call) in calls.enumerated() where index == chosen || !isAlone {
            var text = call.body
            if index == chosen { for _ in 0...mutator.dice.below(6) { mutator.twist(&text) } }
            fill(bytes, text)
            guard let body = try? parser.parse(bytes) else { continue }  // refused whole
            batch.read(
                Response(
                    endpoint: call.request.endpoint, url: call.request.url, requestBody: call.request.body,
                    receivedAt: Seeds.receivedAt, body: body))
            if counts.last?.name != call.request.endpoint { counts.append((call.request.endpoint, .init())) }
        }
        let source = Source(
            rawSHA256: String(repeating: "0", count: 64), transformVersion: transformVersion, responses: counts.count,
            responsesOK: counts.count, endpoints: counts, liquidations: .none, observedFrom: nil, observedTo: nil)
        let staged = batch.stagedHour(hour: Seeds.hour, source: source)
        for endpoint in staged.source.endpoints {
            let said = staged.rejections.count { $0.endpoint == endpoint.name }
            guard said == endpoint.count.rejected else {
                throw Broken("\(endpoint.name) counts \(endpoint.count.rejected) rejections and tells of \(said)")
            }
        }
        try check(staged, isSampled: mutator.dice.below(64) == 0)
    }

    /// A raw file is refused, or becomes an hour.
    private func rawFile(_ mutator: inout Mutator) throws {
        let index = mutator.dice.below(rawFiles.count)
        let path = try write(mutated(rawFiles[index], &mutator))
        do {
            let staged = try stage.staged(path, exchange: Exchange.allCases[index], hour: Seeds.hour)
            try check(staged, isSampled: false)
            _ = try stage.staged(path, as: nil)
        } catch is FormatError {}
    }

    /// A staged file is refused, or its records can be written again.
    private func stagedFile(_ mutator: inout Mutator) throws {
        let path = try write(mutated(stagedFiles[mutator.dice.below(stagedFiles.count)], &mutator))
        _ = reader.source(path)
        do { try check(try reader.read(path), isSampled: false) } catch is FormatError {}
    }

    /// A stream is refused, or is what was packed; nothing comes out beyond the limit.
    private func gzip(_ mutator: inout Mutator) throws {
        let limit = 1 << (10 + mutator.dice.below(12))
        let original = call(&mutator).body
        inflated.removeAll()
        original.withUnsafeBufferPointer { deflater.deflate($0, into: inflated) }
        var packed = inflated.array
        let times = mutator.dice.below(4)
        for _ in 0..<times { mutator.damage(&packed) }
        fill(bytes, packed)
        inflated.removeAll()
        do {
            try bytes.withBytes { try inflater.inflate($0, into: inflated, limit: limit) }
            if times == 0, inflated.array != original { throw Broken("another text than was packed") }
        } catch let error as GzipError {
            guard times > 0 || original.count > limit else { throw Broken("a whole stream is refused: \(error)") }
        }
        if inflated.count > limit { throw Broken("\(inflated.count) bytes where \(limit) are allowed") }
    }

    /// A text is a finite number or none, and a number is written so that it reads back.
    private func decimal(_ mutator: inout Mutator) throws {
        var text = Mutator.numbers[mutator.dice.below(Mutator.numbers.count)]
        if mutator.dice.below(2) == 0 { text = Array("\(Double(bitPattern: mutator.dice.next()))".utf8) }
        for _ in 0..<mutator.dice.below(3) { mutator.damage(&text) }
        let spoken = String(decoding: text, as: UTF8.self)
        guard let value = text.withUnsafeBufferPointer({ Decimal.read($0) }) else { return }
        guard value.isFinite else { throw Broken("'\(spoken)' is read as \(value)") }
        guard Double(spoken) == value else { throw Broken("'\(spoken)' is read as \(value), not as \(Double(spoken) ?? .nan)") }
        inflated.removeAll()
        Decimal.append(value, to: inflated)
        guard Decimal.read(inflated.text) == value else { throw Broken("\(value) is written as '\(inflated.text)'") }
    }

    // MARK: - Promises

    /// Every hour can be written and read back equal, of which only finite numbers are capable.
    private func check(_ staged: StagedHour, isSampled: Bool) throws {
        if isSampled { try Finite.check(staged) }
        for rejection in staged.rejections where rejection.value.map({ $0.count > Rejection.longestValue }) ?? false {
            throw Broken("a rejection's value of \(rejection.value?.count ?? 0) characters")
        }
        let path = "\(folder)/staged.ndjson.gz"
        try writer.write(staged, to: path, synced: false)
        do {
            let back = try reader.read(path)
            guard back == staged else { throw Broken(Self.difference(staged, back)) }
        } catch let error as FormatError {
            throw Broken("what was written cannot be read: \(error)")
        }
    }

    private static func difference(_ left: StagedHour, _ right: StagedHour) -> String {
        func first<Record: Equatable>(_ left: [Record], _ right: [Record]) -> String? {
            if let pair = zip(left, right).first(where: { $0 != $1 }) { return "\(pair.0) comes back as \(pair.1)" }
            return left.count == right.count ? nil : "\(left.count) \(Record.self) come back as \(right.count)"
        }
        return first(left.instruments, right.instruments) ?? first(left.tickers, right.tickers)
            ?? first(left.longShortRatios, right.longShortRatios) ?? first(left.liquidations, right.liquidations)
            ?? first(left.liquidationTotals, right.liquidationTotals) ?? first(left.spotTickers, right.spotTickers)
            ?? first(left.fundingSettlements, right.fundingSettlements) ?? first(left.rejections, right.rejections)
            ?? "the source \(left.source) comes back as \(right.source)"
    }

    // MARK: - Cases

    private func call(_ mutator: inout Mutator) -> SimulatedCall {
        let exchange = Exchange.allCases[mutator.dice.below(Exchange.allCases.count)]
        let calls = seeds.calls[exchange]!  // all were asked
        return calls[mutator.dice.below(calls.count)]
    }

    /// A gzipped file with its text or its stored bytes changed.
    private func mutated(_ file: [UInt8], _ mutator: inout Mutator) throws -> [UInt8] {
        var file = file
        if mutator.dice.below(4) == 0 {
            mutator.damage(&file)
            return file
        }
        fill(bytes, file)
        inflated.removeAll()
        try bytes.withBytes { try inflater.inflate($0, into: inflated) }
        var text = inflated.array
        for _ in 0...mutator.dice.below(5) { mutator.twist(&text) }
        inflated.removeAll()
        text.withUnsafeBufferPointer { deflater.deflate($0, into: inflated) }
        return inflated.array
    }

    private func write(_ content: [UInt8]) throws -> String {
        let path = "\(folder)/case.ndjson.gz"
        fill(bytes, content)
        try FileSystem.write(bytes, to: path, synced: false)
        return path
    }

    private func fill(_ buffer: ByteBuffer, _ content: [UInt8]) {
        buffer.removeAll()
        buffer.append(contentsOf: content)
    }
}

/// Looks at every number of a record, whatever its name.
enum Finite {
    static func check(_ value: Any) throws {
        if let number = value as? Double {
            guard number.isFinite else { throw Broken("a record holds \(number)") }
            return
        }
        for child in Mirror(reflecting: value).children { try check(child.value) }
    }
}
