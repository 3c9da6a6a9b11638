import ArgumentParser
import Dispatch
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// SIGINT and SIGTERM as a wish to stop after the unit of work at hand; a second one ends the process at once.
public final class StopRequest: Sendable {
    private let received = Mutex<CInt?>(nil)
    // Touched by the initializer only.
    private nonisolated(unsafe) var sources: [any DispatchSourceSignal] = []

    public init() {
        sources = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { [weak self] in
                guard let self, received.withLock({ $0 == nil }) else { _exit(128 + number) }
                received.withLock { $0 = number }
            }
            source.activate()
            return source
        }
    }

    /// The signal that came; `nil` while none has.
    public var signalNumber: CInt? { received.withLock { $0 } }

    public var isMade: Bool { signalNumber != nil }

    /// Ends the program where a signal came: one line that says what is left, and 128 with the signal's number.
    public func endIfMade(_ command: String, _ rest: String) throws {
        guard let number = signalNumber else { return }
        let name = number == SIGINT ? "SIGINT" : "SIGTERM"
        Diagnostics.report(command, "ended by \(name): \(rest): run it again to go on")
        throw ExitCode(128 + number)
    }
}
