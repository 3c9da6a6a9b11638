import GRDB
import PerpCore
import WarehouseSQL

/// Contract sizes that changed: an event counts with the size of the hour in which it happened, and the first file that
/// states it may be from a later hour.
final class ContractSizes {
    private let versions: Statement

    init(_ database: Database) throws {
        // Versions that ended since then: only events of their symbols can have had another size.
        versions = try Statement(
            database,
            WarehouseSQL.query("contract_sizes.versions"))
    }

    /// The versions that were valid in `hour` and no longer are, by exchange and symbol.
    func changed(since hour: Hour) throws -> Changed {
        var changed = Changed()
        for exchange in Exchange.allCases {
            try versions.forEach(hour, exchange) { symbol, multiplier, unit, kind in
                changed.versions[Changed.ContractKey(exchange: exchange, symbol: symbol)] = Changed.ContractSize(
                    multiplier: multiplier, unit: unit, kind: kind)
            }
        }
        return changed
    }

    struct Changed {
        struct ContractKey: Hashable {
            var exchange: Exchange
            var symbol: String
        }

        struct ContractSize {
            var multiplier: Double
            var unit: Double
            var kind: ContractKind
        }

        var versions: [ContractKey: ContractSize] = [:]
        var isEmpty: Bool { versions.isEmpty }

        /// The dollars of an event of `contracts` at a price: the stated ones when the contract had the same size.
        func value(
            _ exchange: Exchange, _ symbol: String, contracts: Double, price: Double, stated: Double
        ) -> Double {
            guard let version = versions[ContractKey(exchange: exchange, symbol: symbol)] else { return stated }
            let value =
                version.kind == .inverse
                ? contracts * version.multiplier : contracts * version.multiplier * version.unit * price
            return abs(value - stated) <= 1e-9 * abs(stated) ? stated : value
        }
    }
}
