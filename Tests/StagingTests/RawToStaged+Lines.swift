import Foundation
import PerpCore
import PipelineFiles
import Staging

extension RawToStaged {
    /// What becomes of an hour of Bybit whose raw file has these lines.
    func staged(written lines: [RawLine], of hour: Hour) throws -> StagedHour {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
        defer { try? FileManager.default.removeItem(atPath: folder) }  // a leftover of a test harms nobody
        let writer = RawWriter()
        for line in lines { writer.append(line) }
        try writer.write(to: "\(folder)/bybit.ndjson.gz")
        return try staged("\(folder)/bybit.ndjson.gz", exchange: .bybit, hour: hour)
    }
}
