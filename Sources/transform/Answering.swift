import ArgumentParser
import CommandSupport
import PerpCore
import PipelineFiles
import Staging

/// Stages files that are named one after the other, and says of each how it went. Belongs to one task.
final class Answering {
    private let paths: ArchivePaths
    private let stage = RawToStaged()
    private let writer = StagedWriter()

    init(paths: ArchivePaths) { self.paths = paths }

    /// Stages a file. A failure is an answer too; the error comes with it.
    func answer(_ path: String) -> (status: StagingStatus, error: (any Error)?) {
        answer(path) { status in
            let file = try RawAndStaged(named: path, output: nil, paths: paths)
            let staged = try file.records(stage)
            try writer.write(staged, to: file.staged)
            status.staged = file.staged
            return staged
        }
    }

    /// Stages standard input to standard output.
    ///
    /// - Parameters:
    ///   - identity: whose file it is; `nil` leaves that to its lines.
    ///   - path: what it is called; `nil` for `standard input`.
    func answerStandardInput(
        as identity: RawIdentity?, named path: String?
    ) -> (status: StagingStatus, error: (any Error)?) {
        let path = path ?? "standard input"
        return answer(path) { _ in
            let staged = try stage.stagedStandardInput(as: identity, named: path)
            try FileSystem.writeStandardOutput(writer.gzipped(staged))
            return staged
        }
    }

    private func answer(
        _ path: String, _ write: (inout StagingStatus) throws -> StagedHour
    ) -> (status: StagingStatus, error: (any Error)?) {
        var status = StagingStatus(path: path)
        do {
            let staged = try write(&status)
            status.rawSHA256 = staged.source.rawSHA256
            status.stagedSHA256 = writer.storedSHA256
            status.rows = staged.recordCount
            status.rejections = staged.rejections.count
            return (status, nil)
        } catch {
            // A name that says too little was not opened.
            status.rawSHA256 = error is ValidationError ? nil : stage.rawSHA256
            status.error = "\(error)"
            status.exitStatus = (error is ValidationError ? ExitStatus.usage : ExitStatus(error)).rawValue
            return (status, error)
        }
    }
}
