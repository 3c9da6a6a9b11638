import GRDB

extension Row {
    /// The value of a column. Throws when it does not have the type that our programs write: the file is then damaged, and
    /// the subscripts of the library would end the program.
    func value<Value: DatabaseValueConvertible>(_ column: String) throws -> Value {
        let stored: DatabaseValue = self[column]
        guard let value = Value.fromDatabaseValue(stored) else {
            throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "a value is \(stored), and no \(Value.self)")
        }
        return value
    }
}
