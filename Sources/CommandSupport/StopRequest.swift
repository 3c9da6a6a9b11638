import ArgumentParser
import Dispatch
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Takes SIGINT and SIGTERM as a request to stop after the current unit of work; a second signal ends the process at once.
public final class StopRequest: Sendable {
    private let received = Mutex<CInt?>(nil)
    private let (requests, request) = AsyncStream.makeStream(of: Void.self)
    // Only the initializer uses it.
    private nonisolated(unsafe) var sources: [any DispatchSourceSignal] = []

    /// Starts listening for the signals.
    public init() {
        sources = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { [weak self] in
                guard let self, received.withLock({ $0 == nil }) else { _exit(128 + number) }
                received.withLock { $0 = number }
                request.finish()
            }
            source.activate()
            return source
        }
    }

    /// The signal that was received; `nil` before the first.
    var signalNumber: CInt? { received.withLock { $0 } }

    /// Whether a signal was received.
    public var isMade: Bool { signalNumber != nil }

    /// Waits for a signal, or until the task is cancelled.
    public func made() async { for await _ in requests {} }

    /// Ends the program when a signal was received, with one line that says what is left.
    /// - Parameters:
    ///   - command: the name that the line begins with.
    ///   - rest: what is left to do.
    /// - Throws: an exit code of 128 plus the signal's number.
    public func endIfMade(_ command: String, _ rest: String) throws {
        guard let number = signalNumber else { return }
        let name = number == SIGINT ? "SIGINT" : "SIGTERM"
        Diagnostics.report(command, "ended by \(name): \(rest): run it again to go on")
        throw ExitCode(128 + number)
    }
}
