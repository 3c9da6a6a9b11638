import CommandSupport
import PerpCore
import PipelineFiles
import Sealing
import Signals
import Warehouse

/// Loads what the threads produce, in the order of hours, and seals the hours that are complete.
struct Loader {
    let warehouse: Warehouse
    let paths: ArchivePaths
    /// The time on our clock, for the ledger.
    let now: Timestamp
    /// Whether an hour is replaced and sealed in one transaction, so that readers see it whole.
    let isLive: Bool
    /// Whether rows are replaced even if the same file is loaded.
    var loadsAgain = false
    /// Whether to end after the current hours.
    var isStopped: () -> Bool = { false }

    /// Counts of what was done, and what failed.
    struct LoadResult {
        var files = 0
        var current = 0
        var tickers = 0
        var textBytes = 0
        var failures: [String] = []
        /// The files that could not be loaded.
        var unreadable: [ExchangeHour] = []
    }

    /// The number of hours that a scratch database takes in one transaction.
    private static let hoursATransaction: Int64 = 24
    /// Exchanges report most events within a day. An hour of a scratch database is sealed that many hours later, so
    /// that few hours are sealed twice.
    private static let lateHours = 24

    /// Loads the files. Staged files are written but not synced, and the last hours are not sealed yet.
    /// - Parameter work: produces the files, in their order.
    func run(_ files: [ExchangeHour], from work: OrderedWork<ExchangeHour, Product>) throws -> LoadResult {
        defer { work.stop() }
        let progress = Progress("reprocess", total: files.count)
        var outcome = LoadResult()
        for group in files.split(by: isLive ? 1 : Self.hoursATransaction) where !isStopped() {
            try warehouse.transaction {
                for hour in group.split(by: 1) {
                    try load(hour, from: work, into: &outcome) { progress.advance() }
                }
            }
            // A live database takes hours one by one.
            if !isLive { Allocator.giveBackFreePages() }
        }
        return outcome
    }

    /// Loads an hour, and seals the hours for which nothing more is expected.
    private func load(
        _ files: ArraySlice<ExchangeHour>, from work: OrderedWork<ExchangeHour, Product>,
        into outcome: inout LoadResult,
        _ advance: () -> Void
    ) throws {
        for file in files {
            guard let product = work.next() else { break }
            try load(product, of: file, into: &outcome)
            advance()
        }
        guard let hour = files.first?.hour else { return }
        for report in try RunFile.read(hour, in: paths) { try warehouse.record(report) }
        let settled = isLive ? hour : hour.advanced(by: -Self.lateHours)
        try warehouse.seal(through: settled)
    }

    private func load(_ product: Product, of file: ExchangeHour, into outcome: inout LoadResult) throws {
        switch product {
        case .staged(let staged, let sha256, let textBytes):
            let path = paths.stagedFile(file.exchange, file.hour, file.feed)
            do {
                _ = try warehouse.load(
                    staged, from: LoadedFile(path: path, stagedSHA256: sha256, loadedAt: now),
                    again: loadsAgain)
            } catch  where WarehouseError.isDataError(error) {
                outcome.failures.append("\(path): \(error)")
                outcome.unreadable.append(file)
            }
            outcome.files += 1
            outcome.tickers += staged.tickers.count
            outcome.textBytes += textBytes
        case .current:
            outcome.current += 1
        case .failed(let error as FormatError):
            outcome.failures.append("\(error)")
            outcome.unreadable.append(file)
        case .failed(let error):
            // A full or unreadable disk is not a fault of this file, and fails the next one too.
            throw error
        }
    }
}

extension RandomAccessCollection<ExchangeHour> where Index == Int, SubSequence == ArraySlice<ExchangeHour> {
    /// Splits the files into groups of consecutive hours; each group begins at a multiple of `hours` after the epoch.
    fileprivate func split(by hours: Int64) -> [SubSequence] {
        let stretch = hours * Hour.seconds
        var groups: [SubSequence] = []
        var start = startIndex
        for index in indices.dropFirst() where self[index].hour.start / stretch != self[start].hour.start / stretch {
            groups.append(self[start..<index])
            start = index
        }
        if start < endIndex { groups.append(self[start...]) }
        return groups
    }
}
