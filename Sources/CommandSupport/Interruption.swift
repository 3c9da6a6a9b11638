import Dispatch
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// SIGINT and SIGTERM, which end a run without leaving incomplete files.
public final class Interruption: Sendable {
    private let received = Mutex<CInt?>(nil)

    /// Listens to no signal until `watch` is called.
    public init() {}

    /// The signal that was received; `nil` before any.
    public var signal: CInt? { received.withLock { $0 } }

    /// The reason in the report for exchanges that were not finished.
    public var reason: String {
        switch signal {
        case SIGINT: "the run was ended by SIGINT"
        case SIGTERM: "the run was ended by SIGTERM"
        default: "the run was ended"
        }
    }

    /// Runs `work` and cancels it on a signal; a second signal ends the process at once.
    ///
    /// - Throws: What `work` throws.
    public func watch<Value: Sendable>(_ work: @escaping @Sendable () async throws -> Value) async throws -> Value {
        let task = Task(operation: work)
        let sources = [SIGINT, SIGTERM].map { number in
            ignore(number)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { [self] in
                if received.withLock({ $0 != nil }) { _exit(128 + number) }
                received.withLock { $0 = number }
                task.cancel()
            }
            source.activate()
            return source
        }
        defer { for source in sources { source.cancel() } }
        return try await task.value
    }
}

/// Leaves the signal to the dispatch source.
private func ignore(_ number: CInt) { signal(number, SIG_IGN) }
