import Dispatch
import GRDB

extension Warehouse {
    /// Runs two bodies that read much beside one another, the second on a connection of its own. Both see the same state of the
    /// database. One in memory has a single connection: there they run one after the other.
    /// - Parameter common: what both are told, read from that state.
    /// - Returns: what all three return.
    /// - Throws: what a body throws, that of the first before that of the second, or an error of the database.
    public func reading<Common: Sendable, First, Second>(
        _ common: () throws -> Common, _ first: @Sendable (Warehouse, Common) throws -> First,
        beside second: @Sendable (Warehouse, Common) throws -> Second
    ) throws -> (Common, First, Second) {
        guard path != Self.inMemory else {
            return try reading {
                let common = try common()
                return try (common, first(self, common), second(self, common))
            }
        }
        let other = try Warehouse(path: path, for: .reading)
        try begin(with: other)
        defer { for connection in [self, other] { try? connection.execute("COMMIT") } }
        let common = try common()
        // Each connection and each outcome is one thread's until both are done.
        nonisolated(unsafe) let connections = (self, other)
        nonisolated(unsafe) var outcomes: (Result<First, any Error>?, Result<Second, any Error>?)
        DispatchQueue.concurrentPerform(iterations: 2) { index in
            if index == 0 {
                outcomes.0 = Result { try first(connections.0, common) }
            } else {
                outcomes.1 = Result { try second(connections.1, common) }
            }
        }
        return try (common, outcomes.0!.get(), outcomes.1!.get())  // both have run
    }

    /// Begins a transaction on each of two connections, between which nobody has written.
    private func begin(with other: Warehouse) throws {
        while true {
            let version = try dataVersion()
            try other.execute("BEGIN")
            _ = try other.dataVersion()
            try execute("BEGIN")
            if try dataVersion() == version { return }
            for connection in [self, other] { try connection.execute("COMMIT") }
        }
    }

    /// A number that changes whenever another connection has written; asking for it fixes what a transaction sees.
    private func dataVersion() throws -> Int {
        try queue.inDatabase { try Int.fetchOne($0, sql: "PRAGMA data_version") ?? 0 }
    }
}
