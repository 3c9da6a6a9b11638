import Forecasts
import GRDB
import PerpCore
import WarehouseSQL

/// Reads forecasts of funding.
public struct ForecastReader {
    let warehouse: Warehouse

    /// Uses a connection.
    public init(_ warehouse: Warehouse) { self.warehouse = warehouse }

    /// A contract of which there are forecasts.
    public struct Contract: Hashable, Sendable {
        /// The exchange of the contract.
        public var exchange: Exchange
        /// The exchange's own spelling.
        public var symbol: String
        /// The canonical coin.
        public var asset: String
    }

    /// The forecasts of a sealed hour, by asset; of each asset by exchange, symbol and target.
    ///
    /// They use what files up to the hour state, but for what settled (`realised`), which is as known today.
    /// - Throws: an error of the database.
    public func forecasts(at hour: Hour) throws -> [String: [FundingForecast]] {
        try warehouse.read { database in
            let query = try Statement(database, WarehouseSQL.query("forecasts.of_hour", Self.columns))
            var found: [String: [FundingForecast]] = [:]
            try query.forEachRow(hour) { row in
                found[try row.columns(as: String.self), default: []].append(try row.record(behind: 1))
            }
            return found
        }
    }

    /// What the settlements of the eight hours after a sealed hour are forecast to add up to, by exchange and symbol: a fraction
    /// of notional, positive when longs pay, and comparable between exchanges. Contracts without a forecast are left out.
    /// - Throws: an error of the database.
    public func next8(at hour: Hour) throws -> [Exchange: [String: Double]] {
        try warehouse.read { database in
            var found: [Exchange: [String: Double]] = [:]
            try warehouse.prepared(WarehouseSQL.query("forecasts.next_eight"), database).forEach(hour) {
                (exchange: Exchange, symbol: String, rate: Double) in found[exchange, default: [:]][symbol] = rate
            }
            return found
        }
    }

    /// The contracts of which there are forecasts, by asset, exchange and symbol.
    /// - Throws: an error of the database.
    public func contracts() throws -> [Contract] {
        try warehouse.read { database in
            try Statement(database, WarehouseSQL.query("forecasts.contracts")).map {
                Contract(exchange: $0, symbol: $1, asset: $2)
            }
        }
    }

    /// The forecasts of a contract in a span of hours, both ends included, ascending by hour, with what settled as far as it is
    /// known today.
    /// - Throws: an error of the database.
    public func forecasts(
        of contract: Contract, _ target: ForecastTarget, in hours: ClosedRange<Hour>
    ) throws -> [FundingForecast] {
        try warehouse.read { database in
            let query = try Statement(database, WarehouseSQL.query("forecasts.of_contract", Self.columns))
            var found: [FundingForecast] = []
            try query.forEachRow(
                contract.exchange, contract.symbol, target, hours.lowerBound, hours.upperBound
            ) { found.append(try $0.record(behind: 1)) }
            return found
        }
    }

    private static var columns: [String: String] { ["columns": ForecastStore.table.fieldList(prefix: "f.")] }
}
