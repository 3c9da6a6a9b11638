import CommandSupport
import PerpCore
import PipelineFiles
import Sealing
import Signals
import Warehouse

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
        let progress = Progress("load", total: work.files.count)
        let reader = StagedReader()
        let bytes = ByteBuffer(capacity: 1 << 18)
        var failures: [Failure] = []
        var counts = (loaded: 0, unchanged: 0)
        var hours: Set<Hour> = []
        let ahead = lookback(of: work)
        for file in work.files where !isStopped() {
            do {
                switch try load(file, reader: reader, bytes: bytes, hours: &hours) {
                case .loaded: counts.loaded += 1
                case .unchanged: counts.unchanged += 1
                }
            } catch let error as FormatError {
                failures.append(Failure(message: "\(error)", status: .data, advice: advice(file)))
            } catch let error as FileError {
                failures.append(Failure(message: "\(error)", status: .io))
            } catch  where WarehouseError.isDataError(error) {
                failures.append(Failure(message: "\(file): \(error)", status: .data))
            }
            progress.advance()
        }
        if isStopped() { return failures }
        failures += try takeRuns(of: work.hours ?? hours.sorted())
        // Without it, sealing reads the same itself, and reports what went wrong.
        let sealed = try warehouse.seal(ahead: { try? ahead?.value() })
        let refused = failures.isEmpty ? "" : ", \(failures.count) refused"
        print(
            "loaded \(counts.loaded) files, \(counts.unchanged) unchanged\(refused); sealed \(Numbers.counted(sealed.count, "hour"))"
        )
        return failures
    }

    /// What sealing a single hour will look back on, read while its files are loaded.
    private func lookback(of work: Work) -> Meanwhile<Warehouse.Lookback>? {
        guard let hours = work.hours, hours.count == 1, !work.files.isEmpty else { return nil }
        return Meanwhile { [path = warehouse.path] in
            try Warehouse(path: path, for: .reading).lookback(from: hours[0])
        }
    }

    private func load(
        _ file: String, reader: StagedReader, bytes: ByteBuffer, hours: inout Set<Hour>
    ) throws -> LoadOutcome {
        let named = ArchivePaths.parse(file)
        if let named {
            hours.insert(named.hour)
            if let present = try warehouse.loadedFile(named.exchange, named.hour, named.feed) {
                bytes.removeAll()
                try FileSystem.read(file, into: bytes)
                if sha256(bytes) == present { return .unchanged }
            }
        }
        let staged = try reader.read(file)
        hours.insert(staged.hour)
        if let named, (named.exchange, named.hour, named.feed) != (staged.exchange, staged.hour, staged.feed) {
            throw FormatError(
                path: file, reason: "holds \(staged.exchange.id) \(staged.hour), not what its name says")
        }
        return try warehouse.load(
            staged, from: LoadedFile(path: file, stagedSHA256: reader.storedSHA256, loadedAt: now()))
    }

    /// How to make a staged file again, by the exchange and hour in its name; `nil` when the name has none.
    private func advice(_ file: String) -> String? {
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
