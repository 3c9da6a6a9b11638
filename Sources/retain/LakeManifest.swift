import Foundation
import PerpCore
import PipelineFiles

/// What the manifest of the lake (`make lake`) says of the hours that it holds.
struct LakeManifest: Decodable {
    /// A file of a month.
    struct File: Decodable {
        let bytes: Int64
        let sha256: String
    }

    /// A month: the hash of the content of each hour, and the file of each view.
    struct Month {
        let name: String
        let hours: [Hour: String]
        let files: [String: File]
    }

    let months: [Month]

    /// The version of manifests that is understood.
    private static let version = 1

    private struct StoredMonth: Decodable {
        let hours: [String: String]
        let views: [String: File]
    }

    private enum Keys: String, CodingKey { case version, months }

    init(from decoder: any Decoder) throws {
        let content = try decoder.container(keyedBy: Keys.self)
        let version = try content.decode(Int.self, forKey: .version)
        guard version == Self.version else {
            throw DecodingError.dataCorruptedError(
                forKey: .version, in: content, debugDescription: "version \(version) is not known")
        }
        months = try content.decode([String: StoredMonth].self, forKey: .months).map { name, month in
            let hours = month.hours.compactMap { start, hash in Int64(start).map { (Hour(containing: $0), hash) } }
            return Month(
                name: name, hours: Dictionary(hours, uniquingKeysWith: { first, _ in first }), files: month.views)
        }
    }

    /// The hash of the content of each hour of the months that have one in a span, as far as the files of the month are what was
    /// written: each is read.
    /// - Throws: `FileError` for a file that cannot be read.
    func soundHours(in span: Range<Hour>, of warehouse: String) throws -> [Hour: String] {
        var sound: [Hour: String] = [:]
        for month in months where month.hours.keys.contains(where: span.contains) {
            let isSound = try month.files.allSatisfy { view, file in
                let path = "\(Self.folder(beside: warehouse))/\(view)/month=\(month.name)/part.parquet"
                return try FileSystem.size(of: path) == file.bytes && sha256(ofLarge: path) == file.sha256
            }
            if isSound { sound.merge(month.hours) { first, _ in first } }
        }
        return sound
    }

    private static func folder(beside warehouse: String) -> String { "\(FileSystem.folder(of: warehouse))/lake" }

    /// Reads the manifest of the lake beside a warehouse; `nil` where there is no lake.
    /// - Throws: `FormatError` for a manifest that is not understood, `FileError` for one that cannot be read.
    static func beside(_ warehouse: String) throws -> LakeManifest? {
        let path = "\(folder(beside: warehouse))/manifest.json"
        guard FileSystem.exists(path) else { return nil }
        let bytes = ByteBuffer()
        try FileSystem.read(path, into: bytes)
        do {
            return try JSONDecoder().decode(LakeManifest.self, from: bytes.withBytes { Data($0) })
        } catch {
            throw FormatError(path: path, reason: "is no manifest of a lake that is understood: \(error)")
        }
    }
}
