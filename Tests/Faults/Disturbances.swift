import Foundation
import Synchronization

/// Faults of the world, each really made, and what the programs did.
final class Disturbances: Sendable {
    private static let all: [FaultScenario] =
        DiskFaults.all + FolderFaults.all + DatabaseFaults.all + LockFaults.all + GzipFaults.all + FormatFaults.all
        + ClockFaults.all + SignalFaults.all + ExchangeFaults.all + RudeFaults.all + SymbolFaults.all
    /// Most of the time is spent waiting.
    private static let threads = 4

    private let bench: FaultsBench
    private let references: References
    private let only: String?

    /// - Parameter only: what the name of a fault must hold; `nil` for all.
    init(bench: FaultsBench, only: String? = nil) throws {
        self.bench = bench
        self.only = only
        references = try References(bench)
    }

    /// The results in the order of the list.
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
