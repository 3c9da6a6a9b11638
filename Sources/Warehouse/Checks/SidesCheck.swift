import GRDB
import PerpCore
import WarehouseSQL

/// Whether figures that count contracts have the sides that the adapters read in them, by the parity of the counts.
enum SidesCheck {
    /// The hours before the end of a span whose counts are looked at: more would say little more.
    static let hours = 24

    private static let columns = ["exchange_id", "figure", "kind", "counts", "odd", "verdict", "to_settle"]

    /// One finding of figures that are read as one side and always even (or always multiples of ten), and one of figures
    /// that are halved and were odd.
    static func run(over span: ClosedRange<Hour>, _ database: Database) throws -> [CheckFinding] {
        let tallies = try tallies(
            over: max(span.lowerBound, span.upperBound.advanced(by: 1 - hours))...span.upperBound, database)
        func finding(
            _ name: String, _ severity: CheckFinding.CheckSeverity, _ verdicts: Set<CountParity.SidesVerdict>,
            _ meaning: String
        ) -> CheckFinding {
            let rows = tallies.filter { verdicts.contains($0.verdict) }.map(\.row)
            return CheckFinding(
                name: name, severity: severity, meaning: meaning, rows: rows.count, columns: columns, sample: rows)
        }
        return [
            finding(
                "sides_in_doubt", .info, [.suspect, .blind],
                "A figure whose sides are in doubt, by its whole counts of contracts in the last \(hours) hours. Suspect: it "
                    + "is kept as one side, and they are all even, as sums of two sides would be. Blind: they are all "
                    + "multiples of ten, and say nothing."),
            finding(
                "halved_counts_odd", .error, [.wrong],
                "A figure that is halved, and that was odd as sent in the last \(hours) hours: a sum of two equal sides "
                    + "cannot be."),
        ]
    }

    private static func tallies(over hours: ClosedRange<Hour>, _ database: Database) throws -> [SidesTally] {
        let counted = Exchange.allCases.filter { !$0.contractCounts.isEmpty }
        var openInterest: [Exchange: [ContractKind: [Int64: Set<Double>]]] = [:]
        var volume = openInterest
        try Statement(database, WarehouseSQL.query("checks.contract_counts")).forEach(
            hours.lowerBound, hours.upperBound, JSONText.compact(counted.map(\.id))
        ) {
            (listing: Int64, exchange: Exchange, kind: ContractKind, openContracts: Double?, tradedContracts: Double?)
            in
            if let openContracts {
                openInterest[exchange, default: [:]][kind, default: [:]][listing, default: []].insert(openContracts)
            }
            if let tradedContracts {
                volume[exchange, default: [:]][kind, default: [:]][listing, default: []].insert(tradedContracts)
            }
        }
        return counted.flatMap { exchange in
            exchange.contractCounts.map { count in
                let kept = count.figure == .openInterest ? openInterest : volume
                var parity = CountParity()
                for counts in kept[exchange]?[count.kind]?.values ?? [:].values {
                    parity.add(counts.map { count.sides == .both ? 2 * $0 : $0 })
                }
                return SidesTally(exchange: exchange, count: count, parity: parity)
            }
        }
    }
}

/// The parity of one figure of an exchange.
private struct SidesTally {
    let exchange: Exchange
    let count: ContractCount
    let parity: CountParity

    var verdict: CountParity.SidesVerdict { parity.verdict(on: count.sides) }

    var row: [String] {
        [
            exchange.id, count.figure.rawValue, count.kind.rawValue, "\(parity.counts)", "\(parity.odd)",
            verdict.rawValue, settlement,
        ]
    }

    /// How a person finds out which sides the figure has.
    private var settlement: String {
        switch (verdict, count.figure) {
        case (.wrong, _): "keep it as sent, in the adapter and in contractCounts of PerpCore"
        case (_, .openInterest): "watch a new market: its first trade makes 1 of one side, 2 of both"
        case (_, .volume): "add up the trades of a quiet market for a day: half of the figure means both sides"
        }
    }
}
