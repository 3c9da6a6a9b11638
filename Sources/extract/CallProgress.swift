import CommandSupport
import ExchangeRuns
import PerpCore
import Synchronization

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Shows the progress of a run on a terminal, and prints a line for each finished exchange.
final class CallProgress: CallCounter {
    private struct CallCounts {
        var exchangesDone = 0
        var planned = 0
        var done = 0
        var shownAt: ContinuousClock.Instant?
    }

    /// The number of exchanges; `nil` prints nothing, for a process whose parent prints.
    private let exchanges: Int?
    private let isTerminal = Diagnostics.isTerminal
    /// https://no-color.org
    private let isColored = Diagnostics.isTerminal && (ProcessInfo.processInfo.environment["NO_COLOR"] ?? "").isEmpty
    private let state = Mutex(CallCounts())

    init(exchanges: Int? = nil) { self.exchanges = exchanges }

    /// Adds calls to make.
    func plan(_ calls: Int) { state.withLock { $0.planned += calls } }

    /// Counts a finished call, and updates the terminal at most ten times per second.
    func advance() {
        state.withLock { state in
            state.done += 1
            let now = ContinuousClock.now
            guard let exchanges, isTerminal, state.shownAt.map({ now - $0 > .milliseconds(100) }) ?? true else {
                return
            }
            state.shownAt = now
            Diagnostics.write(
                "\r\u{1B}[Kextract: \(state.exchangesDone) of \(exchanges) exchanges, \(state.done) of \(state.planned) calls"
            )
        }
    }

    /// Prints the summary of a finished exchange.
    func finish(_ report: RunReport.ExchangeRun) {
        if exchanges == nil { return }
        state.withLock { state in
            state.exchangesDone += 1
            Diagnostics.write((isTerminal ? "\r\u{1B}[K" : "") + "extract: \(line(report))\n")
        }
    }

    private func line(_ report: RunReport.ExchangeRun) -> String {
        let calls = report.endpoints.reduce(0) { $0 + $1.calls }
        let failed = report.endpoints.reduce(0) { $0 + $1.failed }
        let outcome =
            isColored ? "\u{1B}[\(color(report.outcome))m\(report.outcome.rawValue)\u{1B}[0m" : report.outcome.rawValue
        let time = tenths(Double(report.milliseconds) / 1000)
        return
            "\(report.exchange.id) \(outcome): \(calls) \(calls == 1 ? "call" : "calls"), \(failed) failed, \(size(report.wireBytes)), \(time) s"
            + (report.reason.map { ": \($0)" } ?? "")
    }

    private func color(_ outcome: RunReport.Outcome) -> Int {
        switch outcome {
        case .complete, .present: 32
        case .partial: 33
        case .failed: 31
        }
    }

    private func size(_ bytes: Int) -> String {
        bytes < 1_000_000 ? "\((bytes + 999) / 1000) kB" : "\(tenths(Double(bytes) / 1_000_000)) MB"
    }

    private func tenths(_ number: Double) -> String { "\((number * 10).rounded() / 10)" }
}
