import ExchangeAdapters
import ExchangeClient
import PerpCore

/// Counts the calls of one endpoint and their failures.
struct EndpointTally {
    let endpoint: Endpoint
    private(set) var calls = 0
    private(set) var failed = 0
    private(set) var attempts = 0
    private(set) var weight = 0
    private var lastFailure: CallFailure?

    init(_ endpoint: Endpoint) { self.endpoint = endpoint }

    mutating func add(_ result: CallResult, weight callWeight: Int) {
        calls += 1
        attempts += result.attempts.count
        // The exchange counts every try.
        weight += result.attempts.count * callWeight
        if let failure = result.failure {
            failed += 1
            lastFailure = failure
        }
    }

    /// Whether enough calls succeeded.
    var isOK: Bool { Double(calls - failed) >= endpoint.neededShare * Double(calls) }
    /// Whether the endpoint is essential and has failed, so that the exchange's hour is discarded.
    var isLost: Bool { endpoint.isEssential && !isOK }

    private var report: RunReport.EndpointRun {
        RunReport.EndpointRun(
            id: endpoint.id, calls: calls, failed: failed, attempts: attempts, weight: weight, ok: isOK,
            cause: lastFailure?.cause, reason: lastFailure?.description)
    }

    /// The outcome of an exchange, with the first endpoint that decides it.
    static func report(of exchange: Exchange, _ tallies: [EndpointTally]) -> RunReport.ExchangeRun {
        let asked = tallies.filter { $0.calls > 0 }
        let lost = asked.first(where: \.isLost)
        let short = asked.first { !$0.isOK }
        let decisive = lost ?? short
        return RunReport.ExchangeRun(
            exchange: exchange, outcome: lost != nil ? .failed : short != nil ? .partial : .complete,
            cause: decisive?.lastFailure?.cause,
            reason: decisive.map { "\($0.endpoint.id): \($0.lastFailure?.description ?? "not answered")" },
            endpoints: asked.map(\.report))
    }
}

extension CallFailure {
    /// The cause that the ledger stores.
    var cause: RunReport.Cause {
        switch kind {
        case .down: .down
        case .banned, .rateLimited: .banned
        case .blocked: .blocked
        case .refused, .unreadable: .refused
        }
    }
}
