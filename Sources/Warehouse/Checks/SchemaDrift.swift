import GRDB
import PerpCore
import WarehouseSQL

/// A field of an exchange's responses that appeared, vanished or changed its type.
public struct DriftNote: Hashable, Sendable {
    /// The exchange that sends the field.
    public let exchange: Exchange
    /// The endpoint's name in the adapter's table.
    public let endpoint: String
    /// The path of the field: `result.list[].symbol`.
    public let field: String
    /// The JSON type that it appeared with, vanished with, or has now.
    public let type: String
    /// What happened: `appeared`, `vanished` or `changed`.
    public let change: String
    /// The last hour in which that happened.
    public let hour: Hour
}

/// A field of a response with its JSON type.
public struct SeenField: Hashable, Sendable {
    /// The path of the field: `result.list[].symbol`.
    public let path: String
    /// The JSON type: `object`, `array`, `string`, `number`, `boolean` or `null`.
    public let type: String

    /// Creates a field that was seen with a type.
    public init(path: String, type: String) {
        self.path = path
        self.type = type
    }
}

/// The diary of the fields that responses had.
public struct SchemaDrift {
    let warehouse: Warehouse

    /// Uses a connection, which must be open for writing to store anything.
    public init(_ warehouse: Warehouse) { self.warehouse = warehouse }

    /// Compares the fields of an endpoint's responses at an hour with those of the last look, and stores both in the diary.
    /// The first look stores the fields only; an hour that is not later than the last look changes nothing.
    ///
    /// `null` does not count as a type: a field may be null today and a number tomorrow.
    /// - Throws: an error of the database.
    public func noteShape(_ fields: Set<SeenField>, of endpoint: String, _ exchange: Exchange, at hour: Hour) throws {
        try warehouse.unit { database in
            let seen: [(field: String, type: String, hour: Hour)] = try Statement(
                database, WarehouseSQL.query("drift.seen")
            ).map(exchange, endpoint) { ($0, $1, $2) }
            let lastLook = seen.map(\.hour).max()
            guard lastLook.map({ $0 < hour }) ?? true else { return }
            func note(_ field: String, _ type: String, _ change: String) throws {
                try database.cachedStatement(
                    sql: WarehouseSQL.query("drift.note")
                ).execute(arguments: [exchange.id, endpoint, field, type, change, hour.start])
            }
            for field in fields { try note(field.path, field.type, "seen") }
            guard let lastLook else { return }
            var types: [String: Set<String>] = [:]
            for last in seen where last.hour == lastLook { types[last.field, default: []].insert(last.type) }
            var found: [String: Set<String>] = [:]
            for field in fields { found[field.path, default: []].insert(field.type) }
            let parents = Set(fields.map { parent(of: $0.path) })
            for (path, now) in found {
                guard let before = types[path] else {
                    for type in now { try note(path, type, "appeared") }
                    continue
                }
                let known = before.subtracting(["null"])
                guard !known.isEmpty else { continue }
                for type in now.subtracting(["null"]).subtracting(known) { try note(path, type, "changed") }
            }
            for (path, before) in types where found[path] == nil && parents.contains(parent(of: path)) {
                for type in before { try note(path, type, "vanished") }
            }
        }
    }

    /// The changes in the diary since an hour, sorted by hour, exchange and field.
    /// - Throws: an error of the database.
    public func notes(since hour: Hour) throws -> [DriftNote] {
        try warehouse.read { database in
            try Statement(database, WarehouseSQL.query("drift.drift_notes")).map(hour) {
                exchange, endpoint, field, type, change, hour in
                DriftNote(
                    exchange: exchange, endpoint: endpoint, field: field, type: type, change: change, hour: hour)
            }
        }
    }

    /// The hour of the last look at an exchange; `nil` before the first.
    /// - Throws: an error of the database.
    public func lastLook(at exchange: Exchange) throws -> Hour? {
        try warehouse.read { database in
            try Int64.fetchOne(
                database, sql: "SELECT max(last_hour) FROM schema_drift WHERE exchange_id = ? AND change = 'seen'",
                arguments: [exchange.id]
            ).map(Hour.init(containing:))
        }
    }

    /// The path of the object that contains a field, empty at the top: a field is missed only where that object was sent.
    private func parent(of path: String) -> String {
        if path.hasSuffix("[]") { return String(path.dropLast(2)) }
        return path.lastIndex(of: ".").map { String(path[..<$0]) } ?? ""
    }
}
