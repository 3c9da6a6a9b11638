import Foundation
import Synchronization

/// Creates faults of the environment for real, and checks what the programs do.
final class Disturbances: Sendable {
    private static let all: [FaultScenario] =
        DiskFaults.all + FolderFaults.all + DatabaseFaults.all + LockFaults.all + GzipFaults.all + FormatFaults.all
        + ClockFaults.all + SignalFaults.all + ExchangeFaults.all + RudeFaults.all + SymbolFaults.all
    /// More than the cores of a small machine, since most of the time is spent waiting.
    private static let threads = 4

    private let bench: FaultsBench
    private let references: References
    private let only: String?

    /// - Parameter only: a text that the name of a fault must contain; `nil` runs all faults.
    init(bench: FaultsBench, only: String? = nil) throws {
        self.bench = bench
        self.only = only
        references = try References(bench)
    }

    /// Runs the faults. Returns the results in the order of `all`.
    func run() -> [FaultResult] {
        let faults = Self.all.filter { fault in only.map(fault.name.contains) ?? true }
        let results = Mutex<[FaultResult?]>(Array(repeating: nil, count: faults.count))
        let next = NameCounter()
        DispatchQueue.concurrentPerform(iterations: Self.threads) { _ in
            while case let index = next.next() - 1, index < faults.count {
                let result = meet(faults[index])
                results.withLock { $0[index] = result }
            }
        }
        return results.withLock { $0.compactMap(\.self) }
    }

    private func meet(_ fault: FaultScenario) -> FaultResult {
        var result = FaultResult(fault: fault.name)
        do {
            let scene = try FaultScene(fault, bench: bench, references: references)
            do {
                try fault.make(scene)
                result = scene.result
            } catch {
                result = scene.result
                throw error
            }
            try? TestFiles.remove(scene.folder)  // goes with the bench otherwise
        } catch let skipped as Skipped {
            result.status = nil
            result.message = skipped.reason
        } catch {
            result.problems.append("\(error)")
        }
        return result
    }
}
