import Foundation
import PerpCore
import PipelineFiles

/// What the manifest of the lake (`make lake`) says of the hours that it holds.
struct LakeManifest: Decodable {
    /// The hash of the content of each hour.
    let hours: [Hour: String]

    /// The version of manifests that is understood.
    private static let version = 1

    private struct Month: Decodable {
        let hours: [String: String]
    }

    private enum Keys: String, CodingKey { case version, months }

    init(from decoder: any Decoder) throws {
        let content = try decoder.container(keyedBy: Keys.self)
        let version = try content.decode(Int.self, forKey: .version)
        guard version == Self.version else {
            throw DecodingError.dataCorruptedError(
                forKey: .version, in: content, debugDescription: "version \(version) is not known")
        }
        var hours: [Hour: String] = [:]
        for month in try content.decode([String: Month].self, forKey: .months).values {
            for (start, hash) in month.hours {
                guard let start = Int64(start) else { continue }
                hours[Hour(containing: start)] = hash
            }
        }
        self.hours = hours
    }

    /// Reads the manifest of the lake beside a warehouse; `nil` where there is no lake.
    /// - Throws: `FormatError` for a manifest that is not understood, `FileError` for one that cannot be read.
    static func beside(_ warehouse: String) throws -> LakeManifest? {
        let path = "\(FileSystem.folder(of: warehouse))/lake/manifest.json"
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
