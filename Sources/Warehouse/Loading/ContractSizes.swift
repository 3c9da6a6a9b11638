import GRDB
import PerpCore
import WarehouseSQL

/// Sizes of contracts that changed: an event counts with the size of the hour in which it happened, and the file that
/// states it first may be of an hour later.
final class ContractSizes {
    private let versions: Statement

    init(_ database: Database) throws {
        // Versions that ended since: only of their symbols can an event have had another size.
        versions = try Statement(
            database,
            WarehouseSQL.query("contract_sizes.versions"))
    }

    /// The versions that were valid in `hour` and are no more, by exchange and symbol.
    func changed(since hour: Hour) throws -> Changed {
        var changed = Changed()
        for exchange in Exchange.allCases {
            try versions.forEach(hour, exchange) { symbol, multiplier, unit, kind in
                changed.versions[Changed.Key(exchange: exchange, symbol: symbol)] = Changed.Version(
                    multiplier: multiplier, unit: unit, kind: kind)
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

        /// Dollars of an event of `contracts` at a price. What the file states stays where the contract was the same.
        func value(
            _ exchange: Exchange, _ symbol: String, contracts: Double, price: Double, stated: Double
        ) -> Double {
            guard let version = versions[Key(exchange: exchange, symbol: symbol)] else { return stated }
            let value =
                version.kind == .inverse
                ? contracts * version.multiplier : contracts * version.multiplier * version.unit * price
            return abs(value - stated) <= 1e-9 * abs(stated) ? stated : value
        }
    }
}
