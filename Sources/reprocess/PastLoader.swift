import CommandSupport
import PerpCore
import PipelineFiles
import Staging
import Warehouse
import WarehouseCommands

/// Loads the files of the past into a scratch database: from raw where there is raw, and from the live database otherwise.
struct PastLoader {
    let live: Warehouse
    let scratch: Warehouse
    let paths: ArchivePaths
    /// The time on our clock, for the load log.
    let now: Timestamp
    let jobs: Int
    /// Whether staged files are written; `prove` needs the records only.
    let writesFiles: Bool
    let isStopped: () -> Bool

    /// Loads the files and adds up what was done. A raw file that has become unreadable keeps what was loaded from it.
    func run(into outcome: inout Loader.LoadResult) throws {
        let files = try paths.rawHistory()
        let present = Set(files.map(\.key))
        for file in try HistoryReader(live).files() where !present.contains(file.key) && !isStopped() {
            try scratch.carryOver(file.key, from: live)
        }
        let work = try production(of: files)
        defer { work.stop() }
        let progress = Progress("reprocess history", total: files.count)
        for file in files where !isStopped() {
            guard let product = work.next() else { break }
            if try !load(product, of: file, into: &outcome) { try scratch.carryOver(file.key, from: live) }
            progress.advance()
        }
    }

    /// Makes the staged files. Few wait to be loaded: one can hold a year of a whole exchange.
    private func production(of files: [HistoryFile]) throws -> OrderedWork<HistoryFile, Product> {
        let loaded = try Dictionary(uniqueKeysWithValues: HistoryReader(scratch).files().map { ($0.key, $0.raw) })
        return OrderedWork(files, jobs: jobs, window: jobs) { [paths, writesFiles] in
            let stage = RawToStaged()
            let writer = StagedWriter()
            return { file in
                do {
                    let staged = try stage.staged(paths.rawFile(file), of: file) { rawSHA256 in
                        Production.isCurrent(
                            loaded[file.key], rawSHA256, stagedPath: writesFiles ? paths.stagedFile(file) : nil)
                    }
                    guard let staged else { return .current }
                    if writesFiles {
                        try writer.write(staged, to: paths.stagedFile(file), synced: false)
                    } else {
                        _ = writer.gzipped(staged)
                    }
                    return .staged(staged, sha256: writer.storedSHA256, textBytes: stage.textCount)
                } catch {
                    return .failed(error)
                }
            }
        }
    }

    /// Loads what was made of a file. Returns `false` when the file cannot be read or loaded, which is told.
    private func load(_ product: Product, of file: HistoryFile, into outcome: inout Loader.LoadResult) throws -> Bool {
        switch product {
        case .staged(let staged, let sha256, let textBytes):
            let path = paths.stagedFile(file)
            do {
                _ = try scratch.load(staged, from: LoadedFile(path: path, stagedSHA256: sha256, loadedAt: now))
            } catch  where WarehouseError.isDataError(error) {
                outcome.failures.append("\(path): \(error)")
                return false
            }
            outcome.files += 1
            outcome.textBytes += textBytes
        case .current:
            outcome.current += 1
        case .failed(let error as FormatError):
            outcome.failures.append("\(error)")
            return false
        case .failed(let error):
            // A full or unreadable disk is not a fault of this file, and fails the next one too.
            throw error
        }
        return true
    }

    /// Whether a scratch database that was begun holds what cannot be gone on with: files made by other rules, or files that
    /// have been removed since.
    static func isOutdated(_ scratch: Warehouse, _ live: Warehouse, _ paths: ArchivePaths) throws -> Bool {
        let present = Set(try paths.rawHistory().map(\.key))
        let inLive = Set(try HistoryReader(live).files().map(\.key))
        return try HistoryReader(scratch).files().contains { file in
            file.isIncomplete
                || (present.contains(file.key)
                    ? file.raw.transformVersion != transformVersion : !inLive.contains(file.key))
        }
    }
}
