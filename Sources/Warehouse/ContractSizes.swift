import GRDB
import PerpCore

/// Sizes of contracts that changed: an event counts with the size of the hour in which it happened, and the file that
/// states it first may be of an hour later.
final class ContractSizes {
    private let versions: Statement

    init(_ database: Database) throws {
        // Versions that ended since: only of their symbols can an event have had another size.
        versions = try Statement(
            database,
            """
            SELECT exchange_id, symbol, valid_to, contract_multiplier, unit_multiplier, kind FROM instrument
            WHERE valid_to > ?1 AND exchange_id = ?2 AND contract_multiplier IS NOT NULL AND valid_from <= ?1
            """)
    }

    /// The versions that were valid in `hour` and are no more, by exchange and symbol.
    func changed(since hour: Hour) throws -> Changed {
        var changed = Changed()
        for exchange in Exchange.allCases {
            versions.bind(1, hour.start)
            versions.bind(2, exchange.id)
            try versions.forEachRow { row in
                let version = Changed.Version(
                    multiplier: row.real(3), unit: row.real(4),
                    kind: try row.choice(5, "instrument", "kind"))
                changed.versions[Changed.Key(exchange: exchange, symbol: row.text(1))] = version
            }
        }
        return changed
    }

    struct Changed {
        struct Key: Hashable {
            var exchange: Exchange
            var symbol: String
        }

        struct Version {
            var multiplier: Double
            var unit: Double
            var kind: ContractKind
        }

        var versions: [Key: Version] = [:]
        var isEmpty: Bool { versions.isEmpty }

        /// Dollars of an event that counts contracts, from a row of the query of events. What the file states stays
        /// where the contract was the same.
        func value(of row: Statement, _ exchange: Exchange, stated: Double) -> Double {
            guard let version = versions[Key(exchange: exchange, symbol: row.text(4))] else { return stated }
            let contracts = row.real(6)
            let value =
                version.kind == .inverse
                ? contracts * version.multiplier : contracts * version.multiplier * version.unit * row.real(5)
            return abs(value - stated) <= 1e-9 * abs(stated) ? stated : value
        }
    }
}
