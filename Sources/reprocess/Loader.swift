import CommandSupport
import PerpCore
import PipelineFiles
import Sealing
import Signals
import Warehouse

/// Loads what the threads make, in the order of hours, and seals the hours of which all is known.
struct Loader {
    let warehouse: Warehouse
    let paths: ArchivePaths
    /// Our clock, for the ledger.
    let now: Timestamp
    /// Whether an hour is replaced and sealed in one transaction, so that who reads meanwhile sees it whole.
    let isLive: Bool
    /// Whether rows are replaced although the same file is loaded.
    var loadsAgain = false
    /// Whether to end after the hours at hand.
    var isStopped: () -> Bool = { false }

    /// What was done.
    struct Outcome {
        var files = 0
        var current = 0
        var tickers = 0
        var textBytes = 0
        var failures: [String] = []
        /// The files that gave no rows.
        var unreadable: [ExchangeHour] = []
    }

    /// Hours that a scratch database takes in one transaction.
    private static let hoursATransaction: Int64 = 24
    /// Venues tell of most events within a day. An hour of a scratch database is sealed when they have, so
    /// that few are sealed twice.
    private static let lateHours = 24

    /// Staged files are written and not synced; the last hours are left to be sealed.
    /// - Parameter work: what makes the files, in their order.
    func run(_ files: [ExchangeHour], from work: OrderedWork<ExchangeHour, Product>) throws -> Outcome {
        defer { work.stop() }
        let progress = Progress("reprocess", total: files.count)
        var outcome = Outcome()
        for group in files.split(by: isLive ? 1 : Self.hoursATransaction) where !isStopped() {
            try warehouse.transaction {
                for hour in group.split(by: 1) {
                    try load(hour, from: work, into: &outcome) { progress.advance() }
                }
            }
        }
        return outcome
    }

    /// Loads an hour, and seals the hours of which nothing more is to be expected.
    private func load(
        _ files: ArraySlice<ExchangeHour>, from work: OrderedWork<ExchangeHour, Product>, into outcome: inout Outcome,
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

    private func load(_ product: Product, of file: ExchangeHour, into outcome: inout Outcome) throws {
        switch product {
        case .staged(let staged, let sha256, let textBytes):
            let path = paths.stagedFile(file.exchange, file.hour)
            do {
                _ = try warehouse.load(
                    staged, from: LoadedFile(path: path, stagedSHA256: sha256, loadedAt: now),
                    again: loadsAgain)
            } catch  where Warehouse.isDataError(error) {
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
            // A disk that is full or cannot be read says nothing of this file, and fails the next one too.
            throw error
        }
    }
}

extension RandomAccessCollection<ExchangeHour> where Index == Int, SubSequence == ArraySlice<ExchangeHour> {
    /// Neighbours of the same stretch of hours, which begins at a multiple of it after the epoch.
    fileprivate func split(by hours: Int64) -> [SubSequence] {
        let stretch = hours * Hour.seconds
        var groups: [SubSequence] = []
        var start = startIndex
        for place in indices.dropFirst() where self[place].hour.start / stretch != self[start].hour.start / stretch {
            groups.append(self[start..<place])
            start = place
        }
        if start < endIndex { groups.append(self[start...]) }
        return groups
    }
}
