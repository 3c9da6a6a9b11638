import PerpCore

/// Why the warehouse refused something that SQLite would have taken.
public enum WarehouseError: Error, Hashable, Sendable, CustomStringConvertible {
    /// There is no database at the path.
    case missing(path: String)
    /// The path is not that of a file, but of a folder, for example.
    case noFile(path: String)
    /// A newer program has migrated the database.
    case newerSchema(path: String)
    /// The schema is older than the program, and the connection may not write.
    case olderSchema(path: String)
    /// A backup is not a complete database, or not a warehouse.
    case unsound(path: String)
    /// A damaged database is open in another program, and so cannot be moved aside.
    case damagedInUse(path: String)
    /// A database that was filled beside the live one does not contain what it should.
    case unsoundScratch(path: String, problem: String)
    /// The disk has no room for a copy.
    case noRoom(path: String)
    /// A simulated file was loaded into a warehouse of real hours, or the other way round.
    case otherOrigin(exchange: Exchange, hour: Hour, file: Origin)
    /// A staged hour contains the same record twice.
    case duplicate(record: String, exchange: Exchange, hour: Hour, symbol: String)
    /// A table refuses a staged value.
    case refused(record: String, exchange: Exchange, hour: Hour, symbol: String, reason: String)
    /// The rows of an hour are wanted that is not sealed, or was removed meanwhile.
    case notSealed(Hour)
    /// A stored value is not one that our programs write.
    case unreadable(table: String, column: String, value: String)

    /// The error in one line, with what to do about it where something can be done.
    public var description: String {
        switch self {
        case .missing(let path): "there is no warehouse at '\(path)'"
        case .noFile(let path): "'\(path)' cannot be used: it is no file: name the database"
        case .newerSchema(let path): "the warehouse '\(path)' was made by a newer program: use that one"
        case .olderSchema(let path): "the warehouse '\(path)' needs a migration: run load once"
        case .unsound(let path): "'\(path)' is no sound copy of a warehouse: take another one"
        case .damagedInUse(let path):
            "'\(path)' is damaged, and another program has it open: end that one, and run it again"
        case .unsoundScratch(let path, let problem): "'\(path)' is not sound (\(problem)): run it again"
        case .noRoom(let path): "there is no room for '\(path)': make room and run it again"
        case .otherOrigin(let exchange, let hour, let file):
            "\(exchange.id) \(hour): is \(file.rawValue), and the warehouse holds others: load it into another one (--warehouse)"
        case .duplicate(let record, let exchange, let hour, let symbol):
            "\(exchange.id) \(hour): \(record): symbol '\(symbol)' stands twice"
        case .refused(let record, let exchange, let hour, let symbol, let reason):
            "\(exchange.id) \(hour): \(record): symbol '\(symbol)': \(reason)"
        case .notSealed(let hour): "\(hour): is not sealed: 'make load' seals what is recorded"
        case .unreadable(let table, let column, let value):
            "table '\(table)': column '\(column)' holds '\(value)'"
        }
    }
}
