import Synchronization

/// Runs the same work on many items, several at a time; one failure does not stop the others.
public enum Batches {
    /// Calls `worker` once in each of `jobs` tasks, and calls the function that it returns for one item after the other.
    ///
    /// Returns the errors in the order of the items.
    public static func run<Item: Sendable>(
        _ items: [Item], jobs: Int, progress: Progress,
        worker: @escaping @Sendable () -> (Item) throws -> Void
    ) async -> [any Error] {
        let next = Counter()
        return await withTaskGroup(of: [(index: Int, error: any Error)].self) { group in
            for _ in 0..<min(jobs, max(items.count, 1)) {
                group.addTask {
                    let work = worker()
                    var errors: [(index: Int, error: any Error)] = []
                    while let index = next.take(below: items.count) {
                        do { try work(items[index]) } catch { errors.append((index, error)) }
                        progress.advance()
                    }
                    return errors
                }
            }
            let errors = await group.reduce(into: []) { $0 += $1 }
            return errors.sorted { $0.index < $1.index }.map(\.error)
        }
    }
}

/// Hands out indices, each once.
private final class Counter: Sendable {
    private let value = Mutex(0)

    func take(below limit: Int) -> Int? {
        value.withLock { value in
            guard value < limit else { return nil }
            defer { value += 1 }
            return value
        }
    }
}
