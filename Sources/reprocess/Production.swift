import PerpCore
import PipelineFiles
import Staging
import Warehouse

/// What a thread produces from one raw file.
enum Product: Sendable {
    /// The records of the hour, whose staged file is already written.
    case staged(StagedHour, sha256: String, textBytes: Int)
    /// The same bytes are already loaded by this version.
    case current
    case failed(any Error)
}

/// Makes staged files from raw files and passes their records on in memory, in order.
struct Production: Sendable {
    let paths: ArchivePaths
    /// What is already loaded.
    let loaded: [ExchangeHour: LoadedRaw]
    /// Whether staged files are written; `prove` needs the records only.
    let writesFiles: Bool

    func run(_ files: [ExchangeHour], jobs: Int) -> OrderedWork<ExchangeHour, Product> {
        // Just enough to keep the threads busy while the writer seals an hour.
        OrderedWork(files, jobs: jobs, window: 12 * jobs) {
            let stage = RawToStaged()
            let writer = StagedWriter()
            return { file in make(file, stage, writer) }
        }
    }

    private func make(_ file: ExchangeHour, _ stage: RawToStaged, _ writer: StagedWriter) -> Product {
        let stagedPath = paths.stagedFile(file.exchange, file.hour, file.feed)
        do {
            let staged = try stage.staged(
                paths.rawFile(file.exchange, file.hour, file.feed), exchange: file.exchange, hour: file.hour,
                feed: file.feed,
                unless: { Self.isCurrent(loaded[file], $0, stagedPath: writesFiles ? stagedPath : nil) })
            guard let staged else { return .current }
            if writesFiles {
                try writer.write(staged, to: stagedPath, synced: false)
            } else {
                _ = writer.gzipped(staged)
            }
            return .staged(staged, sha256: writer.storedSHA256, textBytes: stage.textCount)
        } catch {
            return .failed(error)
        }
    }

    /// Whether what is loaded was made from the same bytes by the same rules, and the staged file, where one is wanted, is
    /// the one that was loaded.
    static func isCurrent(_ loaded: LoadedRaw?, _ rawSHA256: String, stagedPath: String?) -> Bool {
        guard let loaded, loaded.rawSHA256 == rawSHA256, loaded.transformVersion == transformVersion else {
            return false
        }
        // An existing file may be incomplete: only its hash shows that it is the one that was loaded.
        return stagedPath.map { (try? sha256(of: $0)) == loaded.stagedSHA256 } ?? true
    }
}
