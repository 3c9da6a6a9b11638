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

/// Reads the warehouse whenever it has changed, beside what is evaluated: a slow disk delays no alarm.
public actor WarehouseWatch {
    /// How often the last sealed hour is read again at most, in milliseconds, when it is still the same one.
    private static let rereadEvery: Int64 = 300_000

    private let path: String
    private var warehouse: Warehouse?
    private var version: Int64?
    private var baseline: CascadeBaseline?
    private var readAt = Timestamp(milliseconds: 0)

    /// Takes the path of the warehouse, which need not exist yet.
    public init(path: String) { self.path = path }

    /// What the warehouse says; `nil` when that has not changed since the last call, or when no hour is sealed.
    /// - Throws: an error of the database.
    public func look(at now: Timestamp) throws -> AlarmGround? {
        guard FileSystem.exists(path) else { return nil }
        do {
            return try read(at: now)
        } catch {
            // The next look opens the file anew.
            (warehouse, version) = (nil, nil)
            throw error
        }
    }

    private func read(at now: Timestamp) throws -> AlarmGround? {
        let warehouse = try warehouse ?? Warehouse(path: path, for: .reading)
        self.warehouse = warehouse
        let current = try warehouse.dataVersion()
        guard current != version else { return nil }
        let sealed = SealedHours(warehouse)
        guard let last = try sealed.span()?.upperBound else { return nil }
        if baseline?.past.hour != last || now.milliseconds - readAt.milliseconds >= Self.rereadEvery {
            let first = last.advanced(by: -History.summaryHours)
            baseline = CascadeBaseline(History(hours: try sealed.summaries(from: first, through: last)))
            readAt = now
        }
        let memory = try AlertMemory(AlertStore(warehouse), since: AlertMemory.midnight(before: now))
        version = current
        return baseline.map { AlarmGround($0, memory) }
    }
}
