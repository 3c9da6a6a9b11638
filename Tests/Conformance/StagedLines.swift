import Foundation
import Gzip
import PerpCore

/// The lines of a staged or raw file, read with Foundation.
struct StagedLines {
    let source: [String: Any]
    /// All lines after the first, by their `record`.
    private let records: [String: [[String: Any]]]

    init(path: String) throws {
        var lines = try Self.lines(of: path).map { line in
            guard let object = try JSONSerialization.jsonObject(with: line) as? [String: Any] else {
                throw ConformanceFailure("\(path): a line is no object")
            }
            return object
        }
        guard let first = lines.first, first["record"] as? String == "source" else {
            throw ConformanceFailure("\(path): does not begin with its source")
        }
        source = first
        lines.removeFirst()
        records = Dictionary(grouping: lines) { $0["record"] as? String ?? "" }
    }

    func all(_ record: String) -> [[String: Any]] { records[record] ?? [] }

    /// The kinds of records other than rejections.
    var recordKinds: [String] { records.keys.filter { $0 != "rejection" }.sorted() }

    /// The records of a kind by symbol; the first one when a symbol has several.
    func bySymbol(_ record: String) -> [String: [String: Any]] {
        Dictionary(all(record).map { ($0.text("symbol") ?? "", $0) }) { first, _ in first }
    }

    /// The counts of an endpoint in `source.endpoints`.
    func counts(_ endpoint: String) -> (rows: Int, rejected: Int, ok: Int, failed: Int) {
        let count = (source["endpoints"] as? [String: [String: Any]])?[endpoint]
        func number(_ key: String) -> Int { count?[key] as? Int ?? 0 }
        return (number("rows"), number("rejected"), number("ok"), number("failed"))
    }

    /// How many symbols of an endpoint's rows the instruments response does not list, by `source.endpoints`.
    func unlisted(_ endpoint: String) -> Int {
        (source["endpoints"] as? [String: [String: Any]])?[endpoint]?["unlisted"] as? Int ?? 0
    }

    /// The decompressed lines of a file.
    static func lines(of path: String) throws -> [Data] {
        let compressed = ByteBuffer([UInt8](try Data(contentsOf: URL(filePath: path))))
        let text = ByteBuffer()
        try Inflater().inflate(compressed.bytes, into: text)
        return Data(text.bytes).split(separator: UInt8(ascii: "\n")).map { Data($0) }
    }
}

extension [String: Any] {
    func text(_ key: String) -> String? { self[key] as? String }

    /// The value of a number, or of a text that is a number: exchanges send both.
    func number(_ key: String) -> Double? {
        switch self[key] {
        case let number as NSNumber: number.doubleValue
        case let text as String: Double(text)
        default: nil
        }
    }
}
