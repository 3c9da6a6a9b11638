import PerpCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The reports of the runs of an hour: `raw/<date>/<hour>/run/<started_ms>.json`.
public enum RunFile {
    /// Writes the report of a run.
    /// - Throws: `FileError` when the file cannot be written.
    public static func write(_ report: RunReport, in paths: ArchivePaths) throws {
        let bytes = ByteBuffer(Array(try JSONText.pretty(report).utf8))
        let path = "\(paths.runFolder(report.hour))/\(report.startedAt.milliseconds).json"
        try FileSystem.write(bytes, to: path)
    }

    /// The reports of an hour, oldest first; empty when there was no run.
    /// - Throws: `FormatError` when a file is not a report, `FileError` when it cannot be read.
    public static func read(_ hour: Hour, in paths: ArchivePaths) throws -> [RunReport] {
        let folder = paths.runFolder(hour)
        return try FileSystem.names(in: folder).filter { $0.hasSuffix(".json") && !$0.hasPrefix(".") }.map { name in
            let content = ByteBuffer()
            try FileSystem.read("\(folder)/\(name)", into: content)
            do {
                return try JSONDecoder().decode(RunReport.self, from: Data(content.array))
            } catch {
                throw FormatError(path: "\(folder)/\(name)", reason: "is not a report of a run: \(error)")
            }
        }
        .sorted { $0.startedAt < $1.startedAt }
    }
}
