import CommandSupport
import PerpCore
import PipelineFiles
import Sealing
import Signals
import Warehouse
import WarehouseCommands

/// Loads files one by one, then records the run files of their hours and seals the dirty hours.
struct Loading {
    /// Why a file is not in the warehouse.
    struct Failure {
        let message: String
        let status: ExitStatus
        /// How to make the file loadable; `nil` when unknown.
        var advice: String?
    }

    let warehouse: Warehouse
    let paths: ArchivePaths
    /// The time of loading, for the ledger.
    var now: () -> Timestamp = { ClockOptions.systemTime }
    /// Whether to end after the current file or hour: the next run continues.
    var isStopped: () -> Bool = { false }

    /// Loads the files and returns those that could not be loaded. An error of the database ends the work.
    func run(_ work: Work) throws -> [Failure] {
        let ahead = lookback(of: work)
        var tally = Tally()
        let past = try past(of: work.past, &tally)
        let progress = Progress("load", total: work.files.count + past.count)
        let files = work.files + past
        var reading = files.first.map { begin($0, tally.reader) }
        for (index, file) in files.enumerated() {
            guard let begun = reading, !isStopped() else { break }
            let read = Result { try begun.value() }
            // Only now, so that there is one reader.
            reading = index + 1 < files.count ? begin(files[index + 1], tally.reader) : nil
            try load(file, read, &tally)
            progress.advance()
        }
        if !work.past.isEmpty { try completePast(&tally) }
        if isStopped() { return tally.failures }
        tally.failures += try takeRuns(of: work.hours ?? tally.hours.sorted())
        // Without it, sealing reads the same itself, and reports what went wrong.
        let sealed = try warehouse.seal(ahead: { try? ahead?.value() })
        let refused = tally.failures.isEmpty ? "" : ", \(tally.failures.count) refused"
        let removed = tally.removed == 0 ? "" : ", \(tally.removed) removed"
        print(
            "loaded \(tally.loaded) files, \(tally.unchanged) unchanged\(removed)\(refused); sealed \(Numbers.counted(sealed.count, "hour"))"
        )
        return tally.failures
    }

    /// What was done, and what failed.
    private struct Tally {
        var loaded = 0
        var unchanged = 0
        var removed = 0
        var failures: [Failure] = []
        /// The hours of the files.
        var hours: Set<Hour> = []
        let reader = FileReader()
    }

    private func load(_ file: String, _ read: Result<Reading, any Error>, _ tally: inout Tally) throws {
        do {
            if let hour = ArchivePaths.parse(file)?.hour { tally.hours.insert(hour) }
            switch try load(file, read.get(), hours: &tally.hours) {
            case .loaded: tally.loaded += 1
            case .unchanged: tally.unchanged += 1
            }
        } catch let error as FormatError {
            tally.failures.append(Failure(message: "\(error)", status: .data, advice: advice(file)))
        } catch let error as FileError {
            tally.failures.append(Failure(message: "\(error)", status: .io))
        } catch  where WarehouseError.isDataError(error) {
            tally.failures.append(Failure(message: "\(file): \(error)", status: .data))
        }
    }

    private func load(_ file: String, _ reading: Reading, hours: inout Set<Hour>) throws -> LoadOutcome {
        guard let (staged, sha256) = try content(of: file, reading) else { return .unchanged }
        if !isNamed(file, as: staged) {
            let what = staged.history?.rawValue ?? "\(staged.hour)"
            throw FormatError(path: file, reason: "holds \(staged.exchange.id) \(what), not what its name says")
        }
        if staged.history == nil { hours.insert(staged.hour) }
        return try warehouse.load(staged, from: LoadedFile(path: file, stagedSHA256: sha256, loadedAt: now()))
    }

    /// Whether a file's name, where it says what the file holds, is right.
    private func isNamed(_ file: String, as staged: StagedHour) -> Bool {
        if let past = HistoryFile(file) {
            return (past.exchange, past.dataset) == (staged.exchange, staged.history)
        }
        guard let named = ArchivePaths.parse(file) else { return true }
        return (named.exchange, named.hour, named.feed) == (staged.exchange, staged.hour, staged.feed)
    }

    // MARK: - Reading

    /// What was found of a staged file, with the SHA-256 of its bytes.
    private enum Reading: Sendable {
        /// The same bytes were loaded when it was looked at.
        case loaded(sha256: String)
        case read(StagedHour, sha256: String)
    }

    /// Reads one file after the other, each on another thread.
    private final class FileReader: @unchecked Sendable {  // the next file is begun when the one before has been read
        private let reader = StagedReader()

        func read(_ path: String) throws -> (StagedHour, sha256: String) {
            (try reader.read(path), sha256: reader.storedSHA256)
        }
    }

    /// Looks at a file, and reads it where it is not loaded as it is, while the one before it is loaded.
    private func begin(_ path: String, _ reader: FileReader) -> Meanwhile<Reading> {
        let present = Result { try loadedSHA256(of: path) }
        return Meanwhile {
            if let present = try present.get(), try sha256(of: path) == present { return .loaded(sha256: present) }
            let (staged, sha256) = try reader.read(path)
            return .read(staged, sha256: sha256)
        }
    }

    /// What a file holds; `nil` when it is loaded as it is.
    private func content(of path: String, _ reading: Reading) throws -> (StagedHour, sha256: String)? {
        switch reading {
        case .read(let staged, let sha256): (staged, sha256)
        // An earlier file of this run may have replaced it in the warehouse since it was looked at.
        case .loaded(let sha256): try loadedSHA256(of: path) == sha256 ? nil : FileReader().read(path)
        }
    }

    /// The SHA-256 of the file that is loaded in place of one; `nil` without one, or when its name does not say what it holds.
    private func loadedSHA256(of path: String) throws -> String? {
        if let past = HistoryFile(path) { return try warehouse.loadedHistory(past.key) }
        guard let named = ArchivePaths.parse(path) else { return nil }
        return try warehouse.loadedFile(named.exchange, named.hour, named.feed)
    }

    // MARK: - The past

    /// The staged files of the past of some exchanges, in the order of time. What is loaded of a file of which neither raw
    /// nor staged is left is removed; where no file of the past is left at all, the folder may be another one, and all stays.
    private func past(of exchanges: [Exchange], _ tally: inout Tally) throws -> [String] {
        guard !exchanges.isEmpty else { return [] }
        let (staged, raw) = (try paths.stagedHistory(), try paths.rawHistory())
        let present = Set((staged + raw).map(\.key))
        if !present.isEmpty {
            for file in try HistoryReader(warehouse).files()
            where exchanges.contains(file.key.exchange) && !present.contains(file.key) && !isStopped() {
                try warehouse.remove(file.key)
                tally.removed += 1
            }
        }
        return staged.filter { exchanges.contains($0.exchange) }.map(paths.stagedFile)
    }

    /// Loads the files again whose facts are not all there, because a file that stated them first was replaced or removed.
    private func completePast(_ tally: inout Tally) throws {
        let incomplete = Set(try HistoryReader(warehouse).files().filter(\.isIncomplete).map(\.key))
        if incomplete.isEmpty { return }
        let files = try paths.stagedHistory().filter { incomplete.contains($0.key) }
        for path in files.map(paths.stagedFile) where !isStopped() {
            let reading = begin(path, tally.reader)
            try load(path, Result { try reading.value() }, &tally)
        }
        if files.count < incomplete.count {
            Diagnostics.report(
                "load",
                "\(incomplete.count - files.count) files of the past lack facts: 'transform --history' makes them from raw, then load them"
            )
        }
    }

    /// What sealing a single hour, and the one before it, will look back on, read while its files are loaded.
    private func lookback(of work: Work) -> Meanwhile<Warehouse.Lookback>? {
        guard let hours = work.hours, hours.count == 1, !work.files.isEmpty else { return nil }
        return Meanwhile { [path = warehouse.path] in
            try Warehouse(path: path, for: .reading).lookback(from: hours[0])
        }
    }

    /// How to make a staged file again, by the exchange and hour in its name; `nil` when the name has none.
    private func advice(_ file: String) -> String? {
        if let past = HistoryFile(file) { return "make it again: transform \(paths.rawFile(past))" }
        guard let named = ArchivePaths.parse(file) else { return nil }
        return "make it again: transform \(paths.rawFile(named.exchange, named.hour, named.feed))"
    }

    private func takeRuns(of hours: [Hour]) throws -> [Failure] {
        var failures: [Failure] = []
        for hour in hours {
            do {
                for report in try RunFile.read(hour, in: paths) { try warehouse.record(report) }
            } catch let error as FormatError {
                failures.append(Failure(message: "\(error)", status: .data))
            } catch let error as FileError {
                failures.append(Failure(message: "\(error)", status: .io))
            }
        }
        return failures
    }
}
