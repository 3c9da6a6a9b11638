import ExchangeAdapters
import ExchangeClient
import PerpCore

/// How the calls of one endpoint went.
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

    /// Whether enough of its calls were answered.
    var isOK: Bool { Double(calls - failed) >= endpoint.neededShare * Double(calls) }
    /// Whether the exchange's hour is lost with it.
    var isLost: Bool { endpoint.isEssential && !isOK }

    private var report: RunReport.Endpoint {
        RunReport.Endpoint(
            id: endpoint.id, calls: calls, failed: failed, attempts: attempts, weight: weight, ok: isOK,
            cause: lastFailure?.cause, reason: lastFailure?.description)
    }

    /// The outcome for an exchange, with the first endpoint that decides it.
    static func report(of exchange: Exchange, _ tallies: [EndpointTally]) -> RunReport.Venue {
        let asked = tallies.filter { $0.calls > 0 }
        let lost = asked.first(where: \.isLost)
        let short = asked.first { !$0.isOK }
        let decisive = lost ?? short
        return RunReport.Venue(
            exchange: exchange, outcome: lost != nil ? .failed : short != nil ? .partial : .complete,
            cause: decisive?.lastFailure?.cause,
            reason: decisive.map { "\($0.endpoint.id): \($0.lastFailure?.description ?? "not answered")" },
            endpoints: asked.map(\.report))
    }
}

extension CallFailure {
    /// The ledger's word for it.
    var cause: RunReport.Cause {
        switch kind {
        case .down: .down
        case .banned, .rateLimited: .banned
        case .blocked: .blocked
        case .refused, .unreadable: .refused
        }
    }
}
