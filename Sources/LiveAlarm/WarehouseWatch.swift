import AlertDelivery
import PerpCore
import PipelineFiles
import Sealing
import Signals
import Warehouse

/// What the alarm knows from the warehouse.
public struct AlarmGround: Sendable {
    /// What liquidations are measured against.
    var baseline: CascadeBaseline
    /// Whether the last sealed hour may alert.
    var gate: AlertGate
    /// What is known of earlier alerts.
    var memory: AlertMemory

    /// Takes sealed hours and what is known of earlier alerts.
    init(_ baseline: CascadeBaseline, _ memory: AlertMemory) {
        self.baseline = baseline
        self.memory = memory
        gate = AlertGate(baseline.past, history: baseline.history)
    }
}

/// Reads the warehouse whenever its files have changed, beside what is evaluated: a slow disk delays no alarm.
///
/// It is opened anew each time, so that it may be replaced or mended meanwhile.
public actor WarehouseWatch {
    /// What tells that a database has changed: times and sizes of its file and of its log.
    private struct Look: Equatable {
        let times: [Timestamp?]
        let sizes: [Int64]

        init(_ path: String) {
            let files = [path, path + "-wal"]
            times = files.map(FileSystem.modified)
            sizes = files.map(FileSystem.size)
        }
    }

    /// How often the same sealed hour is read again at most, in milliseconds.
    private static let rereadEvery: Int64 = 30_000

    private let path: String
    private let origin: Origin
    private var seen: Look?
    private var baseline: CascadeBaseline?
    private var readAt = Timestamp(milliseconds: 0)

    /// Takes the path of the warehouse, which need not exist yet.
    /// - Parameter isSimulated: whether the streams are a simulator's: the warehouse must then be one of simulated hours.
    public init(path: String, isSimulated: Bool) {
        self.path = path
        origin = isSimulated ? .simulated : .real
    }

    /// What the warehouse says; `nil` when that has not changed since the last call, or when no hour is sealed.
    /// - Throws: `FormatError` when its hours are of another origin than the streams; an error of the database.
    public func look(at now: Timestamp) throws -> AlarmGround? {
        let look = Look(path)
        guard FileSystem.exists(path), look != seen else { return nil }
        let warehouse = try Warehouse(path: path, for: .reading)
        if let stored = try warehouse.origin(), stored != origin {
            throw FormatError(path: path, reason: "holds \(stored.rawValue) hours, and the streams are not: no alarm")
        }
        guard let last = try SealedHours(warehouse).span()?.upperBound else { return nil }
        let isDue = baseline?.past.hour != last || now.milliseconds - readAt.milliseconds >= Self.rereadEvery
        if isDue {
            let first = last.advanced(by: -History.summaryHours)
            baseline = CascadeBaseline(
                History(hours: try SealedHours(warehouse).summaries(from: first, through: last)))
            readAt = now
        }
        let memory = try AlertMemory(AlertStore(warehouse), since: AlertMemory.midnight(before: now))
        // What was not read again is looked at once more.
        seen = isDue ? look : nil
        return baseline.map { AlarmGround($0, memory) }
    }
}
