import Foundation
import PerpCore
import Synchronization

/// The outcome of one exchange, which its process prints as JSON on standard output.
struct ExchangeOutcome: Codable, Sendable {
    var report: RunReport.ExchangeRun
    /// Why its raw file could not be written; `nil` when it was.
    var error: String?
}

/// Runs each exchange in its own process, so that a crash, also one in a library, costs only that exchange.
struct ExchangeProcess: Sendable {
    /// This program, or one with the same arguments and output.
    let program: URL
    /// The arguments, without those that name the exchange.
    let arguments: [String]
    /// The longest time for a process before it is killed, so that one that hangs does not block the hour.
    let patience: Duration

    func ask(_ exchange: Exchange) async -> ExchangeOutcome {
        // The task may be cancelled before the process has started.
        let state = Mutex((process: pid_t?.none, isEnded: false))
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                // Waits in a thread of its own, so that no thread of the pool is blocked.
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
            // A process that ignores the signal is killed after five seconds.
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
        // The process reads from this pipe, which ends when this process ends for any reason.
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
        started(nil)  // another process may get its number
        try? life.fileHandleForWriting.close()  // it has no reader any more
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

    /// Unblocks all signals: a process inherits the mask of the thread that starts it, and pool threads block all.
    private static func takeSignals() {
        var none = sigset_t()
        sigemptyset(&none)
        pthread_sigmask(SIG_SETMASK, &none, nil)
    }

    private func failure(_ exchange: Exchange, _ reason: String) -> ExchangeOutcome {
        ExchangeOutcome(
            report: RunReport.ExchangeRun(exchange: exchange, outcome: .failed, cause: .interrupted, reason: reason))
    }

    /// Ends this process when its parent has ended.
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
