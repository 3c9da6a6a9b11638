import PerpCore

/// All that a backtest reads.
public struct BacktestFacts: Sendable {
    /// The contracts, in their order.
    public let contracts: [ContractHistory]
    /// The events, in the order of time.
    public let events: [BacktestEvent]
    /// The first and the last hour of the run.
    public let span: ClosedRange<Hour>
    private let places: [TradedContract: Int]
    private let perpetuals: [String: [Int]]

    /// Takes histories and events in any order. Events outside of the span are left out.
    public init(contracts: [ContractHistory], events: [BacktestEvent], span: ClosedRange<Hour>) {
        self.contracts = contracts.sorted { $0.contract < $1.contract }
        self.events = events.filter { span.contains($0.decided) }.sorted(by: BacktestEvent.isBefore)
        self.span = span
        places = Dictionary(
            zip(self.contracts.map(\.contract), self.contracts.indices), uniquingKeysWith: { first, _ in first })
        perpetuals = Dictionary(
            grouping: self.contracts.indices.filter { [contracts = self.contracts] in !contracts[$0].contract.isSpot },
            by: { [contracts = self.contracts] in contracts[$0].contract.asset })
    }

    /// The history of a contract; `nil` when none is stored.
    public func history(of contract: TradedContract) -> ContractHistory? { places[contract].map { contracts[$0] } }

    /// The perpetual in which an asset is traded at an hour: the largest volume on the exchange with the largest volume of
    /// the asset; the first in their order of two as large. `nil` when no volume is stored.
    public func largest(of asset: String, at hour: Hour) -> ContractHistory? {
        let candidates = (perpetuals[asset] ?? []).compactMap { place -> Candidate? in
            guard let volume = contracts[place].row(at: hour)?.volumeUSD24h else { return nil }
            return Candidate(place: place, exchange: contracts[place].contract.exchange, volume: volume)
        }
        var volumes: [Exchange: Double] = [:]
        for candidate in candidates { volumes[candidate.exchange, default: 0] += candidate.volume }
        // Of two as large the first stays, in the order of contracts, which is that of exchanges.
        let exchange = Self.first(of: candidates) { volumes[$0.exchange] ?? 0 }?.exchange
        return Self.first(of: candidates.filter { $0.exchange == exchange }, by: \.volume).map { contracts[$0.place] }
    }

    private struct Candidate {
        let place: Int
        let exchange: Exchange
        let volume: Double
    }

    private static func first(of candidates: [Candidate], by size: (Candidate) -> Double) -> Candidate? {
        candidates.reduce(nil) { best, next in best.map { size(next) > size($0) } ?? true ? next : best }
    }

    /// The facts as they were stored at the end of an hour.
    public func cut(after hour: Hour) -> BacktestFacts {
        BacktestFacts(
            contracts: contracts.map { $0.cut(after: hour) }.filter { !$0.rows.isEmpty },
            events: events.filter { $0.decided <= hour }, span: span.lowerBound...max(span.lowerBound, hour))
    }
}
