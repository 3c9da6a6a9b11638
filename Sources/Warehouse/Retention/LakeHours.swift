import GRDB
import PerpCore
import WarehouseSQL

extension Retention {
    /// The first sealed hour before `cut` that the lake does not hold as it is now; `nil` when it holds all of them.
    /// - Parameter held: the hash of the content of each hour, as the lake's manifest has it: the first 32 hexadecimal digits of
    ///   the SHA-256 of what the query `lake.hours` says of the hour.
    /// - Throws: an error of the database.
    public func firstHour(before cut: Hour, notIn held: [Hour: String]) throws -> Hour? {
        try warehouse.read { database in
            let hours = try Statement(database, WarehouseSQL.query("lake.hours"))
            var found: Hour?
            try hours.forEach(Hour(containing: 0), cut.previous) { (hour: Hour, content: String) in
                if found == nil, held[hour] != SHA256.hexadecimal(of: Array(content.utf8)).prefix(32).description {
                    found = hour
                }
            }
            return found
        }
    }
}
