import Foundation

/// Work done by several threads whose results come out in the order of the items.
///
/// At most `window` results wait to be taken, so that memory does not grow with the number of items.
final class OrderedWork<Item: Sendable, Output: Sendable>: @unchecked Sendable {  // `condition` guards what changes
    private let items: [Item]
    private let window: Int
    private let condition = NSCondition()
    private var begun = 0
    private var finished = 0
    private var taken = 0
    private var isStopped = false
    private var waiting: [Int: Output] = [:]

    /// - Parameter worker: called once on each of `jobs` threads; the function that it returns is called for one item
    ///   after the other, and may reuse buffers.
    init(_ items: [Item], jobs: Int, window: Int, worker: @escaping @Sendable () -> (Item) -> Output) {
        self.items = items
        self.window = window
        for _ in 0..<min(jobs, items.count) {
            let thread = Thread { [self] in
                let work = worker()
                while let index = begin() { finish(index, with: work(items[index])) }
            }
            thread.stackSize = 8 << 20
            thread.start()
        }
    }

    /// Waits for the next result in order and returns it; `nil` after the last one.
    func next() -> Output? {
        condition.withLock {
            guard taken < items.count else { return nil }
            while waiting[taken] == nil { condition.wait() }
            defer {
                taken += 1
                condition.broadcast()
            }
            return waiting.removeValue(forKey: taken)
        }
    }

    /// Stops the threads after their current items and waits for them, so that no file is left half written.
    func stop() {
        condition.withLock {
            isStopped = true
            condition.broadcast()
            while finished < begun { condition.wait() }
        }
    }

    private func begin() -> Int? {
        condition.withLock {
            while begun < items.count && begun >= taken + window && !isStopped { condition.wait() }
            guard begun < items.count, !isStopped else { return nil }
            defer { begun += 1 }
            return begun
        }
    }

    private func finish(_ index: Int, with output: Output) {
        condition.withLock {
            waiting[index] = output
            finished += 1
            condition.broadcast()
        }
    }
}
