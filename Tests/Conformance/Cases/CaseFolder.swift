import Foundation
import Gzip
import PerpCore
import PipelineFiles

/// A case from the field: hours of one or several exchanges, each as raw lines.
struct FieldCase {
    let id: String
    let files: [FieldCaseFile]

    /// The cases of a folder: `ID.ndjson`, `ID.1.ndjson`, `ID.binance.ndjson`.
    static func all(in folder: String) throws -> [FieldCase] {
        let files = try names(in: folder).map { try FieldCaseFile(path: "\(folder)/\($0)") }
        return Dictionary(grouping: files, by: \.id).sorted { $0.key < $1.key }
            .map { id, files in FieldCase(id: id, files: files.sorted { $0.hour < $1.hour }) }
    }

    /// The names of a folder's files of raw lines.
    static func names(in folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".ndjson") }.sorted()
    }
}

/// One raw file of a case, before it is compressed.
struct FieldCaseFile {
    let id: String
    /// The part of the name that differs from the case's other files: `""`, `"1"`, `"binance"`.
    let name: String
    let exchange: Exchange
    let hour: Hour
    let content: Data

    init(path: String) throws {
        let words = URL(filePath: path).lastPathComponent.split(separator: ".").dropLast()
        id = words.first.map(String.init) ?? ""
        name = words.dropFirst().joined(separator: ".")
        content = try Data(contentsOf: URL(filePath: path))
        let first = content.prefix { $0 != UInt8(ascii: "\n") }
        guard let line = try? JSONSerialization.jsonObject(with: first) as? [String: Any],  // told below
            let exchange = line.text("exchange").flatMap(Exchange.init), let received = line.number("received_at_ms")
        else { throw ConformanceFailure("\(path): its first line names no exchange and time") }
        self.exchange = exchange
        hour = Hour(containing: Timestamp(milliseconds: Int64(received)))
    }

    /// Writes the raw file.
    func write(to path: String) throws {
        let raw = ByteBuffer([UInt8](content))
        let packed = ByteBuffer()
        raw.withBytes { Deflater(for: .speed).deflate($0, into: packed) }
        try FileSystem.write(packed, to: path)
    }
}
