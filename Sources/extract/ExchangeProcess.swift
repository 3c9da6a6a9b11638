import Foundation
import PerpCore
import Synchronization

/// What came of one exchange, as its process says it on standard output.
struct ExchangeOutcome: Codable, Sendable {
    var report: RunReport.Venue
    /// Why its raw file could not be written.
    var error: String?
}

/// Asks each exchange in a process of its own: whatever ends one, a trap in a library too, costs no other exchange.
struct ExchangeProcess: Sendable {
    /// This program, or another one that speaks as it does.
    let program: URL
    /// All but the exchange.
    let arguments: [String]
    /// How long a process may take before it is ended: what stands still must not hold the hour.
    let patience: Duration

    func ask(_ exchange: Exchange) async -> ExchangeOutcome {
        // The end may be asked for before the process has begun.
        let state = Mutex((process: pid_t?.none, isEnded: false))
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                // A thread waits, so that none of those that work does.
                Thread.detachNewThread {
                    Self.takeSignals()
                    continuation.resume(
                        returning: run(exchange) { pid in
                            state.withLock { state in
                                state.process = pid
                                if state.isEnded, let pid { kill(pid, SIGTERM) }
                            }
                        })
                }
            }
        } onCancel: {
            state.withLock { state in
                state.isEnded = true
                if let pid = state.process { kill(pid, SIGTERM) }
            }
            // One that does not hear is ended after five seconds, if it is still there.
            DispatchQueue.global().asyncAfter(deadline: .now() + 5) {
                state.withLock { if let pid = $0.process { kill(pid, SIGKILL) } }
            }
        }
    }

    private func run(_ exchange: Exchange, started: (pid_t?) -> Void) -> ExchangeOutcome {
        let process = Process()
        process.executableURL = program
        process.arguments = arguments + ["--exchanges", exchange.id, "--alone"]
        let output = Pipe()
        process.standardOutput = output
        // It reads from this until we end, however that comes about.
        let life = Pipe()
        process.standardInput = life
        do { try process.run() } catch {
            return failure(exchange, "its process could not be started: \(error.localizedDescription)")
        }
        started(process.processIdentifier)
        let pid = process.processIdentifier
        let limit = DispatchWorkItem { kill(pid, SIGKILL) }
        DispatchQueue.global().asyncAfter(deadline: .now() + Double(patience.components.seconds), execute: limit)
        let text = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        limit.cancel()
        started(nil)  // its number may be given to another one
        try? life.fileHandleForWriting.close()  // nobody reads it any more
        if let outcome = try? JSONDecoder().decode(ExchangeOutcome.self, from: text),
            outcome.report.exchange == exchange
        {
            return outcome
        }
        let status = process.terminationStatus
        return failure(
            exchange,
            process.terminationReason == .uncaughtSignal
                ? "its process was ended by signal \(status)" : "its process ended with status \(status)")
    }

    /// A process inherits which signals its starter holds back, and threads of pools hold back all.
    private static func takeSignals() {
        var none = sigset_t()
        sigemptyset(&none)
        pthread_sigmask(SIG_SETMASK, &none, nil)
    }

    private func failure(_ exchange: Exchange, _ reason: String) -> ExchangeOutcome {
        ExchangeOutcome(
            report: RunReport.Venue(exchange: exchange, outcome: .failed, cause: .interrupted, reason: reason))
    }

    /// Ends this process when the one that started it has ended.
    static func endWithParent() {
        Thread.detachNewThread {
            var byte: UInt8 = 0
            while true {
                let count = read(STDIN_FILENO, &byte, 1)
                if count > 0 || count < 0 && errno == EINTR { continue }
                _exit(128 + SIGTERM)
            }
        }
    }
}
